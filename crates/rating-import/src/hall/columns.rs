//! Headers of rating exports (domain F.1), best first. Whatever is not listed never leaves the importer.

use crate::header::Need::{Optional, Required};
use crate::header::{Field, Need};

type Named = (&'static str, Need, &'static [&'static str]);

const FIELDS: [Named; 16] = [
    (
        "case_no",
        Required,
        &[
            "办件编号",
            "办件统一编号",
            "业务流水号",
            "办件流水号",
            "申办流水号",
            "办件号",
            "projectNo",
        ],
    ),
    (
        "unit",
        Required,
        &[
            "被评价单位",
            "受理部门",
            "办理部门",
            "部门名称",
            "单位名称",
            "办理单位",
            "受理单位",
            "所属部门",
            "单位",
            "部门",
            "proDepart",
            "department",
            "部门编号",
            "proDepartCode",
            "部门统一社会信用代码",
            "deptCode",
        ],
    ),
    (
        "level",
        Required,
        &[
            "整体满意度",
            "总体满意度",
            "评价等级",
            "满意度",
            "评价结果",
            "satisfaction",
        ],
    ),
    (
        "accepted_at",
        Optional,
        &["受理时间", "收件时间", "受理日期", "acceptDate"],
    ),
    (
        "done_at",
        Optional,
        &["办结时间", "办结日期", "affairDoneTime"],
    ),
    (
        "rated_at",
        Optional,
        &["评价时间", "评价日期", "assessTime"],
    ),
    (
        "channel",
        Optional,
        &["评价渠道", "评价来源", "评价方式", "pf"],
    ),
    (
        "rating_no",
        Optional,
        &["评价次数", "评价次序", "assessNumber"],
    ),
    (
        "contacted_flag",
        Optional,
        &["是否按时联系", "是否按时回访"],
    ),
    (
        "contacted_at",
        Optional,
        &["差评联系时间", "差评回访时间", "联系时间", "回访时间"],
    ),
    ("rectified_flag", Optional, &["是否按时整改"]),
    (
        "rectified_at",
        Optional,
        &["整改完成时间", "差评整改完成时间", "整改时间"],
    ),
    (
        "follow_up_level",
        Optional,
        &["追评等级", "追评满意度", "追加评价等级"],
    ),
    ("follow_up_at", Optional, &["追评时间", "追加评价时间"]),
    ("follow_up_text", Optional, &["追评内容", "追加评价内容"]),
    (
        "text",
        Optional,
        &[
            "文字评价",
            "writingEvaluation",
            "评价意见",
            "意见建议",
            "评价内容",
        ],
    ),
];

pub(crate) fn fields() -> Vec<Field> {
    FIELDS
        .into_iter()
        .map(|(key, need, aliases)| Field::new(key, need, aliases))
        .collect()
}
