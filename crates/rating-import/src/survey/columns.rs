//! The columns a survey mapping names.

use crate::header::{Field, Need};
use survey_design::{GroupOf, SurveyMapping, UnitOf};

pub(super) const RESPONDENT: &str = "respondent";
pub(super) const STRATUM: &str = "stratum";
pub(super) const WEIGHT: &str = "weight";
pub(super) const UNIT: &str = "unit";
pub(super) const GROUP: &str = "group";

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
