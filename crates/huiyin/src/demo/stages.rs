//! The quarter, stage by stage. Each stage looks first whether it is done, so that an interrupted demo goes on where it stopped.

use super::{
    agency_files::{QuarterFiles, write_quarter},
    bad_ratings,
    behaviour::{Behaviour, Habit, PersonKind},
    hardly_known::HardlyKnown,
    history::{self, EarlierSurvey, HistoryFiles},
    indicators, loop_acts, pairing_visit,
    people::{PeopleReport, answer_all_apart},
    play::{Play, liaison_account, rater_account},
    pool_file,
    visit::Person,
};
use crate::{
    cli::{Import, ImportKind},
    clock,
    commands::import::take,
    exit::Failure,
};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use publication::{Bulletin, BulletinState};
use response_collection::{Token, assigned_units};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use storage::{accounts, rounds, scores, settings};
use survey_design::RoundState;
use vocabulary::{RaterGroup, Role, RoundId, UnitId};
use workflows::{
    DEMO_PASSWORD, ImportMode, ImportReport, NewAccount, PublicationStep, StationedUnits, collect,
    freeze_round, score_round, start_unit_check, step_publication,
};

type Stage = Result<(), Failure>;

/// Plays the whole quarter.
///
/// # Errors
/// When any step fails; `--resume` goes on from there.
pub async fn quarter(play: &mut Play) -> Stage {
    let id = play.demo.round.clone();
    let end = play.round(&id).period_end;
    at(end - Days::new(200), 9);
    found_city(play).await?;
    for earlier in play.demo.earlier_rounds.clone() {
        earlier_round(play, &earlier).await?;
        bad_ratings::settle_all(play, &earlier).await?;
    }
    at(end - Days::new(20), 9);
    draw(play, &id).await?;
    at(end - Days::new(16), 9);
    collect_answers(play, &id).await?;
    at(end + Days::new(5), 10);
    import_agencies(play, &id).await?;
    at(end + Days::new(8), 9);
    close_and_score(play, &id).await?;
    at(end + Days::new(9), 9);
    loop_acts::objection(play, &id).await?;
    at(end + Days::new(14), 9);
    freeze(play, &id).await?;
    loop_acts::letters_and_matters(play, &id).await?;
    at(end + Days::new(24), 9);
    bad_ratings::work(play, &id).await?;
    at(end + Days::new(28), 9);
    publish(play, &id).await?;
    push(play, &id).await?;
    indicators::propose(play).await?;
    play.write_mark(true)
}

/// Puts the demo's clock to an hour of a day in Shanghai.
fn at(day: NaiveDate, hour: u32) {
    clock::play(instant(day, hour));
}

/// An hour of a day in Shanghai.
pub fn instant(day: NaiveDate, hour: u32) -> DateTime<Utc> {
    day.and_hms_opt(hour, 0, 0)
        .expect("hours of the demo lie in the day")
        .and_utc()
        - TimeDelta::hours(8)
}

async fn state(play: &Play, id: &RoundId) -> Result<Option<RoundState>, Failure> {
    Ok(rounds::find_round(play.app.store(), id)
        .await?
        .map(|record| record.round.state))
}

async fn found_city(play: &Play) -> Stage {
    if settings::find_setting(play.app.store(), "demo.founded")
        .await?
        .is_some()
    {
        return Ok(());
    }
    let clerk = play.official(Role::OfficeClerk);
    workflows::load_world(&play.app, &clerk, &play.templates, clock::now()).await?;
    make_accounts(play).await?;
    fs::create_dir_all(&play.folder).map_err(|error| Failure::file(&play.folder, &error))?;
    let pool = pool_path(play);
    let people = written(pool_file::write_pool(&play.demo, play.seed, &pool))?;
    let list = play.folder.join("企业名单.xlsx");
    let enterprises = written(pool_file::write_enterprises(&play.demo, play.seed, &list))?;
    bring(play, ImportKind::Pool, &pool, None, None).await?;
    bring(play, ImportKind::Enterprise, &list, None, None).await?;
    mark(play, "demo.founded").await?;
    let units = play.templates.world.units.len();
    play.say(&format!(
        "{}建成：{units} 个单位，样本库 {people} 人，企业 {enterprises} 家",
        play.templates.world.city
    ));
    Ok(())
}

fn pool_path(play: &Play) -> PathBuf {
    play.folder.join("样本库.csv")
}

async fn mark(play: &Play, key: &str) -> Stage {
    let tx = play.app.store().begin().await?;
    settings::put_setting(&tx, key, "done").await?;
    tx.commit().await?;
    Ok(())
}

fn written<T>(result: anyhow::Result<T>) -> Result<T, Failure> {
    result.map_err(|error| Failure::new(11, format!("演示文件写不出来：{error:#}")))
}

/// The accounts the template lists by name.
fn listed_accounts(play: &Play) -> Vec<NewAccount> {
    let of_unit = |role| {
        matches!(
            role,
            Role::UnitLiaison | Role::UnitHead | Role::StationedGroup
        )
    };
    let listed = play.demo.accounts.iter().map(|known| NewAccount {
        account: known.sign_in.clone(),
        name: known.name.clone(),
        role: known.role,
        unit: known.units.first().cloned().filter(|_| of_unit(known.role)),
        body: known.body.clone(),
    });
    listed.collect()
}

async fn make_accounts(play: &Play) -> Stage {
    let world = &play.templates.world;
    let mut wanted = listed_accounts(play);
    for unit in &world.units {
        let name = format!("{}联络员", unit.short_name);
        wanted.push(NewAccount {
            account: liaison_account(&unit.id),
            name,
            role: Role::UnitLiaison,
            unit: Some(unit.id.clone()),
            body: None,
        });
    }
    for body in &world.bodies {
        for n in 1..=play.demo.pairing.raters_per_body {
            let name = format!("{}评议员 {n}", body.name);
            wanted.push(NewAccount {
                account: rater_account(&body.id, n),
                name,
                role: Role::PairingRater,
                unit: None,
                body: Some(body.id.clone()),
            });
        }
    }
    let admin = play.official(Role::SystemAdmin);
    let bar = play.bar("建立账号", wanted.len() as u64);
    let mut rng = play.rng("accounts");
    for new in &wanted {
        if accounts::find_account(play.app.store(), &new.account)
            .await?
            .is_none()
        {
            workflows::add_account_with_password(
                &play.app,
                &admin,
                new,
                DEMO_PASSWORD,
                clock::now(),
                &mut rng,
            )
            .await?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    indicators::give_branches(play).await
}

/// Imports a file exactly as `huiyin import` does.
async fn bring(
    play: &Play,
    kind: ImportKind,
    file: &Path,
    round: Option<&RoundId>,
    mapping: Option<&Path>,
) -> Result<ImportReport, Failure> {
    let options = Import {
        kind,
        file: file.to_owned(),
        round: round.map(ToString::to_string),
        mapping: mapping.map(Path::to_owned),
        level_codes: crate::cli::LevelDigits::default(),
        dry_run: false,
    };
    let clerk = play.official(Role::OfficeClerk);
    let mut rng = play.rng(&format!(
        "import {}",
        file.file_name().unwrap_or_default().to_string_lossy()
    ));
    take(&play.app, &clerk, &options, ImportMode::Apply, &mut rng).await
}

async fn bring_quarter(play: &Play, id: &RoundId, files: &QuarterFiles) -> Stage {
    for (kind, file) in [
        (ImportKind::Hall, &files.hall),
        (ImportKind::Volume, &files.hall_cases),
        (ImportKind::Hotline, &files.hotline),
    ] {
        let report = bring(play, kind, &file.path, Some(id), None).await?;
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        play.say(&format!(
            "{id} 导入 {name}：{} 行，新增 {}，重复 {}，拒收 {}",
            report.rows_total, report.new, report.duplicate, report.rejected
        ));
    }
    Ok(())
}

/// A quarter that a survey agency ran before Huiyin.
async fn earlier_round(play: &Play, id: &RoundId) -> Stage {
    let end = play.round(id).period_end;
    at(end + Days::new(8), 9);
    if state(play, id).await? == Some(RoundState::Published) {
        return Ok(());
    }
    let (clerk, leader) = (
        play.official(Role::OfficeClerk),
        play.official(Role::OfficeLeader),
    );
    let mut rng = play.rng(&format!("round {id}"));
    if state(play, id).await?.is_none() {
        workflows::create_round(&play.app, &clerk, id, clock::now()).await?;
        workflows::open_round(&play.app, &clerk, id, clock::now(), &mut rng).await?;
    }
    if state(play, id).await? == Some(RoundState::Collecting) {
        let files = history_files(play, id)?;
        let mapping = play.folder.join("抽样调查对照表.json");
        let text = serde_json::to_string_pretty(&history::survey_mapping())
            .expect("a mapping is plain data");
        fs::write(&mapping, text).map_err(|error| Failure::file(&mapping, &error))?;
        let report = bring(
            play,
            ImportKind::Survey,
            &files.survey,
            Some(id),
            Some(&mapping),
        )
        .await?;
        play.say(&format!(
            "{id} 导入调查机构逐人数据：{} 行",
            report.rows_total
        ));
        bring_quarter(play, id, &files.agencies).await?;
        workflows::close_round(&play.app, &clerk, id, clock::now(), &mut rng).await?;
    }
    if matches!(
        state(play, id).await?,
        Some(RoundState::Closed | RoundState::Scored)
    ) {
        score_round(&play.app, &clerk, id, clock::now()).await?;
        start_unit_check(&play.app, &clerk, id, clock::now()).await?;
    }
    at(end + Days::new(18), 9);
    if state(play, id).await? == Some(RoundState::UnderObjection) {
        freeze_round(&play.app, &leader, id, clock::now()).await?;
    }
    at(end + Days::new(20), 9);
    publish(play, id).await
}

fn history_files(play: &Play, id: &RoundId) -> Result<HistoryFiles, Failure> {
    let earlier = &play.demo.earlier_rounds;
    let back = earlier.len() - earlier.iter().position(|round| round == id).unwrap_or(0);
    let survey = EarlierSurvey::like(&play.truth, &play.templates.rules.sample);
    let back = u16::try_from(back).expect("a demo has few rounds");
    written(history::write_history(
        &play.truth,
        back,
        &play.quarter(id),
        &survey,
        &play.folder,
    ))
}

async fn draw(play: &Play, id: &RoundId) -> Stage {
    let clerk = play.official(Role::OfficeClerk);
    if state(play, id).await?.is_none() {
        workflows::create_round(&play.app, &clerk, id, clock::now()).await?;
    }
    if state(play, id).await? == Some(RoundState::Draft) {
        let mut rng = play.rng("draw");
        let report = workflows::draw_sample(
            &play.app,
            &clerk,
            id,
            play.seed,
            &play.base_url,
            clock::now(),
            &mut rng,
        )
        .await?;
        let groups: Vec<_> = report
            .drawn
            .iter()
            .map(|(group, n)| format!("{} {n}", group.label()))
            .collect();
        play.say(&format!(
            "用公开种子 {} 抽样：{}；另请企业 {} 家",
            play.seed,
            groups.join("，"),
            report.enterprises
        ));
    }
    let sent = workflows::send_waiting(&play.app, clock::now, &mut play.rng("mail")).await?;
    if sent > 0 {
        play.say(&format!(
            "发出邀请邮件 {sent} 封（在数据目录的 mail 文件夹）"
        ));
    }
    if state(play, id).await? == Some(RoundState::Sampling) {
        workflows::open_round(&play.app, &clerk, id, clock::now(), &mut play.rng("open")).await?;
    }
    Ok(())
}

/// People open their links and post forms; raters of communities and villages sign in and post theirs.
async fn collect_answers(play: &mut Play, id: &RoundId) -> Stage {
    if state(play, id).await? != Some(RoundState::Collecting) {
        return Ok(());
    }
    let (hasty, others): (Vec<_>, Vec<_>) = invited_people(play, id)
        .await?
        .into_iter()
        .partition(|person| person.behaviour.habit() == Habit::StraightLiner);
    // The clock stands still for those who tick in seconds and runs for those who read.
    let quick = answer(play, hasty, "几秒钟填完的人").await?;
    let _running = clock::run(CLOCK_RATE);
    let (readers, rated) = tokio::try_join!(
        answer(play, others, "收集群众答卷"),
        pairing_visit::rate_all(play)
    )?;
    let answered = quick.answered + readers.answered;
    play.say(&format!(
        "收到答卷 {answered} 份（其中几秒钟填完的 {} 份），谢绝 {} 人；社区和村评议 {rated} 条",
        quick.answered,
        quick.refused + readers.refused
    ));
    play.receipts = readers.acknowledged;
    Ok(())
}

/// How many times faster than real time the demo's clock runs while people read.
const CLOCK_RATE: i32 = 60;

async fn answer(play: &Play, people: Vec<Person>, what: &str) -> Result<PeopleReport, Failure> {
    let bar = play.bar(what, people.len() as u64);
    let shown = bar.clone();
    let report = answer_all_apart(
        people,
        play.base_url.clone(),
        move |done| shown.set_position(done),
        |_| (),
    )
    .await;
    bar.finish_and_clear();
    match report.errors.first() {
        None => Ok(report),
        Some((number, trouble)) => Err(Failure::new(
            11,
            format!(
                "演示中有 {} 人没能填完，例如第 {number} 人：{trouble}",
                report.errors.len()
            ),
        )),
    }
}

/// Everybody whose invitation is still unused, as their mail says.
async fn invited_people(play: &Play, id: &RoundId) -> Result<Vec<Person>, Failure> {
    let groups = groups_of_pool(play)?;
    let mails = mails(play, id)?;
    let candidates: Vec<UnitId> = play
        .templates
        .world
        .units
        .iter()
        .map(|unit| unit.id.clone())
        .collect();
    let most = play.templates.rules.sample.units_per_person;
    let mut asked = BTreeMap::new();
    for mail in mails.iter().filter(|mail| mail.kind == 'p') {
        if let Ok(token) = Token::parse(&mail.code) {
            asked.insert(
                mail.number,
                assigned_units(token.secret(), &candidates, &[], most),
            );
        }
    }
    let few = &play.demo.special.few_answers;
    let (known, nobody) = (
        Arc::new(HardlyKnown::choose(play.seed, few, &asked)),
        Arc::new(HardlyKnown::to_nobody(few)),
    );
    let mut people = Vec::new();
    for mail in mails {
        if collect::is_unused(&play.app, id, &mail.code).await? != Some(true) {
            continue;
        }
        let (kind, hardly, number) = match mail.kind {
            'p' => (
                PersonKind::Drawn(groups[mail.number as usize]),
                &known,
                mail.number,
            ),
            _ => (
                PersonKind::EnterpriseOnline,
                &nobody,
                ENTERPRISES_FROM + mail.number,
            ),
        };
        let behaviour = Behaviour::of(&play.truth, hardly, kind, number);
        people.push(Person {
            code: mail.code,
            round: id.to_string(),
            behaviour,
        });
    }
    people.sort_by_key(|person| person.behaviour.number());
    Ok(people)
}

/// Enterprises have person numbers of their own.
const ENTERPRISES_FROM: u32 = 500_000;

struct Mail {
    kind: char,
    number: u32,
    code: String,
}

/// The invitations of a round in the mail spool, as their receivers read them.
fn mails(play: &Play, id: &RoundId) -> Result<Vec<Mail>, Failure> {
    let spool = play.app.folder().join("mail");
    let entries = fs::read_dir(&spool).map_err(|error| Failure::file(&spool, &error))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| Failure::file(&spool, &error))?.path();
        if path.extension().is_some_and(|ending| ending == "eml") {
            let bytes = fs::read(&path).map_err(|error| Failure::file(&path, &error))?;
            found.extend(read_mail(&bytes, id));
        }
    }
    found.sort_by_key(|mail| (mail.kind, mail.number));
    Ok(found)
}

fn read_mail(bytes: &[u8], id: &RoundId) -> Option<Mail> {
    use mailparse::MailHeaderMap;
    let mail = mailparse::parse_mail(bytes).ok()?;
    let to = mail.headers.get_first_value("To")?;
    let name = to.trim_start_matches('<').split('@').next()?.to_owned();
    let body = mail.get_body().ok()?;
    let code = body
        .split(&format!("/s/{id}#"))
        .nth(1)?
        .split_whitespace()
        .next()?
        .to_owned();
    Some(Mail {
        kind: name.chars().next()?,
        number: name.get(1..)?.parse().ok()?,
        code,
    })
}

/// The group of each person of the pool, by number; whoever is listed as a kind of delegate is a delegate.
fn groups_of_pool(play: &Play) -> Result<Vec<RaterGroup>, Failure> {
    let path = pool_path(play);
    let text = fs::read_to_string(&path).map_err(|error| Failure::file(&path, &error))?;
    let group = |line: &str| {
        let written = line.split(',').nth(1).unwrap_or_default();
        RaterGroup::ALL
            .into_iter()
            .find(|group| group.label() == written)
            .unwrap_or(RaterGroup::Delegates)
    };
    Ok(text.lines().skip(1).map(group).collect())
}

async fn import_agencies(play: &Play, id: &RoundId) -> Stage {
    if state(play, id).await? != Some(RoundState::Collecting) {
        return Ok(());
    }
    let files = written(write_quarter(&play.truth, &play.quarter(id), &play.folder))?;
    bring_quarter(play, id, &files).await
}

async fn close_and_score(play: &Play, id: &RoundId) -> Stage {
    let clerk = play.official(Role::OfficeClerk);
    if state(play, id).await? == Some(RoundState::Collecting) {
        let report =
            workflows::close_round(&play.app, &clerk, id, clock::now(), &mut play.rng("close"))
                .await?;
        let void: u64 = report.void.values().sum();
        play.say(&format!(
            "截止收集：{} 份答卷，有效 {}，无效 {void}；意见 {} 条",
            report.received, report.valid, report.opinions
        ));
    }
    if state(play, id).await? == Some(RoundState::Closed) {
        let report = score_round(&play.app, &clerk, id, clock::now()).await?;
        play.say(&format!(
            "算分：{} 个单位，{} 个达到排名条件",
            report.units, report.ranked
        ));
    }
    if state(play, id).await? == Some(RoundState::Scored) {
        start_unit_check(&play.app, &clerk, id, clock::now()).await?;
    }
    Ok(())
}

async fn freeze(play: &Play, id: &RoundId) -> Stage {
    if state(play, id).await? == Some(RoundState::UnderObjection) {
        let leader = play.official(Role::OfficeLeader);
        let digest = freeze_round(&play.app, &leader, id, clock::now()).await?;
        play.say(&format!("得分固化，数据摘要 {}", &digest[..16]));
    }
    Ok(())
}

/// The clerk checks, the leader proposes, the discipline commission approves and lets it out.
async fn publish(play: &Play, id: &RoundId) -> Stage {
    if state(play, id).await? == Some(RoundState::Published) {
        return Ok(());
    }
    let mut rng = play.rng(&format!("publish {id}"));
    let road = [
        (PublicationStep::Review, Role::OfficeClerk),
        (PublicationStep::Propose, Role::OfficeLeader),
        (PublicationStep::Approve, Role::DisciplineCommission),
        (PublicationStep::Release, Role::DisciplineCommission),
    ];
    for (step, role) in road {
        let came = publication_state(play, id).await?;
        if PublicationStep::next(came.as_ref()) != Some(step.clone()) {
            continue;
        }
        let official = play.official(role);
        let came = step_publication(&play.app, &official, id, step, clock::now(), &mut rng).await?;
        if came.bulletin.is_public() {
            play.say(&format!("{id} 公布，公布表摘要 {}", &came.digest[..16]));
        }
    }
    Ok(())
}

async fn publication_state(play: &Play, id: &RoundId) -> Result<Option<BulletinState>, Failure> {
    let row = scores::latest_bulletin(play.app.store(), id).await?;
    let bulletin: Option<Bulletin> = row.and_then(|row| serde_json::from_str(&row.state).ok());
    Ok(bulletin.map(|bulletin| bulletin.state))
}

async fn push(play: &Play, id: &RoundId) -> Stage {
    let stationed = play
        .demo
        .consumers
        .iter()
        .find(|consumer| !consumer.units.is_empty());
    let stationed = stationed.map(|consumer| StationedUnits {
        group: consumer.name.clone(),
        units: consumer.units.iter().cloned().collect(),
    });
    let stationed = stationed.ok_or_else(|| Failure::new(1, "演示模板没有派驻纪检监察组"))?;
    let pushes = workflows::push_results(
        &play.app,
        &play.official(Role::OfficeClerk),
        id,
        &stationed,
        clock::now(),
    )
    .await?;
    play.say(&format!(
        "结果推送给 {} 个使用单位，各收各的字段",
        pushes.len()
    ));
    let year = workflows::annual_of_year(&play.app, id).await?;
    play.say(&format!("年度考核用分和系数：{} 个单位", year.len()));
    let anchor = workflows::anchor_audit(&play.app, clock::now(), &mut play.rng("anchor")).await?;
    play.say(&format!("审计链留存 {}", &anchor[..16]));
    Ok(())
}
