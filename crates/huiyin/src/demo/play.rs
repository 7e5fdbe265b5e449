//! What the stages of the demo share: the installation, the invented truth, the officials, the progress shown.

use super::{agency_files::Quarter, truth::Truth};
use crate::{
    cli::{Common, Demo},
    exit::Failure,
    installation, templates,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use sha2::{Digest, Sha256};
use std::{fs, path::PathBuf, sync::Arc};
use survey_design::{DemoWorld, WorldRound};
use vocabulary::{BodyId, Role, RoundId, UnitId};
use workflows::{Actor, App, WorldTemplates};

/// One demonstration.
pub struct Play {
    pub app: App,
    pub demo: DemoWorld,
    pub templates: WorldTemplates,
    pub truth: Arc<Truth>,
    pub seed: u64,
    pub folder: PathBuf,
    pub base_url: String,
    /// Receipts of the round; none after an interruption, because nothing else knows them.
    pub receipts: Vec<String>,
    quiet: bool,
}

const MARK: &str = "demo.json";

impl Play {
    /// Opens a fresh data directory, or one whose demo was interrupted.
    ///
    /// # Errors
    /// When the directory holds a finished demo, an interrupted one without `--resume`, or other data.
    pub async fn open(common: &Common, options: &Demo) -> Result<Self, Failure> {
        let mark = common.data.join(MARK);
        let shown = common.data.display();
        let seed = match fs::read_to_string(&mark) {
            Ok(text) => {
                let known: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
                if known["finished"] == true {
                    return Err(Failure::new(
                        1,
                        format!(
                            "{shown} 里已经有一场演示，没有改动；请用 --data 换一个目录，或用 `huiyin serve --data {shown}` 查看结果"
                        ),
                    ));
                }
                if !options.resume {
                    return Err(Failure::new(
                        1,
                        format!(
                            "{shown} 里有一场没做完的演示；请加 --resume 接着做，或用 --data 换一个目录"
                        ),
                    ));
                }
                known["seed"].as_u64().unwrap_or(options.seed)
            }
            Err(_) => options.seed,
        };
        let demo = templates::demo()?;
        let app = installation::create(common).await?;
        if !mark.exists() && !storage::rounds::list_rounds(app.store()).await?.is_empty() {
            return Err(Failure::new(
                1,
                "这个数据库里已有评价数据，演示没有开始；请换一个空的数据库和数据目录",
            ));
        }
        let templates = templates::world("yunxi")?;
        let truth = Arc::new(Truth::new(&templates.world, &demo, seed));
        let play = Self {
            app,
            demo,
            templates,
            truth,
            seed,
            folder: common.data.join("agencies"),
            base_url: String::new(),
            receipts: Vec::new(),
            quiet: common.json,
        };
        play.write_mark(false)?;
        Ok(play)
    }

    /// Notes how far the demo has come.
    ///
    /// # Errors
    /// When the data directory cannot be written.
    pub fn write_mark(&self, finished: bool) -> Result<(), Failure> {
        let path = self.app.folder().join(MARK);
        let text = serde_json::json!({"seed": self.seed, "finished": finished}).to_string();
        fs::write(&path, text).map_err(|error| Failure::file(&path, &error))
    }

    /// The generator of one purpose: the same seed gives the same quarter on every machine.
    pub fn rng(&self, purpose: &str) -> ChaCha20Rng {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_le_bytes());
        hash.update(purpose);
        ChaCha20Rng::from_seed(hash.finalize().into())
    }

    /// A round of the world.
    pub fn round(&self, id: &RoundId) -> &WorldRound {
        let found = self
            .templates
            .world
            .rounds
            .iter()
            .find(|round| round.id == *id);
        found.expect("check-templates holds that a demo names rounds of its world")
    }

    /// The quarter of a round, for the agencies.
    pub fn quarter(&self, id: &RoundId) -> Quarter {
        Quarter::from(self.round(id))
    }

    /// The official of the demo who holds a role.
    pub fn official(&self, role: Role) -> Actor {
        let known = self
            .demo
            .accounts
            .iter()
            .find(|account| account.role == role);
        let (account, name) = known.map_or(("operator", "演示"), |known| {
            (known.sign_in.as_str(), known.name.as_str())
        });
        Actor {
            account: account.into(),
            name: name.to_owned(),
            role,
            unit: None,
            body: None,
        }
    }

    /// The liaison of a unit.
    pub fn liaison(&self, unit: &UnitId) -> Actor {
        let known = self
            .demo
            .accounts
            .iter()
            .find(|account| account.role == Role::UnitLiaison && account.units.contains(unit));
        let account = known.map_or_else(|| liaison_account(unit), |known| known.sign_in.clone());
        let name = known.map_or_else(|| "联络员".to_owned(), |known| known.name.clone());
        Actor {
            account: account.as_str().into(),
            name,
            role: Role::UnitLiaison,
            unit: Some(unit.clone()),
            body: None,
        }
    }

    /// A bar for work of `steps` steps; nothing is drawn when the output is for a program.
    pub fn bar(&self, what: &str, steps: u64) -> ProgressBar {
        let bar = ProgressBar::new(steps);
        if self.quiet {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template("{msg:24} {wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        bar
    }

    /// Says what a stage came to.
    pub fn say(&self, text: &str) {
        eprintln!("· {text}");
    }
}

/// The account of a liaison the template does not list by name.
pub fn liaison_account(unit: &UnitId) -> String {
    format!("liaison-{}", unit.as_str().to_lowercase())
}

/// The account of the `n`th rater of a community or village, 1 for the first.
pub fn rater_account(body: &BodyId, n: u16) -> String {
    match n {
        1 => format!("rater-{}", body.as_str().to_lowercase()),
        _ => format!("rater-{}-{n}", body.as_str().to_lowercase()),
    }
}
