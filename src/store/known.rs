//! Whether an article is known already.

use anyhow::Result;
use rusqlite::OptionalExtension;

use super::Store;

/// The first half of the SHA-256 of all that decides what is read from an article.
pub type Fingerprint = [u8; 16];

/// What is known of an article before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// What it was when it was looked at last.
    pub fingerprint: Fingerprint,
    /// Whether it was analysed then, and not left out.
    pub was_analysed: bool,
}

impl Store {
    /// What is known of the article of this name; nothing of one that failed.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn known(&self, name: &str) -> Result<Option<Known>> {
        let mut find = self.connection.prepare_cached(
            "SELECT fingerprint, outcome <> 'left out' FROM article WHERE name = ?1 AND fingerprint IS NOT NULL",
        )?;
        let known = find.query_row([name], |row| {
            Ok(Known { fingerprint: row.get(0)?, was_analysed: row.get(1)? })
        });
        Ok(known.optional()?)
    }
}
