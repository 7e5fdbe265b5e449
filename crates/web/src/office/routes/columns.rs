//! Which field each column of an uploaded file is: proposed from its headers, confirmed by a person.

use super::{Form, Place, ROLES, frame};
use crate::{
    Page, PageError, WebState, answer,
    answer::Posted,
    form::{ActionForm, Field, FormPage, Input},
    routes::posted,
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    rt::task::spawn_blocking,
    web::{Data, Path},
};
use rating_import::{
    ColumnProposal, DropReason, FileKind, Incoming, KnownColumn, RawRow, Use, propose_mapping,
};
use std::{collections::BTreeMap, io};
use storage::uploads::Upload;
use workflows::{
    Actor, Preview, Received, Refusal, Verb, VerbError, lists_people, look_into_upload, map_upload,
};

/// The columns of the first sheet, each with what it probably is.
pub async fn show(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let file = Columns::of(&state, &actor, &id).await?;
    answer::own_page(&file.page(&state, &actor, None).await?)
}

/// Takes what the person has chosen.
pub async fn save(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let mut file = Columns::of(&state, &actor, &id).await?;
    let chosen = file.chosen(&fields);
    match map_upload(&state.app, &actor, &id, chosen, state.now()).await {
        Ok(()) => Ok(answer::go_to(&format!("/office/uploads/{id}"))),
        Err(VerbError::Refused(refusal)) => {
            file.hold(&fields);
            let problem = format!("{refusal}（{}）", refusal.code());
            let page = file.page(&state, &actor, Some(problem)).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// The columns of a file.
struct Columns {
    upload: Upload,
    kind: FileKind,
    sheet: String,
    row: u32,
    /// Headers of columns that are not taken whatever anybody says.
    personal: Vec<String>,
    proposed: Vec<ColumnProposal>,
    /// Key of the field each column is to be; empty for none.
    keys: Vec<String>,
}

impl Columns {
    async fn of(state: &WebState, actor: &Actor, id: &str) -> Result<Self, PageError> {
        let (upload, received) = look_into_upload(&state.app, actor, id).await?;
        let (kind, told) = (
            received.declared.kind,
            received.declared.read_as.form().headers,
        );
        let preview = state.preview;
        let header = spawn_blocking(move || first_header(preview, received)).await;
        let header = header.map_err(|_| PageError::Failed)??;
        let mut proposed = propose_mapping(kind, &header.cells).columns;
        let never = |column: &ColumnProposal| is_personal(column) && !lists_people(&upload);
        let personal = proposed.iter().filter(|column| never(column));
        let personal = personal.map(|column| column.header.clone()).collect();
        proposed.retain(|column| !is_item(column) && !never(column));
        let key = |column: &ColumnProposal| match (told.get(&column.header), &column.used) {
            (Some(key), _) => key.clone(),
            (None, Use::Field(field) | Use::Vault(field)) => field.field.clone(),
            (None, Use::Dropped(_)) => String::new(),
        };
        Ok(Self {
            keys: proposed.iter().map(key).collect(),
            upload,
            kind,
            personal,
            sheet: header.sheet,
            row: header.row,
            proposed,
        })
    }

    /// The choices as they were posted.
    fn hold(&mut self, fields: &Posted) {
        for (column, key) in self.proposed.iter().zip(&mut self.keys) {
            *key = fields.text(&name(column)).to_owned();
        }
    }

    /// What was chosen for each header.
    fn chosen(&self, fields: &Posted) -> BTreeMap<String, String> {
        let chosen = self.proposed.iter().map(|column| {
            let key = fields.text(&name(column)).to_owned();
            (column.header.clone(), key)
        });
        chosen.collect()
    }

    async fn page(
        &self,
        state: &WebState,
        actor: &Actor,
        problem: Option<String>,
    ) -> Result<FormPage, PageError> {
        let id = &self.upload.id;
        let names = self.kind.columns();
        let fields = self.proposed.iter().zip(&self.keys).map(|(column, key)| {
            let options = names.iter().map(|name| (name.key.clone(), words(name)));
            Field::new(
                name(column),
                column.header.clone(),
                why(column),
                Input::Choice(options.collect()),
            )
            .holding(key.as_str())
            .optional()
        });
        let needed = names.iter().filter(|name| name.required);
        let needed: Vec<&str> = needed.map(|name| name.name.as_str()).collect();
        let title = &self.upload.file_name;
        let personal = match self.personal.is_empty() {
            true => String::new(),
            false => format!("像是个人信息、一律不收的列：{}。", self.personal.join("、")),
        };
        Ok(FormPage {
            frame: frame(state, actor, "逐列对应", Some(Place::Uploads), title).await?,
            lead: vec![
                format!(
                    "“{title}”按“{}”读，表头在工作表“{}”第 {} 行。下面是每一列的列名和建议，请核对；必须有：{}。",
                    self.kind.label(),
                    self.sheet,
                    self.row,
                    needed.join("、")
                ),
                format!("{personal}保存后重新检查。文件入库以后，同类文件里同样的列名都照此读。"),
            ],
            form: Some(ActionForm {
                action: format!("/office/uploads/{id}/columns"),
                fields: fields.collect(),
                submit: "保存并重新检查",
                problem,
                ..ActionForm::default()
            }),
            tables: vec![],
        })
    }
}

fn first_header(
    preview: fn(Received, Preview) -> io::Result<Incoming<RawRow>>,
    received: Received,
) -> Verb<RawRow> {
    let name = received.declared.file_name.clone();
    let mut headers = preview(received, Preview::Headers)?;
    let chunk = headers.next_chunk(1);
    let chunk = chunk.map_err(|refused| Refusal::File { name, refused })?;
    let found = chunk.rows.into_iter().next();
    Ok(found.ok_or(Refusal::Contradiction(
        "文件里没有找到表头，请补上列名再上传",
    ))?)
}

/// Questions are read by their codes in the questionnaire.
fn is_item(column: &ColumnProposal) -> bool {
    matches!(&column.used, Use::Field(field) if field.field.starts_with("item:"))
}

fn is_personal(column: &ColumnProposal) -> bool {
    column.used == Use::Dropped(DropReason::Personal)
}

fn name(column: &ColumnProposal) -> String {
    format!("c{}", column.column)
}

fn words(name: &KnownColumn) -> String {
    match name.required {
        true => format!("{}（必须）", name.name),
        false => name.name.clone(),
    }
}

/// Why a column is proposed for what it is.
fn why(column: &ColumnProposal) -> String {
    match &column.used {
        Use::Field(field) | Use::Vault(field) if field.rivals.is_empty() => field.likeness.label(),
        Use::Field(field) | Use::Vault(field) => format!(
            "{}；也可能是{}，请选定",
            field.likeness.label(),
            field.rivals.join("、")
        ),
        Use::Dropped(DropReason::Repeated) => "与另一列重复".to_owned(),
        Use::Dropped(_) => "用不到".to_owned(),
    }
}
