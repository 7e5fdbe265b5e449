//! People of the sample library 样本库 (domain F.4). Personal fields go to the vault and nowhere else.

use crate::cell::{folded, parse_count, parse_id, parse_text, plain_text, squeezed};
use crate::collect::{Keyed, Outcome, collect};
use crate::header::Field;
use crate::header::Need::{Optional, Required};
use crate::header::RowView;
use crate::issue::Problem;
use crate::sheet::{Cell, SheetFile};
use crate::{HandOn, ImportIssue, Stopped, Summary};
use serde::{Deserialize, Serialize};
use std::fmt;
use vocabulary::{DelegateKind, RaterGroup};

/// One person. Two rows with the same phone, or without phone the same e-mail, are one person.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PoolRow {
    /// Phone or e-mail; personal, never stored outside the vault.
    pub row_key: String,
    /// Name.
    pub name: String,
    /// Workplace and post 单位职务.
    pub position: Option<String>,
    /// Mobile or fixed line, digits only.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// The layer the person rates in.
    pub group: RaterGroup,
    /// For delegates: which kind.
    pub delegate_kind: Option<DelegateKind>,
    /// County or district.
    pub county: String,
    /// Stratum inside the layer; the whole layer is one when the file has none.
    pub stratum: Option<String>,
    /// Community or village.
    pub community: Option<String>,
    /// Size for draws in proportion to size, such as employees.
    pub size: Option<u32>,
}

/// Shows what is not personal, so that no log line can hold a name or number.
impl fmt::Debug for PoolRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolRow")
            .field("group", &self.group)
            .field("county", &self.county)
            .finish_non_exhaustive()
    }
}

impl Keyed for PoolRow {
    fn key(&self) -> &str {
        &self.row_key
    }
}

/// Reads people by the pool template: 姓名, 身份类别, 单位职务, 手机号, 区县, 电子邮箱, 抽样层, 社区（村）, 规模.
///
/// Issues never show a cell's text.
///
/// # Errors
/// [`Stopped::Refused`] when no sheet has the template's columns.
pub fn parse_pool(
    file: &mut SheetFile,
    hand_on: &mut HandOn<'_, PoolRow>,
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

pub(crate) fn fields() -> [Field; 9] {
    [
        Field::of_vault("name", Required, &["姓名", "名字", "联系人"]),
        Field::new("group", Required, &["身份类别", "类别", "层面", "身份"]),
        Field::of_vault(
            "position",
            Optional,
            &["单位职务", "单位及职务", "工作单位", "单位"],
        ),
        Field::of_vault(
            "phone",
            Required,
            &["手机号", "手机号码", "手机", "联系电话", "电话"],
        ),
        Field::new(
            "county",
            Required,
            &["区县", "县区", "县（市、区）", "所在区县"],
        ),
        Field::of_vault("email", Optional, &["电子邮箱", "邮箱", "电子邮件"]),
        Field::new("stratum", Optional, &["抽样层", "层"]),
        Field::new(
            "community",
            Optional,
            &["社区（村）", "社区(村)", "社区/村", "社区", "村"],
        ),
        Field::new("size", Optional, &["规模", "职工人数", "从业人数"]),
    ]
}

fn read_row(view: &RowView<'_>, issues: &mut Vec<ImportIssue>) -> Option<PoolRow> {
    let mut take = |key: &str, found: Result<Option<String>, Problem>| {
        found.unwrap_or_else(|problem| {
            issues.push(view.silent_issue(key, &problem));
            None
        })
    };
    let needed = |text: Option<String>| text.ok_or(Problem::Missing).map(Some);
    let name = take("name", needed(parse_text(view.cell("name"))));
    let county = take("county", needed(parse_text(view.cell("county"))));
    let (phone, email) = (
        parse_phone(view.cell("phone")),
        parse_email(view.cell("email")),
    );
    let unreachable = (&phone, &email) == (&Ok(None), &Ok(None));
    let (phone, email) = (take("phone", phone), take("email", email));
    let (group, delegate_kind) = match parse_group(view.cell("group")) {
        Ok(found) => found,
        Err(problem) => {
            issues.push(view.silent_issue("group", &problem));
            return None;
        }
    };
    let size = parse_count(view.cell("size")).unwrap_or_else(|problem| {
        issues.push(view.silent_issue("size", &problem));
        None
    });
    if unreachable {
        issues.push(view.silent_issue("phone", &Problem::NoContact));
    }
    Some(PoolRow {
        row_key: phone.clone().or_else(|| email.clone())?,
        name: name?,
        position: parse_text(view.cell("position")),
        phone,
        email,
        group,
        delegate_kind,
        county: county?,
        stratum: parse_text(view.cell("stratum")),
        community: parse_text(view.cell("community")),
        size: size.map(|size| u32::try_from(size).unwrap_or(u32::MAX)),
    })
}

fn parse_group(cell: &Cell) -> Result<(RaterGroup, Option<DelegateKind>), Problem> {
    let text = squeezed(&plain_text(cell)).to_lowercase();
    if text.is_empty() {
        return Err(Problem::Missing);
    }
    let delegate = |kind| Ok((RaterGroup::Delegates, Some(kind)));
    match text.as_str() {
        "党代表" | "党代会代表" => delegate(DelegateKind::PartyCongress),
        "人大代表" => delegate(DelegateKind::PeoplesCongress),
        "政协委员" => delegate(DelegateKind::Cppcc),
        "两代表一委员" => Ok((RaterGroup::Delegates, None)),
        "机关干部" | "干部" => Ok((RaterGroup::Cadres, None)),
        "企业代表" | "企业" | "企业负责人" => Ok((RaterGroup::Enterprises, None)),
        "普通群众" | "群众" | "市民" | "服务对象" | "居民" => {
            Ok((RaterGroup::Citizens, None))
        }
        code => RaterGroup::from_code(code)
            .map(|group| (group, None))
            .ok_or(Problem::UnknownCode),
    }
}

/// Digits of a mobile (11, from 13 to 19) or a fixed line with area code (10 to 12, from 0).
pub(crate) fn parse_phone(cell: &Cell) -> Result<Option<String>, Problem> {
    let Some(text) = parse_id(cell)? else {
        return Ok(None);
    };
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '-' | '(' | ')' | '—'))
        .collect();
    let number = text.strip_prefix("+86").unwrap_or(&text);
    let number = match number.strip_prefix("86") {
        Some(rest) if rest.len() == 11 => rest,
        _ => number,
    };
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    let mobile = number.len() == 11 && number.starts_with('1') && !number.starts_with("10");
    let fixed = (10..=12).contains(&number.len()) && number.starts_with('0');
    match digits && (mobile || fixed) {
        true => Ok(Some(number.to_owned())),
        false => Err(Problem::NotAPhone),
    }
}

pub(crate) fn parse_email(cell: &Cell) -> Result<Option<String>, Problem> {
    let text = folded(&plain_text(cell)).to_lowercase();
    if crate::cell::is_none_mark(&text) {
        return Ok(None);
    }
    let Some((name, host)) = text.split_once('@') else {
        return Err(Problem::NotAnEmail);
    };
    let plain =
        |part: &str| !part.is_empty() && !part.contains(['@', ' ', ',', ';', '<', '>', '"']);
    let dotted = host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
    match plain(name) && plain(host) && dotted {
        true => Ok(Some(text)),
        false => Err(Problem::NotAnEmail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileKind, Imported, Limits, gathered, parse_headers};
    use survey_design::TextForm;

    const HEADER: &str = "姓名,身份类别,单位职务,手机号,区县,电子邮箱\n";

    fn import(rows: &str) -> Imported<PoolRow> {
        let text = format!("{HEADER}{rows}");
        let mut file =
            SheetFile::of_bytes(text.as_bytes(), "样本库.csv", &Limits::default()).unwrap();
        gathered(|hand_on| parse_pool(&mut file, hand_on)).unwrap()
    }

    #[test]
    fn a_person_has_a_group_a_county_and_a_way_to_be_reached() {
        let imported = import(
            "林一,人大代表,云溪一中 校长,138 1234 5678,东城区,\n\
             周二,普通群众,,＋86-13912345678,西山县,\n\
             吴三,企业代表,某公司,,东城区,Wu@example.com\n",
        );

        assert_eq!(imported.rows.len(), 3, "{:?}", imported.issues);
        assert_eq!(imported.rows[0].phone.as_deref(), Some("13812345678"));
        assert_eq!(
            imported.rows[0].delegate_kind,
            Some(DelegateKind::PeoplesCongress)
        );
        assert_eq!(imported.rows[1].row_key, "13912345678");
        assert_eq!(imported.rows[2].email.as_deref(), Some("wu@example.com"));
    }

    #[test]
    fn stratum_community_and_size_are_read_where_the_file_has_them() {
        let text = "姓名,身份类别,手机号,区县,抽样层,社区（村）,规模\n\
             林一,企业代表,13812345678,东城区,服务业,东门社区,120人\n\
             周二,企业代表,13812345679,东城区,,,\n\
             吴三,企业代表,13812345670,东城区,,,很多\n";
        let mut file =
            SheetFile::of_bytes(text.as_bytes(), "样本库.csv", &Limits::default()).unwrap();

        let imported = gathered(|hand_on| parse_pool(&mut file, hand_on)).unwrap();

        let [first, second] = &imported.rows[..] else {
            panic!("{:?}", imported.issues)
        };
        assert_eq!(first.stratum.as_deref(), Some("服务业"));
        assert_eq!(first.community.as_deref(), Some("东门社区"));
        assert_eq!((first.size, second.size), (Some(120), None));
        assert_eq!((&second.stratum, &second.community), (&None, &None));
        assert_eq!(imported.issues[0].code, "RI-105");
    }

    #[test]
    fn the_same_phone_twice_is_one_person() {
        let imported = import("林一,群众,,13812345678,东城区,\n林一,群众,,138-1234-5678,东城区,\n");

        assert_eq!((imported.rows.len(), imported.summary.duplicates), (1, 1));
    }

    #[test]
    fn bad_rows_are_named_without_showing_who_they_are() {
        let imported = import(
            "林一,群众,,1381234,东城区,\n周二,路人甲,,13812345678,东城区,\n吴三,群众,,,东城区,\n,群众,,13812345679,东城区,wu.example.com\n",
        );

        let codes: Vec<&str> = imported.issues.iter().map(|i| i.code.as_str()).collect();
        assert_eq!(codes, ["RI-115", "RI-110", "RI-209", "RI-111", "RI-116"]);
        assert_eq!(imported.summary.rejected, 4);
        let shown = format!("{:?}", imported);
        for personal in ["林一", "周二", "1381234", "wu.example"] {
            assert!(!shown.contains(personal), "{personal}");
        }
    }

    #[test]
    fn a_report_holds_nothing_of_what_stands_around_the_people() {
        let text = "云溪市样本库,填表人林晓梅,,,\n姓名,身份类别,手机号,区县,编外\n\
            周二,群众,13812345678,东城区,吴三\n合计,,13812345678,,\n";
        let mut file =
            SheetFile::of_bytes(text.as_bytes(), "样本库.csv", &Limits::default()).unwrap();

        let imported = gathered(|hand_on| parse_pool(&mut file, hand_on)).unwrap();

        assert_eq!((imported.rows.len(), imported.issues.len()), (1, 0));
        let told = serde_json::to_string(&imported.summary).unwrap();
        for personal in ["林晓梅", "周二", "1381234", "吴三"] {
            assert!(!told.contains(personal), "{personal} in {told}");
        }
    }

    #[test]
    fn a_column_of_another_name_is_read_once_somebody_has_said_what_it_is() {
        let text = "姓名,身份类别,联系人电话,区县\n林一,群众,13812345678,东城区\n";
        let form = TextForm {
            headers: [("联系人电话".to_owned(), "phone".to_owned())].into(),
            ..TextForm::default()
        };
        let input = std::io::Cursor::new(text.as_bytes().to_vec());
        let mut file = SheetFile::open(input, "样本库.csv", &form, &Limits::default()).unwrap();

        let imported = gathered(|hand_on| parse_pool(&mut file, hand_on)).unwrap();

        assert_eq!(imported.rows[0].phone.as_deref(), Some("13812345678"));
    }

    #[test]
    fn the_first_row_of_a_list_without_headers_is_not_shown_as_one() {
        let shown = |text: &str| {
            let mut file =
                SheetFile::of_bytes(text.as_bytes(), "样本库.csv", &Limits::default()).unwrap();
            let kind = FileKind::Pool;
            gathered(|hand_on| parse_headers(&mut file, kind, hand_on)).unwrap()
        };

        let people = shown("林一,群众,某公司经理,东城区,\n周二,居民,某单位,西山县,\n");
        let headers = shown("名字,类别,联系方式,地区\n林一,群众,13812345678,东城区\n");

        assert_eq!(people.rows, []);
        assert_eq!(headers.rows[0].cells, ["名字", "类别", "联系方式", "地区"]);
    }

    #[test]
    fn a_row_prints_without_name_and_number() {
        let imported = import("林一,群众,,13812345678,东城区,\n");

        let printed = format!("{:?}", imported.rows[0]);

        assert!(
            !printed.contains("林一") && !printed.contains("138"),
            "{printed}"
        );
    }
}
