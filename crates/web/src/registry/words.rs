//! What is said of a problem and its calls; a colour never stands alone.

use crate::wording;
use rectification::{Call, Light, ProblemStage, ProblemState};

/// Style of the mark of a state.
pub const fn pill(stage: ProblemStage) -> &'static str {
    match stage {
        ProblemStage::Registered => "",
        ProblemStage::Called => "st--q",
        ProblemStage::ReRegistered | ProblemStage::PlannedClose => "st--a",
        ProblemStage::Escalated => "st--r",
        ProblemStage::Closed => "st--g",
    }
}

/// Style of the mark of a light.
pub const fn lamp(light: Light) -> &'static str {
    match light {
        Light::Green => "st--g",
        Light::Yellow => "st--a",
        Light::Red => "st--r",
    }
}

/// The light a call showed.
pub const fn showed(light: Light) -> &'static str {
    match light {
        Light::Green => "绿灯",
        Light::Yellow => "黄灯，叫号晚于约定",
        Light::Red => "红灯，拖延或者拒办",
    }
}

/// What comes next, and when.
pub fn next(state: &ProblemState) -> String {
    match state {
        ProblemState::Registered { next_call } => format!("首次叫号 {}", wording::day(*next_call)),
        ProblemState::Called { next_call } | ProblemState::ReRegistered { next_call } => {
            format!("下次叫号 {}", wording::day(*next_call))
        }
        ProblemState::PlannedClose { until, .. } => {
            format!("承诺 {} 前解决", wording::day(*until))
        }
        ProblemState::Escalated { since } => {
            format!("{} 起由派驻组督办", wording::day(*since))
        }
        ProblemState::Closed { on, .. } => format!("{} 销号", wording::day(*on)),
    }
}

/// The light and the days that are left.
pub fn stands(light: Light, days_left: i32) -> String {
    match days_left {
        ..0 => format!("{}，过了 {} 个工作日", light.label(), -days_left),
        0 if light == Light::Red => light.label().to_owned(),
        0 => format!("{}，就在今天", light.label()),
        _ => format!("{}，还有 {days_left} 个工作日", light.label()),
    }
}

/// The calls so far in one line.
pub fn calls(calls: &[Call], re_registrations: u16) -> String {
    let Some(last) = calls.last() else {
        return "还没有叫过号".to_owned();
    };
    let again = match re_registrations {
        0 => String::new(),
        times => format!("，复号 {times} 次"),
    };
    format!(
        "叫号 {} 次{again}，最近一次 {}",
        calls.len(),
        wording::day(last.on)
    )
}
