//! Which calibration levels too few people or PSUs carry.

use super::base::{WeightError, check_rows};
use std::collections::HashSet;

/// The least that a calibration level must rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportRule {
    /// Distinct PSUs.
    pub psus: usize,
    /// Respondents.
    pub respondents: usize,
}

impl Default for SupportRule {
    /// 2 PSUs and 30 respondents (methodology A5).
    fn default() -> Self {
        Self {
            psus: 2,
            respondents: 30,
        }
    }
}

/// A level that should be merged with a neighbour before calibrating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThinLevel {
    /// Dense id of the level.
    pub level: usize,
    /// Distinct PSUs with rows of the level.
    pub psus: usize,
    /// Rows of the level.
    pub respondents: usize,
}

/// Levels of one margin below `rule`, by id; a report, not a refusal.
///
/// `levels` and `psus` are columns of the respondents, PSU ids distinct over strata; `count` levels exist.
/// Leaving out the only PSU of a level throws its whole total on the few people left, which makes estimates jump.
///
/// # Errors
/// Columns of different lengths.
///
/// **Source**: methodology A5.
pub fn thin_levels(
    levels: &[u32],
    psus: &[u32],
    count: usize,
    rule: SupportRule,
) -> Result<Vec<ThinLevel>, WeightError> {
    check_rows(levels.len(), psus.len())?;
    let mut respondents = vec![0; count];
    let mut carriers = vec![HashSet::new(); count];
    for (level, psu) in levels.iter().zip(psus) {
        if let Some(people) = respondents.get_mut(*level as usize) {
            *people += 1;
            carriers[*level as usize].insert(*psu);
        }
    }
    Ok(respondents
        .iter()
        .zip(&carriers)
        .enumerate()
        .map(|(level, (respondents, carriers))| ThinLevel {
            level,
            psus: carriers.len(),
            respondents: *respondents,
        })
        .filter(|level| level.psus < rule.psus || level.respondents < rule.respondents)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_on_one_psu_or_few_people_are_named() {
        // Level 0: three people of two PSUs; level 1: three of one PSU; level 2: two of two; level 3: nobody.
        let levels = [0, 0, 0, 1, 1, 1, 2, 2];
        let psus = [0, 0, 1, 1, 1, 1, 2, 3];
        let rule = SupportRule {
            psus: 2,
            respondents: 3,
        };

        let thin = thin_levels(&levels, &psus, 4, rule).unwrap();

        let expected = [(1, 1, 3), (2, 2, 2), (3, 0, 0)];
        assert_eq!(
            thin,
            expected.map(|(level, psus, respondents)| ThinLevel {
                level,
                psus,
                respondents
            })
        );
    }

    #[test]
    fn columns_of_different_lengths_are_refused() {
        assert!(thin_levels(&[0], &[], 1, SupportRule::default()).is_err());
    }
}
