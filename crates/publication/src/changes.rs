//! What differs between two computations of a round, and between what was agreed to and what would be published now.

use crate::{BulletinBody, band_label};
use analytics::{Ranking, RankingRow};
use std::collections::BTreeMap;
use vocabulary::{UnitId, rounded_text};

/// One unit whose published row differs.
#[derive(Clone, Debug, PartialEq)]
pub struct RowChange {
    /// The unit.
    pub unit: UnitId,
    /// Score before and after.
    pub score: (Option<f64>, Option<f64>),
    /// Place before and after.
    pub place: (Option<u32>, Option<u32>),
    /// In words: score, place and band, each where it differs.
    pub words: String,
}

/// Units whose rows differ between two rankings, in the order of the later one.
///
/// Compared are the published digits, two decimals; a unit that only one of the rankings knows differs.
#[must_use]
pub fn changed_rows(before: &Ranking, after: &Ranking) -> Vec<RowChange> {
    let earlier: BTreeMap<&UnitId, &RankingRow> =
        before.rows.iter().map(|row| (&row.unit, row)).collect();
    after
        .rows
        .iter()
        .filter_map(|row| changed(earlier.get(&row.unit).copied(), row))
        .collect()
}

fn changed(before: Option<&RankingRow>, after: &RankingRow) -> Option<RowChange> {
    let is = told(after);
    let was = before.map_or_else(|| is.clone().map(|(name, _)| (name, "无".to_owned())), told);
    let words: Vec<String> = was
        .into_iter()
        .zip(is)
        .filter(|(was, is)| was != is)
        .map(|((name, was), (_, is))| format!("{name} {was} → {is}"))
        .collect();
    (!words.is_empty()).then(|| RowChange {
        unit: after.unit.clone(),
        score: (before.and_then(|row| row.score), after.score),
        place: (before.and_then(|row| row.place), after.place),
        words: words.join("，"),
    })
}

/// Score, place and band as they are published.
fn told(row: &RankingRow) -> [(&'static str, String); 3] {
    let score = row.score.map(|score| rounded_text(score, 2));
    let place = row.place.map(|place| format!("第 {place} 位"));
    let band = row.band.map(|band| band_label(band).to_owned());
    [
        ("得分", score.unwrap_or_else(|| "不显示".to_owned())),
        ("名次", place.unwrap_or_else(|| "不排名".to_owned())),
        ("档次", band.unwrap_or_else(|| "不分档".to_owned())),
    ]
}

/// What became different since a bulletin was checked: rules, names of units, figures; each a sentence, none when it still holds.
#[must_use]
pub fn drift(checked: &BulletinBody, now: &BulletinBody) -> Vec<String> {
    let mut found = Vec::new();
    if checked.rules_digest != now.rules_digest {
        found.push("评价规则换了版本".to_owned());
    }
    let names = |body: &BulletinBody| -> BTreeMap<UnitId, String> {
        let rows = body.classes.iter().flat_map(|class| &class.rows);
        rows.map(|row| (row.row.unit.clone(), row.unit_name.clone()))
            .collect()
    };
    let names_now = names(now);
    for (unit, was) in names(checked) {
        match names_now.get(&unit) {
            Some(is) if *is != was => found.push(format!("“{was}”现在叫“{is}”")),
            Some(_) => {}
            None => found.push(format!("“{was}”不在名录里了")),
        }
    }
    if checked.table_digest != now.table_digest {
        found.push(format!(
            "公布表的数字变了（校验码 {} 变为 {}）",
            short(&checked.table_digest),
            short(&now.table_digest)
        ));
    }
    found
}

fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn ranking() -> Ranking {
        let body = sample::body();
        Ranking {
            round: body.round.clone(),
            rules_digest: body.rules_digest.clone(),
            rows: body.rows().cloned().collect(),
            class_means: Vec::new(),
        }
    }

    #[test]
    fn only_rows_whose_published_digits_differ_are_named() {
        let (before, mut after) = (ranking(), ranking());
        assert!(changed_rows(&before, &after).is_empty());

        let row = after.rows.iter_mut().find(|row| row.score.is_some());
        let row = row.unwrap();
        let was = row.score.unwrap();
        row.score = Some(was + 0.004);
        assert!(
            changed_rows(&before, &after).is_empty()
                || rounded_text(was, 2) != rounded_text(was + 0.004, 2)
        );
        let row = after.rows.iter_mut().find(|row| row.score.is_some());
        row.unwrap().score = Some(was + 1.0);

        let changes = changed_rows(&before, &after);

        assert_eq!(changes.len(), 1);
        let expected = format!(
            "得分 {} → {}",
            rounded_text(was, 2),
            rounded_text(was + 1.0, 2)
        );
        assert_eq!(changes[0].words, expected);
        assert_eq!(changes[0].score, (Some(was), Some(was + 1.0)));
    }

    #[test]
    fn a_hidden_unit_is_never_told_by_a_figure() {
        let (before, mut after) = (ranking(), ranking());
        let row = after
            .rows
            .iter_mut()
            .find(|row| row.place.is_some())
            .unwrap();
        (row.score, row.place, row.band) = (None, None, None);

        let words = &changed_rows(&before, &after)[0].words;

        assert!(
            words.contains("→ 不显示") && words.contains("→ 不排名"),
            "{words}"
        );
    }

    #[test]
    fn a_renamed_unit_and_other_figures_are_named_before_anybody_agrees() {
        let checked = sample::body();
        assert!(drift(&checked, &checked).is_empty());
        let mut now = checked.clone();
        let row = &mut now.classes[0].rows[0];
        let was = std::mem::replace(&mut row.unit_name, "市医疗保障局".to_owned());
        now.table_digest = "f".repeat(64);

        let found = drift(&checked, &now);

        assert_eq!(found[0], format!("“{was}”现在叫“市医疗保障局”"));
        assert!(found[1].contains("校验码"), "{found:?}");
        assert_eq!(found.len(), 2);
    }
}
