//! Addresses of the citizen pages.

mod answer_pages;
mod enter;
mod follow_up;
mod hand_in;
mod opt_out;
mod pairing;
mod rating;
mod view;

use crate::{
    Page, PageError, WebState, answer, cookie,
    frame::{CitizenFrame, TextSize},
    known,
    language::Language,
    rate::{PrivacyPage, Status, StatusPage},
    routes::posted,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data, ServiceConfig},
};
use storage::rounds::RoundRecord;
use vocabulary::RoundId;

type Form = web::Form<Vec<(String, String)>>;

/// Puts the citizen pages and the form of pairing raters on their addresses.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .route("/s", web::get().to(enter::any_round))
        .route("/s/size", web::post().to(size))
        .service(
            web::scope("/s/{round}")
                .route("", web::get().to(enter::landing))
                .route("/enter", web::post().to(enter::enter))
                .route("/decline", web::post().to(enter::decline))
                .route("/paused", web::get().to(answer_pages::paused))
                .route("/check", web::get().to(hand_in::check))
                .route("/submit", web::post().to(hand_in::submit))
                .route("/receipt", web::get().to(hand_in::receipt))
                .route("/q/{page}", web::get().to(answer_pages::show))
                .route("/q/{page}", web::post().to(answer_pages::save)),
        )
        .route("/en/{path:.*}", web::get().to(in_english))
        .route("/zh/{path:.*}", web::get().to(in_chinese))
        .route("/my", web::get().to(follow_up::ask))
        .route("/my", web::post().to(follow_up::find))
        .route("/my/rate", web::post().to(rating::rate))
        .route("/stop/{handle}", web::get().to(opt_out::ask))
        .route("/stop/{handle}", web::post().to(opt_out::stop))
        .route("/privacy", web::get().to(privacy))
        .route("/help", web::get().to(help))
        .route("/rate/pairing", web::get().to(pairing::list))
        .route("/rate/pairing/{unit}", web::get().to(pairing::form))
        .route("/rate/pairing/{unit}", web::post().to(pairing::rate));
}

/// The frame of a citizen page; `here` is where the switches return to.
async fn frame(
    state: &WebState,
    request: &HttpRequest,
    title: &str,
    line: &str,
    here: &str,
) -> Result<CitizenFrame, PageError> {
    let language = cookie::language(request);
    Ok(CitizenFrame {
        title: title.to_owned(),
        host: known::host_in(&state.app, state.demo_accounts, language).await?,
        line: line.to_owned(),
        size: cookie::text_size(request),
        language,
        here: here.to_owned(),
    })
}

/// The frame of a page that belongs to a round.
async fn round_frame(
    state: &WebState,
    request: &HttpRequest,
    title: &str,
    record: &RoundRecord,
    page: &str,
) -> Result<CitizenFrame, PageError> {
    let line = known::round_title(&state.app, record, cookie::language(request)).await?;
    let here = format!("/s/{}{page}", record.round.id);
    frame(state, request, title, &line, &here).await
}

async fn status(
    state: &WebState,
    request: &HttpRequest,
    status: &Status,
    round: Option<&str>,
    code: StatusCode,
) -> Page {
    let here = match (status, round) {
        (Status::Help, _) => "/help".to_owned(),
        (_, Some(round)) => format!("/s/{round}"),
        (_, None) => "/s".to_owned(),
    };
    let line = cookie::language(request).voluntary_line();
    let frame = frame(state, request, "", line, &here).await?;
    answer::own_page_with(code, &StatusPage::new(status, frame, round))
}

/// The round of the address, or the page that says there is none.
async fn round_of(state: &WebState, round: &RoundId) -> Result<Option<RoundRecord>, PageError> {
    Ok(state.app.reader().round(round).await?)
}

async fn size(state: Data<WebState>, form: Form) -> HttpResponse {
    let fields = posted(form);
    let size = TextSize::from_code(fields.text("size"));
    answer::go_to_with(
        own_path(fields.text("back")),
        vec![cookie::keep_text_size(&state, size)],
    )
}

async fn in_english(state: Data<WebState>, request: HttpRequest) -> HttpResponse {
    speak(&state, &request, Language::English)
}

async fn in_chinese(state: Data<WebState>, request: HttpRequest) -> HttpResponse {
    speak(&state, &request, Language::Chinese)
}

/// Keeps the language and goes to the same page without its first step.
fn speak(state: &WebState, request: &HttpRequest, language: Language) -> HttpResponse {
    let uri = request
        .uri()
        .path_and_query()
        .map_or("", |uri| uri.as_str());
    let path = uri.strip_prefix(language.entrance()).unwrap_or_default();
    answer::go_to_with(own_path(path), vec![cookie::keep_language(state, language)])
}

/// The path to return to, if it is a citizen page of this site; the feedback page otherwise.
fn own_path(path: &str) -> &str {
    let own = ["/s/", "/my", "/privacy", "/help", "/stop/", "/rate/pairing"]
        .iter()
        .any(|start| path.starts_with(start))
        || path == "/s";
    let plain = path
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !path.contains("//");
    if own && plain { path } else { "/my" }
}

async fn privacy(state: Data<WebState>, request: HttpRequest) -> Page {
    let hidden_below = view::hidden_below(&state).await?;
    let w = cookie::language(&request);
    let (title, line) = (w.privacy_head(), w.privacy_link());
    let frame = frame(&state, &request, title, line, "/privacy").await?;
    let (mixing, seen_from) = view::mixing(&state).await?;
    answer::own_page(&PrivacyPage {
        frame,
        hidden_below,
        batch: mixing.at_least,
        minutes: mixing.after_minutes,
        seen_from,
    })
}

async fn help(state: Data<WebState>, request: HttpRequest) -> Page {
    status(&state, &request, &Status::Help, None, StatusCode::OK).await
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn the_size_switch_never_leads_to_another_site() {
        assert_eq!(own_path("/s/2026Q3/q/3?check=1"), "/s/2026Q3/q/3?check=1");
        for elsewhere in [
            "//evil.example",
            "https://evil.example",
            "/s//evil.example",
            "/s/\\evil",
            "/office",
            "",
            "/s/ x",
        ] {
            assert_eq!(own_path(elsewhere), "/my", "{elsewhere}");
        }
    }
}
