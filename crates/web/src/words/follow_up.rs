//! After handing in: the receipt, and what became of it.

super::words! {
    receipt_title "收到了，请留好回执" "Received: keep your receipt";
    receipt_head "收到了，谢谢您" "Received. Thank you";
    receipt_words "请截屏或拍下这张回执。以后凭它可以查到您的意见办得怎么样了，也可以核验答卷确实收到了；不需要姓名和手机号，也看不出您选了什么。" "Please take a screenshot or photo of this receipt. With it you can see what becomes of your comments and check that your answers were received; no name or number is needed, and it does not tell what you chose.";
    query_code "回执码" "Receipt code";
    receipt_keep "扫方块码，或输入回执码，都能查" "Scan the square or type the code to look it up";
    receipt_square "回执的方块码" "The receipt as a square code";
    what_next "接下来" "What happens next";
    received_on(day: &str) "{day}：已收到" "{day}: received";
    kept_open "没有邀请码，答案封着存放" "There is no invitation code; your answers are kept sealed";
    kept_decoupled "答案已经封好，和邀请码分开存放" "Your answers are sealed and kept apart from the invitation code";
    kept_confidential "答案已经封好，截止后只有评价办知道是您填的" "Your answers are sealed; after closing only the evaluation office knows they are yours";
    next_added_up "截止以后汇总" "Added up after closing";
    next_added_up_when(day: &str) "{day}以后；答案成批打乱顺序再打开" "After {day}; answers are shuffled in batches before they are opened";
    next_published "公布结果" "Results published";
    next_published_when "两个人批准以后，在本站公布" "On this site, after two people have approved";
    next_comments "您写的意见" "Your comments";
    next_comments_when "去掉个人信息后转给部门，限期答复，凭回执看进展" "Passed on without personal details; the department must answer in time, and the receipt shows how far it is";
    look_up_with_code "用回执查进展" "Look it up with the receipt";
    bookmark_before "想以后一点就查？长按收藏" "To look it up with one touch later, bookmark ";
    bookmark_link "这个链接" "this link";
    bookmark_after "（里面有回执码，别转发）。" " (it holds the code; do not pass it on).";
    code_shown_once "回执只在这一页显示一次，丢了不能补发；至少一年有效。" "The receipt is shown on this page only and cannot be sent again; it works for at least a year.";
    check_received "核验答卷是否收到" "Check that your answers were received (in Chinese)";

    my_title "我的反馈：用回执查进展" "My feedback: look it up with the receipt";
    my_line "不用登录" "No sign-in";
    not_found_title "没有查到：我的反馈" "Not found: my feedback";
    not_found "没有查到" "Not found";
    not_found_words "没有这张回执，请对照提交时记下的再输入一次" "We do not know this receipt; please compare it with what you wrote down and type it again";
    my_head "我的反馈，办得怎么样了" "What became of my feedback";
    my_hint "不用登录。输入提交时给您的回执码，或扫描回执上的方块码。" "No sign-in. Type the receipt code you got when handing in, or scan the square.";
    query_code_hint "26 个字母和数字。大小写、空格、短横都不要紧。" "26 letters and digits. Capitals, spaces and hyphens do not matter.";
    look_up "查进展" "Look it up";
    code_is_not_you_head "回执不是身份" "The receipt is not you";
    code_is_not_you "它只对应您写下的意见，不对应您这个人；别人的原文在这里看不到。" "It belongs to what you wrote, not to who you are; nobody else's words are shown here.";
    found_title(heading: &str) "我的反馈：{heading}" "My feedback: {heading}";
    found_line(code: &str, round: &str) "回执码 {code}，{round}" "Receipt code {code}, {round}";
    counted "已计入公布的结果" "Counted in the published results";
    received "已收到" "Received";
    counted_step "计入公布的结果" "Counted in the published results";
    waiting_step "截止后汇总、公布" "To be added up and published after closing";
    not_published "还没有公布" "Not published yet";
    you_wrote "您写的：" "You wrote: ";
    only_ticked "只勾选了原因，没有写字。" "Reasons ticked, nothing written.";
    unit_unknown "还在确定由哪个部门办" "We are finding out which department will act";
    story(unit: &str, stage: &str) "{unit}：{stage}" "{unit}: {stage}";
    same_problem(others: u64) "和您反映相同问题的还有 {others} 位。" "Others who reported the same problem: {others}.";
    unit_replied "部门的答复：" "The department's answer: ";
    another_code "查另一张回执" "Look up another receipt";
    check_this "核验这张回执" "Check this receipt (in Chinese)";

    step_assign "已转给部门" "Passed on to the department";
    step_sign "部门已签收" "The department has taken it on";
    step_plan "部门提出了整改办法" "The department has proposed what to do";
    step_approve "正在办" "Work is under way";
    step_extension "同意延期一次" "More time was granted, once";
    step_report "部门已答复" "The department has answered";
    step_verify "评价办已核实" "The evaluation office has checked";
    step_close "已办结" "Closed";
    step_fail "核实没有解决，继续督办" "Checked and not solved; we keep after it";
}
