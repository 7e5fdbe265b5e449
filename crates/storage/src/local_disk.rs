//! A SQLite file must lie on a local disk: over a network neither its locks nor its flushes can be trusted.
//!
//! Source: <https://www.sqlite.org/useovernet.html>.

use crate::{Outage, StorageError};
use std::{fs, path::Path};

/// File systems of other machines; everything behind FUSE may be one.
const REMOTE: [&str; 8] = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse", "afs", "ceph",
];

/// Refuses a database file on a disk that is not local. A system that does not tell is believed.
pub(crate) fn require(path: &Path) -> Result<(), StorageError> {
    let Ok(mounts) = fs::read_to_string("/proc/self/mountinfo") else {
        return Ok(());
    };
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let Ok(folder) = folder.canonicalize() else {
        return Ok(());
    };
    match kind_of(&mounts, &folder) {
        Some(kind) if is_remote(kind) => Err(StorageError::Unavailable(Outage::NotLocal {
            path: path.display().to_string(),
            kind: kind.to_owned(),
        })),
        _ => Ok(()),
    }
}

/// The kind of the file system mounted closest above a folder; the later one of two on the same place.
fn kind_of<'a>(mounts: &'a str, folder: &Path) -> Option<&'a str> {
    let mounted = mounts.lines().filter_map(|line| {
        let (place, kind) = line.split_once(" - ")?;
        let place = unescaped(place.split(' ').nth(4)?);
        Some((place, kind.split(' ').next()?))
    });
    mounted
        .filter(|(place, _)| folder.starts_with(place))
        .max_by_key(|(place, _)| place.len())
        .map(|(_, kind)| kind)
}

fn is_remote(kind: &str) -> bool {
    let family = kind.split('.').next().unwrap_or(kind);
    REMOTE.contains(&family)
}

/// The kernel writes blanks in a path as octal numbers.
fn unescaped(place: &str) -> String {
    place.replace("\\040", " ").replace("\\011", "\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /srv/share rw - nfs4 server:/export rw
31 22 0:41 / /mnt/my\\040disk rw - fuse.sshfs somewhere rw
32 22 0:42 / /srv/share/fast rw - xfs /dev/sdb1 rw
";

    #[test]
    fn the_closest_mount_above_a_folder_decides() {
        for (folder, kind) in [
            ("/var/lib/huiyin", "ext4"),
            ("/srv/share/huiyin", "nfs4"),
            ("/srv/share/fast/huiyin", "xfs"),
            ("/srv/shared", "ext4"),
            ("/mnt/my disk/a", "fuse.sshfs"),
        ] {
            assert_eq!(kind_of(MOUNTS, Path::new(folder)), Some(kind), "{folder}");
        }
    }

    #[test]
    fn network_and_fuse_file_systems_are_not_local() {
        for kind in ["nfs4", "cifs", "fuse.sshfs", "fuse"] {
            assert!(is_remote(kind), "{kind}");
        }
        for kind in ["ext4", "xfs", "btrfs", "overlay", "tmpfs", "fuseblk"] {
            assert!(!is_remote(kind), "{kind}");
        }
    }
}
