//! The sign-in page; in a demonstration it lists one account per role.

use crate::frame::PortalFrame;
use askama::Template;
use vocabulary::Role;

/// The sign-in page.
#[derive(Debug, Template)]
#[template(path = "staff/sign_in.html")]
pub struct SignInPage {
    /// Frame.
    pub frame: PortalFrame,
    /// The account as typed.
    pub account: String,
    /// Why signing in failed.
    pub problem: Option<String>,
    /// What the provider of identities is called, where there is one.
    pub provider: Option<String>,
    /// Accounts of the demonstration; empty in a real installation.
    pub demo: Vec<DemoAccount>,
}

/// The page that asks for the code of the second factor.
#[derive(Debug, Template)]
#[template(path = "staff/code.html")]
pub struct CodePage {
    /// Frame.
    pub frame: PortalFrame,
    /// Why the code was not taken.
    pub problem: Option<String>,
}

/// The page that leads on once the provider's word is believed.
#[derive(Debug, Template)]
#[template(path = "staff/entered.html")]
pub struct EnteredPage {
    /// Frame.
    pub frame: PortalFrame,
    /// Where it leads.
    pub next: &'static str,
}

/// The page for somebody the provider knows and no account belongs to.
#[derive(Debug, Template)]
#[template(path = "staff/unlinked.html")]
pub struct UnlinkedPage {
    /// Frame.
    pub frame: PortalFrame,
    /// What the provider is called.
    pub name: String,
    /// What the provider calls the person.
    pub subject: String,
}

/// An account of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    /// Account.
    pub account: String,
    /// Its published password.
    pub password: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: &'static str,
    /// Unit, community or village.
    pub place: String,
    /// What one can see and do.
    pub can: &'static str,
}

/// What a role does, in one sentence.
#[must_use]
pub const fn what_a_role_does(role: Role) -> &'static str {
    match role {
        Role::OfficeClerk => "看本轮进度，复核整改报告。",
        Role::OfficeLeader => "批准、固化、销号，复核申诉。",
        Role::UnitLiaison => "签收、报方案、报整改结果，看本部门结果。",
        Role::UnitHead => "看本部门的整改、反馈函和结果，不经办。",
        Role::StationedGroup => "看本组联系部门的整改事项。",
        Role::DisciplineCommission => "看分组结果和督办清单，复核申诉。",
        Role::OrganisationDepartment => "看年度结果。",
        Role::PairingRater => "评议结对的部门。",
        Role::SurveyAgency => "上传自己的调查数据，看回收进度，看不到别人的回答。",
        Role::MethodOwner => "改本部门牵头的指标，报评价办核准。",
        Role::SystemAdmin => "建立和停用账号，看不到业务数据。",
        Role::SecurityAdmin => "确认角色、定密码规则，看不到业务数据。",
        Role::AuditAdmin => "只看审计记录。",
        Role::Source => "用密钥推送数据，不能登录。",
    }
}
