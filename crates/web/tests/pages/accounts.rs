//! One's own account, the accounts of others, and the way in.

use crate::{
    city::{PASSWORD, actor, ask, drawn_city, get, now, post, session, site, with},
    page::{checked, h1},
};
use actix_web::test::{TestRequest, call_service};
use rand::{SeedableRng, rngs::StdRng};
use std::time::{Duration, Instant};
use storage::accounts::{find_account, list_sessions};
use vocabulary::Role;
use workflows::{
    App, Credentials, Entered, NewAccount, Safety, add_account, code_of, confirm_role, set_safety,
    sign_in,
};

const GOOD: &str = "vT8kuzgm4qBx-雨";

/// Status, address gone to, and the session given with it.
macro_rules! go {
    ($site:expr, $session:expr, $request:expr) => {{
        let request = with($session, $request).to_request();
        let answer = call_service(&$site, request).await;
        let headers = answer.headers();
        let text = |name: &str| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let cookie = text("set-cookie");
        let cookie = cookie
            .strip_prefix("hy_sid=")
            .and_then(|rest| rest.split(';').next());
        (
            answer.status().as_u16(),
            text("location"),
            cookie.unwrap_or_default().to_owned(),
            text("clear-site-data"),
        )
    }};
}

fn changing(old: &str, new: &str, again: &str) -> TestRequest {
    let form = [("old", old), ("new", new), ("again", again)];
    post("/account/password").set_form(form)
}

/// An account as the administrators leave it, signed in for the first time: its cookie and first password.
async fn newcomer(app: &App) -> (String, String) {
    let mut rng = StdRng::seed_from_u64(8);
    let new = NewAccount {
        account: "newcomer".to_owned(),
        name: "方晓棠".to_owned(),
        role: Role::OfficeLeader,
        unit: None,
        body: None,
    };
    let (admin, security) = (actor(Role::SystemAdmin), actor(Role::SecurityAdmin));
    let first = add_account(app, &admin, &new, now(), &mut rng)
        .await
        .unwrap();
    confirm_role(app, &security, "newcomer", now())
        .await
        .unwrap();
    let shown = Credentials {
        account: "newcomer",
        password: &first,
        device: "Windows 电脑上的 Edge",
        earlier: None,
    };
    match sign_in(app, shown, now(), &mut rng).await.unwrap() {
        Entered::In(cookie) | Entered::CodeAsked(cookie) => (cookie, first),
    }
}

#[actix_web::test]
async fn nothing_opens_before_a_first_password_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let (site, (cookie, first)) = (site!(app), newcomer(&app).await);

    for page in [
        "/work",
        "/office",
        "/office/publish",
        "/office/uploads",
        "/office/rounds",
    ] {
        let (status, place, ..) = go!(site, &cookie, get(page));
        assert_eq!((status, place.as_str()), (303, "/account"), "{page}");
    }
    let form = [
        ("round", "2026Q4"),
        ("anonymity", "decoupled"),
        ("resubmission", "once"),
    ];
    let (status, place, ..) = go!(site, &cookie, post("/office/rounds").set_form(form));
    assert_eq!((status, place.as_str()), (303, "/account"));
    let (_, page) = ask!(site, &cookie, get("/account"));
    let page = checked("account-first-password", page);
    assert!(page.contains("密码是别人发给的"));

    let (status, page) = ask!(site, &cookie, changing(&first, "Yunxi@2026", "Yunxi2026"));
    assert_eq!(status.as_u16(), 422);
    let page = checked("account-refused", page);
    for words in ["太短", "太容易猜到", "两次输入的不一样", "WF-131"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("Yunxi@2026"), "a password never comes back");
    let (status, place, ..) = go!(site, &cookie, changing(&first, GOOD, GOOD));
    assert_eq!((status, place.as_str()), (303, "/account?done=password"));
    assert_eq!(go!(site, &cookie, get("/work")).1, "/office");
}

#[actix_web::test]
async fn one_sees_where_one_is_signed_in_and_signs_out_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let site = site!(app);
    let form = [("account", "clerk1"), ("password", PASSWORD)];
    let agent = "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0";
    let entering = || {
        post("/sign-in")
            .insert_header(("user-agent", agent))
            .set_form(form)
    };
    let (status, place, here, _) = go!(site, "", entering());
    assert_eq!((status, place.as_str()), (303, "/work"));
    let elsewhere = session(&app, "clerk1").await;

    let (_, page) = ask!(site, &here, get("/account"));
    let page = checked("account", page);
    assert!(page.contains("Windows 电脑上的 Edge（这台设备）"), "{page}");
    let all = list_sessions(app.store(), "clerk1").await.unwrap();
    assert_eq!(all.len(), 2);
    for stored in &all {
        assert!(!page.contains(&stored.id_hash) && !stored.device.contains("131"));
    }
    let (status, place, ..) = go!(
        site,
        &here,
        post("/account/sessions").set_form([("session", "others")])
    );
    assert_eq!((status, place.as_str()), (303, "/account?done=others"));
    assert_eq!(go!(site, &elsewhere, get("/office")).1, "/sign-in");
    let unknown = post("/account/sessions").set_form([("session", "0123456789abcdef")]);
    assert_eq!(ask!(site, &here, unknown).0.as_u16(), 422);

    let (_, place, given, _) = go!(site, &here, entering());
    assert_eq!(place, "/work");
    assert_ne!(given, here);
    assert_eq!(go!(site, &here, get("/office")).1, "/sign-in", "rotated");
    let (_, place, _, cleared) = go!(site, &given, post("/sign-out"));
    assert_eq!(
        (place.as_str(), cleared.as_str()),
        ("/sign-in", r#""cache", "storage""#)
    );
    assert_eq!(go!(site, &given, get("/office")).1, "/sign-in");
}

#[actix_web::test]
async fn codes_are_set_up_by_a_drawing_and_asked_for_on_a_second_page() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let (site, cookie) = (site!(app), session(&app, "leader1").await);
    let act = |act: &str, code: &str| {
        let form = [("act", act.to_owned()), ("code", code.to_owned())];
        post("/account/second-factor").set_form(form)
    };

    let (_, page) = ask!(site, &cookie, get("/account/second-factor"));
    assert_eq!(h1(&checked("second-factor", page)), "动态码");
    assert_eq!(
        go!(site, &cookie, act("begin", "")).1,
        "/account/second-factor"
    );
    let (_, page) = ask!(site, &cookie, get("/account/second-factor"));
    let page = checked("second-factor-confirm", page);
    assert!(page.contains(r#"<svg class="qr""#));
    let shown = page.split("<code>").nth(1).unwrap();
    let secret = shown.split('<').next().unwrap().replace(' ', "");
    let secret = secret.as_str();
    assert_eq!(secret.len(), 32, "160 bits");
    assert_eq!(
        ask!(site, &cookie, act("confirm", "000000")).0.as_u16(),
        422
    );
    let (status, page) = ask!(
        site,
        &cookie,
        act("confirm", &code_of(secret, now()).unwrap())
    );
    assert_eq!(status.as_u16(), 200);
    let page = checked("recovery-codes", page);
    let codes: Vec<_> = page.split("<code>").skip(1).collect();
    assert_eq!(codes.len(), 10);
    let recovery = codes[0].split('<').next().unwrap();
    let (_, page) = ask!(site, &cookie, get("/account/second-factor"));
    assert!(
        page.contains("还有 10 个恢复码") && !page.contains(recovery) && !page.contains(secret)
    );

    let form = [("account", "leader1"), ("password", PASSWORD)];
    let (_, place, waiting, _) = go!(site, "", post("/sign-in").set_form(form));
    assert_eq!(place, "/sign-in/code");
    assert_eq!(
        go!(site, &waiting, get("/office")).1,
        "/sign-in",
        "not in yet"
    );
    let (_, page) = ask!(site, &waiting, get("/sign-in/code"));
    checked("sign-in-code", page);
    let code = |code: &str| post("/sign-in/code").set_form([("code", code.to_owned())]);
    let (status, page) = ask!(site, &waiting, code("123456"));
    assert_eq!(status.as_u16(), 422);
    assert!(page.contains("验证码不对"));
    let (status, place, inside, _) = go!(site, &waiting, code(recovery));
    assert_eq!((status, place.as_str()), (303, "/work"));
    assert_eq!(go!(site, &inside, get("/work")).1, "/office");
    assert_eq!(go!(site, &waiting, get("/sign-in/code")).1, "/sign-in");
}

#[actix_web::test]
async fn administrators_make_and_confirm_an_account_and_no_page_shows_a_hash() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let site = site!(app);
    let (admin, security) = (
        session(&app, "admin").await,
        session(&app, "security").await,
    );
    let form = |role: &str| {
        let unit = if role == "unit_liaison" { "D12" } else { "" };
        let fields = [
            ("account", "fang"),
            ("name", "方晓棠"),
            ("role", role),
            ("unit", unit),
            ("body", ""),
        ];
        post("/accounts").set_form(fields)
    };

    assert_eq!(ask!(site, &security, form("office_clerk")).0.as_u16(), 403);
    let (status, refused) = ask!(site, &admin, form(""));
    assert_eq!(status.as_u16(), 422);
    let refused = checked("accounts-refused", refused);
    assert!(
        refused.contains(r#"value="方晓棠""#),
        "what was typed is kept"
    );
    let (status, made) = ask!(site, &admin, form("unit_liaison"));
    assert_eq!(status.as_u16(), 200);
    let made = checked("first-password", made);
    let password = made.split("的初始口令：").nth(1).unwrap();
    let password = password.split('<').next().unwrap().to_owned();
    let enter = |password: &str| {
        post("/sign-in").set_form([
            ("account", "fang".to_owned()),
            ("password", password.to_owned()),
        ])
    };
    let (_, page) = ask!(site, "", enter(&password));
    assert!(page.contains("角色还没有确认"));

    let act = |act: &str| post("/accounts/fang").set_form([("act", act.to_owned())]);
    assert_eq!(ask!(site, &admin, act("confirm")).0.as_u16(), 422);
    assert_eq!(ask!(site, &security, act("confirm")).0.as_u16(), 303);
    assert_eq!(go!(site, "", enter(&password)).1, "/work");
    let hash = find_account(app.store(), "fang")
        .await
        .unwrap()
        .unwrap()
        .password_hash;
    for (who, cookie) in [("admin", &admin), ("security", &security)] {
        for (name, path) in [("accounts", "/accounts"), ("account-one", "/accounts/fang")] {
            let (_, page) = ask!(site, cookie, get(path));
            let page = checked(&format!("{name}-{who}"), page);
            assert!(page.contains("方晓棠") && !page.contains("argon2") && !page.contains(&hash));
            assert!(!page.contains(&password));
        }
    }
    assert_eq!(ask!(site, &admin, act("close")).0.as_u16(), 303);
    assert_eq!(ask!(site, "", enter(&password)).0.as_u16(), 422);
}

#[actix_web::test]
async fn the_security_administrator_changes_roles_and_rules() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let site = site!(app);
    let (clerk, security) = (
        session(&app, "clerk1").await,
        session(&app, "security").await,
    );
    let role = [
        ("act", "role"),
        ("role", "unit_liaison"),
        ("unit", "D12"),
        ("body", ""),
    ];

    let change = post("/accounts/clerk1").set_form(role);
    assert_eq!(ask!(site, &security, change).0.as_u16(), 303);
    assert_eq!(
        go!(site, &clerk, get("/office")).0,
        403,
        "at the next request"
    );
    assert_eq!(go!(site, &clerk, get("/work")).1, "/unit");
    let own = post("/accounts/security").set_form(role);
    assert_eq!(ask!(site, &security, own).0.as_u16(), 422);

    let rules = [
        ("rule", "asvs"),
        ("factor", "unit_liaison"),
        ("factor", "office_leader"),
    ];
    let (status, place, ..) = go!(site, &security, post("/account-rules").set_form(rules));
    assert_eq!((status, place.as_str()), (303, "/account-rules"));
    let (_, page) = ask!(site, &security, get("/account-rules"));
    let page = checked("account-rules", page);
    assert!(page.contains(r#"value="unit_liaison" checked"#), "{page}");
    assert!(page.contains(r#"value="office_clerk">"#));
    assert_eq!(go!(site, &clerk, get("/unit")).1, "/account", "codes first");
    let usual = Safety::default();
    set_safety(&app, &actor(Role::SecurityAdmin), &usual, now())
        .await
        .unwrap();
}

#[actix_web::test]
async fn showing_the_password_again_leads_back_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let (site, cookie) = (site!(app), session(&app, "leader1").await);
    let shown = |to: &str, password: &str| {
        let form = [("to", to.to_owned()), ("password", password.to_owned())];
        post("/account/prove").set_form(form)
    };

    let (_, page) = ask!(site, &cookie, get("/account/prove?to=/office/publish"));
    let page = checked("prove", page);
    assert!(page.contains(r#"name="to" value="/office/publish""#));
    let (status, page) = ask!(site, &cookie, shown("/office/publish", "wrong"));
    assert_eq!(status.as_u16(), 422);
    assert!(page.contains("WF-136") && !page.contains("wrong"));
    let (_, place, fresh, _) = go!(site, &cookie, shown("https://elsewhere.example/", PASSWORD));
    assert_eq!(place, "/account");
    assert_eq!(go!(site, &cookie, get("/office")).1, "/sign-in", "rotated");
    assert_eq!(
        go!(site, &fresh, shown("/office/publish", PASSWORD)).1,
        "/office/publish"
    );
}

/// Where the password is asked for again.
const ASKED: &str = "/account/prove?to=/office/publish";

#[actix_web::test]
async fn agreeing_asks_for_the_password_again_and_sending_back_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let site = site!(app);
    let earlier = now() - chrono::TimeDelta::minutes(6);
    let shown = Credentials {
        account: "leader1",
        password: PASSWORD,
        device: "",
        earlier: None,
    };
    let entered = sign_in(&app, shown, earlier, &mut StdRng::seed_from_u64(77)).await;
    let Entered::In(cookie) = entered.unwrap() else {
        panic!("no code is asked for");
    };

    let step = |step: &str| post("/office/publish").set_form([("step", step.to_owned())]);
    let (status, place, ..) = go!(site, &cookie, step("review"));
    assert_eq!((status, place.as_str()), (303, ASKED), "also for the check");
    for agreeing in ["propose", "approve", "release", "decide"] {
        let (status, place, ..) = go!(site, &cookie, step(agreeing));
        assert_eq!((status, place.as_str()), (303, ASKED), "{agreeing}");
    }
    let (status, place, ..) = go!(site, &cookie, step("send_back"));
    assert_eq!((status, place.as_str()), (422, ""), "nothing to send back");
}

#[actix_web::test]
async fn wrong_passwords_make_the_next_try_of_that_account_wait_even_with_the_right_one() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let site = site!(app);
    let tried = |account: &'static str, password: &'static str| {
        post("/sign-in").set_form([("account", account), ("password", password)])
    };
    for _ in 0..7 {
        assert_eq!(ask!(site, "", tried("liaison", "wrong")).0.as_u16(), 422);
    }

    let begun = Instant::now();
    assert_eq!(go!(site, "", tried("liaison", PASSWORD)).1, "/work");
    let after_wrong = begun.elapsed();
    let begun = Instant::now();
    assert_eq!(go!(site, "", tried("liaison", PASSWORD)).1, "/work");
    let after_right = begun.elapsed();

    assert!(after_wrong >= Duration::from_secs(1), "{after_wrong:?}");
    let saved = after_wrong.saturating_sub(after_right);
    assert!(saved >= Duration::from_millis(500), "{after_right:?}");
}

#[actix_web::test]
async fn the_head_of_a_unit_reads_all_of_it_and_acts_on_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let (site, head) = (site!(app), session(&app, "head").await);
    let liaison = session(&app, "liaison").await;

    assert_eq!(go!(site, &head, get("/work")).1, "/unit");
    for page in [
        "/unit",
        "/unit/letter",
        "/unit/results",
        "/unit/appeal",
        "/unit/matters.csv",
    ] {
        let (own, of_liaison) = (
            go!(site, &head, get(page)).0,
            go!(site, &liaison, get(page)).0,
        );
        assert_eq!(own, of_liaison, "{page}");
        assert_ne!(own, 403, "{page}");
    }
    let (_, page) = ask!(site, &head, get("/unit/appeal"));
    assert!(page.contains("申诉由本部门联络员提出") && !page.contains("<form class=\"work\""));
    for page in ["/unit/appeal", "/unit/letter/sign", "/unit/matters/x/sign"] {
        let none: [(&str, &str); 0] = [];
        assert_eq!(go!(site, &head, post(page).set_form(none)).0, 403, "{page}");
    }
}

#[actix_web::test]
async fn without_a_provider_of_identities_there_is_no_way_to_one() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let site = site!(app);

    let (_, page) = ask!(site, "", get("/sign-in"));
    assert!(!page.contains("/sign-in/provider"));
    for path in ["/sign-in/provider", "/sign-in/provider/back?state=a&code=b"] {
        assert_eq!(ask!(site, "", get(path)).0.as_u16(), 404, "{path}");
    }
}
