//! What passwords must be and who needs a second factor; the security administrator says it.

use super::accounts::administrators_frame;
use crate::{
    Page, PageError, WebState, answer,
    form::{ActionForm, Field, FormPage, Input},
    routes::posted,
    session::signed_in,
};
use actix_web::{
    HttpRequest,
    web::{Data, Form},
};
use vocabulary::Role;
use workflows::{Action, PasswordRule, Safety, safety, set_safety};

/// The rules in force.
pub(super) async fn show(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, Action::SetSafety.roles()).await?;
    let rules = safety(&state.app).await?;
    answer::own_page(&FormPage {
        frame: administrators_frame(&state, &actor, "密码规则", "/account-rules"),
        lead: vec![
            "两本规范的要求互相矛盾：等级保护测评看字符种类和定期更换，OWASP ASVS 主张够长、不限种类、不定期换。按本单位要过的那一种选。常用词和口令两种规则都不许用。"
                .to_owned(),
        ],
        form: Some(form(&rules)),
        tables: Vec::new(),
    })
}

fn form(rules: &Safety) -> ActionForm {
    let ticked: Vec<_> = rules.second_factor.iter().map(|role| role.code()).collect();
    ActionForm {
        action: "/account-rules".to_owned(),
        fields: vec![
            Field::new(
                "rule",
                "密码要求",
                "改了以后，从每个人下一次点击、下一次换密码起生效。",
                Input::OneOf(
                    PasswordRule::ALL
                        .map(|rule| (rule.code(), rule.label()))
                        .to_vec(),
                ),
            )
            .holding(rules.password.code()),
            Field::new(
                "factor",
                "必须用动态码的角色",
                "勾上以后，这些角色的人要先设置动态码才能办事。",
                Input::AnyOf(Role::ALL.map(|role| (role.code(), role.label())).to_vec()),
            )
            .holding(ticked.join(" "))
            .optional(),
        ],
        submit: "保存",
        ..ActionForm::default()
    }
}

/// Changes them.
pub(super) async fn change(
    state: Data<WebState>,
    request: HttpRequest,
    form: Form<Vec<(String, String)>>,
) -> Page {
    let actor = signed_in(&state, &request, Action::SetSafety.roles()).await?;
    let fields = posted(form);
    let password = PasswordRule::from_code(fields.text("rule")).ok_or(PageError::BadForm)?;
    let roles = fields.all("factor");
    let rules = Safety {
        password,
        second_factor: roles
            .iter()
            .filter_map(|code| Role::from_code(code))
            .collect(),
    };
    set_safety(&state.app, &actor, &rules, state.now()).await?;
    Ok(answer::go_to("/account-rules"))
}
