//! Feedback letters: the page, the copy to print and the file say the same, to their own unit only, and one signs.

use crate::{
    city::{actor, ask, drawn_city, get, now, post, session, site, with},
    examples::console,
    page::rendered,
};
use actix_web::http::StatusCode;
use publication::docx::SmallPrint;
use rectification::{
    AnswerCount, ChannelFigure, ComparedScore, FeedbackLetter, LetterFigures, LetterLimits, Light,
    OwnScore, ReleasedWords, Theme, ThemeFigure, Told, write_letter,
};
use std::{
    fs,
    io::{Cursor, Read},
    path::Path,
};
use storage::letters::{self, Letter};
use vocabulary::{Role, UnitId, WorkingDays};
use web::form::ActionForm;
use web::letter::{
    FeedbackLettersPage, Filter, LetterCopyPage, LetterPage, LetterSheet, filtered, lead,
    row as listed, standing, tabs,
};
use workflows::{App, LetterCopy, NewAccount, add_account_with_password};

fn compared() -> Vec<ComparedScore> {
    vec![
        ComparedScore {
            label: "本类 9 个单位平均".into(),
            score: Told::Figure("85.25".into()),
            interval: None,
        },
        ComparedScore {
            label: "你单位，2026 年第二季度".into(),
            score: Told::Figure("82.07".into()),
            interval: Some(("79.90".into(), "84.24".into())),
        },
        ComparedScore::hidden("你单位，2026 年第一季度".into()),
    ]
}

fn figures(unit: &str, due: &str) -> LetterFigures {
    let theme = |title: &str, count| Theme {
        unit: unit.into(),
        theme: title.into(),
        title: title.into(),
        opinions: vec![],
        count,
    };
    LetterFigures {
        number: format!("FK-2026Q3-{unit}"),
        round: "2026Q3".into(),
        round_title: "2026 年第三季度".into(),
        office: "云溪市社情民意调查中心".into(),
        unit: unit.into(),
        unit_name: "云溪市医疗保障局".into(),
        ratings: Some(1_143),
        score: OwnScore::Full("86.40".into(), "84.10".into(), "88.70".into()),
        place: Some("第 3—6 名".into()),
        compared: compared(),
        channels: vec![ChannelFigure {
            label: "抽样问卷".into(),
            score: Some("85.20".into()),
            ratings: 1_143,
        }],
        answers: [
            ("非常满意", 1_000),
            ("满意", 100),
            ("不满意", 43),
            ("不了解", 7),
        ]
        .map(|(label, count)| AnswerCount {
            label: label.into(),
            count,
        })
        .into(),
        themes: vec![theme("服务态度", 12), theme("收费", 2)],
        reasons: vec![ThemeFigure {
            title: "窗口少".into(),
            count: 9,
        }],
        words: vec![ReleasedWords {
            theme: "服务态度".into(),
            text: "堃、喆、䶮三个字打不出来，跑了 3 趟。".into(),
        }],
        least_opinions: 5,
        issued_on: "2026-09-08".parse().unwrap(),
        due_on: due.parse().unwrap(),
        limits: LetterLimits {
            sign_matter: WorkingDays(2),
            return_matter: WorkingDays(3),
            plan: WorkingDays(5),
        },
    }
}

fn row(letter: &FeedbackLetter) -> Letter {
    Letter {
        id: letter.number.clone(),
        round_id: letter.round.to_string(),
        unit_id: letter.unit.to_string(),
        body: serde_json::to_string(letter).unwrap(),
        issued_on: letter.issued_on,
        due_on: letter.due_on,
        read_by: None,
        read_at: None,
        signed_by: None,
        signed_at: None,
        remark: None,
    }
}

fn hidden(unit: &str) -> FeedbackLetter {
    write_letter(LetterFigures {
        ratings: None,
        score: OwnScore::Hidden,
        place: None,
        ..figures(unit, "2026-09-10")
    })
}

async fn with_letters(app: &App, all: &[FeedbackLetter]) {
    let tx = app.store().begin().await.unwrap();
    for letter in all {
        letters::insert_letter(&tx, row(letter)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// The text of a part of the file.
fn words(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    let mut file = archive.by_name(name).unwrap();
    file.read_to_string(&mut xml).unwrap();
    without_tags(&xml.replace("</w:p>", "\n"))
}

fn without_tags(markup: &str) -> String {
    let parts = markup.split('<');
    let texts = parts.map(|part| part.rsplit_once('>').map_or(part, |(_, text)| text));
    texts
        .collect::<Vec<_>>()
        .join("\u{2}")
        .replace('\u{2}', " ")
}

/// Every number from the title of the letter to its date.
fn numbers(text: &str) -> Vec<String> {
    let text = text.split_once("关于反馈").unwrap().1;
    let end = text.find("2026年9月8日").unwrap();
    let split = text[..end].split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    split
        .map(|number| number.trim_matches('.').to_owned())
        .filter(|number| !number.is_empty())
        .collect()
}

macro_rules! file {
    ($site:expr, $session:expr, $path:expr) => {{
        let request = with($session, get($path)).to_request();
        let answer = actix_web::test::call_service(&$site, request).await;
        let status = answer.status();
        (status, actix_web::test::read_body(answer).await.to_vec())
    }};
}

#[actix_web::test]
async fn page_print_and_file_say_the_same_figures_and_hide_the_same() {
    for letter in [write_letter(figures("D12", "2026-09-10")), hidden("D12")] {
        let folder = tempfile::tempdir().unwrap();
        let app = drawn_city(folder.path()).await;
        with_letters(&app, std::slice::from_ref(&letter)).await;
        let site = site!(app);
        for (who, base) in [
            (
                "liaison",
                ["/unit/letter", "/unit/letter/print", "/unit/letter.docx"],
            ),
            (
                "clerk1",
                [
                    "/office/feedback-letters/FK-2026Q3-D12",
                    "/office/feedback-letters/FK-2026Q3-D12/print",
                    "/office/feedback-letters/FK-2026Q3-D12/letter.docx",
                ],
            ),
        ] {
            let session = session(&app, who).await;
            let (_, page) = ask!(site, &session, get(base[0]));
            let (_, print) = ask!(site, &session, get(base[1]));
            let (status, file) = file!(site, &session, base[2]);
            assert_eq!(status, StatusCode::OK);
            let (page, print) = (without_tags(&page), without_tags(&print));
            let file = words(&file, "word/document.xml");
            let shown = numbers(&page);
            assert!(shown.len() > 25, "{shown:?}");
            assert_eq!(numbers(&print), shown, "{who}");
            assert_eq!(numbers(&file), shown, "{who}");
            let is_hidden = letter.channels.is_empty();
            for text in [&page, &print, &file] {
                assert_eq!(
                    text.matches("样本不足，不予公布").count(),
                    if is_hidden { 4 } else { 2 }
                );
                assert_eq!(text.contains("86.40"), !is_hidden);
                assert!(text.contains("堃、喆、䶮三个字打不出来，跑了 3 趟。"));
            }
        }
    }
}

#[actix_web::test]
async fn a_copy_names_its_taker_and_only_its_own_unit_and_the_office_take_one() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    with_letters(
        &app,
        &[write_letter(figures("D12", "2026-09-10")), hidden("D07")],
    )
    .await;
    let site = site!(app);
    let liaison = session(&app, "liaison").await;

    let (_, file) = file!(site, &liaison, "/unit/letter.docx");
    let (_, print) = ask!(site, &liaison, get("/unit/letter/print"));
    for text in [words(&file, "word/header1.xml"), without_tags(&print)] {
        assert!(
            text.contains("账号 liaison") && text.contains("2026 年 9 月 10 日 09:00"),
            "{text}"
        );
    }
    assert!(words(&file, "word/footer1.xml").contains("取阅编号"));
    for (path, status) in [
        (
            "/office/feedback-letters/FK-2026Q3-D07/letter.docx",
            StatusCode::FORBIDDEN,
        ),
        ("/office/feedback-letters", StatusCode::FORBIDDEN),
        ("/stationed/letters", StatusCode::FORBIDDEN),
        ("/unit/letter.docx?r=2026Q2", StatusCode::NOT_FOUND),
        ("/unit/letter?r=2026Q2", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(file!(site, &liaison, path).0, status, "{path}");
    }
    let other = letters::find_letter(app.store(), "FK-2026Q3-D07")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(other.read_at, None);
}

#[actix_web::test]
async fn one_signature_counts_and_a_long_remark_comes_back_as_it_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    with_letters(&app, &[write_letter(figures("D12", "2026-09-10"))]).await;
    let site = site!(app);
    let liaison = session(&app, "liaison").await;
    let send = |remark: &str| {
        let fields = [("letter", "FK-2026Q3-D12"), ("remark", remark)];
        post("/unit/letter/sign").set_form(fields)
    };

    let long = "请".repeat(201);
    let (status, page) = ask!(site, &liaison, send(&long));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains(&long) && page.contains("签收说明") && page.contains("WF-119"));
    let (status, _) = ask!(site, &liaison, send("已阅"));
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, page) = ask!(site, &liaison, send(""));
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        page.contains("已由liaison于 2026 年 9 月 10 日 09:00 签收"),
        "{page}"
    );
    let (_, page) = ask!(site, &liaison, get("/unit/letter"));
    assert!(page.contains("已签收") && page.contains("已阅") && !page.contains(">签收</button>"));
}

#[actix_web::test]
async fn a_mailbox_that_is_none_is_refused_beside_its_field() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    with_letters(&app, &[write_letter(figures("D12", "2026-09-10"))]).await;
    let site = site!(app);
    for (who, path) in [
        ("liaison", "/unit/letter/mailbox"),
        ("clerk1", "/office/feedback-letters/FK-2026Q3-D12"),
    ] {
        let session = session(&app, who).await;
        let send = |address: &str| post(path).set_form([("address", address)]);

        let (status, page) = ask!(site, &session, send("办公室"));
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            page.contains("value=\"办公室\"") && page.contains("不是邮箱地址"),
            "{page}"
        );
        let (status, _) = ask!(site, &session, send("yibao@example.cn"));
        assert_eq!(status, StatusCode::SEE_OTHER);
    }
    let held = workflows::find_mailbox(&app, &UnitId::new("D12"))
        .await
        .unwrap();
    assert_eq!(held.as_deref(), Some("yibao@example.cn"));
}

#[actix_web::test]
async fn the_office_sees_who_is_late_and_a_stationed_group_its_own_units_only() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let letters = [
        ("D07", "2026-09-09"),
        ("D08", "2026-09-10"),
        ("D12", "2026-09-30"),
    ];
    let letters = letters.map(|(unit, due)| write_letter(figures(unit, due)));
    with_letters(&app, &letters).await;
    let new = NewAccount {
        account: "group".to_owned(),
        name: "派驻组".to_owned(),
        role: Role::StationedGroup,
        unit: Some(UnitId::new("D07")),
        body: None,
    };
    let mut rng: rand::rngs::StdRng = rand::SeedableRng::seed_from_u64(3);
    let admin = actor(Role::SystemAdmin);
    add_account_with_password(&app, &admin, &new, "yunxi-draw-2026", now(), &mut rng)
        .await
        .unwrap();
    let site = site!(app);
    let clerk = session(&app, "clerk1").await;
    let group = session(&app, "group").await;

    let (_, all) = ask!(site, &clerk, get("/office/feedback-letters"));
    assert!(
        all.contains("还有 3 份没有签收，其中 1 份已经逾期"),
        "{all}"
    );
    for light in [Light::Green, Light::Yellow, Light::Red] {
        assert!(all.contains(light.label()), "{light:?}");
    }
    assert!(all.contains("没有提醒邮箱"));
    let (_, late) = ask!(site, &clerk, get("/office/feedback-letters?f=overdue"));
    assert!(late.contains("FK-2026Q3-D07") && !late.contains("FK-2026Q3-D08"));
    let (_, own) = ask!(site, &group, get("/stationed/letters"));
    assert!(
        own.contains("FK-2026Q3-D07") && !own.contains("FK-2026Q3-D12"),
        "{own}"
    );
    assert!(!own.contains("86.40") && !own.contains("/office/"));
}

#[test]
fn the_pages_of_a_letter_hold_what_every_page_holds() {
    let letter = write_letter(figures("D12", "2026-09-10"));
    let signed = Letter {
        read_by: Some("a".into()),
        read_at: Some(now()),
        signed_by: Some("a".into()),
        signed_at: Some(now()),
        remark: Some("已阅，已报分管领导。".into()),
        ..row(&letter)
    };
    let names = [("a".to_owned(), "林珊".to_owned())].into();
    let form = |action: &str, submit| ActionForm {
        action: action.into(),
        submit,
        ..ActionForm::default()
    };
    let page = LetterPage {
        frame: console("反馈函"),
        sheet: LetterSheet::from(&letter),
        standing: standing(&signed, None, &names),
        file: "/unit/letter.docx?r=2026Q3".into(),
        print: "/unit/letter/print?r=2026Q3".into(),
        others: vec![("FK-2026Q2-012".into(), "/unit/letter?r=2026Q2".into())],
        slip: "请在 9 月 10 日前签收。".into(),
        sign: Some(form("/unit/letter/sign", "签收")),
        mailbox: Some(form("/unit/letter/mailbox", "保存")),
    };
    let html = rendered("unit-letter", &page);
    assert!(html.contains(">签收</button>") && html.contains("已阅，已报分管领导。"));

    let copy = LetterCopy {
        letter: letter.clone(),
        small_print: SmallPrint {
            header: "云溪市医疗保障局　林珊（账号 a）".into(),
            footer: "取阅编号 K7QM-2XPA-9F3D".into(),
        },
        code: "K7QM-2XPA-9F3D".into(),
    };
    let html = rendered("letter-copy", &LetterCopyPage::of(&copy, "/unit/letter"));
    assert!(html.contains("K7QM-2XPA-9F3D") && html.contains("签收人："));
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages/letter.docx");
    fs::write(place, copy.file().unwrap()).unwrap();

    let lit = [(row(&letter), Some(Light::Red)), (signed, None)];
    let units = [("D12".to_owned(), "市医疗保障局".to_owned())].into();
    let page = FeedbackLettersPage {
        frame: console("反馈函"),
        lead: lead(&lit),
        tabs: tabs("/office/feedback-letters", "2026Q3", &lit, Filter::All),
        rows: filtered(&lit, Filter::All)
            .into_iter()
            .map(|entry| listed(entry, &units, &names))
            .collect(),
        empty: "没有这样的反馈函。",
    };
    let html = rendered("office-feedback-letters", &page);
    assert!(html.contains("已超期") && html.contains("林珊"));
}
