//! One round on a real database: what a citizen is promised, and what one official alone cannot do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use analytics::quality::Signal;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rating_import::{Incoming, PoolRow};
use rectification::{FeedbackLetter, Told};
use response_collection::{RawAnswer, Token};
use std::{fs, path::Path};
use storage::{
    Store, ballots, contacts,
    invitations::{self, InvitationKind},
    letters::list_letters,
    outbox::{self, Job, JobState},
    quality,
};
use survey_design::{AnswerKind, parse_questionnaire, parse_rules, parse_world};
use vocabulary::{RaterGroup, Role, RoundId, rounded_text};
use workflows::{
    Actor, App, Bounce, ImportMode, PoolFile, PublicationStep, Refusal, SignGroup, VerbError,
    WorldTemplates, approve_exclusion, channel_counts, close_round,
    collect::{self, EnterRefused, SubmissionSigns},
    create_round, decline_exclusion, draw_sample, exclude_ballots, freeze_round, import_pool,
    issue_letters, latest_run, load_world, open_round, opt_out, put_aside, remind, round_rates,
    score_round, send_waiting, sign_groups, start_unit_check, step_publication, take_bounce,
};

fn at(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().unwrap()
}

fn official(account: &str, role: Role) -> Actor {
    Actor {
        account: account.into(),
        name: account.to_owned(),
        role,
        unit: None,
        body: None,
    }
}

fn templates() -> WorldTemplates {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../survey-templates");
    let read = |path: &str| fs::read(folder.join(path)).unwrap();
    WorldTemplates {
        world: parse_world(&read("worlds/yunxi.json")).unwrap(),
        rules: parse_rules(&read("rules/yunxi-2026.json")).unwrap(),
        indicators: None,
        questionnaires: vec![
            parse_questionnaire(&read("questionnaires/overall.json")).unwrap(),
            parse_questionnaire(&read("questionnaires/enterprise.json")).unwrap(),
        ],
    }
}

fn applied(rows: Vec<PoolRow>) -> PoolFile<PoolRow> {
    PoolFile {
        name: "样本库.csv".to_owned(),
        rows: Incoming::of_rows(rows),
        mode: ImportMode::Apply,
        progress: None,
    }
}

fn pool(templates: &WorldTemplates) -> PoolFile<PoolRow> {
    let people = RaterGroup::ALL.into_iter().flat_map(|group| {
        let quota = templates
            .rules
            .sample
            .quota
            .get(&group)
            .copied()
            .unwrap_or(0);
        (0..quota + 5).map(move |n| PoolRow {
            row_key: format!("{}{n}", group.code()),
            name: "林某".to_owned(),
            position: None,
            phone: None,
            email: Some(format!("{}{n}@example.invalid", group.code())),
            group,
            delegate_kind: None,
            county: "望湖区".to_owned(),
            stratum: None,
            community: None,
            size: None,
        })
    });
    applied(people.collect())
}

struct City {
    app: App,
    round: RoundId,
    rng: ChaCha20Rng,
    _folder: tempfile::TempDir,
}

/// A city with an open round whose invitations lie in the mail spool.
async fn city() -> City {
    let folder = tempfile::tempdir().unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let store = Store::open(&format!("sqlite://{}/huiyin.db", folder.path().display()))
        .await
        .unwrap();
    let vault = identity_vault::Vault::open(
        &format!("sqlite://{}/vault.db", folder.path().display()),
        [3; 32],
    )
    .await
    .unwrap();
    let app = App::new(store, vault, folder.path().to_owned());
    app.migrate().await.unwrap();
    let (clerk, round, now) = (
        official("clerk", Role::OfficeClerk),
        RoundId::new("2026Q3"),
        at("2026-09-10T01:00:00Z"),
    );
    let templates = templates();
    load_world(&app, &clerk, &templates, now).await.unwrap();
    import_pool(&app, &clerk, pool(&templates), now, &mut rng)
        .await
        .unwrap();
    create_round(&app, &clerk, &round, now).await.unwrap();
    draw_sample(&app, &clerk, &round, 7, "http://127.0.0.1", now, &mut rng)
        .await
        .unwrap();
    send_waiting(&app, || at("2026-09-10T01:00:00Z"), &mut rng)
        .await
        .unwrap();
    open_round(&app, &clerk, &round, now, &mut rng)
        .await
        .unwrap();
    City {
        app,
        round,
        rng,
        _folder: folder,
    }
}

fn a_code(app: &App) -> String {
    let mail = fs::read_dir(app.folder().join("mail"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let bytes = fs::read(mail.path()).unwrap();
    let text = mailparse::parse_mail(&bytes).unwrap().get_body().unwrap();
    text.split("/s/2026Q3#")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned()
}

/// Fills in every page with the level of this code and leaves the draft ready to be sent.
async fn fill_in(city: &City, code: &str, level: &str) -> collect::DraftKey {
    let now = at("2026-09-12T01:00:00Z");
    let key = collect::enter(&city.app, &city.round, code, now)
        .await
        .unwrap()
        .unwrap();
    let mut draft = collect::load(&city.app, &city.round, &key)
        .await
        .unwrap()
        .unwrap();
    for page in draft.pages.clone() {
        let item = draft
            .questionnaire
            .items
            .iter()
            .find(|item| item.id == page.item)
            .unwrap();
        let raw = match item.kind {
            AnswerKind::Level { .. } => RawAnswer {
                choice: Some(level.to_owned()),
                ..RawAnswer::default()
            },
            _ => RawAnswer::default(),
        };
        collect::save_page(&city.app, &city.round, &key, &mut draft, &page, &raw)
            .await
            .unwrap()
            .unwrap();
    }
    key
}

async fn send(
    city: &mut City,
    key: &collect::DraftKey,
    id: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> collect::Receipt {
    let signs = SubmissionSigns::default();
    collect::submit(&city.app, &city.round, key, id, signs, now, &mut city.rng)
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_characters_bring_a_questionnaire_back_until_it_is_handed_in() {
    let mut city = city().await;
    let code = a_code(&city.app);
    let key = fill_in(&city, &code, "2").await;
    let now = at("2026-09-12T01:05:00Z");
    let aside = || async {
        let made = put_aside(&city.app, &city.round, &key).await.unwrap();
        made.unwrap().text()
    };
    let first = aside().await;
    assert_eq!(aside().await, first, "asking again gives the same code");

    let typed = first.to_lowercase().replace('-', " ");
    let back = collect::enter(&city.app, &city.round, &typed, now).await;
    assert!(back.unwrap() == Ok(key.clone()), "the same draft");
    let other = if first.starts_with('2') { "3" } else { "2" };
    let guessed = format!("{other}{}", &first[1..]);
    let guessed = collect::enter(&city.app, &city.round, &guessed, now).await;
    assert!(guessed.unwrap() == Err(EnterRefused::UnknownCode));

    let sent = collect::submit(
        &city.app,
        &city.round,
        &key,
        "0123",
        SubmissionSigns::default(),
        now,
        &mut city.rng,
    )
    .await;
    assert!(sent.unwrap().is_ok());
    let late = collect::enter(&city.app, &city.round, &first, now).await;
    assert!(late.unwrap() == Err(EnterRefused::Used));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_submission_again_gives_the_same_receipt_and_counts_once() {
    let mut city = city().await;
    let code = a_code(&city.app);
    let key = fill_in(&city, &code, "4").await;
    let now = at("2026-09-12T01:05:00Z");

    let first = send(&mut city, &key, "0123", now).await;
    let again = send(&mut city, &key, "0123", now).await;

    assert_eq!(first, again);
    assert_eq!(
        ballots::ballot_counts(city.app.store(), &city.round)
            .await
            .unwrap()
            .sealed,
        1
    );
    let entering = collect::enter(&city.app, &city.round, &code, now)
        .await
        .unwrap();
    assert!(matches!(entering, Err(collect::EnterRefused::Used)));
    assert!(
        workflows::lookup(&city.app, &first.code.text())
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn after_closing_nothing_joins_a_token_to_an_answer() {
    let mut city = city().await;
    let code = a_code(&city.app);
    let key = fill_in(&city, &code, "5").await;
    let now = at("2026-09-12T01:05:00Z");
    send(&mut city, &key, "77", now).await;

    let report = close_round(
        &city.app,
        &official("clerk", Role::OfficeClerk),
        &city.round,
        now,
        &mut city.rng,
    )
    .await
    .unwrap();

    assert_eq!((report.received, report.valid), (1, 1));
    let answers = ballots::list_answers(city.app.store(), &city.round)
        .await
        .unwrap();
    assert!(
        answers
            .iter()
            .all(|answer| answer.kind == InvitationKind::Overall)
            && answers.len() == 8
    );
    let keys: Vec<String> = fs::read_dir(city.app.folder().join("keys"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(
        keys.iter().all(|name| !name.starts_with("mix-")),
        "{keys:?}"
    );
    let counts = ballots::ballot_counts(city.app.store(), &city.round).await;
    assert_eq!(counts.unwrap().sealed, 0);
    let token = Token::parse(&code).unwrap();
    let ballot = &answers[0].ballot_id;
    assert!(
        !ballot.contains(&hex::encode(token.secret())),
        "a ballot's id tells nothing"
    );
    assert!(
        collect::load(&city.app, &city.round, &key)
            .await
            .unwrap()
            .is_none(),
        "no draft is left"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_cannot_publish_alone() {
    let mut city = city().await;
    let key = fill_in(&city, &a_code(&city.app), "4").await;
    let now = at("2026-10-02T01:00:00Z");
    send(&mut city, &key, "1", now).await;
    let (clerk, leader) = (
        official("clerk", Role::OfficeClerk),
        official("leader", Role::OfficeLeader),
    );
    close_round(&city.app, &clerk, &city.round, now, &mut city.rng)
        .await
        .unwrap();
    score_round(&city.app, &clerk, &city.round, now)
        .await
        .unwrap();
    start_unit_check(&city.app, &clerk, &city.round, now)
        .await
        .unwrap();
    let frozen_by_clerk = freeze_round(&city.app, &clerk, &city.round, now).await;
    assert!(matches!(
        frozen_by_clerk,
        Err(VerbError::Refused(Refusal::NotAllowed { .. }))
    ));
    let too_soon = freeze_round(&city.app, &leader, &city.round, now).await;
    assert!(
        matches!(&too_soon, Err(VerbError::Refused(Refusal::CheckRunning(until))) if until.to_string() == "2026-10-10"),
        "the seven days of the holiday do not count, the make-up Saturday does: {too_soon:?}"
    );
    let now = at("2026-10-12T01:00:00Z");
    freeze_round(&city.app, &leader, &city.round, now)
        .await
        .unwrap();
    letters_say_what_the_ranking_says(&city, &clerk, now).await;

    let other = official("commission", Role::DisciplineCommission);
    for (who, step) in [
        (&clerk, PublicationStep::Review),
        (&leader, PublicationStep::Propose),
    ] {
        step_publication(&city.app, who, &city.round, step, now, &mut city.rng)
            .await
            .unwrap();
    }
    let approve = PublicationStep::Approve;
    let same_person =
        step_publication(&city.app, &leader, &city.round, approve, now, &mut city.rng).await;
    let approve = PublicationStep::Approve;
    let published = step_publication(&city.app, &other, &city.round, approve, now, &mut city.rng)
        .await
        .unwrap();

    assert!(matches!(
        same_person,
        Err(VerbError::Refused(Refusal::Publication(_)))
    ));
    assert!(
        workflows::published_bulletin(&city.app, &city.round)
            .await
            .unwrap()
            .is_none(),
        "agreed to is not public yet"
    );
    assert!(snapshot::verify_bundle(&published.bundle.unwrap()).is_ok());
}

/// Every unit has a letter, whose figures are those of its row; a hidden unit's has none.
async fn letters_say_what_the_ranking_says(
    city: &City,
    clerk: &Actor,
    now: chrono::DateTime<chrono::Utc>,
) {
    let issued = issue_letters(&city.app, clerk, &city.round, now).await;
    let run = latest_run(&city.app, &city.round).await.unwrap().unwrap();
    let letters = list_letters(city.app.store(), &city.round).await.unwrap();
    assert_eq!(issued.unwrap(), letters.len() as u64);
    for row in &run.ranking.rows {
        let letter = letters
            .iter()
            .find(|letter| letter.unit_id == row.unit.as_str());
        let letter: FeedbackLetter = serde_json::from_str(&letter.unwrap().body).unwrap();
        let own = &letter.compared[0].score;
        match row.score {
            Some(score) => assert!(
                matches!(own, Told::Figure(told) if told.starts_with(&rounded_text(score, 2)))
            ),
            None => {
                assert!(matches!(own, Told::Instead(_)));
                assert!(letter.channels.is_empty() && letter.answers.is_empty());
            }
        }
        assert_eq!(letter.duties.len(), 5);
    }
}

async fn letters(city: &City) -> Vec<Job> {
    outbox::list_jobs(city.app.store(), &city.round)
        .await
        .unwrap()
}

async fn remind_all(city: &mut City, day: &str) -> u64 {
    let clerk = official("clerk", Role::OfficeClerk);
    let url = "http://127.0.0.1";
    remind(&city.app, &clerk, &city.round, url, at(day), &mut city.rng)
        .await
        .unwrap()
}

fn bounce_of(handle: &str) -> Vec<u8> {
    format!(
        "To: bounce+{handle}@yunxi.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
    .into_bytes()
}

#[tokio::test]
async fn a_code_is_forgotten_once_its_letter_is_out() {
    let city = city().await;

    let letters = letters(&city).await;

    assert!(letters.len() >= 2_000);
    for letter in &letters {
        assert_eq!(
            (letter.state, letter.payload.as_str()),
            (JobState::Done, "")
        );
    }
    let rates = round_rates(&city.app, &city.round).await.unwrap();
    assert_eq!(rates[0].rates.rates[0], Some(0.0));
    assert_eq!(rates[0].dispositions.values().sum::<u64>(), 2_000);
}

#[tokio::test]
async fn who_says_no_is_left_alone_and_who_cannot_be_reached_twice_as_well() {
    let mut city = city().await;
    let now = at("2026-09-13T01:00:00Z");
    let first = letters(&city).await;
    let everybody = remind_all(&mut city, "2026-09-13T01:00:00Z").await;
    assert_eq!(everybody, first.len() as u64);
    assert_eq!(remind_all(&mut city, "2026-09-13T09:00:00Z").await, 0);
    let (no, gone) = (&first[0], &first[1]);

    assert!(opt_out(&city.app, &no.handle, now).await.unwrap());
    assert!(opt_out(&city.app, &no.handle, now).await.unwrap());
    assert!(!opt_out(&city.app, "0123", now).await.unwrap());
    let second = letters(&city)
        .await
        .into_iter()
        .find(|job| job.invitation_id == gone.invitation_id && job.handle != gone.handle)
        .unwrap();
    let mut taken = Vec::new();
    for handle in [&gone.handle, &gone.handle, &second.handle] {
        taken.push(
            take_bounce(&city.app, &bounce_of(handle), now)
                .await
                .unwrap(),
        );
    }

    assert_eq!(taken, [Bounce::Hard, Bounce::Known, Bounce::Hard]);
    for (job, bounces) in [(no, 0), (gone, 2)] {
        let hash = job.address_hash.as_deref().unwrap();
        let standing = contacts::find_standing(city.app.store(), hash)
            .await
            .unwrap();
        let standing = standing.unwrap();
        assert!(standing.stopped);
        assert_eq!(standing.hard_bounces, bounces);
    }
    let sent = send_waiting(&city.app, || at("2026-09-13T02:00:00Z"), &mut city.rng).await;
    // The reminder of who said no was ended at once; that of the dead address ends when it is due.
    assert_eq!(sent.unwrap(), everybody - 2);
    assert_eq!(
        remind_all(&mut city, "2026-09-16T01:00:00Z").await,
        everybody - 2
    );
    let states: Vec<_> = [no, gone]
        .map(|job| job.invitation_id.clone().unwrap())
        .to_vec();
    for (id, expected) in states.iter().zip(["declined", "undeliverable"]) {
        let found = invitations::find_invitation(city.app.store(), id)
            .await
            .unwrap();
        assert_eq!(found.unwrap().state, expected);
    }
}

#[tokio::test]
async fn closing_a_round_ends_what_still_waits_and_destroys_its_key() {
    let mut city = city().await;
    remind_all(&mut city, "2026-09-13T01:00:00Z").await;
    let clerk = official("clerk", Role::OfficeClerk);

    close_round(
        &city.app,
        &clerk,
        &city.round,
        at("2026-09-30T01:00:00Z"),
        &mut city.rng,
    )
    .await
    .unwrap();

    assert!(
        letters(&city)
            .await
            .iter()
            .all(|job| job.state == JobState::Done && job.payload.is_empty())
    );
    assert!(!city.app.folder().join("keys/mail-2026Q3.key").exists());
}

/// A closed round whose one ballot is all of one level, by somebody who says he was told.
async fn with_a_flagged_ballot() -> (City, Vec<SignGroup>) {
    let mut city = city().await;
    let key = fill_in(&city, &a_code(&city.app), "4").await;
    let now = at("2026-09-12T01:05:00Z");
    let (app, round) = (&city.app, &city.round);
    let told = SubmissionSigns {
        coached: true,
        burst: false,
    };
    collect::submit(app, round, &key, "5", told, now, &mut city.rng)
        .await
        .unwrap()
        .unwrap();
    let clerk = official("clerk", Role::OfficeClerk);
    let report = close_round(app, &clerk, round, now, &mut city.rng)
        .await
        .unwrap();
    assert_eq!(
        (report.valid, report.flagged),
        (1, 1),
        "a flag excludes nothing"
    );
    let groups = sign_groups(app, round).await.unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].signs, [Signal::Coached, Signal::StraightLine]);
    (city, groups)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exclusion_that_was_declined_is_over_and_may_be_proposed_again() {
    let (mut city, groups) = with_a_flagged_ballot().await;
    let (app, round) = (&city.app, &city.round);
    let (leader, discipline) = (
        official("leader", Role::OfficeLeader),
        official("discipline", Role::DisciplineCommission),
    );
    let both = (&groups[0].signs[..], "填写人说有人教，而且全选同一档");
    let now = at("2026-09-12T02:00:00Z");
    let mut propose = async || {
        let proposed = exclude_ballots(app, &leader, round, both, now, &mut city.rng).await;
        proposed.unwrap()
    };
    assert!(!propose().await);
    let first = quality::list_exclusions(app.store(), round).await.unwrap();

    decline_exclusion(app, &discipline, round, &first[0].id, now)
        .await
        .unwrap();

    let gone = approve_exclusion(app, &discipline, round, &first[0].id, now).await;
    assert!(matches!(gone, Err(VerbError::Refused(Refusal::Missing(_)))));
    let counts = ballots::ballot_counts(app.store(), round).await.unwrap();
    assert_eq!(counts.valid(), 1);
    assert!(!propose().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_flagged_ballots_are_excluded_by_two_people_and_stay_in_the_books() {
    let (mut city, groups) = with_a_flagged_ballot().await;
    let (app, round) = (&city.app, &city.round);
    let now = at("2026-09-12T02:00:00Z");
    let (clerk, leader, discipline) = (
        official("clerk", Role::OfficeClerk),
        official("leader", Role::OfficeLeader),
        official("discipline", Role::DisciplineCommission),
    );
    let alone = (&[Signal::Coached][..], "只有一个迹象");
    let refused = exclude_ballots(app, &clerk, round, alone, now, &mut city.rng).await;
    assert!(matches!(
        refused,
        Err(VerbError::Refused(Refusal::SignsNotIndependent))
    ));
    let both = (&groups[0].signs[..], "填写人说有人教，而且全选同一档");
    let done = exclude_ballots(app, &leader, round, both, now, &mut city.rng).await;
    assert!(
        !done.unwrap(),
        "all ballots of the round are more than one person may exclude"
    );
    let waiting = quality::list_exclusions(app.store(), round).await.unwrap();
    let same = approve_exclusion(app, &leader, round, &waiting[0].id, now).await;
    assert!(matches!(
        same,
        Err(VerbError::Refused(Refusal::SamePerson(_)))
    ));
    let counts = ballots::ballot_counts(app.store(), round).await.unwrap();
    assert_eq!(counts.valid(), 1);

    approve_exclusion(app, &discipline, round, &waiting[0].id, now)
        .await
        .unwrap();

    let counts = ballots::ballot_counts(app.store(), round).await.unwrap();
    assert_eq!((counts.received(), counts.valid()), (1, 0));
    assert_eq!(counts.void_by_reason()[ballots::EXCLUDED], 1);
    let books = channel_counts(app, round).await.unwrap();
    assert_eq!((books[0].received(), books[0].counted()), (1, 0));
    let groups = sign_groups(app, round).await.unwrap();
    assert_eq!((groups[0].counted, groups[0].left_out), (0, 1));
}

#[tokio::test]
async fn a_round_that_does_not_exist_gets_no_key() {
    let city = city().await;
    let clerk = official("clerk", Role::OfficeClerk);
    let keys = || {
        let mut names: Vec<_> = fs::read_dir(city.app.folder().join("keys"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    let before = keys();
    let unknown = RoundId::new("2031Q4");

    let made = create_round(&city.app, &clerk, &unknown, at("2026-10-08T01:00:00Z")).await;
    let opened = open_round(
        &city.app,
        &clerk,
        &unknown,
        at("2026-10-08T01:00:00Z"),
        &mut ChaCha20Rng::seed_from_u64(1),
    )
    .await;

    for refused in [made, opened] {
        assert!(matches!(
            refused,
            Err(VerbError::Refused(Refusal::RoundUnknown(_)))
        ));
    }
    assert_eq!(keys(), before);
}
