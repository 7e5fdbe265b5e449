use super::*;
use workflows::{
    Action, Owes, PasswordRule, Safety, awaiting_code, begin_second_factor, code_of,
    confirm_second_factor, pending_second_factor, prove, recovery_codes_left, remove_second_factor,
    reset_second_factor, set_safety, sign_in_code,
};

struct WithFactor {
    city: City,
    secret: String,
    recovery: Vec<String>,
}

/// A leader whose app was set up at the given instant.
async fn with_factor(now: DateTime<Utc>) -> WithFactor {
    let mut city = city().await;
    city.settled("leader", Role::OfficeLeader).await;
    let who = city.entered("leader", GOOD, now).await;
    begin_second_factor(&city.app, &who, now, &mut city.rng)
        .await
        .unwrap();
    let enrolment = pending_second_factor(&city.app, &who)
        .await
        .unwrap()
        .unwrap();
    let shown = code_of(&enrolment.secret, now).unwrap();
    assert_eq!(
        code(confirm_second_factor(&city.app, &who, "000000", now, &mut city.rng).await),
        "WF-132"
    );
    let recovery = confirm_second_factor(&city.app, &who, &shown, now, &mut city.rng)
        .await
        .unwrap();
    WithFactor {
        secret: enrolment.secret,
        city,
        recovery,
    }
}

fn seconds(n: i64) -> TimeDelta {
    TimeDelta::seconds(n)
}

#[tokio::test]
async fn a_code_is_asked_for_after_the_password_and_is_good_once() {
    let start = at("2026-09-10T02:00:00Z");
    let WithFactor {
        mut city, secret, ..
    } = with_factor(start).await;
    let now = start + minutes(3);
    let cookie = city.cookie("leader", GOOD, now).await;

    assert_eq!(city.behind(&cookie, now).await, None, "not in yet");
    assert_eq!(
        awaiting_code(&city.app, &cookie, now)
            .await
            .unwrap()
            .as_deref(),
        Some("leader")
    );
    let shown = code_of(&secret, now).unwrap();
    let wrong = sign_in_code(&city.app, &cookie, "123 456", now, &mut city.rng).await;
    assert_eq!(code(wrong), "WF-132");
    let spaced = format!(" {} {} ", &shown[..3], &shown[3..]);
    let inside = sign_in_code(&city.app, &cookie, &spaced, now, &mut city.rng).await;
    let inside = inside.unwrap();
    assert_ne!(inside, cookie);
    assert!(city.behind(&inside, now).await.unwrap().second_factor);
    assert_eq!(awaiting_code(&city.app, &cookie, now).await.unwrap(), None);

    let again = city.cookie("leader", GOOD, now).await;
    let spent = sign_in_code(&city.app, &again, &shown, now, &mut city.rng).await;
    assert_eq!(code(spent), "WF-132", "good once");
    assert_eq!(city.logged("sign_in_code").await.len(), 2);
}

#[tokio::test]
async fn one_half_minute_of_drift_is_taken_and_no_more_and_the_second_page_waits_five_minutes() {
    let start = at("2026-09-10T02:00:00Z");
    let WithFactor {
        mut city, secret, ..
    } = with_factor(start).await;
    let mut tried = async |entered: DateTime<Utc>, shown_at: DateTime<Utc>, now: DateTime<Utc>| {
        let cookie = city.cookie("leader", GOOD, entered).await;
        let shown = code_of(&secret, shown_at).unwrap();
        code(sign_in_code(&city.app, &cookie, &shown, now, &mut city.rng).await)
    };
    let now = start + minutes(10);

    assert_eq!(tried(now, now - seconds(60), now).await, "WF-132");
    assert_eq!(tried(now, now - seconds(30), now).await, "done");
    assert_eq!(tried(now, now + seconds(60), now).await, "WF-132");
    assert_eq!(tried(now, now + seconds(30), now).await, "done");
    assert_eq!(tried(now, now, now).await, "WF-132", "older than one taken");
    let late = now + minutes(5);
    assert_eq!(tried(now, late, late).await, "WF-116", "begin again");
    assert_eq!(tried(late, late, late + seconds(20)).await, "done");
}

#[tokio::test]
async fn each_recovery_code_replaces_a_code_once_and_none_lies_readable() {
    let start = at("2026-09-10T02:00:00Z");
    let WithFactor {
        mut city,
        secret,
        recovery,
    } = with_factor(start).await;
    assert_eq!(recovery.len(), 10);
    let mut tried = async |typed: &str| {
        let cookie = city.cookie("leader", GOOD, start).await;
        code(sign_in_code(&city.app, &cookie, typed, start, &mut city.rng).await)
    };

    assert_eq!(tried(&recovery[0]).await, "done");
    assert_eq!(tried(&recovery[0]).await, "WF-132");
    let typed = recovery[1].replace('-', " ").to_uppercase();
    assert_eq!(tried(&typed).await, "done");
    assert_eq!(city.logged("use_recovery_code").await.len(), 2);
    for entry in fs::read_dir(city.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = fs::read(&path).unwrap();
            for text in recovery.iter().chain([&secret]) {
                let found = bytes
                    .windows(text.len())
                    .any(|part| part == text.as_bytes());
                assert!(!found, "{} in {}", text, path.display());
            }
        }
    }
}

#[tokio::test]
async fn what_cannot_be_taken_back_asks_for_the_password_again_after_five_minutes() {
    let start = at("2026-09-10T02:00:00Z");
    let WithFactor {
        mut city, secret, ..
    } = with_factor(start).await;
    let cookie = city.cookie("leader", GOOD, start + minutes(1)).await;
    let shown = code_of(&secret, start + minutes(1)).unwrap();
    let cookie = sign_in_code(
        &city.app,
        &cookie,
        &shown,
        start + minutes(1),
        &mut city.rng,
    )
    .await
    .unwrap();
    let now = start + minutes(6);
    let who = city.behind(&cookie, now).await.unwrap();

    let codes = [
        who.prove_for(Action::Approve, now - seconds(1))
            .map_err(|no| no.code()),
        who.prove_for(Action::Approve, now).map_err(|no| no.code()),
        who.prove_for(Action::Freeze, now).map_err(|no| no.code()),
        who.prove_for(Action::Propose, now).map_err(|no| no.code()),
        who.prove_for(Action::Prepare, now).map_err(|no| no.code()),
    ];
    let asked = Err("WF-137");
    assert_eq!(codes, [Ok(()), asked, asked, asked, Ok(())]);
    assert_eq!(
        code(remove_second_factor(&city.app, &who, now).await),
        "WF-137"
    );
    let shown = code_of(&secret, now).unwrap();
    let mut proof = async |password: &str, typed: &str| {
        prove(&city.app, &who, (password, typed), now, &mut city.rng).await
    };
    assert_eq!(code(proof("wrong", &shown).await), "WF-136");
    assert_eq!(code(proof(GOOD, "").await), "WF-132");
    let fresh = proof(GOOD, &shown).await.unwrap();
    assert_eq!(
        city.behind(&cookie, now).await,
        None,
        "the old cookie is of no use"
    );
    let proved = city.behind(&fresh, now).await.unwrap();
    assert!(proved.prove_for(Action::Approve, now).is_ok());
    remove_second_factor(&city.app, &proved, now).await.unwrap();
    assert!(!city.behind(&fresh, now).await.unwrap().second_factor);
}

#[tokio::test]
async fn a_role_that_must_have_codes_sets_them_up_first_and_keeps_them() {
    let start = at("2026-09-10T02:00:00Z");
    let WithFactor {
        mut city, secret, ..
    } = with_factor(start).await;
    city.settled("clerk", Role::OfficeClerk).await;
    let rules = Safety {
        password: PasswordRule::Asvs,
        second_factor: [Role::OfficeLeader, Role::OfficeClerk].into(),
    };
    set_safety(&city.app, &security(), &rules, start)
        .await
        .unwrap();

    let clerk = city.entered("clerk", GOOD, start).await;
    assert_eq!(clerk.owes, Some(Owes::SecondFactor));
    let now = start + minutes(2);
    let cookie = city.cookie("leader", GOOD, now).await;
    let shown = code_of(&secret, now).unwrap();
    let cookie = sign_in_code(&city.app, &cookie, &shown, now, &mut city.rng).await;
    let cookie = cookie.unwrap();
    let leader = city.behind(&cookie, now).await.unwrap();
    assert_eq!(leader.owes, None);
    assert_eq!(
        code(remove_second_factor(&city.app, &leader, now).await),
        "WF-134"
    );

    assert_eq!(
        code(reset_second_factor(&city.app, &system(), "leader", now).await),
        "WF-101"
    );
    reset_second_factor(&city.app, &security(), "leader", now)
        .await
        .unwrap();
    assert_eq!(city.behind(&cookie, now).await, None);
    let leader = city.entered("leader", GOOD, now).await;
    assert_eq!(leader.owes, Some(Owes::SecondFactor));
    assert_eq!(recovery_codes_left(&city.app, &leader).await.unwrap(), 0);
    assert_eq!(
        city.logged("reset_second_factor").await,
        ["security_admin leader done"]
    );
}
