//! Every address of the site, and what stands before all of them.

use crate::{
    Page, PageError, WebState, answer, api, asset, commission,
    guard::{only_same_origin, with_headers, with_whole_body},
    health::health,
    method, office, portal, rate, staff, unit,
};
use actix_web::{
    HttpRequest, HttpResponse,
    error::UrlencodedError,
    http::header,
    middleware::{Compress, from_fn},
    web::{self, Data, FormConfig, PathConfig, PayloadConfig, QueryConfig, ServiceConfig},
};

/// Most bytes of a posted form; the longest answers of one page are far below.
const LARGEST_FORM: usize = 64 * 1024;

/// Puts all addresses behind the guards.
pub fn configure(service: &mut ServiceConfig, state: Data<WebState>) {
    service
        .app_data(state)
        .app_data(PayloadConfig::new(LARGEST_FORM))
        .app_data(
            FormConfig::default()
                .limit(LARGEST_FORM)
                .error_handler(|error, _| form_problem(&error).into()),
        )
        .app_data(QueryConfig::default().error_handler(|_, _| PageError::BadForm.into()))
        .app_data(PathConfig::default().error_handler(|_, _| PageError::NotFound.into()))
        .service(
            web::scope("")
                .wrap(from_fn(with_whole_body))
                .wrap(from_fn(only_same_origin))
                .wrap(Compress::default())
                .wrap(from_fn(with_headers))
                .route("/assets/{name}", web::get().to(file))
                .route("/healthz", web::get().to(health))
                .route("/robots.txt", web::get().to(robots))
                .configure(rate::routes)
                .configure(staff::routes)
                .configure(unit::routes)
                .configure(office::routes)
                .configure(method::routes)
                .configure(commission::routes)
                .configure(api::routes)
                .configure(portal::routes)
                .default_service(web::to(nowhere)),
        );
}

fn form_problem(error: &UrlencodedError) -> PageError {
    match error {
        UrlencodedError::Overflow { .. } => PageError::TooLarge,
        _ => PageError::BadForm,
    }
}

async fn nowhere() -> Page {
    Err(PageError::NotFound)
}

/// A file whose address changes with its content, so that it may be kept for ever.
async fn file(request: HttpRequest) -> Page {
    let asset = asset::find(request.path()).ok_or(PageError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(asset.media_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(asset.bytes.as_slice()))
}

async fn robots() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("User-agent: *\nDisallow: /s/\nDisallow: /stop/\nDisallow: /my\nDisallow: /unit\nDisallow: /office\n")
}

/// The posted fields of a form.
pub(crate) fn posted(fields: web::Form<Vec<(String, String)>>) -> answer::Posted {
    answer::Posted::new(fields.into_inner())
}
