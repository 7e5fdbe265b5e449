//! A method department changes its own branch of the indicator tree: first looked at, then proposed to the office.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    documents::indicators,
    indicator_tree::{Ground, TREE, current_tree, nodes, not_overtaken, own_branch},
    words,
};
use chrono::{DateTime, Utc};
use std::{collections::BTreeSet, io};
use storage::{
    indicator_changes::{self, IndicatorChange, IndicatorChangeState},
    settings,
};
use survey_design::{
    BranchChange, Indicator, IndicatorSet, Measure, branch_changes, canonical_digest, next_code,
};
use vocabulary::{IndicatorId, Points};

/// A branch as somebody has it on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchDraft {
    /// Digest of the version it was made from.
    pub seen: String,
    /// Its nodes; what is not listed is given up.
    pub nodes: Vec<NodeDraft>,
}

/// One node as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeDraft {
    /// Its code; none for a new leaf, which is given the next one.
    pub code: Option<IndicatorId>,
    /// The heading of a new leaf.
    pub heading: Option<IndicatorId>,
    /// Name.
    pub name: String,
    /// Points.
    pub points: Points,
    /// What it is measured by.
    pub measure: Option<Measure>,
}

impl From<Indicator> for NodeDraft {
    fn from(node: Indicator) -> Self {
        Self {
            code: Some(node.id),
            heading: node.parent,
            name: node.name,
            points: node.points,
            measure: node.measure,
        }
    }
}

/// What a draft comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchPreview {
    /// The branch, with codes for new leaves.
    pub branch: Vec<Indicator>,
    /// What differs from the newest version.
    pub changes: Vec<BranchChange>,
    /// Digest of the branch: whoever proposes it has seen this preview.
    pub digest: String,
}

/// Says what a draft would change, and changes nothing.
///
/// # Errors
/// When the account owns no branch, the branch has changed since it was looked at, or the draft breaks a rule.
pub async fn preview_branch(app: &App, actor: &Actor, draft: &BranchDraft) -> Verb<BranchPreview> {
    let owner = own_branch(app, actor).await?;
    let (_, newest) = current_tree(app).await?;
    not_overtaken(app, app.store(), (&owner, &draft.seen), &newest).await?;
    previewed(app, &owner, &newest, draft).await
}

async fn previewed(
    app: &App,
    owner: &str,
    newest: &IndicatorSet,
    draft: &BranchDraft,
) -> Verb<BranchPreview> {
    let ground = Ground::of(app).await?;
    let mut given = ground.spent.clone();
    for change in indicator_changes::list_changes(app.store()).await? {
        given.extend(nodes(&change)?.into_iter().map(|node| node.id));
    }
    let before = newest.branch(owner);
    let branch: Result<Vec<Indicator>, Refusal> = draft
        .nodes
        .iter()
        .map(|node| drawn(node, owner, &before, &mut given))
        .collect();
    let branch = branch?;
    ground.take(newest, owner, &branch)?;
    Ok(BranchPreview {
        changes: branch_changes(&before, &branch),
        digest: canonical_digest(&branch),
        branch,
    })
}

/// The node a draft means; a new leaf takes the next code nobody was ever given.
fn drawn(
    draft: &NodeDraft,
    owner: &str,
    before: &[Indicator],
    given: &mut BTreeSet<IndicatorId>,
) -> Result<Indicator, Refusal> {
    let (id, parent) = match &draft.code {
        Some(code) => {
            let known = before.iter().find(|node| node.id == *code);
            let known = known.ok_or(Refusal::NotYours)?;
            (code.clone(), known.parent.clone())
        }
        None => {
            let heading = draft.heading.clone().ok_or(Refusal::Missing("上级指标"))?;
            let code = next_code(&heading, given);
            given.insert(code.clone());
            (code, Some(heading))
        }
    };
    Ok(Indicator {
        id,
        parent,
        name: draft.name.trim().to_owned(),
        points: draft.points,
        owner: owner.to_owned(),
        measure: draft.measure.clone(),
    })
}

/// Proposes a draft to the office and says under which number; it counts once somebody else has approved it.
///
/// # Errors
/// As [`preview_branch`], and when no reason is given.
pub async fn propose_branch(
    app: &App,
    actor: &Actor,
    draft: &BranchDraft,
    note: &str,
    now: DateTime<Utc>,
) -> Verb<i32> {
    allow(actor, Action::ProposeBranch)?;
    let owner = own_branch(app, actor).await?;
    let note = words("改动理由", note, 300)?;
    let tx = app.store.begin().await?;
    let base = settings::lock_setting(&tx, TREE).await?;
    let base = base.ok_or(Refusal::Missing("指标体系"))?;
    let newest = indicators(app, &base).await?;
    not_overtaken(app, &tx, (&owner, &draft.seen), &newest).await?;
    let preview = previewed(app, &owner, &newest, draft).await?;
    let last = indicator_changes::list_changes(&tx).await?;
    let number = last.first().map_or(1, |change| change.number + 1);
    let change = IndicatorChange {
        number,
        owner,
        base,
        branch: serde_json::to_string(&preview.branch).map_err(io::Error::other)?,
        note,
        state: IndicatorChangeState::Waiting,
        proposed_by: actor.account.to_string(),
        proposed_at: now,
        decided_by: None,
        decided_at: None,
        answer: None,
        result: None,
    };
    indicator_changes::insert_change(&tx, change).await?;
    audited(&tx, actor, "propose_branch", &number.to_string(), now).await?;
    tx.commit().await?;
    Ok(number)
}
