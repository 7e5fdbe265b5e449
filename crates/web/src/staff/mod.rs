//! Signing in and out, accounts, and the audit log.

mod account;
mod accounts;
mod audit;
mod audit_words;
mod entry;
mod one_account;
mod prove;
mod provider;
mod routes;
mod safety;
mod second_factor;
mod sign_in;

pub(crate) use audit_words::action_label;
pub(crate) use routes::routes;

pub use sign_in::{CodePage, DemoAccount, EnteredPage, SignInPage, UnlinkedPage, what_a_role_does};
