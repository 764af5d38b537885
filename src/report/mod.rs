//! The summary -> CSV files and a manifest in the output folder.

mod article;
mod cell;
mod folder;
mod manifest;
mod rows;
mod stories;
mod summary;
mod unresolved;

pub use article::{article_row, foreign_row, mention_rows, pair_rows};
pub use cell::{Number, Text};
pub use folder::{Folder, Table};
pub use manifest::{ColumnsRead, Counts, Manifest, Performance, peak_memory_mb};
pub use rows::{
    ArticleRow, CountryRow, DyadRow, FailureRow, MentionRow, PairRow, Row, StoryRow, UnresolvedRow,
};
pub use stories::story_rows;
pub use summary::{countries, dyads};
pub use unresolved::Unresolved;
