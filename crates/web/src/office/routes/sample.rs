//! The draw of the round: allocation, certificate, and the release of a whole reserve replicate.

use super::{Choice, Place, ROLES, frame, round};
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Cell, FormPage, Table},
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Data, Query},
};
use response_collection::{CertifiedStratum, DrawCertificate};
use std::collections::BTreeSet;
use storage::{draws::SampleDraw, rounds::RoundRecord};
use survey_design::RoundState;
use workflows::{Actor, VerbError, find_certificate, release_replicate};

/// What was drawn, and how.
pub async fn show(state: Data<WebState>, request: HttpRequest, choice: Query<Choice>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let record = round(&state, choice.r.as_deref()).await?;
    answer::own_page(&page(&state, &actor, &record, None).await?)
}

/// The certificate as a file.
pub async fn certificate(
    state: Data<WebState>,
    request: HttpRequest,
    choice: Query<Choice>,
) -> Page {
    signed_in(&state, &request, &ROLES).await?;
    let record = round(&state, choice.r.as_deref()).await?;
    let found = find_certificate(&state.app, &record.round.id).await?;
    let (_, certificate) = found.ok_or(PageError::NotFound)?;
    let name = format!("draw-{}.json", record.round.id);
    Ok(HttpResponse::Ok()
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .json(certificate))
}

/// Releases the next reserve replicate.
pub async fn release(state: Data<WebState>, request: HttpRequest, choice: Query<Choice>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let record = round(&state, choice.r.as_deref()).await?;
    let id = &record.round.id;
    let mut rng = (state.rng)();
    let done = release_replicate(
        &state.app,
        &actor,
        id,
        &state.base_url,
        state.now(),
        &mut rng,
    )
    .await;
    match done {
        Ok(_) => Ok(answer::go_to(&format!("/office/sample?r={id}"))),
        Err(VerbError::Refused(refusal)) => {
            let problem = format!("{refusal}（{}）", refusal.code());
            let page = page(&state, &actor, &record, Some(problem)).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

async fn page(
    state: &WebState,
    actor: &Actor,
    record: &RoundRecord,
    problem: Option<String>,
) -> Result<FormPage, PageError> {
    let found = find_certificate(&state.app, &record.round.id).await?;
    let title = &record.round.title;
    let (mut lead, mut form, mut tables) = (Vec::new(), None, Vec::new());
    match &found {
        None => lead.push(format!(
            "{title}还没有抽样。抽样：huiyin sample draw --round {} --seed 种子",
            record.round.id
        )),
        Some((draw, certificate)) => {
            lead = how_drawn(draw, certificate);
            form = release_form(record, draw, certificate, problem);
            tables = vec![allocation(certificate), proof(record)];
        }
    }
    Ok(FormPage {
        frame: frame(state, actor, "抽样", Some(Place::Sample), title).await?,
        lead,
        form,
        tables,
    })
}

fn how_drawn(draw: &SampleDraw, certificate: &DrawCertificate) -> Vec<String> {
    let groups: BTreeSet<_> = certificate.strata.iter().map(|row| row.group).collect();
    let ways = groups.into_iter().map(|group| {
        let design = certificate.rules.design(group);
        format!(
            "{}：{}分配到各层，层内{}抽样",
            group.label(),
            design.allocation.label(),
            design.method.label()
        )
    });
    let ways: Vec<String> = ways.collect();
    vec![
        format!(
            "{} 于 {} 用公开种子 {} 从 {} 人的抽样框抽取。抽中的人按各自的入样概率加权，不能用别人逐个顶替。",
            draw.drawn_by,
            wording::moment(draw.drawn_at),
            draw.seed,
            wording::thousands(certificate.frame_people)
        ),
        ways.join("；") + "。",
    ]
}

/// None when the rules keep nothing in reserve.
fn release_form(
    record: &RoundRecord,
    draw: &SampleDraw,
    certificate: &DrawCertificate,
    problem: Option<String>,
) -> Option<ActionForm> {
    let reserves = certificate.rules.reserve_replicates;
    let can_be_asked = matches!(
        record.round.state,
        RoundState::Sampling | RoundState::Collecting
    );
    let next = usize::from(draw.released) + 1;
    if problem.is_none() && (draw.released >= reserves || !can_be_asked) {
        return None;
    }
    let people: u64 = certificate
        .strata
        .iter()
        .filter_map(|row| row.drawn.get(next).copied().map(u64::from))
        .sum();
    Some(ActionForm {
        action: format!("/office/sample/release?r={}", record.round.id),
        lead: format!(
            "候补样本 {reserves} 组，已启用 {} 组。下一组 {} 人，只能整组启用：全部发出邀请，所有答卷的权数随之重算，启用后不能收回。",
            draw.released,
            wording::thousands(people)
        ),
        submit: "启用下一组候补样本",
        problem,
        ..ActionForm::default()
    })
}

fn allocation(certificate: &DrawCertificate) -> Table {
    let row = |row: &CertifiedStratum| {
        let number = |people: u32| wording::thousands(people.into());
        let reserves: Vec<String> = row.drawn.iter().skip(1).copied().map(number).collect();
        let cells = [
            row.group.label().to_owned(),
            wording::stratum(row.group.code(), row.stratum.as_str()).to_owned(),
            number(row.population),
            number(row.allotted),
            number(row.drawn.first().copied().unwrap_or(0)),
            reserves.join("、"),
        ];
        cells.map(Cell::text).to_vec()
    };
    Table {
        heading: "各层的人数".to_owned(),
        head: vec![
            ("层面", false),
            ("层", false),
            ("抽样框人数", true),
            ("分配", true),
            ("抽中", true),
            ("候补各组", true),
        ],
        rows: certificate.strata.iter().map(row).collect(),
        empty: "没有抽取任何人。",
    }
}

fn proof(record: &RoundRecord) -> Table {
    let id = &record.round.id;
    let address = format!("/office/sample/certificate?r={id}");
    let rows = [
        (
            Cell::link("抽样证书（JSON）", address),
            "规则、种子、抽样框校验码、每层结果；不含任何人".to_owned(),
        ),
        (
            Cell::text("抽样框（CSV）"),
            format!("huiyin sample frame --round {id} --out frame.csv；只有假名和层"),
        ),
        (
            Cell::text("请人核对"),
            "huiyin sample verify --certificate draw.json --frame frame.csv，不需要数据库"
                .to_owned(),
        ),
    ];
    Table {
        heading: "别人怎样核对".to_owned(),
        head: vec![("材料", false), ("说明", false)],
        rows: rows.map(|(what, how)| vec![what, Cell::text(how)]).to_vec(),
        empty: "",
    }
}
