//! How many of a group's quota each of its strata gets.

/// Splits `quota` over strata of the given `sizes` in proportion to size, exactly and without rounding.
///
/// One number per stratum, in the order given; each at most the size of its stratum; they sum to `quota`, or to all
/// members when there are fewer. Every stratum gets two (what a variance needs) when the quota allows, else one
/// when it allows that, else only the largest get any. Equal claims go to the earlier stratum.
///
/// Source: T. Wright, "The equivalence of Neyman optimum allocation for sampling and equal proportions for
/// apportioning the U.S. House of Representatives", The American Statistician 66 (2012), with equal spreads:
/// seat `k + 1` of a stratum of size N has the priority N∕√(k(k+1)); here compared squared, in whole numbers.
#[must_use]
pub fn allocate(sizes: &[u64], quota: u64) -> Vec<u64> {
    let mut given = vec![0; sizes.len()];
    let floor_of = |least: u64| {
        sizes
            .iter()
            .map(|size| least.min(*size))
            .collect::<Vec<_>>()
    };
    let floor = [2, 1]
        .map(floor_of)
        .into_iter()
        .find(|floor| floor.iter().sum::<u64>() <= quota);
    if let Some(floor) = floor {
        given = floor;
    }
    let mut left = quota.saturating_sub(given.iter().sum());
    while left > 0 {
        let Some(next) = strongest_claim(sizes, &given) else {
            break;
        };
        given[next] += 1;
        left -= 1;
    }
    given
}

fn strongest_claim(sizes: &[u64], given: &[u64]) -> Option<usize> {
    (0..sizes.len())
        .filter(|index| given[*index] < sizes[*index])
        .reduce(|best, other| {
            if claims_more((sizes[other], given[other]), (sizes[best], given[best])) {
                other
            } else {
                best
            }
        })
}

/// N²∕(k(k+1)) of one stratum above that of another; a stratum without a seat comes before all that have one.
fn claims_more((size, seats): (u64, u64), (best_size, best_seats): (u64, u64)) -> bool {
    let square = |size: u64| u128::from(size) * u128::from(size);
    let steps = |seats: u64| u128::from(seats) * u128::from(seats + 1);
    match (seats, best_seats) {
        (0, 0) => size > best_size,
        (0, _) => true,
        (_, 0) => false,
        // Both products stay below 2^128 while strata stay below 2^32 people.
        _ => square(size) * steps(best_seats) > square(best_size) * steps(seats),
    }
}

#[cfg(test)]
mod tests {
    use super::allocate;
    use proptest::prelude::*;

    #[test]
    fn seats_follow_size() {
        assert_eq!(allocate(&[500, 300, 200], 100), [50, 30, 20]);
        assert_eq!(allocate(&[10_000], 800), [800]);
        assert_eq!(allocate(&[], 5), Vec::<u64>::new());
    }

    #[test]
    fn equal_claims_go_to_the_earlier_stratum() {
        assert_eq!(allocate(&[5, 5, 5], 7), [3, 2, 2]);
        assert_eq!(allocate(&[5, 5, 5], 8), [3, 3, 2]);
    }

    #[test]
    fn the_smallest_stratum_keeps_two_when_the_quota_allows_and_one_when_it_must() {
        assert_eq!(allocate(&[10_000, 3], 50), [48, 2]);
        assert_eq!(allocate(&[10_000, 3], 3), [2, 1]);
        assert_eq!(allocate(&[3, 10_000], 1), [0, 1]);
    }

    #[test]
    fn wrights_priority_list_decides_the_last_seat() {
        // Seven seats for 7, 4 and 3, two each to begin with: 7∕√6 = 2.86 is the strongest claim to the third.
        assert_eq!(allocate(&[7, 4, 3], 7), [3, 2, 2]);
        assert_eq!(allocate(&[7, 4, 3], 8), [4, 2, 2]);
        // Then 7∕√20 = 1.565 meets 4∕√6 = 1.633.
        assert_eq!(allocate(&[7, 4, 3], 9), [4, 3, 2]);
    }

    proptest! {
        #[test]
        fn nobody_is_promised_twice_and_the_quota_is_met(
            sizes in proptest::collection::vec(0_u64..400, 0..12),
            quota in 0_u64..600,
        ) {
            let given = allocate(&sizes, quota);

            let people = sizes.iter().sum::<u64>();
            prop_assert_eq!(given.iter().sum::<u64>(), quota.min(people));
            for (sample, size) in given.iter().zip(&sizes) {
                prop_assert!(sample <= size);
            }
        }

        #[test]
        fn one_more_place_never_takes_one_away(
            sizes in proptest::collection::vec(1_u64..400, 1..8),
            quota in 0_u64..600,
        ) {
            let quota = quota + 2 * sizes.len() as u64;
            let (fewer, more) = (allocate(&sizes, quota), allocate(&sizes, quota + 1));

            prop_assert!(fewer.iter().zip(&more).all(|(a, b)| a <= b));
        }
    }
}
