//! Names by pattern: "我叫张三", "姓王的", "王女士", "李建国科长".

use super::Mask;
use super::cue::Before;
use super::doubt::{ends_a_word, may_begin_a_word};
use super::glyph::{Letters, digit, is_han};
use super::habit::of;
use crate::dictionary::DICTIONARY;
use vocabulary::surname_length;

const LEADS: [&str; 17] = [
    "我叫",
    "本人叫",
    "名叫",
    "叫做",
    "我的名字是",
    "名字是",
    "名字叫",
    "姓名是",
    "姓名",
    "联系人",
    "投诉人",
    "举报人",
    "反映人",
    "申请人",
    "当事人",
    "户主",
    "署名",
];
/// Roles before a name that stands by itself: "业主李明，". Ordinary sentences begin with them too.
const ROLES: [&str; 43] = [
    "联系人",
    "投诉人",
    "举报人",
    "反映人",
    "申请人",
    "当事人",
    "户主",
    "本人",
    "我是",
    "业主",
    "家长",
    "患者",
    "病人",
    "学生",
    "孩子",
    "机主",
    "车主",
    "法人",
    "收件人",
    "来电人",
    "来信人",
    "负责人",
    "经办人",
    "代理人",
    "监护人",
    "责任人",
    "村民",
    "居民",
    "住户",
    "市民",
    "死者",
    "伤者",
    "司机",
    "店主",
    "房东",
    "租客",
    "职工",
    "员工",
    "邻居",
    "母亲",
    "父亲",
    "妻子",
    "丈夫",
];
/// Rare surnames that end an ordinary word before a title as often: "夜班医生", "工作内容老师".
const RARE: &str = "全满师步终班容连幸越古农单";
/// What a name does not end with: people of a place, places.
const NO_END: &str = "人员者户客区市县镇村路家们";
const CIVIL: [&str; 14] = [
    "先生", "女士", "小姐", "太太", "同志", "师傅", "大爷", "大妈", "大姐", "大哥", "大叔", "阿姨",
    "老师", "奶奶",
];
const OFFICIAL: [&str; 12] = [
    "局长", "科长", "处长", "主任", "所长", "队长", "书记", "股长", "经理", "院长", "站长", "医生",
];
/// What comes after a name rather than belonging to it.
const AFTER_NAME: &str = "的在是住说要去今想也与及或到从把被就还又反映我你他她它们女电手";
/// Surnames that begin an ordinary word as often; behind 投诉人 and the like they need a colon before them.
const DOUBTFUL: &str = "应单强项向成申安常管于时万方宁包解关连路游查卫曲曾易许纪房边高白明";
/// Nouns that stand before a title where a name would.
const NOUNS: [&str; 26] = [
    "项目",
    "生院",
    "理科",
    "外科",
    "内科",
    "骨科",
    "儿科",
    "部门",
    "车间",
    "一个",
    "两个",
    "三个",
    "几个",
    "这个",
    "那个",
    "许多",
    "专业",
    "历史",
    "过程中",
    "客户",
    "班",
    "副",
    "局",
    "名",
    "位",
    "了",
];

pub(super) fn find(letters: &Letters) -> Vec<Mask> {
    (0..letters.plain.len())
        .flat_map(|at| {
            [
                introduced(letters, at),
                alone(letters, at),
                called(letters, at),
                titled(letters, at),
                spaced(letters, at),
            ]
        })
        .flatten()
        .collect()
}

/// "我叫张三": a lead, perhaps a colon, a surname and a given name of one or two characters.
fn introduced(letters: &Letters, at: usize) -> Option<Mask> {
    let lead = LEADS.iter().find(|lead| letters.has(at, lead))?;
    let after = at + lead.chars().count();
    let mut start = after;
    while letters
        .at(start)
        .is_some_and(|c| matches!(c, ':' | ' ' | '　' | '叫' | '是' | '为'))
    {
        start += 1;
    }
    let surname = surname_at(letters, start)?;
    let doubtful = start == after && lead.ends_with('人') && DOUBTFUL.contains(letters.at(start)?);
    let first = start + surname;
    let given = match (letters.at(first), letters.at(first + 1)) {
        (Some(c), _) if !is_han(c) || c == '某' => return None,
        (Some(_), Some(c)) if is_han(c) && !AFTER_NAME.contains(c) => 2,
        (Some(_), _) => 1,
        (None, _) => return None,
    };
    (!doubtful).then(|| Mask::new(start, first + given, short(letters, start, surname)))
}

/// "姓名：卢　彬": two characters set apart to fill a line, where a form or a letter has a name.
fn spaced(letters: &Letters, at: usize) -> Option<Mask> {
    let surname = surname_at(letters, at)?;
    let gap = letters.plain[at + surname..]
        .iter()
        .take_while(|c| matches!(c, ' ' | '\u{3000}'))
        .count();
    let given = at + surname + gap;
    let before = Before::of(&letters.plain[..at]);
    let fits = (1..=4).contains(&gap)
        && (before.is_lead || before.is_role || before.is_start && signs_off(letters, at))
        && letters.at(given).is_some_and(is_given)
        && (before.is_lead || ends_clause(letters, given + 1));
    fits.then(|| Mask::new(at, given + 1, short(letters, at, surname)))
}

/// "业主李明，": a role, perhaps a colon, and a name that ends where a sentence or a clause does.
fn alone(letters: &Letters, at: usize) -> Option<Mask> {
    let role = ROLES.iter().find(|role| letters.has(at, role))?;
    let mut start = at + role.chars().count();
    while ROLES.iter().any(|inner| letters.has(start, inner)) {
        start += 2;
    }
    let is_gap = |c: &char| matches!(c, ':' | ' ' | '　' | '是' | '叫');
    start += letters.plain[start.min(letters.plain.len())..]
        .iter()
        .take_while(|c| is_gap(c))
        .count();
    let surname = surname_at(letters, start)?;
    let first = start + surname;
    let given = [2, 1].into_iter().find(|given| {
        let end = first + given;
        letters
            .plain
            .get(first..end)
            .is_some_and(|name| name.iter().all(|c| is_given(*c)))
            && ends_clause(letters, end)
    })?;
    let end = first + given;
    let is_name = !letters.at(end - 1).is_some_and(|c| NO_END.contains(c))
        && !may_begin_a_word(letters, start);
    is_name.then(|| Mask::new(start, end, short(letters, start, surname)))
}

/// Whether a letter is being signed.
fn signs_off(letters: &Letters, at: usize) -> bool {
    letters.follows(at, &["敬礼", "此致", "签名", "落款"])
}

fn is_given(c: char) -> bool {
    is_han(c) && c != '某' && !AFTER_NAME.contains(c)
}

/// Whether a clause ends here, or a telephone number follows.
fn ends_clause(letters: &Letters, at: usize) -> bool {
    let behind = letters.plain.get(at..).unwrap_or_default();
    let digits = behind.iter().take_while(|c| c.is_ascii_digit()).count();
    match behind.first() {
        None => true,
        Some(_) if digits > 0 => digits >= 7,
        Some(c) => !is_han(*c) || matches!(c, '称' | '男' | '女'),
    }
}

/// "姓王的", "我姓王".
fn called(letters: &Letters, at: usize) -> Option<Mask> {
    let people = at > 0 && matches!(letters.plain[at - 1], '百' | '贵' | '万' | '同');
    if letters.at(at) != Some('姓') || people {
        return None;
    }
    let surname = surname_at(letters, at + 1)?;
    let after = at + 1 + surname;
    let end = match letters.at(after) {
        Some('的') => after + 1,
        Some(c) if is_han(c) && !AFTER_NAME.contains(c) => return None,
        _ => after,
    };
    Some(Mask::new(at, end, short(letters, at + 1, surname)))
}

/// "王女士" and "李小明先生" become 王某 and 李某; "李建国科长" keeps the office, 李某科长; "王科长" stays.
fn titled(letters: &Letters, at: usize) -> Option<Mask> {
    let civil = CIVIL.iter().find(|title| letters.has(at, title));
    let official = OFFICIAL.iter().find(|title| letters.has(at, title));
    let (end, shortest) = match (civil, official) {
        (Some(title), _) => (at + title.chars().count(), 1),
        (None, Some(_)) => (at, 2),
        (None, None) => return None,
    };
    let noun = |noun: &&str| {
        let length = noun.chars().count();
        length <= at && letters.has(at - length, noun)
    };
    if NOUNS.iter().any(noun) {
        return None;
    }
    // The longest name wins: better one character too many than half a name left.
    let length = (shortest..=4)
        .rev()
        .filter(|length| *length <= at)
        .find(|length| is_name(letters, at - length, *length))?;
    let start = at - length;
    let surname = surname_at(letters, start)?;
    Some(Mask::new(start, end, short(letters, start, surname)))
}

fn is_name(letters: &Letters, start: usize, length: usize) -> bool {
    let Some(surname) = surname_at(letters, start) else {
        return false;
    };
    let given = &letters.plain[start + surname.min(length)..start + length];
    let word: String = letters.plain[start..start + length].iter().collect();
    let is_other = length > surname
        && DICTIONARY
            .tag(&word, false)
            .first()
            .is_some_and(|tag| tag.word == word && tag.tag != "nr");
    let torn = start > 0 && {
        let joined: String = letters.plain[start - 1..=start].iter().collect();
        DICTIONARY.has_word(&joined)
            || letters.plain[start] == '路' && digit(letters.plain[start - 1]).is_some()
    };
    let alone = length == surname && is_rather_a_word(letters, start);
    if is_other || torn || alone {
        return false;
    }
    let fits = match surname {
        1 => length <= 3,
        _ => length >= 2,
    };
    let is_rare = letters.at(start).is_some_and(|c| RARE.contains(c));
    fits && !is_rare && given.iter().all(|c| is_given(*c)) && !ends_a_word(letters, start)
}

/// Surnames that are words of every day, where no clause begins: 区间车师傅, 母亲和阿姨.
fn is_rather_a_word(letters: &Letters, at: usize) -> bool {
    let habit = of(letters.plain[at]);
    let before = Before::of(&letters.plain[..at]);
    habit.surname - habit.alone < 2.2 && !before.is_start && !before.is_cue()
}

/// How many characters of a surname stand here: 2, 1 or none.
fn surname_at(letters: &Letters, at: usize) -> Option<usize> {
    surname_length(letters.plain.get(at..)?.iter().copied())
}

fn short(letters: &Letters, start: usize, surname: usize) -> String {
    let mut name: String = letters.written[start..start + surname].iter().collect();
    name.push('某');
    name
}
