//! Exit codes and the one clear line a failed command ends with.

use snapshot::SnapshotError;
use std::{fmt, io, process::ExitCode};
use storage::StorageError;
use workflows::{Refusal, VerbError};

/// Why a command did not succeed.
#[derive(Debug)]
pub struct Failure {
    /// The exit code documented in `huiyin --help`.
    pub code: u8,
    /// What, where, what to do.
    pub line: String,
}

impl Failure {
    /// A failure with this exit code.
    pub fn new(code: u8, line: impl Into<String>) -> Self {
        Self {
            code,
            line: line.into(),
        }
    }

    /// A file that cannot be read or written.
    pub fn file(path: &std::path::Path, error: &io::Error) -> Self {
        let shown = path.display();
        match error.kind() {
            io::ErrorKind::NotFound => Self::new(10, format!("文件 {shown} 不存在，请核对路径")),
            io::ErrorKind::PermissionDenied => {
                Self::new(11, format!("没有权限读写 {shown}，请检查文件权限"))
            }
            io::ErrorKind::StorageFull => {
                Self::new(13, format!("磁盘已满，没有写入 {shown}；请腾出空间后重试"))
            }
            io::ErrorKind::IsADirectory => Self::new(11, format!("{shown} 是目录，请给出文件")),
            _ => Self::new(11, format!("读写 {shown} 失败：{error}")),
        }
    }

    /// Prints the line and gives the code.
    pub fn report(&self) -> ExitCode {
        eprintln!("huiyin：{}", self.line);
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

impl From<VerbError> for Failure {
    fn from(error: VerbError) -> Self {
        let line = error.to_string();
        match error {
            VerbError::Refused(
                Refusal::RoundUnknown(_)
                | Refusal::UnitUnknown(_)
                | Refusal::MatterUnknown(_)
                | Refusal::Missing(_),
            ) => Self::new(15, line),
            VerbError::Refused(Refusal::Backup(problem)) if problem.is_damage() => {
                Self::new(17, line)
            }
            VerbError::Refused(_) => Self::new(1, line),
            VerbError::Failed(error) => error.into(),
            VerbError::Io(error) if error.kind() == io::ErrorKind::StorageFull => {
                Self::new(13, "磁盘已满，没有写入；请腾出空间后重试")
            }
            VerbError::Io(_) => Self::new(11, line),
        }
    }
}

impl From<SnapshotError> for Failure {
    fn from(error: SnapshotError) -> Self {
        let code = match &error {
            SnapshotError::Io { path, source } => return Self::file(path, source),
            SnapshotError::Parquet { .. } | SnapshotError::Csv { .. } => 11,
            _ => 1,
        };
        Self::new(code, error.to_string())
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        let code = match &error {
            StorageError::AlreadyOpen { .. } => 12,
            StorageError::Full => 13,
            StorageError::Conflict(_) => 1,
            _ => 16,
        };
        Self::new(code, error.to_string())
    }
}

/// Result of a command.
pub type Outcome = Result<ExitCode, Failure>;
