use crate::{
    examples::host,
    page::{h1, rendered},
};
use vocabulary::Role;
use web::frame::{PortalFrame, PortalPlace};
use web::problem::ProblemPage;
use web::staff::{DemoAccount, SignInPage, what_a_role_does};

#[test]
fn the_demonstration_lists_one_account_per_role() {
    let demo = Role::ALL.map(|role| DemoAccount {
        account: role.code().into(),
        password: "yunxi-demo".into(),
        name: "林珊".into(),
        role: role.label(),
        place: String::new(),
        can: what_a_role_does(role),
    });
    let page = SignInPage {
        frame: PortalFrame {
            title: "工作人员登录".into(),
            host: host(),
            place: PortalPlace::Elsewhere,
            round: None,
        },
        account: String::new(),
        problem: Some("账号或密码不对，或账号已停用".into()),
        provider: Some("云溪市统一身份认证".into()),
        demo: demo.into(),
    };

    let html = rendered("staff-sign-in", &page);

    for role in Role::ALL {
        assert!(
            html.contains(&format!(r#"name="account" value="{}""#, role.code())),
            "{role:?}"
        );
    }
    assert!(html.contains("账号或密码不对"));
    assert!(html.contains("用云溪市统一身份认证登录"));
}

#[test]
fn a_problem_is_said_in_plain_words_with_a_way_on() {
    let page = ProblemPage {
        english: "Somebody else was first.",
        heading: "没有这个页面".into(),
        words: vec!["链接可能抄错了，或者页面已经移走。".into()],
        way: ("/".into(), "回到首页"),
        status: 404,
        code: String::new(),
    };

    let html = rendered("problem", &page);

    assert_eq!(h1(&html), "没有这个页面");
    assert!(html.contains("回到首页"));
}
