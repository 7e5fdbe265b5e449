//! Words that stand beside names.

use super::glyph::is_han;
use std::{collections::BTreeMap, sync::LazyLock};

/// What asks for a name: forms, and people who say who they are.
static LEADS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "姓名 名字 联系人 来电人 来电者 反映人 反应人 诉求人 举报人 投诉人 申请人 当事人 户主 户名 署名 落款 来信人 写信人 收款人 收件人 寄件人 承办人 经办人 承租人 委托人 代理人 监护人 责任人 负责人 法人 代表人 代表 机主 车主 我叫 俺叫 咱叫 名叫 叫做 人叫 板叫 主叫 子叫 我是 我们是 留名 实名 签名 签字人 接待人 值班人 物主 失主 证明人 本名 工牌 胸牌 我母亲 我父亲 俺叫 是我",
    )
});
/// Relatives and people one knows.
static KIN: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "我妈 我爸 我爹 我娘 母亲 父亲 妈妈 爸爸 老伴 爱人 妻子 丈夫 老公 老婆 儿子 女儿 孙子 孙女 外孙 外甥 侄子 侄女 弟弟 哥哥 妹妹 爷爷 奶奶 外公 外婆 岳父 岳母 邻居 同事 同学 朋友 孩子 媳妇 女婿 姑姑 舅舅 叔叔 伯伯 堂哥 表弟",
    )
});
/// What people are.
static ROLES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "市民 村民 居民 用户 客户 患者 病人 家长 学生 本人 鄙人 在下 店主 业主 房东 房主 租客 司机 师傅 调度 保安 会计 出纳 老板 老板娘 包工头 工头 楼长 组长 班长 队长 河长 路长 林长 网格员 抄表员 快递员 志愿者 低保户 贫困户 辅警 民警 警官 医生 护士 护士长 班主任 教导主任 校长 老师 书记 村主任 村支书 主任 科长 局长 处长 所长 站长 经理 店长 干部 同志 党员 职工 员工 工人 教练 中介 管理员 操作员 收费员 工作人员 导游 律师 法务 财务 专员 顾问 大夫 教授 厂长 院长 园长 镇长 乡长 县长 区长 死者 伤者 肇事者 被告 原告 老人 老太太 客服 窗口",
    )
});
/// What is done to people.
static ACTS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "感谢 谢谢 多亏 多亏了 表扬 投诉 举报 反映 转给 打给 交给 联系 找到 听说是 致 尊敬的 亲爱的 请问 登记成了 应该是 写着 此致 敬礼 处理 处分 查处 曝光 点赞 BY IS",
    )
});
/// What links a name to the words before it.
static LINKS: LazyLock<Words> = LazyLock::new(|| {
    Words::of("的 是 和 跟 与 及 、 被 由 找 问 听 叫 给 让 有 向 对 把 因 同 我 据 还好 只有 希望")
});
/// Those of them behind which somebody does something.
const DOERS: &str = "被由让叫请跟据替比有找问给向对凭换";
static TITLES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "姐姐 哥哥 姑娘 同学 先生 女士 小姐 太太 同志 师傅 大爷 大妈 大姐 大哥 大叔 阿姨 老师 奶奶 爷爷 叔叔 伯伯 局长 科长 处长 主任 所长 队长 书记 股长 经理 院长 站长 医生 大夫 护士 警官 民警 校长 园长 法官 律师 教授 村长 镇长 区长 市长 县长 组长 班长 厂长 行长 店长 馆长 会计 主席 总监 老板 两位 三位 等人 等户 兄弟 夫妇 夫妻 一家 家里 副局长 副主任 部长 总经理 董事长 专员 工程师 辅警 网格员",
    )
});
/// What people do or have.
static DEEDS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "说 讲 称 来电 反映 态度 服务 办事 经办 电话 手机 身份 证号 卡号 账号 帐号 车牌 微信 QQ 邮箱 那边 帮 答应 表示 负责 从 在 住 户口 统计 拖 不 跑 骂 自己 远程 写 打 是 等 的 了 也 没 又 还 就 都 把 被 给 让 和 跟 与 及 本人 亲笔 签字 语气 早 偷 往 收 推 值班 可以 作证 爱理 接 牵头 开 去 来 向 对 于 为 因 男 女 工作 业务 耐心 热情 处理 解释 主动 已经 每天 经常 一直 号码 家 教 以 上门 再次 天天 被 均 比 携 口述 代笔 驾驶 单独 连续 只会 到底 骗 常年 瘫痪 领 牵 陪 送 带 借 欠 叩首 敬上 敬",
    )
});
/// "一幺二三".
pub(super) const NUMERALS: &str = "一幺二三四五六七八九十百千万亿零〇两几壹贰叁肆伍陆柒捌玖拾佰仟";

/// Words by their first and by their last character.
pub(super) struct Words {
    by_first: BTreeMap<char, Vec<Vec<char>>>,
    by_last: BTreeMap<char, Vec<Vec<char>>>,
}

impl Words {
    pub(super) fn of(words: &str) -> Self {
        let mut listed = Self {
            by_first: BTreeMap::new(),
            by_last: BTreeMap::new(),
        };
        for word in words.split(' ') {
            let word: Vec<char> = word.chars().collect();
            if let [first, .., last] | [first @ last] = word[..] {
                listed.by_first.entry(first).or_default().push(word.clone());
                listed.by_last.entry(last).or_default().push(word);
            }
        }
        listed
    }

    /// Whether a text begins with one of them.
    pub(super) fn begin(&self, text: &[char]) -> bool {
        let words = text.first().and_then(|first| self.by_first.get(first));
        words.is_some_and(|words| words.iter().any(|word| text.starts_with(word)))
    }

    /// Whether a text ends with one of them.
    pub(super) fn end(&self, text: &[char]) -> bool {
        let words = text.last().and_then(|last| self.by_last.get(last));
        words.is_some_and(|words| words.iter().any(|word| text.ends_with(word)))
    }
}

/// Whether a title begins a text.
pub(super) fn is_title(text: &[char]) -> bool {
    TITLES.begin(text)
}

/// What stands before a name.
pub(super) struct Before {
    /// Something that asks for a name.
    pub is_lead: bool,
    /// A relative.
    pub is_kin: bool,
    /// What somebody is.
    pub is_role: bool,
    /// What is done to somebody.
    pub is_act: bool,
    /// A little word.
    pub is_link: bool,
    /// One of them behind which somebody does something: 被张三骂.
    pub is_doer: bool,
    /// A clause begins with the name.
    pub is_start: bool,
    /// A numeral.
    pub is_number: bool,
}

impl Before {
    pub(super) fn of(text: &[char]) -> Self {
        let gaps = |c: &&char| c.is_whitespace() || ":/】)(\"“”".contains(**c);
        let shown = text.len() - text.iter().rev().take_while(gaps).count();
        let shown = &text[..shown];
        let is_lead = LEADS.end(shown);
        let is_kin = !is_lead && KIN.end(shown);
        let is_role = !is_lead && !is_kin && ROLES.end(shown);
        let is_act = !is_lead && !is_kin && !is_role && ACTS.end(shown);
        let cue = is_lead || is_kin || is_role || is_act;
        Self {
            is_lead,
            is_kin,
            is_role,
            is_act,
            is_link: !cue && LINKS.end(shown),
            is_doer: !cue && shown.last().is_some_and(|c| DOERS.contains(*c)),
            is_start: text
                .last()
                .is_none_or(|c| !is_han(*c) && !c.is_alphanumeric()),
            is_number: text
                .last()
                .is_some_and(|c| c.is_ascii_digit() || NUMERALS.contains(*c)),
        }
    }
}

impl Before {
    /// Whether people are spoken of.
    pub(super) const fn is_cue(&self) -> bool {
        self.is_lead || self.is_role || self.is_kin || self.is_act
    }
}

/// What stands behind a name.
pub(super) struct After {
    /// A clause ends with the name.
    pub is_end: bool,
    /// A number begins.
    pub is_number: bool,
    /// A title.
    pub is_title: bool,
    /// What people do or have.
    pub is_deed: bool,
}

impl After {
    pub(super) fn of(text: &[char]) -> Self {
        let gap = text
            .iter()
            .take_while(|c| matches!(c, ' ' | '\u{3000}'))
            .count();
        let next = &text[gap..];
        let first = next.first().copied();
        let is_number = first.is_some_and(|c| c.is_alphanumeric() && !is_han(c));
        let is_end =
            gap > 0 && !is_number || first.is_none_or(|c| !is_han(c) && !c.is_alphanumeric());
        let is_title = !is_end && TITLES.begin(next);
        Self {
            is_end,
            is_number,
            is_title,
            is_deed: !is_end && !is_title && DEEDS.begin(next),
        }
    }
}
