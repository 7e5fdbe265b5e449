//! What stands on every page, and the first page.

super::words! {
    skip "跳到正文" "Skip to the content";
    skip_to_question "直接看题目" "Skip to the question";
    site "群众满意度测评" "Public satisfaction survey";
    brand(city: &str) "{city}满意度测评" "{city} satisfaction survey";
    text_size "字号" "Text size";
    size_normal "标准" "Normal";
    size_large "大字" "Large";
    size_extra_large "特大" "Largest";
    hosted_by(office: &str) "{office} 主办" "Run by {office}";
    help_link "有困难？打 12345，请人帮您填" "Need help? Call 12345 and somebody will fill it in with you";
    accessibility_link "无障碍说明" "Accessibility (in Chinese)";
    privacy_link "隐私说明" "Privacy";
    my_link "我的反馈" "My feedback";
    questions_12345 "有疑问可以打 12345。" "Questions? Call 12345.";

    start_title "开始填写" "Start";
    code_title "邀请码要再看一下" "Please check the invitation code";
    code_mistyped "没有找到这个邀请码，请对照邀请再输入一次" "We do not know this code; please compare it with your invitation and type it again";
    how_long "要多久" "How long";
    how_long_value(minutes: u16) "约 {minutes} 分钟" "About {minutes} min";
    how_many "几道题" "How many questions";
    how_many_value(questions: usize) "最多 {questions} 题，一页一题" "At most {questions}, one on each page";
    what_time "评哪段时间" "Period asked about";
    voluntary "自愿" "Voluntary";
    voluntary_value "可以不答，可以中途停下；不了解的，就选“不了解”" "You need not answer, you may stop at any time, and where you do not know you choose \"don't know\"";
    unfinished_before "这台设备上有一份没交的问卷。是您的，就" "A survey on this device has not been handed in. If it is yours, ";
    unfinished_link "接着答" "go on with it";
    unfinished_after "；不是您的，请在下面输入您自己的邀请码。" "; if not, type your own invitation code below.";
    code_label "邀请码" "Invitation code";
    code_hint "在邀请里，共 26 个字母和数字；先存过的，输 8 位续答码也行。大小写、空格、短横都不要紧。" "26 letters and digits in your invitation. If you saved your answers before, the resume code of 8 characters works too. Capitals, spaces and hyphens do not matter.";
    assisted_open "在帮别人填？" "Filling this in for somebody else?";
    assisted_words "上门或接电话的工作人员，输好对方的邀请码再点下面：每一题都有照念的话，这一份会记为“有人帮填”。" "Staff at the door or on the telephone: type the other person's code and choose the button below. Each question has a script to read, and the answers are noted as assisted.";
    assisted_button "开始帮别人填" "Start filling in for somebody";
    start "开始填写" "Start";
    start_wait "请稍等几秒…" "One moment…";
    sum_title "先算一道加法" "First, a small sum";
    sum_words "这个链接谁都能打开，算一道题，机器就没法成批乱填。和您评什么没有关系。" "Anybody can open this link; a small sum keeps machines from filling it in by the thousand. It has nothing to do with your answers.";
    sum_question(first: u8, second: u8) "{first} 加 {second} 等于几？" "What is {first} plus {second}?";
    sum_hint "只填数字，比如 7。" "A number only, such as 7.";
    sum_wrong "不对，请算算这一道" "That was not right; please try this one";
    sum_go_on "继续" "Go on";
    who_sees "被评的部门能看到什么" "What the departments can see";
    who_sees_yes "能看到：汇总以后的得分和人数，以及去掉姓名、电话后的意见。" "They see: scores and numbers of people added up, and comments without names and telephone numbers.";
    who_sees_no "看不到：是谁填的、什么时候填的、某一个人选了什么。" "They do not see: who answered, when, or what any one person chose.";
    office_sees "评价办能看到什么" "What the evaluation office can see";
    who_sees_more "我们能看到什么、看不到什么" "What we can see and what we cannot";
    decline_open "不想参加？" "You do not want to take part?";
    decline_words "不参加没有任何影响，也不会再发这一轮的邀请。" "Nothing happens if you do not, and you get no more invitations to this round.";
    decline_button "不参加这一次" "Not this time";
}
