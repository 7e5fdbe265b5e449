use crate::{
    examples::{bulletin, console},
    page::rendered,
};
use analytics::quality::{Outcomes, response_rates};
use response_collection::Disposition;
use storage::invitations::InvitationKind;
use survey_design::RoundState;
use web::office::{
    ImportRow, InvitationsPage, LettersPage, MonitorPage, OverviewPage, ProgressRow, contact_table,
    letters_lead, rate_tables, state_words, steps, tasks,
};
use web::portal::ChannelLine;
use workflows::{DeadLetter, DeliveryCounts, PaperLetter, RoundRates};

#[test]
fn the_office_sees_where_the_round_stands_and_who_is_next() {
    let page = OverviewPage {
        frame: console("本轮概况"),
        state_words: state_words("2026 年第三季度", RoundState::UnderObjection),
        steps: steps(RoundState::UnderObjection),
        tasks: tasks("2026Q3", RoundState::UnderObjection),
        progress: vec![ProgressRow::new("普通群众", 612, 800, 20)],
        channels: bulletin()
            .overall
            .channels
            .iter()
            .map(ChannelLine::from)
            .collect(),
        imports: vec![ImportRow {
            href: "/office/imports/b1".into(),
            file: "好差评导出.csv".into(),
            channel: "办事大厅好差评".into(),
            result: "部分成功",
            numbers: [41_250, 39_103, 0, 0, 40, 2_107],
        }],
        matters: vec![("/office/matters?t=reported".into(), "待复核", 4)],
        approvals: vec![(
            "第三季度通报等待另一个人批准".into(),
            "林珊报请，10 月 9 日 10:20".into(),
        )],
        audit: vec![("算分".into(), "林珊，10 月 5 日 09:00".into())],
    };

    let html = rendered("office-overview", &page);

    for words in [
        "部门核对",
        "huiyin round freeze 2026Q3",
        "76.5%",
        "部分成功",
        "收到",
        "等待另一个人批准",
    ] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn the_office_sees_rates_by_name_and_letters_given_up_without_addresses() {
    let counts = DeliveryCounts {
        waiting: 12,
        done: 1_940,
        possible_duplicates: 3,
        contacts: vec![("mail".into(), "accepted".into(), 1_900)],
        dead: vec![DeadLetter {
            handle: "0123456789abcdef0123456789abcdef".into(),
            kind: "mail",
            attempts: 27,
            problem: "RCPT 452 4.2.2".into(),
        }],
    };
    let cases = Outcomes {
        complete: 612.0,
        refusal: 28.0,
        unknown: 360.0,
        ..Outcomes::default()
    };
    let rates = RoundRates {
        kind: InvitationKind::Overall,
        dispositions: [
            (Disposition::Complete, 612),
            (Disposition::Refusal, 28),
            (Disposition::NothingReturned, 360),
        ]
        .into(),
        rates: response_rates(&cases),
    };
    let page = InvitationsPage {
        frame: console("邀请和应答率"),
        round: "2026Q3".into(),
        lead: letters_lead(&counts),
        problem: None,
        rates: rate_tables(&rates).into(),
        reminder: "本轮不知道谁填了，提醒发给每一位受邀、没有退订的人。",
        may_remind: true,
        papers: vec![("citizens", "普通群众", 40)],
        contacts: contact_table(&counts),
        dead: counts.dead.iter().map(Into::into).collect(),
    };

    let html = rendered("office-invitations", &page);

    for words in [
        "RR1",
        "61.2%",
        "RR6",
        "95.6%",
        "2.111",
        "可能重复送达不超过 3 封",
        "RCPT 452 4.2.2",
        "对方一直让稍后再来",
        "/office/letters?r=2026Q3&amp;g=citizens&amp;slips=1",
    ] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn a_letter_on_paper_can_be_scanned_and_typed_and_a_slip_names_nobody() {
    let letter = || PaperLetter {
        handle: "0123456789abcdef0123456789abcdef".into(),
        name: "林珊".into(),
        body: "您被随机抽中。\n\n用手机扫二维码就能填。".into(),
        page: "https://hy.yunxi.example/s/2026Q3".into(),
        code: "0123-4567-89AB-CDEF-GHJK-MNPQ-RS".into(),
    };
    let page = |slips| LettersPage {
        heading: "2026 年第三季度：普通群众的邀请信".into(),
        round: "2026Q3".into(),
        title: "2026 年第三季度".into(),
        group: "普通群众",
        office: "云溪市考评办".into(),
        slips,
        letters: vec![letter().into(), letter().into()],
    };

    let (letters, slips) = (
        rendered("office-letters", &page(false)),
        rendered("office-slips", &page(true)),
    );

    for html in [&letters, &slips] {
        assert_eq!(html.matches("<svg class=\"qr\"").count(), 2);
        assert!(html.contains("0123-4567-89AB"));
    }
    assert!(letters.contains("林珊") && !slips.contains("林珊"));
}

#[test]
fn the_live_page_counts_people_and_holds_no_answer() {
    // Every field is named, so that whoever adds one decides here whether it tells how people answered.
    let page = MonitorPage {
        frame: console("回收监测"),
        as_of: "9 月 12 日 10:00".into(),
        lead: "发出 800 份，已回收 612 份（76.5%）；另有 30 份填了一部分，还没有提交。".into(),
        strata: vec![ProgressRow::new("普通群众 · 城区", 612, 800, 20)],
        stopped: vec![("第 3 题".into(), web::chart::bullet(12, 30), "12".into())],
        median_time: "中位数：每题 8—12 秒。".into(),
    };

    let html = rendered("office-monitor", &page);

    for words in ["76.5%", "第 3 题", "每题 8—12 秒", "不显示任何得分"] {
        assert!(html.contains(words), "{words}");
    }
    for level in vocabulary::Level::SCORED {
        assert!(!html.contains(level.label()), "{}", level.label());
    }
}
