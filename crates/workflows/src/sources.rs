//! Systems of halls and hotlines that send rows by themselves: each has a key, which is shown once and counts until it is ended.

mod callback;

pub(crate) use callback::{callback_of, sealed_secret};

use crate::{
    Action, Actor, App, Refusal, Verb, allow, audit::audited, close_round::random_id, words,
};
use callback::checked_url;
use chrono::{DateTime, Utc};
use rand::Rng;
use rating_import::{FileKind, LevelCodes};
use sha2::{Digest, Sha256};
use storage::sources::{self, Source};
use vocabulary::Role;

/// What a source can send.
pub const PUSHED_KINDS: [FileKind; 2] = [FileKind::HallRatings, FileKind::HotlineOrders];

/// How the account of a source begins; the id follows.
const ACCOUNT: &str = "source:";
const LONGEST_LABEL: usize = 60;

/// A source that is to be made.
#[derive(Clone, Debug)]
pub struct NewSource {
    /// Name of the system.
    pub label: String,
    /// What it sends.
    pub kind: FileKind,
    /// What the digits of its levels mean.
    pub level_codes: LevelCodes,
    /// Where it wants to be told; empty for nowhere.
    pub callback: String,
}

/// A source that was made, with what is shown this once.
#[derive(Clone)]
pub struct MadeSource {
    /// Its id.
    pub id: String,
    /// Its key.
    pub key: String,
    /// What the telling is signed with.
    pub callback_secret: Option<String>,
}

/// Makes a source with its key.
///
/// # Errors
/// When the account may not, the label is missing or too long, the kind is not one that is sent, or the callback is no address.
pub async fn make_source(
    app: &App,
    actor: &Actor,
    new: &NewSource,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<MadeSource> {
    allow(actor, Action::ManageSources)?;
    let label = words("系统名称", &new.label, LONGEST_LABEL)?;
    if !PUSHED_KINDS.contains(&new.kind) {
        return Err(Refusal::Contradiction("只有好差评和热线工单可以用接口推送").into());
    }
    let callback_url = checked_url(&new.callback)?;
    let (id, key) = (random_id(rng), secret("hy_", rng));
    let callback_secret = callback_url.as_ref().map(|_| secret("hys_", rng));
    let sealed = callback_secret
        .as_deref()
        .map(|secret| sealed_secret(app, &id, secret, rng))
        .transpose()?;
    let source = Source {
        id: id.clone(),
        label,
        kind: new.kind.code().to_owned(),
        level_codes: new.level_codes.code().to_owned(),
        key_sha256: digest(&key),
        callback_url,
        callback_secret: sealed,
        made_by: actor.account.to_string(),
        made_at: now,
        ended_by: None,
        ended_at: None,
        last_used_on: None,
    };
    let tx = app.store.begin().await?;
    sources::insert_source(&tx, source).await?;
    audited(&tx, actor, "make_source", &id, now).await?;
    tx.commit().await?;
    Ok(MadeSource {
        id,
        key,
        callback_secret,
    })
}

/// Ends the key of a source, at once and for good.
///
/// # Errors
/// When the account may not, or there is no such key or it was ended before.
pub async fn end_source(app: &App, actor: &Actor, id: &str, now: DateTime<Utc>) -> Verb<()> {
    let source = Source {
        ended_by: Some(actor.account.to_string()),
        ended_at: Some(now),
        ..managed(app, actor, id).await?
    };
    change(app, actor, "end_source", source, now).await
}

/// Tells a source elsewhere from now on, or nowhere when the address is empty; returns the new secret, which is shown once.
///
/// # Errors
/// When the account may not, the key was ended, or the address is none.
pub async fn change_callback(
    app: &App,
    actor: &Actor,
    id: &str,
    url: &str,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<Option<String>> {
    let source = managed(app, actor, id).await?;
    let callback_url = checked_url(url)?;
    let secret = callback_url.as_ref().map(|_| secret("hys_", rng));
    let sealed = secret
        .as_deref()
        .map(|secret| sealed_secret(app, id, secret, rng))
        .transpose()?;
    let source = Source {
        callback_url,
        callback_secret: sealed,
        ..source
    };
    change(app, actor, "change_callback", source, now).await?;
    Ok(secret)
}

async fn managed(app: &App, actor: &Actor, id: &str) -> Verb<Source> {
    allow(actor, Action::ManageSources)?;
    let found = sources::find_source(app.store(), id).await?;
    Ok(found.ok_or(Refusal::Missing("这个来源系统"))?)
}

async fn change(
    app: &App,
    actor: &Actor,
    action: &str,
    source: Source,
    now: DateTime<Utc>,
) -> Verb<()> {
    let tx = app.store.begin().await?;
    audited(&tx, actor, action, &source.id, now).await?;
    if !sources::update_source(&tx, source).await? {
        return Err(Refusal::Contradiction("这个密钥已经停用").into());
    }
    Ok(tx.commit().await?)
}

/// The source behind a key that counts.
///
/// # Errors
/// When the database fails.
pub async fn source_of_key(app: &App, key: &str) -> Verb<Option<Source>> {
    let found = sources::find_source_by_key(app.store(), &digest(key)).await?;
    Ok(found.filter(|source| source.ended_at.is_none()))
}

/// The name of the source an account stands for; none for a person's account.
///
/// # Errors
/// When the database fails.
pub async fn source_of_account(app: &App, account: &str) -> Verb<Option<String>> {
    let Some(id) = account.strip_prefix(ACCOUNT) else {
        return Ok(None);
    };
    let found = sources::find_source(app.store(), id).await?;
    Ok(found.map(|source| source.label))
}

/// On whose behalf the rows of a source are taken.
pub(crate) fn actor_of_source(source: &Source) -> Actor {
    Actor {
        account: format!("{ACCOUNT}{}", source.id).as_str().into(),
        name: source.label.clone(),
        role: Role::Source,
        unit: None,
        body: None,
    }
}

fn secret(beginning: &str, rng: &mut impl Rng) -> String {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    format!("{beginning}{}", hex::encode(bytes))
}

fn digest(key: &str) -> String {
    hex::encode(Sha256::digest(key))
}
