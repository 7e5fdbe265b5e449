//! From figures to the letter.

use super::{
    ComparedScore, Duty, FeedbackLetter, LetterFigures, OwnScore, ReceiptSlip, ThemeFigure, Told,
};
use crate::refusal::day;

/// What is said instead of a figure that disclosure control keeps back; page and file say the same.
pub(super) const TOO_FEW: &str = "样本不足，不予公布";
const FEW: &str = "样本偏少，仅供参考";
const OTHERS: &str = "其他零星意见";

/// Writes the letter to one unit from its own figures.
///
/// A unit with too few answers hears so instead of a score, and sees neither channels nor answers; themes and reasons
/// below the least number are joined to 其他零星意见, so that no single writer shows.
#[must_use]
pub fn write_letter(figures: LetterFigures) -> FeedbackLetter {
    let themes = own_themes(&figures);
    let paragraphs = vec![
        opening(&figures),
        result(&figures),
        opinions(&themes),
        request(&figures),
    ];
    let hidden = figures.score == OwnScore::Hidden;
    FeedbackLetter {
        title: format!("关于反馈{}群众满意度评价结果的函", figures.round_title),
        salutation: format!("{}：", figures.unit_name),
        paragraphs,
        compared: compared(&figures),
        channels: if hidden {
            Vec::new()
        } else {
            figures.channels.clone()
        },
        answers: if hidden {
            Vec::new()
        } else {
            figures.answers.clone()
        },
        themes,
        reasons: joined(figures.reasons.clone(), figures.least_opinions),
        words: figures.words.clone(),
        duties: duties(&figures),
        slip: slip(&figures),
        number: figures.number,
        round: figures.round,
        unit: figures.unit,
        signature: figures.office,
        issued_on: figures.issued_on,
        due_on: figures.due_on,
    }
}

fn own_themes(figures: &LetterFigures) -> Vec<ThemeFigure> {
    let own = figures
        .themes
        .iter()
        .filter(|theme| theme.unit == figures.unit)
        .map(|theme| ThemeFigure {
            title: theme.title.clone(),
            count: theme.count,
        });
    joined(own.collect(), figures.least_opinions)
}

/// The frequent ones, most frequent first; the others together at the end.
fn joined(all: Vec<ThemeFigure>, least: usize) -> Vec<ThemeFigure> {
    let (mut rows, small): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| row.count >= least);
    rows.sort_by(|a, b| (b.count, &a.title).cmp(&(a.count, &b.title)));
    let rest = small.iter().map(|row| row.count).sum();
    if rest > 0 {
        rows.push(ThemeFigure {
            title: OTHERS.into(),
            count: rest,
        });
    }
    rows
}

fn compared(figures: &LetterFigures) -> Vec<ComparedScore> {
    let (score, interval) = match &figures.score {
        OwnScore::Hidden => (Told::Instead(TOO_FEW.to_owned()), None),
        OwnScore::ForReference(score) => (Told::Figure(format!("{score}（{FEW}）")), None),
        OwnScore::Full(score, low, high) => (
            Told::Figure(score.clone()),
            Some((low.clone(), high.clone())),
        ),
    };
    let own = ComparedScore {
        label: format!("你单位，{}", figures.round_title),
        score,
        interval,
    };
    std::iter::once(own)
        .chain(figures.compared.clone())
        .collect()
}

fn opening(figures: &LetterFigures) -> String {
    format!(
        "现将{}群众满意度评价中你单位的结果和群众意见反馈如下。本函只含你单位的情况，请勿外传。",
        figures.round_title
    )
}

fn result(figures: &LetterFigures) -> String {
    let place = figures.place.as_deref().unwrap_or("本轮不参加排名");
    let received = figures.ratings.map_or_else(
        || "本轮收到的有效评价不多".to_owned(),
        |n| format!("本轮收到你单位的有效评价 {n} 份"),
    );
    match &figures.score {
        OwnScore::Hidden => {
            "一、评价结果。本轮你单位的有效评价样本不足，不计分、不排名，得分和答卷分布都不予公布。群众意见照样转达。".to_owned()
        }
        OwnScore::ForReference(score) => format!(
            "一、评价结果。{received}，样本偏少，得分 {score} 分仅供参考，不和其他单位比较。"
        ),
        OwnScore::Full(score, low, high) => format!(
            "一、评价结果。{received}，得分 {score} 分（误差范围 {low}—{high}），{place}。比较、分渠道得分和答卷分布见附表。"
        ),
    }
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

fn duties(figures: &LetterFigures) -> Vec<Duty> {
    let duty = |what: &str, by: String| Duty {
        what: what.to_owned(),
        by,
    };
    let limits = figures.limits;
    let matters = format!("收到交办起 {} 个工作日内", limits.sign_matter.0);
    let returns = format!("收到交办起 {} 个工作日内", limits.return_matter.0);
    let plans = format!("签收事项起 {} 个工作日内", limits.plan.0);
    vec![
        duty("签收本函，退回回执", format!("{}前", day(figures.due_on))),
        duty("签收交办的整改事项", matters),
        duty("不属于本单位职责的事项，说明理由退回", returns),
        duty("逐项提出整改目标、措施、标准、时限和责任人", plans),
        duty("整改并报结果", "每件事项交办时写明的期限".to_owned()),
    ]
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
