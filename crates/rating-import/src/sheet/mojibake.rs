//! Text that was read in one encoding and saved in another: shown put right, and put right only when told to.

use super::encoding::PairShare;
use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};
use survey_design::TextRepair;

/// The encoding the bytes were in before they were read wrongly.
pub(super) const fn meant(repair: TextRepair) -> &'static Encoding {
    match repair {
        TextRepair::Utf8ReadAsLatin | TextRepair::Utf8ReadAsGb => UTF_8,
        TextRepair::GbReadAsLatin => GB18030,
    }
}

/// The bytes before they were read wrongly; none when the text cannot have come about that way.
pub(super) fn undone(repair: TextRepair, text: &str) -> Option<Vec<u8>> {
    match repair {
        TextRepair::Utf8ReadAsLatin | TextRepair::GbReadAsLatin => latin_bytes(text),
        TextRepair::Utf8ReadAsGb => {
            let (bytes, _, unmapped) = GB18030.encode(text);
            (!unmapped).then(|| bytes.into_owned())
        }
    }
}

/// ISO 8859-1 and Windows-1252 at once: they differ only where the one has control characters.
fn latin_bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match u8::try_from(u32::from(character)) {
            Ok(byte) => bytes.push(byte),
            Err(_) => {
                let mut letter = [0; 4];
                let (encoded, _, unmapped) =
                    WINDOWS_1252.encode(character.encode_utf8(&mut letter));
                match (&*encoded, unmapped) {
                    ([byte], false) => bytes.push(*byte),
                    _ => return None,
                }
            }
        }
    }
    Some(bytes)
}

/// How a text was decoded twice, and its first words put right; none for a text that reads well.
pub(super) fn detect(sample: &str) -> Option<(TextRepair, String)> {
    if sample.chars().filter(|c| !c.is_ascii()).count() < 3 {
        return None;
    }
    [
        TextRepair::Utf8ReadAsLatin,
        TextRepair::GbReadAsLatin,
        TextRepair::Utf8ReadAsGb,
    ]
    .into_iter()
    .find_map(|repair| {
        let bytes = undone(repair, sample)?;
        let text = meant(repair).decode_without_bom_handling_and_without_replacement(&bytes)?;
        reads_well(&text).then(|| (repair, shown(&text)))
    })
    .filter(|(repair, _)| *repair != TextRepair::Utf8ReadAsGb || !reads_well(sample))
}

/// Nine of ten characters beyond ASCII are everyday Chinese, and there are three at least.
fn reads_well(text: &str) -> bool {
    let mut share = PairShare::default();
    share.feed(&GB18030.encode(text).0);
    share.all() >= 3 && share.usual() >= 0.9
}

/// The start of the first line with Chinese, which is a title or a header.
fn shown(text: &str) -> String {
    let line = text.lines().find(|line| !line.is_ascii()).unwrap_or(text);
    crate::shown::without_numbers(line, 40)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_list_of_people_no_word_is_shown() {
        let refused = crate::FileRefused::from(crate::refused::Refusal::DecodedTwice {
            repair: TextRepair::GbReadAsLatin,
            shown: "林晓梅,群众".into(),
        });

        let told = refused.impersonal();

        assert_eq!(told.message, "文字被转码两次，已成乱码。");
        assert!(told.remedy.contains("gb_read_as_latin"));
    }

    const TEXT: &str = "工单编号,承办单位,满意度\nA1,市教育局,非常满意\n";

    fn misread(bytes: &[u8], encoding: &'static Encoding) -> String {
        encoding.decode_without_bom_handling(bytes).0.into_owned()
    }

    #[test]
    fn each_wrong_reading_is_found_and_undone() {
        let gb = GB18030.encode(TEXT).0.into_owned();
        let iso: String = TEXT.bytes().map(char::from).collect();
        let even = "单位,满意,市教育局\n";
        for (text, repair, meant_text) in [
            (
                misread(TEXT.as_bytes(), WINDOWS_1252),
                TextRepair::Utf8ReadAsLatin,
                TEXT,
            ),
            (iso, TextRepair::Utf8ReadAsLatin, TEXT),
            (misread(&gb, WINDOWS_1252), TextRepair::GbReadAsLatin, TEXT),
            (
                misread(even.as_bytes(), GB18030),
                TextRepair::Utf8ReadAsGb,
                even,
            ),
        ] {
            let (found, shown) = detect(&text).expect("the text was decoded twice");

            let bytes = undone(found, &text).expect("it can be undone");
            assert_eq!(found, repair, "{text}");
            assert_eq!(misread(&bytes, meant(found)), meant_text);
            assert!(
                meant_text.starts_with(shown.trim_end_matches('…')),
                "{shown}"
            );
        }
    }

    #[test]
    fn texts_that_read_well_are_left_alone() {
        for text in [
            TEXT,
            "café,Zoë,naïve,Müller\n",
            "Größe;Straße;Überschrift\nÄpfel;Öl;Übung\n",
            "年,月\n",
            "朱镕基,喆,龑,淼\n",
            "a,b\n1,2\n",
        ] {
            assert_eq!(detect(text), None, "{text}");
        }
    }
}
