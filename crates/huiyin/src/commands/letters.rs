//! `huiyin letters`: one-to-one feedback letters.

use crate::{
    cli::{Common, LettersCommand, LettersOptions},
    clock::now,
    commands::print,
    exit::Outcome,
    installation::{actor, open},
    randomness::fresh,
};
use serde_json::json;
use storage::letters;
use vocabulary::RoundId;
use workflows::App;

/// Issues a letter to each unit, lists those issued, tells whose a copy is, or reminds.
///
/// # Errors
/// When the round is not frozen, no copy has the code, or the database fails.
pub async fn run(common: &Common, options: &LettersOptions) -> Outcome {
    let app = open(common).await?;
    match &options.command {
        Some(LettersCommand::Whose { code }) => whose(common, &app, code).await,
        Some(LettersCommand::Remind) => {
            let written = workflows::remind_letters(&app, now(), &mut fresh()).await?;
            print(common, &json!({"reminders": written}), || {
                format!("新写提醒邮件 {written} 封")
            })
        }
        None => issue(common, &app, options).await,
    }
}

async fn issue(common: &Common, app: &App, options: &LettersOptions) -> Outcome {
    let round = options.round.as_deref().unwrap_or_default();
    let id = RoundId::new(round);
    let issued = if options.list {
        workflows::find_round(app, &id).await?;
        letters::list_letters(app.store(), &id).await?.len() as u64
    } else {
        workflows::issue_letters(app, &actor(app, common).await?, &id, now()).await?
    };
    print(common, &json!({"round": round, "letters": issued}), || {
        format!("{round} 的反馈函：{issued} 份")
    })
}

async fn whose(common: &Common, app: &App, code: &str) -> Outcome {
    let asked_by = actor(app, common).await?;
    let copy = workflows::whose_copy(app, &asked_by, code, now()).await?;
    let unit = storage::units::find_unit(app.store(), &copy.unit).await?;
    let unit = unit.map_or_else(|| copy.unit.to_string(), |unit| unit.name);
    let answer = json!({
        "letter": copy.letter,
        "unit": unit,
        "account": copy.account,
        "name": copy.name,
        "role": copy.role,
        "at": copy.at.to_rfc3339(),
        "form": copy.form.label(),
    });
    print(common, &answer, || {
        format!(
            "{unit}的反馈函 {}，由 {}（账号 {}）于 {} 取得{}",
            copy.letter,
            copy.name,
            copy.account,
            copy.at.format("%Y-%m-%d %H:%M:%S UTC"),
            copy.form.label()
        )
    })
}
