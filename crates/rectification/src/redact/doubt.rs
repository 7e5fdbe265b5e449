//! What speaks against a name: places, numbers and words of every day.

use super::cue::{Before, NUMERALS, Words, is_title};
use super::glyph::{Letters, digit};
use std::sync::LazyLock;
use vocabulary::surname_length;

/// Characters places and people of a kind end with: 马桥村, 上官营, 温州人.
const PLACE_ENDS: &str = "路街巷村庄镇乡桥屯墩渡坝坎苑庙塘沟寨堡铺县厂站营湾元块委科人员者户客";
/// What follows the name of a place.
static BEHIND_PLACES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "小区 公园 大道 大街 商场 KTV 路口 附近 交叉 大厅 工地 卫生院 小学 中学 社区 菜场 广场 医院 停车场 新村 古镇 老街 水库 拆迁 地铁 车站 幼儿园 开发区 工业园 高速 高铁 学院 大学 集团 公司 饭店 酒店 超市 药店 银行 派出所 单号 教育 劳务 建设 建筑 机电 电子 科技 物流 纺织 置业 地产 软件 网络 传媒 餐饮 食品 医药 贸易 面馆 烧烤 火锅 饭庄 菜馆 便利 出口 入口 站台 学区 街道 村委 居委 支行 分行 海鲜 花园 大厦 公寓 名邸 家园",
    )
});
/// What stands behind a place, and before one.
static AT_PLACES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "附近 旁边 门口 路口 十字 一带 那边 周边 对面 两侧 沿线 东门 西门 南门 北门 边上 河 站 与 农贸 菜场 又停 井盖 路灯 红绿灯 修路",
    )
});
static TO_PLACES: LazyLock<Words> =
    LazyLock::new(|| Words::of("在 到 从 往 去 至 过 沿 位于 高速 不停 住在"));
/// Words a surname begins that are none.
static WORDS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "简单 黄浦 管管 管温 连云 马上 张得 张贴 师傅 司机 司法 经理 主任 单位 谢谢 应该 方便 方面 安排 周末 时候 高峰 张贴 温馨 高兴 许多 任何 于是 关于 常常 金额 白天 明白 向前 安逸 段子 文化 张纸 何部 何单 张冠 钱塘 白马 龙华 贾家 高家 何人 何时 何地 何处 何种 何必 何况 毛絮 满天 马马虎 马虎 楼长 楼门 楼道 楼梯 楼上 楼下 江水 全部 全家 全体 项目 项钱",
    )
});
/// Those of them that are as long as a name and never one.
static LONG_WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::of("江苏人 满天飞 温水煮 高中生 成年人 包工头 班主任"));
/// More of them, which may also be the beginning of a name: 方向阳.
static OFTEN_WORDS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "单身 单亲 应当 成人 安全 常客 关心 全职 满意 步行 连续 容易 温和 和平 明天 向导 房屋 房产 房子 班级 农民 农户 师生 连锁 金融 方向 时间 施工 安置 管理 成绩 高考 关注 包括 严重 严格 钟点 江边 终于",
    )
});
/// What a given name does not begin with.
static NO_GIVEN: LazyLock<Words> = LazyLock::new(|| Words::of("谢谢 满天 师傅 一直 已经 盼复"));
/// Words that end in a surname without being one.
static WORD_ENDS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "对方 地方 官方 双方 我方 警方 校方 院方 医方 多方 由于 对于 关于 属于 位于 等于 公安 保安 资金 现金 一位 两位 主任 责任 担任",
    )
});
const NEVER_IN_NAMES: &str = "们某么吗吧呢啊的了着过不没很都也就啦籍伐哈某";

/// Doubts about a name.
pub(super) const DOUBTS: usize = 17;

/// Whether a word begins here that only looks like a name.
pub(super) fn begins_a_word(letters: &Letters, at: usize) -> bool {
    let text = &letters.plain[at..];
    WORDS.begin(text) || LONG_WORDS.begin(text)
}

/// Whether the surname here is the end of a word.
pub(super) fn ends_a_word(letters: &Letters, at: usize) -> bool {
    at > 0 && WORD_ENDS.begin(&letters.plain[at - 1..])
}

/// Whether a word begins here that is seldom a name.
pub(super) fn may_begin_a_word(letters: &Letters, at: usize) -> bool {
    begins_a_word(letters, at) || OFTEN_WORDS.begin(&letters.plain[at..])
}

/// Whether it cannot be a name, whatever else speaks for one.
pub(super) fn is_none(
    letters: &Letters,
    (start, surname, end): (usize, usize, usize),
    before: &Before,
) -> bool {
    let given = &letters.plain[start + surname..end];
    letters.at(end).is_some_and(|c| matches!(c, '某' | '们'))
        || given.iter().any(|c| NEVER_IN_NAMES.contains(*c))
        || *given != ['一'] && given.iter().all(|c| NUMERALS.contains(*c))
        || is_title(given)
        || !before.is_lead && given.len() == 2 && "村镇乡庄太".contains(given[0])
        || is_inside_a_place(letters, (start, end), before)
        || LONG_WORDS.begin(&letters.plain[start..])
        || is_joined(letters, start)
        || is_digit(letters, start)
}

/// 时|曹家渡, 郭|庄河水: a place that begins or ends where the name would, unless somebody is spoken of.
fn is_inside_a_place(letters: &Letters, (start, end): (usize, usize), before: &Before) -> bool {
    let text = &letters.plain;
    let family = |at: usize| surname_length(text[at..=at].iter().copied()).is_some();
    let spoken_of = before.is_cue() || before.is_link || before.is_start;
    let house = (start + 1..=end)
        .any(|at| letters.at(at) == Some('家') && at > start + 1 && family(at - 1));
    !spoken_of && (house || text[start] == '庄' && family(start - 1))
}

/// A surname that is a digit beside another: 零陆伍.
fn is_digit(letters: &Letters, start: usize) -> bool {
    let is_numeral = |at: usize| {
        letters
            .at(at)
            .is_some_and(|c| c != '么' && digit(c).is_some())
    };
    is_numeral(start) && (start > 0 && is_numeral(start - 1) || is_numeral(start + 1))
}

/// Surnames that belong to what stands before: 8路, 连张椅子, 我司, 18号楼.
fn is_joined(letters: &Letters, start: usize) -> bool {
    start > 0
        && matches!(
            (letters.plain[start - 1], letters.plain[start]),
            ('我' | '贵' | '你' | '本', '司')
                | ('连', '张')
                | ('师', '傅')
                | ('号' | '第' | '每', _)
                | (
                    '这' | '那' | '哪' | '几' | '两',
                    '张' | '项' | '位' | '段' | '单' | '班' | '包'
                )
        )
}

/// What is doubtful about a name, in one order.
pub(super) fn doubts(
    letters: &Letters,
    (start, surname, end): (usize, usize, usize),
    before: &Before,
) -> [bool; DOUBTS] {
    let text = &letters.plain;
    let given = &text[start + surname..end];
    let family = |at: usize| surname_length(text[at..=at].iter().copied()).is_some();
    let two = given.len() == 2;
    [
        two && "庙桥门路街县市州司科".contains(given[0]),
        two && "与和或停修堵臭窄".contains(given[1]),
        PLACE_ENDS.contains(given[given.len() - 1]),
        letters.at(end).is_some_and(|c| {
            "镇村路街巷庄桥屯渡坎州县省市墩营苑邸驿脚园府湖山湾塘河江港岛城校院局厂".contains(c)
        }),
        given.contains(&'家'),
        start > 1 && text[start - 1] == '家' && family(start - 2),
        (start + surname..=end).any(|at| BEHIND_PLACES.begin(&text[at..])),
        is_house_number(&text[end..]),
        begins_a_word(letters, start),
        ends_a_word(letters, start) || NO_GIVEN.begin(&text[start + surname..]),
        may_begin_a_word(letters, start) && !before.is_cue(),
        // 连桶水都没有.
        text[start] == '连'
            && text[start + 1..]
                .iter()
                .take(5)
                .any(|c| "都也".contains(*c)),
        letters
            .at(end)
            .is_some_and(|c| "科委局办处所队部厅".contains(c))
            && !is_title(&text[end..]),
        "太很最更挺".contains(given[0]),
        AT_PLACES.begin(&text[end..]),
        TO_PLACES.end(&text[..start]),
        // 查一查.
        *given == ['一', text[start]] || given.len() == 2 && given[0] == text[start],
    ]
}

/// "18号楼下".
fn is_house_number(text: &[char]) -> bool {
    let digits = text
        .iter()
        .take_while(|c| c.is_ascii_digit() || NUMERALS.contains(**c))
        .count();
    (1..=4).contains(&digits) && text.get(digits) == Some(&'号')
}
