//! Letters stop for an address, from a page or from a mail program by itself.

use super::frame;
use crate::{
    Page, PageError, WebState, answer, cookie,
    guard::{network_of, take_turns},
    rate::OptOutPage,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};

/// The question; a handle that is none is asked as well, so that nothing can be tried out here.
pub async fn ask(state: Data<WebState>, request: HttpRequest, handle: Path<String>) -> Page {
    answer::own_page(&page(&state, &request, &handle, false).await?)
}

/// Stops letters; mail programs post here without a page (RFC 8058).
pub async fn stop(state: Data<WebState>, request: HttpRequest, handle: Path<String>) -> Page {
    let done = workflows::opt_out(&state.app, &handle, state.now()).await?;
    if !done {
        take_turns(network_of(&state, &request)).await?;
    }
    let status = if done {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    };
    answer::own_page_with(status, &page(&state, &request, &handle, done).await?)
}

async fn page(
    state: &WebState,
    request: &HttpRequest,
    handle: &str,
    done: bool,
) -> Result<OptOutPage, PageError> {
    let w = cookie::language(request);
    let here = format!("/stop/{handle}");
    let (title, line) = (w.stop_title(), w.voluntary_line());
    Ok(OptOutPage {
        frame: frame(state, request, title, line, &here).await?,
        action: (!done).then_some(here),
    })
}
