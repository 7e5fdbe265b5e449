//! Where a unit wants to be reminded of its feedback letter; sealed, because a mailbox can be a person's.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    own_letter::is_own,
    seal::{open, seal},
    unit_named,
};
use chrono::{DateTime, Utc};
use lettre::Address;
use rand::Rng;
use storage::letters::{self, Mailbox};
use vocabulary::{Role, UnitId};

const KEY: &str = "unit-mailboxes";
const LONGEST: usize = 120;

/// Writes down where a unit wants to be reminded, or forgets it when the address is empty.
///
/// # Errors
/// When the unit is another one, or the address is none.
pub async fn set_mailbox(
    app: &App,
    actor: &Actor,
    unit: &UnitId,
    address: &str,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<()> {
    let of_the_unit = actor.role == Role::UnitLiaison;
    let action = if of_the_unit {
        Action::Answer
    } else {
        Action::Assign
    };
    allow(actor, action)?;
    if of_the_unit && !is_own(actor, unit.as_str()) {
        return Err(Refusal::NotYours.into());
    }
    unit_named(app, unit).await?;
    let address = address.trim();
    let is_address = address.len() <= LONGEST && address.parse::<Address>().is_ok();
    if !address.is_empty() && !is_address {
        return Err(Refusal::Contradiction(
            "“提醒邮箱”不是邮箱地址：应当像 bangongshi@example.cn 这样，只写一个；不要提醒就留空",
        )
        .into());
    }
    let tx = app.store.begin().await?;
    if address.is_empty() {
        letters::delete_mailbox(&tx, unit.as_str()).await?;
    } else {
        let key = app.keys.read_or_make(KEY, rng)?;
        let sealed = seal(&key, unit.as_str(), address.as_bytes(), rng);
        let mailbox = Mailbox {
            unit_id: unit.to_string(),
            address: hex::encode(sealed),
            changed_by: actor.account.to_string(),
            changed_at: now,
        };
        letters::put_mailbox(&tx, mailbox).await?;
    }
    audited(&tx, actor, "set_mailbox", unit.as_str(), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Where a unit wants to be reminded; none when nobody wrote it down.
///
/// # Errors
/// When the database fails.
pub async fn find_mailbox(app: &App, unit: &UnitId) -> Verb<Option<String>> {
    let found = letters::find_mailbox(app.store(), unit.as_str()).await?;
    Ok(found.and_then(|mailbox| opened(app, &mailbox)))
}

/// The address in a mailbox; none when the key is gone.
pub(crate) fn opened(app: &App, mailbox: &Mailbox) -> Option<String> {
    let key = app.keys.read(KEY).ok()?;
    let sealed = hex::decode(&mailbox.address).ok()?;
    String::from_utf8(open(&key, &mailbox.unit_id, &sealed)?).ok()
}
