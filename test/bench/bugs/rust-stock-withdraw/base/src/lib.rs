//! Parts on the shelves of a depot.

use std::collections::BTreeMap;
use std::fmt;

/// Why something could not be moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DepotError {
    /// Nobody has registered the part.
    UnknownPart(String),
    /// There are fewer pieces than were asked for.
    TooFew { part: String, wanted: u32, there: u32 },
}

impl fmt::Display for DepotError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DepotError::UnknownPart(part) => write!(out, "there is no part {part}"),
            DepotError::TooFew { part, wanted, there } => {
                write!(out, "{part}: {wanted} wanted, {there} there")
            }
        }
    }
}

impl std::error::Error for DepotError {}

/// Pieces of one part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    pieces: u32,
    minimum: u32,
}

/// All parts by their code.
#[derive(Debug, Default)]
pub struct Depot {
    shelves: BTreeMap<String, Shelf>,
}

impl Depot {
    pub fn new() -> Self {
        Self::default()
    }

    /// Make room for a part. Pieces that are there already stay.
    pub fn register(&mut self, part: &str, minimum: u32) {
        self.shelves.entry(part.to_string()).or_default().minimum = minimum;
    }

    /// Pieces of the part, none for an unknown one.
    pub fn pieces(&self, part: &str) -> u32 {
        self.shelves.get(part).map_or(0, |shelf| shelf.pieces)
    }

    /// Put pieces on the shelf and return how many there are now.
    pub fn store(&mut self, part: &str, pieces: u32) -> Result<u32, DepotError> {
        let shelf = self.shelf(part)?;
        shelf.pieces += pieces;
        Ok(shelf.pieces)
    }

    /// Take pieces off the shelf and return how many are left. When there are
    /// too few, all of them stay.
    pub fn withdraw(&mut self, part: &str, pieces: u32) -> Result<u32, DepotError> {
        let shelf = self.shelf(part)?;
        shelf.pieces -= pieces;
        Ok(shelf.pieces)
    }

    /// Take everything that a kit needs, or nothing at all. Every part is
    /// named once.
    pub fn withdraw_kit(&mut self, kit: &[(&str, u32)]) -> Result<(), DepotError> {
        for (done, (part, pieces)) in kit.iter().enumerate() {
            if let Err(error) = self.withdraw(part, *pieces) {
                for (part, pieces) in &kit[..done] {
                    self.store(part, *pieces)?;
                }
                return Err(error);
            }
        }
        Ok(())
    }

    /// What has to be ordered to get back to the minimum, by part.
    pub fn orders(&self) -> Vec<(&str, u32)> {
        self.shelves
            .iter()
            .filter(|(_, shelf)| shelf.pieces < shelf.minimum)
            .map(|(part, shelf)| (part.as_str(), shelf.minimum - shelf.pieces))
            .collect()
    }

    fn shelf(&mut self, part: &str) -> Result<&mut Shelf, DepotError> {
        self.shelves
            .get_mut(part)
            .ok_or_else(|| DepotError::UnknownPart(part.to_string()))
    }
}
