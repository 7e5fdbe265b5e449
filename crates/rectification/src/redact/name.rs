//! Names by pattern: "我叫张三", "姓王的", "王女士", "李建国科长".

use super::Mask;
use super::glyph::{Letters, is_han};

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边净阴闫褚楼骆应娄";
const COMPOUND: [&str; 12] = [
    "欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "东方", "司徒",
];
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
/// Words that end in a surname without being one.
const NO_NAME: [&str; 22] = [
    "对方", "地方", "官方", "双方", "我方", "警方", "校方", "院方", "医方", "多方", "由于", "对于",
    "关于", "属于", "位于", "等于", "公安", "保安", "资金", "现金", "一位", "两位",
];

pub(super) fn find(letters: &Letters) -> Vec<Mask> {
    (0..letters.plain.len())
        .flat_map(|at| {
            [
                introduced(letters, at),
                called(letters, at),
                titled(letters, at),
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
    let fits = match surname {
        1 => length <= 3,
        _ => length >= 2,
    };
    let word = |word: &str| start > 0 && letters.has(start - 1, word);
    fits && given
        .iter()
        .all(|c| is_han(*c) && *c != '某' && !AFTER_NAME.contains(*c))
        && !NO_NAME.iter().any(|no_name| word(no_name))
}

/// How many characters of a surname stand here: 2, 1 or none.
fn surname_at(letters: &Letters, at: usize) -> Option<usize> {
    if COMPOUND.iter().any(|name| letters.has(at, name)) {
        return Some(2);
    }
    letters.at(at).filter(|c| SURNAMES.contains(*c)).map(|_| 1)
}

fn short(letters: &Letters, start: usize, surname: usize) -> String {
    let mut name: String = letters.written[start..start + surname].iter().collect();
    name.push('某');
    name
}
