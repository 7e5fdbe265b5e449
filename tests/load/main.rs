//! A load of citizens against the real server, for the fault harness and the benchmark of collecting.
//!
//! `load mint` makes codes, `load drive` lets their holders take part, `load copies` sends each submission eight times at
//! once, `load echo` and `load post` measure the bare web server. Each command prints one line of JSON.

mod copies;
mod crowd;
mod echo;
mod http;
mod mint;
mod person;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use crowd::{Act, Plan};
use person::{Person, Way};
use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Adds invitations to an open round and writes their codes, one per line.
    Mint(mint::Mint),
    /// Lets the holders of codes take part, those in the log excepted.
    Drive(Drive),
    /// As drive, but only handing in is measured: everybody has entered and answered one page before.
    HandIn(Drive),
    /// Sends each submission eight times at once, then each id once more with other content.
    Copies(Drive),
    /// Serves an echo of what is posted.
    Echo {
        /// Address to listen on.
        #[arg(long)]
        listen: String,
    },
    /// Posts the same body again and again.
    Post(echo::Post),
}

/// Options of a crowd.
#[derive(Args)]
pub struct Drive {
    /// Address of the server, such as 127.0.0.1:8080.
    #[arg(long)]
    host: String,
    /// Code of the round.
    #[arg(long)]
    round: String,
    /// File of codes.
    #[arg(long)]
    codes: PathBuf,
    /// Where acknowledgements are written; codes that stand there are left out.
    #[arg(long)]
    log: Option<PathBuf>,
    /// Connections kept alive.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// How people go through the questions.
    #[arg(long, value_enum, default_value = "short")]
    way: Way,
    /// People who begin per second; as fast as the answers come otherwise.
    #[arg(long)]
    rate: Option<f64>,
    /// Only so many people.
    #[arg(long)]
    most: Option<usize>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Mint(options) => mint::mint(&options).await,
        Command::Drive(options) => {
            let act = Act::TakePart(options.way);
            let seen = crowd::act(options.plan(act), options.people()?, options.log()?).await?;
            print(&seen)
        }
        Command::HandIn(options) => {
            let mut prepare = options.plan(Act::Prepare);
            prepare.rate = None;
            let prepared = crowd::act(prepare, options.people()?, None).await?.prepared;
            let plan = options.plan(Act::HandIn);
            print(&crowd::act(plan, prepared, options.log()?).await?)
        }
        Command::Copies(options) => {
            print(&copies::copies(&options.plan(Act::Prepare), options.people()?).await?)
        }
        Command::Echo { listen } => echo::serve(&listen).await,
        Command::Post(options) => print(&echo::post(&options).await?),
    }
}

fn print(value: &impl serde::Serialize) -> Result<()> {
    println!("{}", serde_json::to_string(value)?);
    Ok(())
}

impl Drive {
    fn plan(&self, act: Act) -> Plan {
        Plan {
            host: self.host.clone(),
            round: self.round.clone(),
            connections: self.connections,
            act,
            rate: self.rate,
        }
    }

    fn people(&self) -> Result<Vec<Person>> {
        let known = self.log.as_deref().filter(|log| log.exists());
        let answered = known.map(first_words).transpose()?.unwrap_or_default();
        let codes = first_words(&self.codes)?;
        let waiting = codes.difference(&answered);
        let most = self.most.unwrap_or(usize::MAX);
        Ok(waiting.take(most).map(|code| Person::of(code)).collect())
    }

    fn log(&self) -> Result<Option<fs::File>> {
        let open = |path: &PathBuf| OpenOptions::new().create(true).append(true).open(path);
        Ok(self.log.as_ref().map(open).transpose()?)
    }
}

fn first_words(path: &Path) -> Result<BTreeSet<String>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let words = text.lines().filter_map(|line| line.split(' ').next());
    Ok(words.map(str::to_owned).collect())
}
