//! When the last article is in: which are gone, which have the same bytes, which are one story.

use anyhow::{Context, Result};
use rusqlite::params;

use super::{Again, Store, cannot_write};
use crate::stories::{self, Signature, Signatures};

impl Store {
    /// Makes the store ready for the reports. Articles that this run has not seen are gone, unless
    /// they are to be kept or the run was `interrupted` and may not have come to them.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn settle(&self, again: Again, interrupted: bool) -> Result<()> {
        let settle = || {
            match (again, interrupted) {
                (_, true) => {}
                (Again::KeepMissing, false) => self.place_missing()?,
                _ => self.forget_missing()?,
            }
            self.tell_copies_apart()?;
            self.name_stories()
        };
        self.in_transaction(settle).with_context(cannot_write)
    }

    /// Behind those of this run, by name.
    fn place_missing(&self) -> Result<()> {
        self.connection.execute(
            "UPDATE article SET place = ?1 + missing.n FROM (SELECT number, ROW_NUMBER() OVER (ORDER BY name) AS n \
             FROM article WHERE place IS NULL) missing WHERE missing.number = article.number",
            [self.seen.get()],
        )?;
        Ok(())
    }

    fn forget_missing(&self) -> Result<()> {
        let mut missing =
            self.connection.prepare("SELECT number FROM article WHERE place IS NULL")?;
        let numbers: rusqlite::Result<Vec<i64>> =
            missing.query_map([], |row| row.get(0))?.collect();
        numbers?.into_iter().try_for_each(|number| self.forget_number(number))
    }

    /// The same file in two folders is two articles of one story; the second's id ends in `-2`.
    fn tell_copies_apart(&self) -> Result<()> {
        self.connection.execute(
            "UPDATE article SET copy = same.n FROM (SELECT number, ROW_NUMBER() OVER \
             (PARTITION BY content ORDER BY place) AS n FROM article \
             WHERE place IS NOT NULL AND content IS NOT NULL) same \
             WHERE same.number = article.number AND copy IS NOT same.n",
            [],
        )?;
        Ok(())
    }

    fn name_stories(&self) -> Result<()> {
        let analysed = Analysed::of(self)?;
        let first = stories::stories(&analysed)?;
        let mut update = self.connection.prepare(
            "UPDATE article SET story = (SELECT place FROM article WHERE number = ?2) WHERE number = ?1",
        )?;
        for (number, first) in analysed.numbers.iter().zip(first) {
            update.execute(params![number, analysed.numbers[first as usize]])?;
        }
        Ok(())
    }
}

/// The analysed articles in the reports, in order; their signatures stay on the disk.
struct Analysed<'a> {
    store: &'a Store,
    /// The number of each.
    numbers: Vec<i64>,
    /// The rank of each one's id.
    ranks: Vec<u32>,
}

impl<'a> Analysed<'a> {
    fn of(store: &'a Store) -> Result<Self> {
        let mut all = store.connection.prepare(
            "SELECT number, ROW_NUMBER() OVER (ORDER BY article_id) FROM article \
             WHERE outcome = 'analysed' AND place IS NOT NULL ORDER BY place",
        )?;
        let both: rusqlite::Result<Vec<(i64, u32)>> =
            all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect();
        let (numbers, ranks) = both?.into_iter().unzip();
        Ok(Self { store, numbers, ranks })
    }
}

impl Signatures for Analysed<'_> {
    fn count(&self) -> usize {
        self.numbers.len()
    }

    fn rank(&self, article: u32) -> u32 {
        self.ranks[article as usize]
    }

    fn signature(&self, article: u32) -> Result<Signature> {
        let mut find = self
            .store
            .connection
            .prepare_cached("SELECT hashes FROM signature WHERE article = ?1")?;
        let bytes: Vec<u8> = find.query_row([self.numbers[article as usize]], |row| row.get(0))?;
        Signature::from_bytes(&bytes).context("the store is damaged; add --reanalyse")
    }
}
