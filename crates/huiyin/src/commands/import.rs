//! `huiyin import`: a file from outside is read in a limited child process, compared, and applied in one transaction.

use crate::{
    cli::{Common, Import},
    clock::now,
    commands::{confirm, print},
    exit::{Failure, Outcome},
    import_child::{Reading, read},
    installation::{actor, open},
    randomness::fresh,
    templates,
};
use rand::Rng;
use rating_import::{
    EnterpriseListRow, FileKind, HallReading, Incoming, PoolRow, RawRow, body_index, unit_index,
};
use serde::de::DeserializeOwned;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Seek},
    path::Path,
    process::ExitCode,
};
use storage::units;
use survey_design::{AnswerKind, Questionnaire, TextForm};
use vocabulary::{ItemId, RoundId, UnitId};
use workflows::{
    Actor, App, Declared, ImportMode, ImportReport, ImportedRows, PoolEntry, PoolFile, Preview,
    Received, Refusal, SourceFile, TotalsLine, UploadedRows,
};

/// Every row was taken but some were rejected.
const SOME_REJECTED: u8 = 3;

/// Imports a file and reports every row that was not taken.
///
/// # Errors
/// When the file is missing or refused whole, or the round does not take it.
pub async fn run(common: &Common, options: &Import) -> Outcome {
    if !options.file.is_file() {
        return Err(Failure::new(
            10,
            format!("文件 {} 不存在，请核对路径", options.file.display()),
        ));
    }
    let app = open(common).await?;
    let who = actor(&app, common).await?;
    let mode = if options.dry_run {
        ImportMode::DryRun
    } else {
        ImportMode::Apply
    };
    let report = take(&app, &who, options, mode, &mut fresh()).await?;
    let totals = match (mode, options.kind.of_round(), &options.round) {
        (
            ImportMode::Apply,
            Some(FileKind::HotlineOrders | FileKind::HotlineSummary),
            Some(round),
        ) => workflows::compare_hotline_totals(&app, &RoundId::new(round)).await?,
        _ => Vec::new(),
    };
    let names = units::list_units(app.store()).await?.into_iter();
    let names = names.map(|unit| (unit.id, unit.short_name)).collect();
    print(common, &report, || {
        words(&report, mode) + &differing(&totals, &names)
    })?;
    Ok(if report.rejected > 0 {
        ExitCode::from(SOME_REJECTED)
    } else {
        ExitCode::SUCCESS
    })
}

/// Takes a batch back.
///
/// # Errors
/// When the batch cannot be undone, or the question is answered with no.
pub async fn undo(common: &Common, batch: &str) -> Outcome {
    confirm(
        common,
        &format!("撤销批次 {batch}：它新增的行将删去，改过的行恢复原值。"),
    )?;
    let app = open(common).await?;
    let who = actor(&app, common).await?;
    let undone = workflows::undo_import(&app, &who, batch, now(), &mut fresh()).await?;
    let (removed, restored) = (undone.removed, undone.restored);
    let result = serde_json::json!({ "batch": batch, "removed": removed, "restored": restored });
    print(common, &result, || {
        format!("已撤销批次 {batch}：删去 {removed} 行，恢复 {restored} 行")
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Imports a file; the demo uses it as the command does.
///
/// # Errors
/// When the file is refused whole, or the round does not take it.
pub async fn take(
    app: &App,
    who: &Actor,
    options: &Import,
    mode: ImportMode,
    rng: &mut (impl Rng + Send),
) -> Result<ImportReport, Failure> {
    let path = &options.file;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
    let (kind, round) = match (options.kind.of_round(), &options.round) {
        (Some(FileKind::EnterpriseRatings), None) => {
            let rows = of_people(Reading::EnterpriseList, TextForm::default(), (&file, &name))?;
            return into_pool::<EnterpriseListRow>(app, who, &name, rows, mode, rng).await;
        }
        (None, _) => {
            let rows = of_people(Reading::Pool, TextForm::default(), (&file, &name))?;
            return into_pool::<PoolRow>(app, who, &name, rows, mode, rng).await;
        }
        (Some(_), None) => return Err(Failure::new(2, "请用 --round 写明导入到哪一轮")),
        (Some(kind), Some(round)) => (kind, RoundId::new(round)),
    };
    let columns = match &options.mapping {
        Some(path) => fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?,
        None => String::new(),
    };
    let codes = options.level_codes.into();
    let declared = Declared::new(round.clone(), kind, codes, &columns, &name)?;
    workflows::find_round(app, &round).await?;
    let mapping = options.mapping.as_deref().unwrap_or(Path::new(""));
    let source = SourceFile::of(&name, &file, &mapping.display().to_string())
        .and_then(|source| (&file).rewind().map(|()| source))
        .map_err(|error| Failure::file(path, &error))?;
    let import = workflows::Import {
        rows: rows(app, &declared, &file).await?,
        file: source,
        mode,
        progress: None,
    };
    Ok(workflows::import_ratings(app, who, &round, import, now(), rng).await?)
}

/// Lists of people name no unit.
fn of_people<R: DeserializeOwned>(
    reading: Reading,
    form: TextForm,
    file: (&File, &str),
) -> Result<Incoming<R>, Failure> {
    read(reading, form, file, &unit_index(&[]))
}

async fn into_pool<R: PoolEntry>(
    app: &App,
    who: &Actor,
    name: &str,
    rows: Incoming<R>,
    mode: ImportMode,
    rng: &mut (impl Rng + Send),
) -> Result<ImportReport, Failure> {
    let name = name.to_owned();
    let file = PoolFile {
        name,
        rows,
        mode,
        progress: None,
    };
    Ok(workflows::import_pool(app, who, file, now(), rng).await?)
}

/// Starts to read a file as what it is said to be.
///
/// # Errors
/// When the round does not take such files, or the child process cannot be started.
pub async fn rows(app: &App, declared: &Declared, file: &File) -> Result<ImportedRows, Failure> {
    let round = workflows::find_round(app, &declared.round).await?.round;
    let units = workflows::unit_names(app.store(), round.period_end).await?;
    let (units, from) = (&units, (file, declared.file_name.as_str()));
    let columns = declared.read_as.columns.as_ref().map(ToString::to_string);
    let form = declared.read_as.form();
    Ok(match declared.kind {
        FileKind::HallRatings => {
            let rules = workflows::rules(app, &round.rules_digest).await?;
            let reading = HallReading::new(declared.read_as.level_codes, &rules.deadlines);
            ImportedRows::Hall(read(Reading::Hall(reading), form, from, units)?)
        }
        FileKind::HallVolumes => ImportedRows::Volume(read(Reading::Volume, form, from, units)?),
        FileKind::HotlineOrders => {
            let mapping = columns.map(|text| templates::hotline_mapping(text.as_bytes()));
            let reading = Reading::Hotline(mapping.transpose()?);
            ImportedRows::Hotline(read(reading, form, from, units)?)
        }
        FileKind::HotlineSummary => {
            ImportedRows::HotlineTotals(read(Reading::HotlineTotals, form, from, units)?)
        }
        FileKind::Pairing => {
            let bodies = body_index(&units::list_bodies(app.store()).await?);
            ImportedRows::Pairing(read(Reading::Pairing(bodies), form, from, units)?)
        }
        FileKind::EnterpriseRatings => {
            let items = enterprise_items(app, &declared.round).await?;
            let salt = workflows::Keys::in_folder(app.folder().join("keys"))
                .read_or_make("enterprises", &mut fresh())
                .map_err(|error| Failure::file(app.folder(), &error))?;
            let salt = hex::encode(salt);
            ImportedRows::Enterprise(read(
                Reading::Enterprise { salt, items },
                form,
                from,
                units,
            )?)
        }
        FileKind::Survey => {
            let mapping = templates::survey_mapping(columns.unwrap_or_default().as_bytes())?;
            ImportedRows::Survey(read(Reading::Survey(mapping), form, from, units)?)
        }
        other @ (FileKind::EnterpriseList | FileKind::Pool) => {
            return Err(Failure::new(
                2,
                format!("{}不导入到一轮评价里", other.label()),
            ));
        }
    })
}

/// Starts to read a file the office sent up.
async fn uploaded(app: &App, declared: &Declared, file: &File) -> Result<UploadedRows, Failure> {
    let form = declared.read_as.form();
    let from = (file, declared.file_name.as_str());
    Ok(match declared.kind {
        FileKind::Pool => UploadedRows::Pool(of_people(Reading::Pool, form, from)?),
        FileKind::EnterpriseList => {
            UploadedRows::Enterprises(of_people(Reading::EnterpriseList, form, from)?)
        }
        _ => UploadedRows::OfRound(rows(app, declared, file).await?),
    })
}

/// What is read of a file for a person to look at, by the child process.
///
/// # Errors
/// When the child process is broken.
pub fn preview(received: Received, preview: Preview) -> io::Result<Incoming<RawRow>> {
    let Received { declared, file } = received;
    let reading = match preview {
        Preview::Rows => Reading::Raw,
        Preview::Headers => Reading::Headers(declared.kind),
    };
    let from = (&file, declared.file_name.as_str());
    let rows = read(reading, declared.read_as.form(), from, &unit_index(&[]));
    rows.map_err(|failure| io::Error::other(failure.line))
}

/// Checks and takes what the office sends up, until the task is ended.
pub async fn work_on_uploads(app: App) {
    let read = |app: App, received: Received| async move {
        let (declared, file) = (received.declared, received.file);
        let rows = uploaded(&app, &declared, &file).await;
        rows.map_err(|failure| Refusal::Template(failure.line).into())
    };
    workflows::work_on_uploads(&app, read, now, &mut fresh()).await;
}

/// The level items of the enterprise questionnaire, by their codes.
async fn enterprise_items(app: &App, round: &RoundId) -> Result<BTreeMap<String, ItemId>, Failure> {
    let record = workflows::find_round(app, round).await?;
    let digest = record
        .enterprise
        .ok_or_else(|| Failure::new(1, "本轮没有涉企问卷，不能导入企业评议"))?;
    let document = storage::documents::find_document(app.store(), &digest).await?;
    let questionnaire: Option<Questionnaire> =
        document.and_then(|document| serde_json::from_str(&document.body).ok());
    let items = questionnaire
        .map(|questionnaire| questionnaire.items)
        .unwrap_or_default();
    let levels = items
        .into_iter()
        .filter(|item| matches!(item.kind, AnswerKind::Level { .. }));
    Ok(levels.map(|item| (item.id.to_string(), item.id)).collect())
}

/// Units and months of which the hotline states another number of orders than came.
fn differing(totals: &[TotalsLine], names: &BTreeMap<UnitId, String>) -> String {
    let differing = totals.iter().filter(|line| !line.agrees());
    let line = |line: &TotalsLine| {
        format!(
            "\n  {} {}：热线汇总表 {} 件，已入库 {} 件",
            names.get(&line.unit).map_or("", String::as_str),
            if line.month.is_empty() {
                "全部"
            } else {
                &line.month
            },
            line.stated,
            line.imported
        )
    };
    differing.map(line).collect()
}

fn words(report: &ImportReport, mode: ImportMode) -> String {
    let done = if mode == ImportMode::DryRun {
        "检查完毕，没有写入"
    } else {
        "已导入"
    };
    let mut lines = vec![format!(
        "{done}（批次 {}）：共 {} 行，新增 {}，相同 {}，变更 {}，重复 {}，拒收 {}",
        report.batch,
        report.rows_total,
        report.new,
        report.same,
        report.changed,
        report.duplicate,
        report.rejected
    )];
    if let Some(lag) = report.reply_lag {
        lines.push(format!(
            "有答复的 {} 条，答复用时中位数 {} 天，最长 {} 天",
            lag.replies, lag.median_days, lag.longest_days
        ));
    }
    lines.extend(
        report
            .issues
            .iter()
            .take(100)
            .map(|issue| format!("  {} {} {}", issue.code, issue.message, issue.remedy)),
    );
    if report.issues_total > 100 {
        lines.push(format!(
            "  还有 {} 处问题，用 --json 查看",
            report.issues_total - 100
        ));
    }
    lines.join("\n")
}
