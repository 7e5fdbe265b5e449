//! Signing in and out.

mod sign_in;

pub use sign_in::{DemoAccount, SignInPage, what_a_role_does};
