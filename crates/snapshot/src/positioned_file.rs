//! A file several columns are read from at once, each at its own place.

use bytes::Bytes;
use parquet::{
    errors::Result,
    file::reader::{ChunkReader, Length},
};
use std::{
    fs::File,
    io::{self, BufReader, Read},
    os::unix::fs::FileExt,
    path::Path,
    sync::Arc,
};

/// Reads say where; the library's own reading of files shares one place among all readers and so forbids threads.
#[derive(Clone, Debug)]
pub(crate) struct PositionedFile {
    file: Arc<File>,
    next: u64,
}

impl PositionedFile {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = Arc::new(File::open(path)?);
        Ok(Self { file, next: 0 })
    }
}

impl Read for PositionedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.next)?;
        self.next += read as u64;
        Ok(read)
    }
}

impl Length for PositionedFile {
    fn len(&self) -> u64 {
        self.file.metadata().map_or(0, |file| file.len())
    }
}

impl ChunkReader for PositionedFile {
    type T = BufReader<Self>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let file = Arc::clone(&self.file);
        Ok(BufReader::new(Self { file, next: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(bytes.into())
    }
}
