//! Headers of hotline exports (domain F.2), best first, and those a mapping names instead.

use crate::header::Need::{Mapped, Optional, Required};
use crate::header::{Field, Need};
use crate::refused::Refusal;
use survey_design::HotlineMapping;

type Named = (&'static str, Need, &'static [&'static str]);

const FIELDS: [Named; 17] = [
    (
        "order_no",
        Required,
        &[
            "工单编号",
            "12345工单编号",
            "工单流水号",
            "工单号",
            "热线工单编号",
        ],
    ),
    (
        "unit",
        Required,
        &[
            "承办单位",
            "区级承办单位",
            "主办单位",
            "承办部门",
            "责任单位",
            "处理单位",
            "单位名称",
            "单位",
        ],
    ),
    (
        "registered_at",
        Optional,
        &["登记时间", "来电时间", "受理时间", "诉求时间"],
    ),
    (
        "closed_at",
        Optional,
        &["办结时间", "结案时间", "答复时间", "回复时间"],
    ),
    (
        "due_at",
        Optional,
        &["办理时限", "回复截止时间", "办理截止时间", "回退截止时间"],
    ),
    (
        "on_time",
        Optional,
        &["是否按时办结", "是否按时", "是否按期办结"],
    ),
    ("overdue", Optional, &["是否超期", "是否超时", "是否逾期"]),
    (
        "resolved",
        Optional,
        &["是否解决", "是否成功解决", "解决情况"],
    ),
    (
        "sat_result",
        Optional,
        &[
            "处理结果满意度",
            "办理结果满意度",
            "结果满意度",
            "满意度",
            "是否满意",
        ],
    ),
    ("sat_unit", Optional, &["承办单位满意度", "办理单位满意度"]),
    ("counted", Optional, &["是否纳入考核", "是否考核"]),
    (
        "unreasonable",
        Optional,
        &["是否不合理诉求单", "是否不合理诉求"],
    ),
    ("repeated", Optional, &["是否重复", "是否重复工单"]),
    ("confidential", Optional, &["是否保密"]),
    ("title", Optional, &["标题", "工单标题", "诉求标题", "主题"]),
    (
        "content",
        Optional,
        &["诉求内容", "工单描述", "工单内容", "问题描述", "内容"],
    ),
    (
        "reply",
        Optional,
        &["答复意见", "答复内容", "回复内容", "办理结果"],
    ),
];

pub(crate) fn fields() -> Vec<Field> {
    FIELDS
        .into_iter()
        .map(|(key, need, aliases)| Field::new(key, need, aliases))
        .collect()
}

/// Only what the mapping names; its columns must all be there.
pub(super) fn mapped_fields(mapping: &HotlineMapping) -> Result<Vec<Field>, Refusal> {
    let missing = |field: &str| Refusal::MappingField {
        field: field.to_owned(),
    };
    let named = |key: &str| mapping.columns.contains_key(key);
    if !named("order_no") {
        return Err(missing("order_no"));
    }
    if mapping.unit.is_none() && !named("unit") {
        return Err(missing("unit"));
    }
    mapping
        .columns
        .iter()
        .map(
            |(key, column)| match FIELDS.iter().any(|field| field.0 == key) {
                true => Ok(Field::new(key, Mapped, &[column])),
                false => Err(missing(key)),
            },
        )
        .collect()
}
