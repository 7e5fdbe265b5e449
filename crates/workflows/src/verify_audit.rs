//! Holds the audit log against itself and against what was kept outside the database.

use crate::{App, Verb};
use std::{fmt, fs, path::Path};
use storage::audit_log::{self, ChainCheck};

/// What holding the log against its anchors found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditCheck {
    /// Events that follow from each other, from the first on.
    pub events: i64,
    /// Anchors looked at.
    pub anchors: usize,
    /// Everything that does not hold.
    pub faults: Vec<AuditFault>,
}

/// Why the log cannot be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditFault {
    /// From this event on nothing follows: it was changed, or one before it is gone.
    Broken {
        /// Its position.
        seq: i64,
    },
    /// The log ends before an anchor: its tail is cut off.
    Cut {
        /// File of the anchor.
        anchor: String,
        /// Position the anchor names.
        seq: i64,
    },
    /// Another event stands where the anchor was made: the log was written again.
    Rewritten {
        /// File of the anchor.
        anchor: String,
        /// Position the anchor names.
        seq: i64,
    },
    /// The anchor is not one.
    Unreadable {
        /// Its file.
        anchor: String,
    },
}

impl fmt::Display for AuditFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { seq } => write!(f, "第 {seq} 条起对不上：这一条被改过，或前面少了记录"),
            Self::Cut { anchor, seq } => write!(
                f,
                "{anchor} 留存时已有 {seq} 条，现在没有这么多：末尾的记录被删了"
            ),
            Self::Rewritten { anchor, seq } => {
                write!(f, "第 {seq} 条与 {anchor} 留存的不同：日志被重写过")
            }
            Self::Unreadable { anchor } => {
                write!(f, "{anchor} 不是一行“条数 摘要”，请从见证人的邮件里取回")
            }
        }
    }
}

/// Recomputes the chain and looks up every anchor of a folder in it, by name; the log alone where there is no such folder.
///
/// # Errors
/// When the database or a file fails.
pub async fn verify_audit(app: &App, anchors: &Path) -> Verb<AuditCheck> {
    let mut faults = Vec::new();
    let events = match audit_log::verify_chain(app.store()).await? {
        ChainCheck::Intact(head) => head.seq,
        ChainCheck::Broken { seq } => {
            faults.push(AuditFault::Broken { seq });
            seq - 1
        }
    };
    let mut files = match anchors.is_dir() {
        true => fs::read_dir(anchors)?.collect::<Result<Vec<_>, _>>()?,
        false => Vec::new(),
    };
    files.sort_by_key(fs::DirEntry::file_name);
    for file in &files {
        let anchor = file.file_name().to_string_lossy().into_owned();
        let Some((seq, hash)) = parts(&fs::read_to_string(file.path())?) else {
            faults.push(AuditFault::Unreadable { anchor });
            continue;
        };
        match audit_log::hash_at(app.store(), seq).await? {
            _ if seq == 0 => {}
            None => faults.push(AuditFault::Cut { anchor, seq }),
            Some(held) if held != hash => faults.push(AuditFault::Rewritten { anchor, seq }),
            Some(_) => {}
        }
    }
    Ok(AuditCheck {
        events,
        anchors: files.len(),
        faults,
    })
}

/// Position and hash of an anchor's line.
fn parts(line: &str) -> Option<(i64, String)> {
    let (seq, hash) = line.trim().split_once(' ')?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some((seq.parse().ok()?, is_hash.then(|| hash.to_owned())?))
}
