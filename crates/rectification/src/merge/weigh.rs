//! How much each word of a text says: tf-idf weights of length 1.

use super::SharedWord;
use super::words::Words;
use std::collections::BTreeMap;

/// Part of its weight the name of a place keeps: two matters in one rarely named street are still two matters.
const PLACE: f64 = 0.5;

/// The weighted words of every text of a batch.
///
/// Weight of a word in a text: (1 + ln tf) · (1 + ln((1 + N) / (1 + df))), divided by the length of the text's vector; N
/// different texts, df of them with the word; names of places count [`PLACE`] of it. Source: Salton & Buckley 1988; the ones
/// added keep a word of every text above 0.
pub(super) struct Weighed {
    /// Every word, the rarest first.
    words: Vec<String>,
    /// Per text: rank in `words` and weight, the rarest word first.
    vectors: Vec<Vec<(usize, f64)>>,
}

impl Weighed {
    pub(super) fn of(texts: &[Words]) -> Self {
        let mut frequency = BTreeMap::<&str, usize>::new();
        for word in texts.iter().flat_map(|text| text.counts.keys()) {
            *frequency.entry(word).or_default() += 1;
        }
        let mut rarest: Vec<(usize, &str)> = frequency
            .into_iter()
            .map(|(word, texts)| (texts, word))
            .collect();
        rarest.sort_unstable();
        let idf: Vec<f64> = rarest
            .iter()
            .map(|(with, _)| 1.0 + (as_f64(1 + texts.len()) / as_f64(1 + with)).ln())
            .collect();
        let rank: BTreeMap<&str, usize> = rarest
            .iter()
            .enumerate()
            .map(|(rank, (_, word))| (*word, rank))
            .collect();
        let vector = |text: &Words| {
            let weigh = |(word, count): (&String, &usize)| {
                let rank = rank[word.as_str()];
                let part = if text.is_place(word) { PLACE } else { 1.0 };
                (rank, (1.0 + as_f64(*count).ln()) * idf[rank] * part)
            };
            unit_length(text.counts.iter().map(weigh).collect())
        };
        Self {
            vectors: texts.iter().map(vector).collect(),
            words: rarest
                .into_iter()
                .map(|(_, word)| word.to_owned())
                .collect(),
        }
    }

    /// Number of different words.
    pub(super) fn words(&self) -> usize {
        self.words.len()
    }

    /// Cosine of two texts, 0–1 but for rounding.
    pub(super) fn cosine(&self, one: usize, other: usize) -> f64 {
        self.products(one, other).map(|(_, product)| product).sum()
    }

    /// The words of both texts, by falling share of the cosine, then as they sort.
    pub(super) fn shared(&self, one: usize, other: usize) -> Vec<SharedWord> {
        let cosine = self.cosine(one, other);
        let mut shared: Vec<SharedWord> = self
            .products(one, other)
            .map(|(rank, product)| SharedWord {
                word: self.words[rank].clone(),
                share: product / cosine,
            })
            .collect();
        shared.sort_by(|a, b| {
            b.share
                .total_cmp(&a.share)
                .then_with(|| a.word.cmp(&b.word))
        });
        shared
    }

    fn products(&self, one: usize, other: usize) -> impl Iterator<Item = (usize, f64)> {
        let mut rest = self.vectors[other].as_slice();
        self.vectors[one].iter().filter_map(move |(word, weight)| {
            while rest.first().is_some_and(|(next, _)| next < word) {
                rest = &rest[1..];
            }
            let (same, theirs) = rest.first()?;
            (same == word).then_some((*word, weight * theirs))
        })
    }

    /// The rarest words of a text with their weights, as many that those left out have length `least` or less, and that length.
    ///
    /// The cosine with any text is at most what these words add up to, plus that length (Cauchy and Schwarz). Source: Bayardo, Ma
    /// & Srikant 2007, *Scaling up all pairs similarity search*.
    pub(super) fn telling_part(&self, text: usize, least: f64) -> (&[(usize, f64)], f64) {
        let vector = self.vectors[text].as_slice();
        let mut left_out = 0.0;
        for (kept, (_, weight)) in vector.iter().enumerate().rev() {
            let more = left_out + weight.powi(2);
            if more.sqrt() > least {
                return (&vector[..=kept], left_out.sqrt());
            }
            left_out = more;
        }
        (&[], left_out.sqrt())
    }

    /// Texts by falling sum of their cosines with all opinions, then as they sort.
    ///
    /// That sum is one product with the sum of all vectors, so no pair is compared.
    pub(super) fn most_typical_first<T>(&self, opinions: &[Vec<T>]) -> Vec<usize> {
        let mut all = vec![0.0; self.words.len()];
        for (vector, opinions) in self.vectors.iter().zip(opinions) {
            for (word, weight) in vector {
                all[*word] += weight * as_f64(opinions.len());
            }
        }
        let typical = |text: &usize| -> f64 {
            self.vectors[*text]
                .iter()
                .map(|(word, weight)| weight * all[*word])
                .sum()
        };
        let mut order: Vec<(usize, f64)> = (0..self.vectors.len())
            .map(|text| (text, typical(&text)))
            .collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        order.into_iter().map(|(text, _)| text).collect()
    }
}

fn unit_length(mut vector: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    vector.sort_unstable_by_key(|(word, _)| *word);
    let length = vector
        .iter()
        .map(|(_, weight)| weight.powi(2))
        .sum::<f64>()
        .sqrt();
    for (_, weight) in &mut vector {
        *weight /= length;
    }
    vector
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of words and texts are far below 2^52"
)]
const fn as_f64(count: usize) -> f64 {
    count as f64
}
