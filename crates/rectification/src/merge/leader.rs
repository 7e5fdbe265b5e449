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

/// The leaders so far, by the words without which no text can be like them.
struct Leaders<'b> {
    batch: &'b Batch<'b>,
    alike_from: f64,
    found: Vec<usize>,
    /// Places in `found` by word.
    by_word: Vec<Vec<usize>>,
    /// In which search a leader was looked at last, so that each is looked at once.
    seen_in: Vec<usize>,
    searches: usize,
}

impl<'b> Leaders<'b> {
    fn new(batch: &'b Batch<'b>) -> Self {
        Self {
            batch,
            alike_from: batch.rules.alike_from.as_f64(),
            found: Vec::new(),
            by_word: vec![Vec::new(); batch.weighed.words()],
            seen_in: Vec::new(),
            searches: 0,
        }
    }

    fn add(&mut self, text: usize) {
        for word in self.batch.weighed.needed_words(text, self.alike_from) {
            self.by_word[word].push(self.found.len());
        }
        self.found.push(text);
        self.seen_in.push(0);
    }

    /// The leader a text is most like, if it is alike enough; of equals the earlier one.
    fn best_for(&mut self, text: usize) -> Option<usize> {
        self.searches += 1;
        let mut best: Option<(f64, usize)> = None;
        for word in self.batch.weighed.needed_words(text, self.alike_from) {
            for place in &self.by_word[word] {
                if std::mem::replace(&mut self.seen_in[*place], self.searches) == self.searches {
                    continue;
                }
                let score = self.batch.score(self.found[*place], text);
                let better =
                    best.is_none_or(|(most, at)| score > most || score >= most && *place < at);
                if score >= self.alike_from && better {
                    best = Some((score, *place));
                }
            }
        }
        best.map(|(_, place)| self.found[place])
    }
}
