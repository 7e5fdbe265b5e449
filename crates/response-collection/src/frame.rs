//! The sampling frame 抽样框: everybody who could be drawn, in columns, so that a million people fit and are read in order.

use sha2::{Digest, Sha256};
use std::{borrow::Cow, collections::HashMap, fmt, hash::Hash};
use vocabulary::{RaterGroup, StratumId};

/// One person who could be drawn; nothing here says who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameMember {
    /// Pseudonym, unique in the frame.
    pub pseudonym: String,
    /// Rater layer.
    pub group: RaterGroup,
    /// Stratum inside the layer.
    pub stratum: StratumId,
    /// Community or village; empty when the pool names none.
    pub community: String,
    /// Size for draws in proportion to size, such as employees; 1 for people.
    pub size: u32,
}

/// Everybody who could be drawn, sorted by pseudonym; the order in which people were given is forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    pseudonyms: String,
    ends: Vec<u32>,
    pub(crate) stratum_of: Vec<u32>,
    pub(crate) community_of: Vec<u32>,
    pub(crate) sizes: Vec<u32>,
    pub(crate) strata: Vec<(RaterGroup, StratumId)>,
    communities: Vec<String>,
}

/// Why people make no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameRefused {
    /// A pseudonym stands in the frame more than once.
    MembersTwice {
        /// How many rows repeat an earlier pseudonym.
        rows: u64,
    },
    /// More people or longer pseudonyms than a frame holds (4 GiB of pseudonyms).
    TooLarge,
}

impl FrameRefused {
    /// The stable code of the refusal.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MembersTwice { .. } => "RC-302",
            Self::TooLarge => "RC-306",
        }
    }
}

impl fmt::Display for FrameRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MembersTwice { rows } => write!(
                f,
                "样本库中有 {rows} 行与前面的人员重复；请先去重再抽样 / {rows} people stand in the frame twice"
            ),
            Self::TooLarge => f.write_str("抽样框太大，请分批抽样 / the frame is too large"),
        }
    }
}

impl std::error::Error for FrameRefused {}

impl Frame {
    /// The first line of [`Frame::csv_lines`].
    pub const CSV_HEADER: &str = "pseudonym,group,stratum,community,size";

    /// The frame of these people, in whatever order they come.
    ///
    /// # Errors
    /// [`FrameRefused`] when somebody is there twice.
    pub fn of(members: impl IntoIterator<Item = FrameMember>) -> Result<Self, FrameRefused> {
        let mut builder = FrameBuilder::default();
        for member in members {
            builder.push(member)?;
        }
        builder.finish()
    }

    /// Number of people.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether nobody can be drawn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The pseudonym of one person, 0 for the first in order of pseudonyms.
    pub(crate) fn pseudonym(&self, person: usize) -> &str {
        let start = match person {
            0 => 0,
            _ => self.ends[person - 1] as usize,
        };
        &self.pseudonyms[start..self.ends[person] as usize]
    }

    pub(crate) fn community(&self, person: usize) -> &str {
        &self.communities[self.community_of[person] as usize]
    }

    /// The frame as CSV lines without line ends, the header first: sorted by pseudonym, quoted only where needed.
    pub fn csv_lines(&self) -> impl Iterator<Item = String> {
        let line = |person| {
            let (group, stratum) = &self.strata[self.stratum_of[person] as usize];
            let fields = [self.pseudonym(person), group.code(), stratum.as_str()];
            let [pseudonym, group, stratum] = fields.map(quoted);
            let community = quoted(self.community(person));
            let size = self.sizes[person];
            format!("{pseudonym},{group},{stratum},{community},{size}")
        };
        std::iter::once(Self::CSV_HEADER.to_owned()).chain((0..self.len()).map(line))
    }

    /// SHA-256 (hex) of [`Frame::csv_lines`], each ended by a line feed: what `sha256sum` says of the exported file.
    #[must_use]
    pub fn digest(&self) -> String {
        digest_of_lines(self.csv_lines())
    }

    fn repeats(&self) -> u64 {
        let same = (1..self.len()).filter(|n| self.pseudonym(*n) == self.pseudonym(n - 1));
        same.count() as u64
    }

    fn sort(&mut self) {
        if (1..self.len()).all(|n| self.pseudonym(n - 1) <= self.pseudonym(n)) {
            return;
        }
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_unstable_by(|a, b| self.pseudonym(*a).cmp(self.pseudonym(*b)));
        let mut sorted = Self {
            strata: std::mem::take(&mut self.strata),
            communities: std::mem::take(&mut self.communities),
            ..Self::default()
        };
        for person in order {
            sorted.pseudonyms.push_str(self.pseudonym(person));
            let length = self.ends[person] - person.checked_sub(1).map_or(0, |n| self.ends[n]);
            let start = sorted.ends.last().copied().unwrap_or(0);
            sorted.ends.push(start + length);
            sorted.stratum_of.push(self.stratum_of[person]);
            sorted.community_of.push(self.community_of[person]);
            sorted.sizes.push(self.sizes[person]);
        }
        *self = sorted;
    }
}

/// A frame that is being put together.
#[derive(Debug, Default)]
pub struct FrameBuilder {
    frame: Frame,
    strata: Names<(RaterGroup, StratumId)>,
    communities: Names<String>,
}

impl FrameBuilder {
    /// Adds one person.
    ///
    /// # Errors
    /// [`FrameRefused::TooLarge`] when the frame is full.
    pub fn push(&mut self, member: FrameMember) -> Result<(), FrameRefused> {
        let frame = &mut self.frame;
        frame.pseudonyms.push_str(&member.pseudonym);
        let end = u32::try_from(frame.pseudonyms.len());
        frame.ends.push(end.map_err(|_| FrameRefused::TooLarge)?);
        let stratum = self.strata.place_of((member.group, member.stratum));
        frame.stratum_of.push(stratum);
        let community = self.communities.place_of(member.community);
        frame.community_of.push(community);
        frame.sizes.push(member.size);
        Ok(())
    }

    /// The frame of everybody added.
    ///
    /// # Errors
    /// [`FrameRefused::MembersTwice`] when somebody was added twice.
    pub fn finish(self) -> Result<Frame, FrameRefused> {
        let mut frame = self.frame;
        frame.strata = self.strata.sorted(&mut frame.stratum_of);
        frame.communities = self.communities.sorted(&mut frame.community_of);
        frame.sort();
        match frame.repeats() {
            0 => Ok(frame),
            rows => Err(FrameRefused::MembersTwice { rows }),
        }
    }
}

/// Names numbered in the order they are met.
#[derive(Debug)]
struct Names<N>(HashMap<N, u32>);

impl<N> Default for Names<N> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<N: Hash + Ord> Names<N> {
    fn place_of(&mut self, name: N) -> u32 {
        let next = u32::try_from(self.0.len()).expect("there are no more names than people");
        *self.0.entry(name).or_insert(next)
    }

    /// The names in their own order; `places` follow.
    fn sorted(self, places: &mut [u32]) -> Vec<N> {
        let mut names: Vec<(N, u32)> = self.0.into_iter().collect();
        names.sort_unstable();
        let mut new = vec![0; names.len()];
        for (place, (_, met)) in (0..).zip(&names) {
            new[*met as usize] = place;
        }
        for place in places {
            *place = new[*place as usize];
        }
        names.into_iter().map(|(name, _)| name).collect()
    }
}

pub(crate) fn quoted(field: &str) -> Cow<'_, str> {
    if field.contains(['"', ',', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", field.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(field)
    }
}

pub(crate) fn digest_of_lines(lines: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line.as_ref());
        hash.update("\n");
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(pseudonym: &str, stratum: &str) -> FrameMember {
        FrameMember {
            pseudonym: pseudonym.into(),
            group: RaterGroup::Citizens,
            stratum: stratum.into(),
            community: "东门".into(),
            size: 3,
        }
    }

    #[test]
    fn the_order_of_rows_is_forgotten() {
        let people = [
            member("b", "南"),
            member("a", "北, 山"),
            member("c", "北, 山"),
        ];
        let turned = [people[2].clone(), people[0].clone(), people[1].clone()];

        let frame = Frame::of(people).unwrap();

        assert_eq!(Frame::of(turned), Ok(frame.clone()));
        let lines: Vec<String> = frame.csv_lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "a,citizens,\"北, 山\",东门,3",
                "b,citizens,南,东门,3",
                "c,citizens,\"北, 山\",东门,3"
            ]
        );
    }

    #[test]
    fn the_digest_is_that_of_the_file() {
        // printf 'pseudonym,group,stratum,community,size\na,citizens,n,东门,3\n' | sha256sum
        let frame = Frame::of([member("a", "n")]).unwrap();

        assert_eq!(
            frame.digest(),
            "90e5e1a72a178db5c7ea84cfe85feb3c647a8554931836acdca1bdfec337ab79"
        );
    }

    #[test]
    fn somebody_standing_twice_is_refused() {
        let twice = Frame::of([member("a", "n"), member("b", "n"), member("a", "s")]);

        assert_eq!(twice, Err(FrameRefused::MembersTwice { rows: 1 }));
        assert_eq!(Frame::of([]).map(|frame| frame.is_empty()), Ok(true));
    }
}
