//! The newest version of the indicator tree, whose branch an account may change, and what a changed branch is held against.

use crate::{Action, Actor, App, Refusal, Verb, allow, documents::indicators, questionnaire};
use std::{collections::BTreeSet, io, sync::Arc};
use storage::{
    Link, accounts,
    documents::{self, DocumentKind},
    indicator_changes::{IndicatorChange, IndicatorChangeState},
    settings,
};
use survey_design::{
    BranchChange, BranchGround, Indicator, IndicatorSet, Questionnaire, branch_changes,
};
use vocabulary::{IndicatorId, Role};

/// Setting that holds the digest of the newest version.
pub(crate) const TREE: &str = "indicators";

/// The newest version of the indicator tree, with its digest.
///
/// # Errors
/// When the installation has none.
pub async fn current_tree(app: &App) -> Verb<(String, Arc<IndicatorSet>)> {
    let digest = settings::find_setting(app.store(), TREE).await?;
    let digest = digest.ok_or(Refusal::Missing("指标体系；请在城市模板里写明 indicators"))?;
    let tree = indicators(app, &digest).await?;
    Ok((digest, tree))
}

/// The owner of the branch this account may change.
///
/// # Errors
/// When the role may change none, or nobody has said which.
pub async fn own_branch(app: &App, actor: &Actor) -> Verb<String> {
    allow(actor, Action::ProposeBranch)?;
    let account = accounts::find_account(app.store(), actor.account.as_str()).await?;
    let branch = account.and_then(|account| account.branch);
    Ok(branch.ok_or(Refusal::Contradiction(
        "还没有指定这个账号牵头哪一部分指标，请找安全管理员指定",
    ))?)
}

/// The questionnaires new rounds ask.
///
/// # Errors
/// When the database fails.
pub async fn asked(app: &App) -> Verb<Vec<Arc<Questionnaire>>> {
    let mut asked = Vec::new();
    for key in ["questionnaire.overall", "questionnaire.enterprise"] {
        if let Some(digest) = settings::find_setting(app.store(), key).await? {
            asked.push(questionnaire(app, &digest).await?);
        }
    }
    Ok(asked)
}

/// What a changed branch is held against.
pub(crate) struct Ground {
    /// Every code a version ever had.
    pub(crate) spent: BTreeSet<IndicatorId>,
    asked: Vec<Arc<Questionnaire>>,
}

impl Ground {
    pub(crate) async fn of(app: &App) -> Verb<Self> {
        let mut spent = BTreeSet::new();
        for version in documents::list_documents(app.store(), DocumentKind::Indicators).await? {
            let tree = indicators(app, &version.digest).await?;
            spent.extend(tree.indicators.iter().map(|node| node.id.clone()));
        }
        let asked = asked(app).await?;
        Ok(Self { spent, asked })
    }

    /// The tree with this branch.
    pub(crate) fn take(
        &self,
        tree: &IndicatorSet,
        owner: &str,
        branch: &[Indicator],
    ) -> Result<IndicatorSet, Refusal> {
        let asked: Vec<&Questionnaire> = self.asked.iter().map(Arc::as_ref).collect();
        let ground = BranchGround {
            spent: &self.spent,
            asked: &asked,
        };
        tree.with_branch(owner, branch, &ground)
            .map_err(Refusal::Branch)
    }
}

/// The nodes of a proposed branch.
pub(crate) fn nodes(change: &IndicatorChange) -> Verb<Vec<Indicator>> {
    Ok(serde_json::from_str(&change.branch).map_err(io::Error::other)?)
}

/// What a proposed change changes of the version it was made from.
///
/// # Errors
/// When the database fails.
pub async fn changes_of(app: &App, change: &IndicatorChange) -> Verb<Vec<BranchChange>> {
    let base = indicators(app, &change.base).await?;
    Ok(branch_changes(&base.branch(&change.owner), &nodes(change)?))
}

/// Refuses what was made from a version after which the same branch has changed.
pub(crate) async fn not_overtaken(
    app: &App,
    link: &impl Link,
    (owner, base): (&str, &str),
    newest: &IndicatorSet,
) -> Verb<()> {
    if indicators(app, base).await?.branch(owner) == newest.branch(owner) {
        return Ok(());
    }
    let changes = storage::indicator_changes::list_changes(link).await?;
    let approved = |change: &&IndicatorChange| {
        change.owner == owner && change.state == IndicatorChangeState::Approved
    };
    let last = changes
        .iter()
        .filter(approved)
        .max_by_key(|change| change.decided_at);
    Err(match last {
        Some(change) => decided(link, change).await?,
        None => Refusal::Contradiction("这一部分指标已经换成新的模板，请按新版重新提出"),
    }
    .into())
}

/// That a change has been decided: what, by whom and when.
pub(crate) async fn decided(link: &impl Link, change: &IndicatorChange) -> Verb<Refusal> {
    let step = match change.state {
        IndicatorChangeState::Approved => "核准这一部分指标的改动",
        IndicatorChangeState::SentBack => "退回指标改动",
        IndicatorChangeState::Withdrawn | IndicatorChangeState::Waiting => "撤回指标改动",
    };
    let account = change.decided_by.clone().unwrap_or_default();
    let known = accounts::find_account(link, &account).await?;
    let by = known.map_or(account, |known| {
        let role = Role::from_code(&known.role).map_or("", Role::label);
        format!("{}（{role}）", known.name)
    });
    Ok(Refusal::Overtaken {
        step,
        by,
        at: change.decided_at.unwrap_or(change.proposed_at),
    })
}
