//! Addresses of signing in, one's own account, all accounts, and the audit log.

use super::{account, accounts, audit, entry, one_account, prove, provider, safety, second_factor};
use actix_web::web::{self, ServiceConfig};

/// Puts signing in, accounts and the audit log on their addresses.
pub(crate) fn routes(service: &mut ServiceConfig) {
    service
        .route("/sign-in", web::get().to(entry::page))
        .route("/sign-in", web::post().to(entry::enter))
        .route("/sign-in/code", web::get().to(entry::code))
        .route("/sign-in/code", web::post().to(entry::enter_code))
        .route("/sign-in/provider", web::get().to(provider::leave))
        .route("/sign-in/provider/back", web::get().to(provider::back))
        .route("/sign-out", web::post().to(entry::leave))
        .route("/work", web::get().to(entry::work))
        .route("/account", web::get().to(account::show))
        .route("/account/password", web::post().to(account::password))
        .route("/account/sessions", web::post().to(account::sessions))
        .route("/account/second-factor", web::get().to(second_factor::show))
        .route("/account/second-factor", web::post().to(second_factor::act))
        .route("/account/prove", web::get().to(prove::show))
        .route("/account/prove", web::post().to(prove::take))
        .route("/accounts", web::get().to(accounts::list))
        .route("/accounts", web::post().to(accounts::make))
        .route("/accounts/{name}", web::get().to(one_account::show))
        .route("/accounts/{name}", web::post().to(one_account::change))
        .route("/account-rules", web::get().to(safety::show))
        .route("/account-rules", web::post().to(safety::change))
        .route("/audit", web::get().to(audit::show))
        .route("/audit.csv", web::get().to(audit::export));
}
