//! Who answered what, in confidential rounds only: the database refuses these rows in every other round.

use crate::{Link, StorageError, Tx, invitations, rows};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use survey_design::Anonymity;
use vocabulary::RoundId;

table! {
    /// The token an opened ballot came with.
    LinkedBallot = "linked_ballot" in linked_ballot {
        key { ballot_id: String, }
        token_hash: String,
        round_id: String,
        anonymity: String,
    }
}

table! {
    /// The token an invitation was sent with.
    LinkedInvitation = "linked_invitation" in linked_invitation {
        key { invitation_id: String, }
        token_hash: String,
        round_id: String,
        anonymity: String,
    }
}

/// Notes the token hash of each ballot, by ballot.
///
/// # Errors
/// [`StorageError::Conflict`] when the round is not confidential.
pub async fn link_ballots(
    tx: &Tx,
    round: &RoundId,
    tokens: Vec<(String, String)>,
) -> Result<(), StorageError> {
    let row = |(ballot_id, token_hash)| LinkedBallot {
        ballot_id,
        token_hash,
        round_id: round.to_string(),
        anonymity: Anonymity::Confidential.code().to_owned(),
    };
    rows::insert_all(tx, tokens.into_iter().map(row).collect()).await
}

/// Notes the token hash of each invitation, by invitation.
///
/// # Errors
/// [`StorageError::Conflict`] when the round is not confidential.
pub async fn link_invitations(
    tx: &Tx,
    round: &RoundId,
    tokens: Vec<(String, String)>,
) -> Result<(), StorageError> {
    let row = |(invitation_id, token_hash)| LinkedInvitation {
        invitation_id,
        token_hash,
        round_id: round.to_string(),
        anonymity: Anonymity::Confidential.code().to_owned(),
    };
    rows::insert_all(tx, tokens.into_iter().map(row).collect()).await
}

/// Ballots of a round with the hash of their token, by ballot; empty unless the round is confidential.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_linked_ballots(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<(String, String)>, StorageError> {
    let query = linked_ballot::Entity::find()
        .filter(linked_ballot::Column::RoundId.eq(round.as_str()))
        .order_by_asc(linked_ballot::Column::BallotId);
    let found: Vec<LinkedBallot> = rows::all(link, query).await?;
    Ok(found
        .into_iter()
        .map(|row| (row.ballot_id, row.token_hash))
        .collect())
}

/// Ids of the invitations of a confidential round whose token nobody has used; empty in every other round.
///
/// Only these may be reminded one by one: elsewhere nobody can know who has not answered.
///
/// # Errors
/// [`StorageError`] when the database does not answer.
pub async fn list_unanswered_invitations(
    link: &impl Link,
    round: &RoundId,
) -> Result<Vec<String>, StorageError> {
    let ids = linked_invitation::Entity::find()
        .select_only()
        .column(linked_invitation::Column::InvitationId)
        .filter(linked_invitation::Column::RoundId.eq(round.as_str()))
        .filter(linked_invitation::Column::TokenHash.in_subquery(invitations::unused_tokens(round)))
        .order_by_asc(linked_invitation::Column::InvitationId)
        .into_tuple()
        .all(link.connection())
        .await;
    ids.map_err(|error| link.fault(&error))
}
