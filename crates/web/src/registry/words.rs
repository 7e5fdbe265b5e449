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
            format!("承诺 {}前解决", wording::day(*until))
        }
        ProblemState::Escalated { since } => {
            format!("{}起由派驻组督办", wording::day(*since))
        }
        ProblemState::Closed { on, .. } => format!("{}销号", wording::day(*on)),
    }
}

/// The days that are left, as the lists of matters say them.
pub fn stands(light: Light, days_left: i32) -> String {
    match (light, days_left) {
        (Light::Red, ..0) => format!("超期 {} 个工作日", -days_left),
        (Light::Red, _) => light.label().to_owned(),
        (_, 0) => "今天到期".to_owned(),
        _ => format!("剩 {days_left} 个工作日"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_left_are_said_and_a_rest_day_after_the_limit_is_late() {
        assert_eq!(stands(Light::Green, 14), "剩 14 个工作日");
        assert_eq!(stands(Light::Yellow, 2), "剩 2 个工作日");
        assert_eq!(stands(Light::Yellow, 0), "今天到期");
        assert_eq!(stands(Light::Red, 0), "已超期");
        assert_eq!(stands(Light::Red, -3), "超期 3 个工作日");
    }

    #[test]
    fn calls_are_counted_with_the_day_of_the_last() {
        let call = |day: &str, light| Call {
            on: day.parse().unwrap(),
            light,
            note: "看过".into(),
        };
        let two = [
            call("2026-10-12", Light::Green),
            call("2026-10-26", Light::Red),
        ];

        assert_eq!(calls(&[], 0), "还没有叫过号");
        assert_eq!(calls(&two[..1], 0), "叫号 1 次，最近一次 10 月 12 日");
        assert_eq!(calls(&two, 1), "叫号 2 次，复号 1 次，最近一次 10 月 26 日");
    }
}
