//! Addresses of the portal.

use super::{
    AccessibilityPage, CorrectionsPage, Download, DownloadsPage, ItemMeasure, ItemPoint,
    ItemSeries, KnownResult, QuarterInput, Released, Standing, VerifyPage, View, WaitingPage,
    all_known, all_released, department, draw, item_trend, matters, method, newest,
    published_rounds, quarter, released, replaced,
};
use crate::{
    Page, PageError, WebState, answer,
    frame::{Host, Link, PortalFrame, PortalPlace},
    known,
    routes::posted,
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Data, Form, Path, Query, ServiceConfig},
};
use publication::{Bulletin, BulletinState};
use serde::Deserialize;
use std::path::PathBuf;
use storage::{rounds, scores};
use survey_design::RoundState;
use vocabulary::{Role, RoundId, UnitId};
use workflows::{Action, allow, bulletin_preview};

/// Puts the portal on its addresses.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .route("/", web::get().to(home))
        .route("/trend", web::get().to(trend))
        .route("/method", web::get().to(method_note))
        .route("/verify", web::get().to(verify))
        .route("/verify", web::post().to(verify_code))
        .configure(super::receipts::routes)
        .route("/corrections", web::get().to(corrections))
        .route("/accessibility", web::get().to(accessibility))
        .route("/r/{round}", web::get().to(round_page))
        .route("/r/{round}/v/{version}", web::get().to(version_page))
        .route("/bulletins/{round}", web::get().to(inside_page))
        .route("/r/{round}/d/{unit}", web::get().to(department_page))
        .route("/r/{round}/matters", web::get().to(matters_page))
        .route("/r/{round}/downloads", web::get().to(downloads))
        .route("/r/{round}/files/{name}", web::get().to(file))
        .route("/r/{round}/bundle/{name}", web::get().to(bundle_file));
}

/// Who reads a bulletin before everybody does.
const INSIDE: [Role; 7] = [
    Role::OfficeClerk,
    Role::OfficeLeader,
    Role::DisciplineCommission,
    Role::OrganisationDepartment,
    Role::StationedGroup,
    Role::UnitLiaison,
    Role::UnitHead,
];

/// What of a round is shown.
#[derive(Debug, Default, Deserialize)]
struct Choice {
    v: Option<String>,
    c: Option<String>,
    m: Option<String>,
}

pub(super) async fn host(state: &WebState) -> Result<Host, PageError> {
    known::host(&state.app, state.demo_accounts).await
}

async fn home(state: Data<WebState>, choice: Query<Choice>) -> Page {
    match newest(state.app.store()).await? {
        Some(newest) => shown(&state, &newest, &choice).await,
        None => {
            waiting(
                &state,
                "还没有公布的结果",
                "第一轮结果经两个人批准公布以后，会出现在这里。",
            )
            .await
        }
    }
}

async fn round_page(state: Data<WebState>, round: Path<RoundId>, choice: Query<Choice>) -> Page {
    if let Some(found) = released(state.app.store(), &round).await? {
        return shown(&state, &found, &choice).await;
    }
    match rounds::find_round(state.app.store(), &round).await? {
        Some(record) => {
            waiting(
                &state,
                &format!("{}的结果还没有公布", record.round.title),
                "结果要先给各部门核对，再由两个人批准，才会公布。",
            )
            .await
        }
        None => Err(PageError::NotFound),
    }
}

/// A version that was corrected since; the newest one has the address of its round.
async fn version_page(
    state: Data<WebState>,
    path: Path<(RoundId, u32)>,
    choice: Query<Choice>,
) -> Page {
    let (round, version) = path.into_inner();
    match replaced(state.app.store(), &round, version).await? {
        Some((found, by_version)) => {
            let input = QuarterInput {
                body: found.body(),
                standing: Standing::Replaced { by_version },
                host: host(&state).await?,
                published_at: found.at,
                class: choice.c.as_deref(),
                view: View::from_code(choice.v.as_deref()),
                downloads: Vec::new(),
                earlier: Vec::new(),
            };
            answer::public_page(&quarter(input).ok_or(PageError::NotFound)?)
        }
        None => match released(state.app.store(), &round).await? {
            Some(found) if found.body().version == version => {
                Ok(answer::go_to(&format!("/r/{round}")))
            }
            _ => Err(PageError::NotFound),
        },
    }
}

/// A bulletin that is not public: those who publish see it on its whole way, everybody else who works here once two people agreed.
async fn inside_page(
    state: Data<WebState>,
    request: HttpRequest,
    round: Path<RoundId>,
    choice: Query<Choice>,
) -> Page {
    let actor = signed_in(&state, &request, &INSIDE).await?;
    let row = scores::latest_bulletin(state.app.store(), &round).await?;
    let stage = row
        .as_ref()
        .and_then(|row| serde_json::from_str::<Bulletin>(&row.state).ok())
        .map(|bulletin| bulletin.state);
    let publishes =
        allow(&actor, Action::Propose).is_ok() || allow(&actor, Action::Approve).is_ok();
    let label = match &stage {
        Some(BulletinState::Published { .. }) => {
            return Ok(answer::go_to(&format!("/r/{round}")));
        }
        Some(stage @ BulletinState::Internal { .. }) => stage.label(),
        _ if !publishes => return Err(PageError::NotFound),
        Some(stage) => stage.label(),
        None => "起草中",
    };
    let record = rounds::find_round(state.app.store(), &round).await?;
    if record.is_none_or(|record| record.round.state < RoundState::Frozen) {
        return Err(PageError::NotFound);
    }
    let body = bulletin_preview(&state.app, &round, state.now()).await?;
    let input = QuarterInput {
        body: &body,
        standing: Standing::Inside { label, publishes },
        host: host(&state).await?,
        published_at: None,
        class: choice.c.as_deref(),
        view: View::from_code(choice.v.as_deref()),
        downloads: Vec::new(),
        earlier: Vec::new(),
    };
    answer::own_page(&quarter(input).ok_or(PageError::NotFound)?)
}

async fn shown(state: &WebState, found: &Released, choice: &Choice) -> Page {
    let others = published_rounds(state.app.store()).await?;
    let earlier = others
        .iter()
        .rev()
        .filter(|record| record.round.id != found.body().round)
        .map(|record| Link {
            href: format!("/r/{}", record.round.id),
            label: record.round.title.clone(),
            current: false,
        })
        .collect();
    let input = QuarterInput {
        body: found.body(),
        standing: Standing::Newest,
        host: host(state).await?,
        published_at: found.at,
        class: choice.c.as_deref(),
        view: View::from_code(choice.v.as_deref()),
        downloads: found.downloads(),
        earlier,
    };
    answer::public_page(&quarter(input).ok_or(PageError::NotFound)?)
}

async fn waiting(state: &WebState, heading: &str, words: &str) -> Page {
    let all = rounds::list_rounds(state.app.store()).await?;
    let rows = all
        .iter()
        .rev()
        .map(|record| {
            let href = match record.round.state {
                RoundState::Published => format!("/r/{}", record.round.id),
                _ => String::new(),
            };
            (
                record.round.title.clone(),
                href,
                record.round.state.label().to_owned(),
            )
        })
        .collect();
    let frame = frame(state, heading, PortalPlace::Results, None).await?;
    answer::own_page(&WaitingPage {
        frame,
        heading: heading.to_owned(),
        words: words.to_owned(),
        rounds: rows,
    })
}

async fn frame(
    state: &WebState,
    title: &str,
    place: PortalPlace,
    round: Option<String>,
) -> Result<PortalFrame, PageError> {
    Ok(PortalFrame {
        title: title.to_owned(),
        host: host(state).await?,
        place,
        round,
    })
}

async fn found(state: &WebState, round: &RoundId) -> Result<Released, PageError> {
    released(state.app.store(), round)
        .await?
        .ok_or(PageError::NotFound)
}

async fn department_page(state: Data<WebState>, path: Path<(RoundId, UnitId)>) -> Page {
    let (round, unit) = path.into_inner();
    let found = found(&state, &round).await?;
    let page = department(found.body(), &unit, host(&state).await?).ok_or(PageError::NotFound)?;
    answer::public_page(&page)
}

async fn matters_page(state: Data<WebState>, round: Path<RoundId>) -> Page {
    let found = found(&state, &round).await?;
    answer::public_page(&matters(found.body(), host(&state).await?))
}

/// The method by the newest rules in use.
async fn method_note(state: Data<WebState>) -> Page {
    let store = state.app.store();
    let all = rounds::list_rounds(store).await?;
    let Some(record) = all
        .iter()
        .rev()
        .find(|record| !record.round.rules_digest.is_empty())
    else {
        return waiting(
            &state,
            "评价方法还没有确定",
            "建立第一轮评价以后，这里会写明全部权重和门槛。",
        )
        .await;
    };
    let rules = workflows::rules(&state.app, &record.round.rules_digest).await?;
    let newest = newest(store).await?;
    let notes = newest
        .as_ref()
        .map(|found| found.body().method_note.clone())
        .unwrap_or_default();
    let round = newest.map(|found| found.body().round.to_string());
    answer::public_page(&method(&rules, notes, round, host(&state).await?))
}

pub(super) async fn newest_round(state: &WebState) -> Result<Option<String>, PageError> {
    Ok(newest(state.app.store())
        .await?
        .map(|found| found.body().round.to_string()))
}

pub(super) async fn known_results(state: &WebState) -> Result<Vec<KnownResult>, PageError> {
    let mut all = all_known(state.app.store()).await?;
    all.reverse();
    Ok(all)
}

async fn verify(state: Data<WebState>) -> Page {
    let round = newest_round(&state).await?;
    answer::own_page(&VerifyPage::new(
        "",
        &known_results(&state).await?,
        round,
        host(&state).await?,
    ))
}

async fn verify_code(state: Data<WebState>, form: Form<Vec<(String, String)>>) -> Page {
    let fields = posted(form);
    let round = newest_round(&state).await?;
    answer::own_page(&VerifyPage::new(
        fields.text("code"),
        &known_results(&state).await?,
        round,
        host(&state).await?,
    ))
}

async fn corrections(state: Data<WebState>) -> Page {
    let all = all_released(state.app.store()).await?;
    let rows: Vec<_> = all
        .iter()
        .rev()
        .flat_map(|found| {
            let body = found.body();
            body.corrections.iter().map(move |correction| {
                (
                    format!("{} 第 {} 版", body.round_title, correction.version),
                    wording::full_day(correction.date),
                    correction.what.clone(),
                )
            })
        })
        .collect();
    let heading = match rows.len() {
        0 => "公布以后没有更正".to_owned(),
        number => format!("公布以后更正过{}处", wording::count(number)),
    };
    let frame = frame(
        &state,
        &heading,
        PortalPlace::Elsewhere,
        newest_round(&state).await?,
    )
    .await?;
    answer::public_page(&CorrectionsPage {
        frame,
        heading,
        rows,
    })
}

async fn accessibility(state: Data<WebState>) -> Page {
    let frame = frame(
        &state,
        "无障碍说明",
        PortalPlace::Elsewhere,
        newest_round(&state).await?,
    )
    .await?;
    answer::public_page(&AccessibilityPage { frame })
}

async fn downloads(state: Data<WebState>, request: HttpRequest, round: Path<RoundId>) -> Page {
    let found = found(&state, &round).await?;
    let body = found.body();
    let agent = request
        .headers()
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let page = DownloadsPage {
        frame: frame(
            &state,
            &format!("下载{}的数据", body.round_title),
            PortalPlace::Downloads,
            Some(round.to_string()),
        )
        .await?,
        round_title: body.round_title.clone(),
        result_id: body.result_id.clone(),
        in_wechat: agent.contains("MicroMessenger"),
        files: found.downloads(),
        bundle: bundle_downloads(&found),
        draw: draw::link(&state, &found).await?,
        fields: publication::FIELDS
            .iter()
            .map(|field| (field.name, field.heading, field.meaning))
            .collect(),
        published: found
            .at
            .map_or_else(String::new, |at| format!("{} 公布。", wording::moment(at))),
    };
    answer::own_page(&page)
}

/// Name, size and path of each file of the bundle, by name; empty when it does not lie on this machine.
fn bundle_files(found: &Released) -> Vec<(String, u64, PathBuf)> {
    let Some(entries) = found
        .bundle
        .as_ref()
        .and_then(|folder| std::fs::read_dir(folder).ok())
    else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let size = entry
                .metadata()
                .ok()
                .filter(std::fs::Metadata::is_file)?
                .len();
            Some((entry.file_name().into_string().ok()?, size, entry.path()))
        })
        .collect();
    files.sort();
    files
}

fn bundle_downloads(found: &Released) -> Vec<Download> {
    let round = &found.body().round;
    bundle_files(found)
        .into_iter()
        .map(|(name, size, _)| Download {
            href: format!("/r/{round}/bundle/{name}"),
            what: bundle_meaning(&name).to_owned(),
            size: wording::file_size(size),
            name,
        })
        .collect()
}

fn bundle_meaning(name: &str) -> &'static str {
    match name {
        "manifest.json" => "清单：每个文件的校验码、规则摘要、签名人",
        "ratings.parquet" => "去掉身份的评价行",
        "moments.json" => "公开的汇总数（整数）",
        "channels.json" => "各渠道的汇总数",
        "ranking.csv" => "公布的排名表",
        "rules.json" => "本轮规则",
        "units.json" => "单位名录",
        "counts.json" => "收到、计入、剔除",
        name if name.starts_with("signature") => "签名",
        _ => "数据包文件",
    }
}

async fn file(state: Data<WebState>, path: Path<(RoundId, String)>) -> Page {
    let (round, name) = path.into_inner();
    let found = found(&state, &round).await?;
    if name == draw::NAME {
        let certificate = draw::certificate(&state, &found).await?;
        let certificate = certificate.ok_or(PageError::NotFound)?;
        let name = format!("draw-{round}.json");
        return Ok(attached(&name, "application/json", certificate));
    }
    let file = found
        .content
        .files
        .iter()
        .find(|file| file.name == name)
        .ok_or(PageError::NotFound)?;
    Ok(attached(
        &format!("{}-{}", found.body().result_id, file.name),
        file.media_type,
        file.bytes.clone(),
    ))
}

/// Only names that lie in the bundle's folder are served, compared as a whole.
async fn bundle_file(state: Data<WebState>, path: Path<(RoundId, String)>) -> Page {
    let (round, name) = path.into_inner();
    let found = found(&state, &round).await?;
    let file = bundle_files(&found)
        .into_iter()
        .find(|(known, _, _)| *known == name);
    let (_, _, place) = file.ok_or(PageError::NotFound)?;
    let bytes = web::block(move || std::fs::read(place))
        .await
        .map_err(|_| PageError::Failed)?
        .map_err(|_| PageError::Failed)?;
    Ok(attached(&name, "application/octet-stream", bytes))
}

fn attached(name: &str, media_type: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .insert_header((header::CACHE_CONTROL, "public, max-age=60"))
        .body(bytes)
}

/// Items of one unit over all published rounds; only where rounds have several items.
async fn trend(state: Data<WebState>, choice: Query<Choice>) -> Page {
    let all = all_released(state.app.store()).await?;
    let newest = all.last().ok_or(PageError::NotFound)?;
    let unit = newest
        .body()
        .items
        .first()
        .map(|item| item.unit.clone())
        .ok_or(PageError::NotFound)?;
    let name = newest
        .body()
        .classes
        .iter()
        .flat_map(|class| &class.rows)
        .find(|row| row.row.unit == unit);
    let rounds: Vec<String> = all
        .iter()
        .map(|found| super::short_title(&found.body().round_title))
        .collect();
    let series = series(&all, &unit);
    if series.len() < 2 {
        return Err(PageError::NotFound);
    }
    let unit_name = name.map_or_else(|| unit.to_string(), |row| row.unit_name.clone());
    let measure = ItemMeasure::from_code(choice.m.as_deref());
    answer::public_page(&item_trend(
        &unit_name,
        &rounds,
        &series,
        measure,
        "/trend",
        host(&state).await?,
    ))
}

/// One series per item, in the order of the newest round that asked it.
fn series(all: &[Released], unit: &UnitId) -> Vec<ItemSeries> {
    let mut items: Vec<_> = Vec::new();
    for found in all.iter().rev() {
        for item in found.body().items.iter().filter(|item| item.unit == *unit) {
            if !items.contains(&item.item) {
                items.push(item.item.clone());
            }
        }
    }
    items
        .into_iter()
        .map(|id| ItemSeries {
            name: id.to_string(),
            points: all
                .iter()
                .map(|found| {
                    let item = found
                        .body()
                        .items
                        .iter()
                        .find(|item| item.unit == *unit && item.item == id)?;
                    Some(ItemPoint {
                        n: item.n,
                        mean: item.mean_level?,
                        top_two: item.top2?,
                    })
                })
                .collect(),
        })
        .collect()
}
