//! Six departments and one indicator tree: each changes its own branch, somebody else approves, and a round keeps its version.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

#[path = "../../../tests/support/postgres.rs"]
mod postgres;
#[macro_use]
#[path = "support/yunxi.rs"]
mod yunxi;

use std::{fs, path::Path};
use storage::{audit_log, documents, rounds};
use survey_design::{
    IndicatorSet, parse_indicators, parse_questionnaire, parse_rules, parse_world,
};
use vocabulary::{Points, Role, RoundId};
use workflows::{
    Actor, App, BranchDraft, Grant, NewAccount, NodeDraft, Verb, VerbError, WorldTemplates,
    add_account_with_password, approve_branch, change_role, create_round, current_tree, load_world,
    open_round, preview_branch, propose_branch, send_back_branch, set_branch, withdraw_branch,
};
use yunxi::{City, clerk, now};

on_both_databases!(
    a_change_is_proposed_by_its_department_and_approved_by_somebody_else,
    two_branches_proposed_at_once_are_both_approved,
    the_same_branch_is_approved_once_and_the_other_hears_who_was_first,
    what_breaks_a_rule_is_not_proposed,
    nobody_decides_who_proposed_or_may_not,
    a_round_keeps_the_version_it_left_the_draft_with,
    a_file_brings_a_newer_version_and_never_an_old_one_back,
    what_is_decided_stays_decided,
    many_clicks_on_approve_make_one_version,
    a_branch_is_given_by_the_security_administrator_and_goes_with_the_role,
);

const HOTLINE: &str = "市信访局";
const CIVIL: &str = "市民政局";

fn templates() -> WorldTemplates {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../survey-templates");
    let read = |path: &str| fs::read(folder.join(path)).unwrap();
    WorldTemplates {
        world: parse_world(&read("worlds/yunxi.json")).unwrap(),
        rules: parse_rules(&read("rules/yunxi-2026.json")).unwrap(),
        indicators: Some(parse_indicators(&read("indicators/one-plus-six.json")).unwrap()),
        questionnaires: ["overall", "enterprise"]
            .map(|name| parse_questionnaire(&read(&format!("questionnaires/{name}.json"))).unwrap())
            .to_vec(),
    }
}

fn actor(account: &str, role: Role) -> Actor {
    Actor {
        account: account.into(),
        name: account.to_owned(),
        role,
        unit: None,
        body: None,
    }
}

fn owner(account: &str) -> Actor {
    actor(account, Role::MethodOwner)
}

fn leader() -> Actor {
    actor("leader", Role::OfficeLeader)
}

fn security() -> Actor {
    actor("security", Role::SecurityAdmin)
}

fn code<T>(result: Verb<T>) -> &'static str {
    match result {
        Ok(_) => "done",
        Err(VerbError::Refused(refusal)) => refusal.code(),
        Err(_) => "failed",
    }
}

/// A city with its tree, two departments with two accounts, and a leader.
async fn prepared(city: Option<City>) -> Option<City> {
    let mut city = city?;
    let app = city.app.clone();
    load_world(&app, &clerk(), &templates(), now())
        .await
        .unwrap();
    let accounts = [
        ("hotline", Role::MethodOwner),
        ("hotline2", Role::MethodOwner),
        ("civil", Role::MethodOwner),
        ("nobody", Role::MethodOwner),
        ("leader", Role::OfficeLeader),
    ];
    for (account, role) in accounts {
        let new = NewAccount {
            account: account.to_owned(),
            name: "余念慈".to_owned(),
            role,
            unit: None,
            body: None,
        };
        let system = actor("system", Role::SystemAdmin);
        let made = add_account_with_password(&app, &system, &new, "x", now(), &mut city.rng);
        made.await.unwrap();
    }
    for (account, branch) in [
        ("hotline", HOTLINE),
        ("hotline2", HOTLINE),
        ("civil", CIVIL),
    ] {
        set_branch(&app, &security(), account, branch, now())
            .await
            .unwrap();
    }
    Some(city)
}

/// The branch as it stands, to be edited.
async fn draft(app: &App, owner: &str) -> BranchDraft {
    let (seen, tree) = current_tree(app).await.unwrap();
    BranchDraft {
        seen,
        nodes: tree.branch(owner).into_iter().map(Into::into).collect(),
    }
}

/// One point from the first to the second node, and another name for the first.
fn shifted(mut draft: BranchDraft, from: usize, to: usize, name: &str) -> BranchDraft {
    let one = Points::SCALE;
    for (at, steps) in [(from, -one), (to, one)] {
        let node = &mut draft.nodes[at];
        node.points = Points::from_steps(node.points.steps() + steps);
    }
    name.clone_into(&mut draft.nodes[from].name);
    draft
}

/// Half of the last leaf goes to a new one beside it.
fn split(mut draft: BranchDraft) -> BranchDraft {
    let last = draft.nodes.last_mut().unwrap();
    last.points = Points::from_steps(last.points.steps() / 2);
    let new = NodeDraft {
        code: None,
        name: "回访核实".to_owned(),
        ..last.clone()
    };
    draft.nodes.push(new);
    draft
}

async fn newest(app: &App) -> IndicatorSet {
    IndicatorSet::clone(&current_tree(app).await.unwrap().1)
}

async fn proposed(app: &App, by: &str, draft: &BranchDraft) -> i32 {
    propose_branch(app, &owner(by), draft, "按上级新规定", now())
        .await
        .unwrap()
}

async fn approved(app: &App, number: i32) -> u32 {
    approve_branch(app, &leader(), number, now()).await.unwrap()
}

/// The version of the tree a round keeps.
async fn kept(app: &App, round: &RoundId) -> Option<String> {
    let found = rounds::find_round(app.store(), round).await;
    found.unwrap().unwrap().indicators
}

async fn logged(app: &App) -> Vec<String> {
    let filter = audit_log::EventFilter::default();
    let events = audit_log::list_events(app.store(), &filter, 200).await;
    let branch = |event: &audit_log::AuditEvent| event.action.ends_with("_branch");
    let line = |event: audit_log::AuditEvent| {
        let changed = event.before_digest.is_some() && event.after_digest.is_some();
        format!(
            "{} {} {} {changed}",
            event.actor, event.action, event.object
        )
    };
    events
        .unwrap()
        .into_iter()
        .filter(branch)
        .map(line)
        .collect()
}

async fn a_change_is_proposed_by_its_department_and_approved_by_somebody_else(
    city: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = prepared(city().await).await else {
        return;
    };
    let app = city.app.clone();
    let before = newest(&app).await;
    let draft = split(shifted(draft(&app, HOTLINE).await, 2, 3, "诉求办成"));
    let preview = preview_branch(&app, &owner("hotline"), &draft)
        .await
        .unwrap();
    let words: Vec<String> = preview.changes.iter().map(ToString::to_string).collect();
    assert_eq!(words.len(), 5, "{words:?}");
    assert_eq!(
        words[4],
        "新增 Z411“回访核实”，0.5 分，数据来源：12345 热线"
    );

    let number = proposed(&app, "hotline", &draft).await;
    assert_eq!(
        newest(&app).await,
        before,
        "what is proposed does not count"
    );
    let version = approve_branch(&app, &leader(), number, now())
        .await
        .unwrap();

    let after = newest(&app).await;
    assert_eq!((version, after.version), (2, 2));
    assert_eq!(after.branch(HOTLINE), preview.branch);
    for other in before
        .owners()
        .into_iter()
        .filter(|other| *other != HOTLINE)
    {
        assert_eq!(after.branch(other), before.branch(other));
    }
    let said = logged(&app).await;
    assert_eq!(said[0], "leader approve_branch 1 true");
    assert_eq!(said[1], "hotline propose_branch 1 false");
}

async fn two_branches_proposed_at_once_are_both_approved(city: impl AsyncFn() -> Option<City>) {
    let Some(city) = prepared(city().await).await else {
        return;
    };
    let app = city.app.clone();
    let (hotline, civil) = (draft(&app, HOTLINE).await, draft(&app, CIVIL).await);
    let first = proposed(&app, "hotline", &shifted(hotline, 2, 3, "诉求办成")).await;
    let other = proposed(&app, "civil", &split(civil)).await;

    assert_eq!(
        (approved(&app, first).await, approved(&app, other).await),
        (2, 3)
    );
    let tree = newest(&app).await;
    let named = |name: &str| {
        tree.indicators
            .iter()
            .filter(|node| node.name == name)
            .count()
    };
    assert_eq!((named("诉求办成"), named("回访核实")), (1, 1), "both count");
}

async fn the_same_branch_is_approved_once_and_the_other_hears_who_was_first(
    city: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = prepared(city().await).await else {
        return;
    };
    let app = city.app.clone();
    let seen = draft(&app, HOTLINE).await;
    let first = proposed(&app, "hotline", &shifted(seen.clone(), 2, 3, "诉求办成")).await;
    let same = proposed(&app, "hotline2", &split(seen.clone())).await;
    approved(&app, first).await;
    let tree = newest(&app).await;

    let late = approve_branch(&app, &leader(), same, now())
        .await
        .unwrap_err();
    let words = late.to_string();
    assert!(
        words.contains("余念慈（评价办负责人）已在 10 月 8 日"),
        "{words}"
    );
    let typed = propose_branch(&app, &owner("hotline2"), &split(seen), "理由", now()).await;
    assert_eq!(code(typed), "WF-127", "what was seen is not what is there");
    assert_eq!(newest(&app).await, tree);
    let back = send_back_branch(&app, &leader(), same, "请按新版重提", now()).await;
    assert_eq!(code(back), "done");
}

async fn what_breaks_a_rule_is_not_proposed(city: impl AsyncFn() -> Option<City>) {
    let Some(city) = prepared(city().await).await else {
        return;
    };
    let app = city.app.clone();
    let quiet = logged(&app).await;
    let good = split(draft(&app, HOTLINE).await);
    let (mut heavy, mut foreign) = (good.clone(), good.clone());
    heavy.nodes[0].points = Points::whole(3);
    foreign.nodes.push(draft(&app, CIVIL).await.nodes.remove(0));
    for (who, draft, note, expected) in [
        (owner("hotline"), &heavy, "理由", "SD-427"),
        (owner("hotline"), &foreign, "理由", "WF-107"),
        (owner("hotline"), &good, " ", "WF-119"),
        (owner("civil"), &good, "理由", "WF-107"),
        (owner("nobody"), &good, "理由", "WF-120"),
        (leader(), &good, "理由", "WF-101"),
    ] {
        let tried = propose_branch(&app, &who, draft, note, now()).await;
        assert_eq!(code(tried), expected);
    }
    assert_eq!(logged(&app).await, quiet);
}

async fn nobody_decides_who_proposed_or_may_not(city: impl AsyncFn() -> Option<City>) {
    let Some(city) = prepared(city().await).await else {
        return;
    };
    let app = city.app.clone();
    let before = newest(&app).await;
    let number = proposed(&app, "hotline", &split(draft(&app, HOTLINE).await)).await;
    let quiet = logged(&app).await;
    let grant = Grant {
        role: Role::OfficeLeader,
        unit: None,
        body: None,
    };
    let promoted = change_role(&app, &security(), "hotline", &grant, now()).await;
    promoted.unwrap();
    for (who, expected) in [
        (owner("hotline2"), "WF-101"),
        (owner("civil"), "WF-101"),
        (clerk(), "WF-101"),
        (actor("hotline", Role::OfficeLeader), "WF-108"),
    ] {
        assert_eq!(
            code(approve_branch(&app, &who, number, now()).await),
            expected
        );
        let back = send_back_branch(&app, &who, number, "理由", now()).await;
        assert_eq!(code(back), expected);
    }
    let theirs = withdraw_branch(&app, &owner("civil"), number, now()).await;
    assert_eq!(code(theirs), "WF-107");
    assert_eq!((newest(&app).await, logged(&app).await), (before, quiet));
}

async fn a_round_keeps_the_version_it_left_the_draft_with(city: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = prepared(city().await).await else {
        return;
    };
    let (app, later) = (city.app.clone(), "2026Q2".into());
    create_round(&app, &clerk(), &later, now()).await.unwrap();
    open_round(&app, &clerk(), &city.round, now(), &mut city.rng)
        .await
        .unwrap();
    let (first, _) = current_tree(&app).await.unwrap();
    let draft = split(draft(&app, CIVIL).await);
    approved(&app, proposed(&app, "civil", &draft).await).await;
    let (second, _) = current_tree(&app).await.unwrap();
    assert_ne!(first, second);

    assert_eq!(kept(&app, &city.round).await, Some(first));
    assert_eq!(kept(&app, &later).await, None, "a draft takes none yet");
    open_round(&app, &clerk(), &later, now(), &mut city.rng)
        .await
        .unwrap();
    assert_eq!(kept(&app, &later).await, Some(second));
}

async fn a_file_brings_a_newer_version_and_never_an_old_one_back(
    city: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = prepared(city().await).await else {
        return;
    };
    let app = city.app.clone();
    let draft = split(draft(&app, CIVIL).await);
    approved(&app, proposed(&app, "civil", &draft).await).await;
    let after = newest(&app).await;

    for (version, expected) in [(1, "done"), (2, "WF-109")] {
        let mut file = templates();
        file.indicators.as_mut().unwrap().version = version;
        let loaded = load_world(&app, &clerk(), &file, now()).await;
        assert_eq!(
            (code(loaded), newest(&app).await),
            (expected, after.clone())
        );
    }
    let mut file = templates();
    file.indicators.as_mut().unwrap().version = 3;
    load_world(&app, &clerk(), &file, now()).await.unwrap();
    assert_eq!(newest(&app).await.version, 3);
}

async fn what_is_decided_stays_decided(city: impl AsyncFn() -> Option<City>) {
    let Some(city) = prepared(city().await).await else {
        return;
    };
    let app = city.app.clone();
    let civil = owner("civil");
    let number = proposed(&app, "civil", &split(draft(&app, CIVIL).await)).await;
    withdraw_branch(&app, &civil, number, now()).await.unwrap();
    for tried in [
        code(approve_branch(&app, &leader(), number, now()).await),
        code(send_back_branch(&app, &leader(), number, "理由", now()).await),
        code(withdraw_branch(&app, &civil, number, now()).await),
    ] {
        assert_eq!(tried, "WF-127");
    }
    let again = proposed(&app, "civil", &split(draft(&app, CIVIL).await)).await;
    approved(&app, again).await;

    let new = newest(&app).await.branch(CIVIL).pop().unwrap();
    assert_eq!(new.id.as_str(), "Z316", "Z315 was given away before");
    let versions = documents::list_documents(app.store(), documents::DocumentKind::Indicators);
    assert_eq!(versions.await.unwrap().len(), 2);
}

async fn many_clicks_on_approve_make_one_version(city: impl AsyncFn() -> Option<City>) {
    let Some(city) = prepared(city().await).await else {
        return;
    };
    let app = city.app.clone();
    let number = proposed(&app, "civil", &split(draft(&app, CIVIL).await)).await;
    let mut clicks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let app = app.clone();
        clicks.spawn(async move { code(approve_branch(&app, &leader(), number, now()).await) });
    }
    let mut said = clicks.join_all().await;
    said.sort_unstable();
    assert_eq!(said, [vec!["WF-127"; 7], vec!["done"]].concat());
    assert_eq!(newest(&app).await.version, 2);
}

async fn a_branch_is_given_by_the_security_administrator_and_goes_with_the_role(
    city: impl AsyncFn() -> Option<City>,
) {
    let Some(city) = prepared(city().await).await else {
        return;
    };
    let app = city.app.clone();
    let system = actor("system", Role::SystemAdmin);
    for (who, account, branch, expected) in [
        (&system, "nobody", CIVIL, "WF-101"),
        (&security(), "nobody", "市不存在局", "WF-122"),
        (&security(), "leader", CIVIL, "WF-120"),
        (&security(), "nobody", CIVIL, "done"),
    ] {
        let given = set_branch(&app, who, account, branch, now()).await;
        assert_eq!(code(given), expected);
    }
    for role in [Role::OfficeClerk, Role::MethodOwner] {
        let grant = Grant {
            role,
            unit: None,
            body: None,
        };
        change_role(&app, &security(), "nobody", &grant, now())
            .await
            .unwrap();
    }
    let draft = split(draft(&app, CIVIL).await);
    let tried = propose_branch(&app, &owner("nobody"), &draft, "理由", now()).await;
    assert_eq!(code(tried), "WF-120", "another role took the branch away");
}
