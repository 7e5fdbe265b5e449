use super::{
    fake_provider::{Fake, Wrong, provider_at},
    *,
};
use serde_json::{Value, json};
use storage::accounts::list_sessions;
use workflows::{
    Action, Back, Provider, ProviderFault, ProviderSettings, Refusal, SettingsProblem,
    back_from_provider, begin_second_factor, close_account, code_of, confirm_link,
    confirm_second_factor, first_password_again, leave_for_provider, link_identity,
    pending_second_factor, sign_in_code, unlink_identity,
};

struct Linked {
    city: City,
    fake: Fake,
    provider: Provider,
}

/// An account of use that the identity `fang` belongs to, as the administrators leave it.
async fn linked() -> Linked {
    let mut city = city().await;
    city.settled("fang", Role::OfficeLeader).await;
    let fake = Fake::start();
    let provider = fake.provider(&[]);
    link_identity(
        &city.app,
        &system(),
        "fang",
        (&provider, " fang "),
        morning(),
    )
    .await
    .unwrap();
    confirm_link(&city.app, &security(), "fang", morning())
        .await
        .unwrap();
    Linked {
        city,
        fake,
        provider,
    }
}

impl Linked {
    /// Leaves, signs in there with claims changed like this, and comes back.
    async fn came(&mut self, changed: Value, now: DateTime<Utc>) -> Verb<Entered> {
        let leaving = leave_for_provider(
            &self.city.app,
            &self.provider,
            None,
            now,
            &mut self.city.rng,
        )
        .await?;
        let (code, state) = self.fake.signs_in(&leaving.address, &changed);
        self.back(&state, &leaving.cookie, Some(&code), now).await
    }

    async fn back(
        &mut self,
        state: &str,
        cookie: &str,
        code: Option<&str>,
        now: DateTime<Utc>,
    ) -> Verb<Entered> {
        let back = Back {
            state,
            cookie,
            code,
            issuer: None,
            device: "手机上的 Firefox",
        };
        back_from_provider(
            &self.city.app,
            &self.provider,
            back,
            now,
            &mut self.city.rng,
        )
        .await
    }
}

fn fault(result: &Verb<Entered>) -> Option<ProviderFault> {
    match result {
        Err(VerbError::Refused(Refusal::Provider(fault))) => Some(*fault),
        _ => None,
    }
}

#[tokio::test]
async fn whoever_is_known_there_and_linked_here_comes_in_once_by_each_state() {
    let mut site = linked().await;
    let earlier = site.city.cookie("fang", GOOD, morning()).await;
    let leaving = leave_for_provider(
        &site.city.app,
        &site.provider,
        Some(&earlier),
        morning(),
        &mut site.city.rng,
    )
    .await
    .unwrap();
    let (code_there, state) = site.fake.signs_in(&leaving.address, &json!({}));

    let other = site
        .back(&state, "another browser", Some(&code_there), morning())
        .await;
    assert_eq!(code(other), "WF-156", "a state is of one browser");
    let came = site
        .back(&state, &leaving.cookie, Some(&code_there), morning())
        .await;
    let Ok(Entered::In(cookie)) = came else {
        panic!("{came:?}")
    };
    assert_ne!(cookie, leaving.cookie);
    let who = site.city.behind(&cookie, morning()).await.unwrap();
    assert_eq!(who.actor.account.as_str(), "fang");
    assert!(
        who.prove_for(Action::Approve, morning()).is_err(),
        "the provider's word is no proof for what cannot be taken back"
    );
    assert_eq!(site.city.behind(&earlier, morning()).await, None);
    let again = site
        .back(&state, &leaving.cookie, Some(&code_there), morning())
        .await;
    assert_eq!(code(again), "WF-156");
    assert_eq!(
        site.city.logged("sign_in_provider").await,
        ["fang fang done"]
    );
    let late = leave_for_provider(
        &site.city.app,
        &site.provider,
        None,
        morning(),
        &mut site.city.rng,
    )
    .await
    .unwrap();
    let (code_there, state) = site.fake.signs_in(&late.address, &json!({}));
    let now = morning() + minutes(10);
    let late = site
        .back(&state, &late.cookie, Some(&code_there), now)
        .await;
    assert_eq!(code(late), "WF-156", "ten minutes");
}

#[tokio::test]
async fn nothing_is_believed_that_is_not_signed_for_this_very_sign_in() {
    let mut site = linked().await;
    let over = json!({"exp": morning().timestamp() - 1});
    for (changed, expected) in [
        (
            json!({"nonce": "of another sign-in"}),
            ProviderFault::OtherSignIn,
        ),
        (json!({"nonce": null}), ProviderFault::OtherSignIn),
        (over, ProviderFault::Over),
        (json!({"aud": "another site"}), ProviderFault::OtherSite),
        (
            json!({"aud": ["huiyin", "another site"]}),
            ProviderFault::OtherSite,
        ),
        (
            json!({"iss": "http://127.0.0.1:9"}),
            ProviderFault::OtherSite,
        ),
    ] {
        let came = site.came(changed.clone(), morning()).await;
        assert_eq!(fault(&came), Some(expected), "{changed}");
    }
    for (wrong, expected) in [
        (Wrong::OtherKey, ProviderFault::Signature),
        (Wrong::SharedSecret, ProviderFault::Signature),
        (Wrong::Unsigned, ProviderFault::Signature),
        (Wrong::NoToken, ProviderFault::Unclear),
        (Wrong::OtherName, ProviderFault::Unclear),
        (Wrong::Page, ProviderFault::Unclear),
        (Wrong::Broken, ProviderFault::Silent),
    ] {
        site.fake.does(wrong);
        let came = site.came(json!({}), morning()).await;
        assert_eq!(fault(&came), Some(expected), "{wrong:?}");
    }
    site.fake.does(Wrong::Nothing);
    assert_eq!(code(site.came(json!({}), morning()).await), "done");
    let sessions = list_sessions(site.city.app.store(), "fang").await.unwrap();
    assert_eq!(sessions.len(), 2, "one of the first day, one of this");
}

#[tokio::test]
async fn a_refusal_a_wrong_code_and_another_issuer_are_told_apart() {
    let mut site = linked().await;
    let mut back = async |given: Option<&str>, issuer: Option<&str>| {
        let (app, rng) = (&site.city.app, &mut site.city.rng);
        let leaving = leave_for_provider(app, &site.provider, None, morning(), rng).await;
        let leaving = leaving.unwrap();
        let (_, state) = site.fake.signs_in(&leaving.address, &json!({}));
        let back = Back {
            state: &state,
            cookie: &leaving.cookie,
            code: given,
            issuer,
            device: "",
        };
        fault(&back_from_provider(app, &site.provider, back, morning(), rng).await)
    };

    assert_eq!(back(None, None).await, Some(ProviderFault::Denied));
    assert_eq!(back(Some("guessed"), None).await, Some(ProviderFault::Code));
    let other = back(Some("guessed"), Some("http://127.0.0.1:9")).await;
    assert_eq!(other, Some(ProviderFault::OtherSite));
    assert_eq!(
        site.city.logged("sign_in_provider").await,
        ["- - refused"; 3]
    );
}

#[tokio::test]
async fn a_provider_that_does_not_answer_holds_up_nobody_who_types_a_password() {
    let mut site = linked().await;
    site.fake.does(Wrong::Slow);
    let began = std::time::Instant::now();

    let slow = site.came(json!({}), morning()).await;

    assert_eq!(fault(&slow), Some(ProviderFault::Silent));
    assert!(began.elapsed() < std::time::Duration::from_secs(9));
    site.provider = {
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", nobody.local_addr().unwrap());
        provider_at(&issuer, &[])
    };
    let gone = site.came(json!({}), morning()).await;
    assert_eq!(fault(&gone), Some(ProviderFault::Silent));
    site.city.entered("fang", GOOD, morning()).await;
}

#[tokio::test]
async fn the_provider_alone_opens_nothing() {
    let mut site = linked().await;
    let stranger = site.came(json!({"sub": "stranger"}), morning()).await;
    assert!(
        matches!(&stranger, Err(VerbError::Refused(Refusal::Unlinked(subject))) if subject == "stranger")
    );
    let all = accounts::list_accounts(site.city.app.store())
        .await
        .unwrap();
    assert_eq!(all.len(), 1, "no account was made");

    let (app, now) = (site.city.app.clone(), morning());
    let link = async |who: &Actor, account: &str, subject: &str| {
        code(link_identity(&app, who, account, (&site.provider, subject), now).await)
    };
    site.city.made("ning", Role::OfficeClerk).await;
    assert_eq!(link(&security(), "ning", "ning").await, "WF-101");
    assert_eq!(link(&system(), "ning", " ").await, "WF-119");
    assert_eq!(
        link(&system(), "ning", "fang").await,
        "WF-120",
        "of another"
    );
    assert_eq!(link(&system(), "fang", "fang2").await, "WF-120", "has one");
    let own = Actor {
        account: "ning".into(),
        ..system()
    };
    assert_eq!(link(&own, "ning", "ning").await, "WF-108", "one's own");
    assert_eq!(link(&system(), "ning", "ning").await, "done");
    let both = Actor {
        account: system().account,
        ..security()
    };
    assert_eq!(code(confirm_link(&app, &both, "ning", now).await), "WF-108");
    assert_eq!(
        code(confirm_link(&app, &system(), "ning", now).await),
        "WF-101"
    );
    let ning = async |site: &mut Linked| code(site.came(json!({"sub": "ning"}), now).await);
    assert_eq!(
        ning(&mut site).await,
        "WF-158",
        "waits for the second administrator"
    );
    confirm_link(&app, &security(), "ning", now).await.unwrap();
    assert_eq!(
        code(confirm_link(&app, &security(), "ning", now).await),
        "WF-120"
    );
    assert_eq!(ning(&mut site).await, "WF-130", "the role waits too");
    confirm_role(&app, &security(), "ning", now).await.unwrap();
    assert_eq!(ning(&mut site).await, "done");
    close_account(&app, &system(), "ning", now).await.unwrap();
    assert_eq!(ning(&mut site).await, "WF-159");
    unlink_identity(&app, &security(), "fang", now)
        .await
        .unwrap();
    assert_eq!(code(site.came(json!({}), now).await), "WF-157");
    assert_eq!(list_sessions(app.store(), "fang").await.unwrap(), []);
    assert_eq!(site.city.logged("confirm_link").await.len(), 2);
}

#[tokio::test]
async fn a_first_password_and_a_second_factor_hold_for_whoever_comes_from_there_too() {
    let mut site = linked().await;
    let app = site.city.app.clone();
    first_password_again(&app, &system(), "fang", morning(), &mut site.city.rng)
        .await
        .unwrap();
    let Ok(Entered::In(cookie)) = site.came(json!({}), morning()).await else {
        panic!("not in")
    };
    let who = site.city.behind(&cookie, morning()).await.unwrap();
    assert_eq!(who.owes, Some(workflows::Owes::FirstPassword));
    let begun = begin_second_factor(&app, &who, morning(), &mut site.city.rng).await;
    assert_eq!(code(begun), "WF-137", "asks for the password first");

    let mut site = linked().await;
    let app = site.city.app.clone();
    let who = site.city.entered("fang", GOOD, morning()).await;
    begin_second_factor(&app, &who, morning(), &mut site.city.rng)
        .await
        .unwrap();
    let secret = pending_second_factor(&app, &who)
        .await
        .unwrap()
        .unwrap()
        .secret;
    let shown = code_of(&secret, morning()).unwrap();
    confirm_second_factor(&app, &who, &shown, morning(), &mut site.city.rng)
        .await
        .unwrap();
    let now = morning() + minutes(1);
    let says_so = json!({"amr": ["pwd", "mfa"]});
    let Ok(Entered::CodeAsked(waiting)) = site.came(says_so.clone(), now).await else {
        panic!("the provider's word on a second factor is taken only where the file says so")
    };
    let shown = code_of(&secret, now).unwrap();
    let cookie = sign_in_code(&app, &waiting, &shown, now, &mut site.city.rng).await;
    let who = site.city.behind(&cookie.unwrap(), now).await.unwrap();
    assert!(who.prove_for(Action::Approve, now).is_err());
    site.provider = site.fake.provider(&["mfa"]);
    assert!(matches!(site.came(says_so, now).await, Ok(Entered::In(_))));
    let one = json!({"amr": ["pwd"]});
    assert!(matches!(
        site.came(one, now).await,
        Ok(Entered::CodeAsked(_))
    ));
    let class = json!({"acr": "mfa"});
    assert!(matches!(site.came(class, now).await, Ok(Entered::In(_))));
}

#[test]
fn settings_that_would_be_unsafe_are_refused_and_the_secret_is_never_shown() {
    let made = |issuer: &str, secret: &str, name: &str, base: &str| {
        let settings = ProviderSettings {
            issuer: issuer.to_owned(),
            client_id: "huiyin".to_owned(),
            client_secret: secret.to_owned(),
            name: name.to_owned(),
            second_factor: Vec::new(),
        };
        Provider::new(settings, base)
    };
    let (issuer, base) = ("https://id.yunxi.example", "https://hy.yunxi.example");
    let why = |made: Result<Provider, SettingsProblem>| made.err();

    let good = made(issuer, "s3cret-of-both", "统一身份认证", base).unwrap();
    assert!(!format!("{good:?}").contains("s3cret"), "{good:?}");
    let open = made("http://id.yunxi.example", "s", "认证", base);
    assert_eq!(why(open), Some(SettingsProblem::Issuer));
    let none = made("id.yunxi.example", "s", "认证", base);
    assert_eq!(why(none), Some(SettingsProblem::Issuer));
    assert_eq!(
        why(made(issuer, "", "认证", base)),
        Some(SettingsProblem::Missing)
    );
    assert_eq!(
        why(made(issuer, "s", " ", base)),
        Some(SettingsProblem::Missing)
    );
    assert_eq!(
        why(made(issuer, "s", "认证", "hy")),
        Some(SettingsProblem::BaseUrl)
    );
}
