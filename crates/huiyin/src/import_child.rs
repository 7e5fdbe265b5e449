//! Files from outside are read in a child process with limits on memory, time and open files; its death is a refusal.
//!
//! The child gets one line of JSON (what to read and how) and then the bytes of the file on its standard input, and
//! answers with lines of JSON. Personal columns are dropped in the child, except for the sample pool.

use crate::exit::Failure;
use rating_import::{
    BodyIndex, EnterpriseSheet, FileRefused, Imported, LevelCodes, Limits, NdjsonParts, PoolRow,
    UnitIndex, parse_enterprise, parse_enterprise_list, parse_hall, parse_hotline, parse_pairing,
    parse_survey, parse_volumes, pool_limits, pool_parts,
};
use rlimit::Resource;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufReader, Read, Write},
    process::{self, ChildStdout, Command, ExitCode, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};
use survey_design::{HotlineMapping, SurveyMapping};
use vocabulary::ItemId;

const OPEN_FILES: u64 = 16;

/// What the child is asked to read.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reading {
    /// Service-centre ratings.
    Hall,
    /// Completed cases per unit.
    Volume,
    /// Hotline orders or mailbox messages.
    Hotline(Option<HotlineMapping>),
    /// Sample pool.
    Pool,
    /// Ratings by communities and villages.
    Pairing(BodyIndex),
    /// Ratings by enterprises.
    Enterprise {
        /// Secret that keys the enterprises.
        salt: String,
        /// Item of each level column, by header.
        items: BTreeMap<String, ItemId>,
    },
    /// The list of enterprises that are asked to rate online.
    EnterpriseList,
    /// A survey agency's microdata.
    Survey(SurveyMapping),
}

#[derive(Serialize, Deserialize)]
struct Request {
    reading: Reading,
    file_name: String,
    units: UnitIndex,
}

/// Reads a file in a child process.
///
/// # Errors
/// When the child cannot be started, dies, or takes too long; the failure says which.
pub fn read<T: DeserializeOwned>(
    reading: Reading,
    file_name: &str,
    bytes: Vec<u8>,
    units: &UnitIndex,
) -> Result<Result<Imported<T>, FileRefused>, Failure> {
    let mut child = Child::start(reading, file_name, io::Cursor::new(bytes), units, &ORDINARY)?;
    child
        .parts
        .next_part()
        .ok()
        .flatten()
        .ok_or_else(|| died(file_name))
}

/// A sample library on its way through a child process, part by part.
pub struct PoolParts {
    child: Child,
    file_name: String,
}

impl PoolParts {
    /// Begins to read; the file goes to the child as it is read.
    ///
    /// # Errors
    /// When the child cannot be started.
    pub fn start(file_name: &str, file: fs::File, units: &UnitIndex) -> Result<Self, Failure> {
        Ok(Self {
            child: Child::start(Reading::Pool, file_name, file, units, &LARGE)?,
            file_name: file_name.to_owned(),
        })
    }

    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// When the child dies or takes too long.
    pub fn next_part(&mut self) -> Result<Option<Result<Imported<PoolRow>, FileRefused>>, Failure> {
        let part = self.child.parts.next_part();
        part.map_err(|_| died(&self.file_name))
    }
}

fn died(file_name: &str) -> Failure {
    Failure::new(
        1,
        format!(
            "文件 {file_name} 让读文件的子进程中止了（内容异常，超出内存或时间上限），整个文件没有导入。请在表格软件中新建工作簿，只粘贴数值，另存为 .xlsx 后再导入；行数很多时请另存为 .csv"
        ),
    )
}

/// What a child may use.
struct ChildLimits {
    /// Word on the child's command line.
    name: Option<&'static str>,
    memory: u64,
    processor_seconds: u64,
    wall: Duration,
}

const ORDINARY: ChildLimits = ChildLimits {
    name: None,
    memory: 1 << 30,
    processor_seconds: 60,
    wall: Duration::from_secs(120),
};
/// For a sample library of up to a million people; the parent writes them while the child waits.
const LARGE: ChildLimits = ChildLimits {
    name: Some("--large"),
    memory: 2 << 30,
    processor_seconds: 300,
    wall: Duration::from_secs(3600),
};

struct Child {
    parts: NdjsonParts<BufReader<ChildStdout>>,
    process: process::Child,
    /// Dropped when the child is done; until then the watchdog waits.
    _watched: mpsc::Sender<()>,
}

impl Child {
    fn start(
        reading: Reading,
        file_name: &str,
        mut file: impl Read + Send + 'static,
        units: &UnitIndex,
        limits: &ChildLimits,
    ) -> Result<Self, Failure> {
        let request = Request {
            reading,
            file_name: file_name.to_owned(),
            units: units.clone(),
        };
        let program = std::env::current_exe()
            .map_err(|error| Failure::new(11, format!("找不到本程序文件：{error}")))?;
        let mut process = Command::new(program)
            .arg("import-worker")
            .args(limits.name)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Failure::new(11, format!("不能启动读文件的子进程：{error}")))?;
        let mut input = process.stdin.take().expect("standard input is piped");
        thread::spawn(move || {
            let mut head = serde_json::to_vec(&request).unwrap_or_default();
            head.push(b'\n');
            input
                .write_all(&head)
                .and_then(|()| io::copy(&mut file, &mut input))
        });
        let (sender, watchdog) = mpsc::channel::<()>();
        let (id, wall) = (process.id(), limits.wall);
        thread::spawn(move || {
            if watchdog.recv_timeout(wall) == Err(mpsc::RecvTimeoutError::Timeout) {
                let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
            }
        });
        let output = process.stdout.take().expect("standard output is piped");
        Ok(Self {
            parts: NdjsonParts::of(BufReader::new(output)),
            process,
            _watched: sender,
        })
    }
}

/// A child whose answer is not wanted any more is ended; one that is done is already gone.
impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The child: limits itself, reads the request and the file, answers, exits.
pub fn work(is_large: bool) -> ExitCode {
    let limits = if is_large { LARGE } else { ORDINARY };
    let limited = [
        (Resource::AS, limits.memory),
        (Resource::CPU, limits.processor_seconds),
        (Resource::NOFILE, OPEN_FILES),
        (Resource::CORE, 0),
    ]
    .into_iter()
    .all(|(resource, most)| resource.set(most, most).is_ok());
    if !limited {
        return ExitCode::from(11);
    }
    match answer() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(11),
    }
}

fn answer() -> io::Result<()> {
    let mut all = Vec::new();
    io::stdin().lock().read_to_end(&mut all)?;
    let end = all
        .iter()
        .position(|byte| *byte == b'\n')
        .ok_or(io::ErrorKind::InvalidData)?;
    let request: Request = serde_json::from_slice(&all[..end])?;
    let bytes = &all[end + 1..];
    let (name, units) = (request.file_name.as_str(), &request.units);
    let mut out = io::BufWriter::new(io::stdout().lock());
    if matches!(request.reading, Reading::Pool) {
        return answer_in_parts(bytes, name, &mut out);
    }
    let file = rating_import::read_rows(bytes, name, &Limits::default());
    match request.reading {
        Reading::Hall => write(
            &file.and_then(|file| parse_hall(&file, units, LevelCodes::default())),
            &mut out,
        ),
        Reading::Volume => write(&file.and_then(|file| parse_volumes(&file, units)), &mut out),
        Reading::Hotline(mapping) => write(
            &file.and_then(|file| parse_hotline(&file, units, mapping.as_ref())),
            &mut out,
        ),
        Reading::Pool => unreachable!("a sample library is read in parts"),
        Reading::Pairing(bodies) => write(
            &file.and_then(|file| parse_pairing(&file, units, &bodies)),
            &mut out,
        ),
        Reading::Enterprise { salt, items } => {
            let sheet = EnterpriseSheet {
                salt: salt.as_bytes(),
                items: &items,
            };
            write(
                &file.and_then(|file| parse_enterprise(&file, units, &sheet)),
                &mut out,
            )
        }
        Reading::EnterpriseList => write(
            &file.and_then(|file| parse_enterprise_list(&file)),
            &mut out,
        ),
        Reading::Survey(mapping) => write(
            &file.and_then(|file| parse_survey(&file, &mapping, units)),
            &mut out,
        ),
    }
}

fn write<T: Serialize>(
    outcome: &Result<Imported<T>, FileRefused>,
    out: &mut impl Write,
) -> io::Result<()> {
    rating_import::write_ndjson(outcome, out)?;
    out.flush()
}

fn answer_in_parts(bytes: &[u8], name: &str, out: &mut impl Write) -> io::Result<()> {
    let mut parts = 0;
    let read = pool_parts(bytes, name, &pool_limits(), |part| {
        parts += 1;
        rating_import::write_ndjson(&Ok(part), out)
    })?;
    match read {
        Ok(()) => rating_import::write_last(parts, out)?,
        Err(refused) => rating_import::write_ndjson::<PoolRow>(&Err(refused), out)?,
    }
    out.flush()
}
