//! The columns a survey mapping names.

use crate::header::{Field, Need};
use survey_design::{GroupOf, SurveyMapping, UnitOf};

pub(super) const RESPONDENT: &str = "respondent";
pub(super) const STRATUM: &str = "stratum";
pub(super) const WEIGHT: &str = "weight";
pub(super) const UNIT: &str = "unit";
pub(super) const GROUP: &str = "group";

/// Headers under which survey agencies write what a mapping has to name; only proposed, a mapping decides.
pub(crate) fn usual_fields() -> [Field; 5] {
    use Need::{Optional, Required};
    [
        Field::new(
            RESPONDENT,
            Required,
            &[
                "受访者编号",
                "问卷编号",
                "样本编号",
                "受访者",
                "答卷编号",
                "respondentId",
                "respondent",
            ],
        ),
        Field::new(STRATUM, Optional, &["抽样层", "层", "stratum"]),
        Field::new(WEIGHT, Optional, &["权重", "权数", "weight"]),
        Field::new(
            UNIT,
            Optional,
            &["被评单位", "单位", "部门", "被评价单位", "单位名称", "unit"],
        ),
        Field::new(
            GROUP,
            Optional,
            &["身份类别", "层面", "受访者类别", "群体", "group"],
        ),
    ]
}

/// The field of an item's column.
pub(super) fn item(column: &str) -> String {
    format!("item:{column}")
}

pub(super) fn fields(mapping: &SurveyMapping) -> Vec<Field> {
    let mapped = |key: &str, column: &str| Field::new(key, Need::Mapped, &[column]);
    let mut fields = vec![mapped(RESPONDENT, &mapping.respondent)];
    fields.extend(mapping.stratum.iter().map(|column| mapped(STRATUM, column)));
    fields.extend(mapping.weight.iter().map(|column| mapped(WEIGHT, column)));
    if let UnitOf::Column(column) = &mapping.unit {
        fields.push(mapped(UNIT, column));
    }
    if let GroupOf::Column { column, .. } = &mapping.group {
        fields.push(mapped(GROUP, column));
    }
    fields.extend(
        mapping
            .items
            .keys()
            .map(|column| mapped(&item(column), column)),
    );
    fields
}
