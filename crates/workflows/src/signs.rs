//! The signs of doubtful quality on the ballots of a batch, found while it is opened; they lie with the opened ballot only.

use crate::{Verb, collect::Envelope};
use analytics::quality::{Inspected, inspect};
use response_collection::{Ballot, Pace, median_pace};
use std::collections::{BTreeMap, BTreeSet};
use storage::{
    Tx,
    quality::{self, BallotSign, PaceCount},
};
use survey_design::QualityRules;
use vocabulary::{Level, RoundId};

/// What is looked at of one ballot.
pub(crate) struct Look {
    pace: Pace,
    inspected: Inspected,
}

impl Look {
    /// A look at a ballot; of an unreadable one only at how it came.
    pub(crate) fn at(envelope: &Envelope, ballot: Option<&Ballot>) -> Self {
        let pace = envelope.ballot.pace();
        Self {
            pace,
            inspected: Inspected {
                bunch: format!("{}/{}", envelope.kind, envelope.group),
                answers: ballot.map(in_order).unwrap_or_default(),
                pace: pace.seconds(),
                burst: envelope.signs.burst,
                coached: envelope.signs.coached,
            },
        }
    }
}

/// Counts the paces of a batch with those opened before, and keeps the signs of its ballots; the batch must be locked.
pub(crate) async fn keep_signs(
    tx: &Tx,
    round: &RoundId,
    rules: &QualityRules,
    looks: impl Iterator<Item = (String, Look)>,
) -> Verb<()> {
    let (ids, looks): (Vec<_>, Vec<_>) = looks.unzip();
    let median = count_paces(tx, round, &looks).await?;
    let looks: Vec<_> = looks.into_iter().map(|look| look.inspected).collect();
    let found = inspect(&looks, median, rules);
    let signs = ids.iter().zip(found).flat_map(|(ballot, signs)| {
        signs.into_iter().map(|sign| BallotSign {
            ballot_id: ballot.clone(),
            sign: sign.code().to_owned(),
            round_id: round.to_string(),
        })
    });
    quality::insert_signs(tx, signs.collect()).await?;
    Ok(())
}

/// The median seconds per question of all ballots of the round opened so far, these included.
async fn count_paces(tx: &Tx, round: &RoundId, looks: &[Look]) -> Verb<u16> {
    let mut counts: BTreeMap<Pace, u64> = paces(tx, round).await?.into_iter().collect();
    for look in looks {
        *counts.entry(look.pace).or_default() += 1;
    }
    let rows = counts.iter().map(|(pace, ballots)| PaceCount {
        round_id: round.to_string(),
        pace: i16::from(pace.class()),
        ballots: ballots.cast_signed(),
    });
    quality::put_paces(tx, rows.collect()).await?;
    let counts: Vec<_> = counts.into_iter().collect();
    Ok(median_pace(&counts).map_or(0, |pace| pace.seconds().0))
}

/// How many opened ballots of a round were filled in at each pace, the fastest first; of ballots still sealed nothing is known.
///
/// # Errors
/// When the database fails.
pub async fn paces(link: &impl storage::Link, round: &RoundId) -> Verb<Vec<(Pace, u64)>> {
    let counts = quality::list_paces(link, round).await?.into_iter();
    let pace = |class| Pace::from_class(u8::try_from(class).unwrap_or(0));
    Ok(counts
        .map(|count| (pace(count.pace), count.ballots.cast_unsigned()))
        .collect())
}

/// The levels of every item about every unit, in the order asked and blank where none was given, so that the same position is
/// the same question.
fn in_order(ballot: &Ballot) -> Vec<Option<u8>> {
    let levels: BTreeMap<_, _> = ballot
        .levels()
        .filter_map(|(about, item, level)| Some(((about?, item), code(level)?)))
        .collect();
    let items: BTreeSet<_> = levels.keys().map(|(_, item)| *item).collect();
    let of_unit = |unit| items.iter().map(move |item| (unit, *item));
    let questions = ballot.units().iter().flat_map(of_unit);
    questions.map(|asked| levels.get(&asked).copied()).collect()
}

/// How the inspection writes a level: 1 to 5, and 9 for 不了解.
fn code(level: Level) -> Option<u8> {
    match level {
        Level::DontKnow => Some(9),
        scored => scored.scored_index().and(u8::try_from(scored.code()).ok()),
    }
}
