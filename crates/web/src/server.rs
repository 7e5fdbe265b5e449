//! The server: workers, limits, and an orderly end.

use crate::{WebState, routes::configure};
use actix_web::{App, HttpServer, web::Data};
use std::{io, net::TcpListener, time::Duration};

const HEAD: Duration = Duration::from_secs(10);
const KEEP_ALIVE: Duration = Duration::from_secs(75);
const GOODBYE_SECONDS: u64 = 30;

/// Serves until told to stop; answers under way are finished first, for at most 30 s.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(state: WebState, listener: TcpListener, workers: usize) -> io::Result<()> {
    let state = Data::new(state);
    HttpServer::new(move || {
        let state = state.clone();
        App::new().configure(|service| configure(service, state))
    })
    .workers(workers)
    .client_request_timeout(HEAD)
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(GOODBYE_SECONDS)
    .listen(listener)?
    .run()
    .await
}
