//! Why a backup is not made or not taken back. Each fact has a stable code.

use std::fmt;

/// Why a backup is not made or not taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupProblem {
    /// The target lies in the data folder, and would be lost together with it.
    Inside,
    /// There is something at the target already.
    Exists(String),
    /// Another program is making the same backup.
    UnderWay(String),
    /// The folder to restore into holds something.
    NotEmpty(String),
    /// The file is no backup.
    NotABackup,
    /// The backup was made by a newer program.
    Newer,
    /// A file of the backup is not as it was written; its name.
    Changed(String),
    /// A name in the backup leads somewhere a backup never writes.
    Leaves(String),
    /// The pages of a database do not hold; its file.
    PagesDamaged(String),
    /// The audit log is broken from this event on.
    ChainBroken(i64),
    /// The audit log ends elsewhere than it did when the backup was made.
    OtherHead,
    /// The tables lie on a server and its address was not given.
    TablesElsewhere,
    /// The tables are in the backup, and the address of a server was given.
    TablesInside,
    /// The tables on the server are not those of this backup.
    OtherTables,
}

impl BackupProblem {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Inside => "WF-141",
            Self::Exists(_) => "WF-142",
            Self::UnderWay(_) => "WF-143",
            Self::NotEmpty(_) => "WF-144",
            Self::NotABackup => "WF-145",
            Self::Newer => "WF-146",
            Self::Changed(_) => "WF-147",
            Self::Leaves(_) => "WF-148",
            Self::PagesDamaged(_) => "WF-149",
            Self::ChainBroken(_) => "WF-150",
            Self::OtherHead => "WF-151",
            Self::TablesElsewhere => "WF-152",
            Self::TablesInside => "WF-153",
            Self::OtherTables => "WF-154",
        }
    }

    /// Whether something is damaged or was changed, rather than asked for wrongly.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::NotABackup
                | Self::Changed(_)
                | Self::Leaves(_)
                | Self::PagesDamaged(_)
                | Self::ChainBroken(_)
                | Self::OtherHead
        )
    }
}

impl fmt::Display for BackupProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inside => {
                f.write_str("备份不能放在数据目录里，坏了会一起丢；请写到别的磁盘或机器")
            }
            Self::Exists(path) => write!(f, "{path} 已经存在，没有覆盖；请换一个名字"),
            Self::UnderWay(path) => write!(f, "另一个程序正在写 {path}，请等它做完"),
            Self::NotEmpty(path) => {
                write!(f, "{path} 不是空目录，没有恢复；请给出一个空目录或新目录")
            }
            Self::NotABackup => f.write_str("这不是回音的备份文件，请核对路径"),
            Self::Newer => f.write_str("备份由更新版本的回音做成，请用新版本恢复"),
            Self::Changed(name) => {
                write!(
                    f,
                    "备份里的 {name} 和做备份时不一样，没有恢复；请换一份备份"
                )
            }
            Self::Leaves(name) => {
                write!(f, "备份里有不该有的文件名 {name}，没有恢复；请换一份备份")
            }
            Self::PagesDamaged(name) => write!(
                f,
                "{name} 的内容前后不一致，没有做成备份；请先检查磁盘，见运维手册"
            ),
            Self::ChainBroken(seq) => write!(
                f,
                "审计日志从第 {seq} 条起对不上；请运行 huiyin verify audit，并请审计管理员查看"
            ),
            Self::OtherHead => {
                f.write_str("恢复出来的审计日志与备份清单记下的末尾不一样，没有恢复")
            }
            Self::TablesElsewhere => f.write_str(
                "这份备份里没有数据库表；请先用 pg_restore 恢复，再加上 --database-url 运行",
            ),
            Self::TablesInside => f.write_str(
                "这份备份里已有数据库表（SQLite）；请去掉 --database-url（和环境变量 HUIYIN_DATABASE_URL）再恢复",
            ),
            Self::OtherTables => f.write_str(
                "PostgreSQL 里的审计日志与这份备份留存的摘要（anchors）对不上，没有恢复；请先用与它同一次的 pg_dump 文件恢复数据库",
            ),
        }
    }
}
