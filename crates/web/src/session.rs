//! Who is signed in.

use crate::{PageError, WebState, cookie};
use actix_web::HttpRequest;
use vocabulary::{Role, UnitId};
use workflows::{Actor, actor_of_session};

/// The official behind the request, if the role is one of these.
///
/// # Errors
/// [`PageError::SignInFirst`] when nobody is signed in (to [`PageError::SessionOver`] when something was sent),
/// [`PageError::NotAllowed`] for any other role.
pub async fn signed_in(
    state: &WebState,
    request: &HttpRequest,
    roles: &[Role],
) -> Result<Actor, PageError> {
    let actor = anybody(state, request)
        .await?
        .ok_or(if request.method().is_safe() {
            PageError::SignInFirst
        } else {
            PageError::SessionOver
        })?;
    if roles.contains(&actor.role) {
        Ok(actor)
    } else {
        Err(PageError::NotAllowed)
    }
}

/// The official behind the request, whoever it is.
///
/// # Errors
/// When the database fails.
pub async fn anybody(state: &WebState, request: &HttpRequest) -> Result<Option<Actor>, PageError> {
    let Some(secret) = cookie::session(request) else {
        return Ok(None);
    };
    Ok(actor_of_session(&state.app, &secret, state.now()).await?)
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
        Role::UnitLiaison => "/unit",
        Role::StationedGroup => "/stationed",
        Role::DisciplineCommission | Role::OrganisationDepartment => "/commission",
        Role::PairingRater => "/rate/pairing",
        Role::SystemAdmin => "/accounts",
        Role::Source => "/api/v1",
    }
}
