//! Where the round stands.

use super::{Choice, Place, ROLES, frame, round};
use crate::{
    Page, PageError, WebState, answer,
    office::{ImportRow, OverviewPage, ProgressRow, Task, state_words, steps, tasks},
    portal::ChannelLine,
    session::signed_in,
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
            format!("{} {}", action(&event.action), event.object),
            format!("{by}，{}", wording::moment(event.at)),
        ));
    }
    Ok(lines)
}

fn action(code: &str) -> &str {
    match code {
        "create_round" => "建立轮次",
        "draw_sample" => "抽样",
        "release_replicate" => "启用候补样本",
        "open_round" => "开始收集",
        "close_round" => "截止",
        "propose_exclusion" => "提出剔除答卷",
        "exclude_ballots" => "剔除答卷",
        "decline_exclusion" => "不同意剔除答卷",
        "score_round" => "算分",
        "start_unit_check" => "通知核对",
        "file_appeal" => "提出申诉",
        "review_appeal" => "复核申诉",
        "freeze_round" => "固化",
        "issue_letters" => "发反馈函",
        "sign_letter" => "签收反馈函",
        "make_matters" | "confirm_group" => "归并意见、立项",
        "review_words" => "看意见原文",
        "change_kind" => "改意见类别",
        "read_clues" => "查看问题线索",
        "step_matter" => "办理事项",
        "call_matter" | "call_problem" => "叫号",
        "promise_problem" => "承诺限期解决",
        "close_problem" => "销号",
        "propose_publication" => "报请公布",
        "publish_round" => "批准公布",
        "push_results" => "推送结果",
        "import_ratings" | "import" => "导入文件",
        "undo_import" => "撤销导入",
        "upload" => "上传文件",
        "approve_upload" => "核准文件入库",
        "withdraw_upload" => "退回上传的文件",
        "map_upload" => "对应文件的列",
        "recheck_upload" => "重新检查文件",
        "take_out_upload" => "下载上传的文件",
        "register_spelling" => "登记单位名称的写法",
        "end_spelling" => "停用单位名称的写法",
        "import_pool" => "导入样本库",
        "rate_pairing" => "结对评议",
        "sign_in" => "登录",
        "add_account" => "新增账号",
        "make_source" => "发给来源系统密钥",
        "end_source" => "停用来源系统密钥",
        "change_callback" => "换来源系统的回调地址",
        "load_world" => "装入城市模板",
        other => other,
    }
}
