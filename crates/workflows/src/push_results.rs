//! Pushes results to those who use them, each with its own fields only.

use crate::{
    Action, Actor, App, Refusal, Verb, allow, annual::annual_of_year, audit::audited,
    matter_summary::matter_records, publish_round::published_bulletin,
};
use chrono::{DateTime, Utc};
use publication::{
    PushSource, ResultPush, TableRow, for_discipline_commission, for_organisation_department,
    for_stationed_group,
};
use std::collections::{BTreeMap, BTreeSet};
use storage::{pushes, units};
use vocabulary::{RoundId, UnitId};

/// A stationed group and the units it watches.
#[derive(Clone, Debug)]
pub struct StationedUnits {
    /// Name of the group.
    pub group: String,
    /// Its units.
    pub units: BTreeSet<UnitId>,
}

/// Cuts and stores the three payloads of a published round; pushing again replaces nothing and sends nothing twice.
///
/// # Errors
/// When the round is not published.
pub async fn push_results(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    stationed: &StationedUnits,
    now: DateTime<Utc>,
) -> Verb<Vec<ResultPush>> {
    allow(actor, Action::Push)?;
    let body = published_bulletin(app, id)
        .await?
        .ok_or(Refusal::Missing("已公布的通报"))?;
    let names: BTreeMap<UnitId, String> = units::list_units(app.store())
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit.short_name))
        .collect();
    let annual = annual_of_year(app, id).await?;
    let rows: Vec<TableRow> = body
        .classes
        .iter()
        .flat_map(|class| class.rows.clone())
        .collect();
    let matters = matter_records(app, id, now).await?;
    let source = PushSource {
        result_id: &body.result_id,
        names: &names,
        annual: &annual,
        rows: &rows,
        matters: &matters,
    };
    let all = vec![
        ResultPush::OrganisationDepartment(for_organisation_department(&source)),
        ResultPush::DisciplineCommission(for_discipline_commission(&source)),
        ResultPush::StationedGroup(for_stationed_group(
            &source,
            &stationed.group,
            &stationed.units,
        )),
    ];
    let known = pushes::list_pushes(app.store(), id).await?;
    let tx = app.store.begin().await?;
    for push in &all {
        if known.iter().any(|row| row.consumer == push.consumer()) {
            continue;
        }
        let row = pushes::ResultPush {
            id: format!("TS-{}-{}", body.result_id, push.consumer()),
            round_id: id.to_string(),
            consumer: push.consumer().to_owned(),
            scope: push
                .left_out()
                .iter()
                .map(|out| out.what.as_str())
                .collect::<Vec<_>>()
                .join("、"),
            payload: serde_json::to_string(push).expect("a push is plain data"),
            state: "delivered".to_owned(),
            delivered_at: Some(now),
            receipt: None,
        };
        pushes::insert_push(&tx, row).await?;
    }
    audited(&tx, actor, "push_results", &body.result_id, now).await?;
    tx.commit().await?;
    Ok(all)
}
