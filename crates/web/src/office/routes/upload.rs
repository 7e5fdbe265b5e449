//! One file that was sent up: how far it is, what was found, and the decision of a second person.

use super::{
    Form, Place, ROLES, frame,
    upload_report::{findings, hotline_totals, outcome, quality, totals_words},
    uploads::state_words,
};
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Field, Input, Table},
    known,
    office::UploadPage,
    routes::posted,
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};
use rating_import::FileKind;
use storage::uploads::{self, Upload, UploadState};
use vocabulary::RoundId;
use workflows::{
    Actor, ReadAs, UploadReport, VerbError, approve_upload, compare_hotline_totals, lists_people,
    recheck_upload, undo_upload, upload_progress, upload_quality, upload_report, withdraw_upload,
};

/// One file.
pub async fn show(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&page(&state, &actor, &id, None).await?)
}

/// Takes a checked file, or gives it back.
pub async fn decide(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let done = match posted(form).text("decision") {
        "approve" => approve_upload(&state.app, &actor, &id, state.now()).await,
        "withdraw" => withdraw_upload(&state.app, &actor, &id, state.now()).await,
        "recheck" => recheck_upload(&state.app, &actor, &id, state.now()).await,
        "undo" => undo_upload(&state.app, &actor, &id, state.now(), &mut (state.rng)()).await,
        _ => return Err(PageError::BadForm),
    };
    match done {
        Ok(()) => Ok(answer::go_to(&format!("/office/uploads/{id}"))),
        Err(VerbError::Refused(refusal)) => {
            let problem = format!("{refusal}（{}）", refusal.code());
            let page = page(&state, &actor, &id, Some(problem)).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

async fn page(
    state: &WebState,
    actor: &Actor,
    id: &str,
    problem: Option<String>,
) -> Result<UploadPage, PageError> {
    let store = state.app.store();
    let upload = uploads::find_upload(store, id)
        .await?
        .ok_or(PageError::NotFound)?;
    let (lead, tables) = told(state, &upload).await?;
    let working = matches!(upload.state, UploadState::Waiting | UploadState::Approved);
    let round = RoundId::new(&upload.round_id);
    let record = storage::rounds::find_round(store, &round).await?;
    let title = record.map_or(upload.round_id.clone(), |record| record.round.title);
    let heading = upload.file_name.clone();
    let kept = report_now(&upload).is_some() && upload.state != UploadState::Withdrawn;
    let words = match lists_people(&upload) {
        true => "下载有问题的行号和错误说明（CSV，不含姓名和联系方式）",
        false => "下载原文件和每一行的错误说明（CSV，含个人信息，请妥善保管，下载有记录）",
    };
    let download = kept.then(|| (format!("/office/uploads/{id}/annotated.csv"), words));
    let taken = upload.state == UploadState::Applied && lists_people(&upload);
    let told = kept && !working && !taken && upload.kind != FileKind::Survey.code();
    let columns = match told {
        true => format!("/office/uploads/{id}/columns"),
        false => String::new(),
    };
    Ok(UploadPage {
        download,
        columns,
        frame: frame(state, actor, &heading, Some(Place::Uploads), &title).await?,
        working,
        lead,
        progress: upload_progress(&state.app, id).map(Into::into),
        form: decision(actor, &upload, problem),
        tables,
    })
}

/// What the last reading came to; none while it is being read.
fn report_now(upload: &Upload) -> Option<UploadReport> {
    upload_report(upload).filter(|_| upload.state != UploadState::Waiting)
}

/// What is told of a file: where it comes from, what was found in it, and tables of that.
pub(super) async fn told(
    state: &WebState,
    upload: &Upload,
) -> Result<(Vec<String>, Vec<Table>), PageError> {
    let mut lead = vec![history(state, upload).await?];
    let mut tables = Vec::new();
    match &report_now(upload) {
        Some(UploadReport::Read(report)) => {
            lead.push(outcome(upload, report));
            lead.extend(totals_words(report));
            tables = findings(report, FileKind::from_code(&upload.kind));
            let score = upload_quality(&state.app, upload).await?;
            tables.extend(score.as_ref().map(quality));
        }
        Some(UploadReport::Refused { code, message }) => lead.push(format!("{message}（{code}）")),
        None => {}
    }
    if upload.state == UploadState::Applied {
        tables.splice(0..0, compared_totals(state, upload).await?);
    }
    lead.extend(remarks(upload));
    Ok((lead, tables))
}

/// What is to be known of a list of people.
const PEOPLE: &str = "姓名、企业名称和联系方式只进身份库，这里和下载的文件里都没有；有问题的行请按行号在自己的文件里改。同一个手机号（没有手机号的，同一个邮箱）是一个人，同一个信用代码是一家企业：已在库里的，照文件更新；文件里没有的人不会删除。入库后不能撤销，改正的文件再传一次即可。";

/// What is to be known of how the file was read and what it is for.
fn remarks(upload: &Upload) -> Vec<String> {
    let read_as: ReadAs = serde_json::from_str(&upload.mapping).unwrap_or_default();
    let mut remarks = Vec::new();
    if upload.kind == FileKind::HotlineSummary.code() {
        remarks
            .push("汇总表只用来核对工单有没有收齐，不计入得分：里面没有每一件的评价。".to_owned());
    }
    if !read_as.file.headers.is_empty() {
        remarks.push("这个文件的列按以前逐列对应的说明读，可以在“逐列对应”里看和改。".to_owned());
    }
    if lists_people(upload) {
        remarks.push(PEOPLE.to_owned());
    } else if let Some(batch) = &upload.batch_id {
        remarks.push(format!("批次编号 {batch}。"));
    }
    remarks
}

/// The hotline's totals beside its orders, on the pages of both.
async fn compared_totals(state: &WebState, upload: &Upload) -> Result<Option<Table>, PageError> {
    let kinds = [FileKind::HotlineSummary, FileKind::HotlineOrders];
    if !kinds.iter().any(|kind| kind.code() == upload.kind) {
        return Ok(None);
    }
    let round = RoundId::new(&upload.round_id);
    let lines = compare_hotline_totals(&state.app, &round).await?;
    let names = known::unit_names(&state.app).await?;
    Ok((!lines.is_empty()).then(|| hotline_totals(&lines, &names)))
}

/// Who sent the file and who decided.
async fn history(state: &WebState, upload: &Upload) -> Result<String, PageError> {
    let kind = FileKind::from_code(&upload.kind).map_or("", FileKind::label);
    let mut words = format!(
        "{kind}，{}。{}由{}上传；{}",
        wording::file_size(upload.bytes.unsigned_abs()),
        wording::moment(upload.uploaded_at),
        known::account_name(&state.app, &upload.uploaded_by).await?,
        state_words(upload.state)
    );
    if let (Some(by), Some(at)) = (&upload.decided_by, upload.decided_at) {
        let by = known::account_name(&state.app, by).await?;
        words += &format!("（{by}，{}）", wording::moment(at));
    }
    Ok(words + "。")
}

/// Who sent the file can take it back; somebody else decides.
fn decision(actor: &Actor, upload: &Upload, problem: Option<String>) -> Option<ActionForm> {
    if lists_people(upload) && upload.state == UploadState::Applied {
        return None;
    }
    let own = upload.uploaded_by == actor.account.as_str();
    let mut options = match upload.state {
        UploadState::Checked if !own => vec![("approve", "核对无误，入库")],
        UploadState::Checked
        | UploadState::Waiting
        | UploadState::Refused
        | UploadState::Applied => vec![],
        _ => return None,
    };
    if upload.state != UploadState::Waiting {
        let words = match lists_people(upload) {
            true => "重新检查",
            false => "重新检查（登记了单位名称的写法以后）",
        };
        options.push(("recheck", words));
    }
    options.push(match upload.batch_id {
        Some(_) => ("undo", "撤销：新增的行删去，改过的行恢复原值"),
        None => ("withdraw", "退回，删除这个文件"),
    });
    let note = if own && upload.state == UploadState::Checked {
        "入库要由另一位同志核对"
    } else {
        ""
    };
    Some(ActionForm {
        action: format!("/office/uploads/{}", upload.id),
        fields: vec![Field::new("decision", "决定", "", Input::OneOf(options))],
        submit: "提交",
        note: note.to_owned(),
        problem,
        ..ActionForm::default()
    })
}
