//! Which letters the bytes mean: decided by decoding all of them once, never guessed silently.

use super::decode::decode;
use super::{Input, mojibake};
use crate::refused::Refusal;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{Read, SeekFrom};
use survey_design::{TextEncoding, TextForm, TextRepair};

/// Share of characters that must be usual ones before a reading is believed.
const BELIEVED: f64 = 0.9;
/// Bytes read at a time.
const PIECE: usize = 64 * 1024;
/// How much text beyond ASCII is looked at for double decoding, in bytes.
const SAMPLE: usize = 32 * 1024;
/// How many bytes the guess behind a refusal looks at.
const GUESSED: usize = 1024 * 1024;

/// What an encoding was found to be.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub encoding: &'static Encoding,
    /// Bytes of the mark at the start.
    pub mark: u64,
    pub repair: Option<TextRepair>,
}

/// Decides the encoding of a whole file; `hint` decides only where the bytes leave it open.
pub(super) fn examine(
    input: &mut dyn Input,
    form: &TextForm,
    hint: Option<&'static Encoding>,
) -> Result<Found, Refusal> {
    let marked = mark(input)?;
    let declared = form.encoding.map(declared);
    let certain = marked.map(|(encoding, _)| encoding).or(declared);
    let start = marked.map_or(0, |(_, length)| length);
    input
        .seek(SeekFrom::Start(start))
        .map_err(|_| Refusal::Unreadable)?;
    let tried = certain.map_or(vec![UTF_8, GB18030], |encoding| vec![encoding]);
    let mut trials = Trials::new(&tried);
    trials.feed_all(input)?;
    let chosen = trials.decide(certain, hint)?;
    chosen.signs.refuse()?;
    match (mojibake::detect(&chosen.signs.sample), form.repair) {
        (Some((repair, shown)), None) => Err(Refusal::DecodedTwice { repair, shown }),
        (_, repair) => Ok(Found {
            encoding: chosen.encoding,
            mark: start,
            repair,
        }),
    }
}

const fn declared(encoding: TextEncoding) -> &'static Encoding {
    match encoding {
        TextEncoding::Utf8 => UTF_8,
        TextEncoding::Gb18030 => GB18030,
        TextEncoding::Utf16Le => UTF_16LE,
        TextEncoding::Utf16Be => UTF_16BE,
    }
}

/// The encoding a byte order mark names, and the length of the mark.
fn mark(input: &mut dyn Input) -> Result<Option<(&'static Encoding, u64)>, Refusal> {
    let mut head = Vec::new();
    input
        .seek(SeekFrom::Start(0))
        .and_then(|_| Read::take(&mut *input, 4).read_to_end(&mut head))
        .map_err(|_| Refusal::Unreadable)?;
    Ok(Encoding::for_bom(&head).map(|(encoding, length)| (encoding, length as u64)))
}

/// The bytes under every encoding that is possible.
struct Trials {
    trials: Vec<Trial>,
    pairs: PairShare,
    detector: EncodingDetector,
    guessed: usize,
    /// Zero bytes at even and at odd places.
    zeros: [u64; 2],
    place: u64,
}

impl Trials {
    fn new(tried: &[&'static Encoding]) -> Self {
        Self {
            trials: tried.iter().map(|encoding| Trial::new(encoding)).collect(),
            pairs: PairShare::default(),
            detector: EncodingDetector::new(Iso2022JpDetection::Deny),
            guessed: 0,
            zeros: [0; 2],
            place: 0,
        }
    }

    fn feed_all(&mut self, input: &mut dyn Input) -> Result<(), Refusal> {
        let mut piece = vec![0; PIECE];
        loop {
            let read = input.read(&mut piece).map_err(|_| Refusal::Unreadable)?;
            self.feed(&piece[..read], read == 0);
            if read == 0 || self.trials.iter().all(|trial| !trial.fits) {
                return Ok(());
            }
        }
    }

    fn feed(&mut self, bytes: &[u8], last: bool) {
        for trial in &mut self.trials {
            trial.feed(bytes, last);
        }
        for (place, _) in (self.place..).zip(bytes).filter(|(_, byte)| **byte == 0) {
            self.zeros[usize::from(place % 2 == 1)] += 1;
        }
        self.place += bytes.len() as u64;
        self.pairs.feed(bytes);
        if self.guessed < GUESSED {
            self.detector.feed(bytes, false);
            self.guessed += bytes.len();
        }
    }

    /// Chinese that is valid both ways is left to the sender.
    fn decide(
        self,
        certain: Option<&'static Encoding>,
        hint: Option<&'static Encoding>,
    ) -> Result<Trial, Refusal> {
        let looks_like = self.guess();
        let usual = self.pairs.usual();
        let zeros = self.zeros;
        let unknown = |looks_like: &str| Refusal::EncodingUnknown {
            looks_like: looks_like.to_owned(),
        };
        let mut fitting: Vec<Trial> = self.trials.into_iter().filter(|t| t.fits).collect();
        if certain.is_some() {
            return fitting.pop().ok_or_else(|| unknown(looks_like));
        }
        let wide = self.place.is_multiple_of(2);
        match zeros {
            [0, 0] => {}
            _ if !wide => return Err(Refusal::NotATable),
            [0, _] => return Err(unknown(UTF_16LE.name())),
            [_, 0] => return Err(unknown(UTF_16BE.name())),
            _ => return Err(Refusal::NotATable),
        }
        let both = fitting.len() == 2 && usual >= BELIEVED;
        if both && hint.is_none() {
            return Err(Refusal::EncodingAmbiguous);
        }
        let wanted = if both { hint } else { None };
        let chosen = fitting
            .iter()
            .position(|trial| wanted.is_none_or(|wanted| trial.encoding == wanted))
            .map(|index| fitting.swap_remove(index));
        chosen
            .filter(|trial| trial.encoding != GB18030 || usual >= BELIEVED || looks_like == "GBK")
            .ok_or_else(|| unknown(looks_like))
    }

    fn guess(&self) -> &'static str {
        self.detector.guess(Some(b"cn"), Utf8Detection::Deny).name()
    }
}

struct Trial {
    encoding: &'static Encoding,
    decoder: Decoder,
    fits: bool,
    text: String,
    signs: Signs,
}

impl Trial {
    fn new(encoding: &'static Encoding) -> Self {
        Self {
            encoding,
            decoder: encoding.new_decoder_without_bom_handling(),
            fits: true,
            text: String::new(),
            signs: Signs::default(),
        }
    }

    fn feed(&mut self, bytes: &[u8], last: bool) {
        if !self.fits {
            return;
        }
        self.text.clear();
        self.fits = decode(&mut self.decoder, bytes, last, &mut self.text).is_ok();
        self.signs.feed(&self.text);
    }
}

/// What a text shows about its past.
#[derive(Default)]
struct Signs {
    lost: bool,
    zero: bool,
    sample: String,
    /// The last characters of the piece before: a sign may lie across the border.
    seam: String,
}

impl Signs {
    fn feed(&mut self, text: &str) {
        const LOST: &str = "锟斤拷";
        self.seam.extend(text.chars().take(2));
        self.lost |= text.contains('\u{FFFD}') || text.contains(LOST) || self.seam.contains(LOST);
        self.zero |= text.as_bytes().contains(&0);
        for line in text.split_inclusive('\n').filter(|line| !line.is_ascii()) {
            if self.sample.len() + line.len() > SAMPLE {
                break;
            }
            self.sample.push_str(line);
        }
        self.seam = text
            .chars()
            .rev()
            .take(2)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
    }

    fn refuse(&self) -> Result<(), Refusal> {
        match (self.lost, self.zero) {
            (true, _) => Err(Refusal::CharactersLost),
            (_, true) => Err(Refusal::NotATable),
            _ => Ok(()),
        }
    }
}

/// Share of two-byte characters that lie in the symbols and the 3,755 everyday characters of GB 2312 level 1.
///
/// UTF-8 Chinese read as GB18030 scores below one half, Chinese written in GB18030 above nine tenths. A pair
/// right behind a Latin letter is not usual: `café` in UTF-8 reads `caf茅`.
#[derive(Default)]
pub(super) struct PairShare {
    first: Option<u8>,
    behind_letter: bool,
    usual: u64,
    all: u64,
}

impl PairShare {
    pub fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match self.first.take() {
                Some(first) => {
                    let everyday = matches!(first, 0xA1..=0xA3 | 0xB0..=0xD7) && *byte >= 0xA1;
                    self.usual += u64::from(everyday && !self.behind_letter);
                    self.all += 1;
                    self.behind_letter = false;
                }
                None if byte.is_ascii() => self.behind_letter = byte.is_ascii_alphabetic(),
                None => self.first = Some(*byte),
            }
        }
    }

    pub const fn all(&self) -> u64 {
        self.all
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a share needs no more than 52 bits"
    )]
    pub fn usual(&self) -> f64 {
        self.usual as f64 / self.all.max(1) as f64
    }
}

#[cfg(test)]
mod tests;
