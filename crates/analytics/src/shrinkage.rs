//! Pulling small numbers towards the mean, for display and early warning only.

/// `(n·x + k·m)/(n + k)`: the score `x` of `n` ratings, pulled towards the class mean `m` as if by `k` ratings more.
///
/// Never enters an official score or a rank (methodology B11). `m` when both numbers are 0.
///
/// Source: domain D.7.
#[must_use]
pub fn shrunken(score: f64, n: u64, class_mean: f64, strength: u64) -> f64 {
    if n + strength == 0 {
        return class_mean;
    }
    (n as f64 * score + strength as f64 * class_mean) / (n + strength) as f64
}
