//! Where the round stands.

use super::{Choice, Place, ROLES, frame, round};
use crate::{
    Page, PageError, WebState, answer,
    office::{ImportRow, OverviewPage, ProgressRow, Task, state_words, steps, tasks},
    portal::ChannelLine,
    session::signed_in,
    staff::action_label,
    wording,
};
use actix_web::{
    HttpRequest,
    web::{Data, Query},
};
use rectification::MatterStage;
use std::collections::BTreeMap;
use storage::{
    Store, audit_log,
    imports::{self, BatchState, ImportBatch},
    invitations::{self, InvitationKind, TokenState},
    matters,
    rounds::RoundRecord,
    scores,
};
use survey_design::RoundState;
use vocabulary::{Channel, RaterGroup, Role, RoundId};
use workflows::{Actor, App, channel_counts, source_of_account};

const AUDIT_LINES: u64 = 12;
/// Systems that send rows bring a batch every few minutes.
const SHOWN_IMPORTS: usize = 50;

/// The round at a glance.
pub async fn show(state: Data<WebState>, request: HttpRequest, choice: Query<Choice>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let record = round(&state, choice.r.as_deref()).await?;
    let store = state.app.store();
    let (id, now) = (&record.round.id, record.round.state);
    let channels = match now {
        RoundState::Draft | RoundState::Sampling | RoundState::Collecting => Vec::new(),
        _ => channel_counts(&state.app, id)
            .await?
            .iter()
            .map(ChannelLine::from)
            .collect(),
    };
    let page = OverviewPage {
        frame: frame(
            &state,
            &actor,
            "本轮概况",
            Some(Place::Overview),
            &record.round.title,
        )
        .await?,
        state_words: state_words(&record.round.title, now),
        steps: steps(now),
        tasks: tasks_for(&actor, &record),
        progress: progress(store, id).await?,
        channels,
        imports: imports::list_batches(store, id)
            .await?
            .iter()
            .rev()
            .take(SHOWN_IMPORTS)
            .map(import_row)
            .collect(),
        matters: matters_by_state(store, id).await?,
        approvals: approvals(store, id).await?,
        audit: audit(&state.app).await?,
    };
    answer::own_page(&page)
}

fn tasks_for(actor: &Actor, record: &RoundRecord) -> Vec<Task> {
    let mut all = tasks(record.round.id.as_str(), record.round.state);
    for task in &mut all {
        if task.what.contains("公布") && actor.role != Role::SystemAdmin {
            task.href = Some("/office/publish".to_owned());
        } else if task.what.contains("复核申诉") && actor.role == Role::OfficeLeader {
            task.href = Some("/office/appeals".to_owned());
        } else if task.what.contains("复核报告") {
            task.href = Some("/office/matters".to_owned());
        }
    }
    all
}

/// Answers against invitations, by kind and group.
async fn progress(store: &Store, id: &RoundId) -> Result<Vec<ProgressRow>, PageError> {
    let mut by_group: BTreeMap<(InvitationKind, usize, String), [u64; 3]> = BTreeMap::new();
    for count in invitations::count_tokens(store, id).await? {
        let entry = by_group
            .entry((
                count.kind,
                official_place(&count.rater_group),
                count.rater_group,
            ))
            .or_default();
        entry[0] += count.tokens;
        match count.state {
            TokenState::Answered => entry[1] += count.tokens,
            TokenState::Declined => entry[2] += count.tokens,
            TokenState::Issued => {}
        }
    }
    let row = |((kind, _, group), [issued, answered, declined]): (
        (InvitationKind, usize, String),
        [u64; 3],
    )| {
        let label = RaterGroup::from_code(&group)
            .map_or_else(|| group.clone(), |group| group.label().to_owned());
        let name = match kind {
            InvitationKind::Overall => label,
            InvitationKind::Enterprise => "企业评议（涉企部门）".to_owned(),
        };
        ProgressRow::new(name, answered, issued, declined)
    };
    Ok(by_group.into_iter().map(row).collect())
}

/// Position of a group in the fixed official order.
fn official_place(group: &str) -> usize {
    RaterGroup::ALL
        .iter()
        .position(|known| known.code() == group)
        .unwrap_or(RaterGroup::ALL.len())
}

/// What a file was imported as; volumes of cases come in a file of their own.
fn channel_label(code: &str) -> &str {
    match code {
        "hall_volume" => "大厅办件量",
        "hotline_summary" => "热线汇总表",
        "pool" => "样本库",
        other => Channel::from_code(other).map_or(other, |channel| channel.label()),
    }
}

fn import_row(batch: &ImportBatch) -> ImportRow {
    let number = |rows: i64| rows.unsigned_abs();
    let result = match (
        batch.state,
        batch.rejected_rows,
        batch.rejected_rows + batch.duplicate_rows >= batch.rows_total,
    ) {
        (BatchState::Undone, ..) => "已撤销",
        (BatchState::Undo, ..) => "撤销记录",
        (BatchState::Applied, 0, _) => "全部成功",
        (BatchState::Applied, _, true) => "全部失败",
        _ => "部分成功",
    };
    ImportRow {
        href: format!("/office/imports/{}", batch.id),
        file: batch.file_name.clone(),
        channel: channel_label(&batch.channel).to_owned(),
        result,
        numbers: [
            batch.rows_total,
            batch.new_rows,
            batch.same_rows,
            batch.changed_rows,
            batch.duplicate_rows,
            batch.rejected_rows,
        ]
        .map(number),
    }
}

async fn matters_by_state(
    store: &Store,
    id: &RoundId,
) -> Result<Vec<(String, &'static str, u64)>, PageError> {
    let rows = matters::list_matters(store, id).await?;
    Ok(MatterStage::ALL
        .iter()
        .map(|stage| {
            (
                "/office/matters?t=all".to_owned(),
                stage.label(),
                rows.iter()
                    .filter(|row| row.state_code == stage.code())
                    .count() as u64,
            )
        })
        .filter(|(_, _, number)| *number > 0)
        .collect())
}

async fn approvals(store: &Store, id: &RoundId) -> Result<Vec<(String, String)>, PageError> {
    let row = scores::latest_bulletin(store, id).await?;
    let Some(row) = row else {
        return Ok(Vec::new());
    };
    let proposed = match (&row.proposed_by, row.proposed_at) {
        (Some(who), Some(at)) => format!("{who} 报请，{}", wording::moment(at)),
        _ => String::new(),
    };
    Ok(vec![match (&row.approved_by, row.published_at) {
        (Some(who), Some(at)) => (
            "通报已公布".to_owned(),
            format!("{proposed}；{who} 批准，{}", wording::moment(at)),
        ),
        _ => ("通报等待另一个人、另一个角色批准".to_owned(), proposed),
    }])
}

async fn audit(app: &App) -> Result<Vec<(String, String)>, PageError> {
    let events = audit_log::list_latest(app.store(), AUDIT_LINES).await?;
    let mut lines = Vec::with_capacity(events.len());
    for event in events {
        let by = match source_of_account(app, &event.actor).await? {
            Some(label) => format!("{label}（{}）", Role::Source.label()),
            None => {
                let role = Role::from_code(&event.role).map_or("系统", Role::label);
                format!("{}（{role}）", event.actor)
            }
        };
        lines.push((
            format!("{} {}", action_label(&event), event.object),
            format!("{by}，{}", wording::moment(event.at)),
        ));
    }
    Ok(lines)
}
