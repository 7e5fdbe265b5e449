use crate::{
    examples::{bulletin, console},
    page::rendered,
};
use web::commission::{SupervisionPage, SupervisionRow, bands_of};

#[test]
fn the_commission_sees_bands_before_places_and_what_is_stuck() {
    let page = SupervisionPage {
        frame: console("分组概览"),
        lead: "排名没有明显变化。".into(),
        classes: bands_of(&bulletin()),
        list_heading: "督办清单",
        rows: vec![SupervisionRow {
            href: "/commission/matters/ZG-0103".into(),
            number: "ZG-0103".into(),
            unit: "市住房城乡建设局".into(),
            title: "电梯加装没有动静".into(),
            why: vec![("st--r", "超期 6 个工作日".into())],
            state: "整改中".into(),
            due: "9 月 20 日".into(),
        }],
        tables: vec![],
    };

    let html = rendered("commission-overview", &page);

    assert!(html.contains("明显高于平均 5 个"));
    assert!(html.contains("样本不足，不排名：市住房城乡建设局。"));
    assert!(html.contains("超期 6 个工作日"));
}
