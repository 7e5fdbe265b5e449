//! The list of enterprises that are asked to rate online (X). Names and contacts go to the vault and nowhere else.

use crate::cell::{parse_id, parse_text};
use crate::collect::{Keyed, Outcome, collect};
use crate::header::Field;
use crate::header::Need::{Optional, Required};
use crate::header::RowView;
use crate::issue::Problem;
use crate::pool::{parse_email, parse_phone};
use crate::sheet::{Cell, SheetFile};
use crate::{HandOn, ImportIssue, Stopped, Summary};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One enterprise; two rows with the same credit code are one enterprise.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EnterpriseListRow {
    /// Unified social credit code, 18 characters; never stored outside the vault.
    pub credit_code: String,
    /// Name.
    pub name: String,
    /// Telephone, digits only.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// Shows nothing that names the enterprise.
impl fmt::Debug for EnterpriseListRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnterpriseListRow").finish_non_exhaustive()
    }
}

impl Keyed for EnterpriseListRow {
    fn key(&self) -> &str {
        &self.credit_code
    }
}

/// Reads enterprises by the template: 企业名称, 统一社会信用代码, 行业, 规模, 联系电话, 邮箱.
///
/// # Errors
/// [`Stopped::Refused`] when no sheet has the template's columns.
pub fn parse_enterprise_list(
    file: &mut SheetFile,
    hand_on: &mut HandOn<'_, EnterpriseListRow>,
) -> Result<Summary, Stopped> {
    collect(
        file,
        &fields(),
        |view, issues| {
            let before = issues.len();
            let row = read_row(view, issues);
            Outcome::of(row.filter(|_| issues.len() == before))
        },
        hand_on,
    )
}

pub(crate) fn fields() -> [Field; 4] {
    [
        Field::of_vault("name", Required, &["企业名称", "单位全称"]),
        Field::of_vault("uscc", Required, &["统一社会信用代码", "信用代码"]),
        Field::of_vault("phone", Optional, &["联系电话", "手机号", "电话"]),
        Field::of_vault("email", Optional, &["邮箱", "电子邮箱", "电子邮件"]),
    ]
}

fn read_row(view: &RowView<'_>, issues: &mut Vec<ImportIssue>) -> Option<EnterpriseListRow> {
    let mut take = |key: &str, found: Result<Option<String>, Problem>| {
        found.unwrap_or_else(|problem| {
            issues.push(view.silent_issue(key, &problem));
            None
        })
    };
    let name = take(
        "name",
        parse_text(view.cell("name"))
            .ok_or(Problem::Missing)
            .map(Some),
    );
    let credit_code = take("uscc", credit_code(view.cell("uscc")));
    let (phone, email) = (
        parse_phone(view.cell("phone")),
        parse_email(view.cell("email")),
    );
    let unreachable = (&phone, &email) == (&Ok(None), &Ok(None));
    let (phone, email) = (take("phone", phone), take("email", email));
    if unreachable {
        issues.push(view.silent_issue("phone", &Problem::NoContact));
    }
    Some(EnterpriseListRow {
        credit_code: credit_code?,
        name: name?,
        phone,
        email,
    })
}

fn credit_code(cell: &Cell) -> Result<Option<String>, Problem> {
    let code = parse_id(cell)?.ok_or(Problem::Missing)?.to_uppercase();
    match code.len() == 18 && code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        true => Ok(Some(code)),
        false => Err(Problem::NotACreditCode),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Imported, Limits, gathered};

    fn import(rows: &str) -> Imported<EnterpriseListRow> {
        let text = format!("企业名称,统一社会信用代码,行业,规模,联系电话,邮箱\n{rows}");
        let mut file =
            SheetFile::of_bytes(text.as_bytes(), "企业名单.csv", &Limits::default()).unwrap();
        gathered(|hand_on| parse_enterprise_list(&mut file, hand_on)).unwrap()
    }

    #[test]
    fn an_enterprise_is_known_by_its_credit_code() {
        let imported = import(
            "云溪市甲木业有限公司,91990099MA0000001X,木业,小型,13900000001,a@example.invalid\n\
             云溪市甲木业公司,91990099ma0000001x,木业,小型,13900000001,\n",
        );

        assert_eq!(
            (
                imported.rows.len(),
                imported.summary.duplicates + imported.summary.rejected
            ),
            (1, 1)
        );
        assert_eq!(imported.rows[0].credit_code, "91990099MA0000001X");
    }

    #[test]
    fn a_wrong_code_is_named_without_showing_whose_it_is() {
        let imported = import("云溪市甲木业有限公司,123,木业,小型,13900000001,\n");

        assert_eq!(imported.issues[0].code, "RI-117");
        assert!(!format!("{imported:?}").contains("甲木业"));
    }
}
