//! `huiyin sample`: the draw, the invitations, reserves, and the certificate anybody can check.

use crate::{
    cli::{Common, DeliveryOptions, SampleCommand},
    clock::now,
    commands::{mail::delivering, print},
    exit::{Failure, Outcome},
    installation::{actor, open},
    randomness::fresh,
};
use response_collection::{DrawCertificate, Frame, FrameBuilder, FrameMember, verify_draw};
use serde_json::json;
use std::{
    fs,
    io::{BufWriter, Write},
    path::Path,
    process::ExitCode,
};
use vocabulary::{RaterGroup, RoundId, StratumId};
use workflows::{App, Verb};

/// The exit code of what does not verify.
const NOT_VERIFIED: u8 = 17;

/// Draws, writes frame or certificate, releases a reserve, or verifies.
///
/// # Errors
/// When the step is refused, the database fails or a file cannot be read or written.
pub async fn run(common: &Common, command: &SampleCommand) -> Outcome {
    match command {
        SampleCommand::Draw {
            round,
            seed,
            base_url,
            delivery,
        } => draw(common, round, *seed, base_url, delivery).await,
        SampleCommand::Frame { round, out } => write_frame(common, round, out).await,
        SampleCommand::Certificate { round, out } => write_certificate(common, round, out).await,
        SampleCommand::Release {
            round,
            base_url,
            delivery,
        } => release(common, round, base_url, delivery).await,
        SampleCommand::Verify {
            certificate,
            frame,
            out,
        } => verify(common, certificate, frame, out.as_deref()),
    }
}

async fn draw(
    common: &Common,
    round: &str,
    seed: u64,
    base_url: &str,
    delivery: &DeliveryOptions,
) -> Outcome {
    let app = delivering(open(common).await?, delivery)?;
    let who = actor(&app, common).await?;
    let id = RoundId::new(round);
    let report =
        workflows::draw_sample(&app, &who, &id, seed, base_url, now(), &mut fresh()).await?;
    let mails = spooled(&app, delivery).await?;
    let drawn: u64 = report.drawn.values().sum();
    let value = json!({
        "round": round, "certificate": report.certificate, "drawn": report.drawn, "reserves": report.reserves,
        "told_by_weight": report.told_by_weight, "enterprises": report.enterprises, "mails": mails,
    });
    print(common, &value, || {
        let mut text = format!(
            "已抽取 {drawn} 人，候补 {} 人，另邀请企业 {} 家；发出 {mails} 封邀请",
            report.reserves, report.enterprises
        );
        if report.told_by_weight > 0 {
            text += &format!(
                "\n注意：有 {} 人的权数在本层不到 5 人共用，从权数可能认出答卷人；请把规模归成几档，或给他们单独设层",
                report.told_by_weight
            );
        }
        text
    })
}

/// Without a relay the mails go to the spool at once; with one, `mail send` or `serve` sends them.
async fn spooled(app: &App, delivery: &DeliveryOptions) -> Verb<u64> {
    match delivery.smtp {
        None => workflows::send_waiting(app, now, &mut fresh()).await,
        Some(_) => Ok(0),
    }
}

async fn release(
    common: &Common,
    round: &str,
    base_url: &str,
    delivery: &DeliveryOptions,
) -> Outcome {
    let app = delivering(open(common).await?, delivery)?;
    let who = actor(&app, common).await?;
    let id = RoundId::new(round);
    let report =
        workflows::release_replicate(&app, &who, &id, base_url, now(), &mut fresh()).await?;
    let mails = spooled(&app, delivery).await?;
    let value = json!({
        "round": round, "replicate": report.replicate, "people": report.people, "left": report.left, "mails": mails,
    });
    print(common, &value, || {
        format!(
            "已启用第 {} 组候补样本，共 {} 人，发出 {mails} 封邀请；还有 {} 组候补",
            report.replicate, report.people, report.left
        )
    })
}

async fn write_frame(common: &Common, round: &str, out: &Path) -> Outcome {
    let app = open(common).await?;
    let id = RoundId::new(round);
    let found = workflows::find_certificate(&app, &id).await?;
    let people = found.ok_or_else(|| not_drawn(round))?.1.frame_people;
    let unwritten = |error| Failure::file(out, &error);
    let mut file = BufWriter::new(fs::File::create(out).map_err(unwritten)?);
    let mut part = 0;
    while let Some(text) = storage::draws::find_frame_part(app.store(), &id, part).await? {
        file.write_all(text.as_bytes()).map_err(unwritten)?;
        part += 1;
    }
    file.flush().map_err(unwritten)?;
    print(common, &json!({"round": round, "people": people}), || {
        format!("已写出抽样框 {people} 人：{}", out.display())
    })
}

async fn write_certificate(common: &Common, round: &str, out: &Path) -> Outcome {
    let app = open(common).await?;
    let found = workflows::find_certificate(&app, &RoundId::new(round)).await?;
    let (_, certificate) = found.ok_or_else(|| not_drawn(round))?;
    let text = serde_json::to_string_pretty(&certificate).unwrap_or_default() + "\n";
    fs::write(out, text).map_err(|error| Failure::file(out, &error))?;
    print(common, &certificate, || {
        format!("已写出抽样证书：{}", out.display())
    })
}

fn not_drawn(round: &str) -> Failure {
    Failure::new(
        15,
        format!("轮次 {round} 还没有抽样 / round {round} has not been drawn"),
    )
}

fn verify(common: &Common, certificate: &Path, frame: &Path, out: Option<&Path>) -> Outcome {
    let text = fs::read(certificate).map_err(|error| Failure::file(certificate, &error))?;
    let certificate: DrawCertificate = serde_json::from_slice(&text).map_err(|error| {
        let path = certificate.display();
        Failure::new(
            NOT_VERIFIED,
            format!("{path} 不是抽样证书 / not a certificate: {error}"),
        )
    })?;
    let frame = read_frame(frame)?;
    let disputes = match verify_draw(&frame, &certificate) {
        Ok(sample) => {
            if let Some(out) = out {
                let lines: Vec<String> = sample.csv_lines().collect();
                fs::write(out, lines.join("\n") + "\n")
                    .map_err(|error| Failure::file(out, &error))?;
            }
            Vec::new()
        }
        Err(disputes) => disputes,
    };
    let rows: Vec<_> = disputes
        .iter()
        .map(|dispute| json!({"code": dispute.code(), "message": dispute.to_string()}))
        .collect();
    let value = json!({"round": certificate.round, "holds": disputes.is_empty(), "disputes": rows});
    print(common, &value, || match &disputes[..] {
        [] => format!(
            "抽样证书成立：轮次 {}，抽样框 {} 人，种子 {}，重抽结果完全一致 / the certificate holds",
            certificate.round, certificate.frame_people, certificate.seed
        ),
        disputes => {
            let lines = disputes.iter().map(|it| format!("  {} {it}", it.code()));
            let lines: Vec<String> = lines.collect();
            format!(
                "抽样证书不成立 / the certificate does not hold：\n{}",
                lines.join("\n")
            )
        }
    })?;
    Ok(if disputes.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NOT_VERIFIED)
    })
}

/// Reads what `huiyin sample frame` writes.
fn read_frame(path: &Path) -> Result<Frame, Failure> {
    let broken = |text: String| Failure::new(NOT_VERIFIED, format!("{}：{text}", path.display()));
    let file = fs::File::open(path).map_err(|error| Failure::file(path, &error))?;
    let mut reader = csv::Reader::from_reader(file);
    let header = reader
        .headers()
        .map(|header| header.iter().collect::<Vec<_>>().join(","));
    if !header.is_ok_and(|header| header == Frame::CSV_HEADER) {
        let header = Frame::CSV_HEADER;
        return Err(broken(format!(
            "第一行应为 {header} / the first line must be {header}"
        )));
    }
    let mut builder = FrameBuilder::default();
    for (row, record) in (2_u64..).zip(reader.records()) {
        let member = record.ok().and_then(|record| frame_member(&record));
        let member = member.ok_or_else(|| {
            broken(format!(
                "第 {row} 行不是抽样框的一行 / row {row} is no row of a frame"
            ))
        })?;
        builder
            .push(member)
            .map_err(|refused| broken(refused.to_string()))?;
    }
    builder
        .finish()
        .map_err(|refused| broken(refused.to_string()))
}

fn frame_member(record: &csv::StringRecord) -> Option<FrameMember> {
    Some(FrameMember {
        pseudonym: record.get(0)?.to_owned(),
        group: RaterGroup::from_code(record.get(1)?)?,
        stratum: StratumId::new(record.get(2)?),
        community: record.get(3)?.to_owned(),
        size: record.get(4)?.parse().ok()?,
    })
}
