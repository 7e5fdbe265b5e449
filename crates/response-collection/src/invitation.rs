//! What becomes of an invitation: its states, who is reminded, and how a case is finally coded.

use survey_design::Anonymity;

/// Where the invitation of one drawn person stands.
///
/// `Answered` is known in confidential rounds only: elsewhere nothing joins an invitation to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvitationState {
    /// Drawn; nothing has gone out yet, or there is no way to reach the person.
    Drawn,
    /// Handed to the relay, the gateway or the person who delivers letters.
    Invited,
    /// The line broke while the letter was handed over: it may have arrived.
    Unconfirmed,
    /// It cannot be delivered, or came back.
    Undeliverable,
    /// The person asked not to be written to.
    Declined,
    /// An answer came.
    Answered,
}

/// What one attempt to reach a person ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactOutcome {
    /// The next one in the line of delivery has taken it.
    Accepted,
    /// It went out on paper.
    Printed,
    /// The line broke after the content was on its way.
    InDoubt,
    /// The receiving side refuses this address for good.
    BadAddress,
    /// It came back from further down the line for good.
    Bounced,
    /// It could not be handed over in the time set for trying.
    GaveUp,
    /// The person asked not to be written to.
    OptedOut,
}

impl ContactOutcome {
    /// All outcomes.
    pub const ALL: [Self; 7] = [
        Self::Accepted,
        Self::Printed,
        Self::InDoubt,
        Self::BadAddress,
        Self::Bounced,
        Self::GaveUp,
        Self::OptedOut,
    ];

    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Printed => "printed",
            Self::InDoubt => "in_doubt",
            Self::BadAddress => "bad_address",
            Self::Bounced => "bounced",
            Self::GaveUp => "gave_up",
            Self::OptedOut => "opted_out",
        }
    }

    /// The name shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Accepted => "对方已接收",
            Self::Printed => "已打印成信",
            Self::InDoubt => "可能已送达",
            Self::BadAddress => "地址无效",
            Self::Bounced => "被退回",
            Self::GaveUp => "多次未能送出",
            Self::OptedOut => "本人退订",
        }
    }

    /// Whether it says that the address is dead.
    #[must_use]
    pub const fn is_hard_bounce(self) -> bool {
        matches!(self, Self::BadAddress | Self::Bounced)
    }
}

impl InvitationState {
    /// All states in the order of the picture.
    pub const ALL: [Self; 6] = [
        Self::Drawn,
        Self::Invited,
        Self::Unconfirmed,
        Self::Undeliverable,
        Self::Declined,
        Self::Answered,
    ];

    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Drawn => "drawn",
            Self::Invited => "invited",
            Self::Unconfirmed => "unconfirmed",
            Self::Undeliverable => "undeliverable",
            Self::Declined => "declined",
            Self::Answered => "answered",
        }
    }

    /// The state with this stored name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The state after one attempt; a refusal and an answer are never taken back.
    #[must_use]
    pub const fn after(self, outcome: ContactOutcome) -> Self {
        use ContactOutcome::{Accepted, BadAddress, Bounced, GaveUp, InDoubt, OptedOut, Printed};
        match (self, outcome) {
            (Self::Declined | Self::Answered, _) => self,
            (_, OptedOut) => Self::Declined,
            (_, Accepted | Printed) => Self::Invited,
            (_, BadAddress | Bounced) | (Self::Drawn, GaveUp) => Self::Undeliverable,
            (Self::Drawn | Self::Undeliverable, InDoubt) => Self::Unconfirmed,
            (_, GaveUp | InDoubt) => self,
        }
    }

    /// How the case is coded as long as no answer is known to belong to it.
    #[must_use]
    pub const fn disposition(self) -> Disposition {
        match self {
            Self::Drawn => Disposition::NotSent,
            Self::Invited => Disposition::NothingReturned,
            Self::Unconfirmed => Disposition::UnknownOther,
            Self::Undeliverable => Disposition::Undelivered,
            Self::Declined => Disposition::Refusal,
            Self::Answered => Disposition::Complete,
        }
    }
}

/// Who is reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Nobody: nobody was invited by name.
    Nobody,
    /// Everybody who was invited, because who has answered is known to nobody.
    AllInvited,
    /// Those invited who have not answered.
    Unanswered,
}

impl Audience {
    /// Whether somebody in this state is written to; who declined or cannot be reached never is.
    #[must_use]
    pub const fn includes(self, state: InvitationState) -> bool {
        match self {
            Self::Nobody => false,
            Self::AllInvited => matches!(
                state,
                InvitationState::Invited | InvitationState::Unconfirmed | InvitationState::Answered
            ),
            Self::Unanswered => matches!(
                state,
                InvitationState::Invited | InvitationState::Unconfirmed
            ),
        }
    }
}

/// Who is reminded under a mode of anonymity: leaving out those who answered would need to know who they are.
#[must_use]
pub const fn reminder_audience(mode: Anonymity) -> Audience {
    match mode {
        Anonymity::Open => Audience::Nobody,
        Anonymity::Decoupled => Audience::AllInvited,
        Anonymity::Confidential => Audience::Unanswered,
    }
}

/// Final disposition of a case, for internet surveys of specifically named persons.
///
/// Source: AAPOR, Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys, 9th ed. 2016, table 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disposition {
    /// Handed in and valid.
    Complete,
    /// Asked not to be written to, or declined on the page.
    Refusal,
    /// Handed in with too much left blank.
    BreakOff,
    /// Handed in and void for another reason.
    OtherEligible,
    /// No invitation was sent.
    NotSent,
    /// Invited, and nothing came.
    NothingReturned,
    /// The invitation did not arrive.
    Undelivered,
    /// Whether the invitation arrived is not known.
    UnknownOther,
}

impl Disposition {
    /// All dispositions in the order of their codes.
    pub const ALL: [Self; 8] = [
        Self::Complete,
        Self::Refusal,
        Self::BreakOff,
        Self::OtherEligible,
        Self::NotSent,
        Self::NothingReturned,
        Self::Undelivered,
        Self::UnknownOther,
    ];

    /// The code of the source.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complete => "1.1",
            Self::Refusal => "2.111",
            Self::BreakOff => "2.12",
            Self::OtherEligible => "2.30",
            Self::NotSent => "3.11",
            Self::NothingReturned => "3.19",
            Self::Undelivered => "3.30",
            Self::UnknownOther => "3.90",
        }
    }

    /// The name in Chinese and English.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Complete => "有效答卷 Complete",
            Self::Refusal => "明确谢绝 Explicit refusal",
            Self::BreakOff => "中途放弃，信息不足 Break-off",
            Self::OtherEligible => "合格但答卷作废 Other",
            Self::NotSent => "没有发出邀请 No invitation sent",
            Self::NothingReturned => "没有任何回音 Nothing ever returned",
            Self::Undelivered => "邀请无法送达 Invitation returned undelivered",
            Self::UnknownOther => "是否送达不能确定 Other, unknown eligibility",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ContactOutcome as Did;
    use InvitationState as Is;
    use std::collections::BTreeSet;

    #[test]
    fn an_invitation_goes_through_its_picture() {
        let cases: [(&[Did], Is); 10] = [
            (&[], Is::Drawn),
            (&[Did::Accepted], Is::Invited),
            (&[Did::Printed], Is::Invited),
            (&[Did::InDoubt], Is::Unconfirmed),
            (&[Did::InDoubt, Did::Accepted], Is::Invited),
            (&[Did::InDoubt, Did::GaveUp], Is::Unconfirmed),
            (&[Did::GaveUp], Is::Undeliverable),
            (&[Did::Accepted, Did::Bounced], Is::Undeliverable),
            (&[Did::Accepted, Did::GaveUp], Is::Invited),
            (&[Did::OptedOut, Did::Accepted, Did::Bounced], Is::Declined),
        ];
        for (outcomes, expected) in cases {
            let end = outcomes
                .iter()
                .fold(Is::Drawn, |state, did| state.after(*did));
            assert_eq!(end, expected, "{outcomes:?}");
        }
    }

    #[test]
    fn who_declined_or_answered_stays_so_whatever_follows() {
        for outcome in Did::ALL {
            assert_eq!(Is::Declined.after(outcome), Is::Declined);
            assert_eq!(Is::Answered.after(outcome), Is::Answered);
        }
    }

    #[test]
    fn a_reminder_leaves_out_those_who_answered_only_where_that_is_known() {
        let asked = |mode| {
            Is::ALL
                .into_iter()
                .filter(move |state| reminder_audience(mode).includes(*state))
                .collect::<Vec<_>>()
        };
        assert_eq!(asked(Anonymity::Open), []);
        assert_eq!(
            asked(Anonymity::Decoupled),
            [Is::Invited, Is::Unconfirmed, Is::Answered]
        );
        assert_eq!(
            asked(Anonymity::Confidential),
            [Is::Invited, Is::Unconfirmed]
        );
    }

    type Edges = BTreeSet<(Is, Did, Is)>;

    /// Every outcome that moves an invitation.
    fn table() -> Edges {
        let each = Is::ALL
            .into_iter()
            .flat_map(|from| Did::ALL.map(|did| (from, did, from.after(did))));
        each.filter(|(from, _, to)| from != to).collect()
    }

    #[test]
    fn the_picture_shows_exactly_what_moves_an_invitation() {
        let readme = include_str!("../README.md");
        let picture = readme
            .split("```")
            .find(|block| block.contains("%% invitation\n"))
            .unwrap();
        let drawn: BTreeSet<&str> = picture
            .lines()
            .map(str::trim)
            .filter(|line| line.contains("-->") && !line.contains("[*]"))
            .collect();

        let written: BTreeSet<String> = table()
            .into_iter()
            .map(|(from, did, to)| format!("{} --> {}: {}", from.code(), to.code(), did.code()))
            .collect();

        assert_eq!(drawn, written.iter().map(String::as_str).collect());
    }

    #[test]
    fn a_million_random_outcomes_write_to_nobody_who_asked_not_to_be_written_to() {
        let (table, mut seed) = (table(), 20_260_910_u64);
        let (mut state, mut visited) = (Is::Drawn, Edges::new());
        let mut asked_not_to = false;
        for _ in 0..1_000_000 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let roll = usize::try_from((seed >> 33) % 40).unwrap();
            let did = Did::ALL[roll % Did::ALL.len()];
            let next = state.after(did);
            if next != state {
                visited.insert((state, did, next));
            }
            assert!(next == state || table.contains(&(state, did, next)));
            asked_not_to |= did == Did::OptedOut;
            assert_eq!(asked_not_to, next == Is::Declined);
            for mode in Anonymity::ALL {
                let written_to = reminder_audience(mode).includes(next);
                assert!(!written_to || !asked_not_to && next != Is::Undeliverable);
            }
            state = next;
            if roll >= 35 {
                (state, asked_not_to) = (Is::Drawn, false);
            }
        }
        assert_eq!(visited, table, "the walk came along every edge");
    }

    #[test]
    fn stored_names_read_back() {
        for state in Is::ALL {
            assert_eq!(Is::from_code(state.code()), Some(state));
        }
    }
}
