//! The public log of receipts: a person checks a receipt, a program fetches roots and proofs.

use super::{
    VerifyPage,
    routes::{host, known_results, newest_round},
};
use crate::{Page, PageError, WebState, answer, routes::posted, wording};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Data, Form, Path, ServiceConfig},
};
use serde_json::json;
use vocabulary::RoundId;
use workflows::{CheckedReceipt, PublicLog, check_receipt, growth_proof, leaf_proof, public_log};

/// The program with which anybody checks a receipt without trusting this site.
const SCRIPT: &str = include_str!("../../../../tests/independent/verify_receipt.py");

/// Puts the addresses of the log in place.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .route("/verify/receipt", web::post().to(check))
        .route("/verify/verify_receipt.py", web::get().to(script))
        .route("/verify/log/{round}/roots.json", web::get().to(roots))
        .route("/verify/log/{round}/leaf/{leaf}", web::get().to(leaf))
        .route(
            "/verify/log/{round}/growth/{from}/{to}",
            web::get().to(growth),
        );
}

/// What the page says about a receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceiptAnswer {
    /// Style class.
    pub class: &'static str,
    /// The fact in a few words.
    pub heading: &'static str,
    /// What it means.
    pub words: String,
    /// Name and value of each line of the proof.
    pub proof: Vec<(&'static str, String)>,
    /// Day, number of receipts and root of each signed root, oldest first.
    pub roots: Vec<(String, String, String)>,
}

async fn check(
    state: Data<WebState>,
    request: HttpRequest,
    form: Form<Vec<(String, String)>>,
) -> Page {
    let fields = posted(form);
    let typed = fields.text("receipt").trim();
    let found = check_receipt(&state.app, typed).await?;
    let status = match found {
        Some(_) => StatusCode::OK,
        None => StatusCode::NOT_FOUND,
    };
    if found.is_none() {
        crate::guard::take_turns(crate::guard::network_of(&state, &request)).await?;
    }
    let mut page = VerifyPage::new(
        "",
        &known_results(&state).await?,
        newest_round(&state).await?,
        host(&state).await?,
    );
    let said = found.as_ref().map_or_else(not_found, said);
    page.heading = format!("核验：{}", said.heading);
    page.frame.title.clone_from(&page.heading);
    page.typed_receipt = typed.to_owned();
    page.receipt = Some(said);
    answer::own_page_with(status, &page)
}

fn not_found() -> ReceiptAnswer {
    ReceiptAnswer {
        class: "no",
        heading: "没有这张回执",
        words: "请对照提交时记下的回执码再输入一次。确实没有输错的，请把回执交给纪检监察机关查问。"
            .to_owned(),
        ..ReceiptAnswer::default()
    }
}

fn said(found: &CheckedReceipt) -> ReceiptAnswer {
    let receipt = &found.receipt;
    let roots: Vec<_> = found
        .log
        .roots
        .iter()
        .map(|root| {
            let day = wording::full_day(root.day);
            let day = if root.closing {
                format!("{day}（截止）")
            } else {
                day
            };
            (
                day,
                wording::thousands(root.size.cast_unsigned()),
                root.root.clone(),
            )
        })
        .collect();
    let Some(proof) = &found.proof else {
        return ReceiptAnswer {
            class: "old",
            heading: "已收到，还没有列入日志",
            words: "这份答卷已经收到。回执每天成批列入日志，份数太少时等到截止再列入，请过一天再来核验。".to_owned(),
            roots,
            ..ReceiptAnswer::default()
        };
    };
    let hex_list =
        |hashes: &[[u8; 32]]| hashes.iter().map(hex::encode).collect::<Vec<_>>().join(" ");
    ReceiptAnswer {
        class: "ok",
        heading: "在日志里",
        words: format!(
            "这份答卷已经收到，列在 {} 日志第 {} 位，日志共 {} 份。它只证明收到了、没有被抽走，不说明您选了什么，也没有人能用它看出您选了什么。",
            receipt.round,
            proof.index + 1,
            proof.size
        ),
        proof: vec![
            ("日志名", found.log.origin.clone()),
            ("回执的叶子", hex::encode(receipt.leaf())),
            ("从叶子到根", hex_list(&proof.proof)),
            ("验证公钥", found.log.verifier.clone()),
        ],
        roots,
    }
}

/// What never changes once published, open to every program.
fn public(value: &serde_json::Value) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=60"))
        .json(value)
}

fn hex_of(hashes: &[[u8; 32]]) -> Vec<String> {
    hashes.iter().map(hex::encode).collect()
}

async fn log_of(state: &WebState, round: &RoundId) -> Result<PublicLog, PageError> {
    public_log(&state.app, round)
        .await?
        .ok_or(PageError::NotFound)
}

async fn roots(state: Data<WebState>, round: Path<RoundId>) -> Page {
    let log = log_of(&state, &round).await?;
    let roots: Vec<_> = log
        .roots
        .iter()
        .map(|root| {
            json!({
                "size": root.size, "root": root.root, "day": root.day, "closing": root.closing,
                "checkpoint": root.checkpoint,
            })
        })
        .collect();
    Ok(public(
        &json!({"origin": log.origin, "verifier": log.verifier, "roots": roots}),
    ))
}

async fn leaf(state: Data<WebState>, path: Path<(RoundId, String)>) -> Page {
    let (round, leaf) = path.into_inner();
    let leaf = hex::decode(leaf)
        .ok()
        .and_then(|bytes| bytes.try_into().ok());
    let leaf: [u8; 32] = leaf.ok_or(PageError::NotFound)?;
    let found = leaf_proof(&state.app, &round, &leaf)
        .await?
        .ok_or(PageError::NotFound)?;
    Ok(public(
        &json!({"index": found.index, "size": found.size, "proof": hex_of(&found.proof)}),
    ))
}

async fn growth(state: Data<WebState>, path: Path<(RoundId, u64, u64)>) -> Page {
    let (round, from, to) = path.into_inner();
    let proof = growth_proof(&state.app, &round, from, to)
        .await?
        .ok_or(PageError::NotFound)?;
    Ok(public(
        &json!({"from": from, "to": to, "proof": hex_of(&proof)}),
    ))
}

async fn script() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/x-python; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"verify_receipt.py\"",
        ))
        .body(SCRIPT)
}
