//! Invitations: the only place that brings a contact and a code together, in one mail, and forgets both.

use crate::{
    Actor, App, Verb,
    collect::round_key,
    invite::{Invitee, contacts_of, invite},
    keys::Key,
};
use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use identity_vault::Person;
use rand::{Rng, seq::SliceRandom};
use response_collection::{InvitationState, Token, hash};
use std::collections::BTreeMap;
use storage::{
    Tx,
    invitations::{self, Invitation, InvitationKind, TokenRow, TokenState},
    linked, pool,
    rounds::RoundRecord,
};
use survey_design::{Anonymity, Rules, SampleRules};
use vocabulary::{RaterGroup, RoundId, StratumId, Weight, civil_date};

/// Somebody to be invited.
pub(crate) struct Invited {
    pub pseudonym: String,
    pub kind: InvitationKind,
    pub group: RaterGroup,
    pub stratum: StratumId,
    /// Weight, or the label that stands for it until no more reserves are released.
    pub weight: Weight,
    pub enterprise_key: Option<String>,
}

/// Invitations of one round, in a random order, before anything is written.
pub(crate) struct Letters {
    record: RoundRecord,
    base_url: String,
    invited: Vec<Invited>,
    contacts: BTreeMap<String, Person>,
    secret: Key,
    now: DateTime<Utc>,
}

/// Looks up where the invited can be reached.
pub(crate) async fn prepare(
    app: &App,
    actor: &Actor,
    record: &RoundRecord,
    base_url: &str,
    mut invited: Vec<Invited>,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<Letters> {
    invited.shuffle(rng);
    let id = &record.round.id;
    let wanted: Vec<String> = invited.iter().map(|one| one.pseudonym.clone()).collect();
    let purpose = format!("invitation {id}");
    Ok(Letters {
        secret: app.keys.read_or_make(&round_key(id), rng)?,
        contacts: contacts_of(app, actor, &wanted, &purpose, now, rng).await?,
        record: record.clone(),
        base_url: base_url.to_owned(),
        invited,
        now,
    })
}

impl Letters {
    /// Writes a token, an invitation and, for those the vault knows, a letter for each.
    pub(crate) async fn issue(
        &self,
        app: &App,
        tx: &Tx,
        rules: &Rules,
        rng: &mut (impl Rng + Send),
    ) -> Verb<()> {
        let id = &self.record.round.id;
        let (mut invitations, mut tokens, mut links) = (Vec::new(), Vec::new(), Vec::new());
        for one in &self.invited {
            let token = Token::generate(rng);
            let token_hash = hash(&self.secret, &token);
            let invitation = invitation_row(id, one, self.now);
            if self.record.round.anonymity == Anonymity::Confidential {
                links.push((invitation.id.clone(), token_hash.clone()));
            }
            tokens.push(token_row(id, one, token_hash));
            if let Some(person) = self.contacts.get(&one.pseudonym) {
                let invitee = Invitee {
                    invitation: &invitation.id,
                    kind: one.kind,
                    group: one.group,
                    person,
                    token: &token,
                };
                let about = (&self.record.round, rules, self.base_url.as_str());
                invite(app, tx, about, &invitee, self.now, rng).await?;
            }
            invitations.push(invitation);
        }
        invitations::insert_invitations(tx, invitations).await?;
        invitations::insert_tokens(tx, tokens).await?;
        Ok(linked::link_invitations(tx, id, links).await?)
    }
}

/// The people drawn rest for as many quarters as the rules say.
pub(crate) async fn rest(
    tx: &Tx,
    record: &RoundRecord,
    rules: &SampleRules,
    drawn: &[String],
) -> Verb<()> {
    if rules.rest_quarters > 0 {
        let until = rested_after(record.round.period_end, rules.rest_quarters);
        pool::set_rest(tx, drawn, until).await?;
    }
    Ok(())
}

/// The last day of the quarters after the period; who rests until then is not drawn for a round that ends that day.
fn rested_after(period_end: NaiveDate, quarters: u16) -> NaiveDate {
    let next = period_end + Days::new(1);
    next + Months::new(3 * u32::from(quarters)) - Days::new(1)
}

fn token_row(id: &RoundId, one: &Invited, token_hash: String) -> TokenRow {
    TokenRow {
        token_hash,
        round_id: id.to_string(),
        kind: one.kind,
        rater_group: one.group.code().to_owned(),
        stratum: one.stratum.to_string(),
        weight_micro: one.weight.steps(),
        enterprise_key: one.enterprise_key.clone(),
        state: TokenState::Issued,
    }
}

fn invitation_row(id: &RoundId, one: &Invited, now: DateTime<Utc>) -> Invitation {
    Invitation {
        id: format!("{id}-{}-{}", code_of(one.kind), one.pseudonym),
        round_id: id.to_string(),
        kind: one.kind,
        pseudonym: one.pseudonym.clone(),
        state: InvitationState::Drawn.code().to_owned(),
        created_on: civil_date(now),
    }
}

const fn code_of(kind: InvitationKind) -> &'static str {
    match kind {
        InvitationKind::Overall => "overall",
        InvitationKind::Enterprise => "enterprise",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_quarters_of_rest_end_with_the_second_quarter() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();

        assert_eq!(rested_after(day("2026-09-30"), 2), day("2027-03-31"));
        assert_eq!(rested_after(day("2026-12-31"), 1), day("2027-03-31"));
    }
}
