//! Letters stop for an address, from a page or from a mail program by itself.

use super::frame;
use crate::{Page, PageError, WebState, answer, guard::after_a_wrong_code, rate::OptOutPage};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};

/// The question; a handle that is none is asked as well, so that nothing can be tried out here.
pub async fn ask(state: Data<WebState>, request: HttpRequest, handle: Path<String>) -> Page {
    answer::own_page(&page(&state, &request, Some(format!("/stop/{handle}"))).await?)
}

/// Stops letters; mail programs post here without a page (RFC 8058).
pub async fn stop(state: Data<WebState>, request: HttpRequest, handle: Path<String>) -> Page {
    let done = workflows::opt_out(&state.app, &handle, state.now()).await?;
    if !done && after_a_wrong_code().await.is_err() {
        return Err(PageError::NotFound);
    }
    let status = if done {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    };
    let action = (!done).then(|| format!("/stop/{handle}"));
    answer::own_page_with(status, &page(&state, &request, action).await?)
}

async fn page(
    state: &WebState,
    request: &HttpRequest,
    action: Option<String>,
) -> Result<OptOutPage, PageError> {
    Ok(OptOutPage {
        frame: frame(state, request, "不再收信", "不用登录", "/help").await?,
        action,
    })
}
