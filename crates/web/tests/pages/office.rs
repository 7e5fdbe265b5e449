use crate::{
    examples::{bulletin, console},
    page::rendered,
};
use survey_design::RoundState;
use web::office::{ImportRow, OverviewPage, ProgressRow, state_words, steps, tasks};
use web::portal::ChannelLine;

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
