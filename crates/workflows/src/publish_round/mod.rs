//! The road of a bulletin: checked for secrecy and privacy, agreed to by two people of two roles, read inside, then public.

mod bundle;
mod compose;

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited_change,
    correct_round::begun,
    documents::rules,
    rounds::{find, step},
    score_round::{latest_run, refuse_changed_inputs, rounds_before},
};
use chrono::{DateTime, Utc};
use publication::{Bulletin, BulletinBody, BulletinState, Official, drift};
use rand::CryptoRng;
use std::path::PathBuf;
use storage::{
    Tx,
    rounds::RoundRecord,
    scores::{self, Bulletin as Row},
};
use survey_design::RoundState;
use tokio::sync::Mutex;
use vocabulary::{RoundId, civil_date};

/// A step on the road to publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicationStep {
    /// Secrecy and privacy were checked.
    Review,
    /// The first of two people agrees.
    Propose,
    /// The second agrees: both sign, and whoever has an account may read it.
    Approve,
    /// Anybody may read it.
    Release,
    /// Back to be written anew.
    SendBack {
        /// Why.
        reason: String,
    },
}

impl PublicationStep {
    /// The stable name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Propose => "propose",
            Self::Approve => "approve",
            Self::Release => "release",
            Self::SendBack { .. } => "send_back",
        }
    }

    /// The step with this name, with these words where it needs some.
    #[must_use]
    pub fn from_code(code: &str, reason: &str) -> Option<Self> {
        match code {
            "review" => Some(Self::Review),
            "propose" => Some(Self::Propose),
            "approve" => Some(Self::Approve),
            "release" => Some(Self::Release),
            "send_back" => Some(Self::SendBack {
                reason: reason.to_owned(),
            }),
            _ => None,
        }
    }

    /// The step that leads on from here; none once it is public.
    #[must_use]
    pub const fn next(state: Option<&BulletinState>) -> Option<Self> {
        match state {
            None | Some(BulletinState::Draft { .. }) => Some(Self::Review),
            Some(BulletinState::Reviewed { .. }) => Some(Self::Propose),
            Some(BulletinState::Proposed { .. }) => Some(Self::Approve),
            Some(BulletinState::Internal { .. }) => Some(Self::Release),
            Some(BulletinState::Published { .. } | BulletinState::Superseded { .. }) => None,
        }
    }

    /// The action it is; sending back is open to whoever may take any of the steps.
    #[must_use]
    pub fn action(&self, actor: &Actor) -> Action {
        match self {
            Self::Review | Self::Propose => Action::Propose,
            Self::Approve | Self::Release => Action::Approve,
            Self::SendBack { .. } if allow(actor, Action::Propose).is_ok() => Action::Propose,
            Self::SendBack { .. } => Action::Approve,
        }
    }

    const fn audit_name(&self) -> &'static str {
        match self {
            Self::Review => "review_publication",
            Self::Propose => "propose_publication",
            Self::Approve => "publish_round",
            Self::Release => "release_publication",
            Self::SendBack { .. } => "send_back_publication",
        }
    }
}

/// How far a publication has come.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Where it stands.
    pub bulletin: Bulletin,
    /// Digest of the published table.
    pub digest: String,
    /// The signed bundle, once both have agreed.
    pub bundle: Option<PathBuf>,
}

/// Bundles are written one at a time, so that of several clicks one writes and the others find it done.
static WRITING: Mutex<()> = Mutex::const_new(());

/// Takes a step towards publication, for the newest version of a round's bulletin.
///
/// Each step up to the second agreement looks again: the data must be those the scores were computed from, and the bulletin
/// must still say what would be said now.
///
/// # Errors
/// When the round is not frozen, the step does not follow, the same person or role takes both agreeing steps, the agreement
/// comes too late, or anything has changed since the check.
pub async fn step_publication(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    wanted: PublicationStep,
    now: DateTime<Utc>,
    rng: &mut impl CryptoRng,
) -> Verb<Publication> {
    allow(actor, wanted.action(actor))?;
    let record = find(app, id).await?;
    if record.round.state < RoundState::Frozen {
        record.round.state.step(RoundState::Published)?;
    }
    let _alone = WRITING.lock().await;
    let known = scores::latest_bulletin(app.store(), id).await?;
    let row = known.clone().unwrap_or_else(|| begun(id, 1));
    let bulletin: Bulletin =
        serde_json::from_str(&row.state).map_err(|_| Refusal::Missing("通报的办理记录"))?;
    let road = Road {
        app,
        actor,
        record: &record,
        now,
    };
    let from = known.as_ref().map(|row| row.state.clone());
    match wanted {
        PublicationStep::Review => road.review(bulletin, row, from).await,
        PublicationStep::Propose => road.propose(bulletin, row).await,
        PublicationStep::Approve => road.approve(bulletin, row, rng).await,
        PublicationStep::Release => road.release(bulletin, row).await,
        PublicationStep::SendBack { reason } => road.send_back(bulletin, row, &reason).await,
    }
}

/// What all steps need.
struct Road<'a> {
    app: &'a App,
    actor: &'a Actor,
    record: &'a RoundRecord,
    now: DateTime<Utc>,
}

impl Road<'_> {
    fn id(&self) -> &RoundId {
        &self.record.round.id
    }

    fn official(&self) -> Official {
        Official {
            account: self.actor.account.clone(),
            role: self.actor.role,
        }
    }

    async fn review(
        &self,
        bulletin: Bulletin,
        mut row: Row,
        from: Option<String>,
    ) -> Verb<Publication> {
        let bulletin = bulletin.review(self.official())?;
        self.refuse_changed_inputs().await?;
        let body = compose::compose(self.app, self.record, bulletin.version, self.now).await?;
        row.table_digest = Some(body.table_digest.clone());
        row.body = serde_json::to_string(&body).expect("a bulletin is plain data");
        let tx = self.app.store.begin().await?;
        if from.is_none() {
            row.state = stored(&bulletin);
            scores::insert_bulletin(&tx, row.clone()).await?;
            return self
                .end(tx, &PublicationStep::Review, bulletin, row, None)
                .await;
        }
        self.end(tx, &PublicationStep::Review, bulletin, row, from)
            .await
    }

    async fn propose(&self, bulletin: Bulletin, mut row: Row) -> Verb<Publication> {
        let rules = rules(self.app, &self.record.round.rules_digest).await?;
        let until = rules
            .calendar
            .add(civil_date(self.now), rules.deadlines.approval);
        let bulletin = bulletin.propose(self.official(), until)?;
        self.refuse_drift(&row, bulletin.version).await?;
        row.proposed_by = Some(self.actor.account.to_string());
        row.proposed_at = Some(self.now);
        let tx = self.app.store.begin().await?;
        let from = Some(row.state.clone());
        self.end(tx, &PublicationStep::Propose, bulletin, row, from)
            .await
    }

    async fn approve(
        &self,
        bulletin: Bulletin,
        mut row: Row,
        rng: &mut impl CryptoRng,
    ) -> Verb<Publication> {
        let bulletin = bulletin.approve(self.official(), civil_date(self.now))?;
        let body = self.refuse_drift(&row, bulletin.version).await?;
        let BulletinState::Internal { proposed_by, .. } = &bulletin.state else {
            return Err(Refusal::Missing("通报的报请人").into());
        };
        let signers = [proposed_by.clone(), self.official()];
        let written = bundle::write_signed(self.app, self.record, &body, &signers, rng).await?;
        row.bundle_path = Some(written.place().display().to_string());
        row.approved_by = Some(self.actor.account.to_string());
        let tx = self.app.store.begin().await?;
        let from = Some(row.state.clone());
        written.put()?;
        self.end(tx, &PublicationStep::Approve, bulletin, row, from)
            .await
    }

    async fn release(&self, bulletin: Bulletin, mut row: Row) -> Verb<Publication> {
        let bulletin = bulletin.release()?;
        row.published_at = Some(self.now);
        let tx = self.app.store.begin().await?;
        if self.record.round.state != RoundState::Published {
            step(&tx, self.id(), RoundState::Published, self.now).await?;
        }
        self.supersede_earlier(&tx, bulletin.version).await?;
        let from = Some(row.state.clone());
        self.end(tx, &PublicationStep::Release, bulletin, row, from)
            .await
    }

    async fn send_back(&self, bulletin: Bulletin, mut row: Row, reason: &str) -> Verb<Publication> {
        let bulletin = bulletin.send_back(self.official(), reason)?;
        (row.proposed_by, row.proposed_at) = (None, None);
        let tx = self.app.store.begin().await?;
        let (from, step) = (Some(row.state.clone()), reason.to_owned());
        let step = PublicationStep::SendBack { reason: step };
        self.end(tx, &step, bulletin, row, from).await
    }

    /// Earlier versions stay readable and say which one took their place.
    async fn supersede_earlier(&self, tx: &Tx, by_version: u32) -> Verb<()> {
        for version in 1..by_version {
            let number = i32::try_from(version).expect("versions stay small");
            let Some(mut row) = scores::find_bulletin(tx, self.id(), number).await? else {
                continue;
            };
            let Ok(bulletin) = serde_json::from_str::<Bulletin>(&row.state) else {
                continue;
            };
            if let Ok(superseded) = bulletin.supersede(by_version) {
                let from = std::mem::replace(&mut row.state, stored(&superseded));
                scores::update_bulletin(tx, row, &from).await?;
            }
        }
        Ok(())
    }

    /// Stores where the bulletin stands now, with its event.
    async fn end(
        &self,
        tx: Tx,
        step: &PublicationStep,
        bulletin: Bulletin,
        mut row: Row,
        from: Option<String>,
    ) -> Verb<Publication> {
        row.state = stored(&bulletin);
        let bundle = row.bundle_path.clone().map(PathBuf::from);
        let digest = row.table_digest.clone().unwrap_or_default();
        if let Some(from) = from {
            scores::update_bulletin(&tx, row, &from).await?;
        }
        audited_change(
            &tx,
            self.actor,
            step.audit_name(),
            self.id().as_str(),
            (None, Some(digest.clone())),
            self.now,
        )
        .await?;
        tx.commit().await?;
        Ok(Publication {
            bulletin,
            digest,
            bundle,
        })
    }

    async fn refuse_changed_inputs(&self) -> Verb<()> {
        let run = latest_run(self.app, self.id())
            .await?
            .ok_or(Refusal::NothingToScore)?;
        refuse_changed_inputs(self.app, self.id(), &run).await
    }

    /// The checked content, if it still says what would be said now.
    async fn refuse_drift(&self, row: &Row, version: u32) -> Verb<BulletinBody> {
        self.refuse_changed_inputs().await?;
        let checked: BulletinBody =
            serde_json::from_str(&row.body).map_err(|_| Refusal::Missing("通报的内容"))?;
        let now = compose::compose(self.app, self.record, version, self.now).await?;
        match drift(&checked, &now) {
            changes if changes.is_empty() => Ok(checked),
            changes => Err(Refusal::Drifted(changes).into()),
        }
    }
}

fn stored(bulletin: &Bulletin) -> String {
    serde_json::to_string(bulletin).expect("a bulletin is plain data")
}

/// What the newest version of a round's bulletin says, or would say if it were checked now.
///
/// # Errors
/// When the round is not scored.
pub async fn bulletin_preview(app: &App, id: &RoundId, now: DateTime<Utc>) -> Verb<BulletinBody> {
    let record = find(app, id).await?;
    let row = scores::latest_bulletin(app.store(), id).await?;
    let version = row.as_ref().map_or(1, |row| row.version);
    match row.and_then(|row| serde_json::from_str(&row.body).ok()) {
        Some(body) => Ok(body),
        None => compose::compose(app, &record, u32::try_from(version).unwrap_or(1), now).await,
    }
}

/// Bulletins published before this round, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn earlier_bulletins(app: &App, id: &RoundId) -> Verb<Vec<BulletinBody>> {
    let mut found = Vec::new();
    for round in rounds_before(app, id).await? {
        found.extend(published_bulletin(app, &round).await?);
    }
    Ok(found)
}

/// The newest public bulletin of a round, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn published_bulletin(app: &App, id: &RoundId) -> Verb<Option<BulletinBody>> {
    let row = scores::public_bulletin(app.store(), id).await?;
    Ok(row.and_then(|row| serde_json::from_str(&row.body).ok()))
}
