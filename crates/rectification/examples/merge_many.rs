//! Proposes what to join among many invented opinions and says how long it took: `merge_many [opinions]`, 20,000 if left out.

use rectification::propose_merges;
use std::collections::BTreeMap;
use std::time::Instant;
use survey_design::MergeRules;
use vocabulary::{NotExact, OpinionId, Weight};

const PLACES: [&str; 12] = [
    "解放",
    "建设",
    "云溪",
    "清河",
    "石榴",
    "梧桐",
    "落霞",
    "青松",
    "月亮湾",
    "柳岸",
    "翠湖",
    "大溪",
];
const KINDS: [&str; 5] = ["路", "巷", "小区", "社区", "村"];
const MATTERS: [&str; 16] = [
    "路灯不亮",
    "垃圾没人清理",
    "广场舞噪音扰民",
    "下水道堵塞污水外溢",
    "电梯经常坏物业不修",
    "停车位太少停车难",
    "夜市油烟呛人",
    "工地夜间施工扬尘大",
    "井盖破损有危险",
    "公交车班次太少",
    "绿化带被占用种菜",
    "自来水发黄有异味",
    "网络信号差",
    "快递柜被堵住",
    "流浪狗很多咬人",
    "健身器材生锈",
];
const WORDS: [&str; 24] = [
    "晚上",
    "老人",
    "孩子",
    "上班",
    "害怕",
    "半个月",
    "一直",
    "打电话",
    "推诿",
    "拖延",
    "臭气",
    "影响",
    "休息",
    "出行",
    "安全",
    "雨天",
    "夏天",
    "隔壁",
    "楼上",
    "业主",
    "商户",
    "学生",
    "家长",
    "司机",
];

/// The `index`th opinion, mixed by a multiplication: place and matter, and the text with three words beside them.
fn opinion(index: usize) -> (String, String) {
    let mut mixed = index.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut pick = |from: &'static [&'static str]| {
        mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        from[(mixed >> 33) % from.len()]
    };
    let (place, kind, matter) = (pick(&PLACES), pick(&KINDS), pick(&MATTERS));
    let about = format!("{place}{kind}{matter}");
    let text = format!(
        "{about}，{}{}，请处理，{}",
        pick(&WORDS),
        pick(&WORDS),
        pick(&WORDS)
    );
    (about, text)
}

/// Pairs of opinions among so many.
const fn pairs(count: usize) -> usize {
    count * count.saturating_sub(1) / 2
}

fn main() -> Result<(), NotExact> {
    let count = std::env::args()
        .nth(1)
        .and_then(|count| count.parse().ok())
        .unwrap_or(20_000);
    let rules = MergeRules {
        alike_from: Weight::parse("0.3")?,
        other_place: Weight::parse("0.4")?,
    };
    let started = Instant::now();
    let _ = propose_merges(&[("O".into(), "路灯".to_owned())], rules);
    println!("dictionary: {} ms", started.elapsed().as_millis());
    let (about, opinions): (Vec<String>, Vec<_>) = (0..count)
        .map(opinion)
        .enumerate()
        .map(|(index, (about, text))| (about, (OpinionId::new(index.to_string()), text)))
        .unzip();
    let started = Instant::now();
    let proposals = propose_merges(&opinions, rules);
    println!(
        "{count} opinions: {} ms, {} proposals",
        started.elapsed().as_millis(),
        proposals.len()
    );
    let about_of = |id: &OpinionId| about[id.as_str().parse::<usize>().unwrap_or(0)].as_str();
    let (mut found, mut right) = (0, 0);
    for proposal in &proposals {
        let mut matters = BTreeMap::<&str, usize>::new();
        let members = proposal.members.iter().map(|member| &member.opinion);
        for id in members.chain([&proposal.leader]) {
            *matters.entry(about_of(id)).or_default() += 1;
        }
        found += pairs(proposal.members.len() + 1);
        right += matters.into_values().map(pairs).sum::<usize>();
    }
    println!("{found} pairs of opinions proposed, {right} of one matter at one place");
    Ok(())
}
