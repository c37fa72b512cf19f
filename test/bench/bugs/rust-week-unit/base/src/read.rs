//! Reads a spell.

use crate::units::Unit;
use std::fmt;

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpellError {
    Empty,
    NoNumber(String),
    UnknownUnit(char),
    /// Units must become smaller from left to right, each being used once.
    WrongOrder(char),
    TooLong,
}

impl fmt::Display for SpellError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpellError::Empty => write!(out, "there is nothing to read"),
            SpellError::NoNumber(part) => write!(out, "{part:?} has no number"),
            SpellError::UnknownUnit(letter) => write!(out, "{letter:?} is not a unit"),
            SpellError::WrongOrder(letter) => write!(out, "{letter:?} is in the wrong place"),
            SpellError::TooLong => write!(out, "that is too long"),
        }
    }
}

impl std::error::Error for SpellError {}

/// Minutes of a text such as "1w 2d 3h 4m"; parts may be left out.
pub fn parse(text: &str) -> Result<u64, SpellError> {
    let mut total: u64 = 0;
    let mut last: Option<Unit> = None;
    for part in text.split_whitespace() {
        let letter = part.chars().last().ok_or(SpellError::Empty)?;
        let unit = unit_of(letter)?;
        if last.is_some_and(|before| before <= unit) {
            return Err(SpellError::WrongOrder(letter));
        }
        last = Some(unit);
        let digits = &part[..part.len() - letter.len_utf8()];
        let count: u64 = digits.parse().map_err(|_| SpellError::NoNumber(part.to_string()))?;
        let minutes = count.checked_mul(unit.minutes()).ok_or(SpellError::TooLong)?;
        total = total.checked_add(minutes).ok_or(SpellError::TooLong)?;
    }
    if last.is_none() {
        return Err(SpellError::Empty);
    }
    Ok(total)
}

fn unit_of(letter: char) -> Result<Unit, SpellError> {
    let unit = match letter.to_ascii_lowercase() {
        'm' => Unit::Minute,
        'h' => Unit::Hour,
        'd' => Unit::Day,
        _ => return Err(SpellError::UnknownUnit(letter)),
    };
    Ok(unit)
}
