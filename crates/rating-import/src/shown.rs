//! What of a cell may stand in a message: enough to find it again, nothing that leads to a person.
//!
//! A shifted row puts a telephone number or a whole complaint where a level should be. The message names sheet, row and
//! column; whoever holds the file reads the rest there.

use vocabulary::surname_length;

/// Characters shown of the name of an organisation, or of a text without words.
const MOST: usize = 16;
/// Characters shown of any other text, and how many it may have to be shown whole.
const FEW: usize = 2;
const SHORT: usize = 6;
/// Digits in a row that are covered, and digits in a whole text that are: a telephone number with blanks has eleven.
const RUN: usize = 5;
const MANY: usize = 11;
/// What names of units, communities and companies end with.
const ORGANISATION: &str = "局委办处科室部厅院所站队会司校中心厂社区村镇乡街道市县";
/// Those of them that no name of a person ends with, and what people write about themselves and no name of a unit holds.
const OFFICE: &str = "局委办处科厅院所";
const PERSONAL: [&str; 6] = ["我", "叫", "姓", "找", "住在", "家住"];
const DATE: &str = "年月日时分秒";
const NUMERALS: &str = "〇零一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖";

/// A text as a message may show it.
pub(crate) fn masked(text: &str) -> String {
    let text = without_numbers(text.trim(), 200);
    let words: Vec<char> = text
        .chars()
        .filter(|c| is_han(*c) && !DATE.contains(*c))
        .collect();
    let ends_with = |endings: &str| text.ends_with(|c| endings.contains(c));
    let is_name = ends_with(ORGANISATION)
        && text.chars().all(is_part_of_a_name)
        && !PERSONAL.iter().any(|word| text.contains(word));
    match words.len() {
        0 if text.contains('@') => "•••".to_owned(),
        0 => cut(&text, MOST),
        2..=4 if surname_length(words.iter().copied()).is_some() && !ends_with(OFFICE) => {
            format!("{}某", words[0])
        }
        _ if is_name => cut(&text, MOST),
        _ if text.chars().count() > SHORT => cut(&text, FEW),
        _ => text,
    }
}

/// The first characters with numbers covered; control characters become blanks.
pub(crate) fn without_numbers(text: &str, most: usize) -> String {
    let digits: Vec<char> = text.chars().filter(|c| is_digit(*c)).collect();
    let is_date = matches!(digits[..], ['1', '9', ..] | ['2', '0', ..]) && digits.len() <= 14;
    let least = match digits.len() >= MANY && !is_date {
        true => 1,
        false => RUN,
    };
    let (mut out, mut run) = (String::new(), String::new());
    for character in text.chars().take(200).chain(['\0']) {
        if is_digit(character) {
            run.push(character);
            continue;
        }
        match run.chars().count() >= least {
            true => out.push_str("•••"),
            false => out.push_str(&run),
        }
        run.clear();
        out.push(if character.is_control() {
            ' '
        } else {
            character
        });
    }
    out.pop();
    cut(&out, most)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn is_digit(c: char) -> bool {
    c.is_numeric() || NUMERALS.contains(c)
}

fn is_part_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || "（）()·•-".contains(c)
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn what_leads_to_nobody_is_shown() {
        for text in [
            "还行吧",
            "7",
            "3/5/2024",
            "2024-13-05 09:30",
            "2024年13月5日",
            "第 12 号",
            "卫健委",
            "市教育局",
            "市住房和城乡建设局",
            "#N/A",
        ] {
            assert_eq!(masked(text), text);
        }
        assert_eq!(
            masked("云溪市并不存在也从来没有过的某某局"),
            "云溪市并不存在也从来没有过的某某…"
        );
    }

    #[test]
    fn a_person_in_the_wrong_column_does_not_reach_the_message() {
        for (text, shown) in [
            ("13812345678", "•••"),
            ("１３８１２３４５６７８", "•••"),
            ("139 0000 4417", "••• ••• •••"),
            ("一三九-〇〇〇〇-四四一七", "•••-•••-•••"),
            ("打 13812345678 找我", "打 …"),
            ("330000195003070018", "•••"),
            ("林晓梅", "林某"),
            ("欧阳晓梅", "欧某"),
            ("我叫林晓梅，请回复", "我叫…"),
            ("我叫林晓梅，在望湖区", "我叫…"),
            ("林晓梅家住城东社区", "林晓…"),
            ("林晓村", "林某"),
            ("lin@example.com", "•••"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }
}
