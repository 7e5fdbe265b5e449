//! Whether the units of a stationed group have signed for their feedback letters; the letters themselves it does not see.

use super::routes::{frame, own_units};
use crate::{
    Page, WebState, answer, known,
    letter::{FeedbackLettersPage, Filter, account_names, filtered, lead, row, tabs},
    office::lit_letters,
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    web::{Data, Query},
};
use serde::Deserialize;
use vocabulary::Role;

/// The address of the list.
pub(super) const HERE: &str = "/stationed/letters";
/// Its heading.
pub(super) const HEADING: &str = "联系单位的反馈函";

/// Which letters.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Choice {
    r: Option<String>,
    f: Option<String>,
}

/// The letters of the group's units.
pub(super) async fn list(
    state: Data<WebState>,
    request: HttpRequest,
    choice: Query<Choice>,
) -> Page {
    let actor = signed_in(&state, &request, &[Role::StationedGroup]).await?;
    let own = own_units(&state, &actor).await?;
    let found = lit_letters(&state, choice.r.as_deref()).await?;
    let round = found.as_ref().map(|(record, _)| record.round.clone());
    let mut lit = found.map(|(_, lit)| lit).unwrap_or_default();
    lit.retain(|(letter, _)| own.contains(&letter.unit_id));
    let (id, title) = round.map_or_else(Default::default, |round| {
        (round.id.to_string(), round.title)
    });
    let filter = Filter::from_code(choice.f.as_deref());
    let (units, names) = (
        known::unit_names(&state.app).await?,
        account_names(&state).await?,
    );
    let rows = filtered(&lit, filter).into_iter();
    answer::own_page(&FeedbackLettersPage {
        frame: frame(&state, &actor, HEADING, &title).await?,
        lead: match lit.is_empty() {
            true => "联系单位还没有反馈函。".to_owned(),
            false => lead(&lit),
        },
        tabs: tabs(HERE, &id, &lit, filter),
        rows: rows.map(|entry| row(entry, &units, &names)).collect(),
        empty: "没有这样的反馈函。",
    })
}
