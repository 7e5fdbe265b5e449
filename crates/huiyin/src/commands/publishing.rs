//! `huiyin round publish` and `huiyin round correct`: the road to publication, and back to it with a correction.

use crate::{
    cli::Common,
    clock::now,
    commands::{confirm, print},
    exit::Outcome,
    randomness::fresh,
};
use publication::Bulletin;
use serde_json::json;
use storage::scores;
use vocabulary::RoundId;
use workflows::{
    Actor, App, CorrectionWish, PublicationStep, Refusal, VerbError, ask_correction,
    decide_correction, step_publication,
};

/// Takes the next step, or sends the bulletin back.
///
/// # Errors
/// When the step is refused or the database fails.
pub async fn step(
    common: &Common,
    app: &App,
    who: &Actor,
    round: &str,
    send_back: Option<&str>,
) -> Outcome {
    let id = RoundId::new(round);
    let known = scores::latest_bulletin(app.store(), &id).await?;
    let bulletin: Option<Bulletin> = known.and_then(|row| serde_json::from_str(&row.state).ok());
    let next = PublicationStep::next(bulletin.as_ref().map(|it| &it.state));
    let wanted = match (send_back, next) {
        (Some(reason), _) => PublicationStep::SendBack {
            reason: reason.to_owned(),
        },
        (None, Some(next)) => next,
        (None, None) => {
            let done = Refusal::Contradiction(
                "已经公布，没有下一步；有错请用 `huiyin round correct` 更正",
            );
            return Err(VerbError::Refused(done).into());
        }
    };
    if matches!(wanted, PublicationStep::Approve | PublicationStep::Release) {
        confirm(common, &format!("{round} 批准以后只能更正、不能撤回。"))?;
    }
    let came = step_publication(app, who, &id, wanted, now(), &mut fresh()).await?;
    let state = &came.bulletin.state;
    let value = json!({"round": round, "version": came.bulletin.version, "state": state.code(), "bundle": came.bundle, "digest": came.digest});
    print(common, &value, || {
        let bundle = came.bundle.as_ref();
        let bundle = bundle.map_or_else(String::new, |it| format!("，数据包在 {}", it.display()));
        let (version, label) = (came.bulletin.version, state.label());
        format!(
            "{round} 第 {version} 版通报：{label}{bundle}，公布表摘要 {}",
            came.digest
        )
    })
}

/// Asks for a correction of a published round.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn correct(
    common: &Common,
    app: &App,
    who: &Actor,
    round: &str,
    wish: &CorrectionWish,
) -> Outcome {
    let id = ask_correction(app, who, &RoundId::new(round), wish, now(), &mut fresh()).await?;
    print(common, &json!({"round": round, "correction": id}), || {
        format!(
            "已报请更正 {id}，请另一位不同角色的同志用 `huiyin round decide-correction {id}` 决定"
        )
    })
}

/// Agrees to a correction, or refuses it.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn decide(common: &Common, app: &App, who: &Actor, id: &str, agree: bool) -> Outcome {
    decide_correction(app, who, id, agree, now()).await?;
    print(
        common,
        &json!({"correction": id, "agreed": agree}),
        || match agree {
            true => format!("{id} 已更正并重新算分，更正的通报还要审查、报请、批准、公开"),
            false => format!("{id} 不予更正，数据没有变"),
        },
    )
}
