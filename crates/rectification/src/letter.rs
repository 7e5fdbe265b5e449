//! The feedback letter 反馈函: one unit, its own figures and nobody else's.

use crate::Theme;
use crate::refusal::day;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vocabulary::{RoundId, UnitId};

/// What a letter is written from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterFigures {
    /// Number of the letter, for example 云评函〔2026〕7 号.
    pub number: String,
    /// The round.
    pub round: RoundId,
    /// Its title, for example 2026 年第三季度.
    pub round_title: String,
    /// The office that writes.
    pub office: String,
    /// The unit written to.
    pub unit: UnitId,
    /// Its full name.
    pub unit_name: String,
    /// Valid survey ratings of the unit.
    pub ratings: u64,
    /// Score with its interval as published, or none when there are too few answers.
    pub score: Option<(String, String, String)>,
    /// What is said of its place, for example 本类第 3 名（第 1—6 名）; none when it is not ranked.
    pub place: Option<String>,
    /// One row per channel.
    pub channels: Vec<ChannelFigure>,
    /// Themes of its opinions; themes of other units are left out.
    pub themes: Vec<Theme>,
    /// A theme with fewer opinions than this is not shown by itself.
    pub least_opinions: usize,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Last day to sign and send the slip back.
    pub due_on: NaiveDate,
}

/// One channel of the unit's own result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelFigure {
    /// Label of the channel.
    pub label: String,
    /// Score as published; none when it does not apply or has too few answers.
    pub score: Option<String>,
    /// Ratings it rests on.
    pub ratings: u64,
}

/// One theme of the letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeFigure {
    /// Title.
    pub title: String,
    /// Opinions in it.
    pub count: usize,
}

/// The slip the unit sends back 回执.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptSlip {
    /// Title.
    pub title: String,
    /// What is confirmed.
    pub text: String,
    /// Lines to fill in.
    pub lines: Vec<String>,
    /// Last day to send it back.
    pub due_on: NaiveDate,
}

/// A feedback letter, ready to be set and signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackLetter {
    /// Number of the letter.
    pub number: String,
    /// The round.
    pub round: RoundId,
    /// The unit written to; the only one mentioned.
    pub unit: UnitId,
    /// Title.
    pub title: String,
    /// Whom it addresses.
    pub salutation: String,
    /// The paragraphs in order.
    pub paragraphs: Vec<String>,
    /// The score sheet.
    pub channels: Vec<ChannelFigure>,
    /// Themes, most frequent first; small ones together at the end.
    pub themes: Vec<ThemeFigure>,
    /// Who writes.
    pub signature: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Last day to sign.
    pub due_on: NaiveDate,
    /// The slip to send back.
    pub slip: ReceiptSlip,
}

/// Writes the letter to one unit from its own figures.
///
/// A unit with too few answers hears so instead of a score; themes below the least number are joined to 其他零星意见, so
/// that no single writer shows.
#[must_use]
pub fn write_letter(figures: LetterFigures) -> FeedbackLetter {
    let themes = own_themes(&figures);
    let paragraphs = vec![
        opening(&figures),
        result(&figures),
        opinions(&themes),
        request(&figures),
    ];
    FeedbackLetter {
        title: format!("关于反馈{}群众满意度评价结果的函", figures.round_title),
        salutation: format!("{}：", figures.unit_name),
        paragraphs,
        themes,
        slip: slip(&figures),
        number: figures.number,
        round: figures.round,
        unit: figures.unit,
        channels: figures.channels,
        signature: figures.office,
        issued_on: figures.issued_on,
        due_on: figures.due_on,
    }
}

fn own_themes(figures: &LetterFigures) -> Vec<ThemeFigure> {
    let own = figures
        .themes
        .iter()
        .filter(|theme| theme.unit == figures.unit);
    let (shown, small): (Vec<&Theme>, Vec<&Theme>) =
        own.partition(|theme| theme.count >= figures.least_opinions);
    let mut rows: Vec<ThemeFigure> = shown
        .into_iter()
        .map(|theme| ThemeFigure {
            title: theme.title.clone(),
            count: theme.count,
        })
        .collect();
    rows.sort_by(|a, b| (b.count, &a.title).cmp(&(a.count, &b.title)));
    let rest = small.iter().map(|theme| theme.count).sum();
    if rest > 0 {
        rows.push(ThemeFigure {
            title: "其他零星意见".into(),
            count: rest,
        });
    }
    rows
}

fn opening(figures: &LetterFigures) -> String {
    format!(
        "现将{}群众满意度评价中你单位的结果和群众意见反馈如下。本函只含你单位的情况，请勿外传。",
        figures.round_title
    )
}

fn result(figures: &LetterFigures) -> String {
    let Some((score, low, high)) = &figures.score else {
        return format!(
            "一、评价结果。本轮收到你单位的有效评价 {} 份，样本不足，不计分、不排名。",
            figures.ratings
        );
    };
    let place = figures
        .place
        .as_ref()
        .map_or_else(|| "本轮不参加排名".to_owned(), Clone::clone);
    format!(
        "一、评价结果。本轮收到你单位的有效评价 {} 份，得分 {score} 分（误差范围 {low}—{high}），{place}。分渠道得分见附表。",
        figures.ratings
    )
}

fn opinions(themes: &[ThemeFigure]) -> String {
    if themes.is_empty() {
        return "二、群众意见。本轮没有需要你单位整改的意见。".to_owned();
    }
    let total: usize = themes.iter().map(|theme| theme.count).sum();
    let listed: Vec<String> = themes
        .iter()
        .map(|theme| format!("{}（{} 条）", theme.title, theme.count))
        .collect();
    format!(
        "二、群众意见。经归并，需要你单位整改的意见共 {total} 条：{}。",
        listed.join("、")
    )
}

fn request(figures: &LetterFigures) -> String {
    format!(
        "三、有关要求。请于{}前签收并退回回执，按一事一清单逐项提出整改目标，写明措施、标准、时限和责任人。\
         对结果有异议的，请在规定期限内书面提出。不得以任何方式查找、联系或者影响评价人。",
        day(figures.due_on)
    )
}

fn slip(figures: &LetterFigures) -> ReceiptSlip {
    ReceiptSlip {
        title: "回执".into(),
        text: format!("{}（{}）已收到。", figures.number, figures.unit_name),
        lines: ["签收人：", "职务：", "联系电话：", "签收日期："]
            .map(String::from)
            .to_vec(),
        due_on: figures.due_on,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(unit: &str, title: &str, count: usize) -> Theme {
        Theme {
            unit: unit.into(),
            theme: title.into(),
            title: title.into(),
            opinions: vec![],
            count,
        }
    }

    fn figures() -> LetterFigures {
        LetterFigures {
            number: "云评函〔2026〕7 号".into(),
            round: "2026Q3".into(),
            round_title: "2026 年第三季度".into(),
            office: "云溪市评价办".into(),
            unit: "D07".into(),
            unit_name: "云溪市市场监管局".into(),
            ratings: 143,
            score: Some(("86.40".into(), "84.10".into(), "88.70".into())),
            place: Some("本类第 3 名（第 1—6 名）".into()),
            channels: vec![ChannelFigure {
                label: "抽样问卷".into(),
                score: Some("85.20".into()),
                ratings: 143,
            }],
            themes: vec![
                theme("D07", "办理慢、等候久", 9),
                theme("D07", "服务态度", 12),
                theme("D07", "收费", 2),
                theme("D07", "环境设施", 1),
                theme("D08", "隔壁单位的意见", 30),
            ],
            least_opinions: 5,
            issued_on: "2026-10-20".parse().unwrap(),
            due_on: "2026-10-22".parse().unwrap(),
        }
    }

    #[test]
    fn a_letter_holds_the_units_own_figures_and_nobody_elses() {
        let letter = write_letter(figures());

        let text = serde_json::to_string(&letter).unwrap();
        assert!(text.contains("86.40") && text.contains("84.10—88.70"));
        assert!(!text.contains("隔壁") && !text.contains("D08") && !text.contains("30 条"));
        assert_eq!(
            letter.paragraphs[2],
            "二、群众意见。经归并，需要你单位整改的意见共 24 条：服务态度（12 条）、办理慢、等候久（9 条）、其他零星意见（3 条）。"
        );
    }

    #[test]
    fn the_letter_and_its_slip_name_the_due_date() {
        let letter = write_letter(figures());

        assert!(letter.paragraphs[3].starts_with("三、有关要求。请于2026 年 10 月 22 日前签收"));
        assert_eq!(letter.slip.due_on, letter.due_on);
        assert_eq!(letter.slip.lines.len(), 4);
    }

    #[test]
    fn too_few_answers_are_said_instead_of_a_score() {
        let letter = write_letter(LetterFigures {
            ratings: 4,
            score: None,
            place: None,
            themes: vec![],
            ..figures()
        });

        assert!(letter.paragraphs[1].contains("样本不足"));
        assert!(letter.paragraphs[2].contains("没有需要"));
    }

    #[test]
    fn a_letter_survives_its_file() {
        let letter = write_letter(figures());

        let text = serde_json::to_string(&letter).unwrap();
        assert_eq!(
            serde_json::from_str::<FeedbackLetter>(&text).unwrap(),
            letter
        );
    }
}
