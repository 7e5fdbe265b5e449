//! `huiyin letters`: one-to-one feedback letters.

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

/// Issues a letter to each unit, or lists those issued.
///
/// # Errors
/// When the round is not frozen or the database fails.
pub async fn run(common: &Common, round: &str, list: bool) -> Outcome {
    let app = open(common).await?;
    let id = RoundId::new(round);
    let issued = if list {
        workflows::find_round(&app, &id).await?;
        matters::list_letters(app.store(), &id).await?.len() as u64
    } else {
        workflows::issue_letters(&app, &actor(&app, common).await?, &id, now()).await?
    };
    print(common, &json!({"round": round, "letters": issued}), || {
        format!("{round} 的反馈函：{issued} 份")
    })
}
