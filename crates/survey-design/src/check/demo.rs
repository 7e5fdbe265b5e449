//! A demonstration: shares between 0 and 1, spans in order, all four groups in the library.

use super::{Findings, Template, numbers::share, rule::Rule};
use crate::{DemoWorld, Span, TemplateKind};
use vocabulary::{RaterGroup, Weight};

impl Template for DemoWorld {
    const KIND: TemplateKind = TemplateKind::Demo;

    fn check(&self, findings: &mut Findings) {
        pool(self, findings);
        for (pointer, value) in shares(self) {
            share(value, pointer, findings);
        }
        for (pointer, span) in spans(self) {
            if span.low > span.high {
                let message = format!("{} 大于 {}", span.low, span.high);
                findings.add(pointer, Rule::SpanOrder, message);
            }
        }
        for (pointer, empty) in lists(self) {
            if empty {
                findings.add(pointer, Rule::NothingListed, "一个也没有列");
            }
        }
    }
}

fn pool(demo: &DemoWorld, findings: &mut Findings) {
    for group in RaterGroup::ALL {
        if !demo.pool.contains_key(&group) {
            let message = format!("样本库里没有{}", group.label());
            findings.add("/pool", Rule::PoolTooSmall, message);
        }
    }
    for (group, members) in &demo.pool {
        let pointer = format!("/pool/{}", group.code());
        for (name, value) in [
            ("response", members.response),
            ("refuse", members.refuse),
            ("dont_know", members.dont_know),
        ] {
            share(value, &format!("{pointer}/{name}"), findings);
        }
        if members
            .response
            .steps()
            .saturating_add(members.refuse.steps())
            > Weight::SCALE
        {
            findings.add(
                pointer,
                Rule::SharesTooLarge,
                "应答和拒答加起来超过全部受邀人",
            );
        }
    }
}

fn shares(demo: &DemoWorld) -> [(&'static str, Weight); 17] {
    let (behaviour, hall, hotline) = (&demo.behaviour, &demo.hall, &demo.hotline);
    let (pairing, enterprises) = (&demo.pairing, &demo.enterprises);
    [
        (
            "/behaviour/all_very_satisfied",
            behaviour.all_very_satisfied,
        ),
        ("/behaviour/comment", behaviour.comment),
        ("/behaviour/pause", behaviour.pause),
        ("/hall/active", hall.active),
        ("/hall/duplicates", hall.duplicates),
        ("/hall/contacted", hall.contacted),
        ("/hall/rectified", hall.rectified),
        ("/hall/follow_up_good", hall.follow_up_good),
        ("/hotline/on_time", hotline.on_time),
        ("/hotline/resolved", hotline.resolved),
        ("/hotline/no_statement", hotline.no_statement),
        ("/hotline/duplicates", hotline.duplicates),
        ("/hotline/with_phone", hotline.with_phone),
        ("/pairing/solved", pairing.solved),
        ("/pairing/dont_know", pairing.dont_know),
        ("/enterprises/response", enterprises.response),
        ("/enterprises/served", enterprises.served),
    ]
}

const fn spans(demo: &DemoWorld) -> [(&'static str, Span); 5] {
    [
        (
            "/behaviour/seconds_per_question",
            demo.behaviour.seconds_per_question,
        ),
        ("/hall/cases", demo.hall.cases),
        ("/hotline/orders", demo.hotline.orders),
        ("/pairing/matters", demo.pairing.matters),
        ("/enterprises/units_each", demo.enterprises.units_each),
    ]
}

fn lists(demo: &DemoWorld) -> [(&'static str, bool); 9] {
    let names = &demo.names;
    [
        ("/hall/matters", demo.hall.matters.is_empty()),
        ("/hotline/topics", demo.hotline.topics.is_empty()),
        ("/comments", demo.comments.is_empty()),
        ("/names/family", names.family.is_empty()),
        ("/names/given", names.given.is_empty()),
        ("/names/counties", names.counties.is_empty()),
        ("/names/streets", names.streets.is_empty()),
        ("/names/firms", names.firms.is_empty()),
        ("/names/trades", names.trades.is_empty()),
    ]
}
