//! Section I: ranks and bands.

use crate::designs::domain_mean;
use crate::figure::{Figure, Value};
use crate::fixture::Fixture;
use crate::ranked::Ranked;
use analytics::comparison::{
    Difference, Draws, PairStatistics, SimultaneousIntervals, joint_ranks, judge_differences,
    pair_tests, rank_sets, top_probability,
};
use analytics::estimation::difference;
use analytics::{Band, RankInterval, competition_places, normal_quantile};
use anyhow::{Context, Result};

const CONFIDENCE: f64 = 0.95;
/// Twice as many draws as golden_part2.R, so that nearly all of the difference is its own.
const DRAWS: Draws = Draws {
    count: 400_000,
    seed: 1,
};
/// How far a critical value of golden_part2.R may be from the true one.
const CRITICAL_VALUE: f64 = 0.01;

/// The figures of the section.
pub fn figures(fixture: &Fixture) -> Result<Vec<Figure>> {
    let ranked = Ranked::new(fixture)?;
    let mut figures = rank_set_figures(&ranked)?;
    for (name, intervals) in [
        ("bonferroni", SimultaneousIntervals::Bonferroni),
        ("sidak", SimultaneousIntervals::Sidak),
    ] {
        figures.extend(joint_figures(&ranked, name, intervals)?);
    }
    figures.extend(pair_figures(&ranked)?);
    figures.extend(band_figures(fixture, &ranked)?);
    figures.extend(top_figures(&ranked)?);
    Ok(figures)
}

fn rank_set_figures(ranked: &Ranked) -> Result<Vec<Figure>> {
    let found = rank_sets(
        &ranked.estimates,
        &ranked.covariance,
        None,
        CONFIDENCE,
        DRAWS,
    )?;
    let pairs = PairStatistics::new(&ranked.estimates, &ranked.covariance)?;
    let single = *found
        .simultaneous
        .criticals
        .first()
        .context("fewer than two departments")?;
    let last = found.stepdown.criticals.last().copied().unwrap_or(single);
    let mut figures = vec![
        Figure::new("ranks/simul_singlestep/crit")
            .number("estimate", single)
            .number("p", ranked.ids.len() as f64),
        Figure::new("ranks/simul_stepdown/crit_sequence")
            .with(
                "estimate",
                Value::Between(last - CRITICAL_VALUE, single + CRITICAL_VALUE),
            )
            .with("sequence", Value::Falling(found.stepdown.criticals.clone())),
    ];
    // How many rounds a step-down takes hangs on the draws too.
    let wide = pairs.rank_sets(single + CRITICAL_VALUE);
    let narrow = pairs.rank_sets(last - CRITICAL_VALUE);
    let tiers = [-1.0, -0.5, 0.0, 0.5, 1.0]
        .map(|share| pairs.tiers(&ranked.estimates, single + share * CRITICAL_VALUE));
    for (unit, dept) in ranked.ids.iter().enumerate() {
        let place = f64::from(found.places[unit]);
        let simultaneous = Figure::new(format!("ranks/simul/dept{dept}"))
            .number("estimate", place)
            .number("x_est", ranked.estimates[unit]);
        let (from, to) = (wide[unit], narrow[unit]);
        figures.push(
            with_set(simultaneous, found.simultaneous.sets[unit])
                .with("L_stepdown", between([from.low, to.low]))
                .with("U_stepdown", between([from.high, to.high])),
        );
        let marginal = Figure::new(format!("ranks/marginal/dept{dept}")).number("estimate", place);
        let critical = found.marginal[unit].critical;
        // Both are Monte-Carlo: the sum of two errors.
        let crit = Value::Between(
            critical - 1.5 * CRITICAL_VALUE,
            critical + 1.5 * CRITICAL_VALUE,
        );
        figures.push(with_set(marginal, found.marginal[unit].set).with("crit", crit));
        figures.push(Figure::new(format!("tier/dept{dept}")).with(
            "estimate",
            between(tiers.each_ref().map(|tiers| tiers[unit])),
        ));
    }
    Ok(figures)
}

fn between<const N: usize>(values: [u32; N]) -> Value {
    let least = values
        .iter()
        .min()
        .map_or(f64::NAN, |value| f64::from(*value));
    let most = values
        .iter()
        .max()
        .map_or(f64::NAN, |value| f64::from(*value));
    Value::Between(least, most)
}

fn with_set(figure: Figure, set: RankInterval) -> Figure {
    figure
        .number("L", f64::from(set.low))
        .number("U", f64::from(set.high))
}

fn joint_figures(
    ranked: &Ranked,
    name: &str,
    intervals: SimultaneousIntervals,
) -> Result<Vec<Figure>> {
    let units = ranked.ids.len();
    let z = normal_quantile(intervals.each(CONFIDENCE, units));
    let joint = joint_ranks(&ranked.estimates, &ranked.covariance, CONFIDENCE, intervals)?;
    let places = competition_places(&ranked.estimates);
    Ok(ranked
        .ids
        .iter()
        .zip(joint.iter().zip(places))
        .map(|(dept, (unit, place))| {
            let figure = Figure::new(format!("ranks/kww_{name}/dept{dept}"))
                .number("estimate", f64::from(place))
                .number("ci_lower", unit.ci_low)
                .number("ci_upper", unit.ci_high)
                .number("z", z);
            with_set(figure, unit.ranks)
        })
        .collect())
}

fn pair_figures(ranked: &Ranked) -> Result<Vec<Figure>> {
    let tests = pair_tests(&ranked.estimates, &ranked.covariance, ranked.design.df())?;
    let count = |name: &str, p_values: &mut dyn Iterator<Item = f64>| {
        let significant = p_values.filter(|p| *p < 0.05).count();
        Figure::new(format!("pairs/n_sig_{name}")).number("estimate", significant as f64)
    };
    Ok(vec![
        count("raw", &mut tests.iter().map(|test| test.p_value)),
        count("holm", &mut tests.iter().map(|test| test.p_holm)),
        count("bh", &mut tests.iter().map(|test| test.p_bh)),
    ])
}

/// Departments against the mean of all ratings, not against the class mean.
fn band_figures(fixture: &Fixture, ranked: &Ranked) -> Result<Vec<Figure>> {
    let design = &ranked.design;
    let overall = domain_mean(&fixture.rows, design, 0, &|_| true)
        .context("nobody answered the first item")?;
    let differences = ranked
        .means
        .iter()
        .map(|mean| {
            let apart = difference(mean, &overall).context("rows of different designs")?;
            Ok(Difference {
                value: apart.estimate,
                se: design.variance(&apart.z)?.sqrt(),
                df: design.df(),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let tests = judge_differences(&differences, 0.05, 0.0);
    Ok(ranked
        .ids
        .iter()
        .zip(tests)
        .map(|(dept, test)| {
            Figure::new(format!("band/dept{dept}"))
                .number("estimate", test.difference.value)
                .number("se", test.difference.se)
                .number("df", test.difference.df)
                .number("p_raw", test.p_value)
                .number("p_holm", test.p_holm)
                .number("p_bh", test.p_bh)
                .with("band_bh", Value::Text(band(test.band).to_owned()))
        })
        .collect())
}

const fn band(band: Band) -> &'static str {
    match band {
        Band::Above => "above",
        Band::Same => "same",
        Band::Below => "below",
    }
}

fn top_figures(ranked: &Ranked) -> Result<Vec<Figure>> {
    let chances = top_probability(&ranked.estimates, &ranked.covariance, 10, Draws::default())?;
    Ok(ranked
        .ids
        .iter()
        .zip(chances)
        .step_by(5)
        .map(|(dept, chance)| {
            Figure::new(format!("ranks/p_top10/dept{dept}")).number("estimate", chance)
        })
        .collect())
}
