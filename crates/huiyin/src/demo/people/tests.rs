//! The people against a small server that keeps the citizen pages' contract and drops every seventh answer it gives.

use super::*;
use crate::demo::{
    behaviour::{Behaviour, PersonKind},
    hardly_known::HardlyKnown,
    truth::{Truth, yunxi},
};
use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    cookie::Cookie,
    http::header,
    web::{Data, Form, Path},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};
use vocabulary::RaterGroup;

const UNITS: [&str; 3] = ["D01", "D02", "D63"];

#[derive(Default)]
struct Seen {
    answers: BTreeMap<(String, usize), Vec<(String, String)>>,
    submitted: BTreeMap<String, String>,
    submissions: u32,
    declined: BTreeSet<String>,
    paused: u32,
}

type Fields = Form<Vec<(String, String)>>;
type State = Data<Mutex<Seen>>;

fn field(fields: &Fields, name: &str) -> String {
    fields
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.clone())
        .unwrap_or_default()
}

fn to(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, path))
        .finish()
}

fn draft(request: &HttpRequest) -> String {
    request
        .cookie("hy_draft")
        .expect("the draft's cookie")
        .value()
        .to_owned()
}

async fn landing() -> HttpResponse {
    HttpResponse::Ok().body(r#"<form method="post" action="/s/R/enter"><input name="code"></form>"#)
}

async fn enter(request: HttpRequest, fields: Fields) -> HttpResponse {
    assert!(
        request.headers().contains_key(header::ORIGIN),
        "a browser says where a form comes from"
    );
    let mut reply = to("/s/R/q/1");
    reply
        .add_cookie(&Cookie::new("hy_draft", field(&fields, "code")))
        .unwrap();
    reply
}

async fn decline(state: State, fields: Fields) -> HttpResponse {
    state
        .lock()
        .unwrap()
        .declined
        .insert(field(&fields, "code"));
    HttpResponse::Ok().finish()
}

async fn page(number: Path<usize>) -> HttpResponse {
    let number = number.into_inner();
    let asked = match UNITS.get(number - 1) {
        Some(unit) => {
            let radios = [5, 4, 3, 2, 1, 0]
                .map(|code| format!(r#"<input type="radio" name="a" value="{code}">"#));
            format!(
                r#"<main data-unit="{unit}" data-item="overall"><form method="post" action="/s/R/q/{number}">{}"#,
                radios.concat()
            )
        }
        None => format!(
            r#"<main data-item="comment"><form method="post" action="/s/R/q/{number}"><textarea name="t"></textarea>"#
        ),
    };
    HttpResponse::Ok().body(format!(
        r#"<form action="/s/size"><input type="hidden" name="back" value="x"></form>{asked}</form></main>"#
    ))
}

async fn answer(
    state: State,
    request: HttpRequest,
    number: Path<usize>,
    fields: Fields,
) -> HttpResponse {
    let mut seen = state.lock().unwrap();
    if field(&fields, "go") == "pause" {
        seen.paused += 1;
        return to("/s/R");
    }
    let number = number.into_inner();
    seen.answers
        .insert((draft(&request), number), fields.into_inner());
    if number > UNITS.len() {
        to("/s/R/check")
    } else {
        to(&format!("/s/R/q/{}", number + 1))
    }
}

async fn check(request: HttpRequest) -> HttpResponse {
    let id = draft(&request);
    HttpResponse::Ok().body(format!(
        r#"<form action="/s/R/submit"><input type="hidden" name="submission_id" value="{id}"></form>"#
    ))
}

/// Takes the first submission and then behaves as if it had not been able to say so.
async fn submit(state: State, fields: Fields) -> HttpResponse {
    let mut seen = state.lock().unwrap();
    let code = format!(
        "2{:03}-2222-2222-2222-2222-2222-22",
        seen.submitted.len() + 222
    );
    seen.submitted
        .entry(field(&fields, "submission_id"))
        .or_insert(code);
    seen.submissions += 1;
    if seen.submissions % 7 == 1 {
        return HttpResponse::ServiceUnavailable().finish();
    }
    to("/s/R/receipt")
}

async fn receipt(state: State, request: HttpRequest) -> HttpResponse {
    let seen = state.lock().unwrap();
    HttpResponse::Ok().body(format!(
        "<p>回执码</p><b>{}</b>",
        seen.submitted[&draft(&request)]
    ))
}

fn serve(state: State) -> (String, actix_web::dev::ServerHandle) {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .route("/s/R", actix_web::web::get().to(landing))
            .route("/s/R/enter", actix_web::web::post().to(enter))
            .route("/s/R/decline", actix_web::web::post().to(decline))
            .route("/s/R/q/{n}", actix_web::web::get().to(page))
            .route("/s/R/q/{n}", actix_web::web::post().to(answer))
            .route("/s/R/check", actix_web::web::get().to(check))
            .route("/s/R/submit", actix_web::web::post().to(submit))
            .route("/s/R/receipt", actix_web::web::get().to(receipt))
    })
    .workers(1)
    .bind(("127.0.0.1", 0))
    .unwrap();
    let base = format!("http://{}", server.addrs()[0]);
    let running = server.run();
    let handle = running.handle();
    actix_web::rt::spawn(running);
    (base, handle)
}

fn people(count: u32) -> Vec<Person> {
    let (world, demo) = yunxi();
    let truth = Arc::new(Truth::new(&world, &demo, 7));
    let nobody = Arc::new(HardlyKnown::to_nobody(&demo.special.few_answers));
    let kind = PersonKind::Drawn(RaterGroup::Citizens);
    (0..count)
        .map(|number| Person {
            code: format!("C{number}"),
            round: "R".to_owned(),
            behaviour: Behaviour::of(&truth, &nobody, kind, number),
        })
        .collect()
}

#[actix_web::test]
async fn everybody_does_what_the_seed_says_and_lost_replies_cost_nobody_a_receipt() {
    let state: State = Data::default();
    let (base, handle) = serve(state.clone());
    let people = people(150);
    let expect = |habits: &[Habit]| {
        let found = people
            .iter()
            .filter(|person| habits.contains(&person.behaviour.habit()))
            .count();
        u64::try_from(found).unwrap()
    };
    let answering = expect(&[Habit::Ordinary, Habit::Interrupted, Habit::StraightLiner]);
    let (declining, hasty) = (expect(&[Habit::Declines]), expect(&[Habit::StraightLiner]));
    let paused = expect(&[Habit::Interrupted]);
    let steps = std::cell::Cell::new(0);
    let mut noted = Vec::new();

    let report = answer_all(
        people,
        base,
        |done| steps.set(done),
        |code| noted.push(code.to_owned()),
    )
    .await;

    assert_eq!(report.errors, []);
    assert_eq!(
        (report.answered, report.refused, report.too_fast),
        (answering, declining, hasty)
    );
    assert_eq!(report.opened, answering + declining);
    assert_eq!(steps.get(), 150);
    noted.sort();
    assert_eq!(noted, report.acknowledged);
    handle.stop(false).await;
    let seen = state.lock().unwrap();
    let kept: BTreeSet<&String> = seen.submitted.values().collect();
    assert_eq!(kept, report.acknowledged.iter().collect());
    assert!(
        u64::from(seen.submissions) > answering,
        "some replies were lost"
    );
    assert_eq!(u64::from(seen.paused), paused);
    assert_eq!(u64::try_from(seen.declined.len()).unwrap(), declining);
    assert!(paused > 0 && hasty > 0 && declining > 0);
}

#[actix_web::test]
async fn the_answers_do_not_depend_on_the_order_of_arrival() {
    let mut runs = Vec::new();
    for reversed in [false, true] {
        let state: State = Data::default();
        let (base, handle) = serve(state.clone());
        let mut people = people(40);
        if reversed {
            people.reverse();
        }
        answer_all_apart(people, base, |_| {}, |_| {}).await;
        handle.stop(false).await;
        runs.push(state.lock().unwrap().answers.clone());
    }

    assert!(runs[0].len() > 60);
    assert_eq!(runs[0], runs[1]);
}
