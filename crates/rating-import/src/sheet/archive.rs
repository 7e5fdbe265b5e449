//! A look into a workbook's archive before any library opens it.
//!
//! Everything is counted while inflating; declared sizes are not believed. The archive is opened by the
//! same library the workbook reader uses, so that both see the same entries.

use crate::Limits;
use crate::refused::Refusal;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// Small files may inflate this far whatever their ratio.
const RATIO_FLOOR: u64 = 8 * 1024 * 1024;
/// Longest text a forbidden pattern and its value take.
const OVERLAP: usize = 64;

/// What the look into an archive found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Inspected {
    /// Whether any sheet has merged areas; without them a sheet need not be read for them.
    pub merges: bool,
}

pub(super) fn inspect(
    input: impl Read + Seek,
    size: u64,
    limits: &Limits,
) -> Result<Inspected, Refusal> {
    let mut archive = ZipArchive::new(input).map_err(|_| Refusal::ArchiveBroken)?;
    if archive.len() > limits.entries {
        return Err(Refusal::TooManyEntries {
            limit: limits.entries,
        });
    }
    let names = (0..archive.len())
        .map(|index| entry_name(&mut archive, index))
        .collect::<Result<Vec<String>, Refusal>>()?;
    let is_workbook = |name: &String| name.eq_ignore_ascii_case("xl/workbook.xml");
    if !names.iter().any(is_workbook) {
        return Err(Refusal::NotAWorkbook);
    }
    for name in &names {
        refuse_name(name)?;
    }
    inflate_all(&mut archive, &names, budget(size, limits), limits)
}

fn budget(size: u64, limits: &Limits) -> u64 {
    let by_ratio = limits.inflated_ratio.saturating_mul(size);
    by_ratio.max(RATIO_FLOOR).min(limits.inflated_bytes)
}

fn entry_name(archive: &mut ZipArchive<impl Read + Seek>, index: usize) -> Result<String, Refusal> {
    let entry = archive
        .by_index_raw(index)
        .map_err(|_| Refusal::ArchiveBroken)?;
    if entry.encrypted() {
        return Err(Refusal::Encrypted);
    }
    if entry.is_symlink() {
        return Err(Refusal::ForbiddenEntry);
    }
    let name = entry.name().map_err(|_| Refusal::ForbiddenEntry)?;
    Ok(name.into_owned())
}

fn refuse_name(name: &str) -> Result<(), Refusal> {
    const FOLDERS: [&str; 7] = [
        "xl/",
        "_rels/",
        "docprops/",
        "customxml/",
        "_xmlsignatures/",
        "package/",
        "[trash]/",
    ];
    let lower = name.to_ascii_lowercase();
    if lower.contains("vbaproject") || lower.contains("xl/macrosheets") {
        return Err(Refusal::Macros);
    }
    if lower.starts_with("xl/externallinks/") {
        return Err(Refusal::ExternalLinks);
    }
    let inside = FOLDERS.iter().any(|folder| lower.starts_with(folder));
    let climbs = lower.contains("..") || lower.contains('\\') || lower.contains('\0');
    if climbs || !(inside || lower == "[content_types].xml") {
        return Err(Refusal::ForbiddenEntry);
    }
    Ok(())
}

fn inflate_all(
    archive: &mut ZipArchive<impl Read + Seek>,
    names: &[String],
    budget: u64,
    limits: &Limits,
) -> Result<Inspected, Refusal> {
    let (mut left, mut found) = (budget, Inspected::default());
    for (index, name) in names.iter().enumerate() {
        let entry = archive
            .by_index(index)
            .map_err(|_| Refusal::ArchiveBroken)?;
        let lower = name.to_ascii_lowercase();
        let kind = match lower.rsplit('.').next() {
            Some("xml" | "rels" | "vml") => Part::Xml,
            _ => Part::Other,
        };
        left -= scan(entry, kind, left, limits, &mut found)?;
    }
    Ok(found)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Xml,
    Other,
}

/// Inflates one entry through a window; gives the bytes counted.
fn scan(
    entry: impl Read,
    part: Part,
    budget: u64,
    limits: &Limits,
    found: &mut Inspected,
) -> Result<u64, Refusal> {
    let mut entry = entry.take(budget + 1);
    let mut window = vec![0_u8; 64 * 1024];
    let (mut kept, mut counted) = (0_usize, 0_u64);
    loop {
        let read = entry
            .read(&mut window[kept..])
            .map_err(|_| Refusal::ArchiveBroken)?;
        counted += read as u64;
        if counted > budget {
            return Err(Refusal::InflatesTooFar);
        }
        let filled = kept + read;
        if part == Part::Xml {
            look_into_xml(&window[..filled], read == 0, limits, found)?;
        }
        if read == 0 {
            return Ok(counted);
        }
        kept = filled.min(OVERLAP);
        window.copy_within(filled - kept..filled, 0);
    }
}

/// Refuses declarations, other encodings than ASCII-compatible ones, and string counts that reserve memory.
fn look_into_xml(
    window: &[u8],
    at_end: bool,
    limits: &Limits,
    found: &mut Inspected,
) -> Result<(), Refusal> {
    const COUNT: &[u8] = b"uniqueCount";
    for (start, byte) in window.iter().enumerate() {
        match byte {
            0 | 0x1B => return Err(Refusal::Declarations),
            b'<' if declares(&window[start..]) => return Err(Refusal::Declarations),
            b'm' if window[start..].starts_with(b"mergeCell ") => found.merges = true,
            b'u' if window[start..].starts_with(COUNT) => {
                let rest = &window[start + COUNT.len()..];
                refuse_count(rest, at_end, limits)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn declares(tag: &[u8]) -> bool {
    [&b"<!DOCTYPE"[..], b"<!ENTITY"].iter().any(|pattern| {
        tag.get(..pattern.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(pattern))
    })
}

/// A count too near the edge of the window comes again with the next one.
fn refuse_count(rest: &[u8], at_end: bool, limits: &Limits) -> Result<(), Refusal> {
    let whole = rest.len() >= OVERLAP - 16 || at_end;
    let believed = declared_count(rest).is_some_and(|count| count <= limits.shared_strings);
    if whole && !believed {
        return Err(Refusal::TooManyStrings {
            limit: limits.shared_strings,
        });
    }
    Ok(())
}

/// The number in `="123"`; `None` when it is written in any other way.
fn declared_count(rest: &[u8]) -> Option<u64> {
    let text: String = rest
        .iter()
        .take(32)
        .map(|byte| char::from(*byte))
        .filter(|c| !c.is_ascii_whitespace())
        .collect();
    let value = text.strip_prefix('=')?;
    let value = value.strip_prefix(['"', '\''])?;
    let end = value.find(['"', '\''])?;
    value[..end].parse().ok()
}

#[cfg(test)]
mod tests;
