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
    /// Send up a file, and hear what it would come to; somebody of the office takes it or not. The survey agency sends its own kind only.
    SendFile,
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
    /// Take copies of feedback letters, a unit of its own only.
    ReadLetters,
    /// Find out who took a copy.
    TraceCopies,
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
    /// Change the branch of the indicator tree one's department owns, for somebody else to approve.
    ProposeBranch,
    /// Make a version of the indicator tree of a proposed change, or send it back.
    ApproveBranch,
    /// See which accounts there are, without any password.
    ListAccounts,
    /// Make, close and open accounts, and give first passwords.
    ManageAccounts,
    /// Confirm and change roles, and take a lost second factor away.
    GrantRoles,
    /// End the sessions of others.
    EndSessions,
    /// Say what passwords must be and who needs a second factor.
    SetSafety,
    /// Read the audit log as a whole.
    ReadAudit,
    /// Allow writing again after a disk fault.
    ClearFault,
    /// Copy the whole installation to one file, or its keys to a folder.
    BackUp,
    /// Make an installation out of a backup.
    Restore,
}

impl Action {
    /// The roles that may do it.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        use Role::{
            AuditAdmin, DisciplineCommission, MethodOwner, OfficeClerk, OfficeLeader, PairingRater,
            SecurityAdmin, Source, SurveyAgency, SystemAdmin, UnitHead, UnitLiaison,
        };
        match self {
            Self::Prepare | Self::Assign => &[OfficeClerk, OfficeLeader],
            Self::Import => &[OfficeClerk, OfficeLeader, Source],
            Self::SendFile => &[OfficeClerk, OfficeLeader, SurveyAgency],
            Self::Freeze | Self::ManageSources | Self::ReleaseWords | Self::ApproveBranch => {
                &[OfficeLeader]
            }
            Self::ReadLetters => &[OfficeClerk, OfficeLeader, UnitLiaison, UnitHead],
            Self::TraceCopies => &[OfficeClerk, OfficeLeader, DisciplineCommission],
            Self::HandleClues => &[DisciplineCommission],
            Self::Answer | Self::Object => &[UnitLiaison],
            Self::DecideObjection | Self::Approve => &[OfficeLeader, DisciplineCommission],
            Self::Verify | Self::Propose | Self::Push => &[OfficeClerk, OfficeLeader],
            Self::RatePaired => &[PairingRater],
            Self::ProposeBranch => &[MethodOwner],
            Self::ManageAccounts | Self::ClearFault | Self::BackUp | Self::Restore => {
                &[SystemAdmin]
            }
            Self::GrantRoles | Self::SetSafety => &[SecurityAdmin],
            Self::ListAccounts | Self::EndSessions => &[SystemAdmin, SecurityAdmin],
            Self::ReadAudit => &[AuditAdmin],
        }
    }

    /// Whether whoever does it on a page shows the password again first, unless that was minutes ago.
    #[must_use]
    pub const fn asks_proof(self) -> bool {
        matches!(
            self,
            Self::Freeze | Self::Propose | Self::Approve | Self::ApproveBranch
        )
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

    const ALL: [Action; 29] = [
        Action::ProposeBranch,
        Action::ApproveBranch,
        Action::ReadLetters,
        Action::TraceCopies,
        Action::Prepare,
        Action::Import,
        Action::SendFile,
        Action::ManageSources,
        Action::Freeze,
        Action::Assign,
        Action::ReleaseWords,
        Action::HandleClues,
        Action::Answer,
        Action::Object,
        Action::DecideObjection,
        Action::Verify,
        Action::Propose,
        Action::Approve,
        Action::Push,
        Action::RatePaired,
        Action::ListAccounts,
        Action::ManageAccounts,
        Action::GrantRoles,
        Action::EndSessions,
        Action::SetSafety,
        Action::ReadAudit,
        Action::ClearFault,
        Action::BackUp,
        Action::Restore,
    ];

    fn may(role: Role) -> Vec<Action> {
        let allowed = |action: &Action| allow(&actor(role), *action).is_ok();
        ALL.into_iter().filter(allowed).collect()
    }

    #[test]
    fn the_three_administrators_do_no_business_and_none_does_the_work_of_another() {
        use Action::{
            BackUp, ClearFault, EndSessions, GrantRoles, ListAccounts, ManageAccounts, ReadAudit,
            Restore, SetSafety,
        };

        let system = [
            ListAccounts,
            ManageAccounts,
            EndSessions,
            ClearFault,
            BackUp,
            Restore,
        ];
        assert_eq!(may(Role::SystemAdmin), system);
        let security = [ListAccounts, GrantRoles, EndSessions, SetSafety];
        assert_eq!(may(Role::SecurityAdmin), security);
        assert_eq!(may(Role::AuditAdmin), [ReadAudit]);
        assert_eq!(may(Role::UnitHead), [Action::ReadLetters]);
        assert_eq!(may(Role::SurveyAgency), [Action::SendFile]);
    }

    #[test]
    fn a_method_department_proposes_and_the_leader_approves() {
        assert_eq!(may(Role::MethodOwner), [Action::ProposeBranch]);
        for role in Role::ALL {
            let leads = role == Role::OfficeLeader;
            assert_eq!(allow(&actor(role), Action::ApproveBranch).is_ok(), leads);
        }
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
