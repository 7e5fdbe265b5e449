//! What counts as small, and how well it is hidden.

use survey_design::MinimumN;

/// Whether a count of 0 is as confidential as a small count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zeros {
    /// 0 may be read: nobody said so.
    Shown,
    /// 0 is hidden like 1.
    Hidden,
}

/// Numbers of people below which nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisclosureLimits {
    /// A row of fewer answers is hidden whole, its total included.
    pub minimum_row: u64,
    /// A cell or total of fewer answers is hidden, and so is one that changed by fewer since an earlier release.
    pub minimum_count: u64,
    /// What is hidden stays open at least this far: highest minus lowest possible count.
    pub protection: u64,
    /// Whether 0 is small.
    pub zeros: Zeros,
}

impl DisclosureLimits {
    /// The limits of publications: a distribution only where the unit's score may be [shown](crate::Status::Shown),
    /// and no figure of fewer people than a unit needs to be seen at all, 0 included.
    ///
    /// Source: reliability C8 (7) and P3; methodology B6.
    #[must_use]
    pub fn public(minimum: &MinimumN) -> Self {
        Self {
            minimum_row: u64::from(minimum.shown),
            minimum_count: u64::from(minimum.bracketed),
            protection: u64::from(minimum.bracketed),
            zeros: Zeros::Hidden,
        }
    }

    /// Whether a count must not be read.
    #[must_use]
    pub fn is_small(&self, count: u64) -> bool {
        count < self.minimum_count && (count > 0 || self.zeros == Zeros::Hidden)
    }
}
