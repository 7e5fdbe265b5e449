//! One file per section of the golden file; each derives its names from the fixture alone.

use crate::figure::Figure;
use crate::fixture::Fixture;
use anyhow::Result;

/// Computes the figures of one section; nothing for a letter that is none.
pub fn figures(section: &str, fixture: &Fixture) -> Result<Vec<Figure>> {
    match section {
        "A" => crate::section_a::figures(fixture),
        "B" => crate::section_b::figures(fixture),
        "C" => crate::section_c::figures(fixture),
        "D" => crate::section_d::figures(fixture),
        "E" => crate::section_e::figures(fixture),
        "F" => crate::section_f::figures(fixture),
        "G" => crate::section_g::figures(fixture),
        "H" => crate::section_h::figures(fixture),
        "I" => crate::section_i::figures(fixture),
        "J" => crate::section_j::figures(fixture),
        "K" => crate::section_k::figures(fixture),
        "L" => crate::section_l::figures(fixture),
        "M" => crate::section_m::figures(fixture),
        "N" => crate::section_n::figures(fixture),
        "O" => crate::section_o::figures(fixture),
        "W" => crate::section_w::figures(fixture),
        _ => Ok(Vec::new()),
    }
}
