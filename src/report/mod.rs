//! The summary -> CSV files and a manifest in the output folder.

mod cell;
mod folder;
mod manifest;
mod rows;
mod summary;

pub use cell::{Number, Text};
pub use folder::{Folder, Table};
pub use manifest::{ColumnsRead, Counts, Manifest, Performance, Slow, peak_memory_mb};
pub use rows::{CountryRow, DyadRow, Row};
pub use summary::{countries, dyads};
