//! Registered problems to read only: the commission sees all of them, a stationed group those of its units.

use super::routes::{PROBLEMS, frame, newest_round, own_units};
use crate::{
    Page, PageError, WebState, answer,
    registry::{Asked, Entry, Filter, Papers, Reader, Seen, board, case, entries},
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    web::{Data, Path, Query},
};
use rectification::ProblemStage;
use storage::rounds::RoundRecord;
use vocabulary::{Role, civil_date};
use workflows::Actor;

const READERS: [Role; 2] = [Role::DisciplineCommission, Role::StationedGroup];
const LEAD: &str = "评价办挂号、叫号和销号，这里只能看。本轮的全部列出，以前各轮只列没有销号的；复号达到规定次数的，由派驻组督办。";

const fn base(role: Role) -> &'static str {
    match role {
        Role::StationedGroup => "/stationed",
        _ => "/commission",
    }
}

/// What this reader may see.
async fn visible(
    state: &WebState,
    actor: &Actor,
    record: &RoundRecord,
) -> Result<Vec<Entry>, PageError> {
    let own = match actor.role {
        Role::StationedGroup => Some(own_units(state, actor).await?),
        _ => None,
    };
    let today = civil_date(state.now());
    entries(&state.app, &record.round.id, today, |row| {
        own.as_ref().is_none_or(|own| own.contains(&row.unit_id))
    })
    .await
}

/// The problems by their states; none before a first round is frozen.
pub async fn list(state: Data<WebState>, request: HttpRequest, asked: Query<Asked>) -> Page {
    let actor = signed_in(&state, &request, &READERS).await?;
    let (all, title) = match newest_round(&state).await {
        Ok(record) => (visible(&state, &actor, &record).await?, record.round.title),
        Err(PageError::NotFound) => (Vec::new(), String::new()),
        Err(other) => return Err(other),
    };
    answer::own_page(&board(Papers {
        frame: frame(&state, &actor, PROBLEMS, &title).await?,
        lead: LEAD,
        all: &all,
        filter: Filter::of(&asked),
        base: base(actor.role),
    }))
}

/// One problem with its calls.
pub async fn show(state: Data<WebState>, request: HttpRequest, reg_no: Path<String>) -> Page {
    let actor = signed_in(&state, &request, &READERS).await?;
    let record = newest_round(&state).await?;
    let all = visible(&state, &actor, &record).await?;
    let entry = all.iter().find(|entry| entry.row.reg_no == *reg_no);
    let entry = entry.ok_or(PageError::NotFound)?;
    let base = base(actor.role);
    // The commission opens a matter once it is stuck; a group opens all of its units.
    let opens = actor.role == Role::StationedGroup || entry.stage() == ProblemStage::Escalated;
    answer::own_page(&case(
        entry,
        Seen {
            frame: frame(&state, &actor, PROBLEMS, &record.round.title).await?,
            base,
            reader: Reader::Watches,
            matter: opens.then(|| format!("{base}/matters/{}", entry.row.matter_id)),
            refused: None,
        },
    ))
}
