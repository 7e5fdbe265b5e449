//! Files from outside are read in a child process with limits on memory, time and open files; its death is a refusal.
//!
//! The child has the file as its standard input, opened for reading only. Its standard output is one end of a socket
//! pair: what to read and how comes in as one line of JSON, rows and issues go out as lines of JSON as they are read.
//! Personal columns are dropped in the child, except for the sample pool.

use crate::exit::Failure;
use rating_import::{
    BodyIndex, EnterpriseSheet, FileKind, HallReading, Incoming, Limits, SheetFile, Stopped,
    UnitIndex, parse_enterprise, parse_enterprise_list, parse_hall, parse_headers, parse_hotline,
    parse_hotline_totals, parse_pairing, parse_pool, parse_raw, parse_survey, parse_volumes,
    write_ndjson,
};
use rlimit::Resource;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    os::{fd::AsFd, unix::net::UnixStream},
    process::{Child, Command, ExitCode, Stdio},
    time::Duration,
};
use survey_design::{HotlineMapping, SurveyMapping, TextForm};
use vocabulary::ItemId;

const MEMORY: u64 = 512 << 20;
const PROCESSOR_SECONDS: u64 = 30;
const OPEN_FILES: u64 = 16;
/// How long the parent waits for the next row; the time the parent takes to store rows does not count.
const SILENCE: Duration = Duration::from_secs(30);

/// What the child is asked to read.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reading {
    /// Service-centre ratings.
    Hall(HallReading),
    /// Completed cases per unit.
    Volume,
    /// Hotline orders or mailbox messages.
    Hotline(Option<HotlineMapping>),
    /// Totals of a hotline by unit and month.
    HotlineTotals,
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
    /// The rows as they stand.
    Raw,
    /// The headers that are likeliest for this kind.
    Headers(FileKind),
}

#[derive(Serialize, Deserialize)]
struct Request {
    reading: Reading,
    form: TextForm,
    file_name: String,
    units: UnitIndex,
}

/// Starts to read a file in a child process; its rows come as it reads them.
///
/// # Errors
/// When the child cannot be started. A child that dies or falls silent later is a refusal of the file.
pub fn read<T: DeserializeOwned>(
    reading: Reading,
    form: TextForm,
    (file, name): (&File, &str),
    units: &UnitIndex,
) -> Result<Incoming<T>, Failure> {
    let request = Request {
        reading,
        form,
        file_name: name.to_owned(),
        units: units.clone(),
    };
    let stream = file
        .try_clone()
        .and_then(|file| start(file, &request))
        .map_err(|error| Failure::new(11, format!("不能启动读文件的子进程：{error}")))?;
    Ok(Incoming::new(BufReader::new(stream)))
}

fn start(file: File, request: &Request) -> io::Result<Rows> {
    let (mut ours, theirs) = UnixStream::pair()?;
    ours.set_read_timeout(Some(SILENCE))?;
    let child = Command::new(std::env::current_exe()?)
        .arg("import-worker")
        .env_clear()
        .stdin(file)
        .stdout(std::os::fd::OwnedFd::from(theirs))
        .stderr(Stdio::null())
        .spawn()?;
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    ours.write_all(&line)?;
    Ok(Rows {
        stream: ours,
        child,
    })
}

/// What the child writes; the child does not outlive its reader.
struct Rows {
    stream: UnixStream,
    child: Child,
}

impl Read for Rows {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.stream.read(into)
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        let _ = (self.child.kill(), self.child.wait());
    }
}

/// The child: limits itself, takes the request, reads the file, answers, exits.
pub fn work() -> ExitCode {
    let limited = [
        (Resource::AS, MEMORY),
        (Resource::CPU, PROCESSOR_SECONDS),
        (Resource::NOFILE, OPEN_FILES),
        (Resource::FSIZE, 0),
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
    let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let stream = UnixStream::from(io::stdout().as_fd().try_clone_to_owned()?);
    let mut line = String::new();
    BufReader::new(stream.try_clone()?).read_line(&mut line)?;
    let request: Request = serde_json::from_str(&line)?;
    let mut out = BufWriter::with_capacity(64 * 1024, stream);
    write(&file, &request, &mut out)?;
    out.flush()
}

/// People are stored part by part as they come, so their file is read to its end once before the first is handed on.
fn write(file: &File, request: &Request, out: &mut impl Write) -> io::Result<()> {
    let units = &request.units;
    let open = || -> Result<SheetFile, Stopped> {
        let (form, name, limits) = (&request.form, &request.file_name, Limits::default());
        let input = BufReader::new(file.try_clone()?);
        Ok(SheetFile::open(input, name, form, &limits)?)
    };
    match &request.reading {
        Reading::Hall(reading) => {
            write_ndjson(out, |rows| parse_hall(&mut open()?, units, *reading, rows))
        }
        Reading::Volume => write_ndjson(out, |rows| parse_volumes(&mut open()?, units, rows)),
        Reading::Hotline(mapping) => write_ndjson(out, |rows| {
            parse_hotline(&mut open()?, units, mapping.as_ref(), rows)
        }),
        Reading::HotlineTotals => {
            write_ndjson(out, |rows| parse_hotline_totals(&mut open()?, units, rows))
        }
        Reading::Pool => write_ndjson(out, |rows| {
            parse_pool(&mut open()?, &mut |_| Ok(()))?;
            parse_pool(&mut open()?, rows)
        }),
        Reading::Pairing(bodies) => {
            write_ndjson(out, |rows| parse_pairing(&mut open()?, units, bodies, rows))
        }
        Reading::Enterprise { salt, items } => {
            let salt = salt.as_bytes();
            let sheet = EnterpriseSheet { salt, items };
            write_ndjson(out, |rows| {
                parse_enterprise(&mut open()?, units, &sheet, rows)
            })
        }
        Reading::EnterpriseList => write_ndjson(out, |rows| {
            parse_enterprise_list(&mut open()?, &mut |_| Ok(()))?;
            parse_enterprise_list(&mut open()?, rows)
        }),
        Reading::Raw => write_ndjson(out, |rows| parse_raw(&mut open()?, rows)),
        Reading::Headers(kind) => {
            write_ndjson(out, |rows| parse_headers(&mut open()?, *kind, rows))
        }
        Reading::Survey(mapping) => {
            write_ndjson(out, |rows| parse_survey(&mut open()?, mapping, units, rows))
        }
    }
}
