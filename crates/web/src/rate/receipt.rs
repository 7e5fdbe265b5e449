//! The code of the receipt and what happens next.

use crate::frame::CitizenFrame;
use askama::Template;

/// Shown once after handing in.
#[derive(Debug, Template)]
#[template(path = "citizen/receipt.html")]
pub struct ReceiptPage {
    /// Frame.
    pub frame: CitizenFrame,
    /// The code in two groups.
    pub code: String,
    /// What happens next, in order.
    pub steps: Vec<ReceiptStep>,
}

/// One step to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptStep {
    /// What happens.
    pub what: &'static str,
    /// When.
    pub when: String,
}
