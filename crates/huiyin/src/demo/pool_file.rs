//! The sample library 样本库 and the list of enterprises as a city hands them in; everybody in them is invented.

use super::{
    dice::Dice,
    invented,
    sheet::{Cell, Sheet, write_utf8_csv, write_xlsx},
};
use anyhow::Result;
use std::path::Path;
use survey_design::{DemoWorld, InventedNames};
use vocabulary::RaterGroup;

/// Column headings of the sample library (domain F.4).
pub const POOL_HEADERS: [&str; 6] = ["姓名", "身份类别", "单位职务", "手机号", "邮箱", "区县"];
/// Column headings of the list of enterprises (domain F.4).
pub const ENTERPRISE_HEADERS: [&str; 6] = [
    "企业名称",
    "统一社会信用代码",
    "行业",
    "规模",
    "联系电话",
    "邮箱",
];
const SIZES: [&str; 4] = ["大型", "中型", "小型", "微型"];
/// Enterprises have telephone numbers of their own, after those of the people.
const FIRST_ENTERPRISE_PHONE: u32 = 60_000;

/// Writes the sample library, its groups in mixed order; the ending `.csv` or `.xlsx` decides the format.
///
/// Person `n`, counted from 0 in file order, has the telephone number `invented::phone(n)`. Gives the number of people.
///
/// # Errors
/// When the file cannot be written.
pub fn write_pool(demo: &DemoWorld, seed: u64, path: &Path) -> Result<usize> {
    let mut groups: Vec<RaterGroup> = Vec::new();
    for (group, members) in &demo.pool {
        groups.extend((0..members.size).map(|_| *group));
    }
    Dice::new(seed, "pool order", 0).shuffle(&mut groups);
    let mut rows = vec![POOL_HEADERS.map(str::to_owned)];
    for (number, group) in (0..).zip(groups) {
        rows.push(member(&demo.names, seed, number, group));
    }
    write(path, "样本库", &rows)
}

/// Writes the list of enterprises; the ending `.csv` or `.xlsx` decides the format. Gives their number.
///
/// # Errors
/// When the file cannot be written.
pub fn write_enterprises(demo: &DemoWorld, seed: u64, path: &Path) -> Result<usize> {
    let mut rows = vec![ENTERPRISE_HEADERS.map(str::to_owned)];
    rows.extend((0..demo.enterprises.number).map(|number| enterprise(&demo.names, seed, number)));
    write(path, "企业名单", &rows)
}

fn member(names: &InventedNames, seed: u64, number: u32, group: RaterGroup) -> [String; 6] {
    let mut dice = Dice::new(seed, "pool", number.into());
    [
        invented::name(&mut dice, names),
        identity(&mut dice, group).to_owned(),
        position(&mut dice, group).to_owned(),
        invented::phone(number),
        format!("p{number:05}@example.invalid"),
        dice.pick(&names.counties).clone(),
    ]
}

/// The layer, and for delegates which kind.
fn identity(dice: &mut Dice, group: RaterGroup) -> &'static str {
    match group {
        RaterGroup::Delegates => dice.pick::<&str>(&["党代表", "人大代表", "政协委员"]),
        group => group.label(),
    }
}

fn position(dice: &mut Dice, group: RaterGroup) -> &'static str {
    let list: &[&'static str] = match group {
        RaterGroup::Delegates => &["街道工作人员", "企业职工", "学校教师"],
        RaterGroup::Cadres => &["市直机关科员", "乡镇（街道）干部", "事业单位职员"],
        RaterGroup::Enterprises => &["企业负责人", "企业办公室主任", "个体工商户"],
        RaterGroup::Citizens => &["居民", "村民", "退休职工", "自由职业者"],
    };
    dice.pick::<&'static str>(list)
}

fn enterprise(names: &InventedNames, seed: u64, number: u32) -> [String; 6] {
    let mut dice = Dice::new(seed, "enterprise", number.into());
    // Firm and trade run through all pairs, so that no name comes twice.
    let (firms, trades) = (names.firms.len(), names.trades.len());
    let firm = number as usize % firms;
    let trade = names.trades[(number as usize / firms) % trades].as_str();
    [
        format!("云溪市{}{trade}有限公司", names.firms[firm]),
        credit_code(number),
        trade.to_owned(),
        (*dice.pick(&SIZES)).to_owned(),
        invented::phone(FIRST_ENTERPRISE_PHONE + number),
        format!("e{number:04}@example.invalid"),
    ]
}

/// A unified social credit code with its right check character (GB 32100-2015) in a region that does not exist.
fn credit_code(number: u32) -> String {
    const SIGNS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91990099MA{number:07}");
    let mut factor = 1;
    let mut sum = 0;
    for sign in body.bytes() {
        let value = SIGNS
            .iter()
            .position(|known| *known == sign)
            .expect("the body uses these signs only");
        sum += value * factor;
        factor = factor * 3 % 31;
    }
    let check = (31 - sum % 31) % 31;
    format!("{body}{}", char::from(SIGNS[check]))
}

fn write(path: &Path, name: &str, rows: &[[String; 6]]) -> Result<usize> {
    if path.extension().is_some_and(|ending| ending == "csv") {
        let lines: Vec<Vec<String>> = rows.iter().map(|row| row.to_vec()).collect();
        write_utf8_csv(path, &lines)?;
    } else {
        let cells = |row: &[String; 6]| row.iter().map(|text| Cell::text(text.as_str())).collect();
        let sheet = Sheet {
            name,
            merged: Vec::new(),
            first_row: 0,
            rows: rows.iter().map(cells).collect(),
        };
        write_xlsx(path, &sheet)?;
    }
    Ok(rows.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::truth::yunxi;
    use std::collections::BTreeSet;

    #[test]
    fn the_pool_has_the_people_asked_for_and_no_number_twice() {
        let (_, demo) = yunxi();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pool.csv");

        assert_eq!(write_pool(&demo, 7, &path).unwrap(), 20_000);

        let text = std::fs::read_to_string(&path).unwrap();
        let delegates = demo.pool[&RaterGroup::Delegates].size as usize;
        let kinds = ["党代表", "人大代表", "政协委员"].map(|kind| text.matches(kind).count());
        assert_eq!(kinds.iter().sum::<usize>(), delegates);
        let phones: BTreeSet<_> = text
            .lines()
            .skip(1)
            .map(|line| line.split(',').nth(3))
            .collect();
        assert_eq!(phones.len(), 20_000);
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
        let (_, demo) = yunxi();
        let folder = tempfile::tempdir().unwrap();
        let bytes = |seed, name: &str| {
            let path = folder.path().join(name);
            assert_eq!(write_enterprises(&demo, seed, &path).unwrap(), 300);
            std::fs::read(path).unwrap()
        };

        assert_eq!(bytes(1, "a.xlsx"), bytes(1, "b.xlsx"));
        assert_ne!(bytes(1, "a.xlsx"), bytes(2, "c.xlsx"));
    }

    #[test]
    fn no_two_enterprises_have_the_same_name() {
        let (_, demo) = yunxi();
        let names: BTreeSet<String> = (0..demo.enterprises.number)
            .map(|number| enterprise(&demo.names, 1, number)[0].clone())
            .collect();

        assert_eq!(names.len(), 300);
    }

    #[test]
    fn credit_codes_have_eighteen_signs_and_are_all_different() {
        let codes: BTreeSet<String> = (0..300).map(credit_code).collect();

        assert_eq!(codes.len(), 300);
        assert!(codes.iter().all(|code| code.len() == 18));
    }
}
