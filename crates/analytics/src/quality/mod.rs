//! Signs that ratings are not what they seem. A sign is looked at by a person; none of them deletes anything.
//!
//! Answers are codes per item: 1 to 5, anything else an answer that is not scored (9 for don't know), `None` for blank.
//! What voids a single ballot by the rules of a round is judged when it comes in (`response_collection::judge`); these
//! functions look at many ratings together.

mod answers;
mod bursts;
mod campaign;
mod duplicates;
mod inspect;
mod interviewers;
mod response;
mod response_rates;
mod sensitivity;
mod signal;
mod timing;
mod weights;

pub use answers::{is_straight_line, longstring, response_variability, valid_answers};
pub use bursts::{is_burst, poisson_tail, trailing_counts};
pub use campaign::{campaign_z, cusum, is_campaign};
pub use duplicates::{closest_matches, exact_duplicates, match_threshold};
pub use inspect::{Inspected, inspect};
pub use interviewers::{Interviewer, InterviewerEffects, interviewer_effects};
pub use response::{ResponseClass, r_indicator};
pub use response_rates::{Outcomes, ResponseRates, response_rates};
pub use sensitivity::{SensitivityLine, Standing, sensitivity};
pub use signal::{Review, Signal, review};
pub use timing::{seconds_per_item, speed_index, speeders};
pub use weights::{WeightSpread, weight_spread};
