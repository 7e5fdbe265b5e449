//! Inverse of a matrix in which some constraints follow from others.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Moore-Penrose inverse of a symmetric, positive semidefinite matrix, and the directions it does not determine.
///
/// The levels of every margin sum to the same population: with `m` margins, `m − 1` constraints follow from the rest.
pub(super) struct PseudoInverse {
    pub inverse: DMatrix<f64>,
    pub undetermined: Vec<DVector<f64>>,
}

/// Eigenvalues below this share of the largest are 0 but for rounding; the matrix is scaled to a diagonal of ones.
const RANK_TOLERANCE: f64 = 1e-11;

pub(super) fn pseudo_inverse(matrix: DMatrix<f64>) -> PseudoInverse {
    let size = matrix.nrows();
    let eigen = SymmetricEigen::new(matrix);
    let largest = eigen.eigenvalues.iter().copied().fold(0.0, f64::max);
    let mut inverse = DMatrix::zeros(size, size);
    let mut undetermined = Vec::new();
    for (value, vector) in eigen
        .eigenvalues
        .iter()
        .zip(eigen.eigenvectors.column_iter())
    {
        if *value > RANK_TOLERANCE * largest {
            inverse.ger(1.0 / value, &vector, &vector, 1.0);
        } else {
            undetermined.push(vector.into_owned());
        }
    }
    PseudoInverse {
        inverse,
        undetermined,
    }
}

/// `Σ wᵢ xᵢ xᵢ'` over the rows of `x`.
pub(super) fn gram(x: &DMatrix<f64>, weights: &[f64]) -> DMatrix<f64> {
    let size = x.ncols();
    let mut gram = DMatrix::zeros(size, size);
    for a in 0..size {
        let weighted: Vec<f64> = x
            .column(a)
            .iter()
            .zip(weights)
            .map(|(x, w)| x * w)
            .collect();
        for b in 0..=a {
            let product = weighted
                .iter()
                .zip(x.column(b).iter())
                .map(|(x, y)| x * y)
                .sum();
            gram[(a, b)] = product;
            gram[(b, a)] = product;
        }
    }
    gram
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_weighted_by_row() {
        let x = DMatrix::from_row_slice(2, 2, &[1.0, 2.0, 1.0, 3.0]);

        let expected = DMatrix::from_row_slice(2, 2, &[15.0, 40.0, 40.0, 110.0]);
        assert_eq!(gram(&x, &[5.0, 10.0]), expected);
    }

    #[test]
    fn a_repeated_constraint_is_one_direction_too_many() {
        let twice = DMatrix::from_element(2, 2, 4.0);

        let inverse = pseudo_inverse(twice.clone());

        assert_eq!(inverse.undetermined.len(), 1);
        assert!((inverse.undetermined[0].sum()).abs() < 1e-12);
        assert!((&twice * inverse.inverse * &twice - twice).amax() < 1e-12);
    }
}
