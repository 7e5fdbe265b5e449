//! The likelihood interval as R finds it: ends read off a profile of at most 19 points, so that they carry R's own rounding.
//!
//! `analytics::estimation::likelihood_interval` is exact; this file adds what `glm` and `approx(spline(profile))` do to it.

use analytics::estimation::ProportionSample;
use analytics::t_quantile;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// Ends of R `svyciprop(method = "likelihood")` for rows with these weights and answers (1 or 0).
pub fn r_likelihood_interval(
    sample: &ProportionSample,
    weights: &[f64],
    answers: &[f64],
) -> Option<(f64, f64)> {
    let n = sample.n as f64;
    let (logit, information) = fitted(weights, answers)?;
    let p = expit(logit);
    let se = sample.variance.sqrt() / (p * (1.0 - p));
    let cutoff = t_quantile(sample.df, 0.95) * se * information.sqrt();
    let deviance =
        |q: f64| -2.0 * n * (sample.estimate * q.ln() + (1.0 - sample.estimate) * (1.0 - q).ln());
    let signed_root = |x: f64| {
        let drop = (deviance(expit(x)) - deviance(p)) / (n / (n - 1.0));
        drop.max(0.0).sqrt() * (x - logit).signum()
    };
    let reach = profile_reach(cutoff, n - 1.0)?;
    let mut profile = vec![(logit, 0.0)];
    for sign in [-1.0, 1.0] {
        for step in 1..10 {
            let x = logit + sign * f64::from(step) * reach / 5.0 * se;
            profile.push((x, signed_root(x)));
            if signed_root(x).abs() >= reach {
                break;
            }
        }
    }
    profile.sort_by(|a, b| a.0.total_cmp(&b.0));
    let fine = spline(&profile);
    let end = |z: f64| crossing(&fine, z).map(expit);
    Some((end(-cutoff)?, end(cutoff)?))
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Logit of the share after as many steps of iteratively reweighted least squares as `glm` takes, and the information
/// of the step before the last, which `glm` reports.
fn fitted(weights: &[f64], answers: &[f64]) -> Option<(f64, f64)> {
    let mean_weight = weights.iter().sum::<f64>() / weights.len() as f64;
    let w: Vec<f64> = weights.iter().map(|w| w / mean_weight).collect();
    let mut mu: Vec<f64> = w
        .iter()
        .zip(answers)
        .map(|(w, y)| (w * y + 0.5) / (w + 1.0))
        .collect();
    let deviance = |mu: &[f64]| -> f64 {
        let rows = w.iter().zip(answers).zip(mu);
        rows.map(|((w, y), mu)| -2.0 * w * if *y > 0.5 { mu.ln() } else { (1.0 - mu).ln() })
            .sum()
    };
    let mut before = deviance(&mu);
    for _ in 0..25 {
        let (mut information, mut sum) = (0.0, 0.0);
        for ((w, y), mu) in w.iter().zip(answers).zip(&mu) {
            let spread = mu * (1.0 - mu);
            information += w * spread;
            sum += w * spread * ((mu / (1.0 - mu)).ln() + (y - mu) / spread);
        }
        let logit = sum / information;
        mu.fill(expit(logit));
        let after = deviance(&mu);
        if (after - before).abs() / (after.abs() + 0.1) < 1e-8 {
            return Some((logit, information));
        }
        before = after;
    }
    None
}

/// How far the profile goes: the F quantile of half the tail the cutoff leaves.
fn profile_reach(cutoff: f64, df: f64) -> Option<f64> {
    let tail = Normal::new(0.0, 1.0).ok()?.cdf(-cutoff) / 4.0;
    let distribution = StudentsT::new(0.0, 1.0, df).ok()?;
    let (mut low, mut high) = (0.0, 1.0);
    while distribution.sf(high) > tail {
        high *= 2.0;
    }
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if distribution.sf(middle) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low)
}

/// Three times as many points on the cubic spline through the points (Forsythe, Malcolm & Moler 1977: the end cubics go
/// through the outermost four points).
fn spline(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let last = points.len() - 1;
    let width: Vec<f64> = points
        .windows(2)
        .map(|pair| pair[1].0 - pair[0].0)
        .collect();
    let slope: Vec<f64> = points
        .windows(2)
        .zip(&width)
        .map(|(pair, width)| (pair[1].1 - pair[0].1) / width)
        .collect();
    let curvature = curvatures(points, &width, &slope);
    (0..3 * points.len())
        .map(|k| {
            let share = k as f64 / (3 * points.len() - 1) as f64;
            let x = points[0].0 + (points[last].0 - points[0].0) * share;
            let i = points[..last].partition_point(|point| point.0 <= x).max(1) - 1;
            let (dx, h) = (x - points[i].0, width[i]);
            let first = slope[i] - h * (curvature[i + 1] + 2.0 * curvature[i]);
            let third = (curvature[i + 1] - curvature[i]) / h;
            let y = points[i].1 + dx * (first + dx * (3.0 * curvature[i] + dx * third));
            (x, y)
        })
        .collect()
}

/// A sixth of the second derivative at each point.
fn curvatures(points: &[(f64, f64)], width: &[f64], slope: &[f64]) -> Vec<f64> {
    let last = points.len() - 1;
    let mut right: Vec<f64> = std::iter::once(0.0)
        .chain(slope.windows(2).map(|pair| pair[1] - pair[0]))
        .chain([0.0])
        .collect();
    let mut diagonal: Vec<f64> = std::iter::once(-width[0])
        .chain(width.windows(2).map(|pair| 2.0 * (pair[0] + pair[1])))
        .chain([-width[last - 1]])
        .collect();
    if last > 2 {
        let x = |i: usize| points[i].0;
        let divided = |i: usize| right[i] / (x(i + 1) - x(i - 1));
        let start = (divided(2) - divided(1)) * width[0].powi(2) / (x(3) - x(0));
        let end = (divided(last - 1) - divided(last - 2)) * width[last - 1].powi(2)
            / (x(last) - x(last - 3));
        (right[0], right[last]) = (start, -end);
    }
    for i in 1..=last {
        let factor = width[i - 1] / diagonal[i - 1];
        diagonal[i] -= factor * width[i - 1];
        right[i] -= factor * right[i - 1];
    }
    right[last] /= diagonal[last];
    for i in (0..last).rev() {
        right[i] = (right[i] - width[i] * right[i + 1]) / diagonal[i];
    }
    right
}

/// Where the broken line through the points reaches `y`.
fn crossing(points: &[(f64, f64)], y: f64) -> Option<f64> {
    let pair = points
        .windows(2)
        .find(|pair| pair[0].1 <= y && y <= pair[1].1)?;
    let share = (y - pair[0].1) / (pair[1].1 - pair[0].1);
    Some(pair[0].0 + share * (pair[1].0 - pair[0].0))
}
