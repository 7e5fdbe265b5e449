//! Leaders and those they lead, without comparing every text with every other.

use super::Batch;
use std::collections::BTreeMap;

impl Batch<'_> {
    /// Every leader with the texts it leads. The most typical text leads first; a text that is not like any leader becomes one.
    /// In the end every other text goes to the leader it is most like.
    ///
    /// Source: leader algorithm (Hartigan 1975, *Clustering Algorithms*, ch. 3).
    pub(super) fn groups(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut leaders = Leaders::new(self);
        let mut others = Vec::new();
        for text in self.weighed.most_typical_first(&self.ids) {
            match leaders.best_for(text) {
                Some(_) => others.push(text),
                None => leaders.add(text),
            }
        }
        let mut groups: BTreeMap<usize, Vec<usize>> = leaders
            .found
            .iter()
            .map(|leader| (*leader, Vec::new()))
            .collect();
        for text in others {
            if let Some(leader) = leaders.best_for(text) {
                groups.entry(leader).or_default().push(text);
            }
        }
        groups
    }
}

/// The leaders so far, by their words.
struct Leaders<'b> {
    batch: &'b Batch<'b>,
    alike_from: f64,
    found: Vec<usize>,
    /// Places in `found` and weights, by word.
    by_word: Vec<Vec<(usize, f64)>>,
    /// Part of the cosine with the text in hand, per leader; 0 between two searches.
    sums: Vec<f64>,
}

impl<'b> Leaders<'b> {
    fn new(batch: &'b Batch<'b>) -> Self {
        Self {
            batch,
            alike_from: batch.rules.alike_from.as_f64(),
            found: Vec::new(),
            by_word: vec![Vec::new(); batch.weighed.words()],
            sums: Vec::new(),
        }
    }

    fn add(&mut self, text: usize) {
        for (word, weight) in self.batch.weighed.telling_part(text, 0.0).0 {
            self.by_word[*word].push((self.found.len(), *weight));
        }
        self.found.push(text);
        self.sums.push(0.0);
    }

    /// The leader a text is most like, if it is alike enough; of equals the earlier one.
    ///
    /// The commonest words are looked at only where the others leave it open whether the two are alike.
    fn best_for(&mut self, text: usize) -> Option<usize> {
        let (words, rest) = self.batch.weighed.telling_part(text, self.alike_from / 2.0);
        let mut touched = Vec::new();
        for (word, weight) in words {
            for (place, theirs) in &self.by_word[*word] {
                if self.sums[*place] == 0.0 {
                    touched.push(*place);
                }
                self.sums[*place] += weight * theirs;
            }
        }
        let mut best: Option<(f64, usize)> = None;
        touched.sort_unstable();
        for place in touched {
            let at_most = std::mem::take(&mut self.sums[place]) + rest;
            // Rounding never leaves a pair out.
            if at_most < self.alike_from - 1e-9 {
                continue;
            }
            let score = self.batch.score(self.found[place], text);
            if score >= self.alike_from && best.is_none_or(|(most, _)| score > most) {
                best = Some((score, place));
            }
        }
        best.map(|(_, place)| self.found[place])
    }
}
