//! `huiyin import`: a file from outside is read in a limited child process, compared, and applied in one transaction.

use crate::{
    cli::{Common, Import, ImportKind},
    clock::now,
    commands::{confirm, print},
    exit::{Failure, Outcome},
    import_child::{Reading, read},
    installation::{actor, open},
    randomness::fresh,
    templates,
};
use rand::Rng;
use rating_import::{EnterpriseListRow, PoolRow, UnitIndex, body_index, unit_index};
use std::{collections::BTreeMap, fs::File, path::Path, process::ExitCode};
use storage::units;
use survey_design::{AnswerKind, Questionnaire};
use vocabulary::{ItemId, RoundId};
use workflows::{Actor, App, ImportMode, ImportReport, ImportedRows, PoolFile, SourceFile};

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
    print(common, &report, || words(&report, mode))?;
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
    let undone = workflows::undo_import(&app, &who, batch, now()).await?;
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
    let name = options
        .file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let index = unit_index(&units::list_units(app.store()).await?);
    let path = &options.file;
    match options.kind {
        ImportKind::Pool => {
            let rows = read::<PoolRow>(Reading::Pool, path, &index)?;
            let file = PoolFile { name, rows, mode };
            return Ok(workflows::import_pool(app, who, file, now(), rng).await?);
        }
        ImportKind::Enterprise if options.round.is_none() => {
            let rows = read::<EnterpriseListRow>(Reading::EnterpriseList, path, &index)?;
            let file = PoolFile { name, rows, mode };
            return Ok(workflows::import_pool(app, who, file, now(), rng).await?);
        }
        _ => {}
    }
    let round = options
        .round
        .as_deref()
        .ok_or_else(|| Failure::new(2, "请用 --round 写明导入到哪一轮"))?;
    let round = RoundId::new(round);
    workflows::find_round(app, &round).await?;
    let mapping = options
        .mapping
        .as_deref()
        .map(|path| path.display().to_string())
        .unwrap_or_default();
    let file = File::open(path)
        .and_then(|bytes| SourceFile::of(&name, bytes, &mapping))
        .map_err(|error| Failure::file(path, &error))?;
    let rows = rows(app, options, &round, &index).await?;
    let import = workflows::Import { file, rows, mode };
    Ok(workflows::import_ratings(app, who, &round, import, now(), rng).await?)
}

async fn rows(
    app: &App,
    options: &Import,
    round: &RoundId,
    units: &UnitIndex,
) -> Result<ImportedRows, Failure> {
    let path = options.file.as_path();
    Ok(match options.kind {
        ImportKind::Hall => ImportedRows::Hall(read(
            Reading::Hall(options.level_codes.into()),
            path,
            units,
        )?),
        ImportKind::Volume => ImportedRows::Volume(read(Reading::Volume, path, units)?),
        ImportKind::Hotline => {
            let mapping = options
                .mapping
                .as_deref()
                .map(templates::hotline_mapping)
                .transpose()?;
            ImportedRows::Hotline(read(Reading::Hotline(mapping), path, units)?)
        }
        ImportKind::Pairing => {
            let bodies = body_index(&units::list_bodies(app.store()).await?);
            ImportedRows::Pairing(read(Reading::Pairing(bodies), path, units)?)
        }
        ImportKind::Enterprise => {
            let items = enterprise_items(app, round).await?;
            let salt = hex::encode(
                workflows::Keys::in_folder(app.folder().join("keys"))
                    .read_or_make("enterprises", &mut fresh())
                    .map_err(|error| Failure::file(app.folder(), &error))?,
            );
            ImportedRows::Enterprise(read(Reading::Enterprise { salt, items }, path, units)?)
        }
        ImportKind::Survey => {
            let mapping = survey_mapping(options.mapping.as_deref())?;
            ImportedRows::Survey(read(Reading::Survey(mapping), path, units)?)
        }
        ImportKind::Pool => unreachable!("a pool belongs to no round"),
    })
}

fn survey_mapping(path: Option<&Path>) -> Result<survey_design::SurveyMapping, Failure> {
    let path = path.ok_or_else(|| Failure::new(2, "逐人数据要用 --mapping 给出列对照表"))?;
    templates::survey_mapping(path)
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
