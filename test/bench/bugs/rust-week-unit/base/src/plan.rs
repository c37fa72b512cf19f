//! A list of jobs.

use crate::{format, parse, SpellError};

/// A job and how long it takes in minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub name: String,
    pub minutes: u64,
}

/// Read lines of "name: spell"; empty lines are left out. The error comes with its line, counted from 1.
pub fn read(text: &str) -> Result<Vec<Job>, (usize, SpellError)> {
    let mut jobs = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let (name, spell) = line.split_once(':').ok_or((index + 1, SpellError::Empty))?;
        let minutes = parse(spell).map_err(|error| (index + 1, error))?;
        jobs.push(Job { name: name.trim().to_string(), minutes });
    }
    Ok(jobs)
}

/// One line with the length of all jobs, one after the other.
pub fn summary(jobs: &[Job]) -> String {
    let total = jobs.iter().map(|job| job.minutes).sum();
    format!("{} jobs, {}", jobs.len(), format(total))
}
