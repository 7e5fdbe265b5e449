//! Opinions as stored: redacted before anybody can read them, sorted by rule.

use rectification::{OpinionKind, OpinionStage, RawOpinion, WordsReview};
use std::collections::BTreeMap;
use survey_design::{AnswerKind, Questionnaire, ReasonOption};
use vocabulary::{Channel, Level, OpinionId, RoundId, UnitId};

/// The stored form of something a person said; the id is given by the caller.
pub(crate) fn opinion_of(
    round: &RoundId,
    channel: Channel,
    unit: Option<UnitId>,
    reasons: &[String],
    text: &str,
    level: Option<Level>,
) -> storage::opinions::Opinion {
    let raw = RawOpinion {
        id: OpinionId::new(""),
        channel,
        unit: unit.clone(),
        reasons: Vec::new(),
        level,
        text: text.to_owned(),
    };
    let opinion = rectification::Opinion::from_raw(raw);
    let kind = if text.is_empty() {
        OpinionKind::Criticism
    } else {
        opinion.kind
    };
    storage::opinions::Opinion {
        id: String::new(),
        round_id: round.to_string(),
        channel: channel.code().to_owned(),
        unit_id: unit.map(|unit| unit.to_string()),
        kind: kind.code().to_owned(),
        text_redacted: opinion.text,
        reasons: serde_json::to_string(reasons).expect("codes are plain text"),
        masked: i32::try_from(opinion.masked).unwrap_or(i32::MAX),
        state: OpinionStage::Collected.code().to_owned(),
        matter_id: None,
        receipt_hash: None,
        level: level.map(Level::code),
        import_batch_id: None,
        words_review: WordsReview::Unseen.code().to_owned(),
        reviewed_by: None,
    }
}

/// The opinion of a stored row, with its reasons in words; `None` when a stored word is unknown.
pub(crate) fn read_opinion(
    row: &storage::opinions::Opinion,
    labels: &BTreeMap<String, String>,
) -> Option<rectification::Opinion> {
    let codes: Vec<String> = serde_json::from_str(&row.reasons).ok()?;
    let reason = |code: String| ReasonOption {
        label: labels.get(&code).cloned().unwrap_or_else(|| code.clone()),
        code,
    };
    Some(rectification::Opinion {
        id: OpinionId::new(row.id.as_str()),
        channel: Channel::from_code(&row.channel)?,
        unit: row.unit_id.as_deref().map(UnitId::from),
        kind: OpinionKind::from_code(&row.kind)?,
        reasons: codes.into_iter().map(reason).collect(),
        level: row.level.and_then(Level::from_code),
        text: row.text_redacted.clone(),
        masked: row.masked.unsigned_abs(),
    })
}

/// The words of every reason a questionnaire offers.
pub(crate) fn reason_labels(questionnaire: &Questionnaire) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    for item in &questionnaire.items {
        if let AnswerKind::Reasons { options, .. } = &item.kind {
            labels.extend(
                options
                    .iter()
                    .map(|option| (option.code.clone(), option.label.clone())),
            );
        }
    }
    labels
}
