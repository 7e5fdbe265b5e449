//! What a browser sees of a page: the unit and item asked about, the forms and their fields.

use response_collection::ReceiptCode;

/// A page as its reader uses it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FormPage {
    /// `data-unit` of `<main>`: the unit asked about.
    pub unit: Option<String>,
    /// `data-item` of `<main>`: the item asked.
    pub item: Option<String>,
    /// The code of the receipt shown.
    pub receipt: Option<String>,
    /// The forms in page order.
    pub forms: Vec<Form>,
}

/// One form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Where it is posted; empty for the page itself.
    pub action: String,
    /// Hidden fields, sent back as they are.
    pub hidden: Vec<(String, String)>,
    /// Name and value of each radio button.
    pub radios: Vec<(String, String)>,
    /// Name and value of each box to tick.
    pub boxes: Vec<(String, String)>,
    /// Names of the lines and areas for text.
    pub lines: Vec<String>,
}

impl FormPage {
    /// Reads a page; whatever is not a form or one of the marks is passed over.
    #[must_use]
    pub fn read(html: &str) -> Self {
        let mut page = Self::default();
        for tag in tags(html) {
            page.take(&tag);
        }
        page.receipt = html
            .split(['<', '>'])
            .map(str::trim)
            .find(|text| is_receipt_code(text))
            .map(str::to_owned);
        page
    }

    /// The first form whose action ends like this.
    #[must_use]
    pub fn form_to(&self, ending: &str) -> Option<&Form> {
        self.forms.iter().find(|form| form.action.ends_with(ending))
    }

    fn take(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "main" => {
                self.unit = tag.filled("data-unit");
                self.item = tag.filled("data-item");
            }
            "form" => self.forms.push(Form {
                action: tag.get("action").unwrap_or_default().to_owned(),
                ..Form::default()
            }),
            "input" | "textarea" => {
                if let (Some(form), Some(name)) = (self.forms.last_mut(), tag.filled("name")) {
                    form.take(tag, name);
                }
            }
            _ => {}
        }
    }
}

impl Form {
    fn take(&mut self, tag: &Tag, name: String) {
        let value = tag.get("value").unwrap_or("on").to_owned();
        match tag.get("type").unwrap_or("text") {
            "radio" => self.radios.push((name, value)),
            "checkbox" => self.boxes.push((name, value)),
            "hidden" => self.hidden.push((name, value)),
            "submit" | "button" | "reset" | "image" => {}
            _ => self.lines.push(name),
        }
    }

    /// Whether the form asks for a level: its buttons hold both ends of the scale.
    #[must_use]
    pub fn asks_for_a_level(&self) -> bool {
        let offers = |code: &str| self.radios.iter().any(|(_, value)| value == code);
        offers("5") && offers("1")
    }
}

/// Whether a text is the code of a receipt, written in groups, and nothing else.
fn is_receipt_code(text: &str) -> bool {
    text.contains('-') && ReceiptCode::parse(text).is_ok()
}

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    fn filled(&self, name: &str) -> Option<String> {
        self.get(name).filter(|v| !v.is_empty()).map(str::to_owned)
    }
}

/// The opening tags in page order; comments, closing tags, scripts and styles are left out.
fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if rest.starts_with("!--") {
            rest = after(rest, "-->");
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let end = tag_end(rest);
            let tag = read_tag(&rest[..end]);
            rest = match tag.name.as_str() {
                "script" => after(&rest[end..], "</script"),
                "style" => after(&rest[end..], "</style"),
                _ => &rest[end..],
            };
            found.push(tag);
        }
    }
    found
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or("", |(_, rest)| rest)
}

/// Where the tag ends: the first `>` outside quotes.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn read_tag(text: &str) -> Tag {
    let split = text
        .find(|c: char| c.is_ascii_whitespace() || c == '/')
        .unwrap_or(text.len());
    let (name, mut rest) = text.split_at(split);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            break;
        }
        let (attribute, left) = read_attribute(rest);
        attributes.push(attribute);
        rest = left;
    }
    Tag {
        name: name.to_ascii_lowercase(),
        attributes,
    }
}

fn read_attribute(text: &str) -> ((String, String), &str) {
    let split = text
        .char_indices()
        .skip(1)
        .find(|(_, c)| c.is_ascii_whitespace() || matches!(c, '=' | '/'))
        .map_or(text.len(), |(at, _)| at);
    let (name, rest) = text.split_at(split);
    let name = name.to_ascii_lowercase();
    let Some(value) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
        return ((name, String::new()), rest);
    };
    let (raw, left) = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
        _ => value.split_at(
            value
                .find(|c: char| c.is_ascii_whitespace())
                .unwrap_or(value.len()),
        ),
    };
    ((name, unescape(raw)), left)
}

/// Text with its character references resolved; unknown ones stay as they are.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, reference)) = rest.split_once('&') {
        out.push_str(before);
        match reference
            .split_once(';')
            .and_then(|(name, left)| Some((character(name)?, left)))
        {
            Some((c, left)) => {
                out.push(c);
                rest = left;
            }
            None => {
                out.push('&');
                rest = reference;
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    let number = name.strip_prefix('#');
    match (number, name) {
        (Some(digits), _) => {
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => digits.parse(),
            };
            code.ok().and_then(char::from_u32)
        }
        (None, "amp") => Some('&'),
        (None, "lt") => Some('<'),
        (None, "gt") => Some('>'),
        (None, "quot") => Some('"'),
        (None, "apos") => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::FormPage;

    const QUESTION: &str = r#"<!doctype html><body><script>if (1<2) "<form action=no>"</script>
        <form class=fs method="post" action="/s/size"><button name="size" value="0">标准</button></form>
        <!-- <input name="a" value="9"> -->
        <main id="main" data-unit="D07" data-item='overall' class="wrap"><p>3 < 4</p>
        <form method="post" action="/s/2026Q3/q/3"><input type="hidden" name="_t" value="a&amp;b&#x27;c">
        <input type="radio" name="a" id="a5" value="5"><input type="radio" name="a" value="1" checked/>
        <input type="radio" name="a" value="0"><input type="checkbox" name="r" value="slow">
        <textarea name="t" maxlength="500"></textarea><button>下一题</button></form></main>"#;

    #[test]
    fn a_question_page_is_read_like_a_browser_reads_it() {
        let page = FormPage::read(QUESTION);

        assert_eq!(page.unit.as_deref(), Some("D07"));
        assert_eq!(page.item.as_deref(), Some("overall"));
        assert_eq!(page.forms.len(), 2);
        let form = page.form_to("/q/3").unwrap();
        assert!(form.asks_for_a_level());
        assert_eq!(form.hidden, [("_t".to_owned(), "a&b'c".to_owned())]);
        assert_eq!(form.radios.len(), 3);
        assert_eq!(form.boxes, [("r".to_owned(), "slow".to_owned())]);
        assert_eq!(form.lines, ["t"]);
    }

    #[test]
    fn a_question_about_no_unit_has_none() {
        let page = FormPage::read(
            r#"<main data-unit="" data-item="open"><form action="x"></form></main>"#,
        );

        assert_eq!(page.unit, None);
        assert_eq!(page.item.as_deref(), Some("open"));
        assert_eq!(page.forms[0].action, "x");
    }

    #[test]
    fn the_receipt_code_is_read_where_a_person_sees_it() {
        let page = FormPage::read(
            "<p>2026-2027</p><div><small>回执码</small><b> 01AR-Z3ND-EKTS-V4RR-FFQ6-9G5F-AV </b></div>",
        );
        assert_eq!(
            page.receipt.as_deref(),
            Some("01AR-Z3ND-EKTS-V4RR-FFQ6-9G5F-AV")
        );

        assert_eq!(
            FormPage::read("<b>01AR-Z3ND-EKTS</b><b>no code</b>").receipt,
            None
        );
    }

    #[test]
    fn broken_markup_is_passed_over_without_a_panic() {
        for html in [
            "<",
            "<form",
            "<input name=",
            "<a b='",
            "<!--",
            "<main data-unit=\"D",
            "<p>&#xFFFFFFFF;&;",
            "<é>",
        ] {
            let _ = FormPage::read(html);
        }
        for end in 0..QUESTION.len() {
            if QUESTION.is_char_boundary(end) {
                let _ = FormPage::read(&QUESTION[..end]);
            }
        }
    }
}
