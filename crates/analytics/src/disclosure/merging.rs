//! Merging neighbouring classes until each is large enough to show.

use std::ops::Range;

/// Joins neighbours until every class holds at least `minimum`; classes keep their order.
///
/// `sizes` are people per ordered class (answer levels, age bands, strata of a group). Again and again the smallest
/// class that is too small, the first of equals, joins its smaller neighbour, the earlier of equals. One class is left when
/// everything together is too small: hide it. No class, no result.
///
/// Source: reliability C8 (2), "merge strata until n ≥ k".
#[must_use]
pub fn merge_classes(sizes: &[u64], minimum: u64) -> Vec<Range<usize>> {
    let mut classes: Vec<_> = (0..sizes.len()).map(|class| class..class + 1).collect();
    let mut sizes: Vec<u128> = sizes.iter().map(|size| u128::from(*size)).collect();
    while classes.len() > 1 {
        let smallest = (0..sizes.len()).min_by_key(|class| sizes[*class]);
        let Some(class) = smallest.filter(|class| sizes[*class] < u128::from(minimum)) else {
            break;
        };
        let before = class.checked_sub(1);
        let after = Some(class + 1).filter(|after| *after < sizes.len());
        let neighbour = before.into_iter().chain(after).min_by_key(|n| sizes[*n]);
        let Some(first) = neighbour.map(|neighbour| neighbour.min(class)) else {
            break;
        };
        sizes[first] += sizes.remove(first + 1);
        classes[first].end = classes.remove(first + 1).end;
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(sizes: &[u64]) -> Vec<(usize, usize)> {
        let classes = merge_classes(sizes, 10);
        classes
            .iter()
            .map(|class| (class.start, class.end))
            .collect()
    }

    #[test]
    fn the_smallest_class_joins_its_smaller_neighbour() {
        // 3 joins 8: 40 25 11 60; all are at least 10.
        assert_eq!(
            merged(&[40, 25, 8, 3, 60]),
            [(0, 1), (1, 2), (2, 4), (4, 5)]
        );
        // 3 joins 4, 7 joins 20.
        assert_eq!(merged(&[20, 3, 4, 90]), [(0, 3), (3, 4)]);
    }

    #[test]
    fn equals_join_from_the_front_and_too_few_are_one_class() {
        assert_eq!(merged(&[5, 5, 5, 5]), [(0, 2), (2, 4)]);
        assert_eq!(merged(&[1, 2, 3]), [(0, 3)]);
        assert_eq!(merged(&[10, 10]), [(0, 1), (1, 2)]);
        assert_eq!(merged(&[]), []);
    }
}
