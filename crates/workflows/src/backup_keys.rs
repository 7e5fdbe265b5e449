//! Copies the keys to a folder of their own, apart from every backup.

use crate::{Action, Actor, BackupProblem, Refusal, Verb, allow, backup::is_inside};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// What a key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// Has to be kept: what it opens stays shut without it.
    Kept,
    /// Links a person to an answer until it is destroyed; never copied.
    Linking,
}

impl KeyUse {
    /// What the key in this file is for; none for a file that is no key.
    #[must_use]
    pub fn of(file: &str) -> Option<Self> {
        if !file.ends_with(".key") && !file.ends_with(".json") {
            return None;
        }
        match file.starts_with("mix-") || file.starts_with("mail-") {
            true => Some(Self::Linking),
            false => Some(Self::Kept),
        }
    }

    /// What cannot be done without the key in this file.
    #[must_use]
    pub fn lost_without(file: &str) -> &'static str {
        let name = file.split(['.', '-']).next().unwrap_or(file);
        match name {
            "vault" => "联系方式、抽样、发邀请",
            "receipts" => "群众用查询码查办理情况",
            "evidence" => "查看和上传证明材料",
            "uploads" => "查看待批准的上传文件",
            "accounts" => "用动态码登录",
            "round" => "打开邀请链接、继续填写",
            "letters" | "handles" | "addresses" => "发出还在等的信",
            "letter" => "按取阅编号查反馈函",
            "unit" => "提醒单位签收",
            "sources" => "回传结果给报送系统",
            "log" => "公布回执日志",
            "sign" => "用原来的签名公布结果",
            "opinions" | "pool" | "enterprises" => "再次导入时认出同一个人",
            _ => "用这把密钥的功能",
        }
    }
}

/// The key files of a data folder, by name.
pub(crate) fn key_files(data: &Path) -> io::Result<Vec<(String, KeyUse)>> {
    let entries = match fs::read_dir(data.join("keys")) {
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(of) = KeyUse::of(&name) {
            found.push((name, of));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(found)
}

/// Copies every key that may be kept into a new folder only its owner can read; says which.
///
/// # Errors
/// When the folder holds something already or lies in the data folder, or a file fails.
pub fn backup_keys(actor: &Actor, data: &Path, to: &Path) -> Verb<Vec<String>> {
    allow(actor, Action::BackUp)?;
    if is_inside(data, to)? {
        return Err(Refusal::Backup(BackupProblem::Inside).into());
    }
    make_private(to)?;
    if fs::read_dir(to)?.next().is_some() {
        let shown = to.display().to_string();
        return Err(Refusal::Backup(BackupProblem::Exists(shown)).into());
    }
    let kept = key_files(data)?
        .into_iter()
        .filter(|(_, of)| *of == KeyUse::Kept);
    let names: Vec<String> = kept.map(|(name, _)| name).collect();
    for name in &names {
        copy_key(&data.join("keys").join(name), &to.join(name))?;
    }
    File::open(to)?.sync_all()?;
    Ok(names)
}

/// Copies one key, readable by its owner only, and waits until it is on the disk.
pub(crate) fn copy_key(from: &Path, to: &Path) -> io::Result<()> {
    let mut copy = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)?;
    io::copy(&mut File::open(from)?, &mut copy)?;
    copy.sync_all()
}

/// Makes a folder only its owner can look into.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Role;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn keys_that_link_a_person_to_an_answer_are_never_copied() {
        let folder = tempfile::tempdir().unwrap();
        let (data, to) = (folder.path().join("data"), folder.path().join("apart"));
        fs::create_dir_all(data.join("keys")).unwrap();
        for name in [
            "vault.key",
            "sign-leader.json",
            "mix-R-1.key",
            "mail-R.key",
            "vault.0123",
        ] {
            fs::write(data.join("keys").join(name), "0").unwrap();
        }
        let clerk = Actor {
            role: Role::OfficeClerk,
            ..Actor::system()
        };

        let copied = backup_keys(&Actor::system(), &data, &to).unwrap();

        assert_eq!(copied, ["sign-leader.json", "vault.key"]);
        assert_eq!((mode(&to), mode(&to.join("vault.key"))), (0o700, 0o600));
        assert_eq!(fs::read_dir(&to).unwrap().count(), 2);
        assert!(backup_keys(&Actor::system(), &data, &to).is_err());
        assert!(backup_keys(&Actor::system(), &data, &data.join("keys/a")).is_err());
        assert!(backup_keys(&clerk, &data, &folder.path().join("b")).is_err());
    }
}
