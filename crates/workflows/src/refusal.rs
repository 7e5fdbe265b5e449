//! Why a verb said no. Each fact has a stable code; the text is Chinese and says what to do.

use crate::{BackupProblem, PasswordProblem, ProviderFault, keys};
use chrono::{DateTime, NaiveDate, Utc};
use rating_import::FileRefused;
use rectification as loop_rules;
use std::fmt;
use storage::StorageError;
use survey_design::{BranchProblem, StepRefused};
use vocabulary::{MatterId, Role, RoundId, UnitId, civil_time};

/// A verb's "no".
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// A backup cannot be made, or is not taken.
    Backup(BackupProblem),
    /// The key this needs was not brought back with the backup; its file.
    KeyNotRestored(String),
    /// The role may not do this.
    NotAllowed {
        /// The role held.
        role: Role,
        /// The roles that may.
        may: &'static [Role],
    },
    /// No round has this code.
    RoundUnknown(RoundId),
    /// The round exists already.
    RoundExists(RoundId),
    /// The round's state does not allow the step.
    Step(StepRefused),
    /// No unit has this code.
    UnitUnknown(UnitId),
    /// No matter has this number.
    MatterUnknown(MatterId),
    /// The thing belongs to another unit.
    NotYours,
    /// Somebody was faster, or the thing was looked at before it changed.
    Overtaken {
        /// What was done last.
        step: &'static str,
        /// Who did it, and in which role.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// The same person may not do both steps.
    SamePerson(&'static str),
    /// An edited branch of the indicator tree breaks rules; every one.
    Branch(Vec<BranchProblem>),
    /// A template is missing or broken.
    Template(String),
    /// What columns of a file are said to be breaks a rule; the rule.
    Columns(String),
    /// The draw cannot be made.
    Draw(String),
    /// A file is not taken as evidence; code and text come from the rule.
    Evidence(loop_rules::EvidenceProblem),
    /// A step of the loop is refused; code and text come from the rule.
    Loop(loop_rules::StepRefused),
    /// A publication step is refused.
    Publication(publication::BulletinRefused),
    /// The same file was applied already.
    SameFile {
        /// The earlier batch.
        batch: String,
    },
    /// A file from outside is unusable as a whole; nothing of it was taken.
    File {
        /// The file.
        name: String,
        /// What is wrong with it and what to do.
        refused: FileRefused,
    },
    /// A later import has changed rows of the batch.
    ChangedSince {
        /// The later batch.
        batch: String,
    },
    /// Objections are still undecided.
    ObjectionsOpen(u64),
    /// Units check the data or have checked them: rows neither come nor go.
    DataFrozen,
    /// What the scores were computed from has changed since.
    InputsChanged,
    /// Units have until this day to check their figures.
    CheckRunning(NaiveDate),
    /// A bulletin no longer says what would be said now; each difference in words.
    Drifted(Vec<String>),
    /// Nothing has been collected yet.
    NothingToScore,
    /// The password or name is wrong, or the account is closed.
    SignIn,
    /// The password is right, and nobody has confirmed the role yet.
    RoleUnconfirmed,
    /// The present password, asked again, is wrong.
    WrongPassword,
    /// The code of the second factor is wrong, spent, or comes too late.
    Code,
    /// The password has to be shown again first.
    ProofNeeded,
    /// A new password breaks the rules; every reason.
    Password(Vec<PasswordProblem>),
    /// The role must have a second factor.
    SecondFactorNeeded(Role),
    /// The provider of identities did not say who it is, or is not believed.
    Provider(ProviderFault),
    /// The browser did not leave for the provider with this state, or has been back, or took too long.
    NotAway,
    /// No account belongs to this identity of the provider.
    Unlinked(String),
    /// Nobody has confirmed yet that the identity belongs to the account.
    LinkUnconfirmed,
    /// The account of the identity is closed.
    Closed,
    /// A sign-in name is not of the allowed kind.
    AccountName,
    /// Nobody else could do the work of this administrator.
    LastOfRole(Role),
    /// The account exists already.
    AccountExists(String),
    /// No account has this name.
    AccountUnknown(String),
    /// A text field is empty or too long.
    Text(&'static str),
    /// A count the form gave contradicts itself.
    Contradiction(&'static str),
    /// A word to be covered does not stand in the words.
    NotInWords(String),
    /// The bundle does not hold.
    Bundle(String),
    /// A thing asked for does not exist.
    Missing(&'static str),
    /// Ballots are excluded only while the round is closed or scored, before units see their figures.
    TooLateToExclude,
    /// One sign alone, or two of one source, never exclude a ballot.
    SignsNotIndependent,
    /// Somebody has signed for this letter.
    SignedBefore {
        /// Name of who did.
        by: String,
        /// When, as people read it.
        at: String,
    },
}

impl Refusal {
    /// Stable code of the fact.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed { .. } => "WF-101",
            Self::RoundUnknown(_) => "WF-102",
            Self::RoundExists(_) => "WF-103",
            Self::Step(_) => "WF-104",
            Self::UnitUnknown(_) => "WF-105",
            Self::MatterUnknown(_) => "WF-106",
            Self::NotYours => "WF-107",
            Self::Overtaken { .. } => "WF-127",
            Self::SamePerson(_) => "WF-108",
            Self::Branch(problems) => problems.first().map_or("WF-161", BranchProblem::code),
            Self::Template(_) => "WF-109",
            Self::Columns(_) => "WF-125",
            Self::Draw(_) => "WF-110",
            Self::Loop(refused) => refused.code(),
            Self::Evidence(problem) => problem.code(),
            Self::Publication(refused) => refused.code(),
            Self::SameFile { .. } => "WF-113",
            Self::ObjectionsOpen(_) => "WF-114",
            Self::DataFrozen => "WF-194",
            Self::InputsChanged => "WF-195",
            Self::CheckRunning(_) => "WF-196",
            Self::Drifted(_) => "WF-197",
            Self::NothingToScore => "WF-115",
            Self::SignIn => "WF-116",
            Self::RoleUnconfirmed => "WF-130",
            Self::Password(_) => "WF-131",
            Self::Code => "WF-132",
            Self::AccountName => "WF-133",
            Self::SecondFactorNeeded(_) => "WF-134",
            Self::LastOfRole(_) => "WF-135",
            Self::WrongPassword => "WF-136",
            Self::ProofNeeded => "WF-137",
            Self::AccountExists(_) => "WF-117",
            Self::AccountUnknown(_) => "WF-118",
            Self::Text(_) => "WF-119",
            Self::Contradiction(_) => "WF-120",
            Self::NotInWords(_) => "WF-126",
            Self::Bundle(_) => "WF-121",
            Self::Missing(_) => "WF-122",
            Self::File { .. } => "WF-123",
            Self::ChangedSince { .. } => "WF-124",
            Self::TooLateToExclude => "WF-191",
            Self::SignsNotIndependent => "WF-192",
            Self::SignedBefore { .. } => "WF-193",
            Self::Backup(problem) => problem.code(),
            Self::KeyNotRestored(_) => "WF-138",
            Self::Provider(_) => "WF-155",
            Self::NotAway => "WF-156",
            Self::Unlinked(_) => "WF-157",
            Self::LinkUnconfirmed => "WF-158",
            Self::Closed => "WF-159",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAllowed { role, may } => not_allowed(f, *role, may),
            Self::RoundUnknown(id) => write!(
                f,
                "没有编号为 {id} 的评价轮次，请用 `huiyin round list` 查看现有轮次"
            ),
            Self::RoundExists(id) => write!(f, "评价轮次 {id} 已经存在，请换一个编号"),
            Self::Step(step) => write!(f, "{step}"),
            Self::UnitUnknown(id) => write!(f, "没有编号为 {id} 的单位，请核对单位名录"),
            Self::MatterUnknown(id) => write!(f, "没有编号为 {id} 的整改事项，请核对清单"),
            Self::Overtaken { step, by, at } => write!(
                f,
                "没有重复办理：{by}已在 {} 办了“{step}”。请看最新情况，再决定怎么办",
                civil_time(*at).format("%-m 月 %-d 日 %H:%M")
            ),
            Self::NotYours => f.write_str("这一项不属于本单位，不能办理"),
            Self::SamePerson(step) => write!(f, "{step}须由另一个人、另一个角色办理"),
            Self::Template(text) => {
                write!(f, "模板有问题：{text}；请先运行 `huiyin check-templates`")
            }
            Self::Branch(problems) => {
                let all: Vec<_> = problems.iter().map(ToString::to_string).collect();
                f.write_str(&all.join("。"))
            }
            Self::Columns(text) => write!(f, "列对照有问题：{text}"),
            Self::Draw(text) => write!(f, "不能抽样：{text}"),
            Self::Loop(refused) => write!(f, "{refused}"),
            Self::Evidence(problem) => write!(f, "{problem}"),
            Self::Publication(refused) => write!(f, "{refused}"),
            Self::SameFile { batch } => {
                write!(f, "同一个文件已经导入过（批次 {batch}），没有重复计数")
            }
            Self::File { name, refused } => write!(
                f,
                "{name} 没有导入：{}{}（{}）",
                refused.message, refused.remedy, refused.code
            ),
            Self::ChangedSince { batch } => {
                write!(f, "后来的批次 {batch} 改过这个批次的行，请先撤销 {batch}")
            }
            Self::Text(field) => write!(f, "“{field}”没有填写，或超过了字数"),
            Self::Contradiction(text) => f.write_str(text),
            Self::NotInWords(word) => write!(f, "要遮住的“{word}”不在这条意见里，请照原文填写"),
            Self::Bundle(text) => write!(f, "数据包不能通过核验：{text}"),
            Self::Missing(thing) => write!(f, "没有找到{thing}"),
            Self::SignedBefore { by, at } => {
                write!(f, "这份反馈函已由{by}于 {at} 签收，不用再签")
            }
            other => other.about_scores(f),
        }
    }
}

impl Refusal {
    /// Words about scores, what they are computed from, and their publication.
    fn about_scores(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ObjectionsOpen(n) => write!(f, "还有 {n} 件申诉没有办结，请先作出决定"),
            Self::NothingToScore => f.write_str("本轮还没有任何评价，不能算分；请先收集或导入"),
            Self::TooLateToExclude => {
                f.write_str("只能在截止以后、部门核对以前剔除答卷；本轮不在这个阶段")
            }
            Self::SignsNotIndependent => {
                f.write_str("要有两个互相独立的质量迹象才可以剔除，请另选一组")
            }
            Self::DataFrozen => f.write_str(
                "本轮数据已经交各部门核对，不能再导入或撤销；有错的由单位申诉、两人复核，或在公布后更正",
            ),
            Self::InputsChanged => {
                f.write_str("算分以后数据又有变化，现在的得分不是按现在的数据算的；请重新算分")
            }
            Self::CheckRunning(until) => write!(
                f,
                "各部门可以核对到 {}，这一天过了才能固化",
                until.format("%-m 月 %-d 日")
            ),
            Self::Drifted(changes) => write!(
                f,
                "审查以后又有变化：{}。请退回，重新审查以后再报请",
                changes.join("；")
            ),
            other => other.about_an_account(f),
        }
    }

    /// Words about an account and whoever holds it.
    fn about_an_account(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignIn => f.write_str("账号或密码不对，或账号已停用"),
            Self::AccountExists(name) => write!(f, "账号 {name} 已经存在，请换一个名字"),
            Self::AccountUnknown(name) => {
                write!(f, "没有账号 {name}，请先建立")
            }
            Self::RoleUnconfirmed => {
                f.write_str("这个账号的角色还没有确认，请找安全管理员确认以后再登录")
            }
            Self::WrongPassword => f.write_str("现在的密码不对，请重新输入"),
            Self::Code => {
                f.write_str("验证码不对、用过了或已经过期，请等动态码换了再输入，或者用一个恢复码")
            }
            Self::ProofNeeded => f.write_str("办这一步要重新验证身份，请输入密码"),
            Self::Password(problems) => {
                let reasons: Vec<_> = problems.iter().map(ToString::to_string).collect();
                write!(f, "新密码不能用：{}", reasons.join("；"))
            }
            Self::SecondFactorNeeded(role) => {
                write!(f, "“{}”必须使用动态码，不能停用", role.label())
            }
            Self::AccountName => f.write_str(
                "账号名要用 2 到 32 个小写字母、数字、点、下划线或短横线，以字母或数字开头",
            ),
            Self::LastOfRole(role) => {
                write!(f, "这是最后一个在用的{}账号，请先另设一个", role.label())
            }
            Self::Provider(fault) => write!(f, "{fault}"),
            Self::NotAway => f.write_str(
                "这次登录已经用过、超过了十分钟，或者不是从这个浏览器开始的。请重新登录",
            ),
            Self::Unlinked(_) => f.write_str("这个身份还没有关联到任何账号，请找系统管理员"),
            Self::LinkUnconfirmed => {
                f.write_str("这个身份和账号的关联还没有确认，请找安全管理员确认以后再登录")
            }
            Self::Closed => f.write_str("这个身份的账号已经停用，请找系统管理员"),
            Self::Backup(problem) => write!(f, "{problem}"),
            Self::KeyNotRestored(file) => write!(
                f,
                "这一步要用的密钥（{file}）没有随备份恢复，现在办不了；请系统管理员带上密钥重新恢复（huiyin restore --keys）"
            ),
            other => f.write_str(other.code()),
        }
    }
}

fn not_allowed(f: &mut fmt::Formatter<'_>, role: Role, may: &[Role]) -> fmt::Result {
    let may: Vec<_> = may.iter().map(|role| role.label()).collect();
    write!(
        f,
        "“{}”不能做这一步，请由{}办理",
        role.label(),
        may.join("或")
    )
}

/// What a verb ends with when it does not succeed: theirs or ours.
#[derive(Debug)]
pub enum VerbError {
    /// The rules say no; nothing was changed.
    Refused(Refusal),
    /// The database failed; nothing was changed.
    Failed(StorageError),
    /// A file, key or mail spool failed; nothing was acknowledged.
    Io(std::io::Error),
}

/// Result of a verb.
pub type Verb<T> = Result<T, VerbError>;

impl fmt::Display for VerbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "{refusal}（{}）", refusal.code()),
            Self::Failed(error) => write!(f, "{error}"),
            Self::Io(error) => write!(f, "文件读写失败：{error}"),
        }
    }
}

impl std::error::Error for VerbError {}

impl From<Refusal> for VerbError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StorageError> for VerbError {
    fn from(error: StorageError) -> Self {
        Self::Failed(error)
    }
}

impl From<std::io::Error> for VerbError {
    fn from(error: std::io::Error) -> Self {
        match keys::not_restored(&error) {
            Some(missing) => Self::Refused(Refusal::KeyNotRestored(missing.0.clone())),
            None => Self::Io(error),
        }
    }
}

impl From<StepRefused> for VerbError {
    fn from(step: StepRefused) -> Self {
        Self::Refused(Refusal::Step(step))
    }
}

impl From<loop_rules::StepRefused> for VerbError {
    fn from(step: loop_rules::StepRefused) -> Self {
        Self::Refused(Refusal::Loop(step))
    }
}

impl From<publication::BulletinRefused> for VerbError {
    fn from(refused: publication::BulletinRefused) -> Self {
        Self::Refused(Refusal::Publication(refused))
    }
}
