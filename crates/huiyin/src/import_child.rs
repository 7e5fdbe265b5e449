//! Files from outside are read in a child process with limits on memory, time and open files; its death is a refusal.
//!
//! The child gets one line of JSON (what to read and how) and then the bytes of the file on its standard input, and
//! answers with lines of JSON. Personal columns are dropped in the child, except for the sample pool.

use crate::exit::Failure;
use rating_import::{
    BodyIndex, EnterpriseSheet, FileRefused, Imported, LevelCodes, Limits, UnitIndex,
    parse_enterprise, parse_enterprise_list, parse_hall, parse_hotline, parse_pairing, parse_pool,
    parse_survey, parse_volumes,
};
use rlimit::Resource;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::BTreeMap,
    io::{self, BufReader, Read, Write},
    process::{Command, ExitCode, Stdio},
    time::Duration,
};
use survey_design::{HotlineMapping, SurveyMapping};
use vocabulary::ItemId;

const MEMORY: u64 = 1 << 30;
const PROCESSOR_SECONDS: u64 = 60;
const OPEN_FILES: u64 = 16;
const WALL: Duration = Duration::from_secs(120);

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
    let request = Request {
        reading,
        file_name: file_name.to_owned(),
        units: units.clone(),
    };
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(11, format!("找不到本程序文件：{error}")))?;
    let mut child = Command::new(program)
        .arg("import-worker")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Failure::new(11, format!("不能启动读文件的子进程：{error}")))?;
    let mut input = child.stdin.take().expect("standard input is piped");
    let feeder = std::thread::spawn(move || {
        let mut head = serde_json::to_vec(&request).unwrap_or_default();
        head.push(b'\n');
        input
            .write_all(&head)
            .and_then(|()| input.write_all(&bytes))
    });
    let (sender, watchdog) = std::sync::mpsc::channel::<()>();
    let id = child.id();
    let killer = std::thread::spawn(move || {
        if watchdog.recv_timeout(WALL) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
        }
    });
    let output = child.stdout.take().expect("standard output is piped");
    let outcome = rating_import::read_ndjson(BufReader::new(output));
    drop(sender);
    let _ = (feeder.join(), killer.join(), child.wait());
    outcome.map_err(|_| {
        Failure::new(1, format!("文件 {file_name} 让读文件的子进程中止了（内容异常，超出内存或时间上限），整个文件没有导入。请在表格软件中新建工作簿，只粘贴数值，另存为 .xlsx 后再导入"))
    })
}

/// The child: limits itself, reads the request and the file, answers, exits.
pub fn work() -> ExitCode {
    let limited = [
        (Resource::AS, MEMORY),
        (Resource::CPU, PROCESSOR_SECONDS),
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
    let limits = Limits::default();
    let file = rating_import::read_rows(bytes, name, &limits);
    let mut out = io::BufWriter::new(io::stdout().lock());
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
        Reading::Pool => write(&file.and_then(|file| parse_pool(&file)), &mut out),
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
