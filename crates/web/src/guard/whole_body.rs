//! A form arrives whole and in time, or is refused with a page; nobody holds a connection open drop by drop.

use crate::{
    PageError,
    api::is_push,
    desk::EVIDENCE,
    office::{AGENCY, UPLOADS},
};
use actix_web::{
    Error, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::StatusCode,
    middleware::Next,
    rt::time::timeout,
    web::Bytes,
};
use std::time::Duration;

/// How long a form may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads the body before the handler runs; forms are small, so that it fits in memory. Files and rows of sources are read by their handlers.
///
/// # Errors
/// Whatever the handler ends with.
pub async fn with_whole_body<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let path = request.path();
    let own = path == UPLOADS || path == AGENCY || path.ends_with(EVIDENCE) || is_push(path);
    let refusal = if request.method().is_safe() || own {
        None
    } else {
        match timeout(PATIENCE, request.extract::<Bytes>()).await {
            Ok(Ok(body)) => {
                request.set_payload(Payload::from(body));
                None
            }
            Ok(Err(error)) => Some(refused(&error)),
            Err(_) => Some(PageError::TooSlow),
        }
    };
    match refusal {
        None => next
            .call(request)
            .await
            .map(ServiceResponse::map_into_left_body),
        Some(refusal) => {
            let response = refusal.error_response();
            Ok(request.into_response(response).map_into_right_body())
        }
    }
}

fn refused(error: &Error) -> PageError {
    let overflow = matches!(error.as_error(), Some(PayloadError::Overflow))
        || error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE;
    if overflow {
        PageError::TooLarge
    } else {
        PageError::BadForm
    }
}
