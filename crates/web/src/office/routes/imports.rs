//! What was wrong in an imported file.

use super::{Place, ROLES, frame, upload_report::issue_table};
use crate::{
    Page, PageError, WebState, answer, form::FormPage, known, session::signed_in, wording,
};
use actix_web::{
    HttpRequest,
    web::{Data, Path},
};
use rating_import::ImportIssue;
use storage::imports;

/// The first hundred issues of a batch.
pub async fn show(state: Data<WebState>, request: HttpRequest, batch: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let store = state.app.store();
    let found = imports::find_batch(store, &batch)
        .await?
        .ok_or(PageError::NotFound)?;
    let issues = imports::list_issues(store, &batch).await?;
    let issues: Vec<_> = issues.into_iter().map(issue).collect();
    let by = known::account_name(&state.app, &found.created_by).await?;
    let lead = format!(
        "{}由{by}导入。共 {} 行：新增 {}，相同 {}，更新 {}，重复 {}，有问题 {}。个人信息不在这里显示。",
        wording::moment(found.created_at),
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
        tables: vec![issue_table(&issues, issues.len() as u64)],
    })
}

fn issue(stored: imports::ImportIssue) -> ImportIssue {
    ImportIssue {
        sheet: stored.sheet,
        row: u32::try_from(stored.row_no).unwrap_or_default(),
        column: stored.col,
        code: stored.code,
        message: stored.message,
        remedy: stored.remedy,
    }
}
