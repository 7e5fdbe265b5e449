//! `huiyin round`: the steps of a round.

use crate::{
    cli::{Common, RoundCommand},
    clock::now,
    commands::{confirm, print, publishing, rates},
    exit::Outcome,
    installation::{actor, open},
    randomness::fresh,
};
use serde_json::json;
use storage::rounds;
use vocabulary::RoundId;
use workflows::{
    CorrectionWish, FlaggedLine, RoundChoice, close_round, create_round_with, freeze_round,
    open_round, score_round, score_round_from, score_without_flagged, set_quota, start_unit_check,
};

/// Runs a command on rounds.
///
/// # Errors
/// When the step is refused or the database fails.
#[expect(
    clippy::too_many_lines,
    reason = "one arm per command, each says what it did"
)]
pub async fn run(common: &Common, command: &RoundCommand) -> Outcome {
    let app = open(common).await?;
    let who = actor(&app, common).await?;
    let mut rng = fresh();
    match command {
        RoundCommand::List => list(common, &app).await,
        RoundCommand::Rates { round } => rates::show(common, &app, &RoundId::new(round)).await,
        RoundCommand::Create {
            round,
            anonymity,
            resubmission,
        } => {
            let choice = RoundChoice {
                anonymity: *anonymity,
                resubmission: *resubmission,
            };
            create_round_with(&app, &who, &RoundId::new(round), choice, now()).await?;
            print(common, &json!({"round": round, "state": "draft"}), || {
                format!("已建立评价轮次 {round}")
            })
        }
        RoundCommand::Open { round } => {
            open_round(&app, &who, &RoundId::new(round), now(), &mut rng).await?;
            print(
                common,
                &json!({"round": round, "state": "collecting"}),
                || format!("{round} 已开放收集"),
            )
        }
        RoundCommand::Quota {
            round,
            most,
            stratum,
        } => {
            let limit = (stratum.as_deref(), *most);
            set_quota(&app, &who, &RoundId::new(round), limit, now()).await?;
            let value = json!({"round": round, "stratum": stratum, "most": most});
            print(common, &value, || format!("{round} 最多收 {most} 份"))
        }
        RoundCommand::Close { round } => {
            confirm(
                common,
                &format!("截止 {round} 后不再收答卷，密封答卷将拆封。"),
            )?;
            let report = close_round(&app, &who, &RoundId::new(round), now(), &mut rng).await?;
            let value = json!({"round": round, "state": "closed", "received": report.received, "valid": report.valid, "void": report.void, "opinions": report.opinions, "flagged": report.flagged});
            print(common, &value, || {
                format!(
                    "{round} 已截止：收到 {} 份，有效 {} 份，意见 {} 条",
                    report.received, report.valid, report.opinions
                )
            })
        }
        RoundCommand::Score {
            round,
            without_flagged: true,
            ..
        } => without_flagged(common, &app, &who, &RoundId::new(round)).await,
        RoundCommand::Score {
            round,
            moments,
            without_flagged: false,
        } => {
            let id = RoundId::new(round);
            let run = if moments.is_empty() {
                score_round(&app, &who, &id, now()).await?
            } else {
                let sums = snapshot::read_psu_table(moments)?.into_moments();
                score_round_from(&app, &who, &id, sums, now()).await?
            };
            print(
                common,
                &json!({"round": round, "run": run.id, "units": run.units, "ranked": run.ranked}),
                || {
                    format!(
                        "{round} 已算分：{} 个单位，其中 {} 个达到排名条件",
                        run.units, run.ranked
                    )
                },
            )
        }
        RoundCommand::Freeze {
            round,
            check_only: true,
        } => {
            let until = start_unit_check(&app, &who, &RoundId::new(round), now()).await?;
            print(
                common,
                &json!({"round": round, "state": "under_objection", "until": until}),
                || format!("{round} 已交部门核对，到 {until} 为止"),
            )
        }
        RoundCommand::Freeze {
            round,
            check_only: false,
        } => {
            confirm(common, &format!("固化 {round} 后得分不再改变。"))?;
            let digest = freeze_round(&app, &who, &RoundId::new(round), now()).await?;
            print(
                common,
                &json!({"round": round, "state": "frozen", "input_digest": digest}),
                || format!("{round} 已固化，数据摘要 {digest}"),
            )
        }
        RoundCommand::Publish { round, send_back } => {
            publishing::step(common, &app, &who, round, send_back.as_deref()).await
        }
        RoundCommand::Correct {
            round,
            unit,
            order,
            reason,
        } => {
            let wish = CorrectionWish {
                unit: unit.as_str().into(),
                order_key: order.clone(),
                reason: reason.clone(),
            };
            publishing::correct(common, &app, &who, round, &wish).await
        }
        RoundCommand::DecideCorrection { id, refuse } => {
            publishing::decide(common, &app, &who, id, !refuse).await
        }
    }
}

/// One line per unit: score and place with all ballots that count, then without the flagged ones.
async fn without_flagged(
    common: &Common,
    app: &workflows::App,
    who: &workflows::Actor,
    round: &RoundId,
) -> Outcome {
    let lines = score_without_flagged(app, who, round).await?;
    let value: Vec<_> = lines
        .iter()
        .map(|FlaggedLine { unit, line }| {
            json!({
                "unit": unit,
                "score": line.with.score,
                "score_without_flagged": line.without.score,
                "place": line.place_with,
                "place_without_flagged": line.place_without,
                "band_changes": line.band_changes(),
            })
        })
        .collect();
    print(common, &value, || {
        let score = |score: Option<f64>| score.map_or("—".to_owned(), |it| format!("{it:.2}"));
        let line = |FlaggedLine { unit, line }: &FlaggedLine| {
            let mark = if line.band_changes() {
                "\t档次会变"
            } else {
                ""
            };
            format!(
                "{unit}\t{}\t{}{mark}",
                score(line.with.score),
                score(line.without.score)
            )
        };
        let head = "单位\t全部计入\t去掉带迹象的".to_owned();
        let lines = lines.iter().map(line);
        std::iter::once(head)
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n")
    })
}

async fn list(common: &Common, app: &workflows::App) -> Outcome {
    let records = rounds::list_rounds(app.store()).await?;
    let value: Vec<_> = records
        .iter()
        .map(|record| json!({"round": record.round.id, "title": record.round.title, "state": record.round.state, "anonymity": record.round.anonymity, "resubmission": record.round.resubmission, "version": record.round.version}))
        .collect();
    print(common, &value, || {
        let line = |record: &rounds::RoundRecord| {
            format!(
                "{}\t{}\t{}",
                record.round.id,
                record.round.title,
                record.round.state.label()
            )
        };
        records.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}
