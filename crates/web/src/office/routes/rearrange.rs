//! The office merges matters about the same thing, and splits one about two.

use super::{Form, Place, ROLES, frame};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    control::seen_matters,
    form::{ActionForm, Field, FormPage, Input},
    office::{OpinionGroupPage, Said},
    routes::posted,
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path, Query},
};
use rectification::WordsReview;
use storage::{
    matters::{self, Matter},
    opinions, rounds,
};
use survey_design::Rules;
use vocabulary::{MatterId, OpinionId, RoundId};
use workflows::{
    Actor, Named, Part, Refusal, SeenMatter, Verb, VerbError, merge_matters, split_matter,
};

/// The matters ticked, to be merged.
pub async fn merging(
    state: Data<WebState>,
    request: HttpRequest,
    asked: Query<Vec<(String, String)>>,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = Posted::new(asked.into_inner());
    answer::own_page(&merge_page(&state, &actor, &fields, None).await?)
}

/// Merges them.
pub async fn merge(state: Data<WebState>, request: HttpRequest, form: Form) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let into = fields.text("into");
    let all = seen_matters(&fields.all("pick"))?.into_iter();
    let (kept, from): (Vec<_>, Vec<_>) = all.partition(|one| one.id.as_str() == into);
    let done = match kept.first() {
        None => Err(Refusal::Contradiction("没有选并入哪一件，请选一件").into()),
        Some(kept) => {
            let (from, name) = (from.into_iter().collect(), named(&fields, ""));
            merge_matters(&state.app, &actor, kept, &from, &name, state.now()).await
        }
    };
    match refused(done)? {
        Ok(()) => Ok(answer::go_to(&format!("/office/matters/{into}"))),
        Err(problem) => {
            let page = merge_page(&state, &actor, &fields, Some(problem)).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// The result, or why not.
fn refused<T>(done: Verb<T>) -> Result<Result<T, String>, PageError> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(VerbError::Refused(refusal)) => Ok(Err(format!("{refusal}（{}）", refusal.code()))),
        Err(other) => Err(other.into()),
    }
}

fn named(fields: &Posted, which: &str) -> Named {
    Named {
        title: fields.text(&format!("{which}title")).to_owned(),
        problem: fields.text(&format!("{which}problem")).to_owned(),
    }
}

async fn merge_page(
    state: &WebState,
    actor: &Actor,
    fields: &Posted,
    problem: Option<String>,
) -> Result<FormPage, PageError> {
    let picks = fields.all("pick");
    let mut rows = Vec::new();
    for one in seen_matters(&picks)? {
        let row = matters::find_matter(state.app.store(), one.id.as_str()).await?;
        rows.push(row.ok_or(PageError::NotFound)?);
    }
    let names = crate::known::unit_names(&state.app).await?;
    let said = |row: &Matter| {
        let unit = names.get(&row.unit_id).map_or("", String::as_str);
        (
            row.id.clone(),
            format!("{} {}（{unit}）", row.id, row.title),
        )
    };
    let first = rows.first();
    let typed = |name: &str, other: Option<&String>| {
        let other = other.cloned().unwrap_or_default();
        fields.maybe(name).map_or(other, str::to_owned)
    };
    let into = Field::new(
        "into",
        "并入哪一件",
        "单位和期限按这一件。",
        Input::Choice(rows.iter().map(said).collect()),
    );
    let title = Field::new("title", "合并以后的标题", "40 字以内。", Input::Line);
    let words = Field::area(
        "problem",
        "合并以后的问题",
        "用自己的话概括，不照抄原文，不写姓名和电话。",
    );
    let hidden = picks.iter().map(|pick| Field::hidden("pick", pick.clone()));
    let form = ActionForm {
        action: "/office/control/merge".to_owned(),
        fields: hidden
            .chain([
                into.holding(fields.text("into")),
                title.holding(typed("title", first.map(|row| &row.title))),
                words.holding(typed("problem", first.map(|row| &row.problem))),
            ])
            .collect(),
        submit: "合并",
        problem,
        ..ActionForm::default()
    };
    let lead = match rows.len() {
        0 | 1 => "请回到整改调度，勾选两件以上待交办或者还没有签收的事项。".to_owned(),
        many => format!(
            "{many} 件合成一件：每一条意见、每一个挂号都转到并入的那一件，群众用查询码查到的也是那一件；其余各件写明并入了哪一件，原来的来源清单保留。"
        ),
    };
    Ok(FormPage {
        frame: frame(state, actor, "合并事项", Some(Place::Control), "").await?,
        lead: vec![lead],
        form: (rows.len() > 1).then_some(form),
        tables: Vec::new(),
    })
}

/// The opinions of a matter, some of them to be taken out.
pub async fn splitting(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    answer::own_page(&split_page(&state, &actor, &id, None).await?)
}

/// Takes them out.
pub async fn split(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let seen = SeenMatter {
        id: MatterId::new(id.as_str()),
        version: fields.number("seen")?,
    };
    let out = opinions::list_opinions_of_matter(state.app.store(), &id)
        .await?
        .into_iter();
    let out = out.filter(|row| fields.text(&format!("w-{}", row.id)) == OUT);
    let part = Part {
        opinions: out.map(|row| OpinionId::new(row.id)).collect(),
        new: named(&fields, "new-"),
        rest: named(&fields, ""),
    };
    let done = split_matter(&state.app, &actor, &seen, &part, state.now()).await;
    match refused(done)? {
        Ok(new) => Ok(answer::go_to(&format!("/office/matters/{new}"))),
        Err(problem) => {
            let page = split_page(&state, &actor, &id, Some((problem, &fields))).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

const OUT: &str = "out";
const CHOICES: [(&str, &str); 2] = [("stay", "留在这件事项"), (OUT, "拆出，另立一件")];

async fn split_page(
    state: &WebState,
    actor: &Actor,
    id: &str,
    refused: Option<(String, &Posted)>,
) -> Result<OpinionGroupPage, PageError> {
    let store = state.app.store();
    let matter = matters::find_matter(store, id)
        .await?
        .ok_or(PageError::NotFound)?;
    let record = rounds::find_round(store, &RoundId::new(matter.round_id.as_str())).await?;
    let record = record.ok_or(PageError::NotFound)?;
    let rules = workflows::rules(&state.app, &record.round.rules_digest).await?;
    let (problem, held) = refused.unzip();
    let said = opinions::list_opinions_of_matter(store, id)
        .await?
        .into_iter();
    let said = said.map(|row| {
        let review = WordsReview::from_code(&row.words_review).map_or("", WordsReview::label);
        let said = Said {
            id: row.id,
            words: row.text_redacted,
            about: review.to_owned(),
            chosen: CHOICES[0].0.to_owned(),
            cover: String::new(),
        };
        match held {
            Some(fields) => said.holding(fields),
            None => said,
        }
    });
    let title = format!("拆分：{}", matter.title);
    Ok(OpinionGroupPage {
        frame: frame(
            state,
            actor,
            &title,
            Some(Place::Control),
            &record.round.title,
        )
        .await?,
        lead: vec![split_lead(&matter, &rules)],
        members: said.collect(),
        choices: CHOICES.into(),
        covers: false,
        form: ActionForm {
            action: format!("/office/matters/{id}/split"),
            fields: split_fields(&matter, held),
            submit: "拆分",
            note: "拆出的另立一件，待交办。".to_owned(),
            problem,
            ..ActionForm::default()
        },
    })
}

fn split_lead(matter: &Matter, rules: &Rules) -> String {
    let least = rules.minimum_n.opinions;
    format!(
        "{}：选出另立一件的意见，群众用查询码查到的随之改变。原文满 {least} 条才转给单位，拆开以后两边各数各的，不足 {least} 条的一边，除单独放行的以外不转原文。已经交办过的，任何一边不足 {least} 条须由评价办负责人拆分，因为单位看得出少了哪些。",
        matter.id
    )
}

fn split_fields(matter: &Matter, held: Option<&Posted>) -> Vec<Field> {
    let typed = |name: &str, other: &str| {
        let typed = held.and_then(|fields| fields.maybe(name));
        typed.unwrap_or(other).to_owned()
    };
    // The number of voices in the words of a matter made by program is no longer right, and may be too small to be told.
    let counted = matter.problem.split_once(" 条意见反映：");
    let problem = counted.map_or(matter.problem.as_str(), |(_, problem)| problem);
    let hint = "用自己的话概括，不写几条，不照抄原文，不写姓名和电话。";
    let seen = typed("seen", &matter.version.to_string());
    vec![
        Field::hidden("seen", seen),
        Field::new("new-title", "拆出的标题", "40 字以内。", Input::Line)
            .holding(typed("new-title", "")),
        Field::new("title", "留下的标题", "40 字以内。", Input::Line)
            .holding(typed("title", &matter.title)),
        Field::area("new-problem", "拆出的问题", hint).holding(typed("new-problem", "")),
        Field::area("problem", "留下的问题", hint).holding(typed("problem", problem)),
    ]
}
