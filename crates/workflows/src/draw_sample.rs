//! Draws the sample and invites: the only verb that brings a contact and a code together, in one mail, and forgets both.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    documents::rules,
    issue_invitations::{self as issue, Invited},
    rounds::{find, step},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use response_collection::{
    Chance, DrawCertificate, Drawn, Frame, FrameBuilder, FrameMember, WeightClass, WeightLabels,
    draw,
};
use std::collections::BTreeMap;
use storage::{
    Tx,
    draws::{self, DrawnClass, DrawnMember, SampleDraw},
    invitations::InvitationKind,
    pool,
    rounds::{self, RoundRecord},
};
use survey_design::RoundState;
use vocabulary::{RaterGroup, RoundId, StratumId, Weight};

/// What was drawn and invited.
#[derive(Clone, Debug)]
pub struct DrawReport {
    /// Certificate with which anybody can draw again.
    pub certificate: DrawCertificate,
    /// People drawn by group, without reserves.
    pub drawn: BTreeMap<RaterGroup, u64>,
    /// People in reserve replicates.
    pub reserves: u64,
    /// People whose weight fewer than five drawn people of their stratum share, while the stratum has more: the weight of an
    /// answer may tell who gave it.
    pub told_by_weight: u64,
    /// Enterprises invited to the online evaluation (X).
    pub enterprises: u64,
}

/// Draws with the published seed, keeps frame and certificate, and issues one invitation for each person of the sample, and
/// one for each enterprise. Reserve replicates wait for [`crate::release_replicate`].
///
/// The order of the mails says nothing about the order of the draw.
///
/// # Errors
/// When the pool is too small, the round has been drawn already, or the vault cannot be read.
pub async fn draw_sample(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    seed: u64,
    base_url: &str,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<DrawReport> {
    allow(actor, Action::Prepare)?;
    let record = find(app, id).await?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let frame = frame(app, &record).await?;
    let sample =
        draw(&frame, &rules.sample, seed).map_err(|refused| Refusal::Draw(refused.to_string()))?;
    let certificate = sample.certificate(id.clone(), &frame, &rules.sample);
    let populations: BTreeMap<_, _> = certificate
        .strata
        .iter()
        .map(|stratum| (&stratum.stratum, stratum.population))
        .collect();
    let labels = WeightLabels::of(sample.drawn.iter().map(class));
    let main = sample.drawn.iter().filter(|drawn| drawn.replicate == 0);
    let mut invited: Vec<Invited> = main.map(|drawn| person(drawn, &labels)).collect();
    let enterprises = enterprises(&pool::list_members_of(app.store(), ENTERPRISE_LIST).await?);
    let report = DrawReport {
        certificate: certificate.clone(),
        reserves: (sample.drawn.len() - invited.len()) as u64,
        told_by_weight: told_by_weight(&invited),
        drawn: count_by_group(&invited),
        enterprises: enterprises.len() as u64,
    };
    let drawn: Vec<String> = invited.iter().map(|one| one.pseudonym.clone()).collect();
    invited.extend(enterprises);

    let letters = issue::prepare(app, actor, &record, base_url, invited, now, rng).await?;
    let tx = app.store.begin().await?;
    step(&tx, id, RoundState::Sampling, now).await?;
    rounds::set_round_seed(&tx, id, seed).await?;
    let draw_row = SampleDraw {
        id: format!("draw-{id}"),
        round_id: id.to_string(),
        seed,
        certificate: serde_json::to_string(&certificate).expect("a certificate is plain data"),
        released: 0,
        drawn_by: actor.account.to_string(),
        drawn_at: now,
    };
    draws::insert_draw(&tx, draw_row).await?;
    let rows = sample.drawn.iter();
    let rows = rows.map(|one| drawn_row(id, one, populations[&one.stratum]));
    draws::insert_drawn_members(&tx, rows.collect()).await?;
    keep_frame(&tx, id, &frame).await?;
    issue::rest(&tx, &record, &rules.sample, &drawn).await?;
    letters.issue(app, &tx, &rules, rng).await?;
    audited(&tx, actor, "draw_sample", id.as_str(), now).await?;
    tx.commit().await?;
    Ok(report)
}

/// Members read at a time.
const PART: u64 = 20_000;
/// Lines of the frame kept in one row.
const LINES: usize = 10_000;

/// Everybody of the library who may be asked in this round.
async fn frame(app: &App, record: &RoundRecord) -> Verb<Frame> {
    let refused = |refused: response_collection::FrameRefused| Refusal::Draw(refused.to_string());
    let (mut builder, mut last) = (FrameBuilder::default(), String::new());
    loop {
        let day = record.round.period_end;
        let part = pool::list_rested_members(app.store(), day, &last, PART).await?;
        let Some(end) = part.last() else { break };
        last.clone_from(&end.pseudonym);
        for member in part.into_iter().filter_map(frame_member) {
            builder.push(member).map_err(refused)?;
        }
    }
    let frame = builder.finish().map_err(refused)?;
    if frame.is_empty() {
        return Err(Refusal::Draw(
            "样本库是空的，请先在“导入文件”里上传样本库，由另一位同志核对入库".into(),
        )
        .into());
    }
    Ok(frame)
}

/// `None` for an enterprise of the list, which is no rater group of the survey.
fn frame_member(member: pool::PoolMember) -> Option<FrameMember> {
    Some(FrameMember {
        group: RaterGroup::from_code(&member.rater_group)?,
        pseudonym: member.pseudonym,
        stratum: StratumId::new(member.stratum),
        community: member.community,
        size: u32::try_from(member.size).unwrap_or(u32::MAX),
    })
}

async fn keep_frame(tx: &Tx, id: &RoundId, frame: &Frame) -> Verb<()> {
    let mut lines = frame.csv_lines().peekable();
    let parts = std::iter::from_fn(|| {
        lines.peek()?;
        let part = lines.by_ref().take(LINES);
        Some(part.fold(String::new(), |text, line| text + &line + "\n"))
    });
    Ok(draws::insert_frame(tx, id, parts).await?)
}

fn class(drawn: &Drawn) -> WeightClass {
    (drawn.group, drawn.stratum.clone(), drawn.chances.clone())
}

/// The class of a stored row; `None` when it is not ours.
pub(crate) fn stored_class(row: &DrawnClass) -> Option<WeightClass> {
    let chances: Result<Vec<Chance>, _> = row.chances.split(' ').map(str::parse).collect();
    let group = RaterGroup::from_code(&row.rater_group)?;
    Some((group, StratumId::new(&row.stratum), chances.ok()?))
}

fn person(drawn: &Drawn, labels: &WeightLabels) -> Invited {
    Invited {
        pseudonym: drawn.pseudonym.clone(),
        kind: InvitationKind::Overall,
        group: drawn.group,
        stratum: drawn.stratum.clone(),
        weight: labels.label(&class(drawn)).unwrap_or_default(),
        enterprise_key: None,
    }
}

/// People who share their weight with fewer than five, in a stratum of more.
fn told_by_weight(invited: &[Invited]) -> u64 {
    let mut sharing = BTreeMap::<_, BTreeMap<Weight, u64>>::new();
    for one in invited {
        let weights = sharing.entry((one.group, &one.stratum)).or_default();
        *weights.entry(one.weight).or_default() += 1;
    }
    let several = sharing.into_values().filter(|weights| weights.len() > 1);
    let people = several.flat_map(BTreeMap::into_values);
    people.filter(|people| *people < 5).sum()
}

/// Every enterprise of the pool rates online; they stand in the pool under the stratum `X`.
fn enterprises(members: &[pool::PoolMember]) -> Vec<Invited> {
    let listed = members
        .iter()
        .filter(|member| member.rater_group == ENTERPRISE_LIST);
    listed
        .map(|member| Invited {
            pseudonym: member.pseudonym.clone(),
            kind: InvitationKind::Enterprise,
            group: RaterGroup::Enterprises,
            stratum: member.stratum.as_str().into(),
            weight: Weight::whole(1),
            enterprise_key: Some(member.pseudonym.clone()),
        })
        .collect()
}

/// The pool's group of enterprises that rate online; it is no rater group of the survey.
pub const ENTERPRISE_LIST: &str = "enterprise_list";

fn count_by_group(invited: &[Invited]) -> BTreeMap<RaterGroup, u64> {
    let mut counts = BTreeMap::new();
    for one in invited {
        *counts.entry(one.group).or_default() += 1;
    }
    counts
}

fn drawn_row(id: &RoundId, drawn: &Drawn, population: u32) -> DrawnMember {
    let chances: Vec<String> = drawn.chances.iter().map(ToString::to_string).collect();
    DrawnMember {
        round_id: id.to_string(),
        pseudonym: drawn.pseudonym.clone(),
        rater_group: drawn.group.code().to_owned(),
        stratum: drawn.stratum.to_string(),
        community: drawn.community.clone(),
        population: population.into(),
        replicate: drawn.replicate.into(),
        chances: chances.join(" "),
    }
}
