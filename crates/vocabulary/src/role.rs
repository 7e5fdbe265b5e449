//! Roles of officials; what each may do is decided in `workflows::policy`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A role of an official account.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 评价办经办人: designs, imports, computes.
    OfficeClerk,
    /// 评价办负责人: approves, freezes, publishes.
    OfficeLeader,
    /// 部门联络员: signs, plans, reports for one unit.
    UnitLiaison,
    /// 部门负责人: reads everything of one unit.
    UnitHead,
    /// 派驻纪检监察组: follows the matters of its units.
    StationedGroup,
    /// 纪委监委: supervises, second approval of a publication.
    DisciplineCommission,
    /// 组织部: receives annual results.
    OrganisationDepartment,
    /// 社区、村评议员: rates the paired units of one community or village.
    PairingRater,
    /// 第三方调查机构: brings its own files, and reads nothing anybody answered.
    SurveyAgency,
    /// 评价办法牵头部门: changes its own branch of the indicator tree.
    MethodOwner,
    /// 系统管理员: makes and closes accounts, and sees no business data.
    SystemAdmin,
    /// 安全管理员: confirms and changes roles, says what passwords must be, and sees no business data.
    SecurityAdmin,
    /// 审计管理员: reads the audit log and nothing else.
    AuditAdmin,
    /// 数据来源系统: a system that sends rows by a key; never an account, so that no template can name it.
    #[serde(skip_deserializing)]
    Source,
}

impl Role {
    /// All roles a person can hold.
    pub const ALL: [Self; 13] = [
        Self::OfficeClerk,
        Self::OfficeLeader,
        Self::UnitLiaison,
        Self::UnitHead,
        Self::StationedGroup,
        Self::DisciplineCommission,
        Self::OrganisationDepartment,
        Self::PairingRater,
        Self::SurveyAgency,
        Self::MethodOwner,
        Self::SystemAdmin,
        Self::SecurityAdmin,
        Self::AuditAdmin,
    ];

    /// The three administrators 三员, none of whom does business.
    pub const ADMINISTRATORS: [Self; 3] =
        [Self::SystemAdmin, Self::SecurityAdmin, Self::AuditAdmin];

    /// The stored and exchanged name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OfficeClerk => "office_clerk",
            Self::OfficeLeader => "office_leader",
            Self::UnitLiaison => "unit_liaison",
            Self::UnitHead => "unit_head",
            Self::StationedGroup => "stationed_group",
            Self::DisciplineCommission => "discipline_commission",
            Self::OrganisationDepartment => "organisation_department",
            Self::PairingRater => "pairing_rater",
            Self::SurveyAgency => "survey_agency",
            Self::MethodOwner => "method_owner",
            Self::SystemAdmin => "system_admin",
            Self::SecurityAdmin => "security_admin",
            Self::AuditAdmin => "audit_admin",
            Self::Source => "source",
        }
    }

    /// The role with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// The official label in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::OfficeClerk => "评价办经办人",
            Self::OfficeLeader => "评价办负责人",
            Self::UnitLiaison => "部门联络员",
            Self::UnitHead => "部门负责人",
            Self::StationedGroup => "派驻纪检监察组",
            Self::DisciplineCommission => "纪委监委",
            Self::OrganisationDepartment => "组织部",
            Self::PairingRater => "社区（村）评议员",
            Self::SurveyAgency => "第三方调查机构",
            Self::MethodOwner => "评价办法牵头部门",
            Self::SystemAdmin => "系统管理员",
            Self::SecurityAdmin => "安全管理员",
            Self::AuditAdmin => "审计管理员",
            Self::Source => "数据来源系统",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::{IntoDeserializer, value::Error};

    fn read(code: &str) -> Result<Role, Error> {
        Role::deserialize(IntoDeserializer::<Error>::into_deserializer(code))
    }

    #[test]
    fn no_account_of_a_template_is_a_system_that_sends_rows() {
        assert!(read("source").is_err());
        for role in Role::ALL {
            assert_eq!(read(role.code()), Ok(role));
            assert_eq!(Role::from_code(role.code()), Some(role));
        }
    }
}
