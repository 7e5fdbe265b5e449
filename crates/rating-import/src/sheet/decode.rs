//! Bytes as text, a piece at a time: decoded, put right where the mapping says so, lines ended by `\n` alone.

use super::encoding::{self, Found};
use super::{FileForm, Input, mojibake};
use crate::refused::Refusal;
use encoding_rs::{Decoder, DecoderResult, Encoding};
use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;
use survey_design::{TextForm, TextRepair};

/// Bytes read and decoded at a time.
const PIECE: usize = 64 * 1024;
/// Bytes one row may take: a row that takes more is a quote that was never closed.
const ROW_BYTES: usize = 4 * 1024 * 1024;

/// A text file whose encoding is known.
pub(super) struct TextFile {
    input: Box<dyn Input>,
    found: Found,
}

impl TextFile {
    /// Reads the whole file once to decide its encoding.
    pub fn examine(
        mut input: Box<dyn Input>,
        form: &TextForm,
        hint: Option<&'static Encoding>,
    ) -> Result<Self, Refusal> {
        let found = encoding::examine(&mut input, form, hint)?;
        Ok(Self { input, found })
    }

    pub fn form(&self) -> FileForm {
        FileForm {
            encoding: self.found.encoding.name().to_uppercase(),
            repaired: self.found.repair,
            ..FileForm::default()
        }
    }

    /// The text from its start.
    pub fn reader(&mut self) -> Result<TextReader<'_>, Refusal> {
        self.input
            .seek(SeekFrom::Start(self.found.mark))
            .map_err(|_| Refusal::Unreadable)?;
        Ok(TextReader::new(&mut *self.input, self.found))
    }
}

/// How many bytes the row that is being read may still take.
#[derive(Clone)]
pub(super) struct RowAllowance(Rc<Cell<usize>>);

impl RowAllowance {
    pub fn renew(&self) {
        self.0.set(ROW_BYTES);
    }
}

/// The text of a file in UTF-8.
pub(super) struct TextReader<'f> {
    input: &'f mut dyn Input,
    decoder: Decoder,
    repair: Option<(TextRepair, Decoder)>,
    bytes: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
    after_return: bool,
    at_end: bool,
    allowance: RowAllowance,
}

impl<'f> TextReader<'f> {
    fn new(input: &'f mut dyn Input, found: Found) -> Self {
        let strict = |encoding: &'static Encoding| encoding.new_decoder_without_bom_handling();
        Self {
            input,
            decoder: strict(found.encoding),
            repair: found
                .repair
                .map(|repair| (repair, strict(mojibake::meant(repair)))),
            bytes: vec![0; PIECE],
            ready: Vec::new(),
            given: 0,
            after_return: false,
            at_end: false,
            allowance: RowAllowance(Rc::new(Cell::new(ROW_BYTES))),
        }
    }

    pub fn allowance(&self) -> RowAllowance {
        self.allowance.clone()
    }

    fn fill(&mut self) -> io::Result<()> {
        let read = self.input.read(&mut self.bytes)?;
        self.at_end = read == 0;
        let mut text = String::new();
        decode(
            &mut self.decoder,
            &self.bytes[..read],
            self.at_end,
            &mut text,
        )
        .map_err(|()| io::ErrorKind::InvalidData)?;
        if let Some((repair, decoder)) = &mut self.repair {
            let bytes = mojibake::undone(*repair, &text).ok_or(io::ErrorKind::InvalidInput)?;
            text.clear();
            decode(decoder, &bytes, self.at_end, &mut text)
                .map_err(|()| io::ErrorKind::InvalidInput)?;
        }
        self.ready.clear();
        self.given = 0;
        self.end_lines_alike(&text);
        Ok(())
    }

    fn end_lines_alike(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                b'\n' if self.after_return => {}
                b'\r' => self.ready.push(b'\n'),
                byte => self.ready.push(byte),
            }
            self.after_return = byte == b'\r';
        }
        if self.at_end {
            self.ready.push(b'\n');
        }
    }
}

impl Read for TextReader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            if self.at_end {
                return Ok(0);
            }
            self.fill()?;
        }
        let count = into.len().min(self.ready.len() - self.given);
        let left = self.allowance.0.get();
        self.allowance
            .0
            .set(left.checked_sub(count).ok_or(io::ErrorKind::FileTooLarge)?);
        into[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// Adds what the bytes mean to the text; an error when they mean nothing in this encoding.
pub(super) fn decode(
    decoder: &mut Decoder,
    mut bytes: &[u8],
    last: bool,
    text: &mut String,
) -> Result<(), ()> {
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
        text.reserve(room.unwrap_or(PIECE).max(16));
        let (result, read) = decoder.decode_to_string_without_replacement(bytes, text, last);
        bytes = &bytes[read..];
        match result {
            DecoderResult::InputEmpty => return Ok(()),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => return Err(()),
        }
    }
}

impl Refusal {
    /// Why reading a text stopped.
    pub(super) fn of_text(error: &io::Error, row: u32) -> Self {
        match error.kind() {
            io::ErrorKind::FileTooLarge => Self::QuoteNotClosed { row },
            io::ErrorKind::InvalidInput => Self::RepairUnfit,
            io::ErrorKind::InvalidData => Self::CharactersLost,
            _ => Self::Unreadable,
        }
    }
}
