//! The certificate of a draw: published, so that anybody with the frame can draw again and compare.

use crate::draw::strata_of;
use crate::{DrawRefused, Frame, SampleDraw, draw};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use vocabulary::{RaterGroup, RoundId, StratumId};

/// The name of the one way we draw; a changed way gets a new name.
pub const ALGORITHM: &str = "srswor-sha256-prn-v1";

/// What is published about a draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawCertificate {
    /// The round drawn for.
    pub round: RoundId,
    /// The seed, recorded before the draw.
    pub seed: u64,
    /// [`ALGORITHM`] at the time of the draw.
    pub algorithm: String,
    /// SHA-256 (hex) of the frame.
    pub frame_digest: String,
    /// One row per stratum of the groups drawn from, sorted by group and stratum.
    pub strata: Vec<CertifiedStratum>,
    /// SHA-256 (hex) of the drawn pseudonyms.
    pub drawn_digest: String,
}

/// Sizes of one stratum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertifiedStratum {
    /// The stratum.
    pub stratum: StratumId,
    /// Its rater layer.
    pub group: RaterGroup,
    /// People in it.
    pub population: u64,
    /// People drawn from it.
    pub sample: u64,
}

/// Why a certificate does not describe a draw from this frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawDispute {
    /// The certificate names another way to draw.
    OtherAlgorithm,
    /// The frame is not the one drawn from.
    OtherFrame,
    /// Drawing again gives other sizes of strata.
    OtherStrata,
    /// Drawing again gives other people.
    OtherPeople,
    /// Nothing can be drawn from the frame.
    Refused(DrawRefused),
}

impl DrawDispute {
    /// The stable code of the dispute.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherAlgorithm => "RC-311",
            Self::OtherFrame => "RC-312",
            Self::OtherStrata => "RC-313",
            Self::OtherPeople => "RC-314",
            Self::Refused(refused) => refused.code(),
        }
    }
}

impl fmt::Display for DrawDispute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherAlgorithm => f.write_str("抽样证书写的算法不是本系统的算法"),
            Self::OtherFrame => f.write_str("样本库与抽样证书记载的不是同一份"),
            Self::OtherStrata => f.write_str("重新抽样后，各层人数与抽样证书不一致"),
            Self::OtherPeople => f.write_str("重新抽样后，抽中人员与抽样证书不一致"),
            Self::Refused(refused) => refused.fmt(f),
        }
    }
}

impl std::error::Error for DrawDispute {}

impl SampleDraw {
    /// The certificate of this draw from `frame`.
    #[must_use]
    pub fn certificate(&self, round: RoundId, frame: &Frame) -> DrawCertificate {
        DrawCertificate {
            round,
            seed: self.seed,
            algorithm: ALGORITHM.to_owned(),
            frame_digest: frame_digest(frame),
            strata: self.strata(frame),
            drawn_digest: digest(self.drawn.iter().map(|drawn| drawn.pseudonym.as_str())),
        }
    }

    fn strata(&self, frame: &Frame) -> Vec<CertifiedStratum> {
        let mut samples = BTreeMap::<_, u64>::new();
        for drawn in &self.drawn {
            *samples.entry((drawn.group, &drawn.stratum)).or_default() += 1;
        }
        let groups: BTreeSet<_> = self.drawn.iter().map(|drawn| drawn.group).collect();
        let sizes = groups.into_iter().flat_map(|group| {
            let strata = strata_of(frame, group).into_iter();
            strata.map(move |(stratum, people)| (group, stratum, people.len() as u64))
        });
        sizes
            .map(|(group, stratum, population)| CertifiedStratum {
                stratum: stratum.clone(),
                group,
                population,
                sample: samples.get(&(group, stratum)).copied().unwrap_or(0),
            })
            .collect()
    }
}

/// Draws again from `frame` as the certificate says and compares; gives back the sample when everything agrees.
///
/// # Errors
/// [`DrawDispute`] naming the first thing that differs.
pub fn verify_draw(
    frame: &Frame,
    certificate: &DrawCertificate,
) -> Result<SampleDraw, DrawDispute> {
    if certificate.algorithm != ALGORITHM {
        return Err(DrawDispute::OtherAlgorithm);
    }
    if certificate.frame_digest != frame_digest(frame) {
        return Err(DrawDispute::OtherFrame);
    }
    let again =
        draw(frame, &quota(certificate)?, certificate.seed).map_err(DrawDispute::Refused)?;
    let expected = again.certificate(certificate.round.clone(), frame);
    if certificate.strata != expected.strata {
        return Err(DrawDispute::OtherStrata);
    }
    if certificate.drawn_digest != expected.drawn_digest {
        return Err(DrawDispute::OtherPeople);
    }
    Ok(again)
}

fn quota(certificate: &DrawCertificate) -> Result<BTreeMap<RaterGroup, u32>, DrawDispute> {
    let mut quota = BTreeMap::<_, u32>::new();
    for row in &certificate.strata {
        let sum = quota.entry(row.group).or_default();
        *sum = u32::try_from(row.sample)
            .ok()
            .and_then(|sample| sum.checked_add(sample))
            .ok_or(DrawDispute::OtherStrata)?;
    }
    Ok(quota)
}

fn frame_digest(frame: &Frame) -> String {
    let mut members: Vec<_> = frame.members.iter().collect();
    members.sort_unstable();
    digest(
        members
            .iter()
            .flat_map(|m| [m.pseudonym.as_str(), m.group.code(), m.stratum.as_str()]),
    )
}

/// Each text with its length before it, so that no two lists share a digest by moving a border.
fn digest<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FrameMember;

    fn frame() -> Frame {
        let members = (0..90)
            .map(|number| FrameMember {
                pseudonym: format!("p{number}"),
                group: RaterGroup::Citizens,
                stratum: if number < 60 { "north" } else { "south" }.into(),
            })
            .collect();
        Frame { members }
    }

    fn certified() -> (SampleDraw, DrawCertificate) {
        let sample = draw(&frame(), &[(RaterGroup::Citizens, 30)].into(), 42).unwrap();
        let certificate = sample.certificate("2026Q3".into(), &frame());
        (sample, certificate)
    }

    #[test]
    fn a_true_certificate_leads_back_to_the_same_people() {
        let (sample, certificate) = certified();

        assert_eq!(verify_draw(&frame(), &certificate), Ok(sample));
    }

    #[test]
    fn a_certificate_survives_its_file() {
        let (_, certificate) = certified();

        let text = serde_json::to_string(&certificate).unwrap();
        assert_eq!(
            serde_json::from_str::<DrawCertificate>(&text).unwrap(),
            certificate
        );
    }

    #[test]
    fn every_changed_fact_is_found() {
        let (_, certificate) = certified();
        let dispute = |change: &dyn Fn(&mut DrawCertificate)| {
            let mut changed = certificate.clone();
            change(&mut changed);
            verify_draw(&frame(), &changed).unwrap_err().code()
        };

        assert_eq!(dispute(&|c| c.algorithm.push('x')), "RC-311");
        assert_eq!(dispute(&|c| c.frame_digest.clear()), "RC-312");
        assert_eq!(dispute(&|c| c.strata[0].population += 1), "RC-313");
        assert_eq!(dispute(&|c| c.strata[0].sample = 1), "RC-313");
        assert_eq!(dispute(&|c| c.strata[0].sample = u64::MAX), "RC-313");
        assert_eq!(dispute(&|c| c.strata[0].sample = 1000), "RC-301");
        assert_eq!(dispute(&|c| c.seed += 1), "RC-314");
        assert_eq!(dispute(&|c| c.drawn_digest.clear()), "RC-314");
    }

    #[test]
    fn one_person_more_or_less_is_another_frame() {
        let (_, certificate) = certified();
        let mut fewer = frame();
        fewer.members.pop();

        assert_eq!(
            verify_draw(&fewer, &certificate),
            Err(DrawDispute::OtherFrame)
        );
    }
}
