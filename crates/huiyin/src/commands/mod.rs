//! The commands, one file each.

pub mod admin;
pub mod analyze;
pub mod backup;
pub mod check_templates;
pub mod export;
pub mod import;
pub mod letters;
pub mod mail;
pub mod matters;
pub mod migrate;
pub mod publishing;
mod rates;
pub mod restore;
pub mod round;
pub mod sample;
pub mod serve;
pub mod snapshot;
pub mod user;
pub mod verify;
pub mod worker;

use crate::{
    cli::Common,
    exit::{Failure, Outcome},
};
use serde::Serialize;
use std::{
    io::{self, BufRead, IsTerminal, Write},
    process::ExitCode,
};

/// Prints a result: as JSON when asked, else as the given lines of words.
pub fn print<T: Serialize>(common: &Common, value: &T, words: impl FnOnce() -> String) -> Outcome {
    let text = if common.json {
        serde_json::to_string(value)
            .map_err(|error| Failure::new(11, format!("结果不能写成 JSON：{error}")))?
    } else {
        words()
    };
    write_out((text + "\n").as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a result to standard output; a reader that has seen enough is no failure.
///
/// # Errors
/// When the output cannot be written.
pub fn write_out(bytes: &[u8]) -> Result<(), Failure> {
    match io::stdout().write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(11, format!("不能输出结果：{error}")))
        }
        _ => Ok(()),
    }
}

/// Asks before a step that cannot be taken back; `--yes` answers beforehand.
///
/// # Errors
/// When the answer is not yes, or nobody can be asked.
pub fn confirm(common: &Common, question: &str) -> Result<(), Failure> {
    if common.yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::new(
            1,
            format!("{question} 这一步不能撤回；请加上 --yes 再运行"),
        ));
    }
    eprint!("{question} 这一步不能撤回。确定吗？输入 yes 继续：");
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && answer.trim().eq_ignore_ascii_case("yes") {
        Ok(())
    } else {
        Err(Failure::new(1, "没有执行，什么也没有改变"))
    }
}
