//! What can go wrong below the verbs, said in one line without any stored value.

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};
use std::fmt;

/// Why the database did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// Somebody else was first, or the record exists already. Nothing was written.
    #[error("{0}")]
    Conflict(&'static str),
    /// The database cannot be used now.
    #[error("{0}")]
    Unavailable(Outage),
    /// Another program has this SQLite file open.
    #[error("数据库文件已被另一个回音程序使用：{path}；请先停止那个程序，或换一个数据目录")]
    AlreadyOpen {
        /// The database file.
        path: String,
    },
    /// The disk is full; nothing was written, and the same request may be sent again.
    #[error("磁盘空间已满，本次内容没有写入；腾出空间后可以重试")]
    Full,
    /// A fault of the program or of the stored rows.
    #[error("数据库操作失败（{0}）")]
    Database(DatabaseFault),
}

/// Why the database cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Outage {
    /// An earlier I/O fault: nothing is written until a person has checked the disk.
    #[error("数据库曾发生读写故障，已停止写入；请检查磁盘，确认无误后清除故障标记")]
    Latched,
    /// Somebody else holds the write lock for too long.
    #[error("数据库正忙，请稍后重试")]
    Busy,
    /// The writing task has ended.
    #[error("程序正在停止，不再接收新的内容")]
    Stopped,
    /// The connection is gone or never came to be.
    #[error("无法连接数据库，请检查数据库地址和数据库服务是否正常")]
    Unreachable,
    /// The address is neither `sqlite://…` nor `postgres://…`.
    #[error("数据库地址无法识别，应为 sqlite://文件路径 或 postgres://…")]
    BadAddress,
    /// The database file or its directory cannot be opened.
    #[error("无法打开数据库文件 {path}；请检查目录是否存在、是否可写")]
    CannotOpen {
        /// The database file.
        path: String,
    },
    /// The file is something else.
    #[error("{path} 不是数据库文件，未作任何改动")]
    NotADatabase {
        /// The file.
        path: String,
    },
    /// The database file lies on another machine's disk, where locks and flushes cannot be trusted.
    #[error("{path} 不在本机磁盘上（{kind}）；数据目录必须放在本机磁盘")]
    NotLocal {
        /// The database file.
        path: String,
        /// Kind of the file system.
        kind: String,
    },
    /// A setting that keeps acknowledged answers safe is not in force.
    #[error("数据库设置 {setting} 不符合要求，不能保证已确认的内容不丢失")]
    UnsafeSetting {
        /// Name of the pragma or server setting.
        setting: &'static str,
    },
    /// The database was made by a newer program.
    #[error("数据库由更新版本的回音建立，请使用新版本打开")]
    NewerSchema,
}

/// A database fault by its code; never holds a stored value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseFault {
    code: String,
    about: String,
}

/// A stored text that names no state of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode;

impl DatabaseFault {
    /// A fault of stored rows that this crate found itself.
    pub(crate) fn of_rows(about: &'static str) -> Self {
        Self {
            code: "rows".to_owned(),
            about: about.to_owned(),
        }
    }

    /// The code: SQLSTATE on PostgreSQL, the extended result code on SQLite, or a word.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl fmt::Display for DatabaseFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}", self.code, self.about)
    }
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stored text names no known state")
    }
}

impl std::error::Error for UnknownCode {}

/// What a database error means for the one who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A failed read or write of the disk, or damaged pages: nothing more may be acknowledged.
    DiskFault,
    /// Anything else.
    Said(StorageError),
}

/// Reads the meaning of a sea-orm error.
pub(crate) fn meaning(error: &DbErr) -> Meaning {
    let conflict = match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Some("已有相同的记录，未重复写入"),
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Some("所属的记录不允许这样写，未写入"),
        _ => None,
    };
    if let Some(text) = conflict {
        return Meaning::Said(StorageError::Conflict(text));
    }
    match driver_error(error) {
        Some(driver) => driver_meaning(driver),
        None if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) => {
            Meaning::Said(StorageError::Unavailable(Outage::Unreachable))
        }
        None => Meaning::Said(StorageError::Database(DatabaseFault {
            code: "orm".to_owned(),
            about: kind_of(error).to_owned(),
        })),
    }
}

/// Reads the meaning of an error of the driver below sea-orm.
pub(crate) fn driver_meaning(error: &sqlx::Error) -> Meaning {
    let sqlx::Error::Database(reported) = error else {
        return Meaning::Said(match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                StorageError::Database(DatabaseFault::of_rows("stored value cannot be read"))
            }
            _ => StorageError::Unavailable(Outage::Unreachable),
        });
    };
    let code = reported.code().unwrap_or_default();
    let on_sqlite = reported
        .try_downcast_ref::<sqlx::sqlite::SqliteError>()
        .is_some();
    let known = if on_sqlite {
        sqlite_meaning(&code)
    } else {
        postgres_meaning(&code)
    };
    known.unwrap_or_else(|| {
        // Class 22 of PostgreSQL quotes the value it could not read.
        let quotes_values = !on_sqlite && code.starts_with("22");
        Meaning::Said(StorageError::Database(DatabaseFault {
            about: if quotes_values {
                "value refused".to_owned()
            } else {
                reported.message().to_owned()
            },
            code: code.into_owned(),
        }))
    })
}

/// Result codes: <https://www.sqlite.org/rescode.html>.
fn sqlite_meaning(code: &str) -> Option<Meaning> {
    const SHM_COULD_NOT_GROW: i32 = 4874;
    let code: i32 = code.parse().ok()?;
    Some(match (code, code & 0xff) {
        (SHM_COULD_NOT_GROW, _) | (_, 13) => Meaning::Said(StorageError::Full),
        (_, 10 | 11) => Meaning::DiskFault,
        (_, 5 | 6) => Meaning::Said(StorageError::Unavailable(Outage::Busy)),
        _ => return None,
    })
}

/// SQLSTATE classes: PostgreSQL documentation, appendix A.
fn postgres_meaning(code: &str) -> Option<Meaning> {
    let said = |error| Some(Meaning::Said(error));
    match code {
        "58030" | "XX001" | "XX002" => Some(Meaning::DiskFault),
        "53100" => said(StorageError::Full),
        "40001" | "40P01" | "55P03" | "57014" | "53300" => {
            said(StorageError::Unavailable(Outage::Busy))
        }
        "57P01" | "57P02" | "57P03" => said(StorageError::Unavailable(Outage::Unreachable)),
        _ if code.starts_with("08") || code.starts_with("28") || code == "3D000" => {
            said(StorageError::Unavailable(Outage::Unreachable))
        }
        _ => None,
    }
}

fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(driver))
        | DbErr::Exec(RuntimeErr::SqlxError(driver))
        | DbErr::Query(RuntimeErr::SqlxError(driver)) => Some(driver),
        _ => None,
    }
}

const fn kind_of(error: &DbErr) -> &'static str {
    match error {
        DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => "stored value cannot be read",
        DbErr::RecordNotFound(_) | DbErr::RecordNotUpdated => "no such record",
        DbErr::Migration(_) => "schema step failed",
        _ => "statement could not be made",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_may_be_tried_again_and_a_broken_one_may_not() {
        let full = Some(Meaning::Said(StorageError::Full));

        assert_eq!(sqlite_meaning("13"), full);
        assert_eq!(sqlite_meaning("4874"), full);
        assert_eq!(postgres_meaning("53100"), full);
        // SQLITE_IOERR_FSYNC, SQLITE_CORRUPT_INDEX, io_error, index_corrupted
        for code in ["1034", "779", "10"] {
            assert_eq!(sqlite_meaning(code), Some(Meaning::DiskFault), "{code}");
        }
        for code in ["58030", "XX001", "XX002"] {
            assert_eq!(postgres_meaning(code), Some(Meaning::DiskFault), "{code}");
        }
        assert_eq!(sqlite_meaning("1"), None);
    }
}
