//! Proposing what to join 归并: opinions that say nearly the same, found by their words; a person confirms every group.

mod leader;
mod place;
#[cfg(test)]
mod tests;
mod weigh;
mod words;

use std::collections::BTreeMap;
use survey_design::MergeRules;
use vocabulary::{OpinionId, round_half_away};
use weigh::Weighed;
use words::Words;

/// Opinions that may be one matter, most alike first.
#[derive(Clone, Debug, PartialEq)]
pub struct MergeProposal {
    /// The opinion the others were compared with.
    pub leader: OpinionId,
    /// The others, at least one, by falling score, then id.
    pub members: Vec<ProposedMember>,
}

/// One opinion of a proposal and why it is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposedMember {
    /// The opinion.
    pub opinion: OpinionId,
    /// Likeness to the leader, 0–1: the cosine of both texts' words, times [`MergeRules::other_place`] where places differ.
    pub score: f64,
    /// The words both use, by falling share.
    pub shared: Vec<SharedWord>,
    /// The places both name, where they are not the same.
    pub other_place: Option<OtherPlace>,
}

/// A word two opinions share.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedWord {
    /// The word, in half width and upper case.
    pub word: String,
    /// Its part of the likeness, 0–1; the parts of a pair sum to 1.
    pub share: f64,
}

/// Roads, communities, buildings and lines two opinions name differently; a person decides whether it is one matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherPlace {
    /// As the leader names them, by kind.
    pub leader: Vec<String>,
    /// As the member names them, by kind.
    pub member: Vec<String>,
}

impl ProposedMember {
    /// Why, in a clerk's words: the three words that carry most, and the places that differ.
    ///
    /// `共同词：路灯 42 %、不亮 31 %、解放路 12 %；地点不同：解放路 / 建设路`. Shares are rounded half away from zero.
    #[must_use]
    pub fn explanation(&self) -> String {
        let words: Vec<String> = self
            .shared
            .iter()
            .take(3)
            .map(|word| format!("{} {} %", word.word, round_half_away(word.share * 100.0, 0)))
            .collect();
        let places = self.other_place.as_ref().map_or_else(String::new, |other| {
            let (leader, member) = (other.leader.join("、"), other.member.join("、"));
            format!("；地点不同：{leader} / {member}")
        });
        format!("共同词：{}{places}", words.join("、"))
    }
}

/// Proposes groups of opinions that say nearly the same: most members first, then by the leader's id.
///
/// The texts are already redacted and may all be read by the person who decides: no clues among them. An opinion stands in
/// one proposal at most, and every member is at least [`MergeRules::alike_from`] like its leader, so nothing is joined by a
/// chain. Texts without any word (empty, signs, emoji) are like nothing. The order of the opinions does not matter; of two
/// with one id the first in order of their texts counts.
///
/// Source: words weighted by tf-idf and compared by cosine (Salton & Buckley 1988); leader algorithm (Hartigan 1975, ch. 3),
/// the most typical texts first.
///
/// ```
/// # use survey_design::MergeRules;
/// # use vocabulary::Weight;
/// let rules = MergeRules { alike_from: Weight::parse("0.3").unwrap(), other_place: Weight::parse("0.4").unwrap() };
/// let opinions = [("O1", "解放路的路灯不亮"), ("O2", "解放路路灯一直不亮！"), ("O3", "窗口态度好")]
///     .map(|(id, text)| (id.into(), text.to_owned()));
/// let proposals = rectification::propose_merges(&opinions, rules);
/// assert_eq!((proposals.len(), proposals[0].members.len()), (1, 1));
/// assert!(proposals[0].members[0].explanation().starts_with("共同词："));
/// ```
#[must_use]
pub fn propose_merges(opinions: &[(OpinionId, String)], rules: MergeRules) -> Vec<MergeProposal> {
    let mut sorted: Vec<&(OpinionId, String)> = opinions.iter().collect();
    sorted.sort();
    sorted.dedup_by_key(|(id, _)| id);
    // Opinions with the same words are compared once.
    let mut same = BTreeMap::<Words, Vec<&OpinionId>>::new();
    for (id, text) in sorted {
        same.entry(Words::of(text)).or_default().push(id);
    }
    same.remove(&Words::default());
    let (words, ids): (Vec<Words>, Vec<Vec<&OpinionId>>) = same.into_iter().unzip();
    let batch = Batch {
        weighed: Weighed::of(&words),
        words,
        ids,
        rules,
    };
    let mut proposals: Vec<MergeProposal> = batch
        .groups()
        .iter()
        .filter_map(|(leader, led)| batch.proposal(*leader, led))
        .collect();
    proposals.sort_by(|a, b| (b.members.len(), &a.leader).cmp(&(a.members.len(), &b.leader)));
    proposals
}

/// The different texts of a batch, sorted by their words.
struct Batch<'o> {
    words: Vec<Words>,
    weighed: Weighed,
    /// Whose text it is, sorted, at least one.
    ids: Vec<Vec<&'o OpinionId>>,
    rules: MergeRules,
}

impl Batch<'_> {
    /// Likeness of two texts, 0–1.
    fn score(&self, one: usize, other: usize) -> f64 {
        let cosine = self.weighed.cosine(one, other).min(1.0);
        match self.words[one].other_place(&self.words[other]) {
            true => cosine * self.rules.other_place.as_f64(),
            false => cosine,
        }
    }

    /// What a leader's text and those it leads propose; nothing where it is one opinion.
    fn proposal(&self, leader: usize, led: &[usize]) -> Option<MergeProposal> {
        let (first, same) = self.ids[leader].split_first()?;
        let mut members: Vec<ProposedMember> = same
            .iter()
            .map(|id| self.member(leader, leader, id))
            .collect();
        for text in led {
            members.extend(
                self.ids[*text]
                    .iter()
                    .map(|id| self.member(leader, *text, id)),
            );
        }
        members.sort_by(|a, b| {
            let by_score = b.score.total_cmp(&a.score);
            by_score.then_with(|| a.opinion.cmp(&b.opinion))
        });
        (!members.is_empty()).then(|| MergeProposal {
            leader: (*first).clone(),
            members,
        })
    }

    fn member(&self, leader: usize, text: usize, id: &OpinionId) -> ProposedMember {
        let [ours, theirs] =
            [leader, text].map(|text| self.words[text].places().cloned().collect());
        let apart = self.words[leader].other_place(&self.words[text]);
        ProposedMember {
            opinion: id.clone(),
            score: self.score(leader, text),
            shared: self.weighed.shared(leader, text),
            other_place: apart.then_some(OtherPlace {
                leader: ours,
                member: theirs,
            }),
        }
    }
}
