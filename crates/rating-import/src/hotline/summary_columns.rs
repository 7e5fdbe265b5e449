//! Headers of hotline summary tables, one row per unit and month (domain F.2, last paragraph).

use crate::header::Field;
use crate::header::Need::{Optional, Required};

pub(crate) fn fields() -> [Field; 11] {
    [
        Field::new(
            "unit",
            Required,
            &["单位", "受理单位", "承办单位", "单位名称", "部门"],
        ),
        Field::new(
            "orders",
            Required,
            &[
                "总工单数",
                "派遣案件总数",
                "交办总量",
                "工单总数",
                "工单量",
                "派单数",
                "交办件数",
            ],
        ),
        Field::new("month", Optional, &["月份", "统计月份", "统计月", "月度"]),
        Field::new("closed_on_time", Optional, &["按时办结", "按时办结数"]),
        Field::new(
            "closed_late",
            Optional,
            &["超时办结", "超时办结数", "超期办结"],
        ),
        Field::new("not_closed", Optional, &["未办结", "未办结数"]),
        Field::new("closed_rate", Optional, &["办结率", "结案率"]),
        Field::new(
            "on_time_rate",
            Optional,
            &["按时办结率", "按时结案率", "按时反馈率"],
        ),
        Field::new("satisfaction_rate", Optional, &["满意率", "满意度"]),
        Field::new("dissatisfied", Optional, &["不满意数", "不满意件数"]),
        Field::new("dissatisfied_rate", Optional, &["不满意率"]),
    ]
}
