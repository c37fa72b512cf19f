//! How long a job takes, as people write it: "2w 3d 4h 5m".

pub mod plan;
mod read;
mod units;
mod write;

pub use read::{parse, SpellError};
pub use units::Unit;
pub use write::format;
