use super::*;
use storage::accounts::list_accounts;
use workflows::{DEMO_PASSWORD, Owes, PasswordRule, Refusal, Safety, set_safety};

#[tokio::test]
async fn an_installation_begins_without_any_account() {
    let mut city = city().await;

    assert!(list_accounts(city.app.store()).await.unwrap().is_empty());
    for name in ["admin", "clerk", "leader", "system", "operator"] {
        let tried = city.tried(name, DEMO_PASSWORD, morning()).await;
        assert_eq!(code(tried), "WF-116", "{name}");
    }
    assert_eq!(city.logged("sign_in").await, ["- - refused"; 5]);
}

#[tokio::test]
async fn a_first_password_is_changed_before_anything_else() {
    let mut city = city().await;
    let first = city.made("clerk", Role::OfficeClerk).await;
    confirm_role(&city.app, &security(), "clerk", morning())
        .await
        .unwrap();
    let elsewhere = city.cookie("clerk", &first, morning()).await;
    let cookie = city.cookie("clerk", &first, morning()).await;
    let who = city.behind(&cookie, morning()).await.unwrap();
    assert_eq!(who.owes, Some(Owes::FirstPassword));

    let change = PasswordChange {
        old: &first,
        new: GOOD,
        again: GOOD,
    };
    change_password(&city.app, &who, change, morning(), &mut city.rng)
        .await
        .unwrap();

    assert_eq!(city.behind(&cookie, morning()).await.unwrap().owes, None);
    assert_eq!(city.behind(&elsewhere, morning()).await, None);
    assert_eq!(code(city.tried("clerk", &first, morning()).await), "WF-116");
    assert_eq!(city.logged("change_password").await, ["clerk clerk done"]);
    let stored = city.account("clerk").await.password_hash;
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2"), "{stored}");
}

#[tokio::test]
async fn everything_wrong_with_a_new_password_is_said_at_once() {
    let mut city = city().await;
    city.settled("clerk", Role::OfficeClerk).await;
    let who = city.entered("clerk", GOOD, morning()).await;
    let mut tried = async |old: &str, new: &str, again: &str| {
        let change = PasswordChange { old, new, again };
        let result = change_password(&city.app, &who, change, morning(), &mut city.rng).await;
        match result.unwrap_err() {
            VerbError::Refused(Refusal::Password(problems)) => {
                problems.iter().map(|problem| problem.code()).collect()
            }
            VerbError::Refused(refusal) => vec![refusal.code()],
            _ => Vec::new(),
        }
    };

    assert_eq!(tried("wrong", "short", "other").await, ["WF-136"]);
    let all = ["PW-101", "PW-103", "PW-104", "PW-106"];
    assert_eq!(tried(GOOD, "yunxi", "other").await, all);
    assert_eq!(tried(GOOD, GOOD, GOOD).await, ["PW-105"]);
    assert_eq!(
        tried(GOOD, DEMO_PASSWORD, DEMO_PASSWORD).await,
        ["PW-104"],
        "three kinds and long enough, and published"
    );
    assert_eq!(
        city.logged("change_password").await[0],
        "clerk clerk refused",
        "the wrong one is in the log"
    );
}

#[tokio::test]
async fn a_password_grows_old_where_the_rule_in_force_says_so() {
    let mut city = city().await;
    city.settled("clerk", Role::OfficeClerk).await;
    let later = morning() + TimeDelta::days(90);

    assert_eq!(
        city.entered("clerk", GOOD, later).await.owes,
        Some(Owes::OldPassword)
    );
    let rules = Safety {
        password: PasswordRule::Asvs,
        ..Safety::default()
    };
    let by_system = set_safety(&city.app, &system(), &rules, later).await;
    assert_eq!(code(by_system), "WF-101");
    set_safety(&city.app, &security(), &rules, later)
        .await
        .unwrap();
    assert_eq!(city.entered("clerk", GOOD, later).await.owes, None);
}

#[tokio::test]
async fn every_refused_try_is_in_the_log_and_no_unknown_name_with_it() {
    let mut city = city().await;
    city.settled("clerk", Role::OfficeClerk).await;

    let answers = [
        code(city.tried("clerk", "wrong", morning()).await),
        code(city.tried("my-secret-typed-here", "wrong", morning()).await),
    ];

    assert_eq!(answers, ["WF-116", "WF-116"], "the same answer");
    let logged = city.logged("sign_in").await;
    assert_eq!(logged[..2], ["- - refused", "clerk clerk refused"]);
    assert!(!logged.iter().any(|line| line.contains("secret")));
}
