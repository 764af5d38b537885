//! Whether an article is known already.

use anyhow::Result;
use rusqlite::OptionalExtension;

use super::Store;
use crate::article::Document;
use crate::gazetteer::Gazetteer;
use crate::pipeline::Naming;

/// The first half of the SHA-256 of all that decides what is read from an article.
pub type Fingerprint = [u8; 16];

/// What is known of an article before it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// What it was when it was looked at last.
    pub fingerprint: Fingerprint,
    /// Whether it was analysed then, and not left out.
    pub was_analysed: bool,
    /// What its names meant by another gazetteer than that of this run.
    pub naming: Option<Naming>,
}

impl Known {
    /// Whether the analysis of the article, the same and clean, is what it would be now.
    pub fn holds(&self, document: &Document, gazetteer: &Gazetteer) -> bool {
        let naming = self.naming.as_ref();
        self.was_analysed && naming.is_none_or(|naming| naming.holds(document, gazetteer))
    }
}

impl Store {
    /// What is known of the article of this name; nothing of one that failed, or that was not
    /// analysed for a reason that may have gone with another gazetteer.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn known(&self, name: &str) -> Result<Option<Known>> {
        let mut find = self.connection.prepare_cached(
            "SELECT number, fingerprint, outcome, is_stale FROM article WHERE name = ?1 AND fingerprint IS NOT NULL",
        )?;
        let known = find.query_row([name], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?))
        });
        let Some((number, fingerprint, outcome, is_stale)) = known.optional()? else {
            return Ok(None);
        };
        let naming = match (is_stale, outcome.as_str()) {
            (false, _) => None,
            (true, "analysed") => Some(self.naming(number)?),
            (true, _) => return Ok(None),
        };
        Ok(Some(Known { fingerprint, was_analysed: outcome != "left out", naming }))
    }

    fn naming(&self, article: i64) -> Result<Naming> {
        let mut find =
            self.connection.prepare_cached("SELECT bytes FROM naming WHERE article = ?1")?;
        Naming::from_bytes(&find.query_row([article], |row| row.get::<_, Vec<u8>>(0))?)
    }
}
