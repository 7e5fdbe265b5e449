//! What we can see and what we cannot.

use survey_design::Anonymity;

super::words! {
    privacy_head "我们能看到什么、看不到什么" "What we can see and what we cannot";
    privacy_units "被评的部门" "The departments";
    privacy_units_see "能看到：本部门汇总后的得分、各档人数、多人提到的问题，以及去掉姓名、电话、证件号、车牌后的意见。" "They see: their own scores and numbers of answers added up, problems several people named, and comments without names, telephone, identity and number-plate numbers.";
    privacy_units_not(least: u32) "看不到：谁填的、什么时候填的、某一份问卷选了什么。不足 {least} 份的数字不显示。" "They do not see: who answered, when, or what any one person chose. Numbers from fewer than {least} answers are not shown.";
    privacy_office "评价办" "The evaluation office";
    privacy_modes "每一轮用三种办法之一，从开始收集那一刻起固定（数据库拒绝改动），开始页上写明是哪一种。" "Each round is run in one of three ways, fixed from the moment it opens (the database refuses a change); the first page says which.";
    mode_open "公开链接" "Open link";
    mode_decoupled "邀请码与答案分离" "Code and answers apart";
    mode_confidential "实名保密" "Confidential, not anonymous";
    sees(what: &str) "能看到：{what}" "It sees: {what}";
    sees_not(what: &str) "看不到：{what}" "It does not see: {what}";
    open_sees "收到多少份，汇总结果，去掉个人信息后的意见。" "how many answers came, totals, and comments without personal details.";
    open_sees_not "是谁填的：这一轮谁都可以打开链接填写，没有邀请码。" "who answered: anybody may open the link, and there is no code.";
    decoupled_sees "邀请码用过没有，汇总结果，去掉个人信息后的意见。" "whether a code was used, totals, and comments without personal details.";
    decoupled_sees_not "哪一份答案是哪个邀请码填的：邀请码只记“已用过”，答案封好后成批打乱再打开。" "which answers came with which code: of a code we only note that it was used; answers are sealed, and shuffled in batches before they are opened.";
    confidential_sees "哪一份答案是哪个邀请码填的，所以知道是谁填的；这一轮不是匿名的，只是替您保密，并且只提醒还没填的人。" "which answers came with which code, so it knows who answered. This round is confidential, not anonymous, and only those who have not answered are reminded.";
    confidential_others "别人看不到：部门、公众和上级只看得到汇总结果。" "Nobody else does: departments, the public and superiors see totals only.";
    may_replace "截止以前可以用同一个邀请码再交一次，以最后一次为准。" "Until closing you may hand in again with the same code; the last one counts.";
    privacy_how "系统怎么做到" "How this is held";
    privacy_how_vault "联系方式放在另一个单独加密的库里，每一次查看都留下记录。" "Contact details lie in another, separately encrypted database; every look at them is recorded.";
    privacy_how_sealed(batch: u32, minutes: u32) "答案一提交就封好，钥匙不在数据库里，也不在备份里。够一批（至少 {batch} 份、满 {minutes} 分钟）或截止时，打乱顺序一起打开，随后毁掉钥匙；可以改交的轮次只在截止时打开。" "Answers are sealed as they are handed in; the key is neither in the database nor in its backups. When a batch is full (at least {batch} answers and {minutes} minutes), or at closing, they are shuffled, opened together, and the key is destroyed; where answers may be replaced they are opened at closing only.";
    privacy_how_opened "打开后的答案没有邀请码、没有姓名、没有填写时刻，也没有先后（实名保密的轮次除外：答案旁边留着邀请码的校验值）。" "Opened answers hold no code, no name, no time and no order (except in confidential rounds, where a check value of the code stays beside them).";
    privacy_how_signs(least: u16) "打开时记下答案可不可信的迹象，比如答得比别人快很多、同一网络一下子来了很多份、填写人自己勾了“有人教我怎么填”；迹象不会自动删掉谁的答案。旁人看得见的迹象，同一批至少 {least} 份一样才记，免得靠它认出谁。" "When answers are opened we note signs of doubtful quality: much faster than others, many from one network at once, or the person's own tick that somebody told him what to answer. No sign deletes an answer. What a bystander could see is noted only where at least {least} answers of the batch share it, so that it finds nobody.";
    privacy_how_masked "意见里的电话、证件号、车牌、邮箱，在交给部门以前先遮住。" "Telephone, identity and plate numbers and addresses in comments are masked before a department sees them.";
    privacy_how_rated "凭回执评部门的答复，只存是哪件事、您选的一档和去掉个人信息的话，不存时间，和答卷、邀请码都对不上；只给评价办核实用。" "A rating of a department's answer is kept with the matter, the level and the masked words only: no time, and nothing that leads to your answers or your code. Only the evaluation office sees it.";
    privacy_how_receipt "回执只证明收到了，不显示选了什么。" "A receipt proves that answers were received, not what they say.";
    privacy_how_nobody_else "本站没有第三方统计，不留网址来源，也不用验证码拼图。" "No third party counts visitors here, no address you came from is kept, and there are no puzzles to solve.";
    privacy_limits "有限的地方，也要说清楚" "What we cannot promise";
    privacy_limits_words "请不要在意见里写能认出您的内容，自动遮挡不能保证每一处都找到。" "Please write nothing that tells who you are; masking cannot be sure to find everything.";
    privacy_limits_server "掌握服务器的人，如果在打乱以前偷看内存、复制钥匙或整机快照，能把邀请码和答案对上；没有人偷看、复制过的，打乱以后就对不上了。毁掉钥匙是尽力而为：有的硬盘可能留有旧内容。" "Whoever controls the server and reads its memory, or copies the key or the whole machine, before the shuffle can join codes and answers; if nobody did, nobody can afterwards. Destroying a key is best effort: some disks keep old content.";
    privacy_limits_network "网络日志（何时、从哪个地址打开）由另外的单位依法保存；它能说明某个地址在某一批的时段里填过，分不出是这一批里的哪一份。" "Network logs (when, from which address) are kept elsewhere by law; they can tell that an address answered during a batch, not which answers of the batch are its own.";
    privacy_limits_backups "数据库的备份能看出哪个邀请码用过、对应哪张回执，看不出答案。发信的记录能看出邀请了谁。" "A backup of the database tells which code was used and which receipt belongs to it, not the answers. Mail logs tell who was invited.";
    privacy_limits_few "一轮只请了三个人，再怎么打乱也只有三个人可猜；很少人的一类里，很特别的答案也可能被认出来。" "Where only three people are invited, shuffling leaves three to guess from; in a small group an unusual answer may be recognised.";
}

impl crate::language::Language {
    /// Name of a mode, what the office sees in it, and what it does not see or nobody else does.
    pub(crate) fn mode(self, mode: Anonymity) -> Seen {
        match mode {
            Anonymity::Open => Seen {
                name: self.mode_open(),
                sees: self.sees(self.open_sees()),
                limit: self.sees_not(self.open_sees_not()),
                is_linked: false,
            },
            Anonymity::Decoupled => Seen {
                name: self.mode_decoupled(),
                sees: self.sees(self.decoupled_sees()),
                limit: self.sees_not(self.decoupled_sees_not()),
                is_linked: false,
            },
            Anonymity::Confidential => Seen {
                name: self.mode_confidential(),
                sees: self.sees(self.confidential_sees()),
                limit: self.confidential_others().to_owned(),
                is_linked: true,
            },
        }
    }
}

/// What the evaluation office sees in a round.
pub(crate) struct Seen {
    /// Name of the mode.
    pub name: &'static str,
    /// What it sees.
    pub sees: String,
    /// What it does not see; where it sees who answered, who else does not.
    pub limit: String,
    /// Whether it can tell who answered.
    pub is_linked: bool,
}
