//! Publishes a round: one person proposes, another of another role approves, both sign the bundle.

use crate::{
    Action, Actor, App, Refusal, Verb, VerbError, allow,
    audit::audited_change,
    channel_counts,
    documents::{rules, world},
    matter_summary::{matter_cards, matter_summary},
    ratings::survey_ratings,
    rounds::{find, step},
    score_round::{ScoreRun, latest_run, rounds_before},
};
use chrono::{DateTime, Utc};
use publication::{
    Bulletin, BulletinBody, BulletinState, Official, OverallFigures, Period, PublishedRound,
    TrendPoint, TrendRound, class_tables, headline_of, percentage, result_id, table_digest, trend,
};
use rand::CryptoRng;
use snapshot::{BundleInput, SigningKeyFile};
use std::{io, path::PathBuf};
use storage::{
    audit_log, ballots,
    invitations::{self, InvitationKind},
    rounds::RoundRecord,
    scores, units,
};
use survey_design::{RoundState, Rules};
use vocabulary::RoundId;

/// How far a publication has come.
#[derive(Clone, Debug)]
pub enum PublishStep {
    /// One person asked; another must approve.
    Proposed,
    /// Public.
    Published {
        /// The signed bundle.
        bundle: PathBuf,
        /// Digest of the published table.
        digest: String,
    },
}

/// What is published is stored under this version; corrections will raise it.
const FIRST: i32 = 1;

/// Takes the next step towards publication: reviews and proposes, or approves what another proposed.
///
/// # Errors
/// When the round is not frozen, the same person or role takes both steps, or the bundle cannot be written.
pub async fn publish_round(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    now: DateTime<Utc>,
    rng: &mut impl CryptoRng,
) -> Verb<PublishStep> {
    let record = find(app, id).await?;
    match scores::find_bulletin(app.store(), id, FIRST).await? {
        None => propose(app, actor, &record, now).await,
        Some(row) => approve(app, actor, &record, row, now, rng).await,
    }
}

fn official(actor: &Actor) -> Official {
    Official {
        account: actor.account.clone(),
        role: actor.role,
    }
}

async fn propose(
    app: &App,
    actor: &Actor,
    record: &RoundRecord,
    now: DateTime<Utc>,
) -> Verb<PublishStep> {
    allow(actor, Action::Propose)?;
    let id = &record.round.id;
    record.round.state.step(RoundState::Published)?;
    let body = compose(app, record).await?;
    let bulletin = Bulletin::draft(id.clone(), 1)
        .review(official(actor))?
        .propose(official(actor))?;
    let row = scores::Bulletin {
        round_id: id.to_string(),
        version: FIRST,
        state: serde_json::to_string(&bulletin).expect("a bulletin is plain data"),
        table_digest: Some(body.table_digest.clone()),
        body: serde_json::to_string(&body).expect("a bulletin is plain data"),
        bundle_path: None,
        proposed_by: Some(actor.account.to_string()),
        proposed_at: Some(now),
        approved_by: None,
        published_at: None,
    };
    let digest = body.table_digest;
    let tx = app.store.begin().await?;
    scores::insert_bulletin(&tx, row).await?;
    audited_change(
        &tx,
        actor,
        "propose_publication",
        id.as_str(),
        (None, Some(digest)),
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(PublishStep::Proposed)
}

async fn approve(
    app: &App,
    actor: &Actor,
    record: &RoundRecord,
    mut row: scores::Bulletin,
    now: DateTime<Utc>,
    rng: &mut impl CryptoRng,
) -> Verb<PublishStep> {
    allow(actor, Action::Approve)?;
    let id = &record.round.id;
    record.round.state.step(RoundState::Published)?;
    let bulletin: Bulletin =
        serde_json::from_str(&row.state).map_err(|_| Refusal::Missing("通报的办理记录"))?;
    let body: BulletinBody =
        serde_json::from_str(&row.body).map_err(|_| Refusal::Missing("通报的内容"))?;
    let bulletin = bulletin.approve(official(actor))?;
    let BulletinState::Published { proposed_by, .. } = &bulletin.state else {
        return Err(Refusal::Missing("通报的提请人").into());
    };
    let proposer = signing_key(app, proposed_by.account.as_str(), proposed_by.role, rng)?;
    let approver = signing_key(app, actor.account.as_str(), actor.role, rng)?;
    let folder = app.folder().join("bundles").join(&body.result_id);
    write_signed_bundle(app, record, &body, &folder, [&proposer, &approver]).await?;
    let from = std::mem::take(&mut row.state);
    row.state = serde_json::to_string(&bulletin).expect("a bulletin is plain data");
    row.bundle_path = Some(folder.display().to_string());
    row.approved_by = Some(actor.account.to_string());
    row.published_at = Some(now);
    let digest = body.table_digest;
    let tx = app.store.begin().await?;
    step(&tx, id, RoundState::Published, now).await?;
    scores::update_bulletin(&tx, row, &from).await?;
    audited_change(
        &tx,
        actor,
        "publish_round",
        id.as_str(),
        (None, Some(digest.clone())),
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(PublishStep::Published {
        bundle: folder,
        digest,
    })
}

/// The signing key of an official, in a file of its own; made at the first signature.
fn signing_key(
    app: &App,
    account: &str,
    role: vocabulary::Role,
    rng: &mut impl CryptoRng,
) -> Verb<SigningKeyFile> {
    let folder = app.folder().join("keys");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("sign-{account}.json"));
    let broken =
        |error: snapshot::SnapshotError| VerbError::Io(io::Error::other(error.to_string()));
    if path.exists() {
        return SigningKeyFile::load(&path).map_err(broken);
    }
    app.keys.refuse_new(&format!("sign-{account}.json"))?;
    let key = SigningKeyFile::generate(account, role, rng);
    key.save(&path).map_err(broken)?;
    Ok(key)
}

async fn write_signed_bundle(
    app: &App,
    record: &RoundRecord,
    body: &BulletinBody,
    folder: &PathBuf,
    keys: [&SigningKeyFile; 2],
) -> Verb<()> {
    let id = &record.round.id;
    let run = latest_run(app, id).await?.ok_or(Refusal::NothingToScore)?;
    let ratings = survey_ratings(app, id).await?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let (classes, units) = (
        units::list_classes(app.store()).await?,
        units::list_units(app.store()).await?,
    );
    let audit_head = audit_log::head(app.store()).await?.hash;
    let input = BundleInput {
        result_id: &body.result_id,
        version: body.version,
        seed: body.seed,
        code_version: env!("CARGO_PKG_VERSION"),
        audit_head: &audit_head,
        table_digest: &body.table_digest,
        rules: &rules,
        classes: &classes,
        units: &units,
        ratings: &ratings.rows,
        score_input: &run.input,
        counts: &body.overall.channels,
        signers: &[keys[0].signer(), keys[1].signer()],
    };
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    let refuse =
        |error: snapshot::SnapshotError| VerbError::from(Refusal::Bundle(error.to_string()));
    snapshot::write_bundle(folder, &input).map_err(refuse)?;
    for key in keys {
        snapshot::sign(folder, key).map_err(refuse)?;
    }
    Ok(())
}

/// The content of a bulletin, from the frozen run.
async fn compose(app: &App, record: &RoundRecord) -> Verb<BulletinBody> {
    let id = &record.round.id;
    let run = latest_run(app, id).await?.ok_or(Refusal::NothingToScore)?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let world = world(app).await?;
    let (classes, units) = (
        units::list_classes(app.store()).await?,
        units::list_units(app.store()).await?,
    );
    let earlier = earlier_bulletins(app, id).await?;
    let before = match rounds_before(app, id).await?.last() {
        Some(previous) => latest_run(app, previous).await?.map(|run| run.ranking),
        None => None,
    };
    let tables = class_tables(&run.ranking, before.as_ref(), &classes, &units);
    let mut published: Vec<PublishedRound> = earlier.iter().map(published_round).collect();
    published.push(PublishedRound {
        round: TrendRound {
            id: id.clone(),
            title: record.round.title.clone(),
        },
        points: run.ranking.rows.iter().map(point).collect(),
    });
    Ok(BulletinBody {
        result_id: result_id(&world.code, id, 1),
        round: id.clone(),
        version: 1,
        round_title: record.round.title.clone(),
        period: Period {
            start: record.round.period_start,
            end: record.round.period_end,
        },
        headline: headline_of(&run.ranking.rows),
        overall: overall(app, &run, id).await?,
        classes: tables,
        trend: trend(&published),
        matters: matter_summary(app, id).await?,
        public_matters: matter_cards(app, id, &units).await?,
        method_note: method_note(&rules),
        corrections: Vec::new(),
        rules_digest: run.rules_digest.clone(),
        table_digest: table_digest(&run.ranking.rows),
        seed: record.round.seed,
        hidden_below: rules.minimum_n.bracketed,
        items: shown_items(&run),
    })
}

/// Items of units that may be shown; the others keep their figures to themselves.
fn shown_items(run: &ScoreRun) -> Vec<analytics::ItemEstimate> {
    let shown = |unit: &vocabulary::UnitId| {
        run.ranking
            .rows
            .iter()
            .any(|row| row.unit == *unit && row.score.is_some())
    };
    run.items
        .iter()
        .filter(|item| shown(&item.unit))
        .cloned()
        .collect()
}

fn point(row: &analytics::RankingRow) -> (vocabulary::UnitId, vocabulary::ClassId, TrendPoint) {
    (
        row.unit.clone(),
        row.class.clone(),
        TrendPoint {
            place: row.place,
            score: row.score,
        },
    )
}

fn published_round(body: &BulletinBody) -> PublishedRound {
    PublishedRound {
        round: TrendRound {
            id: body.round.clone(),
            title: body.round_title.clone(),
        },
        points: body.rows().map(point).collect(),
    }
}

async fn overall(app: &App, run: &ScoreRun, id: &RoundId) -> Verb<OverallFigures> {
    let channels = channel_counts(app, id).await?;
    let tokens = invitations::count_tokens(app.store(), id).await?;
    let issued: u64 = tokens
        .iter()
        .filter(|count| count.kind == InvitationKind::Overall)
        .map(|count| count.tokens)
        .sum();
    let mut ballots = ballots::ballot_counts(app.store(), id).await?.opened;
    ballots.retain(|count| count.kind == InvitationKind::Overall);
    let received: u64 = ballots.iter().map(|count| count.ballots).sum();
    let valid: u64 = ballots
        .iter()
        .filter(|count| count.void_reason.is_none())
        .map(|count| count.ballots)
        .sum();
    let scored: u64 = run
        .scores
        .units
        .iter()
        .map(|unit| unit.distribution.iter().sum::<u64>())
        .sum();
    let dont_know: u64 = run.scores.units.iter().map(|unit| unit.n_dk).sum();
    Ok(OverallFigures {
        issued,
        received,
        valid,
        response_rate: percentage(received, issued),
        dont_know_share: percentage(dont_know, scored + dont_know),
        channels,
    })
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

/// The bulletin of a round, if it is public.
///
/// # Errors
/// When the database fails.
pub async fn published_bulletin(app: &App, id: &RoundId) -> Verb<Option<BulletinBody>> {
    let row = scores::find_bulletin(app.store(), id, FIRST).await?;
    Ok(row
        .filter(|row| row.published_at.is_some())
        .and_then(|row| serde_json::from_str(&row.body).ok()))
}

fn method_note(rules: &Rules) -> Vec<String> {
    let n = &rules.minimum_n;
    vec![
        format!(
            "得分是 0—100 分：非常满意 {} 分、满意 {} 分、基本满意 {} 分、不满意 {} 分、非常不满意 {} 分；“不了解”不计分，比例另外公布。",
            rules.ruler.very_satisfied,
            rules.ruler.satisfied,
            rules.ruler.fair,
            rules.ruler.dissatisfied,
            rules.ruler.very_dissatisfied
        ),
        "各渠道分别算分，再按公布的权重合成；一个部门缺少某个渠道时，权重按比例分给其他渠道，并加标注。".to_owned(),
        format!(
            "有效评价不足 {} 份的部门不显示得分；{}—{} 份的得分加括号；不足 {} 份的不排名。",
            n.bracketed,
            n.bracketed,
            n.shown.saturating_sub(1),
            n.ranked
        ),
        "先看分组，再看位次区间，最后看名次：区间重叠的部门分不出高低，名次只供参考。".to_owned(),
        "系统默认的好评计入收到数，不计分。".to_owned(),
    ]
}
