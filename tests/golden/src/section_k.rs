//! Section K: the composite of survey leaves and administrative channels in the last quarter.

use crate::designs::{design, domain_mean};
use crate::figure::Figure;
use crate::fixture::{Fixture, Indicator};
use analytics::comparison::{leaf_score, stream_mean};
use analytics::estimation::{LonelyPsu, SampleDesign};
use analytics::{Part, combine_parts};
use anyhow::{Context, Result};

const LINEAR: [f64; 5] = [0.0, 25.0, 50.0, 75.0, 100.0];
const TOP_TWO: [f64; 5] = [0.0, 0.0, 0.0, 100.0, 100.0];

/// One channel of one department.
struct ChannelPart<'a> {
    channel: &'a str,
    score: f64,
    variance: f64,
    weight: f64,
    covered: f64,
    leaves: usize,
}

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let design = design(&fixture.rows, "strclu_c", LonelyPsu::Adjust)?;
    let quarters = fixture.quarters();
    let last = *quarters.last().context("no quarter")?;
    let mut figures = Vec::new();
    for department in &fixture.depts {
        let parts = channels(fixture, &design, department.dept, last)?;
        figures.extend(composite(&parts, department.dept, last));
        figures.extend(parts.iter().map(|part| {
            let name = format!(
                "composite_channel/dept{}/{}/{last}",
                department.dept, part.channel
            );
            Figure::new(name)
                .number("estimate", part.score)
                .number("se", part.variance.sqrt())
                .number("weight", part.weight)
        }));
    }
    Ok(figures)
}

/// The channels that have a score, survey first.
fn channels<'a>(
    fixture: &'a Fixture,
    design: &SampleDesign,
    dept: i64,
    quarter: &str,
) -> Result<Vec<ChannelPart<'a>>> {
    let mut names: Vec<&str> = Vec::new();
    for leaf in &fixture.indicators {
        if !names.contains(&leaf.channel.as_str()) {
            names.push(&leaf.channel);
        }
    }
    let mut parts = Vec::new();
    for channel in names {
        let leaves: Vec<_> = fixture
            .indicators
            .iter()
            .filter(|leaf| leaf.channel == channel)
            .collect();
        let part = if channel == "survey" {
            survey(fixture, design, &leaves, dept, quarter)?
        } else {
            stream(fixture, channel, &leaves, dept, quarter)
        };
        parts.extend(part);
    }
    Ok(parts)
}

fn survey<'a>(
    fixture: &Fixture,
    design: &SampleDesign,
    leaves: &[&'a Indicator],
    dept: i64,
    quarter: &str,
) -> Result<Option<ChannelPart<'a>>> {
    let rows = &fixture.rows;
    let mut means = Vec::new();
    for leaf in leaves {
        let item: usize = leaf.item.trim_start_matches('q').parse()?;
        let inside = |row: usize| {
            rows.dept[row] == dept && rows.quarter[row] == quarter && rows.grp[row] == leaf.grp
        };
        means.push((leaf.weight, domain_mean(rows, design, item - 1, &inside)));
    }
    let Some(found) = leaf_score(&means) else {
        return Ok(None);
    };
    Ok(Some(ChannelPart {
        channel: "survey",
        score: found.score.estimate,
        variance: design.variance(&found.score.z)?,
        weight: leaves.iter().map(|leaf| leaf.weight).sum(),
        covered: found.covered,
        leaves: found.used,
    }))
}

fn stream<'a>(
    fixture: &Fixture,
    channel: &'a str,
    leaves: &[&Indicator],
    dept: i64,
    quarter: &str,
) -> Option<ChannelPart<'a>> {
    let counts = fixture
        .channels
        .iter()
        .find(|it| it.channel == channel && it.dept == dept && it.quarter == quarter)?;
    let weight: f64 = leaves.iter().map(|leaf| leaf.weight).sum();
    let linear: f64 = leaves
        .iter()
        .filter(|leaf| leaf.item == "mean100")
        .map(|leaf| leaf.weight / weight)
        .sum();
    let points =
        std::array::from_fn(|level| linear * LINEAR[level] + (1.0 - linear) * TOP_TWO[level]);
    let (score, variance) = stream_mean(&counts.counts, &points)?;
    Some(ChannelPart {
        channel,
        score,
        variance,
        weight,
        covered: 1.0,
        leaves: leaves.len(),
    })
}

fn composite(parts: &[ChannelPart<'_>], dept: i64, quarter: &str) -> Option<Figure> {
    let terms = parts.iter().map(|part| Part {
        weight: part.weight,
        value: Some((part.score, part.variance)),
    });
    let total = combine_parts(&terms.collect::<Vec<_>>())?;
    let survey = parts
        .iter()
        .zip(&total.used)
        .find(|(part, _)| part.channel == "survey");
    let survey_se = survey.map_or(0.0, |(part, used)| used / 100.0 * part.variance.sqrt());
    Some(
        Figure::new(format!("composite/dept{dept}/{quarter}"))
            .number("estimate", total.value)
            .number("se", total.variance.sqrt())
            .number("se_survey_part", survey_se)
            .number(
                "weight_covered",
                parts.iter().map(|part| part.weight * part.covered).sum(),
            )
            .number(
                "leaves_used",
                parts.iter().map(|part| part.leaves as f64).sum(),
            ),
    )
}
