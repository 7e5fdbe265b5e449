//! `huiyin admin`: what only a person at the machine may do.

use crate::{
    cli::{AdminCommand, Common},
    clock::now,
    commands::print,
    exit::{Failure, Outcome},
    installation::{open, operator},
};
use serde_json::json;

/// Runs a command on the machine.
///
/// # Errors
/// When nobody has checked the disk, or the database cannot be written.
pub async fn run(common: &Common, command: &AdminCommand) -> Outcome {
    let AdminCommand::ClearFault {
        i_checked_the_disk, ..
    } = command;
    if !i_checked_the_disk {
        return Err(Failure::new(
            1,
            "请先检查磁盘和数据库文件（见运维手册），确认无误后加上 --i-checked-the-disk",
        ));
    }
    let app = open(common).await?;
    let cleared = workflows::clear_fault(&app, &operator(), now()).await?;
    print(common, &json!({"cleared": cleared}), || {
        if cleared {
            "故障标记已清除，重新启动服务后恢复写入".to_owned()
        } else {
            "没有故障标记，不需要清除".to_owned()
        }
    })
}
