//! What every handler works with.

use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rating_import::{Incoming, RawRow};
use std::{io, net::IpAddr, path::PathBuf, sync::Arc};
use workflows::{App, Preview, Provider, Received};

/// The installation behind the pages, and what the pages may not take from the machine themselves.
#[derive(Clone)]
pub struct WebState {
    /// The installation.
    pub app: App,
    /// Public address of the site without a slash at the end, for example `https://hy.example.gov.cn`.
    pub base_url: String,
    /// Whether the sign-in page lists the accounts of the demonstration.
    pub demo_accounts: bool,
    /// Addresses of the site's own proxies, whose word on the client's address is taken.
    pub proxies: Vec<IpAddr>,
    /// Program that looks for viruses in files that are sent, where the installation has one.
    pub virus_check: Option<PathBuf>,
    /// Where officials may sign in instead of with a password.
    pub provider: Option<Arc<Provider>>,
    /// The clock.
    pub clock: fn() -> DateTime<Utc>,
    /// A fresh, unpredictable generator for one request.
    pub rng: fn() -> StdRng,
    /// Starts to read an uploaded file for a person to look at, in another process.
    pub preview: fn(Received, Preview) -> io::Result<Incoming<RawRow>>,
}

impl WebState {
    /// Now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Whether cookies may travel over encrypted connections only.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}
