//! What each column of a published table means; one list for every format.

/// A column of a published table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Heading in Chinese.
    pub heading: &'static str,
    /// Name in the JSON and in the signed table.
    pub name: &'static str,
    /// Kind of value.
    pub kind: &'static str,
    /// Meaning.
    pub meaning: &'static str,
}

/// All columns of a published table, in order.
pub const FIELDS: [Field; 16] = [
    field(
        "类别",
        "class_name",
        "文字",
        "单位类别名称；名次只在本类内比较",
    ),
    field("类别编号", "class", "文字", "单位类别编号"),
    field("单位编号", "unit", "文字", "单位编号，各轮不变"),
    field("单位", "unit_name", "文字", "单位名称"),
    field(
        "有效样本",
        "n",
        "整数",
        "抽样问卷有效评价数；样本不足的单位只写上限，例如 <10",
    ),
    field(
        "得分",
        "score",
        "两位小数",
        "各渠道得分按权重合成，0—100 分；四舍五入一次",
    ),
    field(
        "区间下限",
        "ci_low",
        "两位小数",
        "得分 95% 置信区间的下限，置信度以规则为准",
    ),
    field(
        "区间上限",
        "ci_high",
        "两位小数",
        "得分 95% 置信区间的上限，置信度以规则为准",
    ),
    field(
        "档次",
        "band",
        "文字",
        "与本类平均分比较：明显好于平均、与平均相当、明显低于平均",
    ),
    field(
        "名次最好可能",
        "rank_low",
        "整数",
        "考虑抽样误差后可能的最好名次",
    ),
    field(
        "名次最差可能",
        "rank_high",
        "整数",
        "考虑抽样误差后可能的最差名次",
    ),
    field(
        "本类排名",
        "place",
        "整数",
        "本类参加排名单位中的名次；得分相同名次并列",
    ),
    field(
        "较上季",
        "change",
        "文字",
        "名次与上一轮相比的升降；没有可比名次时为一字线",
    ),
    field(
        "状态",
        "status",
        "文字",
        "参加排名、只公布得分和档次、样本偏少、样本不足",
    ),
    field(
        "权重覆盖",
        "weight_covered",
        "两位小数",
        "有得分的渠道占应有权重的百分比",
    ),
    field(
        "说明",
        "flags",
        "文字",
        "权重调整、样本不足等提示；没有提示时为空",
    ),
];

const fn field(
    heading: &'static str,
    name: &'static str,
    kind: &'static str,
    meaning: &'static str,
) -> Field {
    Field {
        heading,
        name,
        kind,
        meaning,
    }
}
