//! More invitations than a drawn sample has, made as a draw makes them but without letters.

use anyhow::Result;
use clap::Args;
use response_collection::{Token, hash};
use std::{fmt::Write, fs, path::PathBuf};
use storage::{
    Store,
    invitations::{InvitationKind, TokenRow, TokenState, insert_tokens},
};

/// Options of minting.
#[derive(Args)]
pub struct Mint {
    /// Data directory with the keys of the round.
    #[arg(long)]
    data: PathBuf,
    /// PostgreSQL; SQLite in the data directory otherwise.
    #[arg(long)]
    database_url: Option<String>,
    /// Code of the round.
    #[arg(long)]
    round: String,
    /// Stratum of the tokens.
    #[arg(long, default_value = "望湖区")]
    stratum: String,
    /// How many.
    #[arg(long)]
    count: usize,
    /// Where the codes go.
    #[arg(long)]
    out: PathBuf,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a tool beside the product makes its own codes"
)]
pub async fn mint(options: &Mint) -> Result<()> {
    let usual = format!("sqlite://{}/huiyin.db", options.data.display());
    let store = Store::open(options.database_url.as_ref().unwrap_or(&usual)).await?;
    let keys = workflows::Keys::in_folder(options.data.join("keys"));
    let key = keys.read(&format!("round-{}", options.round))?;
    let mut rng: rand::rngs::StdRng = rand::make_rng();
    let mut codes = String::new();
    let mut rows = Vec::with_capacity(options.count);
    for _ in 0..options.count {
        let token = Token::generate(&mut rng);
        writeln!(codes, "{}", token.text())?;
        rows.push(TokenRow {
            token_hash: hash(&key, &token),
            round_id: options.round.clone(),
            kind: InvitationKind::Overall,
            rater_group: "citizens".to_owned(),
            stratum: options.stratum.clone(),
            weight_micro: 1_000_000,
            enterprise_key: None,
            state: TokenState::Issued,
        });
    }
    let tx = store.begin().await?;
    insert_tokens(&tx, rows).await?;
    tx.commit().await?;
    store.close().await?;
    fs::write(&options.out, codes)?;
    Ok(())
}
