//! Response rates by the standard definitions of AAPOR.

/// Cases by outcome class, each a number of persons (or their weights).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcomes {
    /// I: complete interviews.
    pub complete: f64,
    /// P: partial interviews.
    pub partial: f64,
    /// R: refusals and break-offs.
    pub refusal: f64,
    /// NC: non-contacts known to be eligible.
    pub non_contact: f64,
    /// O: other eligible cases without an interview.
    pub other: f64,
    /// UH: nothing is known about the person or the address.
    pub unknown: f64,
    /// UO: eligibility unknown for another reason.
    pub unknown_other: f64,
    /// NE: known not to be eligible.
    pub not_eligible: f64,
}

/// The six response rates, each 0 to 1; `None` where nobody is in the denominator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResponseRates {
    /// `rates[0]` is RR1, `rates[5]` RR6.
    pub rates: [Option<f64>; 6],
    /// e: share of the cases of unknown eligibility taken to be eligible, 0 to 1; used by RR3 and RR4.
    pub eligible_share: f64,
}

impl ResponseRates {
    /// The names of the rates, in order.
    pub const NAMES: [&'static str; 6] = ["RR1", "RR2", "RR3", "RR4", "RR5", "RR6"];

    /// The formulas of the rates, in order.
    pub const FORMULAS: [&'static str; 6] = [
        "I ∕ (I+P+R+NC+O+UH+UO)",
        "(I+P) ∕ (I+P+R+NC+O+UH+UO)",
        "I ∕ (I+P+R+NC+O+e·(UH+UO))",
        "(I+P) ∕ (I+P+R+NC+O+e·(UH+UO))",
        "I ∕ (I+P+R+NC+O)",
        "(I+P) ∕ (I+P+R+NC+O)",
    ];
}

/// RR1 to RR6, with e estimated by proportional allocation: eligible ∕ (eligible + not eligible) among the cases whose
/// eligibility is known; 1 when none is known, so that RR3 is then RR1.
///
/// Source: AAPOR, Standard Definitions, 9th ed. 2016, "Response Rates"; e after Council of American Survey Research
/// Organizations 1982. Golden values from R `outcomerate` 1.0.1.
#[must_use]
pub fn response_rates(cases: &Outcomes) -> ResponseRates {
    let (complete, interviews) = (cases.complete, cases.complete + cases.partial);
    let eligible = interviews + cases.refusal + cases.non_contact + cases.other;
    let unknown = cases.unknown + cases.unknown_other;
    let eligible_share =
        share(eligible, eligible + cases.not_eligible).map_or(1.0, |share| share.min(1.0));
    let of = |denominator: f64| [share(complete, denominator), share(interviews, denominator)];
    let [rr1, rr2] = of(eligible + unknown);
    let [rr3, rr4] = of(eligible + eligible_share * unknown);
    let [rr5, rr6] = of(eligible);
    ResponseRates {
        rates: [rr1, rr2, rr3, rr4, rr5, rr6],
        eligible_share,
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cases: &Outcomes, expected: [f64; 6]) {
        let found = response_rates(cases);
        for ((rate, expected), name) in found
            .rates
            .into_iter()
            .zip(expected)
            .zip(ResponseRates::NAMES)
        {
            let rate = rate.unwrap();
            assert!(
                (rate - expected).abs() < 5e-4,
                "{name}: {rate} ≠ {expected}"
            );
        }
    }

    #[test]
    fn twelve_cases_give_what_r_outcomerate_gives() {
        let cases = Outcomes {
            complete: 4.0,
            partial: 2.0,
            refusal: 1.0,
            non_contact: 1.0,
            other: 1.0,
            unknown: 1.0,
            unknown_other: 1.0,
            not_eligible: 1.0,
        };

        check(&cases, [0.364, 0.545, 0.370, 0.556, 0.444, 0.667]);
        assert_eq!(response_rates(&cases).eligible_share, 0.9);
    }

    #[test]
    fn without_known_ineligible_cases_every_unknown_one_counts_as_eligible() {
        let cases = Outcomes {
            complete: 612.0,
            refusal: 28.0,
            unknown: 300.0,
            unknown_other: 60.0,
            ..Outcomes::default()
        };

        check(&cases, [0.612, 0.612, 0.612, 0.612, 0.956_25, 0.956_25]);
    }

    #[test]
    fn nobody_has_no_rate() {
        assert_eq!(response_rates(&Outcomes::default()).rates, [None; 6]);
    }

    #[test]
    fn rates_only_rise_from_one_pair_to_the_next() {
        for unknown in [0.0, 5.0, 50.0] {
            for not_eligible in [0.0, 3.0, 30.0] {
                let cases = Outcomes {
                    complete: 10.0,
                    partial: 2.0,
                    refusal: 4.0,
                    unknown,
                    not_eligible,
                    ..Outcomes::default()
                };
                let [rr1, rr2, rr3, rr4, rr5, rr6] =
                    response_rates(&cases).rates.map(Option::unwrap);
                assert!(rr1 <= rr3 && rr3 <= rr5 && rr2 <= rr4 && rr4 <= rr6);
            }
        }
    }
}
