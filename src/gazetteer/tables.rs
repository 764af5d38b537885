//! Reads the gazetteer's CSV files into rows, or says which line is wrong and how to mend it.

use std::borrow::Cow;
use std::path::Path;
use std::str::FromStr;
use std::{fmt, fs};

use anyhow::{Context, Result, anyhow, ensure};
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::article::{Country, PublicationDate};
use crate::assets::Assets;

#[derive(Deserialize)]
pub(super) struct CountryRow {
    pub(super) iso2: String,
    pub(super) iso3: String,
    pub(super) cow: Option<u16>,
    pub(super) name: String,
    pub(super) neighbours: String,
}

#[derive(Deserialize)]
pub(super) struct NameRow {
    pub(super) alias: String,
    pub(super) iso3: String,
    pub(super) kind: String,
    pub(super) note: String,
}

#[derive(Deserialize)]
pub(super) struct RegionRow {
    pub(super) region: String,
    pub(super) alias: String,
    pub(super) members: String,
    pub(super) valid_from: String,
    pub(super) valid_to: String,
}

/// A row of the register; in a user's file the dates and the note may be left out.
#[derive(Debug, Deserialize)]
pub(super) struct ActorRow {
    pub(super) actor: String,
    pub(super) alias: String,
    pub(super) kind: String,
    pub(super) country: String,
    #[serde(default)]
    pub(super) valid_from: String,
    #[serde(default)]
    pub(super) valid_to: String,
    #[serde(default)]
    pub(super) note: String,
}

impl ActorRow {
    /// Whether the row says that it is meant where another one could be.
    pub(super) fn is_usual(&self) -> bool {
        self.note.starts_with("usual:") || self.note == "usual"
    }
}

#[derive(Deserialize)]
pub(super) struct PlaceRow {
    pub(super) place: String,
    pub(super) iso3: String,
    pub(super) kind: String,
    pub(super) population: u64,
    pub(super) note: String,
}

#[derive(Deserialize)]
pub(super) struct AmbiguousRow {
    pub(super) alias: String,
    pub(super) needs: String,
}

/// A file of the gazetteer, read whole.
pub(super) struct Table {
    place: String,
    bytes: Cow<'static, [u8]>,
}

impl Table {
    pub(super) fn read(assets: &Assets, name: &str) -> Result<Self> {
        let bytes = assets
            .read(name)
            .context("the gazetteer is a folder with the files of models/gazetteer")?;
        Ok(Self { place: assets.place(name), bytes })
    }

    /// A user's register.
    pub(super) fn of_user(path: &Path) -> Result<Self> {
        let place = path.display().to_string();
        let bytes = fs::read(path).with_context(|| {
            format!("cannot read {place}; --actors takes a file like models/gazetteer/actors.csv")
        })?;
        let header = csv::Reader::from_reader(&bytes[..]).headers().cloned();
        let header = header.with_context(|| format!("{place} has no header"))?;
        for column in ["actor", "alias", "kind", "country"] {
            ensure!(
                header.iter().any(|name| name == column),
                "{place} has no column '{column}'; its first line is actor,alias,kind,country,valid_from,valid_to,note"
            );
        }
        Ok(Self { place, bytes: Cow::Owned(bytes) })
    }

    /// The bytes of the file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Each row with its line, or why it cannot be read.
    pub(super) fn rows<T: DeserializeOwned>(&self) -> Result<Vec<(u64, Result<T>)>> {
        let mut rows = Vec::new();
        self.each_line(|line, row| {
            rows.push((line, row));
            Ok(())
        })?;
        Ok(rows)
    }

    /// Hands each row to `take`; an error names the file, the line and the remedy.
    pub(super) fn each<T: DeserializeOwned>(
        &self,
        mut take: impl FnMut(T) -> Result<()>,
    ) -> Result<()> {
        self.each_line(|line, row: Result<T>| {
            row.and_then(&mut take).map_err(|error| {
                anyhow!(
                    "{} line {line}: {error:#}; correct the line, the columns are described in the folder's README.md",
                    self.place
                )
            })
        })
    }

    fn each_line<T: DeserializeOwned>(
        &self,
        mut take: impl FnMut(u64, Result<T>) -> Result<()>,
    ) -> Result<()> {
        let mut reader = csv::Reader::from_reader(self.bytes.as_ref());
        let header = reader.headers().cloned();
        let header = header.with_context(|| format!("{} has no header", self.place))?;
        let mut record = csv::StringRecord::new();
        loop {
            let line = reader.position().line();
            let read = match reader.read_record(&mut record) {
                Ok(false) => return Ok(()),
                Ok(true) => record.deserialize(Some(&header)).map_err(anyhow::Error::from),
                Err(error) => Err(error.into()),
            };
            take(line, read)?;
        }
    }
}

/// The countries of a cell, sorted: `KAZ+KGZ`, or none where it is empty.
pub(super) fn countries(cell: &str) -> Result<Vec<Country>> {
    let codes = cell.split('+').filter(|code| !code.is_empty());
    let mut countries = codes.map(Country::from_str).collect::<Result<Vec<_>>>()?;
    countries.sort_unstable();
    countries.dedup();
    Ok(countries)
}

/// The days on which a row holds: both ends count, `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    from: Option<Date>,
    to: Option<Date>,
}

impl Period {
    pub(super) fn parse(from: &str, to: &str) -> Result<Self> {
        let day = |cell: &str| -> Result<Option<Date>> {
            match cell {
                "" => Ok(None),
                _ => Ok(Some(
                    cell.parse()
                        .with_context(|| format!("'{cell}' is not a date as in 2021-08-15"))?,
                )),
            }
        };
        let period = Self { from: day(from)?, to: day(to)? };
        match (period.from, period.to) {
            (Some(from), Some(to)) if from > to => {
                Err(anyhow!("valid_from {from} is after valid_to {to}"))
            }
            _ => Ok(period),
        }
    }

    /// Whether a day is in both.
    pub(super) fn overlaps(self, other: Self) -> bool {
        let begins_before_end = |from: Option<Date>, to: Option<Date>| {
            from.unwrap_or(Date::MIN) <= to.unwrap_or(Date::MAX)
        };
        begins_before_end(self.from, other.to) && begins_before_end(other.from, self.to)
    }

    /// Days between the period and the date, 0 within. No date is today, so that only a closed
    /// end is past.
    pub(crate) fn days_from(self, date: Option<PublicationDate>) -> i32 {
        let Some(date) = date else {
            return self.to.map_or(0, |to| days_between(to, Date::MAX));
        };
        match (self.from, self.to) {
            (Some(from), _) if date.day < from => days_between(date.day, from),
            (_, Some(to)) if date.day > to => days_between(to, date.day),
            _ => 0,
        }
    }
}

impl fmt::Display for Period {
    /// 'always', 'since 2021-08-15', '1996-09-27 to 2001-11-13'.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (None, None) => f.write_str("always"),
            (Some(from), None) => write!(f, "since {from}"),
            (None, Some(to)) => write!(f, "to {to}"),
            (Some(from), Some(to)) => write!(f, "{from} to {to}"),
        }
    }
}

fn days_between(earlier: Date, later: Date) -> i32 {
    (later - earlier).get_days()
}
