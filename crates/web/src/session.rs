//! Who is signed in.

use crate::{PageError, WebState, cookie};
use actix_web::HttpRequest;
use vocabulary::{Role, UnitId};
use workflows::{Action, Actor, SignedIn};

/// The official behind the request, if the role is one of these and nothing has to be done first.
///
/// # Errors
/// [`PageError::SignInFirst`] when nobody is signed in (to [`PageError::SessionOver`] when something was sent),
/// [`PageError::AccountFirst`] when the password has to be changed first, [`PageError::NotAllowed`] for any other role.
pub async fn signed_in(
    state: &WebState,
    request: &HttpRequest,
    roles: &[Role],
) -> Result<Actor, PageError> {
    Ok(session(state, request, roles).await?.actor)
}

/// As [`signed_in`], for a step that cannot be taken back: who showed the password some time ago shows it again, and comes back
/// to the page named.
///
/// # Errors
/// As [`signed_in`], and [`PageError::ProveFirst`].
pub async fn signed_in_for(
    state: &WebState,
    request: &HttpRequest,
    roles: &[Role],
    (action, page): (Action, &'static str),
) -> Result<Actor, PageError> {
    let who = session(state, request, roles).await?;
    match who.prove_for(action, state.now()) {
        Ok(()) => Ok(who.actor),
        Err(_) => Err(PageError::ProveFirst(page)),
    }
}

async fn session(
    state: &WebState,
    request: &HttpRequest,
    roles: &[Role],
) -> Result<SignedIn, PageError> {
    let who = holder(state, request).await?;
    if who.owes.is_some() {
        return Err(PageError::AccountFirst);
    }
    if roles.contains(&who.actor.role) {
        Ok(who)
    } else {
        Err(PageError::NotAllowed)
    }
}

/// Whoever is signed in, also who has to change the password first: for the pages of one's own account.
///
/// # Errors
/// [`PageError::SignInFirst`] or [`PageError::SessionOver`].
pub async fn holder(state: &WebState, request: &HttpRequest) -> Result<SignedIn, PageError> {
    let found = match cookie::session(state, request) {
        Some(secret) => workflows::signed_in(&state.app, &secret, state.now()).await?,
        None => None,
    };
    found.ok_or(if request.method().is_safe() {
        PageError::SignInFirst
    } else {
        PageError::SessionOver
    })
}

/// The unit of a liaison.
///
/// # Errors
/// [`PageError::NotAllowed`] when the account has none.
pub fn own_unit(actor: &Actor) -> Result<UnitId, PageError> {
    actor.unit.clone().ok_or(PageError::NotAllowed)
}

/// The first page of a role's workplace.
#[must_use]
pub const fn workplace(role: Role) -> &'static str {
    match role {
        Role::OfficeClerk | Role::OfficeLeader => "/office",
        Role::UnitLiaison | Role::UnitHead => "/unit",
        Role::StationedGroup => "/stationed",
        Role::DisciplineCommission | Role::OrganisationDepartment => "/commission",
        Role::PairingRater => "/rate/pairing",
        Role::SurveyAgency => "/agency",
        Role::MethodOwner => "/indicators",
        Role::SystemAdmin | Role::SecurityAdmin => "/accounts",
        Role::AuditAdmin => "/audit",
        Role::Source => "/api/v1",
    }
}
