//! Opinions of the round: how many wait for which unit, and what may be joined.

use super::{Form, Place, ROLES, frame, round};
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Cell, Field, FormPage, Input, Table},
    known,
    routes::posted,
    session::signed_in,
    wording,
};
use actix_web::{
    HttpRequest,
    web::{Data, Path, Query},
};
use rectification::{Opinion, OpinionGroup, OpinionKind, OpinionStage, asks_for_action};
use serde::Deserialize;
use std::collections::BTreeMap;
use storage::opinions::{self, OpinionCount};
use vocabulary::{Channel, Level, OpinionId, RoundId, UnitId};
use workflows::{Actor, Refusal, change_kind, opinion_groups};

/// In addresses: the opinions that name no unit.
pub(super) const NO_UNIT: &str = "-";

/// The opinion that is to be of another kind.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    kind: Option<String>,
}

/// Every unit with what waits.
pub async fn list(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let record = round(&state, None).await?;
    let counts = opinions::count_opinions(state.app.store(), &record.round.id).await?;
    let names = known::unit_names(&state.app).await?;
    answer::own_page(&FormPage {
        frame: frame(&state, &actor, "意见归集", Some(Place::Opinions), &record.round.title).await?,
        lead: vec![
            "各渠道的意见先遮住姓名、电话等，再由人归并、看过原文，才转给责任单位。评分固化以后开始办理。".to_owned(),
            "问题线索不在这里：只有纪委监委能看。".to_owned(),
        ],
        form: None,
        tables: vec![units_table(&counts, &names)],
    })
}

/// What waits for one unit, in proposed groups, and what praises it.
pub async fn show(
    state: Data<WebState>,
    request: HttpRequest,
    unit: Path<String>,
    chosen: Query<Chosen>,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let record = round(&state, None).await?;
    let waiting = Waiting::of(&state, &actor, &record.round.id, &unit).await?;
    let title = format!("{}：意见归并", waiting.name);
    let unit_id = (*unit != NO_UNIT).then_some(unit.as_str());
    let mut praise = Vec::new();
    for stage in [OpinionStage::Collected, OpinionStage::KeptApart] {
        let kinds = [OpinionKind::Praise.code()];
        let (store, round) = (state.app.store(), &record.round.id);
        praise.extend(
            opinions::list_opinions_in(store, round, Some(unit_id), &kinds, stage.code()).await?,
        );
    }
    answer::own_page(&FormPage {
        frame: frame(
            &state,
            &actor,
            &title,
            Some(Place::Opinions),
            &record.round.title,
        )
        .await?,
        lead: vec![
            "字句相近、原因相同的意见排在一组。点开一组，逐条看过原文，再确认立项或并入已有事项。"
                .to_owned(),
        ],
        form: chosen
            .kind
            .as_deref()
            .and_then(|id| praise.iter().find(|row| row.id == id))
            .map(|row| kind_form(&format!("/office/opinions/{unit}"), row)),
        tables: vec![waiting.table(&unit), praise_table(&unit, &praise)],
    })
}

/// Says that an opinion is of another kind.
pub async fn sort(
    state: Data<WebState>,
    request: HttpRequest,
    unit: Path<String>,
    form: Form,
) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    other_kind(&state, &actor, form).await?;
    Ok(answer::go_to(&format!("/office/opinions/{unit}")))
}

/// Gives an opinion the kind a posted form says.
pub(crate) async fn other_kind(
    state: &WebState,
    actor: &Actor,
    form: Form,
) -> Result<(), PageError> {
    let fields = posted(form);
    let kind = OpinionKind::from_code(fields.text("kind")).ok_or(Refusal::Text("类别"));
    let id = OpinionId::new(fields.text("id"));
    let kind = kind.map_err(workflows::VerbError::from)?;
    Ok(change_kind(&state.app, actor, &id, kind, state.now()).await?)
}

/// The form for another kind of an opinion.
pub(crate) fn kind_form(action: &str, row: &opinions::Opinion) -> ActionForm {
    let others = OpinionKind::ALL
        .iter()
        .filter(|kind| kind.code() != row.kind);
    let others = others.map(|kind| (kind.code(), kind.label()));
    ActionForm {
        action: action.to_owned(),
        lead: format!("“{}”", row.text_redacted),
        fields: vec![
            Field::hidden("id", row.id.as_str()),
            Field::new("kind", "改成哪一类", "", Input::OneOf(others.collect())),
        ],
        submit: "改类别",
        ..ActionForm::default()
    }
}

/// The opinions of one unit that wait.
pub(super) struct Waiting {
    /// The unit's name.
    pub name: String,
    /// Proposed groups.
    pub groups: Vec<OpinionGroup>,
    /// The opinions by id.
    pub opinions: BTreeMap<String, Opinion>,
}

impl Waiting {
    /// Of a unit, or of none where the address says so.
    pub async fn of(
        state: &WebState,
        actor: &Actor,
        round: &RoundId,
        unit: &str,
    ) -> Result<Self, PageError> {
        let names = known::unit_names(&state.app).await?;
        let id = (unit != NO_UNIT).then(|| UnitId::new(unit));
        let name = match &id {
            Some(id) => names.get(id.as_str()).ok_or(PageError::NotFound)?.clone(),
            None => "没有说是哪个单位".to_owned(),
        };
        let (groups, opinions) = opinion_groups(&state.app, actor, round, id.as_ref()).await?;
        let by_id = opinions
            .into_iter()
            .map(|opinion| (opinion.id.to_string(), opinion));
        Ok(Self {
            name,
            groups,
            opinions: by_id.collect(),
        })
    }

    fn words(&self, group: &OpinionGroup) -> String {
        let leader = self.opinions.get(group.leader().as_str());
        let words = leader.map_or("", |opinion| opinion.text.as_str());
        match words.chars().count() {
            0 => "（只勾选了原因）".to_owned(),
            1..=60 => words.to_owned(),
            _ => format!("{}……", words.chars().take(60).collect::<String>()),
        }
    }

    fn table(&self, unit: &str) -> Table {
        let rows = self.groups.iter().map(|group| {
            vec![
                Cell::link(
                    group.title.as_str(),
                    format!("/office/opinions/{unit}/{}", group.leader()),
                ),
                Cell::text(wording::thousands(group.members.len() as u64)),
                Cell::text(self.words(group)),
            ]
        });
        Table {
            heading: format!(
                "等待归并的 {} 条意见，建议分成 {} 组",
                wording::thousands(
                    self.groups
                        .iter()
                        .map(|group| group.members.len() as u64)
                        .sum()
                ),
                self.groups.len()
            ),
            head: vec![("主题", false), ("条数", true), ("其中一条", false)],
            rows: rows.collect(),
            empty: "没有等待归并的意见。",
        }
    }
}

fn units_table(counts: &[OpinionCount], names: &BTreeMap<String, String>) -> Table {
    let mut by_unit: BTreeMap<&Option<String>, [u64; 3]> = BTreeMap::new();
    for count in counts {
        if let Some(place) = column(count) {
            by_unit.entry(&count.unit).or_default()[place] += count.opinions;
        }
    }
    let rows = by_unit.into_iter().map(|(unit, numbers)| {
        let (name, code) = match unit {
            Some(unit) => (names.get(unit).unwrap_or(unit).as_str(), unit.as_str()),
            None => ("没有说是哪个单位", NO_UNIT),
        };
        let mut cells = vec![Cell::link(name, format!("/office/opinions/{code}"))];
        cells.extend(numbers.map(|n| Cell::text(wording::thousands(n))));
        cells
    });
    Table {
        heading: "各单位的意见".to_owned(),
        head: vec![
            ("单位", false),
            ("等待归并", true),
            ("已立项", true),
            ("表扬", true),
        ],
        rows: rows.collect(),
        empty: "本轮还没有意见。",
    }
}

/// Which number of its unit an opinion counts in: what waits, what is in a matter, praise; none where there is nothing to do.
fn column(count: &OpinionCount) -> Option<usize> {
    let kind = OpinionKind::from_code(&count.kind)?;
    let channel = Channel::from_code(&count.channel)?;
    let level = count.level.and_then(Level::from_code);
    match OpinionStage::from_code(&count.state)? {
        OpinionStage::InMatter => Some(1),
        _ if kind == OpinionKind::Praise => Some(2),
        _ => asks_for_action(kind, channel, level).then_some(0),
    }
}

fn praise_table(unit: &str, praise: &[opinions::Opinion]) -> Table {
    let rows = praise.iter().map(|row| {
        vec![Cell::link(
            row.text_redacted.as_str(),
            format!("/office/opinions/{unit}?kind={}", row.id),
        )]
    });
    Table {
        heading: format!("表扬 {} 条，转达给单位，不立项", praise.len()),
        head: vec![("原文（点开可以改类别）", false)],
        rows: rows.collect(),
        empty: "没有表扬。",
    }
}
