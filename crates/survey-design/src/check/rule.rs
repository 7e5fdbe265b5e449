//! The rules templates must keep; one stable code and one remedy each.

macro_rules! rules {
    ($($name:ident $code:literal $remedy:literal;)*) => {
        /// A rule templates must keep.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Rule { $($name),* }

        impl Rule {
            /// All rules in order of codes.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable code.
            pub(crate) const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// What an official does about it.
            pub(crate) const fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy),* }
            }
        }
    };
}

rules! {
    NotJson "SD-101" "在所指的行列检查逗号、引号和括号是否成对";
    KindUnknown "SD-102" "在文件开头写明 \"$schema\"，指向 schema 文件夹里的七种格式之一";
    UnknownField "SD-103" "对照 schema 改正这一项的名称，或者删去";
    MissingField "SD-104" "对照 schema 补上这一项";
    WrongValue "SD-105" "对照 schema 改成所要求的类型或取值";
    DuplicateKey "SD-106" "同一层里每一项只写一次，删去多余的";
    NumberNotExact "SD-107" "分值最多四位小数，权重最多六位小数，整数不带小数也不超出范围";
    DateInvalid "SD-108" "日期写成 2026-07-01 的样子";
    FileMissing "SD-109" "改正文件名，或者把文件放到所指的位置";
    SameVersion "SD-110" "同一种模板的代码和版本合起来只能用一次，改动后把版本加一";

    ChannelWeightSum "SD-201" "调整各渠道权重，使合计正好为 100";
    GroupWeightSum "SD-202" "调整各层面权重，使合计正好为 100";
    PartWeightSum "SD-203" "调整各部分权重，使合计正好为 100";
    NegativeWeight "SD-204" "权重和扣分不能小于 0";
    RulerOrder "SD-205" "五个等次的分值从高到低依次递减，都在 0 到 100 之间";
    MinimumOrder "SD-206" "样本量界限至少为 1，并且“加括号”不大于“公布”，“公布”不大于“排名”";
    RateRange "SD-207" "比例写成 0 到 1 之间的小数";
    GeneralEnterprise "SD-208" "企业评议只计入涉企部门，从一般部门的权重里去掉";
    DeadlineOrder "SD-209" "每个时限至少 1 天，差评整改的时限长于联系的时限，简单、一般、复杂三档的时限和意见条数都依次不减";
    HolidayOnWeekend "SD-210" "放假日只列周一至周五，周末本来就休息";
    MakeUpOnWeekday "SD-211" "调休上班日只列周六、周日";
    SampleSize "SD-212" "抽样人数和每人评价部门数至少为 1";
    Multiplier "SD-213" "系数下限不大于 1，上限不小于 1，斜率不小于 0";
    ShareRange "SD-214" "百分比写成 0 到 100 之间的数";
    TooFewChannels "SD-215" "“至少几个渠道”不能多于有权重的渠道数";
    MixTooSmall "SD-216" "一批至少 10 份，少了就认得出谁是谁";
    SampleDesign "SD-217" "每层人数上限不小于下限，每处至少 1 人，均值和标准差大于 0，候补样本不超过 9 组";
    SignTooEarly "SD-218" "回答、字数、份数都从至少 2 起才算质量迹象";

    DuplicateItem "SD-301" "每道题的代码在本问卷里只能用一次";
    LooksForward "SD-302" "显示条件只能看排在前面的题，调整题目次序或改正代码";
    NeverShown "SD-303" "这道题在任何回答下都不会出现，改正显示条件，或者删去这道题";
    Options "SD-304" "至少列两个选项，代码不重复，文字不为空";
    Asymmetric "SD-305" "满意一侧和不满意一侧的等次个数要相等，从好到差排列";
    UnitInTitle "SD-306" "逐个部门问的评分题要写 {unit}，只问一次的题不能写 {unit}";
    MixedRepeat "SD-307" "只问一次的题，显示条件只能看同样只问一次的题";
    NothingScored "SD-308" "问卷至少要有一道满意度评分题";
    EmptyText "SD-309" "补上文字或字数上限";
    IndicatorUnknown "SD-310" "改成本城市指标体系里有的末级指标代码";
    ConditionCycle "SD-311" "显示条件不能绕成圈，去掉其中一个条件";
    ConditionValue "SD-312" "显示条件只写所看的那道题能给出的回答，至少写一个";
    NumberBounds "SD-313" "min 要小于 max";
    EnglishUnknown "SD-314" "英文里只写这道题有的选项和文字，或者删去";

    DuplicateIndicator "SD-401" "每个指标的代码只能用一次";
    ParentMissing "SD-402" "上级指标要在同一个文件里列出";
    IndicatorCycle "SD-403" "指标不能直接或间接地以自己为上级";
    LeafSum "SD-404" "调整末级指标分值，使合计正好为 100";
    HeadingPoints "SD-405" "上级指标的分值等于其下末级指标之和，并且不写 measure";
    LeafMeasure "SD-406" "末级指标要写明分值和 measure";
    ItemUnknown "SD-407" "改成本城市问卷里有的题目代码";

    DuplicateId "SD-501" "同一类里每个代码只能用一次";
    ClassUnknown "SD-502" "先在 classes 里列出这个类别，或者改正类别代码";
    NameTaken "SD-503" "一个名称只能指一个部门，改掉其中一个";
    PairingUnknown "SD-504" "结对双方都要在本文件的 units 和 bodies 里列出";
    DateOrder "SD-505" "起始日不能晚于截止日";
    RoundOrder "SD-506" "各轮按时间先后排列，时间不重叠，同一年里序号不重复";
    NothingListed "SD-507" "至少列出一个";
    PairedTwice "SD-508" "同一对结对关系在同一时间只列一次";
    NoEnterpriseQuestionnaire "SD-509" "有涉企部门时，questionnaires 的第二份是涉企问卷";

    MappingEmpty "SD-601" "写明至少一列，列名不能为空";
    ItemTwice "SD-602" "每道题只对应一列";
    AnswerTwice "SD-603" "同一个单元格文字不能既是回答又不是回答";
    WeightFactor "SD-604" "权重倍数至少为 1";
    MappingUnitUnknown "SD-605" "改成同一文件夹里 world.json 列出的部门代码";

    DemoUnitUnknown "SD-701" "改成所用城市里有的部门、类别、社区（村）或轮次代码";
    PoolTooSmall "SD-702" "样本库四个层面都要列出，人数不少于抽样人数";
    SpanOrder "SD-703" "low 不能大于 high";
    DemoDisagrees "SD-704" "演示要与所用城市一致，改正其中一个";
    SharesTooLarge "SD-705" "应答比例与拒答比例之和不能大于 1";
}
