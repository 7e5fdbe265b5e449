//! What the actions of the audit log are called.

use storage::audit_log::AuditEvent;

/// Every action by its stored name.
pub(super) const ACTIONS: [(&str, &str); 102] = [
    ("create_round", "建立轮次"),
    ("draw_sample", "抽样"),
    ("release_replicate", "启用候补样本"),
    ("open_round", "开始收集"),
    ("close_round", "截止"),
    ("propose_exclusion", "提出剔除答卷"),
    ("exclude_ballots", "剔除答卷"),
    ("decline_exclusion", "不同意剔除答卷"),
    ("score_round", "算分"),
    ("start_unit_check", "通知核对"),
    ("file_appeal", "提出申诉"),
    ("review_appeal", "复核申诉"),
    ("freeze_round", "固化"),
    ("issue_letters", "发反馈函"),
    ("sign_letter", "签收反馈函"),
    ("open_letter", "打开反馈函"),
    ("print_letter", "打印反馈函"),
    ("download_letter", "下载反馈函"),
    ("trace_letter", "查反馈函取阅编号"),
    ("set_mailbox", "登记提醒邮箱"),
    ("remind_letters", "提醒签收反馈函"),
    ("make_matters", "归并意见、立项"),
    ("confirm_group", "归并意见、立项"),
    ("review_words", "看意见原文"),
    ("change_kind", "改意见类别"),
    ("read_clues", "查看问题线索"),
    ("assign_matter", "交办事项"),
    ("merge_matters", "合并事项"),
    ("split_matter", "拆分事项"),
    ("step_matter", "办理事项"),
    ("call_problem", "叫号"),
    ("promise_problem", "承诺限期解决"),
    ("close_problem", "销号"),
    ("step_bad_rating", "办理差评"),
    ("draw_callbacks", "抽取回访"),
    ("record_calls", "登记回访"),
    ("add_evidence", "上传证明材料"),
    ("withdraw_evidence", "撤回证明材料"),
    ("open_evidence", "查看证明材料"),
    ("propose_publication", "报请公布"),
    ("review_publication", "审查通报"),
    ("publish_round", "批准公布"),
    ("release_publication", "公开通报"),
    ("send_back_publication", "退回通报"),
    ("ask_correction", "报请更正"),
    ("decide_correction", "决定更正"),
    ("push_results", "推送结果"),
    ("import_ratings", "导入文件"),
    ("import", "导入文件"),
    ("undo_import", "撤销导入"),
    ("upload", "上传文件"),
    ("approve_upload", "核准文件入库"),
    ("withdraw_upload", "退回上传的文件"),
    ("map_upload", "对应文件的列"),
    ("recheck_upload", "重新检查文件"),
    ("take_out_upload", "下载上传的文件"),
    ("register_spelling", "登记单位名称的写法"),
    ("end_spelling", "停用单位名称的写法"),
    ("import_pool", "导入样本库"),
    ("rate_pairing", "结对评议"),
    ("sign_in", "登录"),
    ("sign_in_provider", "用统一身份认证登录"),
    ("link_identity", "关联统一身份认证"),
    ("confirm_link", "确认关联统一身份认证"),
    ("unlink_identity", "解除关联统一身份认证"),
    ("add_account", "新增账号"),
    ("make_source", "发给来源系统密钥"),
    ("end_source", "停用来源系统密钥"),
    ("change_callback", "换来源系统的回调地址"),
    ("load_world", "装入城市模板"),
    ("propose_branch", "提出指标改动"),
    ("approve_branch", "核准指标改动"),
    ("send_back_branch", "退回指标改动"),
    ("withdraw_branch", "撤回指标改动"),
    ("set_branch", "指定账号牵头的指标"),
    ("remind", "催办"),
    ("retry_letter", "重发没有送到的信"),
    ("letters_printed", "打印纸质信"),
    ("show_letters", "查看纸质信"),
    ("set_quota", "改配额"),
    ("clear_fault", "清除磁盘故障标记"),
    ("sign_in_code", "登录时输入验证码"),
    ("sign_out", "退出登录"),
    ("prove", "再次验证身份"),
    ("change_password", "改密码"),
    ("end_own_session", "退出自己的一台设备"),
    ("end_other_sessions", "退出自己的其他设备"),
    ("begin_second_factor", "开始设置动态码"),
    ("confirm_second_factor", "启用动态码"),
    ("remove_second_factor", "停用动态码"),
    ("use_recovery_code", "使用恢复码"),
    ("close_account", "停用账号"),
    ("open_account", "重新启用账号"),
    ("first_password_again", "重发初始口令"),
    ("end_sessions", "退出别人的登录"),
    ("confirm_role", "确认角色"),
    ("change_role", "改角色"),
    ("reset_second_factor", "取消别人的动态码"),
    ("set_safety", "改密码规则"),
    ("export_audit", "导出审计记录"),
    ("restore_backup", "从备份恢复"),
    ("give_up_batch", "放弃密钥已失的一批答卷"),
];

/// What an event is called, and that it was refused where it was.
pub(crate) fn action_label(event: &AuditEvent) -> String {
    let found = ACTIONS.iter().find(|(code, _)| *code == event.action);
    let label = found.map_or(event.action.as_str(), |(_, label)| *label);
    match event.outcome.as_str() {
        "done" => label.to_owned(),
        _ => format!("{label}（没有通过）"),
    }
}

#[cfg(test)]
mod tests {
    use super::ACTIONS;
    use std::collections::BTreeSet;

    #[test]
    fn no_action_is_listed_twice() {
        let codes: BTreeSet<_> = ACTIONS.iter().map(|(code, _)| code).collect();

        assert_eq!(codes.len(), ACTIONS.len());
    }
}
