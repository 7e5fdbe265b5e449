//! The content of a letter from top to bottom, the same for the page and the file.

use super::{AnswerCount, ComparedScore, FeedbackLetter, ThemeFigure, Told, write::TOO_FEW};

/// A piece of the content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading such as 一、评价结果.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// Words of somebody else, exactly as they were let through.
    Words(String),
    /// A table.
    Table(LetterTable),
}

/// A table of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterTable {
    /// What stands over it.
    pub caption: &'static str,
    /// Heads of the columns; true for numbers.
    pub head: Vec<(&'static str, bool)>,
    /// Rows, one text for each column.
    pub rows: Vec<Vec<String>>,
}

impl FeedbackLetter {
    /// Everything between the addressee and the signature.
    ///
    /// A paragraph that begins with 一、 and so on is a heading and a paragraph; the tables stand under the heading they
    /// belong to. Tables without a row are left out.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (index, paragraph) in self.paragraphs.iter().enumerate() {
            blocks.extend(headed(paragraph));
            let tables = match index {
                1 => vec![
                    scores(&self.compared),
                    self.by_channel(),
                    answers(&self.answers),
                ],
                2 => vec![
                    counts("群众反映集中的问题", "问题", &self.themes),
                    counts("勾选较多的原因", "原因", &self.reasons),
                ],
                3 => vec![self.by_when()],
                _ => Vec::new(),
            };
            let filled = tables.into_iter().filter(|table| !table.rows.is_empty());
            blocks.extend(filled.map(Block::Table));
            if index == 2 {
                blocks.extend(self.quoted());
            }
        }
        blocks
    }

    fn by_channel(&self) -> LetterTable {
        let row = |channel: &super::ChannelFigure| {
            let score = channel.score.clone();
            vec![
                channel.label.clone(),
                score.unwrap_or_else(|| "没有得分".to_owned()),
                channel.ratings.to_string(),
            ]
        };
        LetterTable {
            caption: "各渠道得分",
            head: vec![("渠道", false), ("得分", true), ("评价份数", true)],
            rows: self.channels.iter().map(row).collect(),
        }
    }

    fn by_when(&self) -> LetterTable {
        let row = |duty: &super::Duty| vec![duty.what.clone(), duty.by.clone()];
        LetterTable {
            caption: "要做的事和期限",
            head: vec![("要做的事", false), ("期限", false)],
            rows: self.duties.iter().map(row).collect(),
        }
    }

    fn quoted(&self) -> Vec<Block> {
        if self.words.is_empty() {
            return Vec::new();
        }
        let said = "下面是评价办看过、可以转达的原话，已遮住个人信息：".to_owned();
        let words = self.words.iter();
        std::iter::once(Block::Paragraph(said))
            .chain(words.map(|words| Block::Words(format!("{}：“{}”", words.theme, words.text))))
            .collect()
    }
}

fn headed(paragraph: &str) -> Vec<Block> {
    let numbered = paragraph.chars().nth(1) == Some('、');
    match paragraph.split_once('。') {
        Some((heading, rest)) if numbered => vec![
            Block::Heading(heading.to_owned()),
            Block::Paragraph(rest.to_owned()),
        ],
        _ => vec![Block::Paragraph(paragraph.to_owned())],
    }
}

fn scores(compared: &[ComparedScore]) -> LetterTable {
    let row = |entry: &ComparedScore| {
        let (score, without) = match &entry.score {
            Told::Figure(score) => (score.clone(), "—".to_owned()),
            Told::Instead(why) => (why.clone(), why.clone()),
        };
        let interval = entry.interval.as_ref();
        let interval = interval.map_or(without, |(low, high)| format!("{low}—{high}"));
        vec![entry.label.clone(), score, interval]
    };
    LetterTable {
        caption: "得分和比较",
        head: vec![
            ("比较对象", false),
            ("得分", true),
            ("误差范围（95%）", true),
        ],
        rows: compared.iter().map(row).collect(),
    }
}

fn answers(answers: &[AnswerCount]) -> LetterTable {
    let whole: u64 = answers.iter().map(|answer| answer.count).sum();
    let row = |answer: &AnswerCount| {
        vec![
            answer.label.clone(),
            answer.count.to_string(),
            share(answer.count, whole),
        ]
    };
    LetterTable {
        caption: "问卷回答分布",
        head: vec![("回答", false), ("份数", true), ("占比", true)],
        rows: answers.iter().map(row).collect(),
    }
}

/// Per hundred with one decimal, rounded half up; a dash when there is nothing to share.
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let per_mille = (part * 2_000 + whole) / (2 * whole);
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

fn counts(caption: &'static str, head: &'static str, figures: &[ThemeFigure]) -> LetterTable {
    let row = |figure: &ThemeFigure| vec![figure.title.clone(), figure.count.to_string()];
    LetterTable {
        caption,
        head: vec![(head, false), ("意见条数", true)],
        rows: figures.iter().map(row).collect(),
    }
}

impl ComparedScore {
    /// One that disclosure control keeps back.
    #[must_use]
    pub fn hidden(label: String) -> Self {
        Self {
            label,
            score: Told::Instead(TOO_FEW.to_owned()),
            interval: None,
        }
    }
}
