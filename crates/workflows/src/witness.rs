//! The witness outside: whoever keeps the roots and heads we mail can show later that we changed the past.

use crate::{
    App, Verb,
    documents::known_world,
    letter::{Errand, Letter, enqueue},
};
use chrono::{DateTime, Utc};
use rand::Rng;
use storage::{Tx, outbox::JobKind};

/// Mails something to the witness the world names, in the transaction of what it is about; nothing when there is none.
pub(crate) async fn tell_witness(
    app: &App,
    tx: &Tx,
    job: String,
    (subject, body): (String, String),
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    let world = known_world(app).await?;
    let Some(to) = world.and_then(|world| world.witness.clone()) else {
        return Ok(());
    };
    let letter = Letter {
        to,
        subject,
        body,
        stop: None,
        group: String::new(),
        entry: None,
    };
    let errand = Errand {
        round: None,
        invitation: None,
        key: job,
        kind: JobKind::Mail,
    };
    enqueue(app, tx, errand, &letter, now, rng).await?;
    Ok(())
}
