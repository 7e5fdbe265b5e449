//! Which units a person is asked about: worked out from the person's secret, so that nothing needs to be stored.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeSet;
use vocabulary::UnitId;

/// At most `most` of the candidates, in a random order that only the secret decides; units that served the person first.
///
/// The same secret always gives the same list; the order of the arguments does not matter. Served units that are no
/// candidates are left out.
///
/// Source: domain E.3, at most eight units per respondent, assigned at random, served units first.
#[must_use]
pub fn assigned_units(
    secret: &[u8; 16],
    candidates: &[UnitId],
    served: &[UnitId],
    most: u16,
) -> Vec<UnitId> {
    let served: BTreeSet<_> = served.iter().collect();
    let distinct: BTreeSet<_> = candidates.iter().collect();
    let mut keyed: Vec<_> = distinct
        .into_iter()
        .map(|unit| (turn_of(&served, unit), order_key(secret, unit), unit))
        .collect();
    keyed.sort_unstable();
    keyed
        .into_iter()
        .take(usize::from(most))
        .map(|(_, _, unit)| unit.clone())
        .collect()
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Served,
    Others,
}

fn turn_of(served: &BTreeSet<&UnitId>, unit: &UnitId) -> Turn {
    if served.contains(unit) {
        Turn::Served
    } else {
        Turn::Others
    }
}

fn order_key(secret: &[u8; 16], unit: &UnitId) -> [u8; 32] {
    Hmac::<Sha256>::new_from_slice(secret)
        .expect("HMAC takes keys of any length")
        .chain_update("huiyin assigned unit\0")
        .chain_update(unit.as_str())
        .finalize()
        .into_bytes()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn units(count: usize) -> Vec<UnitId> {
        (0..count)
            .map(|n| UnitId::new(format!("D{n:02}")))
            .collect()
    }

    #[test]
    fn units_that_served_the_person_come_first() {
        let served = [
            UnitId::from("D70"),
            UnitId::from("D03"),
            UnitId::from("Z99"),
        ];

        let assigned = assigned_units(&[9; 16], &units(80), &served, 8);

        assert_eq!(assigned.len(), 8);
        let first: BTreeSet<_> = assigned[..2].iter().map(UnitId::as_str).collect();
        assert_eq!(first, ["D03", "D70"].into());
        assert!(!assigned.contains(&"Z99".into()));
    }

    #[test]
    fn every_unit_is_asked_about_equally_often() {
        let mut times = BTreeMap::<UnitId, u32>::new();
        for number in 0_u128..4000 {
            for unit in assigned_units(&number.to_be_bytes(), &units(20), &[], 5) {
                *times.entry(unit).or_default() += 1;
            }
        }

        // 4,000 people, a quarter of the units each: 1,000 ± 27; five standard errors.
        assert_eq!(times.len(), 20);
        assert!(
            times.values().all(|n| (863..=1137).contains(n)),
            "{times:?}"
        );
    }

    proptest! {
        #[test]
        fn the_secret_alone_decides(secret: [u8; 16], by in 0_usize..30, most in 0_u16..40) {
            let mut turned = units(30);
            turned.rotate_left(by);
            turned.push(turned[0].clone());

            let assigned = assigned_units(&secret, &turned, &[], most);

            prop_assert_eq!(&assigned, &assigned_units(&secret, &units(30), &[], most));
            prop_assert_eq!(assigned.len(), usize::from(most).min(30));
        }
    }
}
