//! The results of one's own unit.

use super::{Place, READERS, newest_scored, side_frame, unit};
use crate::{
    Page, PageError, WebState, answer,
    form::FormPage,
    portal::{all_released, score_line},
    session::{own_unit, signed_in},
    unit::results,
};
use actix_web::{HttpRequest, web::Data};
use workflows::latest_run;

/// Own score with everything needed to recompute it.
pub async fn show(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, &READERS).await?;
    let unit = unit(&state, &own_unit(&actor)?).await?;
    let record = newest_scored(&state).await?;
    let round = record
        .as_ref()
        .map_or("", |record| record.round.title.as_str());
    let frame = side_frame(&state, &actor, &unit, "本部门结果", Place::Results, round).await?;
    let run = match &record {
        Some(record) => latest_run(&state.app, &record.round.id).await?,
        None => None,
    };
    let Some(run) = run else {
        let lead = vec!["还没有可以核对的结果。算分以后，评价办会通知各部门核对。".to_owned()];
        return answer::own_page(&FormPage {
            frame,
            lead,
            form: None,
            tables: Vec::new(),
        });
    };
    let row = run
        .ranking
        .rows
        .iter()
        .find(|row| row.unit == unit.id)
        .ok_or(PageError::NotFound)?;
    let score = run
        .scores
        .units
        .iter()
        .find(|score| score.unit == unit.id)
        .ok_or(PageError::NotFound)?;
    let released = all_released(state.app.store()).await?;
    let line = released
        .last()
        .and_then(|newest| score_line(newest.body(), &unit.id));
    let source = format!(
        "规则摘要 {}，数据摘要 {}。",
        crate::wording::short_digest(&run.rules_digest),
        crate::wording::short_digest(&run.input_digest)
    );
    answer::own_page(&results(frame, score, row, line, source))
}
