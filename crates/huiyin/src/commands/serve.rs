//! `huiyin serve`: the pages, and letters that leave beside them.

use crate::{
    cli::{Common, Serve},
    clock,
    commands::{
        import::{preview, work_on_uploads},
        mail::{Worker, delivering},
        restore::without_keys,
        worker::mix_beside,
    },
    exit::{Failure, Outcome},
    installation::open,
    randomness::fresh,
};
use std::{io, net::TcpListener, process::ExitCode};
use tokio::sync::oneshot;
use web::WebState;
use workflows::App;

/// Serves the pages until told to stop; answers under way are finished first.
///
/// # Errors
/// When the installation cannot be opened or the port is in use.
pub async fn run(common: &Common, options: &Serve) -> Outcome {
    let listener = listen(&options.listen)?;
    let app = delivering(open(common).await?, &options.delivery)?;
    let base = options
        .base_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", options.listen));
    eprintln!("回音已启动：{base}（按 Ctrl+C 停止）");
    let missing = workflows::missing_keys(&common.data);
    if !missing.is_empty() {
        eprintln!("{}", without_keys(&missing));
    }
    app.store().keep_reserve();
    many_connections();
    let worker = Worker::start(&app, &options.delivery);
    let served = until_stopped(app.clone(), base, listener, Some(options)).await;
    worker.stop().await;
    app.finish().await;
    app.store().clone().close().await?;
    served.map(|()| ExitCode::SUCCESS)
}

/// Ten thousand people with a page open keep ten thousand connections; the usual limit of 1,024 files is too low for a city.
fn many_connections() {
    if let Err(error) = rlimit::increase_nofile_limit(u64::from(u16::MAX)) {
        eprintln!("不能提高同时打开的连接数上限：{error}");
    }
}

/// Serves on a listener that is open already; without options it is the demonstration.
///
/// # Errors
/// When the server cannot run.
pub async fn until_stopped(
    app: App,
    base_url: String,
    listener: TcpListener,
    options: Option<&Serve>,
) -> Result<(), Failure> {
    let mixing = tokio::spawn(mix_beside(app.clone()));
    let reading = tokio::spawn(work_on_uploads(app.clone()));
    let state = WebState {
        app,
        base_url,
        demo_accounts: options.is_none(),
        proxies: options.map_or_else(Vec::new, |it| it.trusted_proxy.clone()),
        virus_check: options.and_then(|it| it.virus_check.clone()),
        clock: clock::now,
        rng: fresh,
        preview,
    };
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let served = web::serve(state, listener, workers).await;
    mixing.abort();
    reading.abort();
    served.map_err(|error| Failure::new(11, format!("网站停止：{error}")))
}

/// Serves the demonstration on a thread of its own, beside what plays it.
pub fn beside(
    app: App,
    base_url: String,
    listener: TcpListener,
) -> oneshot::Receiver<Result<(), Failure>> {
    let (ended, end) = oneshot::channel();
    std::thread::spawn(move || {
        let serving = until_stopped(app, base_url, listener, None);
        // Nobody waits any more when the program is ending.
        drop(ended.send(actix_web::rt::System::new().block_on(serving)));
    });
    end
}

/// Opens the port.
///
/// # Errors
/// When it is in use or not ours to open.
pub fn listen(address: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Failure::new(
            14,
            format!("地址 {address} 已被占用；请用 --listen 换一个端口，或先停掉占用它的程序"),
        ),
        _ => Failure::new(
            14,
            format!("不能监听 {address}：{error}；请用 --listen 换一个地址"),
        ),
    })
}
