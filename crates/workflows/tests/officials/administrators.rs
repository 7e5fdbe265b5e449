use super::*;
use vocabulary::{BodyId, UnitId};
use workflows::{
    AccountState, Grant, change_role, close_account, export_audit, first_password_again,
};

impl City {
    /// A new first password from the system administrator.
    async fn given_again(&mut self, account: &str) -> String {
        let by = system();
        let given = first_password_again(&self.app, &by, account, morning(), &mut self.rng);
        given.await.unwrap()
    }
}

#[tokio::test]
async fn an_account_is_of_use_only_when_a_second_administrator_has_confirmed_its_role() {
    let mut city = city().await;
    let first = city.made("clerk", Role::OfficeClerk).await;

    assert_eq!(
        AccountState::of(&city.account("clerk").await),
        AccountState::Waiting
    );
    assert_eq!(code(city.tried("clerk", &first, morning()).await), "WF-130");
    assert_eq!(
        code(city.tried("clerk", "wrong", morning()).await),
        "WF-116"
    );
    let by_system = confirm_role(&city.app, &system(), "clerk", morning()).await;
    assert_eq!(code(by_system), "WF-101");
    let other = new("other", Role::OfficeClerk);
    let by_security = add_account(&city.app, &security(), &other, morning(), &mut city.rng).await;
    assert_eq!(code(by_security), "WF-101");
    confirm_role(&city.app, &security(), "clerk", morning())
        .await
        .unwrap();
    assert!(city.tried("clerk", &first, morning()).await.is_ok());
    assert_eq!(
        city.logged("confirm_role").await,
        ["security_admin clerk office_clerk done"]
    );
    let again = confirm_role(&city.app, &security(), "clerk", morning()).await;
    assert_eq!(code(again), "WF-120");
}

#[tokio::test]
async fn no_administrator_works_on_the_own_account_or_gets_at_anothers_work() {
    let mut city = city().await;
    city.settled("sec", Role::SecurityAdmin).await;
    city.settled("sys", Role::SystemAdmin).await;
    let called = |account: &str, role| Actor {
        account: account.into(),
        ..administrator(role)
    };
    let (sec, sys) = (
        called("sec", Role::SecurityAdmin),
        called("sys", Role::SystemAdmin),
    );
    let leader = Grant {
        role: Role::OfficeLeader,
        unit: None,
        body: None,
    };

    let own = change_role(&city.app, &sec, "sec", &leader, morning()).await;
    assert_eq!(code(own), "WF-108");
    let own = close_account(&city.app, &sys, "sys", morning()).await;
    assert_eq!(code(own), "WF-108");
    let last = close_account(&city.app, &sys, "sec", morning()).await;
    assert_eq!(code(last), "WF-135");
    let last = change_role(&city.app, &sec, "sys", &leader, morning()).await;
    assert_eq!(code(last), "WF-135");
    let password = city.given_again("sec").await;
    let taken_over = city.tried("sec", &password, morning()).await;
    assert_eq!(code(taken_over), "WF-130", "waits to be confirmed again");
}

#[tokio::test]
async fn a_new_first_password_ends_sessions_and_is_changed_again() {
    let mut city = city().await;
    city.settled("clerk", Role::OfficeClerk).await;
    let cookie = city.cookie("clerk", GOOD, morning()).await;

    let password = city.given_again("clerk").await;

    assert_eq!(city.behind(&cookie, morning()).await, None);
    assert_eq!(code(city.tried("clerk", GOOD, morning()).await), "WF-116");
    assert!(
        city.entered("clerk", &password, morning())
            .await
            .owes
            .is_some()
    );
}

#[tokio::test]
async fn who_works_for_a_unit_or_a_body_says_which_and_it_exists() {
    let mut city = city().await;
    let mut made = async |account: &str, role, unit: Option<&str>, body: Option<&str>| {
        let new = NewAccount {
            unit: unit.map(UnitId::new),
            body: body.map(BodyId::new),
            ..new(account, role)
        };
        code(add_account(&city.app, &system(), &new, morning(), &mut city.rng).await)
    };

    assert_eq!(made("one", Role::UnitLiaison, None, None).await, "WF-120");
    assert_eq!(
        made("one", Role::UnitLiaison, Some("Z99"), None).await,
        "WF-105"
    );
    assert_eq!(made("one", Role::UnitHead, None, None).await, "WF-120");
    assert_eq!(made("one", Role::PairingRater, None, None).await, "WF-120");
    assert_eq!(
        made("one", Role::PairingRater, None, Some("Z99")).await,
        "WF-122"
    );
    assert_eq!(
        made("方晓棠", Role::OfficeClerk, None, None).await,
        "WF-133"
    );
    assert_eq!(
        made("one", Role::UnitLiaison, Some("D12"), None).await,
        "done"
    );
    assert_eq!(made("one", Role::OfficeClerk, None, None).await, "WF-117");
}

#[tokio::test]
async fn the_auditor_alone_takes_events_out_and_that_is_an_event() {
    let mut city = city().await;
    city.settled("clerk", Role::OfficeClerk).await;
    let auditor = administrator(Role::AuditAdmin);
    let of_clerk = audit_log::EventFilter {
        actor: Some("clerk".to_owned()),
        ..audit_log::EventFilter::default()
    };

    for other in [system(), security(), administrator(Role::OfficeLeader)] {
        let taken = export_audit(&city.app, &other, &of_clerk, morning()).await;
        assert_eq!(code(taken), "WF-101");
    }
    let events = export_audit(&city.app, &auditor, &of_clerk, morning())
        .await
        .unwrap();
    let actions: Vec<_> = events.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(actions, ["change_password", "sign_in"]);
    assert!(events.iter().all(audit_log::holds));
    let bent = audit_log::AuditEvent {
        object: "leader".to_owned(),
        ..events[0].clone()
    };
    assert!(!audit_log::holds(&bent));
    let logged = city.logged("export_audit").await;
    assert_eq!(logged.len(), 1);
    assert!(logged[0].ends_with(" 2 done"), "{logged:?}");
}
