//! Enterprises rate enterprise-facing units 企业评议 (X), in our own template (domain E.8, F.4).

use crate::cell::{parse_flag, parse_id, parse_text, squeezed};
use crate::collect::{Keyed, Outcome, Resolver, collect};
use crate::header::Field;
use crate::header::Need::{Optional, Required};
use crate::header::RowView;
use crate::issue::Problem;
use crate::names::UnitIndex;
use crate::pairing::given_level;
use crate::sheet::SheetFile;
use crate::{HandOn, ImportIssue, Stopped, Summary};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use vocabulary::{ItemId, Level, UnitId};

/// One enterprise's rating of one unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EnterpriseRow {
    /// `enterprise key#unit`.
    pub row_key: String,
    /// SHA-256 over the round's salt and the credit code, or the name where there is none; hex.
    pub enterprise_key: String,
    /// The unit rated.
    pub unit: UnitId,
    /// Whether the unit served the enterprise in the last twelve months; others are recorded, not scored.
    pub served: bool,
    /// The level of each item that was answered, 不了解 included.
    pub levels: BTreeMap<ItemId, Level>,
}

impl Keyed for EnterpriseRow {
    fn key(&self) -> &str {
        &self.row_key
    }
}

/// What the caller knows about the round.
#[derive(Clone, Debug)]
pub struct EnterpriseSheet<'a> {
    /// Secret of the round; without it nobody can find a credit code by trying.
    pub salt: &'a [u8],
    /// Item of each level column, by header.
    pub items: &'a BTreeMap<String, ItemId>,
}

/// Reads enterprise ratings: 企业名称 or 统一社会信用代码, 单位, 近12个月是否办事, and one column per item.
///
/// Names and credit codes leave only as [`EnterpriseRow::enterprise_key`].
///
/// # Errors
/// [`Stopped::Refused`] when no sheet has the template's columns.
pub fn parse_enterprise(
    file: &mut SheetFile,
    units: &UnitIndex,
    sheet: &EnterpriseSheet<'_>,
    hand_on: &mut HandOn<'_, EnterpriseRow>,
) -> Result<Summary, Stopped> {
    let (fields, levels) = fields(sheet.items);
    let mut names = Resolver::new(units);
    let mut summary = collect(
        file,
        &fields,
        |view, issues| {
            let before = issues.len();
            let unit = names.resolve(view, "unit", issues);
            let row = read_row(view, unit, sheet.salt, &levels, issues);
            Outcome::of(row.filter(|_| issues.len() == before))
        },
        hand_on,
    )?;
    summary.unknown_names = names.into_unknown();
    Ok(summary)
}

/// Field key and item of each level column.
pub(crate) type LevelFields = Vec<(String, ItemId)>;

pub(crate) fn fields(items: &BTreeMap<String, ItemId>) -> (Vec<Field>, LevelFields) {
    let mut fields = vec![
        Field::of_vault("uscc", Optional, &["统一社会信用代码", "信用代码"]),
        Field::of_vault("name", Optional, &["企业名称", "企业", "单位全称"]),
        Field::new("unit", Required, &["单位", "单位名称", "被评单位", "部门"]),
        Field::new(
            "served",
            Required,
            &["近12个月是否办事", "近十二个月是否办事", "是否办事"],
        ),
    ];
    let mut levels = Vec::new();
    for (header, item) in items {
        let key = format!("item:{header}");
        fields.push(Field::new(&key, Required, &[header]));
        levels.push((key, item.clone()));
    }
    (fields, levels)
}

fn read_row(
    view: &RowView<'_>,
    unit: Option<UnitId>,
    salt: &[u8],
    items: &LevelFields,
    issues: &mut Vec<ImportIssue>,
) -> Option<EnterpriseRow> {
    let key = enterprise_key(view, salt, issues);
    let served = view.require("served", parse_flag, issues);
    let mut levels = BTreeMap::new();
    for (field, item) in items {
        if let Some(level) = view.read(field, given_level, issues) {
            levels.insert(item.clone(), level);
        }
    }
    if levels.is_empty() {
        issues.push(view.silent_issue("", &Problem::NoLevel));
    }
    let (enterprise_key, unit) = (key?, unit?);
    Some(EnterpriseRow {
        row_key: format!("{enterprise_key}#{unit}"),
        enterprise_key,
        unit,
        served: served?,
        levels,
    })
}

fn enterprise_key(
    view: &RowView<'_>,
    salt: &[u8],
    issues: &mut Vec<ImportIssue>,
) -> Option<String> {
    let code = match parse_id(view.cell("uscc")) {
        Ok(code) => code.map(|code| code.to_uppercase()),
        Err(problem) => {
            issues.push(view.silent_issue("uscc", &problem));
            return None;
        }
    };
    if let Some(code) = &code
        && (code.len() != 18 || !code.bytes().all(|b| b.is_ascii_alphanumeric()))
    {
        issues.push(view.silent_issue("uscc", &Problem::NotACreditCode));
        return None;
    }
    let name = || parse_text(view.cell("name")).map(|name| squeezed(&name));
    let Some(known_by) = code.or_else(name) else {
        issues.push(view.silent_issue("uscc", &Problem::Missing));
        return None;
    };
    let digest = Sha256::new()
        .chain_update(salt)
        .chain_update(known_by.as_bytes())
        .finalize();
    Some(hex::encode(digest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Imported, Limits, gathered};

    fn import(salt: &[u8], rows: &str) -> Imported<EnterpriseRow> {
        let text =
            format!("企业名称,统一社会信用代码,单位,近12个月是否办事,总体评价,办事效率\n{rows}");
        let mut file =
            SheetFile::of_bytes(text.as_bytes(), "企业.csv", &Limits::default()).unwrap();
        let units = [("市教育局".to_owned(), UnitId::new("D02"))];
        let items = [("总体评价", "overall"), ("办事效率", "speed")]
            .map(|(header, item)| (header.to_owned(), ItemId::new(item)));
        let sheet = EnterpriseSheet {
            salt,
            items: &items.into(),
        };
        let units = units.into_iter().collect();
        gathered(|hand_on| parse_enterprise(&mut file, &units, &sheet, hand_on)).unwrap()
    }

    const ROW: &str = "云溪造纸厂,91330700MA28ABCD1X,市教育局,是,满意,\n";

    #[test]
    fn an_enterprise_leaves_only_as_a_key_of_the_round() {
        let imported = import(b"salt", ROW);

        assert_eq!(imported.issues, []);
        let row = &imported.rows[0];
        assert_eq!(row.levels, [("overall".into(), Level::Satisfied)].into());
        assert!(row.served);
        let written = format!("{imported:?}");
        assert!(!written.contains("造纸") && !written.contains("91330700"));
        assert_ne!(
            row.enterprise_key,
            import(b"other", ROW).rows[0].enterprise_key
        );
    }

    #[test]
    fn an_enterprise_rates_a_unit_once() {
        let lower = ROW.replace("MA28ABCD1X", "ma28abcd1x");

        let imported = import(b"salt", &format!("{ROW}{lower}"));

        assert_eq!((imported.rows.len(), imported.summary.duplicates), (1, 1));
    }

    #[test]
    fn rows_without_level_answer_or_known_code_are_rejected_silently_about_who() {
        let imported = import(
            b"salt",
            "甲厂,9133,市教育局,是,满意,\n乙厂,,市教育局,,满意,\n丙厂,,市教育局,否,,\n",
        );

        let codes: Vec<&str> = imported.issues.iter().map(|i| i.code.as_str()).collect();
        assert_eq!(codes, ["RI-117", "RI-111", "RI-208"]);
        assert!(imported.issues.iter().all(|i| !i.message.contains('厂')));
    }
}
