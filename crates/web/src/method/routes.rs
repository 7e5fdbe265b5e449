//! Addresses of the method departments.

use super::{
    page::{BranchPage, measures, parts},
    tree::{change_rows, tree_table},
    typed::{TypedRow, Typing},
};
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Field, Section, Table},
    frame::{ConsoleFrame, NavLink},
    icon::Icon,
    routes::posted,
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{self, Data, Form, Query, ServiceConfig},
};
use serde::Deserialize;
use storage::indicator_changes::{IndicatorChange, IndicatorChangeState, list_changes};
use survey_design::{BranchProblem, IndicatorSet, Questionnaire};
use vocabulary::Role;
use workflows::{
    Action, Actor, BranchPreview, Refusal, Verb, VerbError, asked, changes_of, current_tree,
    own_branch, preview_branch, propose_branch, withdraw_branch,
};

const ROLES: &[Role] = Action::ProposeBranch.roles();

/// Puts the workplace of the method departments on its addresses.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .route("/indicators", web::get().to(show))
        .route("/indicators", web::post().to(change))
        .route("/indicators/withdraw", web::post().to(withdraw));
}

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Done {
    done: Option<String>,
}

/// What came of a posted form.
#[derive(Default)]
struct Outcome {
    problems: Vec<String>,
    preview: Option<BranchPreview>,
}

/// The branch as it stands.
async fn show(state: Data<WebState>, request: HttpRequest, done: Query<Done>) -> Page {
    let actor = signed_in(&state, &request, ROLES).await?;
    let Some(owner) = branch_of(&state, &actor).await? else {
        return answer::own_page(&nothing_owned(&state, &actor));
    };
    let (seen, tree) = current_tree(&state.app).await?;
    let typing = Typing {
        seen,
        rows: tree.branch(&owner).iter().map(TypedRow::of).collect(),
        note: String::new(),
    };
    let mut page = page(&state, &actor, &owner, typing, Outcome::default()).await?;
    page.frame.done = match done.done.as_deref() {
        Some("sent") => Some("已送评价办，核准以后才生效。".to_owned()),
        Some("withdrawn") => Some("已撤回。".to_owned()),
        _ => None,
    };
    answer::own_page(&page)
}

/// The branch of the account; none while nobody has said which.
async fn branch_of(state: &WebState, actor: &Actor) -> Result<Option<String>, PageError> {
    match own_branch(&state.app, actor).await {
        Ok(owner) => Ok(Some(owner)),
        Err(VerbError::Refused(Refusal::Contradiction(_))) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

fn frame(state: &WebState, actor: &Actor, owner: &str) -> ConsoleFrame {
    let own = NavLink {
        href: "/indicators".to_owned(),
        label: "本部门牵头的指标",
        icon: Icon::Book,
        count: None,
        current: true,
    };
    ConsoleFrame {
        title: "本部门牵头的指标".to_owned(),
        heading: "本部门牵头的指标".to_owned(),
        workplace: "评价办法工作台",
        owner: owner.to_owned(),
        nav: vec![own],
        name: actor.name.clone(),
        role: actor.role.label(),
        round: String::new(),
        done: None,
        demonstration: state.demo_accounts,
    }
}

fn nothing_owned(state: &WebState, actor: &Actor) -> crate::form::FormPage {
    crate::form::FormPage {
        frame: frame(state, actor, actor.role.label()),
        lead: vec!["还没有指定这个账号牵头哪一部分指标，请找安全管理员指定。".to_owned()],
        form: None,
        tables: Vec::new(),
    }
}

async fn page(
    state: &WebState,
    actor: &Actor,
    owner: &str,
    mut typing: Typing,
    outcome: Outcome,
) -> Result<BranchPage, PageError> {
    let (_, tree) = current_tree(&state.app).await?;
    let questionnaires = asked(&state.app).await?;
    let questionnaires: Vec<&Questionnaire> = questionnaires.iter().map(AsRef::as_ref).collect();
    let own = list_changes(state.app.store()).await?;
    let own: Vec<_> = own.iter().filter(|change| change.owner == owner).collect();
    let mut sections = Vec::new();
    for change in &own {
        sections.push(proposed(state, change).await?);
    }
    let heading = format!("全部指标（第 {} 版）", tree.version);
    Ok(BranchPage {
        frame: frame(state, actor, owner),
        lead: lead(&tree, owner, &own),
        problems: outcome.problems,
        parts: parts(&tree, owner, &mut typing),
        typing,
        measures: measures(&questionnaires),
        preview: outcome
            .preview
            .map(|preview| (preview.changes, preview.digest)),
        sections,
        tree: tree_table(&tree, heading),
    })
}

fn lead(tree: &IndicatorSet, owner: &str, own: &[&IndicatorChange]) -> Vec<String> {
    let shares = tree.shares(owner);
    let shares: Vec<String> = shares
        .iter()
        .map(|share| format!("{} {} 分", share.heading.name, share.points))
        .collect();
    let mut lead = vec![format!(
        "现行第 {} 版。{owner}可以改名称、分值和数据来源，可以新增和撤销；各上级指标之下合计的分值由总体办法定，不能变：{}。",
        tree.version,
        shares.join("，")
    )];
    let waits = |change: &&&IndicatorChange| change.state == IndicatorChangeState::Waiting;
    if own.iter().any(|change| waits(&change)) {
        lead.push(
            "已有改动在等评价办核准；再送一份，两份里只能核准一份，不要的请先撤回。".to_owned(),
        );
    }
    lead
}

/// A change with where it stands; one that waits may be taken back.
async fn proposed(state: &WebState, change: &IndicatorChange) -> Result<Section, PageError> {
    let changes = changes_of(&state.app, change).await?;
    let at = change.decided_at.map(wording::moment).unwrap_or_default();
    let standing = match change.state {
        IndicatorChangeState::Waiting => "等评价办核准".to_owned(),
        IndicatorChangeState::Approved => format!("{at} 核准"),
        IndicatorChangeState::SentBack => {
            format!(
                "{at} 退回：{}",
                change.answer.as_deref().unwrap_or_default()
            )
        }
        IndicatorChangeState::Withdrawn => format!("{at} 撤回"),
    };
    let withdraw = ActionForm {
        action: "/indicators/withdraw".to_owned(),
        fields: vec![Field::hidden("number", change.number.to_string())],
        submit: "撤回",
        note: "撤回后可以改好再送".to_owned(),
        ..ActionForm::default()
    };
    let waits = change.state == IndicatorChangeState::Waiting;
    Ok(Section {
        table: Some(Table {
            heading: format!("第 {} 号改动：{standing}", change.number),
            head: vec![("改什么", false)],
            rows: change_rows(&changes),
            empty: "",
        }),
        words: vec![format!(
            "{} 送出，理由：{}",
            wording::moment(change.proposed_at),
            change.note
        )],
        forms: waits.then_some(withdraw).into_iter().collect(),
        ..Section::default()
    })
}

/// Shows what the form would change; sends it once that was seen.
async fn change(
    state: Data<WebState>,
    request: HttpRequest,
    form: Form<Vec<(String, String)>>,
) -> Page {
    let actor = signed_in(&state, &request, ROLES).await?;
    let owner = own_branch(&state.app, &actor).await?;
    let fields = posted(form);
    let typing = Typing::of(&fields);
    let seen_before = (fields.text("act") == "send").then(|| fields.text("previewed"));
    let outcome = match outcome(&state, &actor, &typing, seen_before).await {
        Ok(None) => return Ok(answer::go_to("/indicators?done=sent")),
        Ok(Some(outcome)) => outcome,
        Err(VerbError::Refused(refusal)) => Outcome {
            problems: words(&refusal),
            preview: None,
        },
        Err(other) => return Err(other.into()),
    };
    let status = match outcome.problems.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = page(&state, &actor, &owner, typing, outcome).await?;
    answer::own_page_with(status, &page)
}

/// What to show; none when it was sent.
async fn outcome(
    state: &WebState,
    actor: &Actor,
    typing: &Typing,
    previewed: Option<&str>,
) -> Verb<Option<Outcome>> {
    let draft = match typing.draft() {
        Ok(draft) => draft,
        Err(problems) => {
            return Ok(Some(Outcome {
                problems,
                preview: None,
            }));
        }
    };
    let preview = preview_branch(&state.app, actor, &draft).await?;
    let mut problems = Vec::new();
    if previewed == Some(preview.digest.as_str()) {
        match propose_branch(&state.app, actor, &draft, &typing.note, state.now()).await {
            Ok(_) => return Ok(None),
            Err(VerbError::Refused(refusal)) => problems = words(&refusal),
            Err(other) => return Err(other),
        }
    }
    Ok(Some(Outcome {
        problems,
        preview: Some(preview),
    }))
}

/// One sentence for each problem, with its code.
fn words(refusal: &Refusal) -> Vec<String> {
    match refusal {
        Refusal::Branch(problems) => {
            let said = |problem: &BranchProblem| format!("{problem}（{}）", problem.code());
            problems.iter().map(said).collect()
        }
        other => vec![format!("{other}（{}）", other.code())],
    }
}

/// Takes a waiting change back.
async fn withdraw(
    state: Data<WebState>,
    request: HttpRequest,
    form: Form<Vec<(String, String)>>,
) -> Page {
    let actor = signed_in(&state, &request, ROLES).await?;
    let number = posted(form).number("number")?;
    withdraw_branch(&state.app, &actor, number, state.now()).await?;
    Ok(answer::go_to("/indicators?done=withdrawn"))
}
