//! Writes a spell.

use crate::units::Unit;

/// From the largest to the smallest.
const UNITS: [Unit; 3] = [Unit::Day, Unit::Hour, Unit::Minute];

/// The shortest text that `parse` reads as this many minutes. Every unit is
/// used as often as it fits, units that do not occur are left out, and
/// nothing at all is "0m".
pub fn format(minutes: u64) -> String {
    let mut rest = minutes;
    let mut parts = Vec::new();
    for unit in UNITS {
        let count = rest / unit.minutes();
        rest %= unit.minutes();
        if count > 0 {
            parts.push(format!("{count}{}", unit.letter()));
        }
    }
    if parts.is_empty() {
        return "0m".to_string();
    }
    parts.join(" ")
}
