//! Invitations know a pseudonym; tokens know a group and a stratum. Nothing joins the two.

use crate::{
    Backend, Link, StorageError, Tx,
    link::sealed::Connected,
    rows::{self, is},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    prelude::Date,
    sea_query::{Expr, SelectStatement},
};
use std::collections::BTreeSet;
use vocabulary::RoundId;

stored_state! {
    /// Which questionnaire somebody is asked.
    pub InvitationKind {
        /// The overall questionnaire.
        Overall = "overall",
        /// The enterprise-facing questionnaire (X).
        Enterprise = "enterprise",
    }
}

stored_state! {
    /// What became of a token.
    pub TokenState {
        /// Not used.
        Issued = "issued",
        /// An answer came with it.
        Answered = "answered",
        /// Its holder refused.
        Declined = "declined",
    }
}

table! {
    /// An invitation to one pseudonym.
    pub Invitation = "invitation" in invitation {
        key {
            /// Random id.
            id: String,
        }
        /// Round.
        round_id: String,
        /// Which questionnaire.
        kind: InvitationKind,
        /// Pseudonym.
        pseudonym: String,
        /// Code of what became of it.
        state: String,
        /// Day it was made.
        created_on: Date,
    }
}

table! {
    /// A token as the database knows it: a hash, and what weighs the answer.
    pub TokenRow = "token" in token {
        key {
            /// Keyed hash of the token.
            token_hash: String,
        }
        /// Round.
        round_id: String,
        /// Which questionnaire.
        kind: InvitationKind,
        /// Code of the rater group.
        rater_group: String,
        /// Stratum.
        stratum: String,
        /// Base weight in millionths.
        weight_micro: i64,
        /// Key of the enterprise that answers openly in its own name; none for people.
        enterprise_key: Option<String>,
        /// What became of it.
        state: TokenState,
    }
}

/// How many tokens of a kind and group are in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCount {
    /// Which questionnaire.
    pub kind: InvitationKind,
    /// Code of the rater group.
    pub rater_group: String,
    /// The state.
    pub state: TokenState,
    /// Number of tokens.
    pub tokens: u64,
}

/// Invitations and answers of one stratum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StratumProgress {
    /// Which questionnaire.
    pub kind: InvitationKind,
    /// Code of the rater group.
    pub rater_group: String,
    /// Stratum.
    pub stratum: String,
    /// Tokens issued.
    pub issued: u64,
    /// Tokens with which an answer came.
    pub answered: u64,
    /// Tokens whose holders refused.
    pub declined: u64,
}

/// How far the strata of a round have answered, by kind, group and stratum.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn stratum_progress(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<StratumProgress>, StorageError> {
    let mut query = token::Entity::find()
        .select_only()
        .filter(token::Column::RoundId.eq(round.as_str()));
    for key in [
        token::Column::Kind,
        token::Column::RaterGroup,
        token::Column::Stratum,
        token::Column::State,
    ] {
        query = query.column(key).group_by(key).order_by_asc(key);
    }
    type Counted = (InvitationKind, String, String, TokenState, i64);
    let counted: Result<Vec<Counted>, _> = query
        .expr(rows::number_of_rows())
        .into_tuple()
        .all(link.connection())
        .await;
    let mut strata: Vec<StratumProgress> = Vec::new();
    for (kind, rater_group, stratum, state, tokens) in
        counted.map_err(|error| link.fault(&error))?
    {
        let tokens = tokens.cast_unsigned();
        let same = strata.last().is_some_and(|last| {
            (last.kind, &last.rater_group, &last.stratum) == (kind, &rater_group, &stratum)
        });
        if !same {
            strata.push(StratumProgress {
                kind,
                rater_group,
                stratum,
                issued: 0,
                answered: 0,
                declined: 0,
            });
        }
        if let Some(last) = strata.last_mut() {
            last.issued += tokens;
            match state {
                TokenState::Answered => last.answered += tokens,
                TokenState::Declined => last.declined += tokens,
                TokenState::Issued => {}
            }
        }
    }
    Ok(strata)
}

/// Adds invitations.
///
/// # Errors
/// [`StorageError::Conflict`] when somebody was invited to the same questionnaire of the round already.
pub async fn insert_invitations(tx: &Tx, invitations: Vec<Invitation>) -> Result<(), StorageError> {
    rows::insert_all(tx, invitations).await
}

/// Invitations of a round by id, that is in random order.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_invitations(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<Invitation>, StorageError> {
    let query = invitation::Entity::find()
        .filter(invitation::Column::RoundId.eq(round.as_str()))
        .order_by_asc(invitation::Column::Id);
    rows::all(link, query).await
}

/// The invitation with this id.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_invitation(
    link: &impl Link,
    id: &str,
) -> Result<Option<Invitation>, StorageError> {
    rows::one(link, invitation::Entity::find_by_id(id)).await
}

/// Notes what became of an invitation; false when there is none with this id.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn set_invitation_state(tx: &Tx, id: &str, state: &str) -> Result<bool, StorageError> {
    let change = invitation::Entity::update_many()
        .col_expr(invitation::Column::State, Expr::value(state))
        .filter(invitation::Column::Id.eq(id));
    let done = change.exec(tx.connection()).await;
    Ok(done.map_err(|error| tx.fault(&error))?.rows_affected > 0)
}

/// Adds tokens, in the order of their hashes so that the order of issue is nowhere.
///
/// # Errors
/// [`StorageError::Conflict`] when a hash is there already.
pub async fn insert_tokens(tx: &Tx, mut tokens: Vec<TokenRow>) -> Result<(), StorageError> {
    tokens.sort_by(|a, b| a.token_hash.cmp(&b.token_hash));
    rows::insert_all(tx, tokens).await
}

/// The token with this hash.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn find_token(
    link: &impl Link,
    token_hash: &str,
) -> Result<Option<TokenRow>, StorageError> {
    rows::one(link, token::Entity::find_by_id(token_hash)).await
}

/// The tokens with these hashes.
pub(crate) async fn find_tokens(
    link: &impl Link,
    hashes: BTreeSet<String>,
) -> Result<Vec<TokenRow>, StorageError> {
    let query = token::Entity::find().filter(token::Column::TokenHash.is_in(hashes));
    rows::all(link, query).await
}

/// The hashes of the tokens of a round that nobody has used.
pub(crate) fn unused_tokens(round: &RoundId) -> SelectStatement {
    let unused = token::Entity::find()
        .select_only()
        .column(token::Column::TokenHash)
        .filter(token::Column::RoundId.eq(round.as_str()))
        .filter(token::Column::State.eq(TokenState::Issued));
    unused.into_query()
}

/// Tokens of a round by kind, group and state.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn count_tokens(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<TokenCount>, StorageError> {
    let keys = [
        token::Column::Kind,
        token::Column::RaterGroup,
        token::Column::State,
    ];
    let mut query = token::Entity::find()
        .select_only()
        .filter(token::Column::RoundId.eq(round.as_str()));
    for key in keys {
        query = query.column(key).group_by(key).order_by_asc(key);
    }
    let counted: Result<Vec<(InvitationKind, String, TokenState, i64)>, _> = query
        .expr(rows::number_of_rows())
        .into_tuple()
        .all(link.connection())
        .await;
    let counted = counted.map_err(|error| link.fault(&error))?;
    Ok(counted
        .into_iter()
        .map(|(kind, rater_group, state, tokens)| TokenCount {
            kind,
            rater_group,
            state,
            tokens: tokens.cast_unsigned(),
        })
        .collect())
}

/// Number of tokens of a stratum an answer came with.
pub(crate) async fn count_answered(
    link: &impl Link,
    round: &RoundId,
    stratum: &str,
) -> Result<u64, StorageError> {
    let answered = is(token::Column::RoundId, round.as_str())
        .add(token::Column::Stratum.eq(stratum))
        .add(token::Column::State.eq(TokenState::Answered));
    rows::count(link, token::Entity::find().filter(answered)).await
}

/// The tokens with these hashes, kept from changing until the transaction ends.
pub(crate) async fn lock_tokens(
    tx: &Tx,
    hashes: Vec<String>,
) -> Result<Vec<TokenRow>, StorageError> {
    // In one order everywhere, so that two programs never wait for each other.
    let query = token::Entity::find()
        .filter(token::Column::TokenHash.is_in(hashes))
        .order_by_asc(token::Column::TokenHash);
    let query = match tx.backend() {
        Backend::Sqlite => query,
        Backend::Postgres => query.lock_exclusive(),
    };
    rows::all(tx, query).await
}

/// Notes that answers came with these tokens, which the transaction has locked.
pub(crate) async fn answer_tokens(tx: &Tx, hashes: Vec<String>) -> Result<(), StorageError> {
    let these = Condition::all().add(token::Column::TokenHash.is_in(hashes));
    close_tokens(tx, these, TokenState::Answered)
        .await
        .map(drop)
}

/// Notes that the holder of a token refuses; false when the token is unknown or not open any more.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn decline_token(tx: &Tx, token_hash: &str) -> Result<bool, StorageError> {
    let open =
        is(token::Column::TokenHash, token_hash).add(token::Column::State.eq(TokenState::Issued));
    close_tokens(tx, open, TokenState::Declined).await
}

async fn close_tokens(tx: &Tx, open: Condition, state: TokenState) -> Result<bool, StorageError> {
    let change = token::Entity::update_many()
        .col_expr(token::Column::State, Expr::value(state))
        .filter(open);
    let done = change.exec(tx.connection()).await;
    Ok(done.map_err(|error| tx.fault(&error))?.rows_affected > 0)
}
