//! Who may do what: one table. A verb that is not in it cannot be called, because each verb names its action.

use crate::{Actor, Refusal};
use vocabulary::Role;

/// An action on business data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Prepare rounds, draw, invite, compute.
    Prepare,
    /// Bring rows from outside into a round; a system with a key brings its own kind only.
    Import,
    /// Let a system send rows by itself: what comes that way no second person looks at first.
    ManageSources,
    /// Freeze scores.
    Freeze,
    /// Issue letters and assign matters.
    Assign,
    /// Let a unit read words that only few have said.
    ReleaseWords,
    /// Read clues of a breach of discipline.
    HandleClues,
    /// Sign, return, plan and report for one's own unit.
    Answer,
    /// Object to a score of one's own unit.
    Object,
    /// Decide objections.
    DecideObjection,
    /// Verify, close or reopen matters.
    Verify,
    /// Propose a publication.
    Propose,
    /// Approve a publication.
    Approve,
    /// Deliver results to those who use them.
    Push,
    /// Rate the paired units of one's community or village.
    RatePaired,
    /// Make accounts.
    ManageAccounts,
    /// Allow writing again after a disk fault.
    ClearFault,
}

impl Action {
    /// The roles that may do it.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        use Role::{
            DisciplineCommission, OfficeClerk, OfficeLeader, PairingRater, Source, SystemAdmin,
            UnitLiaison,
        };
        match self {
            Self::Prepare | Self::Assign => &[OfficeClerk, OfficeLeader],
            Self::Import => &[OfficeClerk, OfficeLeader, Source],
            Self::Freeze | Self::ManageSources | Self::ReleaseWords => &[OfficeLeader],
            Self::HandleClues => &[DisciplineCommission],
            Self::Answer | Self::Object => &[UnitLiaison],
            Self::DecideObjection | Self::Approve => &[OfficeLeader, DisciplineCommission],
            Self::Verify | Self::Propose | Self::Push => &[OfficeClerk, OfficeLeader],
            Self::RatePaired => &[PairingRater],
            Self::ManageAccounts | Self::ClearFault => &[SystemAdmin],
        }
    }
}

/// Lets the actor through or says which roles may do this.
///
/// # Errors
/// [`Refusal::NotAllowed`].
pub fn allow(actor: &Actor, action: Action) -> Result<(), Refusal> {
    if action.roles().contains(&actor.role) {
        Ok(())
    } else {
        Err(Refusal::NotAllowed {
            role: actor.role,
            may: action.roles(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(role: Role) -> Actor {
        Actor {
            account: "a".into(),
            name: "林珊".into(),
            role,
            unit: None,
            body: None,
        }
    }

    #[test]
    fn a_system_administrator_does_no_business() {
        for action in [
            Action::Prepare,
            Action::Freeze,
            Action::Assign,
            Action::Verify,
            Action::Approve,
            Action::Push,
        ] {
            assert!(
                allow(&actor(Role::SystemAdmin), action).is_err(),
                "{action:?}"
            );
        }
        assert!(allow(&actor(Role::SystemAdmin), Action::ManageAccounts).is_ok());
    }

    #[test]
    fn a_clerk_prepares_but_neither_freezes_nor_approves() {
        assert!(allow(&actor(Role::OfficeClerk), Action::Prepare).is_ok());
        assert!(allow(&actor(Role::OfficeClerk), Action::Freeze).is_err());
        assert!(allow(&actor(Role::OfficeClerk), Action::Approve).is_err());
    }

    #[test]
    fn a_source_brings_rows_and_does_nothing_else() {
        for action in [Action::Prepare, Action::ManageSources, Action::Freeze] {
            assert!(allow(&actor(Role::Source), action).is_err(), "{action:?}");
        }
        assert!(allow(&actor(Role::Source), Action::Import).is_ok());
        assert!(allow(&actor(Role::OfficeClerk), Action::ManageSources).is_err());
    }
}
