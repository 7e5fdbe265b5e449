//! What a row of each kind becomes in the database.

use super::take::Target;
use crate::{close_round::SERVED, opinions::opinion_of, seal::keyed};
use rating_import::{
    EnterpriseRow, HallRow, HotlineRow, HotlineTotals, PairingRow, RatingOrigin, Resolved,
    SurveyRow,
};
use sha2::{Digest, Sha256};
use storage::{
    ballots::{AnswerRow, BallotRow, Verdict},
    imports::{self, HallOrigin, HallRating, HotlineOrder, SurveyRating},
    invitations::InvitationKind,
    opinions,
    pairing_ratings::PairingRating,
};
use vocabulary::{Channel, Level, RaterGroup, RoundId, Weight};

pub(super) fn hall_rating(round: &RoundId, batch: &str, row: HallRow) -> HallRating {
    HallRating {
        round_id: round.to_string(),
        row_key: row.row_key,
        batch_id: batch.to_owned(),
        unit_id: row.unit.to_string(),
        level: row.level.map(Level::code),
        origin: match row.origin {
            RatingOrigin::Active => HallOrigin::Active,
            RatingOrigin::SystemDefault => HallOrigin::Default,
        },
        rating_no: i32::from(row.rating_no),
        contacted_in_time: row.contacted_in_time,
        rectified_in_time: row.rectified_in_time,
        follow_up_level: None,
        rated_on: row.rated_on,
        stage: String::new(),
        superseded_by: None,
    }
}

pub(super) fn hotline_order(round: &RoundId, batch: &str, row: HotlineRow) -> HotlineOrder {
    HotlineOrder {
        round_id: round.to_string(),
        row_key: row.row_key,
        batch_id: batch.to_owned(),
        unit_id: row.unit.to_string(),
        registered_on: row.registered_on,
        closed_on: row.closed_on,
        on_time: row.on_time,
        resolved: row.resolved.map(|resolved| match resolved {
            Resolved::No => 0,
            Resolved::Yes => 1,
            Resolved::NoStatement => 2,
        }),
        level: row.level.map(Level::code),
        counted: row.counted,
        excluded_reason: row.excluded_reason,
        reply_days: row.reply_days.and_then(|days| i32::try_from(days).ok()),
    }
}

pub(super) fn hotline_totals(
    round: &RoundId,
    batch: &str,
    row: HotlineTotals,
) -> imports::HotlineTotals {
    imports::HotlineTotals {
        round_id: round.to_string(),
        unit_id: row.unit.to_string(),
        month: row.month,
        batch_id: batch.to_owned(),
        orders: row.orders.cast_signed(),
        closed_on_time: row.closed_on_time.map(u64::cast_signed),
        closed_late: row.closed_late.map(u64::cast_signed),
        not_closed: row.not_closed.map(u64::cast_signed),
        dissatisfied: row.dissatisfied.map(u64::cast_signed),
        satisfaction_micro: row.satisfaction_rate.map(Weight::steps),
    }
}

pub(super) fn survey_rating(round: &RoundId, batch: &str, row: SurveyRow) -> SurveyRating {
    SurveyRating {
        round_id: round.to_string(),
        row_key: row.row_key,
        unit_id: row.unit.to_string(),
        item: row.item.to_string(),
        batch_id: batch.to_owned(),
        rater_group: row.group.code().to_owned(),
        stratum: row.stratum.to_string(),
        psu: row.psu.cast_signed(),
        weight_micro: row.weight.steps(),
        level: row.level.code(),
    }
}

/// A text that came with a rating becomes an opinion: redacted, without the row it came from.
pub(super) fn hall_opinion<L>(target: &Target<'_, L>, row: &HallRow) -> Option<opinions::Opinion> {
    let text = row.text.as_deref()?;
    let unit = Some(row.unit.clone());
    let opinion = opinion_of(target.round, Channel::Hall, unit, &[], text, row.level);
    Some(named(target, &row.row_key, opinion))
}

pub(super) fn hotline_opinion<L>(
    target: &Target<'_, L>,
    row: &HotlineRow,
) -> Option<opinions::Opinion> {
    let parts = [row.title.as_deref(), row.content.as_deref()];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join("\n");
    if text.is_empty() {
        return None;
    }
    let unit = Some(row.unit.clone());
    let opinion = opinion_of(target.round, Channel::Hotline, unit, &[], &text, row.level);
    Some(named(target, &row.row_key, opinion))
}

/// The name tells nobody without the key which row it was.
fn named<L>(
    target: &Target<'_, L>,
    row_key: &str,
    opinion: opinions::Opinion,
) -> opinions::Opinion {
    let row = [target.round.as_str(), opinion.channel.as_str(), row_key].map(str::as_bytes);
    opinions::Opinion {
        id: hex::encode(&keyed(&target.opinions, &row)[..16]),
        import_batch_id: Some(target.batch.to_owned()),
        ..opinion
    }
}

/// One rater on one unit is one rating; the rater of the file is known by the community or village and a number only.
pub(super) fn pairing_rating(round: &RoundId, batch: &str, row: &PairingRow) -> PairingRating {
    let account = format!("{}/{}", row.body, row.rater);
    PairingRating {
        id: format!("{round}/{}/{account}", row.unit),
        round_id: round.to_string(),
        unit_id: row.unit.to_string(),
        body_id: row.body.to_string(),
        account_id: account,
        level: row.level.code(),
        matters_raised: i32::try_from(row.matters_raised).unwrap_or(i32::MAX),
        matters_solved: i32::try_from(row.matters_solved).unwrap_or(i32::MAX),
        text: None,
        batch_id: Some(batch.to_owned()),
    }
}

/// The name of the ballot is that of the enterprise and the unit, so that a file that comes again finds it.
pub(super) fn enterprise_ballot(round: &RoundId, row: &EnterpriseRow) -> BallotRow {
    let name = Sha256::digest(format!("{round}/{}/{}", row.enterprise_key, row.unit));
    BallotRow {
        id: hex::encode(&name[..16]),
        round_id: round.to_string(),
        kind: InvitationKind::Enterprise,
        rater_group: RaterGroup::Enterprises.code().to_owned(),
        stratum: "X".to_owned(),
        weight_micro: Weight::SCALE,
        verdict: Verdict::Valid,
        void_reason: None,
        assisted: false,
    }
}

pub(super) fn enterprise_answers(ballot: &str, row: &EnterpriseRow) -> Vec<AnswerRow> {
    let answer = |item: &str, level: Level, reasons: &str| AnswerRow {
        ballot_id: ballot.to_owned(),
        unit_id: row.unit.to_string(),
        item: item.to_owned(),
        level: level.code(),
        reasons: reasons.to_owned(),
    };
    let served = answer(
        SERVED,
        Level::Abstain,
        if row.served { "[\"yes\"]" } else { "[\"no\"]" },
    );
    let levels = row
        .levels
        .iter()
        .map(|(item, level)| answer(item.as_str(), *level, "[]"));
    std::iter::once(served).chain(levels).collect()
}
