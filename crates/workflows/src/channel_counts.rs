//! The books of a round: for every channel, received = counted + excluded by reason.

use crate::{App, Refusal, Verb, close_round::SERVED, ratings::agency_respondents};
use publication::ChannelCounts;
use std::collections::{BTreeMap, BTreeSet};
use storage::{ballots, imports, invitations::InvitationKind, pairing_ratings, units};
use survey_design::BodyKind;
use vocabulary::{Channel, Level, RoundId};

#[derive(Default)]
struct Books {
    received: u64,
    counted: u64,
    excluded: BTreeMap<String, u64>,
}

impl Books {
    fn take(&mut self, excluded: Option<&str>) {
        self.take_many(excluded, 1);
    }

    fn take_many(&mut self, excluded: Option<&str>, number: u64) {
        self.received += number;
        match excluded {
            None => self.counted += number,
            Some(reason) => *self.excluded.entry(reason.to_owned()).or_default() += number,
        }
    }
}

/// The books of every channel that received anything, in official order.
///
/// # Errors
/// When the database fails, or the books of a channel do not add up.
pub async fn channel_counts(app: &App, round: &RoundId) -> Verb<Vec<ChannelCounts>> {
    let all = [
        (Channel::Survey, survey(app, round).await?),
        (Channel::Hall, hall(app, round).await?),
        (Channel::Hotline, hotline(app, round).await?),
        (
            Channel::Community,
            pairing(app, round, BodyKind::Community).await?,
        ),
        (
            Channel::Village,
            pairing(app, round, BodyKind::Village).await?,
        ),
        (Channel::Enterprise, enterprise(app, round).await?),
    ];
    let mut counts = Vec::new();
    for (channel, books) in all {
        if books.received > 0 {
            let balanced =
                ChannelCounts::new(channel, books.received, books.counted, books.excluded);
            counts.push(balanced.map_err(|_| {
                Refusal::Contradiction("各渠道的收到数与计入数、剔除数对不上，请联系系统管理员")
            })?);
        }
    }
    Ok(counts)
}

/// Ballots, and an agency's respondents.
async fn survey(app: &App, round: &RoundId) -> Verb<Books> {
    let mut books = Books::default();
    for count in ballots::ballot_counts(app.store(), round).await?.opened {
        if count.kind == InvitationKind::Overall {
            books.take_many(count.void_reason.as_deref(), count.ballots);
        }
    }
    books.take_many(None, agency_respondents(app, round).await?.len() as u64);
    Ok(books)
}

async fn hall(app: &App, round: &RoundId) -> Verb<Books> {
    let mut books = Books::default();
    for row in imports::list_hall_ratings(app.store(), round).await? {
        books.take(match (row.origin, row.level, row.rating_no) {
            (imports::HallOrigin::Default, _, _) => Some("system_default"),
            (_, None, _) => Some("no_level"),
            (_, _, 2..) => Some("follow_up"),
            _ => None,
        });
    }
    left_out_by_import(app, round, Channel::Hall, &mut books).await?;
    Ok(books)
}

async fn hotline(app: &App, round: &RoundId) -> Verb<Books> {
    let mut books = Books::default();
    for row in imports::list_hotline_orders(app.store(), round).await? {
        let excluded = (!row.counted).then(|| {
            row.excluded_reason
                .unwrap_or_else(|| "not_counted".to_owned())
        });
        books.take(excluded.as_deref());
    }
    left_out_by_import(app, round, Channel::Hotline, &mut books).await?;
    Ok(books)
}

/// Rows that were read but not taken: duplicates and rejected rows were received too.
async fn left_out_by_import(
    app: &App,
    round: &RoundId,
    channel: Channel,
    books: &mut Books,
) -> Verb<()> {
    for batch in imports::list_batches(app.store(), round).await? {
        if batch.channel == channel.code() && batch.state == imports::BatchState::Applied {
            books.take_many(Some("duplicate"), batch.duplicate_rows.cast_unsigned());
            books.take_many(Some("rejected"), batch.rejected_rows.cast_unsigned());
        }
    }
    Ok(())
}

async fn pairing(app: &App, round: &RoundId, kind: BodyKind) -> Verb<Books> {
    let bodies = units::list_bodies(app.store()).await?;
    let own: BTreeSet<_> = bodies
        .into_iter()
        .filter(|body| body.kind == kind)
        .map(|body| body.id.to_string())
        .collect();
    let mut books = Books::default();
    for rating in pairing_ratings::list_pairing_ratings(app.store(), round).await? {
        if own.contains(&rating.body_id) {
            books.take(
                (Level::from_code(rating.level) == Some(Level::DontKnow)).then_some("dont_know"),
            );
        }
    }
    Ok(books)
}

/// One enterprise on one unit is one rating; unserved ones are stored and not scored.
async fn enterprise(app: &App, round: &RoundId) -> Verb<Books> {
    let mut books = Books::default();
    for count in ballots::ballot_counts(app.store(), round).await?.opened {
        if count.kind == InvitationKind::Enterprise && count.void_reason.is_some() {
            books.take_many(count.void_reason.as_deref(), count.ballots);
        }
    }
    for answer in ballots::list_answers(app.store(), round).await? {
        if answer.kind == InvitationKind::Enterprise && answer.item == SERVED {
            books.take((!answer.reasons.contains("\"yes\"")).then_some("not_served"));
        }
    }
    Ok(books)
}
