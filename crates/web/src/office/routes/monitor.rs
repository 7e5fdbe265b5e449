//! How the round comes along.

use super::{Place, ROLES, frame, round};
use crate::{
    Page, Svg, WebState, answer,
    chart::bullet,
    office::{MonitorPage, ProgressRow},
    session::signed_in,
    wording,
};
use actix_web::{HttpRequest, web::Data};
use response_collection::{Pace, median_pace};
use storage::{
    invitations::{self, InvitationKind, StratumProgress},
    submission,
};
use vocabulary::RaterGroup;
use workflows::{ENTERPRISE_LIST, paces};

/// Answers against invitations of each stratum, by group.
pub async fn show(state: Data<WebState>, request: HttpRequest) -> Page {
    let actor = signed_in(&state, &request, &ROLES).await?;
    let record = round(&state, None).await?;
    let (store, id) = (state.app.store(), &record.round.id);
    let strata = invitations::stratum_progress(store, id).await?;
    let (answered, issued) = strata.iter().fold((0, 0), |(answered, issued), it| {
        (answered + it.answered, issued + it.issued)
    });
    // By an open link people come without an invitation.
    let received = match issued {
        0 => submission::count_submissions(store, id).await?,
        _ => answered,
    };
    let drafts = submission::count_drafts(store, id).await?;
    let begun: i64 = drafts.iter().map(|(_, drafts)| drafts).sum();
    let page = MonitorPage {
        frame: frame(
            &state,
            &actor,
            "回收监测",
            Some(Place::Monitor),
            &record.round.title,
        )
        .await?,
        as_of: wording::moment(state.now()),
        lead: lead(issued, received, begun),
        strata: progress_rows(&strata),
        stopped: stopped(&drafts, begun),
        median_time: median_time(&paces(store, id).await?),
    };
    answer::own_page(&page)
}

fn lead(issued: u64, received: u64, begun: i64) -> String {
    let sent = match issued {
        0 => "没有发出邀请".to_owned(),
        _ => format!("发出 {} 份", wording::thousands(issued)),
    };
    let rate = match issued {
        0 => String::new(),
        _ => format!("（{}）", wording::share_of(received, issued)),
    };
    let half = match begun.cast_unsigned() {
        0 => String::new(),
        some => format!(
            "；另有 {} 份填了一部分，还没有提交",
            wording::thousands(some)
        ),
    };
    let received = wording::thousands(received);
    format!("{sent}，已回收 {received} 份{rate}{half}。")
}

/// Answers against invitations, stratum by stratum.
pub(super) fn progress_rows(strata: &[StratumProgress]) -> Vec<ProgressRow> {
    strata.iter().map(row).collect()
}

fn row(stratum: &StratumProgress) -> ProgressRow {
    let group = RaterGroup::from_code(&stratum.rater_group)
        .map_or(stratum.rater_group.as_str(), |group| group.label());
    let whole = stratum.stratum == stratum.rater_group;
    let own = wording::stratum(&stratum.rater_group, &stratum.stratum);
    let name = match stratum.kind {
        InvitationKind::Overall if whole => group.to_owned(),
        InvitationKind::Overall => format!("{group} · {own}"),
        InvitationKind::Enterprise if stratum.stratum == ENTERPRISE_LIST => "企业评议".to_owned(),
        InvitationKind::Enterprise => format!("企业评议 · {own}"),
    };
    ProgressRow::new(name, stratum.answered, stratum.issued, stratum.declined)
}

fn stopped(drafts: &[(i16, i64)], begun: i64) -> Vec<(String, Svg, String)> {
    drafts
        .iter()
        .map(|(question, people)| {
            let name = match question {
                0 => "还没有回答".to_owned(),
                question => format!("第 {question} 题"),
            };
            let (people, begun) = (people.cast_unsigned(), begun.cast_unsigned());
            (name, bullet(people, begun), wording::thousands(people))
        })
        .collect()
}

/// The class in which the median of the seconds per question lies, of the ballots opened so far.
fn median_time(paces: &[(Pace, u64)]) -> String {
    let opened: u64 = paces.iter().map(|(_, ballots)| ballots).sum();
    let of = format!("（已打乱拆封的 {} 份）", wording::thousands(opened));
    match median_pace(paces).map(Pace::seconds) {
        None => "还没有打乱拆封的答卷，用时要拆封后才知道。".to_owned(),
        Some((from, Some(below))) => format!("中位数：每题 {from}—{below} 秒{of}。"),
        Some((from, None)) => format!("中位数：每题 {from} 秒以上{of}。"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_told_as_a_class_and_with_its_number() {
        let of = |seconds, ballots| (Pace::of(seconds, 1), ballots);

        assert!(median_time(&[]).starts_with("还没有"));
        assert_eq!(
            median_time(&[of(9, 1_200)]),
            "中位数：每题 8—12 秒（已打乱拆封的 1,200 份）。"
        );
        assert!(median_time(&[of(40, 3)]).starts_with("中位数：每题 32 秒以上"));
    }
}
