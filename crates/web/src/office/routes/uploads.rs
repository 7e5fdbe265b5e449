//! Files are sent up, checked, and taken by a second person.

use super::{Form, Place, ROLES, frame, round};
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Cell, Field, FormPage, Input, Table},
    office::UploadPage,
    routes::posted,
    session::signed_in,
    wording,
};
use actix_multipart::{Field as Part, Multipart};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    rt::time::timeout,
    web::{Bytes, Data, Path},
};
use futures_util::TryStreamExt;
use rating_import::{LevelCodes, QualityScore};
use std::time::Duration;
use storage::{
    accounts,
    rounds::RoundRecord,
    uploads::{self, Upload, UploadState},
};
use survey_design::RoundState;
use vocabulary::RoundId;
use workflows::{
    Actor, Declared, ImportReport, Receiving, UploadKind, UploadReport, Verb, VerbError,
    approve_upload, receive_upload, upload_progress, upload_quality, upload_report,
    withdraw_upload,
};

/// How long the next piece of a file may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most bytes of a field that is not the file.
const LARGEST_FIELD: usize = 64 * 1024;
/// Rows of a table that are shown.
const SHOWN: usize = 100;

/// What was sent up for the round, and a form for the next file.
pub async fn list(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&list_page(&state, &actor, None).await?)
}

/// Receives a file.
pub async fn receive(state: Data<WebState>, request: HttpRequest, parts: Multipart) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let record = round(&state, None).await?;
    let received = match sent(&state, &actor, parts).await? {
        Ok(sent) => keep(&state, &actor, &record, sent).await,
        Err(error) => Err(error),
    };
    match received {
        Ok(upload) => Ok(answer::go_to(&format!("/office/uploads/{}", upload.id))),
        Err(VerbError::Refused(refusal)) => {
            let problem = format!("{refusal}（{}）", refusal.code());
            let page = list_page(&state, &actor, Some(problem)).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// What stood in the form.
#[derive(Default)]
struct Sent {
    kind: String,
    codes: String,
    columns: String,
    file: Option<(String, Receiving)>,
}

/// Reads the form part by part; the file goes under its seal as it comes. The inner error is the office's to mend.
async fn sent(
    state: &WebState,
    actor: &Actor,
    mut parts: Multipart,
) -> Result<Verb<Sent>, PageError> {
    let mut sent = Sent::default();
    while let Some(mut part) = next_part(&mut parts).await? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part
            .content_disposition()
            .and_then(|said| said.get_filename());
        let file_name = file_name.unwrap_or_default().to_owned();
        match name.as_str() {
            "kind" => sent.kind = short(&mut part).await?,
            "codes" => sent.codes = short(&mut part).await?,
            "columns" => sent.columns = short(&mut part).await?,
            "file" => match receive_file(state, actor, &mut part).await? {
                Ok(receiving) => sent.file = Some((file_name, receiving)),
                Err(error) => return Ok(Err(error)),
            },
            _ => return Err(PageError::BadForm),
        }
    }
    Ok(Ok(sent))
}

async fn receive_file(
    state: &WebState,
    actor: &Actor,
    part: &mut Part,
) -> Result<Verb<Receiving>, PageError> {
    let mut rng = (state.rng)();
    let mut receiving = match receive_upload(&state.app, actor, &mut rng) {
        Ok(receiving) => receiving,
        Err(error) => return Ok(Err(error)),
    };
    while let Some(bytes) = next_piece(part).await? {
        if let Err(error) = receiving.take(&bytes, &mut rng) {
            return Ok(Err(error));
        }
    }
    Ok(Ok(receiving))
}

async fn short(part: &mut Part) -> Result<String, PageError> {
    let mut text = Vec::new();
    while let Some(bytes) = next_piece(part).await? {
        if text.len() + bytes.len() > LARGEST_FIELD {
            return Err(PageError::TooLarge);
        }
        text.extend_from_slice(&bytes);
    }
    String::from_utf8(text).map_err(|_| PageError::BadForm)
}

async fn next_part(parts: &mut Multipart) -> Result<Option<Part>, PageError> {
    let next = timeout(PATIENCE, parts.try_next()).await;
    let next = next.map_err(|_| PageError::TooSlow)?;
    next.map_err(|_| PageError::BadForm)
}

async fn next_piece(part: &mut Part) -> Result<Option<Bytes>, PageError> {
    let next = timeout(PATIENCE, part.try_next()).await;
    let next = next.map_err(|_| PageError::TooSlow)?;
    next.map_err(|_| PageError::BadForm)
}

async fn keep(state: &WebState, actor: &Actor, record: &RoundRecord, sent: Sent) -> Verb<Upload> {
    let nothing = workflows::Refusal::Text("请先选择要上传的文件");
    let (file_name, receiving) = sent.file.ok_or(nothing)?;
    let unknown = workflows::Refusal::Text("请先选择文件的种类");
    let kind = UploadKind::from_code(&sent.kind).ok_or(unknown)?;
    let codes = match sent.codes.as_str() {
        "reversed" => LevelCodes::Reversed,
        "kiosk" => LevelCodes::Kiosk,
        _ => LevelCodes::Standard,
    };
    let id = record.round.id.clone();
    let declared = Declared::new(id, kind, codes, &sent.columns, &file_name)?;
    let (now, mut rng) = (state.now(), (state.rng)());
    receiving
        .finish(&state.app, actor, declared, now, &mut rng)
        .await
}

async fn list_page(
    state: &WebState,
    actor: &Actor,
    problem: Option<String>,
) -> Result<FormPage, PageError> {
    let record = round(state, None).await?;
    let rows = uploads::list_uploads(state.app.store(), &record.round.id).await?;
    let table = Table {
        heading: "本轮上传的文件".to_owned(),
        head: vec![
            ("文件", false),
            ("种类", false),
            ("状态", false),
            ("大小", true),
            ("上传时间", false),
        ],
        rows: rows.iter().map(row).collect(),
        empty: "还没有上传文件。",
    };
    let title = &record.round.title;
    let takes_files = record.round.state < RoundState::Frozen;
    let lead = if takes_files {
        "上传后先自动检查，不写入任何数据；检查结果由另一位同志核对后入库。原文件加密保存，30 天后删除。"
    } else {
        "本轮得分已经冻结，不能再导入文件。"
    };
    Ok(FormPage {
        frame: frame(state, actor, "导入文件", Some(Place::Uploads), title).await?,
        lead: vec![lead.to_owned()],
        form: takes_files.then(|| form(problem)),
        tables: vec![table],
    })
}

fn row(upload: &Upload) -> Vec<Cell> {
    let kind = UploadKind::from_code(&upload.kind).map_or("", UploadKind::label);
    vec![
        Cell::link(
            upload.file_name.clone(),
            format!("/office/uploads/{}", upload.id),
        ),
        Cell::text(kind),
        Cell::text(state_words(upload.state)),
        Cell::text(wording::file_size(upload.bytes.unsigned_abs())),
        Cell::text(wording::moment(upload.uploaded_at)),
    ]
}

const fn state_words(state: UploadState) -> &'static str {
    match state {
        UploadState::Waiting => "正在检查",
        UploadState::Checked => "已检查，等另一位同志核对",
        UploadState::Refused => "没有收下",
        UploadState::Approved => "已核准，正在入库",
        UploadState::Applied => "已入库",
        UploadState::Withdrawn => "已退回",
    }
}

fn form(problem: Option<String>) -> ActionForm {
    let kinds = UploadKind::ALL
        .map(|kind| (kind.code(), kind.label()))
        .to_vec();
    let codes = vec![
        ("standard", "5 为非常满意"),
        ("reversed", "1 为非常满意"),
        ("kiosk", "评价器：0 默认，1 不满意，3 满意，4 非常满意"),
    ];
    ActionForm {
        action: "/office/uploads".to_owned(),
        lead: String::new(),
        fields: vec![
            Field::new("kind", "文件的种类", "", Input::OneOf(kinds)),
            Field::new(
                "codes",
                "等级数字的含义",
                "只用于办事大厅好差评；文件里写的是“满意”等文字时不用管。",
                Input::OneOf(codes),
            )
            .holding("standard"),
            Field::area(
                "columns",
                "列对照表（JSON）",
                "热线文件的列名不认识时、或逐人数据，才需要填。",
            )
            .optional(),
            Field::new(
                "file",
                "文件",
                "CSV、XLSX、XLS，或存成 .xls 的网页表格，最大 256 MB。",
                Input::File,
            ),
        ],
        submit: "上传并检查",
        note: "检查时不写入".to_owned(),
        problem,
    }
}

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
    let report = upload_report(&upload);
    let mut lead = vec![history(state, &upload).await?];
    let mut tables = Vec::new();
    match &report {
        Some(UploadReport::Read(report)) => {
            lead.push(outcome(&upload, report));
            lead.extend(totals_words(report));
            tables = findings(report);
            tables.extend(upload_quality(&state.app, &upload).await?.map(quality));
        }
        Some(UploadReport::Refused { code, message }) => lead.push(format!("{message}（{code}）")),
        None => {}
    }
    if let Some(batch) = &upload.batch_id {
        lead.push(format!(
            "批次编号 {batch}；要撤销请用 huiyin undo-import {batch}"
        ));
    }
    let working = matches!(upload.state, UploadState::Waiting | UploadState::Approved);
    let round = RoundId::new(&upload.round_id);
    let record = storage::rounds::find_round(store, &round).await?;
    let title = record.map_or(upload.round_id.clone(), |record| record.round.title);
    let heading = upload.file_name.clone();
    Ok(UploadPage {
        frame: frame(state, actor, &heading, Some(Place::Uploads), &title).await?,
        working,
        lead,
        progress: upload_progress(&state.app, id).map(Into::into),
        form: decision(actor, &upload, problem),
        tables,
    })
}

/// Who sent the file and who decided.
async fn history(state: &WebState, upload: &Upload) -> Result<String, PageError> {
    let name = |id: String| async move {
        let account = accounts::find_account(state.app.store(), &id).await?;
        Ok::<_, PageError>(account.map_or(id, |account| account.name))
    };
    let kind = UploadKind::from_code(&upload.kind).map_or("", UploadKind::label);
    let mut words = format!(
        "{kind}，{}。{}由{}上传；{}",
        wording::file_size(upload.bytes.unsigned_abs()),
        wording::moment(upload.uploaded_at),
        name(upload.uploaded_by.clone()).await?,
        state_words(upload.state)
    );
    if let (Some(by), Some(at)) = (&upload.decided_by, upload.decided_at) {
        let by = name(by.clone()).await?;
        words += &format!("（{by}，{}）", wording::moment(at));
    }
    Ok(words + "。")
}

fn outcome(upload: &Upload, report: &ImportReport) -> String {
    let number = wording::thousands;
    let good = report.rows_total - report.rejected - report.duplicate;
    let verdict = match (report.rejected, good) {
        (0, _) => "全部可以导入",
        (_, 0) => "没有一行可以导入",
        _ => "部分可以导入",
    };
    let verdict = match upload.state {
        UploadState::Applied => "入库结果",
        _ => verdict,
    };
    format!(
        "{verdict}：共 {} 行，新增 {}，相同 {}，更新 {}，重复 {}，有问题 {}。",
        number(report.rows_total),
        number(report.new),
        number(report.same),
        number(report.changed),
        number(report.duplicate),
        number(report.rejected)
    )
}

/// Whether the file's own totals agree with its rows.
fn totals_words(report: &ImportReport) -> Option<String> {
    let checks = &report.found.totals_check;
    let wrong: Vec<_> = checks.iter().filter(|check| !check.agrees).collect();
    match (checks.len(), wrong.first()) {
        (0, _) => None,
        (all, None) => Some(format!("文件自己的合计 {all} 处都与各行相符。")),
        (_, Some(first)) => Some(format!(
            "文件自己的合计有 {} 处与各行不符，例如第 {} 行“{}”写 {}，各行相加是 {}。",
            wrong.len(),
            first.row,
            first.column,
            first.stated,
            first.computed
        )),
    }
}

fn findings(report: &ImportReport) -> Vec<Table> {
    let text = |text: &str| Cell::text(text);
    let issues = report.issues.iter().take(SHOWN).map(|issue| {
        vec![
            text(&issue.sheet),
            Cell::text(issue.row.to_string()),
            text(&issue.column),
            text(&issue.code),
            text(&issue.message),
            text(&issue.remedy),
        ]
    });
    let issues = Table {
        heading: format!(
            "有问题的地方（共 {} 处，显示前 {} 处）",
            report.issues_total,
            report.issues.len().min(SHOWN)
        ),
        head: vec![
            ("工作表", false),
            ("行", true),
            ("列", false),
            ("代码", false),
            ("问题", false),
            ("怎么改", false),
        ],
        rows: issues.collect(),
        empty: "没有问题。",
    };
    let names = report
        .found
        .unknown_names
        .iter()
        .take(SHOWN)
        .map(|unknown| {
            vec![
                text(&unknown.name),
                Cell::text(unknown.rows.to_string()),
                Cell::text(unknown.suggestions.join("、")),
            ]
        });
    let names = Table {
        heading: "不认识的单位名称".to_owned(),
        head: vec![("文件里的名称", false), ("行数", true), ("可能是", false)],
        rows: names.collect(),
        empty: "",
    };
    let columns = report.found.headers.iter().flat_map(|header| {
        let row = move |(field, column): (&String, &String)| {
            vec![
                Cell::text(&*header.sheet),
                Cell::text(&**column),
                Cell::text(&**field),
            ]
        };
        header.columns.iter().map(row)
    });
    let columns = Table {
        heading: "认出的列".to_owned(),
        head: vec![("工作表", false), ("文件里的列名", false), ("当作", false)],
        rows: columns.collect(),
        empty: "",
    };
    let dropped = report.found.dropped_columns.iter().map(|column| {
        let why = match column.why {
            rating_import::DropReason::Personal => "个人信息，不收",
            rating_import::DropReason::Repeated => "与另一列重复",
            rating_import::DropReason::NotNeeded => "用不到",
        };
        vec![text(&column.sheet), text(&column.column), Cell::text(why)]
    });
    let dropped = Table {
        heading: "没有收的列".to_owned(),
        head: vec![("工作表", false), ("文件里的列名", false), ("原因", false)],
        rows: dropped.collect(),
        empty: "",
    };
    let rest = [names, columns, dropped];
    let rest = rest.into_iter().filter(|table| !table.rows.is_empty());
    std::iter::once(issues).chain(rest).collect()
}

/// The score of the file and what it lost, so that its source can check and mend.
fn quality(score: QualityScore) -> Table {
    let total = score.total();
    let rows = score.parts.iter().map(|part| {
        let lost = part.deductions.iter().map(|deduction| {
            format!(
                "{} {} 处扣 {}",
                deduction.reason.label(),
                deduction.count,
                deduction.points
            )
        });
        let points = part
            .score
            .map_or("不能评".to_owned(), |points| points.to_string());
        vec![
            Cell::text(part.part.label()),
            Cell::text(part.full.to_string()),
            Cell::text(points),
            Cell::text(lost.collect::<Vec<_>>().join("；")),
        ]
    });
    Table {
        heading: match total {
            Some(total) => format!("来源数据质量：{total} 分"),
            None => "来源数据质量（有一项还不能评，不给总分）".to_owned(),
        },
        head: vec![
            ("方面", false),
            ("满分", true),
            ("得分", true),
            ("扣分", false),
        ],
        rows: rows.collect(),
        empty: "",
    }
}

/// Who sent the file can take it back; somebody else decides.
fn decision(actor: &Actor, upload: &Upload, problem: Option<String>) -> Option<ActionForm> {
    let own = upload.uploaded_by == actor.account.as_str();
    let options = match upload.state {
        UploadState::Checked if !own => vec![("approve", "核对无误，入库"), ("withdraw", "退回")],
        UploadState::Checked | UploadState::Waiting | UploadState::Refused => {
            vec![("withdraw", "退回，删除这个文件")]
        }
        _ => return None,
    };
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
