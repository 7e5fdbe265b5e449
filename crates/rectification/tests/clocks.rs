//! Every limit of the shipped rules from every day of 2025 and 2026, against a second computation written another way.
//!
//! The second computation reads the file as plain JSON, writes all working days of three years into one list and counts by
//! position in it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use chrono::{Days, NaiveDate};
use rectification::{Light, light};
use serde_json::Value;
use std::collections::BTreeSet;
use survey_design::{Rules, parse_rules};
use vocabulary::WorkingDays;

const FILE: &str = include_str!("../../../survey-templates/rules/yunxi-2026.json");

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rules() -> Rules {
    parse_rules(FILE.as_bytes()).unwrap()
}

fn json() -> Value {
    serde_json::from_str(FILE).unwrap()
}

fn days_of(list: &Value) -> BTreeSet<NaiveDate> {
    let days = list.as_array().unwrap().iter();
    days.map(|text| day(text.as_str().unwrap())).collect()
}

/// All working days from December 2024 to the end of 2027, in order.
fn working_days() -> Vec<NaiveDate> {
    let calendar = &json()["calendar"];
    let (off, on) = (
        days_of(&calendar["holidays"]),
        days_of(&calendar["make_up_days"]),
    );
    let monday = day("2024-12-02");
    let week = |number: u64| {
        let first = monday + Days::new(number * 7);
        (0..5).map(move |of_week| first + Days::new(of_week))
    };
    let mut days: BTreeSet<NaiveDate> = (0..161).flat_map(week).collect();
    days.retain(|day| !off.contains(day));
    days.extend(on);
    days.into_iter().collect()
}

/// The last day of a limit: so many places after the last working day up to `from`.
fn counted(list: &[NaiveDate], from: NaiveDate, limit: u16) -> NaiveDate {
    let passed = list.partition_point(|day| *day <= from);
    list[passed + usize::from(limit) - 1]
}

fn both_years() -> impl Iterator<Item = NaiveDate> {
    let days = day("2025-01-01").iter_days();
    days.take_while(|date| *date <= day("2026-12-31"))
}

/// The limits in working days, by their names in the file.
fn limits() -> Vec<(String, u16)> {
    let limits = json()["deadlines"].as_object().unwrap().clone();
    let limits = limits
        .into_iter()
        .map(|(name, value)| (name, u16::try_from(value.as_u64().unwrap()).unwrap()));
    limits
        .filter(|(name, _)| !name.ends_with("bad_rating"))
        .collect()
}

#[test]
fn every_limit_from_every_day_ends_where_the_list_of_working_days_says() {
    let (rules, list, limits) = (rules(), working_days(), limits());
    assert_eq!((both_years().count(), limits.len()), (730, 14));
    for from in both_years() {
        for (name, limit) in &limits {
            let last = rules.calendar.add(from, WorkingDays(*limit));
            assert_eq!(last, counted(&list, from, *limit), "{name} from {from}");
            assert_eq!(rules.calendar.between(from, last), i32::from(*limit));
        }
    }
}

#[test]
fn the_limits_of_a_bad_rating_count_every_day() {
    let limits = rules().deadlines;
    for from in both_years() {
        let passed = |last: NaiveDate| last.signed_duration_since(from).num_days();
        assert_eq!(passed(limits.contact_bad_rating.after(from)), 1);
        assert_eq!(passed(limits.rectify_bad_rating.after(from)), 15);
    }
}

#[test]
fn every_light_turns_on_the_day_the_list_says() {
    let (calendar, list) = (rules().calendar, working_days());
    for from in both_years() {
        for (name, limit) in limits() {
            let due = counted(&list, from, limit);
            let on = |date| light(date, due, &calendar);
            let place = list.binary_search(&due).unwrap();
            let soon = list[place - 2];
            assert_eq!(on(soon.pred_opt().unwrap()), Light::Green, "{name} {due}");
            assert_eq!(on(soon), Light::Yellow, "{name} {due}");
            assert_eq!(on(due), Light::Yellow, "{name} {due}");
            assert_eq!(on(due.succ_opt().unwrap()), Light::Red, "{name} {due}");
        }
    }
}

/// From, working days, last day; counted by hand on the calendars of both years.
const BY_HAND: [(&str, u16, &str); 44] = [
    // New Year 2025.
    ("2024-12-31", 1, "2025-01-02"),
    ("2024-12-31", 3, "2025-01-06"),
    // Spring Festival 2025: off 28 January to 4 February, worked on Sunday 26 January and Saturday 8 February.
    ("2025-01-24", 1, "2025-01-26"),
    ("2025-01-24", 2, "2025-01-27"),
    ("2025-01-24", 3, "2025-02-05"),
    ("2025-01-24", 6, "2025-02-08"),
    ("2025-01-24", 7, "2025-02-10"),
    ("2025-01-27", 5, "2025-02-10"),
    ("2025-02-01", 1, "2025-02-05"),
    // Tomb-Sweeping Day 2025.
    ("2025-04-03", 1, "2025-04-07"),
    ("2025-04-04", 2, "2025-04-08"),
    // Labour Day 2025: off 1, 2 and 5 May, worked on Sunday 27 April.
    ("2025-04-25", 1, "2025-04-27"),
    ("2025-04-25", 4, "2025-04-30"),
    ("2025-04-25", 5, "2025-05-06"),
    ("2025-04-30", 2, "2025-05-07"),
    // Dragon Boat Festival 2025.
    ("2025-05-30", 1, "2025-06-03"),
    // National Day 2025: off 1 to 8 October, worked on Sunday 28 September and Saturday 11 October.
    ("2025-09-26", 1, "2025-09-28"),
    ("2025-09-26", 3, "2025-09-30"),
    ("2025-09-26", 4, "2025-10-09"),
    ("2025-09-26", 6, "2025-10-11"),
    ("2025-09-26", 7, "2025-10-13"),
    ("2025-09-30", 15, "2025-10-28"),
    // New Year 2026: off 1 and 2 January, worked on Sunday 4 January.
    ("2025-12-31", 1, "2026-01-04"),
    ("2025-12-31", 2, "2026-01-05"),
    // Spring Festival 2026: off 16 to 23 February, worked on Saturdays 14 and 28 February.
    ("2026-02-13", 1, "2026-02-14"),
    ("2026-02-13", 2, "2026-02-24"),
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-02-13", 6, "2026-02-28"),
    ("2026-02-13", 7, "2026-03-02"),
    ("2026-02-14", 1, "2026-02-24"),
    ("2026-02-20", 1, "2026-02-24"),
    // Tomb-Sweeping Day 2026.
    ("2026-04-03", 1, "2026-04-07"),
    // Labour Day 2026: off 1, 4 and 5 May, worked on Saturday 9 May.
    ("2026-04-30", 1, "2026-05-06"),
    ("2026-04-30", 3, "2026-05-08"),
    ("2026-04-30", 4, "2026-05-09"),
    ("2026-04-30", 5, "2026-05-11"),
    // Dragon Boat Festival 2026.
    ("2026-06-18", 1, "2026-06-22"),
    // Mid-Autumn Festival 2026, worked on Sunday 20 September.
    ("2026-09-18", 1, "2026-09-20"),
    ("2026-09-24", 1, "2026-09-28"),
    // National Day 2026: off 1 to 7 October, worked on Saturday 10 October.
    ("2026-09-30", 1, "2026-10-08"),
    ("2026-09-30", 3, "2026-10-10"),
    ("2026-09-30", 4, "2026-10-12"),
    ("2026-09-30", 10, "2026-10-20"),
    ("2026-09-30", 60, "2026-12-29"),
];

#[test]
fn limits_over_each_holiday_end_on_the_day_counted_by_hand() {
    let calendar = rules().calendar;
    for (from, limit, last) in BY_HAND {
        let found = calendar.add(day(from), WorkingDays(limit));
        assert_eq!(found, day(last), "{limit} working days from {from}");
    }
}

/// Due, the last green day, the first yellow one, the first red one; counted by hand.
const LIGHTS_BY_HAND: [(&str, &str, &str, &str); 8] = [
    ("2025-02-08", "2025-02-05", "2025-02-06", "2025-02-09"),
    ("2025-02-05", "2025-01-25", "2025-01-26", "2025-02-06"),
    ("2025-05-06", "2025-04-28", "2025-04-29", "2025-05-07"),
    ("2025-10-09", "2025-09-28", "2025-09-29", "2025-10-10"),
    ("2026-02-24", "2026-02-12", "2026-02-13", "2026-02-25"),
    ("2026-05-06", "2026-04-28", "2026-04-29", "2026-05-07"),
    ("2026-09-21", "2026-09-17", "2026-09-18", "2026-09-22"),
    ("2026-10-10", "2026-10-07", "2026-10-08", "2026-10-11"),
];

#[test]
fn lights_around_each_holiday_turn_on_the_days_counted_by_hand() {
    let calendar = rules().calendar;
    for (due, green, yellow, red) in LIGHTS_BY_HAND {
        let on = |date: &str| light(day(date), day(due), &calendar);
        assert_eq!(on(green), Light::Green, "{green} for {due}");
        assert_eq!(on(yellow), Light::Yellow, "{yellow} for {due}");
        assert_eq!(on(due), Light::Yellow, "{due}");
        assert_eq!(on(red), Light::Red, "{red} for {due}");
    }
}
