//! Releases the next reserve replicate: the whole of it, never single people in place of others.

use crate::{
    Action, Actor, App, Refusal, Verb, VerbError, allow,
    audit::audited,
    documents::rules,
    draw_sample::stored_class,
    issue_invitations::{self as issue, Invited},
    rounds::find,
};
use chrono::{DateTime, Utc};
use rand::Rng;
use response_collection::{DrawCertificate, WeightClass, WeightLabels};
use storage::{
    draws::{self, DrawnClass, DrawnMember, SampleDraw},
    invitations::InvitationKind,
};
use survey_design::RoundState;
use vocabulary::{RoundId, StratumId};

/// What was released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleaseReport {
    /// Which reserve replicate, 1 for the first.
    pub replicate: u8,
    /// People invited with it.
    pub people: u64,
    /// Reserve replicates that are left.
    pub left: u8,
}

/// The draw of a round with its certificate.
///
/// # Errors
/// When the round has not been drawn.
pub async fn find_certificate(
    app: &App,
    id: &RoundId,
) -> Verb<Option<(SampleDraw, DrawCertificate)>> {
    let found = draws::find_draw(app.store(), id).await?;
    let read = |draw: SampleDraw| Some((serde_json::from_str(&draw.certificate).ok()?, draw));
    Ok(found
        .and_then(read)
        .map(|(certificate, draw)| (draw, certificate)))
}

/// Invites everybody of the next reserve replicate. The weights of all answers follow: they are taken from what was released
/// when the round is scored.
///
/// # Errors
/// When the round takes no answers any more, nothing is left in reserve, or somebody else released at the same moment.
pub async fn release_replicate(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    base_url: &str,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<ReleaseReport> {
    allow(actor, Action::Prepare)?;
    let record = find(app, id).await?;
    let refused = |text: &str| VerbError::from(Refusal::Draw(text.to_owned()));
    if !matches!(
        record.round.state,
        RoundState::Sampling | RoundState::Collecting
    ) {
        return Err(refused("只有抽样以后、截止以前才能启用候补样本"));
    }
    let (draw, certificate) = find_certificate(app, id)
        .await?
        .ok_or_else(|| refused("本轮还没有抽样"))?;
    let reserves = certificate.rules.reserve_replicates;
    if draw.released >= reserves {
        return Err(refused("候补样本已全部启用"));
    }
    let replicate = draw.released + 1;
    let rows = draws::list_replicate(app.store(), id, replicate).await?;
    let labels = labels(app, id).await?;
    let invited = rows.iter().filter_map(|row| person(row, &labels)).collect();
    let people: Vec<String> = rows.into_iter().map(|row| row.pseudonym).collect();
    let rules = rules(app, &record.round.rules_digest).await?;

    let letters = issue::prepare(app, actor, &record, base_url, invited, now, rng).await?;
    let tx = app.store.begin().await?;
    if !draws::release_next(&tx, id, draw.released).await? {
        return Err(refused("这组候补样本刚刚已由别人启用"));
    }
    issue::rest(&tx, &record, &certificate.rules, &people).await?;
    letters.issue(app, &tx, &rules, rng).await?;
    let object = format!("{id} {replicate}");
    audited(&tx, actor, "release_replicate", &object, now).await?;
    tx.commit().await?;
    Ok(ReleaseReport {
        replicate,
        people: people.len() as u64,
        left: reserves - replicate,
    })
}

/// The labels of weights of a round, from its stored draw.
pub(crate) async fn labels(app: &App, id: &RoundId) -> Verb<WeightLabels> {
    let classes = draws::list_drawn_classes(app.store(), id).await?;
    Ok(WeightLabels::of(classes.iter().filter_map(stored_class)))
}

fn person(row: &DrawnMember, labels: &WeightLabels) -> Option<Invited> {
    let class: WeightClass = stored_class(&DrawnClass {
        rater_group: row.rater_group.clone(),
        stratum: row.stratum.clone(),
        population: row.population,
        chances: row.chances.clone(),
    })?;
    Some(Invited {
        pseudonym: row.pseudonym.clone(),
        kind: InvitationKind::Overall,
        group: class.0,
        stratum: StratumId::new(&row.stratum),
        weight: labels.label(&class)?,
        enterprise_key: None,
    })
}
