//! A group of opinions is read by a person, then becomes a matter or part of one; so are the words of a matter made before.

use super::{
    Form, Place, ROLES, frame,
    opinions::{NO_UNIT, Waiting},
    round,
};
use crate::{
    Page, PageError, WebState,
    answer::{self, Posted},
    form::{ActionForm, Field, Input},
    known,
    office::{Fate, OpinionGroupPage, Said},
    routes::posted,
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Path},
};
use rectification::{Complexity, MatterStage, WordsReview};
use storage::{matters, opinions, rounds::RoundRecord};
use vocabulary::{MatterId, OpinionId, RoundId, UnitId};
use workflows::{
    Actor, GroupChoice, GroupGoal, MemberChoice, Refusal, Verb, VerbError, confirm_group,
    review_words,
};

/// Opinions read on one page at most; what is left of a group is proposed again and can be joined.
const MOST_SHOWN: usize = 50;

/// The group of an opinion.
pub async fn show(
    state: Data<WebState>,
    request: HttpRequest,
    path: Path<(String, String)>,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let group = Group::of(&state, &actor, path.into_inner()).await?;
    let suggested = |field: &str| match field {
        "title" => group.title.clone(),
        "unit" => group.unit.clone(),
        _ => String::new(),
    };
    answer::own_page(&group.page(&state, &actor, &suggested, None).await?)
}

/// Makes a matter of it, or part of one.
pub async fn confirm(
    state: Data<WebState>,
    request: HttpRequest,
    path: Path<(String, String)>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    let mut group = Group::of(&state, &actor, path.into_inner()).await?;
    group.members = group
        .members
        .into_iter()
        .map(|said| said.holding(&fields))
        .collect();
    match group.settle(&state, &actor, &fields).await {
        Ok(Some(matter)) => Ok(answer::go_to(&format!("/office/matters/{matter}"))),
        Ok(None) => Ok(answer::go_to(&format!(
            "/office/opinions/{}",
            group.unit_code
        ))),
        Err(VerbError::Refused(refusal)) => {
            let problem = format!("{refusal}（{}）", refusal.code());
            let held = |field: &str| fields.text(field).to_owned();
            let page = group.page(&state, &actor, &held, Some(problem)).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

struct Group {
    record: RoundRecord,
    unit_code: String,
    unit: String,
    name: String,
    title: String,
    all: usize,
    members: Vec<Said>,
}

impl Group {
    async fn of(
        state: &WebState,
        actor: &Actor,
        (unit, leader): (String, String),
    ) -> Result<Self, PageError> {
        let record = round(state, None).await?;
        let waiting = Waiting::of(state, actor, &record.round.id, &unit).await?;
        let group = waiting
            .groups
            .iter()
            .find(|group| group.leader().as_str() == leader);
        let group = group.ok_or(PageError::Conflict("这组意见已经有人归并，请回到意见归集"))?;
        let members = group.members.iter().take(MOST_SHOWN).filter_map(|member| {
            let opinion = waiting.opinions.get(member.opinion.as_str())?;
            Some(Said {
                id: opinion.id.to_string(),
                words: opinion.text.clone(),
                about: format!(
                    "{}，{}；{}",
                    opinion.kind.label(),
                    opinion.channel.label(),
                    member.why
                ),
                chosen: WordsReview::Passed.code().to_owned(),
                cover: String::new(),
            })
        });
        Ok(Self {
            unit: if unit == NO_UNIT {
                String::new()
            } else {
                unit.clone()
            },
            unit_code: unit,
            name: waiting.name.clone(),
            title: group.title.clone(),
            all: group.members.len(),
            members: members.collect(),
            record,
        })
    }

    /// Takes what is to be taken and gives the others their kind; the matter, where one was made or grew.
    async fn settle(
        &self,
        state: &WebState,
        actor: &Actor,
        fields: &Posted,
    ) -> Verb<Option<MatterId>> {
        if self.members.iter().any(|said| said.fate().is_none()) {
            return Err(Refusal::Contradiction("请给每一条意见选好怎么办").into());
        }
        let members: Vec<MemberChoice> = self.members.iter().filter_map(Said::choice).collect();
        let kinds = self.members.iter().filter_map(|said| match said.fate()? {
            Fate::Kind(kind) => Some((OpinionId::new(said.id.as_str()), kind)),
            Fate::Taken(_) | Fate::Left => None,
        });
        let choice = GroupChoice {
            kinds: kinds.collect(),
            goal: (!members.is_empty()).then(|| goal(fields)).transpose()?,
            members,
        };
        let round = &self.record.round.id;
        confirm_group(&state.app, actor, round, choice, state.now()).await
    }

    async fn page(
        &self,
        state: &WebState,
        actor: &Actor,
        held: &dyn Fn(&str) -> String,
        problem: Option<String>,
    ) -> Result<OpinionGroupPage, PageError> {
        let least = workflows::rules(&state.app, &self.record.round.rules_digest)
            .await?
            .minimum_n
            .opinions;
        let shown = self.members.len();
        let mut lead = vec![format!(
            "{}：{} 条意见。逐条看过，姓名、单位里的小名、只有本人才知道的细节没有遮住的，请填在“还要遮住的字”里。满 {least} 条的事项，责任单位才读得到原文。",
            self.name, self.all
        )];
        if shown < self.all {
            lead.push(format!(
                "这一页先看 {shown} 条；其余 {} 条办完这一页以后再看，可以并入同一件事项。",
                self.all - shown
            ));
        }
        let id = self.members.first().map_or("", |said| said.id.as_str());
        Ok(OpinionGroupPage {
            frame: frame(
                state,
                actor,
                &format!("归并：{}", self.title),
                Some(Place::Opinions),
                &self.record.round.title,
            )
            .await?,
            lead,
            members: self.members.clone(),
            choices: Fate::of_group(actor.role),
            covers: true,
            form: ActionForm {
                action: format!("/office/opinions/{}/{id}", self.unit_code),
                fields: goal_fields(state, &self.record.round.id, &self.unit, held).await?,
                submit: "看过了，归并立项",
                note: "立项后请责任单位签收；每一条来源都保留。".to_owned(),
                problem,
                ..ActionForm::default()
            },
        })
    }
}

/// What becomes of the group, as the form says.
fn goal(fields: &Posted) -> Result<GroupGoal, Refusal> {
    Ok(match fields.text("into") {
        "" => GroupGoal::New {
            unit: match fields.text("unit") {
                "" => return Err(Refusal::Text("责任单位")),
                unit => UnitId::new(unit),
            },
            title: fields.text("title").to_owned(),
            problem: fields.text("problem").to_owned(),
            complexity: Complexity::from_code(fields.text("complexity")),
        },
        matter => GroupGoal::Joined(MatterId::new(matter)),
    })
}

async fn goal_fields(
    state: &WebState,
    round: &RoundId,
    unit: &str,
    held: &dyn Fn(&str) -> String,
) -> Result<Vec<Field>, PageError> {
    let over = [
        MatterStage::Closed,
        MatterStage::Deferred,
        MatterStage::Merged,
    ]
    .map(MatterStage::code);
    let open = matters::list_matters(state.app.store(), round)
        .await?
        .into_iter();
    let open = open
        .filter(|matter| unit.is_empty() || matter.unit_id == unit)
        .filter(|matter| !over.contains(&matter.state_code.as_str()))
        .map(|matter| (matter.id.clone(), format!("{} {}", matter.id, matter.title)));
    let units = known::unit_names(&state.app).await?.into_iter();
    let limits = Complexity::ALL.iter();
    let limits = limits.map(|it| (it.code().to_owned(), it.label().to_owned()));
    let mut problem = Field::area(
        "problem",
        "问题",
        "用自己的话概括，不照抄原文，不写姓名和电话。",
    );
    problem.needed = false;
    let fields = [
        Field::new(
            "into",
            "并入已有的事项",
            "要另立一件就不选。",
            Input::Choice(open.collect()),
        )
        .optional(),
        Field::new("unit", "责任单位", "", Input::Choice(units.collect())).optional(),
        Field::new("title", "标题", "另立一件时填，40 字以内。", Input::Line).optional(),
        Field::new(
            "complexity",
            "办理期限",
            "不选就按条数定。",
            Input::Choice(limits.collect()),
        )
        .optional(),
        problem,
    ];
    Ok(fields
        .into_iter()
        .map(|field| {
            let value = held(&field.name);
            field.holding(value)
        })
        .collect())
}

/// The words of a matter, as a person has left them.
pub async fn words(state: Data<WebState>, request: HttpRequest, id: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let mut said = said_in(&state, &actor, &id).await?;
    said.truncate(MOST_SHOWN);
    answer::own_page(&words_page(&state, &actor, &id, said, None).await?)
}

/// Takes what a person decided about the words of a matter.
pub async fn review(
    state: Data<WebState>,
    request: HttpRequest,
    id: Path<String>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let fields = posted(form);
    // Somebody else may have read some since: what this form shows counts, not what would be shown now.
    let said = said_in(&state, &actor, &id).await?.into_iter();
    let said: Vec<Said> = said
        .filter(|said| said.is_in(&fields))
        .map(|said| said.holding(&fields))
        .collect();
    let choices: Vec<MemberChoice> = said.iter().filter_map(Said::choice).collect();
    let matter = MatterId::new(id.as_str());
    match review_words(&state.app, &actor, &matter, &choices, state.now()).await {
        Ok(()) => Ok(answer::go_to(&format!("/office/matters/{id}"))),
        Err(VerbError::Refused(refusal)) => {
            let problem = Some(format!("{refusal}（{}）", refusal.code()));
            let page = words_page(&state, &actor, &id, said, problem).await?;
            answer::own_page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// The opinions of a matter with words, those nobody has read first; what a leader has released is left to leaders.
async fn said_in(state: &WebState, actor: &Actor, id: &str) -> Result<Vec<Said>, PageError> {
    let mut rows = opinions::list_opinions_of_matter(state.app.store(), id).await?;
    let is_offered = |code: &str| {
        Fate::of_matter(actor.role)
            .iter()
            .any(|(offered, _)| *offered == code)
    };
    rows.retain(|row| {
        let unseen = row.words_review == WordsReview::Unseen.code();
        !row.text_redacted.is_empty() && (unseen || is_offered(&row.words_review))
    });
    rows.sort_by_key(|row| row.words_review != WordsReview::Unseen.code());
    let said = rows.into_iter().map(|row| {
        let review = WordsReview::from_code(&row.words_review).unwrap_or(WordsReview::Unseen);
        Said {
            id: row.id,
            words: row.text_redacted,
            about: review.label().to_owned(),
            chosen: match review {
                WordsReview::Unseen => WordsReview::Passed,
                other => other,
            }
            .code()
            .to_owned(),
            cover: String::new(),
        }
    });
    Ok(said.collect())
}

async fn words_page(
    state: &WebState,
    actor: &Actor,
    id: &str,
    members: Vec<Said>,
    problem: Option<String>,
) -> Result<OpinionGroupPage, PageError> {
    let matter = matters::find_matter(state.app.store(), id).await?;
    let matter = matter.ok_or(PageError::NotFound)?;
    Ok(OpinionGroupPage {
        frame: frame(state, actor, "看原文", Some(Place::Matters), &matter.title).await?,
        lead: vec![format!(
            "{} {}：有人看过、同意转的原文，责任单位才读得到。每页 {MOST_SHOWN} 条，没有看过的排在前面。",
            matter.id, matter.title
        )],
        members,
        choices: Fate::of_matter(actor.role),
        covers: true,
        form: ActionForm {
            action: format!("/office/matters/{id}/words"),
            submit: "这些看过了",
            problem,
            ..ActionForm::default()
        },
    })
}
