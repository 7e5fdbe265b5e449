//! Codes and rounds that cannot be answered now.

super::words! {
    voluntary_line "自愿填写" "Voluntary";
    see_results "看已公布的结果" "See published results";
    back_to_start "回到开始页" "Back to the start";
    type_code "输入邀请码" "Type the invitation code";

    not_open_head "这一轮还没有开始" "This round has not opened yet";
    not_open_words "您的邀请码是有效的，请保管好。开始以后，用同一个链接就能填写。" "Keep your invitation code. Once the round opens, the same link leads to the survey.";
    closed_head "这一轮已经截止" "This round is closed";
    closed_counted "已经提交的答案都计入了结果。没来得及提交的，这一轮不再收，谢谢您的关心。" "All answers handed in are counted. Answers not handed in are no longer taken. Thank you for your interest.";
    closed_results "结果公布以后，任何人都可以在本站查看。" "Once published, the results can be seen here by anybody.";
    used_head "这个邀请码已经用过了" "This code has been used";
    used_once "每个邀请码只能提交一次，答案已经收到。" "Each code can hand in once, and the answers have been received.";
    used_query "提交时给过您一张回执，凭它可以查您的意见办得怎么样了。" "When handing in you got a receipt; with it you can see what becomes of your comments.";
    expired_head "这个邀请码过期了" "This code has expired";
    expired_words "它是另一轮评价的邀请码，那一轮已经截止，这一轮不能用。" "It was made for another round, which is closed, and cannot be used in this one.";
    expired_wait "这一轮如果抽到您，会另外发新的邀请。" "If you are drawn for this round, you get a new invitation.";
    full_head "这一轮需要的份数已经收满了" "This round has all the answers it needs";
    full_words "您的这一份没有提交，也没有留下记录。同类的答卷已经够多，谢谢您愿意花时间。" "Your answers were not handed in and nothing of them is kept: enough of the same kind have come. Thank you for your time.";
    declined_head "好的，这一次不打扰您了" "All right, we will not bother you this time";
    declined_words "我们记下了“不参加”，没有记下您是谁。这个邀请码不能再用。" "We noted \"does not take part\", not who you are. The code cannot be used any more.";
    no_round_head "没有找到这一轮评价" "There is no such round";
    no_round_words "请再核对一下邀请里的链接，或者直接输入邀请码。" "Please check the link in your invitation, or type the invitation code.";
    no_draft_head "请从邀请链接重新进来" "Please come in from your invitation again";
    no_draft_words "这台设备上没有正在填写的问卷，可能是关掉浏览器后清掉了。" "There is no open survey on this device; it may have been cleared when the browser was closed.";
    no_draft_remedy "再输入一次邀请码或续答码就行，答过的都还在。" "Type your invitation code or resume code once more; what you answered is still there.";
    help_head "有困难，请人帮您填" "Somebody can help you";
    help_words "打 12345，说“满意度测评请人帮填”，工作人员会念题给您听，您说选哪一项就行。" "Call 12345 and ask for help with the satisfaction survey: staff read the questions to you, and you say which answer you choose.";
    help_family "家人可以帮您点，但请按您自己的感受选。帮填的人看不到别人的答案。" "Family may tick for you, but the choice should be yours. Whoever helps sees nobody else's answers.";

    stop_title "不再收信" "No more letters";
    stop_head "不想再收到我们的信？" "Do you not want to hear from us again?";
    stop_words "点下面的按钮，我们以后不再给这个邮箱或手机号发邀请和提醒，以后各轮也不发。" "Press the button and we will send no more invitations and reminders to this address or number, in this round or any other.";
    stop_button "不要再发给我" "Do not write to me again";
    stop_keeps "已经收到的邀请码仍然能用。这一步不会告诉任何人您填了什么、填没填。" "The invitation code you have still works. This tells nobody what you answered, or whether you did.";
    stopped_head "好的，不再发给您" "Done. We will not write to you again";
    stopped_words "这个邮箱或手机号以后不会再收到我们的邀请和提醒。" "This address or number will get no more invitations and reminders from us.";
    stopped_undo "如果改变主意，请打 12345 告诉我们。" "If you change your mind, please call 12345.";
}
