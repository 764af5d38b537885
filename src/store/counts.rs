//! What is counted over the articles in the reports.

use std::collections::BTreeMap;

use anyhow::Result;
use rusqlite::Row;

use super::Store;
use crate::report::Counts;

/// Reasons of failures that are listed: the most frequent ones.
const MOST_REASONS: usize = 20;

impl Store {
    /// The counts of `run.json`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn counts(&self) -> Result<Counts> {
        let is = |outcome: &str| format!("COUNT(*) FILTER (WHERE outcome = '{outcome}')");
        let sum = |column: &str| {
            format!("COALESCE(SUM({column}) FILTER (WHERE outcome = 'analysed'), 0)")
        };
        let columns = [
            is("analysed"),
            is("failed"),
            is("foreign"),
            "COUNT(DISTINCT story)".to_owned(),
            sum("words"),
            sum("sentences"),
            sum("windows"),
            sum("mentions"),
            sum("unresolved"),
            sum("pairs"),
            sum("crowded_sentences"),
            sum("sentences_read_again"),
        ];
        let query = format!("SELECT {} FROM article WHERE place IS NOT NULL", columns.join(", "));
        Ok(self.connection.query_row(&query, [], counts)?)
    }

    /// How many articles each filter left out.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn left_out(&self) -> Result<BTreeMap<String, usize>> {
        self.count_reasons("left out", usize::MAX)
    }

    /// How many articles failed for each of the most frequent reasons.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn reasons(&self) -> Result<BTreeMap<String, usize>> {
        self.count_reasons("failed", MOST_REASONS)
    }

    fn count_reasons(&self, outcome: &str, most: usize) -> Result<BTreeMap<String, usize>> {
        let mut count = self.connection.prepare(
            "SELECT reason, COUNT(*) FROM article WHERE outcome = ?1 AND place IS NOT NULL \
             GROUP BY reason ORDER BY COUNT(*) DESC, reason",
        )?;
        let all = count.query_map([outcome], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(all.take(most).collect::<rusqlite::Result<_>>()?)
    }
}

fn counts(row: &Row) -> rusqlite::Result<Counts> {
    Ok(Counts {
        articles: row.get(0)?,
        failures: row.get(1)?,
        not_english: row.get(2)?,
        stories: row.get(3)?,
        words: row.get(4)?,
        sentences: row.get(5)?,
        windows: row.get(6)?,
        mentions: row.get(7)?,
        unresolved: row.get(8)?,
        pairs: row.get(9)?,
        crowded_sentences: row.get(10)?,
        sentences_read_again: row.get(11)?,
    })
}
