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
use std::{
    fmt::Display, fs, io, net::TcpListener, os::unix::fs::PermissionsExt, path::Path,
    process::ExitCode, sync::Arc,
};
use tokio::sync::oneshot;
use web::WebState;
use workflows::{App, Provider};

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
    let provider = options
        .oidc
        .as_deref()
        .map(|path| provider(path, &base))
        .transpose()?;
    eprintln!("回音已启动：{base}（按 Ctrl+C 停止）");
    let missing = workflows::missing_keys(&common.data);
    if !missing.is_empty() {
        eprintln!("{}", without_keys(&missing));
    }
    app.store().keep_reserve();
    many_connections();
    let worker = Worker::start(&app, &options.delivery);
    let served = until_stopped(app.clone(), base, listener, Some(options), provider).await;
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
    provider: Option<Provider>,
) -> Result<(), Failure> {
    let mixing = tokio::spawn(mix_beside(app.clone()));
    let reading = tokio::spawn(work_on_uploads(app.clone()));
    let state = WebState {
        app,
        base_url,
        demo_accounts: options.is_none(),
        proxies: options.map_or_else(Vec::new, |it| it.trusted_proxy.clone()),
        virus_check: options.and_then(|it| it.virus_check.clone()),
        provider: provider.map(Arc::new),
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

/// The provider of identities as a file says; nobody but the owner of the file may read the secret in it.
fn provider(path: &Path, base_url: &str) -> Result<Provider, Failure> {
    let unusable = |why: &dyn Display| {
        Failure::new(
            2,
            format!("统一身份认证的设置 {} 不能用：{why}", path.display()),
        )
    };
    let read = |path: &Path| Ok((fs::metadata(path)?.permissions().mode(), fs::read(path)?));
    let (mode, text) = read(path).map_err(|error| Failure::file(path, &error))?;
    if mode & 0o077 != 0 {
        return Err(unusable(&"里面有口令，请先改成只有本用户能读（chmod 600）"));
    }
    // What was read may hold the secret: the error says where, never what.
    let settings = serde_json::from_slice(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        unusable(&format!(
            "第 {line} 行第 {column} 列读不懂；要有 issuer、client_id、client_secret、name，可以有 second_factor"
        ))
    })?;
    Provider::new(settings, base_url).map_err(|problem| unusable(&problem))
}

/// Serves the demonstration on a thread of its own, beside what plays it.
pub fn beside(
    app: App,
    base_url: String,
    listener: TcpListener,
) -> oneshot::Receiver<Result<(), Failure>> {
    let (ended, end) = oneshot::channel();
    std::thread::spawn(move || {
        let serving = until_stopped(app, base_url, listener, None, None);
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
