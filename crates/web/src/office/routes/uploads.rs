//! Files are sent up.

use super::{Place, ROLES, UPLOADS, frame, round};
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Cell, Field, FormPage, Input, Table},
    parts::{file_name, next_part, next_piece, short},
    session::signed_in,
    wording,
};
use actix_multipart::{Field as Part, Multipart};
use actix_web::{HttpRequest, http::StatusCode, web::Data};
use rating_import::{FileKind, LevelCodes, Limits};
use storage::{
    rounds::RoundRecord,
    uploads::{self, Upload, UploadState},
};
use workflows::{Actor, Declared, Receiving, UPLOADS_KEPT_DAYS, Verb, VerbError, receive_upload};

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
        Ok(sent) => kept(&state, &actor, &record, sent).await,
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
pub(super) struct Sent {
    kind: String,
    codes: String,
    pub(super) columns: String,
    file: Option<(String, Receiving)>,
}

impl Sent {
    /// The same as a file of this kind, whatever the form says.
    pub(super) fn of_kind(self, kind: FileKind) -> Self {
        Self {
            kind: kind.code().to_owned(),
            ..self
        }
    }
}

/// Reads the form part by part; the file goes under its seal as it comes. The inner error is the sender's to mend.
pub(super) async fn sent(
    state: &WebState,
    actor: &Actor,
    mut parts: Multipart,
) -> Result<Verb<Sent>, PageError> {
    let mut sent = Sent::default();
    while let Some(mut part) = next_part(&mut parts).await? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = file_name(&part);
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

/// Keeps the file for the round.
pub(super) async fn kept(
    state: &WebState,
    actor: &Actor,
    record: &RoundRecord,
    sent: Sent,
) -> Verb<Upload> {
    let nothing = workflows::Refusal::Contradiction("请先选择要上传的文件");
    let (file_name, receiving) = sent.file.ok_or(nothing)?;
    let unknown = workflows::Refusal::Contradiction("请先选择文件的种类");
    let kind = FileKind::from_code(&sent.kind).ok_or(unknown)?;
    let codes = LevelCodes::from_code(&sent.codes).unwrap_or_default();
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
    let table = uploads_table(rows.iter().map(|it| upload_row(it, UPLOADS)).collect());
    let title = &record.round.title;
    let takes_files = record.round.state.takes_data();
    let lead = if takes_files {
        format!(
            "上传后先自动检查，不写入任何数据；检查结果由另一位同志核对后入库。原文件加密保存，{UPLOADS_KEPT_DAYS} 天后删除。每个文件最大 {} MB。",
            Limits::default().bytes / 1_048_576
        )
    } else {
        "本轮数据已经交各部门核对，不能再导入评价；样本库和企业名单照样可以更新。".to_owned()
    };
    Ok(FormPage {
        frame: frame(state, actor, "导入文件", Some(Place::Uploads), title).await?,
        lead: vec![lead],
        form: Some(form(takes_files, problem)),
        tables: vec![table],
    })
}

/// Files of a round.
pub(super) fn uploads_table(rows: Vec<Vec<Cell>>) -> Table {
    Table {
        heading: "本轮上传的文件".to_owned(),
        head: vec![
            ("文件", false),
            ("种类", false),
            ("状态", false),
            ("大小", true),
            ("上传时间", false),
        ],
        rows,
        empty: "还没有上传文件。",
    }
}

/// One file, with its page below an address.
pub(super) fn upload_row(upload: &Upload, below: &str) -> Vec<Cell> {
    let kind = FileKind::from_code(&upload.kind).map_or("", FileKind::label);
    vec![
        Cell::link(upload.file_name.clone(), format!("{below}/{}", upload.id)),
        Cell::text(kind),
        Cell::text(state_words(upload.state)),
        Cell::text(wording::file_size(upload.bytes.unsigned_abs())),
        Cell::text(wording::moment(upload.uploaded_at)),
    ]
}

pub(super) const fn state_words(state: UploadState) -> &'static str {
    match state {
        UploadState::Waiting => "正在检查",
        UploadState::Checked => "已检查，等另一位同志核对",
        UploadState::Refused => "没有收下",
        UploadState::Approved => "已核准，正在入库",
        UploadState::Applied => "已入库",
        UploadState::Withdrawn => "已退回",
        UploadState::Undone => "已撤销",
    }
}

/// What its columns are, and the file.
pub(super) fn file_fields() -> [Field; 2] {
    [
        Field::area(
            "columns",
            "列对照表（JSON）",
            "热线文件的列名不认识时、或逐人数据，才需要填。",
        )
        .optional(),
        Field::new(
            "file",
            "文件",
            "CSV、XLSX、XLS，或存成 .xls 的网页表格。",
            Input::File,
        ),
    ]
}

/// A frozen round takes no ratings; people are of no round.
fn form(takes_ratings: bool, problem: Option<String>) -> ActionForm {
    let of_round = FileKind::OF_ROUND.into_iter().filter(|_| takes_ratings);
    let kinds = of_round.chain(FileKind::OF_PEOPLE);
    let kinds = kinds.map(|kind| (kind.code(), kind.label())).collect();
    let codes = LevelCodes::ALL
        .map(|codes| (codes.code(), codes.label()))
        .to_vec();
    let [columns, file] = file_fields();
    ActionForm {
        action: UPLOADS.to_owned(),
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
            columns,
            file,
        ],
        submit: "上传并检查",
        note: "检查时不写入".to_owned(),
        problem,
    }
}
