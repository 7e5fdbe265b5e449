//! Signing in at the provider of identities: leaving for it, and coming back.

use super::{
    EnteredPage, UnlinkedPage,
    entry::{refused_page, sign_in_frame},
};
use crate::{
    Page, PageError, WebState, answer, cookie,
    device::device,
    guard::{network_of, take_turns},
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Query},
};
use serde::Deserialize;
use workflows::{
    Back, Entered, Provider, ProviderFault, Refusal, VerbError, back_from_provider,
    leave_for_provider,
};

/// What the provider hands back.
#[derive(Deserialize)]
pub(super) struct Handed {
    #[serde(default)]
    state: String,
    code: Option<String>,
    iss: Option<String>,
}

fn provider(state: &WebState) -> Result<&Provider, PageError> {
    state.provider.as_deref().ok_or(PageError::NotFound)
}

/// Sends the browser to the provider.
pub(super) async fn leave(state: Data<WebState>, request: HttpRequest) -> Page {
    let earlier = cookie::session(&state, &request);
    let (now, mut rng) = (state.now(), (state.rng)());
    let provider = provider(&state)?;
    // Each leaves a row for ten minutes and asks the provider: one network does so four times a second at most.
    take_turns(network_of(&state, &request)).await?;
    let leaving = leave_for_provider(&state.app, provider, earlier.as_deref(), now, &mut rng).await;
    match leaving {
        Ok(leaving) => Ok(answer::go_to_with(
            &leaving.address,
            vec![cookie::keep_leaving(&state, leaving.cookie)],
        )),
        Err(error) => not_in(&state, error).await,
    }
}

/// Takes the browser in again.
///
/// What follows is opened by a page of this site, not by a redirect: a browser sends the strict cookie of the session only when it
/// does not come from another site.
pub(super) async fn back(
    state: Data<WebState>,
    request: HttpRequest,
    handed: Query<Handed>,
) -> Page {
    let (device, left) = (device(&request), cookie::leaving(&state, &request));
    let back = Back {
        state: &handed.state,
        cookie: left.as_deref().unwrap_or_default(),
        code: handed.code.as_deref(),
        issuer: handed.iss.as_deref(),
        device: &device,
    };
    let (now, mut rng) = (state.now(), (state.rng)());
    let (next, secret) =
        match back_from_provider(&state.app, provider(&state)?, back, now, &mut rng).await {
            Ok(Entered::In(secret)) => ("/work", secret),
            Ok(Entered::CodeAsked(secret)) => ("/sign-in/code", secret),
            Err(error) => return not_in(&state, error).await,
        };
    let frame = sign_in_frame(&state, "登录成功").await?;
    let mut page = answer::own_page(&EnteredPage { frame, next })?;
    for kept in [
        cookie::keep_session(&state, secret),
        cookie::forget_leaving(&state),
    ] {
        // A cookie of ours is always one that can be sent.
        drop(page.add_cookie(&kept));
    }
    Ok(page)
}

/// Why nobody is in, on the page where a password can be typed instead.
async fn not_in(state: &WebState, error: VerbError) -> Page {
    let refusal = match error {
        VerbError::Refused(refusal) => refusal,
        other => return Err(other.into()),
    };
    if let Refusal::Unlinked(subject) = refusal {
        let frame = sign_in_frame(state, "还没有关联账号").await?;
        let name = provider(state)?.name().to_owned();
        let page = UnlinkedPage {
            frame,
            name,
            subject,
        };
        return answer::own_page_with(StatusCode::FORBIDDEN, &page);
    }
    let status = match refusal {
        Refusal::Provider(ProviderFault::Silent) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    refused_page(state, "", &refusal, status).await
}
