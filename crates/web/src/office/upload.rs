//! The page of one uploaded file.

use crate::{
    form::{ActionForm, Input, Table},
    frame::ConsoleFrame,
    icon::Icon,
    wording,
};
use askama::Template;
use workflows::Progress;

/// One uploaded file: how far it is, what was found, and what can be decided.
#[derive(Debug, Template)]
#[template(path = "console/upload.html")]
pub struct UploadPage {
    /// Frame.
    pub frame: ConsoleFrame,
    /// Whether the page looks again by itself.
    pub working: bool,
    /// Paragraphs on top.
    pub lead: Vec<String>,
    /// How far the file has been read.
    pub progress: Option<ProgressBar>,
    /// Where the file can be had with what is wrong in each row, and what is had there; none when it is not kept.
    pub download: Option<(String, &'static str)>,
    /// Where its columns can be told; empty when they cannot.
    pub columns: String,
    /// The decision; none when nothing can be decided now.
    pub form: Option<ActionForm>,
    /// Tables below.
    pub tables: Vec<Table>,
}

/// How far a file has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressBar {
    /// 0 to 100.
    pub percent: u8,
    /// The same in words.
    pub words: String,
}

impl From<Progress> for ProgressBar {
    fn from(progress: Progress) -> Self {
        let left = match progress.seconds_left {
            Some(seconds) if seconds >= 90 => format!("，大约还要 {} 分钟", seconds.div_ceil(60)),
            Some(seconds) => format!("，大约还要 {seconds} 秒"),
            None => String::new(),
        };
        Self {
            percent: progress.percent,
            words: format!(
                "已核对 {} 行，每秒 {} 行{left}",
                wording::thousands(progress.rows),
                wording::thousands(progress.rows_per_second)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_said_in_seconds_and_then_in_minutes() {
        let progress = |seconds_left| {
            ProgressBar::from(Progress {
                rows: 12_000,
                rows_per_second: 4_000,
                percent: 25,
                seconds_left,
            })
        };

        assert_eq!(progress(None).words, "已核对 12,000 行，每秒 4,000 行");
        assert!(progress(Some(9)).words.ends_with("，大约还要 9 秒"));
        assert!(progress(Some(300)).words.ends_with("，大约还要 5 分钟"));
        assert_eq!(progress(None).percent, 25);
    }
}
