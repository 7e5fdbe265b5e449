//! A private PostgreSQL for tests: its own cluster in a temporary directory, reachable only through a Unix socket there.
//!
//! Included with `#[path]` by the tests of several crates. The server is the child of a small shell that waits for the
//! end of its standard input: when the test program ends in any way, the server stops and its directory is removed.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

/// Where Debian's packages put the server programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Runs the server until standard input ends, then stops it at once and removes the cluster.
const KEEPER: &str = r#"
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= "$3" >"$2/log" 2>&1 &
server=$!
read -r _
kill -INT "$server"
wait "$server"
rm -rf "$2"
"#;

/// A running cluster.
#[derive(Debug)]
pub struct PrivatePostgres {
    programs: PathBuf,
    directory: PathBuf,
    databases: AtomicU32,
    /// Holds the standard input of the keeper open.
    _keeper: Child,
}

/// The cluster that all tests of one program share; none when PostgreSQL is not installed.
///
/// # Panics
/// When PostgreSQL is not installed and the environment says `CI=true`, or when the server does not start.
pub fn shared() -> Option<&'static PrivatePostgres> {
    static SHARED: OnceLock<Option<PrivatePostgres>> = OnceLock::new();
    SHARED
        .get_or_init(|| PrivatePostgres::start("-cfsync=on"))
        .as_ref()
}

impl PrivatePostgres {
    /// Starts a cluster with one server setting of the form `-cNAME=VALUE`.
    ///
    /// # Panics
    /// As [`shared`].
    pub fn start(setting: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("skipped: PostgreSQL not installed");
            assert_ne!(
                env::var("CI").as_deref(),
                Ok("true"),
                "PostgreSQL must be installed in CI"
            );
            return None;
        };
        let directory = own_directory();
        let initdb = as_server_user(programs.join("initdb").into())
            .args([
                "--no-sync",
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C",
                "-D",
            ])
            .arg(directory.join("data"))
            .output()
            .expect("initdb can be run");
        assert!(
            initdb.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&initdb.stderr)
        );
        let keeper = as_server_user("sh".into())
            .args(["-c", KEEPER, "keeper"])
            .args([&programs, &directory])
            .arg(setting)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell can be started");
        let cluster = Self {
            programs,
            directory,
            databases: AtomicU32::new(0),
            _keeper: keeper,
        };
        cluster.wait_until_ready();
        Some(cluster)
    }

    /// The address of a new empty database.
    ///
    /// # Panics
    /// When the server refuses to make one.
    pub fn fresh_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"))
            .expect("a private server makes databases");
        format!(
            "postgres://postgres@localhost/{name}?host={}",
            self.directory.display()
        )
    }

    /// Runs SQL in a database of the cluster; returns what `psql` prints, or what it says when the server refuses.
    ///
    /// # Panics
    /// When `psql` cannot be run.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String, String> {
        let output = self
            .client("psql")
            .args([
                "-X",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                database,
                "-c",
                sql,
            ])
            .output()
            .expect("psql can be run");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(text(&output.stderr))
        }
    }

    fn wait_until_ready(&self) {
        for _ in 0..600 {
            let answer = self.client("pg_isready").arg("-q").status();
            if answer.is_ok_and(|status| status.success()) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(self.directory.join("log")).unwrap_or_default();
        panic!("PostgreSQL did not start: {log}");
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command
            .arg("-h")
            .arg(&self.directory)
            .args(["-U", "postgres"]);
        command
    }
}

/// `HUIYIN_TEST_POSTGRES_BIN`, or the newest version Debian has installed.
fn programs() -> Option<PathBuf> {
    if let Some(given) = env::var_os("HUIYIN_TEST_POSTGRES_BIN") {
        return Some(PathBuf::from(given));
    }
    let versions = fs::read_dir(DEBIAN).ok()?;
    versions
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .max()
        .map(|(_, programs)| programs)
}

/// A short path, because a socket's path may have 107 bytes at most.
fn own_directory() -> PathBuf {
    let made = as_server_user("mktemp".into())
        .args(["-d", "-t", "hy-pg-XXXXXXXX"])
        .output()
        .expect("mktemp can be run");
    let text = String::from_utf8(made.stdout).expect("a plain path");
    let directory = PathBuf::from(text.trim());
    assert!(directory.is_absolute(), "mktemp made no directory");
    if is_root() {
        // Others must reach the socket; the cluster itself stays closed.
        let opened = as_server_user("chmod".into())
            .arg("755")
            .arg(&directory)
            .status();
        assert!(opened.is_ok_and(|status| status.success()));
    }
    directory
}

/// PostgreSQL refuses to run as root; then the user `postgres` of the package runs it.
fn as_server_user(program: OsString) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command
        .args(["-u", "postgres", "--"])
        .arg(program)
        .current_dir("/");
    command
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(Path::new("/proc/self")).is_ok_and(|own| own.uid() == 0)
}
