//! The tallies of the articles -> figures of countries and of pairs of countries.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use rusqlite::{Row, params};

use super::Store;
use crate::aggregate::{Dyad, Quads, Signs, Sum, Tally, Total};
use crate::article::{Country, PublicationDate};
use crate::config::Period;

/// By story, so that a story's articles are summed up when the last of them is read.
const TALLIES: &str = "SELECT a.story, t.negative, t.neutral, t.positive, t.vcp, t.mcp, t.vcf, t.mcf, \
    t.weight, t.balance, a.date \
    FROM tally t JOIN article a ON a.number = t.article \
    WHERE t.source = ?1 AND t.target = ?2 AND a.place IS NOT NULL \
    ORDER BY a.story, a.place";

impl Store {
    /// Sentiment toward a country over all articles in the reports.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn country(&self, country: Country) -> Result<Total> {
        self.total(country.iso3(), "")
    }

    /// Stance and relations of an ordered pair of countries over all articles in the reports.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn dyad(&self, (source, target): Dyad) -> Result<Total> {
        self.total(source.iso3(), target.iso3())
    }

    fn total(&self, source: &str, target: &str) -> Result<Total> {
        let mut sum = Sum::default();
        self.each_tally(source, target, |story, tally, _| {
            sum.add(story, &tally);
            Ok(())
        })?;
        Ok(sum.total())
    }

    /// An ordered pair in each of the periods; zeros where a period has no text of it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn dyad_by_period(
        &self,
        (source, target): Dyad,
        period: Period,
        periods: &BTreeSet<String>,
    ) -> Result<Vec<(String, Total)>> {
        let mut sums: BTreeMap<&str, Sum> =
            periods.iter().map(|name| (name.as_str(), Sum::default())).collect();
        self.each_tally(source.iso3(), target.iso3(), |story, tally, date| {
            let name = period.name(date);
            sums.get_mut(name.as_str()).expect("periods cover all dates").add(story, &tally);
            Ok(())
        })?;
        Ok(sums.into_iter().map(|(name, sum)| (name.to_owned(), sum.total())).collect())
    }

    fn each_tally(
        &self,
        source: &str,
        target: &str,
        mut take: impl FnMut(i64, Tally, Option<PublicationDate>) -> Result<()>,
    ) -> Result<()> {
        let mut tallies = self.connection.prepare_cached(TALLIES)?;
        let mut rows = tallies.query(params![source, target])?;
        while let Some(row) = rows.next()? {
            take(row.get(0)?, tally(row)?, date(row.get(10)?)?)?;
        }
        Ok(())
    }

    /// The ordered pairs that occur, by their codes.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn dyads(&self) -> Result<BTreeSet<Dyad>> {
        let mut all = self.connection.prepare(
            "SELECT DISTINCT t.source, t.target FROM tally t JOIN article a ON a.number = t.article \
             WHERE t.target <> '' AND a.place IS NOT NULL",
        )?;
        let mut rows = all.query([])?;
        let mut dyads = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let (source, target): (String, String) = (row.get(0)?, row.get(1)?);
            dyads.insert((source.parse()?, target.parse()?));
        }
        Ok(dyads)
    }

    /// All periods from the first dated article to the last, and `undated` if an article is.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn periods(&self, period: Period) -> Result<BTreeSet<String>> {
        let mut all = self.connection.prepare(
            "SELECT DISTINCT date FROM article WHERE outcome = 'analysed' AND place IS NOT NULL",
        )?;
        let mut rows = all.query([])?;
        let mut dates = Vec::new();
        while let Some(row) = rows.next()? {
            dates.push(date(row.get(0)?)?);
        }
        Ok(period.all(&dates))
    }
}

fn tally(row: &Row) -> rusqlite::Result<Tally> {
    Ok(Tally {
        signs: Signs { negative: row.get(1)?, neutral: row.get(2)?, positive: row.get(3)? },
        quads: Quads { vcp: row.get(4)?, mcp: row.get(5)?, vcf: row.get(6)?, mcf: row.get(7)? },
        weight: row.get(8)?,
        balance: row.get(9)?,
    })
}

fn date(text: Option<String>) -> Result<Option<PublicationDate>> {
    text.map(|text| text.parse()).transpose()
}
