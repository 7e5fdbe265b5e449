//! Signing in and out.

mod routes;
mod sign_in;

pub(crate) use routes::routes;

pub use sign_in::{DemoAccount, SignInPage, what_a_role_does};
