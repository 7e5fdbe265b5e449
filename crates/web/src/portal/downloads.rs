//! Files of a round, each with what it is for and its size.

use crate::{frame::PortalFrame, icon::Icon};
use askama::Template;

/// A file to take away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Address.
    pub href: String,
    /// Name with format.
    pub name: String,
    /// What is in it.
    pub what: String,
    /// Size in words.
    pub size: String,
}

/// All files of a round.
#[derive(Debug, Template)]
#[template(path = "portal/downloads.html")]
pub struct DownloadsPage {
    /// Frame.
    pub frame: PortalFrame,
    /// Title of the round.
    pub round_title: String,
    /// Result id.
    pub result_id: String,
    /// Whether the reader sits in a web view that cannot save files.
    pub in_wechat: bool,
    /// Files for readers.
    pub files: Vec<Download>,
    /// Files for recomputing.
    pub bundle: Vec<Download>,
    /// The certificate of the draw; none when nobody was drawn.
    pub draw: Option<Download>,
    /// Name, heading and meaning of each column.
    pub fields: Vec<(&'static str, &'static str, &'static str)>,
    /// Date of the files.
    pub published: String,
}
