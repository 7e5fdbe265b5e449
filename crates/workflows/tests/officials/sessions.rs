use super::*;
use workflows::{
    Grant, change_role, close_account, end_other_sessions, end_own_session, end_sessions,
    open_account, own_sessions, sign_out,
};

#[tokio::test]
async fn a_session_ends_unused_after_half_an_hour_and_after_twelve_hours_however_it_is_used() {
    let mut city = city().await;
    city.settled("clerk", Role::OfficeClerk).await;
    let unused = city.cookie("clerk", GOOD, morning()).await;
    let used = city.cookie("clerk", GOOD, morning()).await;

    let seen = morning().to_utc() + minutes(29);
    assert!(city.behind(&used, seen).await.is_some());
    assert!(city.behind(&used, seen + minutes(29)).await.is_some());
    assert_eq!(city.behind(&unused, morning() + minutes(30)).await, None);
    let mut now = seen + minutes(29);
    while now + minutes(20) < morning() + TimeDelta::hours(12) {
        now += minutes(20);
        assert!(city.behind(&used, now).await.is_some(), "{now}");
    }
    let last = morning() + TimeDelta::hours(12);
    assert!(city.behind(&used, last - minutes(1)).await.is_some());
    assert_eq!(city.behind(&used, last).await, None);
}

#[tokio::test]
async fn a_session_is_written_once_a_minute_and_holds_no_address() {
    let mut city = city().await;
    city.settled("clerk", Role::OfficeClerk).await;
    let cookie = city.cookie("clerk", GOOD, morning()).await;
    let seen = async |city: &City, now| {
        let who = city.behind(&cookie, now).await.unwrap();
        let own = own_sessions(&city.app, &who, now).await.unwrap();
        own.into_iter().find(|session| session.this).unwrap()
    };

    let first = seen(&city, morning()).await;
    assert_eq!(first.last_used, at("2026-09-10T01:00:00Z"));
    assert_eq!(first.device, "Windows 电脑上的 Edge");
    let before = audit_head(&city).await;
    let same_minute = seen(&city, at("2026-09-10T01:00:59Z")).await;
    assert_eq!(same_minute.last_used, first.last_used);
    let next = seen(&city, at("2026-09-10T01:01:01Z")).await;
    assert_eq!(next.last_used, at("2026-09-10T01:01:00Z"));
    assert_eq!(audit_head(&city).await, before, "looking is no event");
    assert!(!cookie.contains(&next.handle));
    assert_eq!(cookie.len(), 64, "256 bits");
}

async fn audit_head(city: &City) -> i64 {
    audit_log::head(city.app.store()).await.unwrap().seq
}

#[tokio::test]
async fn a_closed_account_and_another_role_count_at_the_very_next_request() {
    let mut city = city().await;
    city.settled("clerk", Role::OfficeClerk).await;
    let cookie = city.cookie("clerk", GOOD, morning()).await;
    let leader = Grant {
        role: Role::OfficeLeader,
        unit: None,
        body: None,
    };

    change_role(&city.app, &security(), "clerk", &leader, morning())
        .await
        .unwrap();
    let who = city.behind(&cookie, morning()).await.unwrap();
    assert_eq!(who.actor.role, Role::OfficeLeader);
    assert_eq!(
        city.logged("change_role").await,
        ["security_admin clerk office_leader done"]
    );

    let resting = accounts::Account {
        active: false,
        ..city.account("clerk").await
    };
    let tx = city.app.store().begin().await.unwrap();
    accounts::update_account(&tx, resting).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(city.behind(&cookie, morning()).await, None);
    open_account(&city.app, &system(), "clerk", morning())
        .await
        .unwrap();
    assert!(city.behind(&cookie, morning()).await.is_some());
    close_account(&city.app, &system(), "clerk", morning())
        .await
        .unwrap();
    assert_eq!(city.behind(&cookie, morning()).await, None);
    assert_eq!(code(city.tried("clerk", GOOD, morning()).await), "WF-116");
    open_account(&city.app, &system(), "clerk", morning())
        .await
        .unwrap();
    assert_eq!(city.behind(&cookie, morning()).await, None, "it was ended");
    assert!(city.tried("clerk", GOOD, morning()).await.is_ok());
}

#[tokio::test]
async fn one_ends_ones_own_sessions_and_nobody_elses() {
    let mut city = city().await;
    city.settled("clerk", Role::OfficeClerk).await;
    city.settled("other", Role::OfficeClerk).await;
    let mut cookies = Vec::new();
    for _ in 0..3 {
        cookies.push(city.cookie("clerk", GOOD, morning()).await);
    }
    let elsewhere = city.cookie("other", GOOD, morning()).await;
    let who = city.behind(&cookies[0], morning()).await.unwrap();
    let stranger = city.behind(&elsewhere, morning()).await.unwrap();
    let own = own_sessions(&city.app, &who, morning()).await.unwrap();
    let named = own.iter().find(|session| !session.this).unwrap();

    let by_stranger = end_own_session(&city.app, &stranger, &named.handle, morning()).await;
    assert_eq!(code(by_stranger), "WF-122");
    end_own_session(&city.app, &who, &named.handle, morning())
        .await
        .unwrap();
    let left = own_sessions(&city.app, &who, morning()).await.unwrap();
    assert_eq!(left.len(), own.len() - 1);
    end_other_sessions(&city.app, &who, morning())
        .await
        .unwrap();
    assert!(city.behind(&cookies[0], morning()).await.is_some());
    assert_eq!(city.behind(&cookies[1], morning()).await, None);
    assert_eq!(city.behind(&cookies[2], morning()).await, None);
    assert!(city.behind(&elsewhere, morning()).await.is_some());
    end_sessions(&city.app, &security(), "clerk", morning())
        .await
        .unwrap();
    assert_eq!(city.behind(&cookies[0], morning()).await, None);
}

#[tokio::test]
async fn signing_in_again_or_out_ends_the_session_the_browser_had() {
    let mut city = city().await;
    city.settled("clerk", Role::OfficeClerk).await;
    let first = city.cookie("clerk", GOOD, morning()).await;
    let shown = Credentials {
        account: "clerk",
        password: GOOD,
        device: "",
        earlier: Some(&first),
    };

    let entered = sign_in(&city.app, shown, morning(), &mut city.rng).await;
    let Entered::In(second) = entered.unwrap() else {
        panic!("no code is asked for");
    };
    assert_ne!(first, second);
    assert_eq!(city.behind(&first, morning()).await, None);
    sign_out(&city.app, &second, morning()).await.unwrap();
    assert_eq!(city.behind(&second, morning()).await, None);
    assert_eq!(city.logged("sign_out").await, ["clerk clerk done"]);
}
