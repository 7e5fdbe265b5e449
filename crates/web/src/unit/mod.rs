//! Units: what they must do by when, their own results, letters, objections.

mod matters;
mod results;
mod routes;

pub(crate) use routes::routes;

pub use matters::{
    Deadline, Detail, EvidenceItem, EvidenceList, ListGroup, ListItem, MattersPage, Overtaken,
    PlaceStat, SaidAfterwards, Stat, Step, Tab, Work, deadline_of, grouped, six_steps,
};
pub use results::{ChannelRow, ResultsPage, results};
