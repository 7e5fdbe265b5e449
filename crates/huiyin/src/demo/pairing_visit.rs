//! Raters of communities and villages sign in and rate the units they are paired with, each through the form.

use super::{
    browser::{Browser, connections},
    dice::Dice,
    play::{Play, rater_account},
    truth::{level_of, per_thousand, tenths},
};
use crate::{clock, exit::Failure};
use std::sync::Arc;
use storage::pairing_ratings;
use survey_design::BodyKind;
use vocabulary::{BodyId, Level, UnitId};
use workflows::DEMO_PASSWORD;

/// One rating as the rater means it.
struct Visit {
    account: String,
    ratings: Vec<(UnitId, Level, u32, u32)>,
}

/// Lets every rater of every community and village rate; returns how many ratings the round now holds.
///
/// # Errors
/// When a page does not answer as it should.
pub async fn rate_all(play: &Play) -> Result<u64, Failure> {
    let round = play.demo.round.clone();
    let known = pairing_ratings::list_pairing_ratings(play.app.store(), &round).await?;
    let done = |unit: &UnitId, account: &str| {
        known
            .iter()
            .any(|rating| rating.unit_id == unit.as_str() && rating.account_id == account)
    };
    let today = vocabulary::civil_date(clock::now());
    let mut visits = Vec::new();
    for body in &play.templates.world.bodies {
        for n in 1..=play.demo.pairing.raters_per_body {
            let account = rater_account(&body.id, n);
            let all = play.templates.world.pairings.iter();
            let paired = all.filter(|pairing| pairing.binds(&body.id, today));
            let units = paired
                .map(|pairing| &pairing.unit)
                .filter(|unit| !done(unit, &account));
            let ratings: Vec<_> = units
                .map(|unit| rating(play, unit, &body.id, n, body.kind))
                .collect();
            if !ratings.is_empty() {
                visits.push(Visit { account, ratings });
            }
        }
    }
    let bar = play.bar("社区和村评议", visits.len() as u64);
    let (base, shown) = (Arc::new(play.base_url.clone()), bar.clone());
    let (sender, outcome) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let all = async move {
            for visit in visits {
                rate(&base, &visit).await?;
                shown.inc(1);
            }
            Ok(())
        };
        let result: Result<(), String> = actix_web::rt::System::new().block_on(all);
        drop(sender.send(result));
    });
    let outcome = outcome
        .await
        .map_err(|_| Failure::new(11, "评议员的线程中断了"))?;
    bar.finish_and_clear();
    outcome.map_err(|what| Failure::new(11, format!("社区（村）评议没有完成：{what}")))?;
    Ok(
        pairing_ratings::list_pairing_ratings(play.app.store(), &round)
            .await?
            .len() as u64,
    )
}

fn rating(
    play: &Play,
    unit: &UnitId,
    body: &BodyId,
    n: u16,
    kind: BodyKind,
) -> (UnitId, Level, u32, u32) {
    let pairing = play.demo.pairing;
    let purpose = format!("pairing {unit} {body} {kind:?}");
    let mut dice = Dice::new(play.seed, &purpose, n.into());
    let quality = play.truth.unit(unit).map_or(800, |known| known.quality);
    let feeling = quality + tenths(pairing.leniency) + dice.deviation(play.truth.spread() / 2);
    let level = if dice.chance(per_thousand(pairing.dont_know)) {
        Level::DontKnow
    } else {
        level_of(feeling)
    };
    let span = pairing.matters.high.saturating_sub(pairing.matters.low) + 1;
    let raised = pairing.matters.low + dice.below(span);
    let solved = (0..raised)
        .map(|_| u32::from(dice.chance(per_thousand(pairing.solved))))
        .sum();
    (unit.clone(), level, raised, solved)
}

async fn rate(base: &str, visit: &Visit) -> Result<(), String> {
    let mut browser = Browser::new(connections(1), base);
    let field = |name: &str, value: String| (name.to_owned(), value);
    let sign_in = [
        field("account", visit.account.clone()),
        field("password", DEMO_PASSWORD.to_owned()),
    ];
    post(&mut browser, "/sign-in", &sign_in).await?;
    for (unit, level, raised, solved) in &visit.ratings {
        let form = [
            field("a", level.code().to_string()),
            field("raised", raised.to_string()),
            field("solved", solved.to_string()),
        ];
        post(&mut browser, &format!("/rate/pairing/{unit}"), &form).await?;
    }
    Ok(())
}

async fn post(
    browser: &mut Browser,
    path: &str,
    fields: &[(String, String)],
) -> Result<(), String> {
    match browser.post(path, fields).await {
        Ok(reply) if reply.status == 303 => Ok(()),
        Ok(reply) => Err(format!("{path} 回答 {}", reply.status)),
        Err(error) => Err(format!("{path}：{error}")),
    }
}
