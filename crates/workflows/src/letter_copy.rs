//! Each copy of a feedback letter says whose it is, and its code leads back to who took it and when.

use crate::{
    Action, Actor, App, Refusal, Verb, VerbError, allow,
    audit::audited,
    keys::Key,
    letter_file::letter_document,
    open_letter::open_letter,
    own_letter::{letter_for, moment, name_of},
    seal::keyed,
    unit_named,
};
use chrono::{DateTime, SubsecRound, Utc};
use publication::docx::{SmallPrint, docx};
use rand::Rng;
use rectification::FeedbackLetter;
use storage::{
    audit_log::{self, AuditEvent},
    letters,
};
use vocabulary::{Role, UnitId};

const KEY: &str = "letter-copies";
/// Digits and letters that are not taken for one another (Crockford).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code, five bits each.
const LENGTH: usize = 12;

/// In which form a letter is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyForm {
    /// The page that is printed.
    Print,
    /// The file one goes on editing.
    File,
}

impl CopyForm {
    /// All forms.
    const ALL: [Self; 2] = [Self::Print, Self::File];

    /// The action in the audit log.
    const fn action(self) -> &'static str {
        match self {
            Self::Print => "print_letter",
            Self::File => "download_letter",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Print => "打印页",
            Self::File => "DOCX 文件",
        }
    }
}

/// One copy of a letter.
#[derive(Clone, Debug)]
pub struct LetterCopy {
    /// The letter.
    pub letter: FeedbackLetter,
    /// What its pages say of this copy.
    pub small_print: SmallPrint,
    /// The code on it.
    pub code: String,
}

/// Takes a copy of a letter: the small print names the taker, and the log keeps who took it.
///
/// A unit that takes a copy has opened its letter.
///
/// # Errors
/// When the letter belongs to another unit or cannot be read.
pub async fn take_letter_copy(
    app: &App,
    actor: &Actor,
    id: &str,
    form: CopyForm,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<LetterCopy> {
    allow(actor, Action::ReadLetters)?;
    let row = letter_for(app, actor, id).await?;
    let letter: FeedbackLetter =
        serde_json::from_str(&row.body).map_err(|error| VerbError::Io(error.into()))?;
    if actor.role == Role::UnitLiaison {
        open_letter(app, actor, id, now).await?;
    }
    let key = app.keys.read_or_make(KEY, rng)?;
    let code = code_of(&key, id, actor.account.as_str(), form, now);
    let taker = match &actor.unit {
        Some(unit) => unit_named(app, unit).await?.name,
        None => letter.signature.clone(),
    };
    let small_print = SmallPrint {
        header: format!(
            "{taker}　{}（账号 {}）　{} 取得　仅供办理使用，请勿外传",
            actor.name,
            actor.account,
            moment(now)
        ),
        footer: format!("取阅编号 {code}"),
    };
    let tx = app.store.begin().await?;
    audited(&tx, actor, form.action(), id, now).await?;
    tx.commit().await?;
    Ok(LetterCopy {
        letter,
        small_print,
        code,
    })
}

impl LetterCopy {
    /// The copy as a file.
    ///
    /// # Errors
    /// When the archive cannot be put together.
    pub fn file(&self) -> Verb<Vec<u8>> {
        Ok(docx(&letter_document(
            &self.letter,
            self.small_print.clone(),
        ))?)
    }
}

/// Who took a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyTaken {
    /// Number of the letter.
    pub letter: String,
    /// Unit the letter is for.
    pub unit: UnitId,
    /// Account that took it.
    pub account: String,
    /// The name behind the account.
    pub name: String,
    /// Code of the role it acted in.
    pub role: String,
    /// When.
    pub at: DateTime<Utc>,
    /// In which form.
    pub form: CopyForm,
}

/// Who took the copy with this code; the question is in the log as well.
///
/// The code is a keyed hash over letter, account, form and instant. It is computed again for every copy the log knows,
/// so nobody can invent one, and the log alone does not tell the codes.
///
/// # Errors
/// When the actor may not ask, or no copy has this code.
pub async fn whose_copy(
    app: &App,
    actor: &Actor,
    code: &str,
    now: DateTime<Utc>,
) -> Verb<CopyTaken> {
    allow(actor, Action::TraceCopies)?;
    let wanted = normalized(code);
    let actions = CopyForm::ALL.map(CopyForm::action);
    let events = audit_log::list_of_actions(app.store(), &actions).await?;
    let key = app.keys.read(KEY).ok();
    let found = key.and_then(|key| {
        let mut events = events.into_iter();
        events.find_map(|event| matching(&key, event, &wanted))
    });
    let (event, form) = found.ok_or(Refusal::Missing("带这个取阅编号的反馈函，请核对编号"))?;
    let letter = letters::find_letter(app.store(), &event.object)
        .await?
        .ok_or(Refusal::Missing("这份反馈函"))?;
    let name = name_of(app, &event.actor).await?;
    let tx = app.store.begin().await?;
    audited(&tx, actor, "trace_letter", &letter.id, now).await?;
    tx.commit().await?;
    Ok(CopyTaken {
        letter: letter.id,
        unit: UnitId::new(letter.unit_id),
        account: event.actor,
        name,
        role: event.role,
        at: event.at,
        form,
    })
}

fn matching(key: &Key, event: AuditEvent, wanted: &str) -> Option<(AuditEvent, CopyForm)> {
    let form = CopyForm::ALL
        .into_iter()
        .find(|form| form.action() == event.action)?;
    let code = code_of(key, &event.object, &event.actor, form, event.at);
    (normalized(&code) == wanted).then_some((event, form))
}

/// The code of a copy, in three groups of four.
fn code_of(key: &Key, letter: &str, account: &str, form: CopyForm, at: DateTime<Utc>) -> String {
    let micros = at.trunc_subsecs(6).timestamp_micros().to_be_bytes();
    let parts: [&[u8]; 4] = [
        letter.as_bytes(),
        account.as_bytes(),
        form.action().as_bytes(),
        &micros,
    ];
    let hash = keyed(key, &parts);
    let letters: Vec<char> = hash[..LENGTH]
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

/// A code as a person typed it: capital letters, what looks alike is the same, nothing between.
fn normalized(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_code_tells_letter_account_form_and_instant_apart() {
        let of = |letter, account, form, when| code_of(&[7; 32], letter, account, form, at(when));
        let when = "2026-10-20T01:00:00.000001Z";
        let first = of("FK-1", "a", CopyForm::File, when);
        let others = [
            of("FK-2", "a", CopyForm::File, when),
            of("FK-1", "b", CopyForm::File, when),
            of("FK-1", "a", CopyForm::Print, when),
            of("FK-1", "a", CopyForm::File, "2026-10-20T01:00:00.000002Z"),
            code_of(&[8; 32], "FK-1", "a", CopyForm::File, at(when)),
        ];

        assert_eq!(first.len(), LENGTH + 2);
        assert!(!others.contains(&first), "{first} {others:?}");
        let beyond = of(
            "FK-1",
            "a",
            CopyForm::File,
            "2026-10-20T01:00:00.000001999Z",
        );
        assert_eq!(first, beyond, "the log keeps microseconds");
    }

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        assert_eq!(normalized("k7qm-2xpa 9f3d"), "K7QM2XPA9F3D");
        assert_eq!(normalized("O0Il-1"), "00111");
    }
}
