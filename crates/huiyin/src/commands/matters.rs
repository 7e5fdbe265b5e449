//! `huiyin matters`: the matter list of a round.

use crate::{
    cli::Common,
    clock::now,
    commands::print,
    exit::Outcome,
    installation::{actor, open},
};
use serde_json::json;
use storage::matters;
use vocabulary::RoundId;

/// Turns opinions into matters, or lists the matters there are.
///
/// # Errors
/// When the round is not frozen or the database fails.
pub async fn run(common: &Common, round: &str, list: bool) -> Outcome {
    let app = open(common).await?;
    let id = RoundId::new(round);
    workflows::find_round(&app, &id).await?;
    if !list {
        workflows::make_matters(&app, &actor(&app, common).await?, &id, now()).await?;
    }
    let rows = matters::list_matters(app.store(), &id).await?;
    let value: Vec<_> = rows
        .iter()
        .map(|row| json!({"matter": row.id, "unit": row.unit_id, "title": row.title, "state": row.state_code, "due": row.due}))
        .collect();
    print(common, &value, || {
        rows.iter()
            .map(|row| {
                format!(
                    "{}\t{}\t{}\t{}",
                    row.id, row.unit_id, row.state_code, row.title
                )
            })
            .collect::<Vec<_>>()
            .join("\n")
    })
}
