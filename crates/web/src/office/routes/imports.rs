//! What was wrong in an imported file.

use super::{Place, ROLES, frame};
use crate::{
    Page, PageError, WebState, answer,
    form::{Cell, FormPage, Table},
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    web::{Data, Path},
};
use storage::imports::{self, ImportIssue};

const SHOWN: usize = 100;

/// The first hundred issues of a batch.
pub async fn show(state: Data<WebState>, request: HttpRequest, batch: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let store = state.app.store();
    let found = imports::find_batch(store, &batch)
        .await?
        .ok_or(PageError::NotFound)?;
    let issues = imports::list_issues(store, &batch).await?;
    let rows = issues.iter().take(SHOWN).map(row).collect();
    let table = Table {
        heading: format!(
            "有问题的行（共 {} 处，显示前 {} 处）",
            issues.len(),
            issues.len().min(SHOWN)
        ),
        head: vec![
            ("工作表", false),
            ("行", true),
            ("列", false),
            ("代码", false),
            ("问题", false),
            ("怎么改", false),
        ],
        rows,
        empty: "没有问题。",
    };
    let lead = format!(
        "共 {} 行：新增 {}，相同 {}，更新 {}，重复 {}，有问题 {}。个人信息不在这里显示。",
        found.rows_total,
        found.new_rows,
        found.same_rows,
        found.changed_rows,
        found.duplicate_rows,
        found.rejected_rows
    );
    let frame = frame(
        &state,
        &actor,
        &found.file_name,
        Some(Place::Overview),
        &found.round_id,
    )
    .await?;
    answer::own_page(&FormPage {
        frame,
        lead: vec![lead],
        form: None,
        tables: vec![table],
    })
}

fn row(issue: &ImportIssue) -> Vec<Cell> {
    vec![
        Cell::text(issue.sheet.clone()),
        Cell::text(issue.row_no.to_string()),
        Cell::text(issue.col.clone()),
        Cell::text(issue.code.clone()),
        Cell::text(issue.message.clone()),
        Cell::text(issue.remedy.clone()),
    ]
}
