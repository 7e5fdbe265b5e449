//! Addresses of the evaluation office.

mod agency;
mod annotated;
mod appeals;
mod bad_ratings;
mod callbacks;
mod columns;
mod control;
mod feedback_letters;
mod imports;
mod indicators;
mod invitations;
mod matters;
mod monitor;
mod names;
mod opinion_group;
mod opinions;
mod overview;
mod problems;
mod publication_road;
mod publish;
mod quality;
mod rearrange;
mod rounds;
mod sample;
mod source;
mod sources;
mod upload;
mod upload_report;
mod uploads;

use crate::{
    PageError, WebState,
    frame::{ConsoleFrame, NavLink},
    icon::Icon,
    known,
};
use actix_web::web::{self, ServiceConfig};
use serde::Deserialize;
use storage::rounds::{RoundRecord, list_rounds};
use survey_design::RoundState;
use vocabulary::Role;
use workflows::Actor;

const ROLES: [Role; 2] = [Role::OfficeClerk, Role::OfficeLeader];
const REVIEWERS: [Role; 2] = [Role::OfficeLeader, Role::DisciplineCommission];
const PUBLISHERS: [Role; 3] = [
    Role::OfficeClerk,
    Role::OfficeLeader,
    Role::DisciplineCommission,
];

/// Where files are sent up; they are not read into memory before the handler runs.
pub(crate) const UPLOADS: &str = "/office/uploads";

const INVITATIONS: &str = "/office/invitations";

pub(crate) use agency::AGENCY;
pub(crate) use feedback_letters::lit_letters;
pub(crate) use opinions::{kind_form, other_kind};

type Form = web::Form<Vec<(String, String)>>;

/// Puts the office's workplace on its addresses.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .configure(voices)
        .configure(feedback)
        .route("/agency", web::get().to(agency::list))
        .route("/agency", web::post().to(agency::receive))
        .route("/agency/{id}", web::get().to(agency::show))
        .route("/office", web::get().to(overview::show))
        .route("/office/monitor", web::get().to(monitor::show))
        .route("/office/quality", web::get().to(quality::show))
        .route("/office/quality", web::post().to(quality::step))
        .route(UPLOADS, web::get().to(uploads::list))
        .route(UPLOADS, web::post().to(uploads::receive))
        .route(
            "/office/uploads/{id}/annotated.csv",
            web::get().to(annotated::download),
        )
        .route("/office/names", web::get().to(names::show))
        .route("/office/names", web::post().to(names::step))
        .route("/office/uploads/{id}/columns", web::get().to(columns::show))
        .route(
            "/office/uploads/{id}/columns",
            web::post().to(columns::save),
        )
        .route("/office/uploads/{id}", web::get().to(upload::show))
        .route("/office/uploads/{id}", web::post().to(upload::decide))
        .route("/office/imports/{batch}", web::get().to(imports::show))
        .route("/office/invitations", web::get().to(invitations::show))
        .route(
            "/office/invitations/remind",
            web::post().to(invitations::remind_all),
        )
        .route(
            "/office/invitations/retry",
            web::post().to(invitations::retry),
        )
        .route("/office/letters", web::get().to(invitations::letters))
        .route(
            "/office/letters/printed",
            web::post().to(invitations::printed),
        )
        .route("/office/appeals", web::get().to(appeals::list))
        .route("/office/appeals/{id}", web::get().to(appeals::show))
        .route("/office/appeals/{id}", web::post().to(appeals::decide))
        .route("/office/rounds", web::get().to(rounds::list))
        .route("/office/rounds", web::post().to(rounds::create))
        .route("/office/indicators", web::get().to(indicators::show))
        .route("/office/indicators", web::post().to(indicators::decide))
        .route("/office/sources", web::get().to(sources::list))
        .route("/office/sources", web::post().to(sources::make))
        .route("/office/sources/{id}", web::get().to(source::show))
        .route("/office/sources/{id}", web::post().to(source::change))
        .route("/office/sample", web::get().to(sample::show))
        .route(
            "/office/sample/certificate",
            web::get().to(sample::certificate),
        )
        .route("/office/sample/release", web::post().to(sample::release))
        .route("/office/publish", web::get().to(publish::show))
        .route("/office/publish", web::post().to(publish::step));
}

/// What units are told, and whether they have signed for it.
fn feedback(service: &mut ServiceConfig) {
    service
        .route(
            "/office/feedback-letters",
            web::get().to(feedback_letters::list),
        )
        .route(
            "/office/feedback-letters/{id}/print",
            web::get().to(feedback_letters::print),
        )
        .route(
            "/office/feedback-letters/{id}/letter.docx",
            web::get().to(feedback_letters::file),
        )
        .route(
            "/office/feedback-letters/{id}",
            web::get().to(feedback_letters::show),
        )
        .route(
            "/office/feedback-letters/{id}",
            web::post().to(feedback_letters::mailbox),
        );
}

/// What people said, and the matters made of it.
fn voices(service: &mut ServiceConfig) {
    service
        .route("/office/opinions", web::get().to(opinions::list))
        .route("/office/opinions/{unit}", web::get().to(opinions::show))
        .route("/office/opinions/{unit}", web::post().to(opinions::sort))
        .route(
            "/office/opinions/{unit}/{leader}",
            web::get().to(opinion_group::show),
        )
        .route(
            "/office/opinions/{unit}/{leader}",
            web::post().to(opinion_group::confirm),
        )
        .route(
            "/office/matters/{id}/words",
            web::get().to(opinion_group::words),
        )
        .route(
            "/office/matters/{id}/words",
            web::post().to(opinion_group::review),
        )
        .route("/office/control", web::get().to(control::list))
        .route("/office/control", web::post().to(control::assign))
        .route("/office/control.xlsx", web::get().to(control::workbook))
        .route("/office/control/merge", web::get().to(rearrange::merging))
        .route("/office/control/merge", web::post().to(rearrange::merge))
        .route(
            "/office/matters/{id}/split",
            web::get().to(rearrange::splitting),
        )
        .route(
            "/office/matters/{id}/split",
            web::post().to(rearrange::split),
        )
        .route("/office/matters", web::get().to(matters::list))
        .route("/office/matters/{id}", web::get().to(matters::show))
        .route(
            "/office/matters/{id}/evidence",
            web::post().to(matters::receive),
        )
        .route(
            "/office/matters/{id}/evidence/{file}",
            web::get().to(matters::open),
        )
        .route(
            "/office/matters/{id}/evidence/{file}/withdraw",
            web::post().to(matters::withdraw),
        )
        .route("/office/matters/{id}/{act}", web::post().to(matters::act))
        .configure(followed);
}

/// What is followed until it is settled: bad ratings, calls, problems.
fn followed(service: &mut ServiceConfig) {
    service
        .route("/office/bad-ratings", web::get().to(bad_ratings::list))
        .route("/office/bad-ratings/{id}", web::get().to(bad_ratings::show))
        .route(
            "/office/bad-ratings/{id}/{act}",
            web::post().to(bad_ratings::act),
        )
        .route("/office/callbacks", web::get().to(callbacks::list))
        .route("/office/callbacks", web::post().to(callbacks::draw))
        .route("/office/callbacks/{id}", web::get().to(callbacks::show))
        .route("/office/callbacks/{id}", web::post().to(callbacks::record))
        .route("/office/problems", web::get().to(problems::list))
        .route("/office/problems/{reg_no}", web::get().to(problems::show))
        .route(
            "/office/problems/{reg_no}/{act}",
            web::post().to(problems::act),
        );
}

/// A place in the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Overview,
    Uploads,
    Names,
    Sources,
    Sample,
    Invitations,
    Monitor,
    Quality,
    Opinions,
    Clues,
    Control,
    Matters,
    Callbacks,
    Problems,
    BadRatings,
    Letters,
    Appeals,
    Publish,
    Rounds,
    Indicators,
}

/// Which round.
#[derive(Debug, Default, Deserialize)]
pub struct Choice {
    r: Option<String>,
}

/// The round worked on: the one named, or the newest that is not a draft.
async fn round(state: &WebState, named: Option<&str>) -> Result<RoundRecord, PageError> {
    let mut all = list_rounds(state.app.store()).await?;
    let found = match named {
        Some(id) => all.iter().position(|record| record.round.id.as_str() == id),
        None => all
            .iter()
            .rposition(|record| record.round.state != RoundState::Draft)
            .or_else(|| all.len().checked_sub(1)),
    };
    found
        .map(|index| all.swap_remove(index))
        .ok_or(PageError::NotFound)
}

/// The frame for those who work here; the discipline commission has its own navigation around the same pages.
pub(crate) async fn frame(
    state: &WebState,
    actor: &Actor,
    heading: &str,
    place: Option<Place>,
    round: &str,
) -> Result<ConsoleFrame, PageError> {
    let host = known::host(&state.app, state.demo_accounts).await?;
    let watches = actor.role == Role::DisciplineCommission;
    let nav = match watches {
        true => links_of_commission(place),
        false => links(place),
    };
    Ok(ConsoleFrame {
        title: heading.to_owned(),
        heading: heading.to_owned(),
        workplace: if watches {
            "纪委监委工作台"
        } else {
            "评价办工作台"
        },
        owner: if watches {
            "纪委监委".to_owned()
        } else {
            host.office
        },
        nav,
        name: actor.name.clone(),
        role: actor.role.label(),
        round: round.to_owned(),
        done: None,
        demonstration: state.demo_accounts,
    })
}

/// A place in the navigation, marked where it is the one shown.
fn link(place: Option<Place>) -> impl Fn(&str, &'static str, Icon, Place) -> NavLink {
    move |href, label, icon, of| NavLink {
        href: href.to_owned(),
        label,
        icon,
        count: None,
        current: place == Some(of),
    }
}

/// The navigation of the commission that watches the office.
fn links_of_commission(place: Option<Place>) -> Vec<NavLink> {
    let link = link(place);
    vec![
        NavLink {
            href: "/commission".to_owned(),
            label: "分组与督办",
            icon: Icon::Flag,
            count: None,
            current: place.is_none(),
        },
        link(
            "/commission/problems",
            "挂号督办",
            Icon::Clock,
            Place::Problems,
        ),
        link(
            "/office/bad-ratings",
            "差评办理",
            Icon::Alert,
            Place::BadRatings,
        ),
        link("/office/quality", "质量迹象", Icon::Eye, Place::Quality),
        link("/commission/clues", "问题线索", Icon::Lock, Place::Clues),
        link("/office/appeals", "申诉复核", Icon::Chat, Place::Appeals),
        link("/office/publish", "公布审批", Icon::Shield, Place::Publish),
    ]
}

/// The navigation of the office.
fn links(place: Option<Place>) -> Vec<NavLink> {
    let link = link(place);
    vec![
        link("/office", "本轮概况", Icon::Chart, Place::Overview),
        link(UPLOADS, "导入文件", Icon::File, Place::Uploads),
        link("/office/names", "单位名称", Icon::Building, Place::Names),
        link("/office/sources", "来源系统", Icon::Inbox, Place::Sources),
        link("/office/sample", "抽样", Icon::User, Place::Sample),
        link(INVITATIONS, "邀请和应答率", Icon::Bell, Place::Invitations),
        link("/office/monitor", "回收监测", Icon::Clock, Place::Monitor),
        link("/office/quality", "质量迹象", Icon::Eye, Place::Quality),
        link("/office/opinions", "意见归集", Icon::Chat, Place::Opinions),
        link("/office/control", "整改调度", Icon::Flag, Place::Control),
        link("/office/matters", "整改事项", Icon::Inbox, Place::Matters),
        link(
            "/office/callbacks",
            "回访抽查",
            Icon::Sound,
            Place::Callbacks,
        ),
        link("/office/problems", "挂号督办", Icon::Flag, Place::Problems),
        link(
            "/office/bad-ratings",
            "差评办理",
            Icon::Alert,
            Place::BadRatings,
        ),
        link(
            "/office/feedback-letters",
            "反馈函",
            Icon::File,
            Place::Letters,
        ),
        link("/office/appeals", "申诉复核", Icon::Chat, Place::Appeals),
        link("/office/publish", "公布审批", Icon::Shield, Place::Publish),
        link("/office/rounds", "评价轮次", Icon::Lock, Place::Rounds),
        link(
            "/office/indicators",
            "指标体系",
            Icon::Book,
            Place::Indicators,
        ),
    ]
}
