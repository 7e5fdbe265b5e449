//! The survey agency: its own files, and how the collection comes along. It reads nothing anybody answered or wrote.

use super::{
    monitor::progress_rows,
    round,
    upload::told,
    uploads::{file_fields, kept, sent, upload_row, uploads_table},
};
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Cell, Field, FormPage, Table},
    frame::{ConsoleFrame, NavLink},
    icon::Icon,
    office::UploadPage,
    session::signed_in,
};
use actix_multipart::Multipart;
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};
use rating_import::FileKind;
use storage::{
    invitations,
    uploads::{self, UploadState},
};
use survey_design::RoundState;
use vocabulary::Role;
use workflows::{Actor, UPLOADS_KEPT_DAYS, VerbError, upload_progress};

const ROLES: [Role; 1] = [Role::SurveyAgency];
/// Where the agency works; its files are not read into memory before the handler runs.
pub(crate) const AGENCY: &str = "/agency";

/// Its files of the round, a form for the next one, and the progress of the collection.
pub async fn list(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&page(&state, &actor, None, "").await?)
}

/// Receives a file; somebody of the office takes it or not.
pub async fn receive(state: Data<WebState>, request: HttpRequest, parts: Multipart) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let record = round(&state, None).await?;
    let (columns, received) = match sent(&state, &actor, parts).await? {
        Ok(sent) => {
            let sent = sent.of_kind(FileKind::Survey);
            let columns = sent.columns.clone();
            (columns, kept(&state, &actor, &record, sent).await)
        }
        Err(error) => (String::new(), Err(error)),
    };
    match received {
        Ok(upload) => Ok(answer::go_to(&format!("{AGENCY}/{}", upload.id))),
        Err(VerbError::Refused(refusal)) => {
            let problem = format!("{refusal}（{}）", refusal.code());
            let page = page(&state, &actor, Some(problem), &columns).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// What was found in one of its own files.
pub async fn show(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let upload = uploads::find_upload(state.app.store(), &id).await?;
    let own = upload.filter(|upload| upload.uploaded_by == actor.account.as_str());
    let upload = own.ok_or(PageError::NotFound)?;
    let (lead, tables) = told(&state, &upload).await?;
    let title = round(&state, None).await?.round.title;
    answer::own_page(&UploadPage {
        frame: frame(&state, &actor, &upload.file_name, &title),
        working: matches!(upload.state, UploadState::Waiting | UploadState::Approved),
        lead,
        progress: upload_progress(&state.app, &id).map(Into::into),
        download: None,
        columns: String::new(),
        form: None,
        tables,
    })
}

async fn page(
    state: &WebState,
    actor: &Actor,
    problem: Option<String>,
    columns: &str,
) -> Result<FormPage, PageError> {
    let record = round(state, None).await?;
    let (store, id) = (state.app.store(), &record.round.id);
    let own = uploads::list_uploads(store, id).await?;
    let own = own
        .iter()
        .filter(|upload| upload.uploaded_by == actor.account.as_str());
    let files = uploads_table(own.map(|upload| upload_row(upload, AGENCY)).collect());
    let strata = invitations::stratum_progress(store, id).await?;
    let progress = Table {
        heading: "回收进度".to_owned(),
        head: vec![
            ("层", false),
            ("已回收", true),
            ("发出", true),
            ("回收率", true),
        ],
        rows: progress_rows(&strata)
            .into_iter()
            .map(|row| {
                [row.name, row.received, row.issued, row.rate]
                    .map(Cell::text)
                    .into()
            })
            .collect(),
        empty: "本轮没有发出邀请。",
    };
    let takes_files = record.round.state < RoundState::Frozen;
    let lead = if takes_files {
        format!(
            "上传后先自动检查，不写入任何数据；由评价办核对后入库。这里只看得到您自己上传的文件，{UPLOADS_KEPT_DAYS} 天后删除。"
        )
    } else {
        "本轮得分已经冻结，不能再导入文件。".to_owned()
    };
    Ok(FormPage {
        frame: frame(state, actor, "调查数据", &record.round.title),
        lead: vec![lead],
        form: takes_files.then(|| form(problem, columns)),
        tables: vec![files, progress],
    })
}

fn form(problem: Option<String>, columns: &str) -> ActionForm {
    let [mapping, file] = file_fields();
    let mapping = Field {
        hint: "说明每一列是什么、每个数字是哪一级，由评价办提供。".into(),
        needed: true,
        ..mapping
    };
    ActionForm {
        action: AGENCY.to_owned(),
        fields: vec![mapping.holding(columns), file],
        submit: "上传并检查",
        note: "检查时不写入".to_owned(),
        problem,
        ..ActionForm::default()
    }
}

fn frame(state: &WebState, actor: &Actor, heading: &str, round: &str) -> ConsoleFrame {
    ConsoleFrame {
        title: heading.to_owned(),
        heading: heading.to_owned(),
        workplace: "调查机构工作台",
        owner: actor.role.label().to_owned(),
        nav: vec![NavLink {
            href: AGENCY.to_owned(),
            label: "调查数据",
            icon: Icon::File,
            count: None,
            current: true,
        }],
        name: actor.name.clone(),
        role: actor.role.label(),
        round: round.to_owned(),
        done: None,
        demonstration: state.demo_accounts,
    }
}
