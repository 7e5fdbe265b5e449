//! Everything a page, a workbook or a printed bulletin shows of a round; nothing else is read for them.

use crate::{ChannelCounts, Trend};
use analytics::{ItemEstimate, RankingRow};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vocabulary::{ClassId, MatterId, RoundId, UnitId, WorkingDays};

/// The content of a bulletin (domain G.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BulletinBody {
    /// Result id such as `YX-2026Q3-R1`; see [`result_id`].
    pub result_id: String,
    /// The round.
    pub round: RoundId,
    /// 1, or the number of the correction.
    pub version: u32,
    /// Title of the round, for example `2026 年第三季度`.
    pub round_title: String,
    /// First and last day covered.
    pub period: Period,
    /// The sentence on top; see [`crate::headline`].
    pub headline: String,
    /// Overall figures.
    pub overall: OverallFigures,
    /// One table per class, in official order.
    pub classes: Vec<ClassTable>,
    /// Places over the last rounds.
    pub trend: Trend,
    /// Numbers of matters.
    pub matters: MattersSummary,
    /// Matters that may be shown one by one.
    pub public_matters: Vec<MatterCard>,
    /// Method note, one paragraph each.
    pub method_note: Vec<String>,
    /// What was corrected since version 1, oldest first.
    pub corrections: Vec<Correction>,
    /// Digest of the rules used.
    pub rules_digest: String,
    /// Digest of the published table; see [`crate::table_digest`].
    pub table_digest: String,
    /// Published seed of the draw.
    pub seed: u64,
    /// Below this many valid ratings a unit is hidden; shown as `<10`.
    pub hidden_below: u32,
    /// Items of the survey, for trends over rounds; one row per unit and item.
    pub items: Vec<ItemEstimate>,
}

/// First and last day a round covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

/// Overall figures of the sample survey and the books of every channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverallFigures {
    /// Invitations issued.
    pub issued: u64,
    /// Ballots received.
    pub received: u64,
    /// Ballots judged valid.
    pub valid: u64,
    /// Ballots received per hundred invitations, two decimals; none when nobody was invited.
    pub response_rate: Option<f64>,
    /// Answers 不了解 per hundred valid answers (scored and 不了解), two decimals.
    pub dont_know_share: Option<f64>,
    /// The books of the channels, in official order.
    pub channels: Vec<ChannelCounts>,
}

/// The table of one class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassTable {
    /// The class.
    pub id: ClassId,
    /// Its name.
    pub name: String,
    /// Unweighted mean of the scores of the class, two decimals; none when nobody is shown.
    pub mean: Option<f64>,
    /// Change of the mean against the round before, two decimals; none for a first round.
    pub mean_change: Option<f64>,
    /// Rows in the order of the ranking.
    pub rows: Vec<TableRow>,
}

/// One row of a class table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableRow {
    /// Name used in tables.
    pub unit_name: String,
    /// Change of place against the round before.
    pub change: PlaceChange,
    /// The figures.
    #[serde(flatten)]
    pub row: RankingRow,
}

/// Change of place within the class 较上季.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceChange {
    /// No place now, or none before: nothing to compare.
    NotComparable,
    /// The same place.
    Unchanged,
    /// Nearer to the first place by so many.
    Up(u32),
    /// Further from the first place by so many.
    Down(u32),
}

impl PlaceChange {
    /// Compares the place of the round before with the present one; 1 is the first place.
    #[must_use]
    pub fn between(before: Option<u32>, now: Option<u32>) -> Self {
        match (before, now) {
            (Some(before), Some(now)) if before > now => Self::Up(before - now),
            (Some(before), Some(now)) if before < now => Self::Down(now - before),
            (Some(_), Some(_)) => Self::Unchanged,
            _ => Self::NotComparable,
        }
    }

    /// The text of the column 较上季; a line when there is nothing to compare.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::NotComparable => "—".to_owned(),
            Self::Unchanged => "持平".to_owned(),
            Self::Up(places) => format!("升 {places} 位"),
            Self::Down(places) => format!("降 {places} 位"),
        }
    }
}

/// Numbers of matters of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MattersSummary {
    /// Matters registered 立项.
    pub registered: u64,
    /// Matters closed 销号.
    pub closed: u64,
    /// Matters reopened after verification 重办.
    pub reopened: u64,
    /// Matters escalated 升级督办.
    pub escalated: u64,
}

/// A matter that may be shown: redacted and ticked as public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterCard {
    /// The matter.
    pub id: MatterId,
    /// The unit in charge.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// What people asked for, redacted.
    pub problem: String,
    /// What was done, or the goal while it is not done.
    pub outcome: String,
    /// Where it stands, in Chinese.
    pub state: String,
    /// Working days from registration to closing; none while open.
    pub took: Option<WorkingDays>,
}

/// One correction 更正.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The version made by it.
    pub version: u32,
    /// The day two people agreed to it.
    pub date: NaiveDate,
    /// What changed and why.
    pub what: String,
}

/// The id people quote: prefix of the world, round, and the number of the release.
#[must_use]
pub fn result_id(world_code: &str, round: &RoundId, version: u32) -> String {
    format!("{world_code}-{round}-R{version}")
}

impl BulletinBody {
    /// All ranking rows, class by class.
    pub fn rows(&self) -> impl Iterator<Item = &RankingRow> {
        self.classes
            .iter()
            .flat_map(|class| class.rows.iter().map(|row| &row.row))
    }
}

#[cfg(test)]
mod tests {
    use super::{BulletinBody, PlaceChange, result_id};
    use crate::sample;

    #[test]
    fn a_body_survives_storage_and_keeps_the_contract_of_its_rows() {
        let body = sample::body();

        let json = serde_json::to_value(&body).unwrap();

        assert_eq!(json["classes"][0]["rows"][0]["unit"], "D02");
        assert_eq!(json["classes"][0]["rows"][0]["unit_name"], "市医保局");
        assert_eq!(serde_json::from_value::<BulletinBody>(json).unwrap(), body);
    }

    #[test]
    fn a_result_is_named_by_city_round_and_release() {
        assert_eq!(result_id("YX", &"2026Q3".into(), 1), "YX-2026Q3-R1");
    }

    #[test]
    fn going_from_fifth_to_second_is_three_places_up() {
        for (before, now, expected) in [
            (Some(5), Some(2), "升 3 位"),
            (Some(2), Some(5), "降 3 位"),
            (Some(2), Some(2), "持平"),
            (None, Some(2), "—"),
            (Some(2), None, "—"),
        ] {
            assert_eq!(PlaceChange::between(before, now).label(), expected);
        }
    }
}
