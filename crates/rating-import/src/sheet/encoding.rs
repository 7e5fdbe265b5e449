//! Which letters the bytes mean: decided by decoding, never guessed silently.

use crate::refused::Refusal;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Text and the encoding it was in.
pub(crate) struct Decoded {
    pub text: String,
    pub encoding: &'static str,
}

/// Share of characters that must be usual ones before a reading is believed.
const BELIEVED: f64 = 0.9;

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let decoded = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => by_mark(encoding, &bytes[length..])?,
        None if bytes.contains(&0) => return Err(Refusal::NotATable),
        None => by_trial(bytes)?,
    };
    if decoded.text.contains('\u{FFFD}') || decoded.text.contains("锟斤拷") {
        return Err(Refusal::CharactersLost);
    }
    if decoded.text.contains('\0') {
        return Err(Refusal::NotATable);
    }
    if decoded_twice(&decoded.text) {
        return Err(Refusal::DecodedTwice);
    }
    Ok(decoded)
}

fn by_mark(encoding: &'static Encoding, bytes: &[u8]) -> Result<Decoded, Refusal> {
    debug_assert!([UTF_8, UTF_16LE, UTF_16BE].contains(&encoding));
    let text = strictly(encoding, bytes).ok_or_else(|| Refusal::EncodingUnknown {
        looks_like: guessed_name(bytes),
    })?;
    Ok(Decoded {
        text,
        encoding: encoding.name(),
    })
}

fn by_trial(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let unknown = || Refusal::EncodingUnknown {
        looks_like: guessed_name(bytes),
    };
    if bytes.is_ascii() {
        let text = strictly(UTF_8, bytes).ok_or_else(unknown)?;
        return Ok(Decoded {
            text,
            encoding: "UTF-8",
        });
    }
    let usual = usual_share_of_gb_pairs(bytes);
    match (strictly(UTF_8, bytes), strictly(GB18030, bytes)) {
        (Some(_), Some(_)) if usual >= BELIEVED => Err(Refusal::EncodingAmbiguous),
        (Some(text), _) => Ok(Decoded {
            text,
            encoding: "UTF-8",
        }),
        (None, Some(text)) if usual >= BELIEVED || guessed_name(bytes) == "GBK" => Ok(Decoded {
            text,
            encoding: "GB18030",
        }),
        _ => Err(unknown()),
    }
}

fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
}

fn guessed_name(bytes: &[u8]) -> String {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector
        .guess(Some(b"cn"), Utf8Detection::Deny)
        .name()
        .to_owned()
}

/// Share of two-byte characters that lie in the symbols and the 3,755 everyday characters of GB 2312 level 1.
///
/// UTF-8 Chinese read as GB18030 scores below one half, Chinese written in GB18030 above nine tenths. A pair
/// right behind a Latin letter is not usual: `café` in UTF-8 reads `caf茅`.
fn usual_share_of_gb_pairs(bytes: &[u8]) -> f64 {
    let (mut usual, mut all) = (0_u32, 0_u32);
    let (mut rest, mut behind_letter) = (bytes, false);
    while let [first, tail @ ..] = rest {
        if first.is_ascii() {
            behind_letter = first.is_ascii_alphabetic();
            rest = tail;
            continue;
        }
        let Some((second, after)) = tail.split_first() else {
            break;
        };
        let everyday = matches!(first, 0xA1..=0xA3 | 0xB0..=0xD7) && *second >= 0xA1;
        usual += u32::from(everyday && !behind_letter);
        all += 1;
        behind_letter = false;
        rest = after;
    }
    f64::from(usual) / f64::from(all.max(1))
}

/// UTF-8 Chinese that was read as Western text and saved again: `满意` became `æ»¡æ„`.
fn decoded_twice(text: &str) -> bool {
    let beyond_ascii = || text.chars().filter(|c| !c.is_ascii());
    let (bytes, _, unmapped) = WINDOWS_1252.encode(text);
    let sequences = text
        .chars()
        .zip(text.chars().skip(1))
        .filter(|(a, b)| matches!(a, 'ä'..='é') && !b.is_ascii())
        .count();
    sequences >= 3
        && !unmapped
        && std::str::from_utf8(&bytes).is_ok()
        && sequences * 4 >= beyond_ascii().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<(&str, &str), Refusal>) {
        let found = decode(bytes).map(|d| (d.text, d.encoding));
        assert_eq!(found, expected.map(|(text, name)| (text.to_owned(), name)));
    }

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn both_usual_encodings_are_told_apart() {
        let text = "办件编号,整体满意度\n001,非常满意\n";

        check(text.as_bytes(), Ok((text, "UTF-8")));
        check(&gb(text), Ok((text, "GB18030")));
        check(format!("\u{feff}{text}").as_bytes(), Ok((text, "UTF-8")));
        check(b"a,b\n1,2", Ok(("a,b\n1,2", "UTF-8")));
    }

    #[test]
    fn utf_16_with_a_mark_is_read_and_without_is_not_a_table() {
        let bytes: Vec<u8> = "单位\t满意"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();

        check(
            &[&[0xFF, 0xFE], &bytes[..]].concat(),
            Ok(("单位\t满意", "UTF-16LE")),
        );
        check(b"a\0,\0b\0", Err(Refusal::NotATable));
    }

    #[test]
    fn text_valid_in_both_encodings_is_refused_not_guessed() {
        check(&gb("模,目"), Err(Refusal::EncodingAmbiguous));
    }

    #[test]
    fn rare_characters_of_names_do_not_make_a_file_unreadable() {
        let text = format!("姓名,单位\n{}\n朱镕基,喆\n", "张三,市公安局\n".repeat(30));

        check(&gb(&text), Ok((&text, "GB18030")));
    }

    #[test]
    fn accents_in_utf_8_are_not_taken_for_chinese() {
        check("café,Zoë\n".as_bytes(), Ok(("café,Zoë\n", "UTF-8")));
    }

    #[test]
    fn text_decoded_twice_or_with_lost_characters_is_refused() {
        let (twice, _) = WINDOWS_1252.decode_without_bom_handling("满意度,非常满意".as_bytes());

        check(twice.as_bytes(), Err(Refusal::DecodedTwice));
        check("满意\u{FFFD}".as_bytes(), Err(Refusal::CharactersLost));
        check("单位,锟斤拷".as_bytes(), Err(Refusal::CharactersLost));
    }

    #[test]
    fn bytes_of_no_known_encoding_are_refused() {
        assert!(matches!(
            decode(b"caf\xE9,na\xEFve,\xFF\n"),
            Err(Refusal::EncodingUnknown { .. })
        ));
    }
}
