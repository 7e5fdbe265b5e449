//! Rules of a round: weights, ruler, limits and deadlines agree with one another.

use super::{
    Findings, Template, calendar,
    numbers::{on_ruler, percentage, share, sums_to_hundred},
    rule::Rule,
};
use crate::{
    ChannelWeights, Deadlines, DrawMethod, GroupDesign, ImportQualityRules, MinimumN, MixingRules,
    QualityRules, RectificationRules, Ruler, Rules, SampleRules, TemplateKind,
};
use vocabulary::{Channel, Weight};

impl Template for Rules {
    const KIND: TemplateKind = TemplateKind::Rules;

    fn check(&self, findings: &mut Findings) {
        weights(self, findings);
        ruler(&self.ruler, findings);
        minimum(&self.minimum_n, &self.channel_weights, findings);
        shares(self, findings);
        deadlines(&self.deadlines, findings);
        complexity(&self.rectification, findings);
        sample(&self.sample, findings);
        mixing(self.mixing, findings);
        annual(self, findings);
        import_quality(&self.import_quality, findings);
        signs(&self.quality, findings);
        calendar::check(&self.calendar, "/calendar", findings);
    }
}

fn weights(rules: &Rules, findings: &mut Findings) {
    let channels = &rules.channel_weights;
    let maps = [
        ("/channel_weights/general", &channels.general),
        (
            "/channel_weights/enterprise_facing",
            &channels.enterprise_facing,
        ),
    ];
    for (pointer, map) in maps {
        sums_to_hundred(map.values(), pointer, Rule::ChannelWeightSum, findings);
    }
    let enterprise = channels.general.get(&Channel::Enterprise);
    if enterprise.is_some_and(|weight| weight.steps() != 0) {
        let pointer = "/channel_weights/general/enterprise";
        findings.add(pointer, Rule::GeneralEnterprise, "一般部门不计企业评议");
    }
    let groups = rules.group_weights.0.values();
    sums_to_hundred(groups, "/group_weights", Rule::GroupWeightSum, findings);
    for (pointer, parts) in parts(rules) {
        sums_to_hundred(parts, pointer, Rule::PartWeightSum, findings);
    }
}

/// The indices that are put together from weighted parts.
fn parts(rules: &Rules) -> [(&'static str, Vec<&Weight>); 4] {
    let (hall, hotline) = (&rules.hall_index, &rules.hotline_index);
    let (pairing, account) = (&rules.pairing, &rules.rectification);
    let account = vec![
        &account.on_time,
        &account.closed_first_time,
        &account.verified_satisfaction,
        &account.list_quality,
    ];
    [
        (
            "/hall_index",
            vec![&hall.level, &hall.active, &hall.closing_loop],
        ),
        (
            "/hotline_index",
            vec![&hotline.on_time, &hotline.resolution, &hotline.satisfaction],
        ),
        ("/pairing", vec![&pairing.levels, &pairing.evidence]),
        ("/rectification", account),
    ]
}

fn ruler(ruler: &Ruler, findings: &mut Findings) {
    let points = ruler.points();
    let falls = points.windows(2).all(|pair| pair[0] > pair[1]);
    if !falls || !points.into_iter().all(on_ruler) {
        findings.add(
            "/ruler",
            Rule::RulerOrder,
            "五个等次的分值没有从高到低递减，或超出 0 到 100",
        );
    }
}

fn minimum(minimum: &MinimumN, weights: &ChannelWeights, findings: &mut Findings) {
    let limits = [
        ("group", minimum.group),
        ("bracketed", minimum.bracketed),
        ("shown", minimum.shown),
        ("ranked", minimum.ranked),
        ("rolling_quarters", minimum.rolling_quarters),
        ("hall_cases", minimum.hall_cases),
        ("hotline_orders", minimum.hotline_orders),
        ("pairing_raters", minimum.pairing_raters),
        ("pairing_bodies", minimum.pairing_bodies),
        ("enterprises", minimum.enterprises),
        ("opinions", minimum.opinions),
        ("channels", minimum.channels),
    ];
    for (name, _) in limits.into_iter().filter(|(_, limit)| *limit == 0) {
        findings.add(format!("/minimum_n/{name}"), Rule::MinimumOrder, "界限为 0");
    }
    if minimum.bracketed > minimum.shown || minimum.shown > minimum.ranked {
        let MinimumN {
            bracketed,
            shown,
            ranked,
            ..
        } = minimum;
        let message = format!("加括号 {bracketed}、公布 {shown}、排名 {ranked} 的次序不对");
        findings.add("/minimum_n", Rule::MinimumOrder, message);
    }
    let live = |map: &std::collections::BTreeMap<Channel, Weight>| {
        map.values().filter(|weight| weight.steps() > 0).count()
    };
    let fewest = live(&weights.general).min(live(&weights.enterprise_facing));
    if usize::try_from(minimum.channels).is_ok_and(|least| least > fewest) {
        let message = format!(
            "至少要 {} 个渠道，但有权重的只有 {fewest} 个",
            minimum.channels
        );
        findings.add("/minimum_n/channels", Rule::TooFewChannels, message);
    }
    percentage(
        minimum.weight_covered,
        "/minimum_n/weight_covered",
        findings,
    );
}

fn shares(rules: &Rules, findings: &mut Findings) {
    share(rules.dont_know_limit, "/dont_know_limit", findings);
    share(
        rules.hall_index.active_target,
        "/hall_index/active_target",
        findings,
    );
    share(rules.bands.confidence, "/bands/confidence", findings);
    share(
        rules.bands.false_discovery_rate,
        "/bands/false_discovery_rate",
        findings,
    );
    share(rules.judge.blank_share, "/judge/blank_share", findings);
    let (quality, merging) = (&rules.quality, &rules.merging);
    for (name, value) in [
        ("quality/fast_share", quality.fast_share),
        ("quality/match_quantile", quality.match_quantile),
        ("quality/second_person_above", quality.second_person_above),
        ("merging/alike_from", merging.alike_from),
        ("merging/other_place", merging.other_place),
    ] {
        share(value, &format!("/{name}"), findings);
    }
    if rules.bands.stream_overdispersion.steps() < Weight::SCALE {
        let pointer = "/bands/stream_overdispersion";
        findings.add(pointer, Rule::NumberNotExact, "方差放大倍数不能小于 1");
    }
    if rules.bands.materiality.steps() < 0 {
        findings.add(
            "/bands/materiality",
            Rule::NegativeWeight,
            "分档的最小差距小于 0",
        );
    }
}

fn deadlines(deadlines: &Deadlines, findings: &mut Findings) {
    let limits = [
        ("objection_decision", deadlines.objection_decision),
        ("letter", deadlines.letter),
        ("sign", deadlines.sign),
        ("return_matter", deadlines.return_matter),
        ("plan", deadlines.plan),
        ("rectify_simple", deadlines.rectify_simple),
        ("rectify_ordinary", deadlines.rectify_ordinary),
        ("rectify_complex", deadlines.rectify_complex),
        ("extension", deadlines.extension),
        ("verify", deadlines.verify),
        ("call_interval", deadlines.call_interval),
        ("publication", deadlines.publication),
        ("approval", deadlines.approval),
    ];
    for (name, _) in limits.into_iter().filter(|(_, limit)| limit.0 == 0) {
        findings.add(
            format!("/deadlines/{name}"),
            Rule::DeadlineOrder,
            "时限为 0 个工作日",
        );
    }
    bad_rating(deadlines, findings);
    let classes = [
        deadlines.rectify_simple,
        deadlines.rectify_ordinary,
        deadlines.rectify_complex,
    ];
    if !classes.is_sorted() {
        findings.add(
            "/deadlines",
            Rule::DeadlineOrder,
            "简单、一般、复杂三档整改时限没有依次增加",
        );
    }
}

/// Whoever contacts within the limit must have days left to rectify.
fn bad_rating(deadlines: &Deadlines, findings: &mut Findings) {
    if deadlines.contact_bad_rating.0 == 0 {
        let message = "联系差评人的时限为 0 天";
        findings.add(
            "/deadlines/contact_bad_rating",
            Rule::DeadlineOrder,
            message,
        );
    }
    if deadlines.rectify_bad_rating <= deadlines.contact_bad_rating {
        let message = "差评整改的时限不长于联系差评人的时限";
        findings.add(
            "/deadlines/rectify_bad_rating",
            Rule::DeadlineOrder,
            message,
        );
    }
}

fn complexity(rules: &RectificationRules, findings: &mut Findings) {
    if rules.ordinary_from > rules.complex_from {
        let message = format!(
            "一般事项从 {} 条意见起，复杂事项从 {} 条起，次序不对",
            rules.ordinary_from, rules.complex_from
        );
        findings.add("/rectification/complex_from", Rule::DeadlineOrder, message);
    }
}

fn sample(sample: &SampleRules, findings: &mut Findings) {
    for (group, _) in sample.quota.iter().filter(|(_, people)| **people == 0) {
        let message = format!("{}抽 0 人", group.label());
        findings.add(
            format!("/sample/quota/{}", group.code()),
            Rule::SampleSize,
            message,
        );
    }
    if sample.units_per_person == 0 {
        findings.add(
            "/sample/units_per_person",
            Rule::SampleSize,
            "每人评价 0 个部门",
        );
    }
    if sample.reserve_replicates > SampleRules::MOST_RESERVES {
        let message = format!("候补样本 {} 组", sample.reserve_replicates);
        findings.add("/sample/reserve_replicates", Rule::SampleDesign, message);
    }
    for (group, design) in &sample.designs {
        let pointer = format!("/sample/designs/{}", group.code());
        group_design(design, &pointer, findings);
    }
}

fn group_design(design: &GroupDesign, pointer: &str, findings: &mut Findings) {
    if design
        .maximum
        .is_some_and(|most| most < design.minimum.max(1))
    {
        let pointer = format!("{pointer}/maximum");
        findings.add(pointer, Rule::SampleDesign, "每层人数上限小于下限");
    }
    if let DrawMethod::TwoStage {
        people_per_community: 0,
    } = design.method
    {
        let pointer = format!("{pointer}/method/two_stage/people_per_community");
        findings.add(pointer, Rule::SampleDesign, "每个社区（村）抽 0 人");
    }
    if design.allocation.needs_spread() && design.spread.is_empty() {
        let message = format!("{}需要各层的均值和标准差", design.allocation.label());
        findings.add(format!("{pointer}/spread"), Rule::SampleDesign, message);
    }
    for (stratum, spread) in &design.spread {
        if spread.sd.steps() <= 0 || spread.mean.steps() <= 0 {
            let pointer = format!("{pointer}/spread/{stratum}");
            findings.add(pointer, Rule::SampleDesign, "均值或标准差不大于 0");
        }
    }
}

fn mixing(mixing: MixingRules, findings: &mut Findings) {
    if mixing.at_least < 10 {
        let message = format!("一批 {} 份就拆封", mixing.at_least);
        findings.add("/mixing/at_least", Rule::MixTooSmall, message);
    }
}

/// One answer alone is neither a straight line nor alike, and one ballot alone is found by what was seen.
fn signs(quality: &QualityRules, findings: &mut Findings) {
    for (name, least) in [
        ("straight_line_from", quality.straight_line_from),
        ("match_from", quality.match_from),
        ("seen_from", quality.seen_from),
        ("same_words_from", quality.same_words_from),
    ] {
        if least < 2 {
            let message = format!("从 {least} 起就算迹象，太少");
            findings.add(format!("/quality/{name}"), Rule::SignTooEarly, message);
        }
    }
}

fn import_quality(quality: &ImportQualityRules, findings: &mut Findings) {
    for (name, points) in [
        ("completeness", quality.completeness),
        ("content", quality.content),
        ("timeliness", quality.timeliness),
        ("stability", quality.stability),
        ("each_day_late", quality.each_day_late),
        ("each_wrong_total", quality.each_wrong_total),
        ("each_changed_column", quality.each_changed_column),
    ] {
        if points.steps() < 0 {
            let pointer = format!("/import_quality/{name}");
            findings.add(pointer, Rule::NegativeWeight, format!("{points} 分小于 0"));
        }
    }
}

fn annual(rules: &Rules, findings: &mut Findings) {
    let annual = &rules.annual;
    percentage(annual.social_share, "/annual/social_share", findings);
    let one = Weight::whole(1);
    let ordered = annual.multiplier_low <= one && one <= annual.multiplier_high;
    if !ordered || annual.multiplier_low.steps() < 0 || annual.multiplier_slope.steps() < 0 {
        findings.add("/annual", Rule::Multiplier, "考核系数的上下限或斜率不对");
    }
}
