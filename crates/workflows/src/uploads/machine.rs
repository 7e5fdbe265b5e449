//! How a file sent up goes from state to state: one table, asked by every verb that moves one.

use storage::uploads::UploadState;

/// What can be done with a file sent up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UploadStep {
    /// The program has compared its rows.
    Check,
    /// The program finds that nothing of it can be taken.
    Refuse,
    /// A second person says yes.
    Approve,
    /// The program takes its rows.
    Apply,
    /// It is taken back before it counts.
    Withdraw,
    /// It is to be checked again.
    Recheck,
    /// Its rows are taken back.
    Undo,
    /// Its rows are taken back, and those it had brought before count again.
    UndoLast,
}

/// Every step a file sent up can take: from, step, to.
///
/// A file that was taken and is checked again keeps what it brought until that is taken back, wherever it stands then.
pub const UPLOAD_TRANSITIONS: &[(UploadState, UploadStep, UploadState)] = {
    use UploadState as At;
    use UploadStep as By;
    &[
        (At::Waiting, By::Check, At::Checked),
        (At::Waiting, By::Refuse, At::Refused),
        (At::Approved, By::Refuse, At::Refused),
        (At::Checked, By::Approve, At::Approved),
        (At::Approved, By::Apply, At::Applied),
        (At::Waiting, By::Withdraw, At::Withdrawn),
        (At::Checked, By::Withdraw, At::Withdrawn),
        (At::Refused, By::Withdraw, At::Withdrawn),
        (At::Checked, By::Recheck, At::Waiting),
        (At::Applied, By::Recheck, At::Waiting),
        (At::Refused, By::Recheck, At::Waiting),
        (At::Waiting, By::Undo, At::Undone),
        (At::Checked, By::Undo, At::Undone),
        (At::Refused, By::Undo, At::Undone),
        (At::Approved, By::Undo, At::Undone),
        (At::Applied, By::Undo, At::Undone),
        (At::Waiting, By::UndoLast, At::Applied),
        (At::Checked, By::UndoLast, At::Applied),
        (At::Refused, By::UndoLast, At::Applied),
        (At::Approved, By::UndoLast, At::Applied),
        (At::Applied, By::UndoLast, At::Applied),
    ]
};

/// Where a file is after a step; `None` when it cannot take it.
#[must_use]
pub fn after(from: UploadState, step: UploadStep) -> Option<UploadState> {
    UPLOAD_TRANSITIONS
        .iter()
        .find(|(at, by, _)| *at == from && *by == step)
        .map(|(_, _, to)| *to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const STEPS: [UploadStep; 8] = [
        UploadStep::Check,
        UploadStep::Refuse,
        UploadStep::Approve,
        UploadStep::Apply,
        UploadStep::Withdraw,
        UploadStep::Recheck,
        UploadStep::Undo,
        UploadStep::UndoLast,
    ];

    const fn name(step: UploadStep) -> &'static str {
        match step {
            UploadStep::Check => "check",
            UploadStep::Refuse => "refuse",
            UploadStep::Approve => "approve",
            UploadStep::Apply => "apply",
            UploadStep::Withdraw => "withdraw",
            UploadStep::Recheck => "recheck",
            UploadStep::Undo => "undo",
            UploadStep::UndoLast => "undo_last",
        }
    }

    #[test]
    fn the_picture_shows_exactly_the_steps_of_a_file_sent_up() {
        let readme = include_str!("../../README.md");
        let picture = readme
            .split("```")
            .find(|block| block.contains("%% upload\n"))
            .unwrap();
        let drawn: BTreeSet<&str> = picture
            .lines()
            .map(str::trim)
            .filter(|line| line.contains("-->") && !line.contains("[*]"))
            .collect();

        let written: BTreeSet<String> = UPLOAD_TRANSITIONS
            .iter()
            .map(|(from, by, to)| format!("{from} --> {to}: {}", name(*by)))
            .collect();

        assert_eq!(drawn, written.iter().map(String::as_str).collect());
    }

    /// What a walk remembers of a file.
    #[derive(Clone, Copy)]
    struct Walked {
        state: UploadState,
        second_person: bool,
        batches: u32,
    }

    const SENT: Walked = Walked {
        state: UploadState::Waiting,
        second_person: false,
        batches: 0,
    };

    impl Walked {
        /// The guards of the verbs: only what was brought can be taken back, and what counts is not withdrawn.
        const fn may(self, step: UploadStep) -> bool {
            match step {
                UploadStep::Withdraw => self.batches == 0,
                UploadStep::Undo => self.batches == 1,
                UploadStep::UndoLast => self.batches > 1,
                _ => true,
            }
        }

        fn step(self, step: UploadStep) -> Option<Self> {
            let state = after(self.state, step).filter(|_| self.may(step))?;
            Some(Self {
                state,
                second_person: match step {
                    UploadStep::Approve => true,
                    UploadStep::Check | UploadStep::Recheck => false,
                    _ => self.second_person,
                },
                batches: match step {
                    UploadStep::Apply => self.batches + 1,
                    UploadStep::Undo | UploadStep::UndoLast => self.batches - 1,
                    _ => self.batches,
                },
            })
        }
    }

    #[test]
    fn a_million_random_steps_take_no_row_without_a_second_person() {
        let (mut file, mut visited, mut seed) = (SENT, BTreeSet::new(), 20_260_930_u64);
        for _ in 0..1_000_000 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let roll = usize::try_from((seed >> 33) % 96).unwrap();
            let step = STEPS[roll % STEPS.len()];
            if let Some(next) = file.step(step) {
                assert!(step != UploadStep::Apply || file.second_person);
                assert!(next.state != UploadState::Undone || next.batches == 0);
                assert!(next.state != UploadState::Withdrawn || next.batches == 0);
                assert!(next.state != UploadState::Applied || next.batches > 0);
                visited.insert((file.state, step, next.state));
                file = next;
            }
            let over = matches!(file.state, UploadState::Withdrawn | UploadState::Undone);
            assert!(!over || STEPS.iter().all(|step| after(file.state, *step).is_none()));
            if over || roll == 95 {
                file = SENT;
            }
        }
        let table: BTreeSet<_> = UPLOAD_TRANSITIONS.iter().copied().collect();
        assert_eq!(visited, table, "the walk came along every edge");
    }
}
