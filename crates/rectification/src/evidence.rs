//! Files that show what was done 证明材料: their kind is what their bytes say, and photos lose the place they were taken at.

use crate::{MatterStage, named::named};
use img_parts::{
    Bytes, ImageEXIF,
    jpeg::{Jpeg, markers},
    png::Png,
};
use std::fmt;

/// Most bytes of a file: 20 MB.
pub const MOST_BYTES: usize = 20 << 20;
/// Most files of a matter.
pub const MOST_FILES: usize = 20;
/// Most characters of a name.
const LONGEST_NAME: usize = 120;

named! {
    /// What a piece of evidence is.
    EvidenceKind {
        /// Portable document.
        Pdf = "pdf", "PDF";
        /// Photo.
        Jpeg = "jpg", "照片";
        /// Picture of a screen.
        Png = "png", "图片";
        /// Word document.
        Docx = "docx", "Word 文档";
        /// Workbook.
        Xlsx = "xlsx", "Excel 表格";
        /// Open fixed-layout document, GB/T 33190.
        Ofd = "ofd", "OFD 版式文件";
    }
}

impl EvidenceKind {
    /// The media type it is sent with.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ofd => "application/ofd",
        }
    }

    /// The kind a name ends like.
    fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_lowercase().as_str() {
            "jpeg" => Some(Self::Jpeg),
            ending => Self::from_code(ending),
        }
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let holds = |part: &str| position(bytes, part.as_bytes()).is_some();
        match bytes {
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Self::Png),
            [b'P', b'K', 3, 4, ..] if holds("word/document.xml") => Some(Self::Docx),
            [b'P', b'K', 3, 4, ..] if holds("xl/workbook.xml") => Some(Self::Xlsx),
            [b'P', b'K', 3, 4, ..] if holds("OFD.xml") => Some(Self::Ofd),
            _ => None,
        }
    }
}

impl MatterStage {
    /// Whether files can be added to a matter that stands here, and taken back: while somebody works on it.
    #[must_use]
    pub const fn takes_evidence(self) -> bool {
        matches!(
            self,
            Self::Signed
                | Self::Planned
                | Self::Rectifying
                | Self::ExtensionReview
                | Self::Reported
                | Self::Verified
                | Self::Reopened
        )
    }
}

/// Why a file is not taken as evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceProblem {
    /// No file was chosen, or it has no name.
    NoName,
    /// It holds nothing.
    Empty,
    /// It is larger than [`MOST_BYTES`].
    TooLarge,
    /// Its bytes are of no kind that is taken.
    UnknownKind,
    /// Its name says another kind than its bytes.
    SaysOther {
        /// What the bytes are.
        holds: EvidenceKind,
    },
    /// It opens with a password only.
    Locked,
    /// It carries a program.
    Macros,
    /// It is a picture that cannot be read.
    Broken,
}

impl EvidenceProblem {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoName => "RE-301",
            Self::Empty => "RE-302",
            Self::TooLarge => "RE-303",
            Self::UnknownKind => "RE-304",
            Self::SaysOther { .. } => "RE-305",
            Self::Locked => "RE-306",
            Self::Macros => "RE-307",
            Self::Broken => "RE-308",
        }
    }
}

impl fmt::Display for EvidenceProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoName => f.write_str("请先选择一个文件"),
            Self::Empty => f.write_str("文件是空的（0 字节），请核对后重新选择"),
            Self::TooLarge => f.write_str("文件超过 20 MB，请压缩照片或分成几个文件"),
            Self::UnknownKind => f.write_str(
                "只收 PDF、照片（JPG、PNG）、DOCX、XLSX 和 OFD；旧格式请另存为 DOCX 或 PDF",
            ),
            Self::SaysOther { holds } => write!(
                f,
                "文件内容是 {}，和文件名的后缀不一致，请把后缀改成 .{} 后再传",
                holds.label(),
                holds.code()
            ),
            Self::Locked => f.write_str("文件有密码，打不开；请去掉密码后再传"),
            Self::Macros => f.write_str("文件带有宏（程序），不能收；请另存为不带宏的文件或 PDF"),
            Self::Broken => f.write_str("图片打不开，可能没有传完整；请重新选择"),
        }
    }
}

/// A file that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its name, without folders.
    pub name: String,
    /// What it is.
    pub kind: EvidenceKind,
    /// Its bytes; of photos without place, time and device.
    pub bytes: Vec<u8>,
}

impl Evidence {
    /// Takes a file as its sender named it.
    ///
    /// # Errors
    /// The first [`EvidenceProblem`].
    pub fn parse(name: &str, bytes: Vec<u8>) -> Result<Self, EvidenceProblem> {
        let name = bare_name(name).ok_or(EvidenceProblem::NoName)?;
        if bytes.is_empty() {
            return Err(EvidenceProblem::Empty);
        }
        if bytes.len() > MOST_BYTES {
            return Err(EvidenceProblem::TooLarge);
        }
        if is_locked(&bytes) {
            return Err(EvidenceProblem::Locked);
        }
        let holds = EvidenceKind::of_bytes(&bytes).ok_or(EvidenceProblem::UnknownKind)?;
        if position(&bytes, b"vbaProject.bin").is_some() {
            return Err(EvidenceProblem::Macros);
        }
        if EvidenceKind::of_name(&name) != Some(holds) {
            return Err(EvidenceProblem::SaysOther { holds });
        }
        Ok(Self {
            name,
            kind: holds,
            bytes: without_traces(holds, bytes)?,
        })
    }
}

/// The last part of a path of any system, without characters that steer a terminal or a page.
fn bare_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|letter| is_shown(*letter)).collect();
    let shown = shown.trim();
    let ending = shown
        .rsplit_once('.')
        .map_or(0, |(_, it)| it.chars().count() + 1);
    let length = shown.chars().count();
    let kept = LONGEST_NAME.saturating_sub(ending);
    let name: String = match length > LONGEST_NAME {
        true => {
            let start = shown.chars().take(kept);
            start.chain(shown.chars().skip(length - ending)).collect()
        }
        false => shown.to_owned(),
    };
    (!name.trim_matches('.').is_empty()).then_some(name)
}

fn is_shown(letter: char) -> bool {
    let turns = matches!(letter, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    !letter.is_control() && !turns && !['"', '<', '>', '|', ':', '*', '?'].contains(&letter)
}

/// A PDF whose trailer names a lock, or an office file inside the container that locked ones lie in.
fn is_locked(bytes: &[u8]) -> bool {
    let package: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => position(bytes, b"/Encrypt").is_some(),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => position(bytes, &package).is_some(),
        _ => false,
    }
}

fn position(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// Photos without where, when and by which device they were taken; which way is up stays.
fn without_traces(kind: EvidenceKind, bytes: Vec<u8>) -> Result<Vec<u8>, EvidenceProblem> {
    let broken = |_| EvidenceProblem::Broken;
    match kind {
        EvidenceKind::Jpeg => {
            let mut photo = Jpeg::from_bytes(bytes.into()).map_err(broken)?;
            let upright = photo.exif().and_then(|exif| orientation(&exif));
            let describes = |marker| {
                matches!(
                    marker,
                    markers::APP1..=markers::APP13 | markers::APP15 | markers::COM
                ) && marker != markers::APP2
            };
            photo
                .segments_mut()
                .retain(|segment| !describes(segment.marker()));
            photo.set_exif(upright.map(|upright| Bytes::copy_from_slice(&only(upright))));
            Ok(photo.encoder().bytes().to_vec())
        }
        EvidenceKind::Png => {
            let mut picture = Png::from_bytes(bytes.into()).map_err(broken)?;
            let describes = [*b"tEXt", *b"zTXt", *b"iTXt", *b"eXIf", *b"tIME"];
            picture
                .chunks_mut()
                .retain(|chunk| !describes.contains(&chunk.kind()));
            Ok(picture.encoder().bytes().to_vec())
        }
        _ => Ok(bytes),
    }
}

const ORIENTATION: u16 = 0x0112;

/// Which way is up, 2 to 8; none where nothing says so or the photo stands upright.
///
/// Source: Exif 2.32 (CIPA DC-008), 4.6.2 and tag 274.
fn orientation(exif: &[u8]) -> Option<u16> {
    let little = match exif.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let pair = exif.get(at..at + 2)?.try_into().ok()?;
        Some(match little {
            true => u16::from_le_bytes(pair),
            false => u16::from_be_bytes(pair),
        })
    };
    let (low, high) = match little {
        true => (short(4)?, short(6)?),
        false => (short(6)?, short(4)?),
    };
    let first = usize::from(high) << 16 | usize::from(low);
    let entries = usize::from(short(first)?);
    let mut entries = (0..entries).map(|entry| first + 2 + 12 * entry);
    let at = entries.find(|at| short(*at) == Some(ORIENTATION))?;
    short(at + 8).filter(|upright| (2..=8).contains(upright))
}

/// Exif with nothing in it but which way is up.
fn only(upright: u16) -> [u8; 26] {
    let mut exif = *b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0\0\0\0\0";
    exif[18..20].copy_from_slice(&upright.to_le_bytes());
    exif
}

#[cfg(test)]
mod tests;
