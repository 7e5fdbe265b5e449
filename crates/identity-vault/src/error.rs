//! What can go wrong with the vault, said in one line without any content.

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// Why the vault did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The vault was made with another key.
    #[error("身份库的密钥不对，无法打开身份库")]
    OtherKey,
    /// The key is not here: nothing is sealed or opened.
    #[error("身份库的密钥没有恢复，打不开身份库；请用 huiyin restore --keys 带上密钥重新恢复")]
    Locked,
    /// A row does not open: it was changed, moved or sealed under another key.
    #[error("身份库中有内容已损坏或被改动，未予读取")]
    Damaged,
    /// The address is neither `sqlite://…` nor `postgres://…`.
    #[error("身份库地址无法识别，应为 sqlite://文件路径 或 postgres://…")]
    BadAddress,
    /// The database cannot be opened or does not answer.
    #[error("无法打开身份库，请检查目录、权限和数据库服务")]
    Unavailable,
    /// The disk is full; nothing was written.
    #[error("磁盘空间已满，身份库没有写入")]
    Full,
    /// Any other fault of the database, by its code.
    #[error("身份库操作失败（{code}）")]
    Database {
        /// SQLSTATE on PostgreSQL, the extended result code on SQLite, or a word.
        code: String,
    },
}

impl From<DbErr> for VaultError {
    fn from(error: DbErr) -> Self {
        let (DbErr::Conn(RuntimeErr::SqlxError(driver))
        | DbErr::Exec(RuntimeErr::SqlxError(driver))
        | DbErr::Query(RuntimeErr::SqlxError(driver))) = &error
        else {
            return match error {
                DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Self::Unavailable,
                _ => Self::Database { code: "orm".into() },
            };
        };
        let sqlx::Error::Database(reported) = &**driver else {
            return Self::Unavailable;
        };
        match reported.code().unwrap_or_default().as_ref() {
            "13" | "53100" => Self::Full,
            code => Self::Database { code: code.into() },
        }
    }
}
