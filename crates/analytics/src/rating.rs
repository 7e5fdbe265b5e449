//! One rating, cut loose from the person who gave it.

use serde::{Deserialize, Serialize};
use vocabulary::{Channel, ItemId, Level, RaterGroup, StratumId, UnitId, Weight};

/// One answer of one ballot about one unit, without identity and without time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatingRow {
    /// The unit rated.
    pub unit: UnitId,
    /// The item answered.
    pub item: ItemId,
    /// The stream the rating came through; only [`Channel::Survey`] enters [`Moments`](crate::Moments).
    pub channel: Channel,
    /// The layer the rater belongs to.
    pub group: RaterGroup,
    /// The stratum the rater was drawn from, unique with the group inside the round.
    pub stratum: StratumId,
    /// Number of the primary sampling unit (here: the ballot), unique inside its stratum; names nobody.
    pub psu: u64,
    /// People represented; zero and less is left out of every sum.
    pub weight: Weight,
    /// The answer.
    pub level: Level,
}
