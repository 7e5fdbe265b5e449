//! The names of the states and steps of a bad rating, and the table of all steps.

use crate::named::named;

named! {
    /// Where a bad rating stands.
    BadRatingStage {
        /// It came in.
        Received = "received", "已收到";
        /// The unit has spoken to who rated.
        Contacted = "contacted", "已联系";
        /// The unit admits it and works on it.
        Rectifying = "rectifying", "整改中";
        /// The unit objects; reviewers decide.
        Appealed = "appealed", "申诉中";
        /// The objection is upheld: it does not count.
        Excluded = "excluded", "已剔除";
        /// Who rated was told what was done.
        FedBack = "fed_back", "已反馈";
        /// Rated once more, and no longer as bad.
        ClosedOk = "closed_ok", "追评满意";
        /// Rated once more, and as bad again.
        ClosedBad = "closed_bad", "追评仍不满意";
    }
}

named! {
    /// What can be done with a bad rating.
    BadRatingStep {
        /// The unit speaks to who rated.
        Contact = "contact", "联系评价人";
        /// The unit admits it.
        Admit = "admit", "认领整改";
        /// The unit objects.
        Object = "object", "提出申诉";
        /// Reviewers uphold the objection.
        Uphold = "uphold", "申诉成立";
        /// Reviewers refuse the objection.
        Refuse = "refuse", "申诉不成立";
        /// The unit tells who rated what was done.
        FeedBack = "feed_back", "反馈结果";
        /// Who rated rates once more.
        FollowUp = "follow_up", "追评";
    }
}

named! {
    /// Why a unit objects to a bad rating (domain C.4).
    ObjectionGround {
        /// The wrong button.
        Mistaken = "mistaken", "误评";
        /// Meant to harm.
        Malicious = "malicious", "恶意评价";
        /// Not a case of this unit.
        NotItsCase = "not_its_case", "不是本单位的办件";
    }
}

/// Every step a bad rating can take: from, step, to.
///
/// Source: domain C.4. Nobody has to rate once more, so what was told back may stay so for ever.
pub const BAD_RATING_TRANSITIONS: &[(BadRatingStage, BadRatingStep, BadRatingStage)] = {
    use BadRatingStage as At;
    use BadRatingStep as By;
    &[
        (At::Received, By::Contact, At::Contacted),
        (At::Contacted, By::Admit, At::Rectifying),
        (At::Contacted, By::Object, At::Appealed),
        (At::Appealed, By::Uphold, At::Excluded),
        (At::Appealed, By::Refuse, At::Rectifying),
        (At::Rectifying, By::FeedBack, At::FedBack),
        (At::FedBack, By::FollowUp, At::ClosedOk),
        (At::FedBack, By::FollowUp, At::ClosedBad),
    ]
};

impl BadRatingStage {
    /// Whether the office registers it as a problem 挂号 now: told back, and rated as bad again.
    #[must_use]
    pub const fn to_be_registered(self) -> bool {
        matches!(self, Self::ClosedBad)
    }
}
