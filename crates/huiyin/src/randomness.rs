//! The only place that makes a generator from the machine's randomness.

use rand::rngs::StdRng;

/// A fresh, unpredictable generator.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that makes a generator"
)]
pub fn fresh() -> StdRng {
    rand::make_rng()
}
