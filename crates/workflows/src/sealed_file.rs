//! A file of any size under a seal, piece by piece, so that no name or phone number lies readable on the disk.
//!
//! Every piece is sealed for its place and the last one says so: a piece that is missing, doubled or moved does not open.

use crate::{
    keys::Key,
    seal::{open, seal},
};
use rand::Rng;
use rustix::fs::{MemfdFlags, memfd_create};
use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Seek, Write},
    path::{Path, PathBuf},
};

/// Bytes of a piece; with its end byte a piece is a power of two and is not filled up.
const PIECE: usize = 64 * 1024 - 1;
/// What the seal adds: a nonce, an end byte and a tag.
const SEAL: usize = 24 + 1 + 16;

/// A sealed file that is being written; dropped before [`SealedFile::finish`], it is removed.
pub(crate) struct SealedFile {
    path: PathBuf,
    out: BufWriter<File>,
    key: Key,
    name: String,
    pieces: u64,
    rest: Vec<u8>,
    finished: bool,
}

impl SealedFile {
    /// Begins a file that is not there yet.
    pub(crate) fn create(path: PathBuf, key: Key, name: &str) -> io::Result<Self> {
        let file = File::options().write(true).create_new(true).open(&path)?;
        Ok(Self {
            path,
            out: BufWriter::new(file),
            key,
            name: name.to_owned(),
            pieces: 0,
            rest: Vec::with_capacity(PIECE),
            finished: false,
        })
    }

    /// Adds bytes.
    pub(crate) fn write(&mut self, mut bytes: &[u8], rng: &mut impl Rng) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.rest.len() == PIECE {
                self.put("", rng)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - self.rest.len()));
            self.rest.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Writes the last piece and waits until everything is on the disk.
    pub(crate) fn finish(mut self, rng: &mut impl Rng) -> io::Result<()> {
        self.put(LAST, rng)?;
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        self.finished = true;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }

    fn put(&mut self, last: &str, rng: &mut impl Rng) -> io::Result<()> {
        let place = place(&self.name, self.pieces, last);
        let sealed = seal(&self.key, &place, &self.rest, rng);
        self.rest.clear();
        self.pieces += 1;
        self.out.write_all(&sealed)
    }
}

impl Drop for SealedFile {
    fn drop(&mut self) {
        if !self.finished {
            // Sealed under a name nobody asks for; what cannot be removed now is swept away later.
            drop(fs::remove_file(&self.path));
        }
    }
}

const LAST: &str = "last";

fn place(name: &str, piece: u64, last: &str) -> String {
    format!("{name}/{piece}/{last}")
}

/// The content of a sealed file in memory only, as an open file that another process can be given.
pub(crate) fn unseal(path: &Path, key: &Key, name: &str) -> io::Result<File> {
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "sealed file is damaged");
    let mut sealed = BufReader::new(File::open(path)?);
    let mut plain = BufWriter::new(File::from(memfd_create("upload", MemfdFlags::CLOEXEC)?));
    let mut bytes = Vec::with_capacity(PIECE + SEAL);
    for piece in 0.. {
        bytes.clear();
        let most = (PIECE + SEAL) as u64;
        sealed.by_ref().take(most).read_to_end(&mut bytes)?;
        let opened = |last| open(key, &place(name, piece, last), &bytes);
        if let Some(end) = opened(LAST) {
            plain.write_all(&end)?;
            break;
        }
        plain.write_all(&opened("").ok_or_else(damaged)?)?;
    }
    let mut plain = plain.into_inner().map_err(io::IntoInnerError::into_error)?;
    plain.rewind()?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    fn sealed(folder: &Path, content: &[u8]) -> PathBuf {
        let path = folder.join(content.len().to_string());
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let mut file = SealedFile::create(path.clone(), [7; 32], "a").unwrap();
        for part in content.chunks(1000) {
            file.write(part, &mut rng).unwrap();
        }
        file.finish(&mut rng).unwrap();
        path
    }

    fn read(path: &Path, name: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        unseal(path, &[7; 32], name)
            .ok()?
            .read_to_end(&mut bytes)
            .unwrap();
        Some(bytes)
    }

    #[test]
    fn every_length_comes_back_and_nothing_of_it_lies_readable() {
        let folder = tempfile::tempdir().unwrap();
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let content: Vec<u8> = (0..length).map(|at| b"13900000001"[at % 11]).collect();
            let path = sealed(folder.path(), &content);

            assert_eq!(read(&path, "a").unwrap(), content, "{length}");
            let stored = fs::read(&path).unwrap();
            assert!(!stored.windows(11).any(|part| part == b"13900000001"));
            assert_eq!(read(&path, "b"), None);
        }
    }

    #[test]
    fn a_piece_that_is_cut_off_or_moved_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = sealed(folder.path(), &vec![5; 3 * PIECE]);
        let whole = fs::read(&path).unwrap();
        let piece = PIECE + SEAL;
        let moved = [
            &whole[piece..2 * piece],
            &whole[..piece],
            &whole[2 * piece..],
        ]
        .concat();
        for broken in [&whole[..piece], &whole[..2 * piece], &whole[..10], &moved] {
            fs::write(&path, broken).unwrap();

            assert_eq!(read(&path, "a"), None);
        }
    }

    #[test]
    fn what_is_given_up_half_way_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let path = folder.path().join("half");
        let mut file = SealedFile::create(path.clone(), [7; 32], "a").unwrap();
        file.write(&[1; 100_000], &mut rng).unwrap();

        drop(file);

        assert!(!path.exists());
    }
}
