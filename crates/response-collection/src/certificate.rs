//! The certificate of a draw: published, so that anybody with the frame can draw again and compare.

use crate::draw::{Drawn, DrawnStratum};
use crate::frame::{digest_of_lines, quoted};
use crate::{DrawRefused, Frame, SampleDraw, draw};
use serde::{Deserialize, Serialize};
use std::fmt;
use survey_design::SampleRules;
use vocabulary::{RaterGroup, RoundId, StratumId};

/// The name of the way we draw; a changed way gets a new name.
pub const METHOD: &str = "huiyin-draw-2";

/// What is published about a draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawCertificate {
    /// [`METHOD`] at the time of the draw.
    pub method: String,
    /// The round drawn for.
    pub round: RoundId,
    /// The seed, recorded before the draw.
    pub seed: u64,
    /// Quota, allocation, way of drawing and reserves of each group.
    pub rules: SampleRules,
    /// People in the frame.
    pub frame_people: u64,
    /// SHA-256 (hex) of the exported frame.
    pub frame_digest: String,
    /// One row per stratum of the groups drawn from, sorted by group and stratum.
    pub strata: Vec<CertifiedStratum>,
    /// SHA-256 (hex) of the drawn people, their replicates and chances: [`SampleDraw::csv_lines`].
    pub drawn_digest: String,
}

/// What was drawn from one stratum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertifiedStratum {
    /// Its rater layer.
    pub group: RaterGroup,
    /// The stratum.
    pub stratum: StratumId,
    /// People in it.
    pub population: u32,
    /// People allotted to it.
    pub allotted: u32,
    /// People drawn: the sample first, then each reserve replicate.
    pub drawn: Vec<u32>,
    /// SHA-256 (hex) of its part of [`SampleDraw::csv_lines`], without the header.
    pub drawn_digest: String,
}

/// One thing a certificate says that does not hold.
#[derive(Clone, Debug, PartialEq)]
pub enum DrawDispute {
    /// The certificate names another way to draw.
    OtherMethod,
    /// The frame is not the one drawn from.
    OtherFrame {
        /// People, as certified.
        certified: u64,
        /// People in the frame at hand.
        found: u64,
    },
    /// Nothing can be drawn from the frame.
    Refused(DrawRefused),
    /// Drawing again gives other strata than the certificate lists.
    OtherStrata,
    /// A stratum has another number of people.
    OtherPopulation(StratumId),
    /// A stratum is allotted another number of people.
    OtherAllocation(StratumId),
    /// Drawing again gives other people, replicates or chances in a stratum.
    OtherPeople(StratumId),
    /// The digest over all drawn people is another.
    OtherDigest,
}

impl DrawDispute {
    /// The stable code of the dispute.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherMethod => "RC-311",
            Self::OtherFrame { .. } => "RC-312",
            Self::OtherStrata => "RC-313",
            Self::OtherPeople(_) => "RC-314",
            Self::OtherPopulation(_) => "RC-315",
            Self::OtherAllocation(_) => "RC-316",
            Self::OtherDigest => "RC-317",
            Self::Refused(refused) => refused.code(),
        }
    }
}

impl fmt::Display for DrawDispute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherMethod => f.write_str(
                "抽样证书写的抽样方法不是本系统的方法 / the certificate names another method",
            ),
            Self::OtherFrame { certified, found } => write!(
                f,
                "抽样框与抽样证书记载的不是同一份（证书 {certified} 人，文件 {found} 人） / not the frame that was drawn from"
            ),
            Self::Refused(refused) => refused.fmt(f),
            Self::OtherStrata => f.write_str("重新抽样得到的层与抽样证书不一致 / other strata"),
            Self::OtherPopulation(stratum) => {
                write!(
                    f,
                    "层 {stratum} 的总人数不一致 / stratum {stratum}: other population"
                )
            }
            Self::OtherAllocation(stratum) => {
                write!(
                    f,
                    "层 {stratum} 分配的人数不一致 / stratum {stratum}: other allocation"
                )
            }
            Self::OtherPeople(stratum) => write!(
                f,
                "层 {stratum} 重新抽样后，抽中人员、组别或入样概率不一致 / stratum {stratum}: other people, replicates or chances"
            ),
            Self::OtherDigest => {
                f.write_str("抽中人员的总校验码不一致 / the digest over all drawn people differs")
            }
        }
    }
}

impl std::error::Error for DrawDispute {}

impl SampleDraw {
    /// The first line of [`SampleDraw::csv_lines`].
    pub const CSV_HEADER: &str = "pseudonym,group,stratum,community,replicate,chances";

    /// The drawn people as CSV lines without line ends, the header first: sorted by group, stratum and pseudonym; the
    /// chances as fractions in lowest terms with a blank between them.
    pub fn csv_lines(&self) -> impl Iterator<Item = String> {
        std::iter::once(Self::CSV_HEADER.to_owned()).chain(self.drawn.iter().map(line))
    }

    /// The certificate of this draw from `frame` by `rules`.
    #[must_use]
    pub fn certificate(
        &self,
        round: RoundId,
        frame: &Frame,
        rules: &SampleRules,
    ) -> DrawCertificate {
        DrawCertificate {
            method: METHOD.to_owned(),
            round,
            seed: self.seed,
            rules: rules.clone(),
            frame_people: frame.len() as u64,
            frame_digest: frame.digest(),
            strata: self.certified_strata(),
            drawn_digest: digest_of_lines(self.csv_lines()),
        }
    }

    fn certified_strata(&self) -> Vec<CertifiedStratum> {
        let mut rest = self.drawn.as_slice();
        let certified = |stratum: &DrawnStratum| {
            let people: u32 = stratum.drawn.iter().sum();
            let (own, others) = rest.split_at(people as usize);
            rest = others;
            CertifiedStratum {
                group: stratum.group,
                stratum: stratum.stratum.clone(),
                population: stratum.population,
                allotted: stratum.allotted,
                drawn: stratum.drawn.clone(),
                drawn_digest: digest_of_lines(own.iter().map(line)),
            }
        };
        self.strata.iter().map(certified).collect()
    }
}

fn line(drawn: &Drawn) -> String {
    let chances: Vec<String> = drawn.chances.iter().map(ToString::to_string).collect();
    let fields = [
        drawn.pseudonym.as_str(),
        drawn.group.code(),
        drawn.stratum.as_str(),
        drawn.community.as_str(),
    ];
    let [pseudonym, group, stratum, community] = fields.map(quoted);
    let (replicate, chances) = (drawn.replicate, chances.join(" "));
    format!("{pseudonym},{group},{stratum},{community},{replicate},{chances}")
}

/// Draws again from `frame` as the certificate says and compares; gives back the sample when everything agrees.
///
/// # Errors
/// Everything that does not hold. Another frame is drawn from all the same, so that the strata that differ are named.
pub fn verify_draw(
    frame: &Frame,
    certificate: &DrawCertificate,
) -> Result<SampleDraw, Vec<DrawDispute>> {
    if certificate.method != METHOD {
        return Err(vec![DrawDispute::OtherMethod]);
    }
    let again = draw(frame, &certificate.rules, certificate.seed)
        .map_err(|refused| vec![DrawDispute::Refused(refused)])?;
    let expected = again.certificate(certificate.round.clone(), frame, &certificate.rules);
    let disputes = differences(certificate, &expected);
    if disputes.is_empty() {
        Ok(again)
    } else {
        Err(disputes)
    }
}

fn differences(certified: &DrawCertificate, found: &DrawCertificate) -> Vec<DrawDispute> {
    let mut disputes = Vec::new();
    let frame = |it: &DrawCertificate| (it.frame_people, it.frame_digest.clone());
    if frame(certified) != frame(found) {
        disputes.push(DrawDispute::OtherFrame {
            certified: certified.frame_people,
            found: found.frame_people,
        });
    }
    let names = |it: &CertifiedStratum| (it.group, it.stratum.clone());
    if !certified
        .strata
        .iter()
        .map(names)
        .eq(found.strata.iter().map(names))
    {
        disputes.push(DrawDispute::OtherStrata);
        return disputes;
    }
    for (said, is) in certified.strata.iter().zip(&found.strata) {
        let stratum = || said.stratum.clone();
        if said.population != is.population {
            disputes.push(DrawDispute::OtherPopulation(stratum()));
        }
        if said.allotted != is.allotted {
            disputes.push(DrawDispute::OtherAllocation(stratum()));
        }
        if (&said.drawn, &said.drawn_digest) != (&is.drawn, &is.drawn_digest) {
            disputes.push(DrawDispute::OtherPeople(stratum()));
        }
    }
    if certified.drawn_digest != found.drawn_digest {
        disputes.push(DrawDispute::OtherDigest);
    }
    disputes
}

#[cfg(test)]
mod tests;
