//! Settings: defaults < `demarche.toml` < flags; checked once, then read-only.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use jiff::{ToSpan, civil};
use serde::{Deserialize, Serialize};

use crate::article::{Country, Precision, PublicationDate};
use crate::assets::Models;
use crate::filter::{Days, Filter, Selection};
use crate::gazetteer::Gazetteer;
use crate::language::Languages;
use crate::model::engine::{Device, Engine, Name};
use crate::model::hub::Downloads;
use crate::read::{Columns, NamePattern};
use crate::similar::{Keep, Similar};
use crate::tag::Choice;

/// What the rows of `dyads.csv` are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// A row a month: `2023-08`.
    Month,
    /// A row a year: `2023`.
    Year,
    /// One row for all: `all`.
    None,
}

/// The period of articles without a date, or with one less exact than the period.
const UNDATED: &str = "undated";

impl Period {
    /// The period an article falls in.
    pub fn name(self, date: Option<PublicationDate>) -> String {
        match (self, date) {
            (Self::None, _) => "all".to_owned(),
            (Self::Year, Some(date)) => self.of_day(date.day),
            (Self::Month, Some(date)) if date.precision > Precision::Year => self.of_day(date.day),
            _ => UNDATED.to_owned(),
        }
    }

    /// Every period from that of the first date to that of the last, and `undated` if a date is.
    pub fn all(self, dates: &[Option<PublicationDate>]) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = dates.iter().map(|&date| self.name(date)).collect();
        let dated = || {
            dates.iter().flatten().filter(|date| self.name(Some(**date)) != UNDATED).map(|d| d.day)
        };
        let (Some(first), Some(last)) = (dated().min(), dated().max()) else { return names };
        let step = if self == Self::Month { 1.month() } else { 1.year() };
        names.extend(
            first
                .first_of_month()
                .series(step)
                .take_while(|day| *day <= last)
                .map(|day| self.of_day(day)),
        );
        names
    }

    fn of_day(self, day: civil::Date) -> String {
        match self {
            Self::None => "all".to_owned(),
            Self::Year => format!("{:04}", day.year()),
            Self::Month => format!("{:04}-{:02}", day.year(), day.month()),
        }
    }
}

/// What the user asked for, before it is checked: the keys of `demarche.toml`, and the flags.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The country the run is about: ISO 3166-1 code or English name.
    pub focus: Option<String>,
    /// Countries that get a row beside the neighbours.
    pub countries: Option<Vec<String>>,
    /// What `dyads.csv` is counted by.
    pub period: Option<Period>,
    /// Worker threads; 0 is one a core.
    pub threads: Option<usize>,
    /// `small`, `cascade`, `large`, or a folder with another model.
    pub model: Option<Models>,
    /// A register of actors that adds to the built-in one.
    pub actors: Option<PathBuf>,
    /// What computes.
    pub engine: Option<Name>,
    /// What rust-bert computes on.
    pub device: Option<Device>,
    /// A tagger of someone else's: a folder, or a model of the Hugging Face hub.
    pub entities_model: Option<PathBuf>,
    /// An inference model of someone else's: the same.
    pub stance_model: Option<PathBuf>,
    /// Whether models of the hub may be fetched: by the flag alone, since a settings file may be
    /// another's.
    #[serde(skip)]
    pub downloads: Downloads,
    /// What names of files are made of.
    pub name_pattern: Option<String>,
    /// Whether `pairs.csv` has the sentences.
    pub text: Option<bool>,
    /// Files larger than this many megabytes are failures.
    pub max_article_mb: Option<u64>,
    /// Articles that take longer than this many seconds are failures; 0 is no limit.
    pub article_timeout: Option<u64>,
    /// Whether articles in other languages than English are analysed too.
    pub language: Option<Languages>,
    /// Only articles published then or later.
    pub since: Option<Days>,
    /// Only articles published then or earlier.
    pub until: Option<Days>,
    /// Only articles of sources with one of these in their names.
    pub source: Option<Vec<String>>,
    /// Only articles with a match of this pattern.
    #[serde(rename = "match")]
    pub pattern: Option<String>,
    /// Only articles about the same matter as those in this file or folder.
    pub similar_to: Option<PathBuf>,
    /// How similar they must be, from -1 to 1.
    pub min_similarity: Option<f32>,
    /// How many of the most similar ones are taken, instead.
    pub top: Option<usize>,
    /// Names of the fields of records; those that are not named are guessed.
    #[serde(default)]
    pub columns: Columns,
}

impl Settings {
    /// Reads a `demarche.toml`.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read config {}", path.display()))?;
        toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            let what = error.message().replace('\n', " ");
            anyhow::anyhow!("config {} line {line}: {what}", path.display())
        })
    }

    /// These settings, and those of `below` where these are silent.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        let says_how_similar = self.min_similarity.is_some() || self.top.is_some();
        Self {
            focus: self.focus.or(below.focus),
            countries: self.countries.or(below.countries),
            period: self.period.or(below.period),
            threads: self.threads.or(below.threads),
            model: self.model.or(below.model),
            actors: self.actors.or(below.actors),
            engine: self.engine.or(below.engine),
            device: self.device.or(below.device),
            entities_model: self.entities_model.or(below.entities_model),
            stance_model: self.stance_model.or(below.stance_model),
            downloads: self.downloads,
            name_pattern: self.name_pattern.or(below.name_pattern),
            text: self.text.or(below.text),
            max_article_mb: self.max_article_mb.or(below.max_article_mb),
            article_timeout: self.article_timeout.or(below.article_timeout),
            language: self.language.or(below.language),
            since: self.since.or(below.since),
            until: self.until.or(below.until),
            source: self.source.or(below.source),
            pattern: self.pattern.or(below.pattern),
            similar_to: self.similar_to.or(below.similar_to),
            min_similarity: self
                .min_similarity
                .or(below.min_similarity.filter(|_| !says_how_similar)),
            top: self.top.or(below.top.filter(|_| !says_how_similar)),
            columns: self.columns.over(below.columns),
        }
    }
}

impl Settings {
    /// What the sentences are read with.
    ///
    /// # Errors
    /// A setting is for rust-bert, and the engine is another.
    pub fn choice(&self) -> Result<Choice> {
        let engine = match self.engine.unwrap_or(Name::Embedded) {
            Name::RustBert => Engine::RustBert(self.device.unwrap_or_default()),
            Name::Embedded => Engine::Embedded,
        };
        let only_for_rust_bert = [
            ("device", self.device.is_some()),
            ("entities-model", self.entities_model.is_some()),
            ("stance-model", self.stance_model.is_some()),
            ("allow-download", self.downloads != Downloads::Never),
        ];
        if let (Engine::Embedded, Some((name, _))) =
            (engine, only_for_rust_bert.iter().find(|(_, is_set)| *is_set))
        {
            bail!("{name} is for the other engine; add --engine rust-bert");
        }
        Ok(Choice {
            models: self.model.clone().unwrap_or_default(),
            engine,
            entities: self.entities_model.clone(),
            stance: self.stance_model.clone(),
            downloads: self.downloads,
        })
    }
}

/// The settings of a run, all of them legal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Config {
    /// The country the run is about.
    #[serde(serialize_with = "iso3")]
    pub focus: Country,
    /// Countries that have a row beside the focus: its neighbours and those asked for, sorted.
    #[serde(serialize_with = "iso3s")]
    pub countries: Vec<Country>,
    /// What `dyads.csv` is counted by.
    pub period: Period,
    /// Worker threads.
    #[serde(skip)] // the reports do not depend on it
    pub threads: usize,
    /// What names of files are made of.
    #[serde(skip_serializing_if = "Option::is_none", rename = "name_pattern")]
    pub names: Option<NamePattern>,
    /// Whether `pairs.csv` has the sentences.
    pub text: bool,
    /// Files with more bytes than this are failures.
    pub max_article_bytes: u64,
    /// Articles that take longer are failures.
    #[serde(skip)] // the figures do not depend on it
    pub article_timeout: Option<Duration>,
    /// Which articles are analysed.
    pub language: Languages,
    /// Which articles are taken.
    pub selection: Selection,
    /// The fields of records that the user named.
    pub columns: Columns,
}

/// The largest article allowed, three million words, takes a slow core ten minutes.
const ARTICLE_TIMEOUT_SECONDS: u64 = 3600;

/// Larger than any article or report that is not a dump of many: `War and Peace` has 3.2 MB.
const MAX_ARTICLE_MB: u64 = 20;

impl Config {
    /// Checks the settings against the gazetteer's countries.
    pub fn new(settings: Settings, gazetteer: &Gazetteer) -> Result<Self> {
        let Some(focus) = settings.focus else {
            bail!("no focus country; name one, as in --focus AF");
        };
        let focus = gazetteer.country(&focus)?;
        let mut countries: BTreeSet<Country> =
            gazetteer.neighbours(focus).iter().copied().collect();
        for name in settings.countries.unwrap_or_default() {
            countries.insert(gazetteer.country(&name)?);
        }
        countries.remove(&focus);
        let megabytes = settings.max_article_mb.unwrap_or(MAX_ARTICLE_MB);
        if !(1..=4096).contains(&megabytes) {
            bail!("max_article_mb is {megabytes}; it goes from 1 to 4096");
        }
        let similar = similar(settings.similar_to, settings.min_similarity, settings.top)?;
        let selection = Selection {
            since: settings.since.map(Days::first),
            until: settings.until.map(Days::last),
            sources: settings.source.unwrap_or_default(),
            pattern: settings.pattern,
            similar,
        };
        Filter::new(selection.clone())?;
        Ok(Self {
            focus,
            countries: countries.into_iter().collect(),
            period: settings.period.unwrap_or(Period::Year),
            threads: threads(settings.threads.unwrap_or(0))?,
            names: settings.name_pattern.as_deref().map(NamePattern::new).transpose()?,
            text: settings.text.unwrap_or(true),
            max_article_bytes: megabytes * 1_000_000,
            article_timeout: Some(settings.article_timeout.unwrap_or(ARTICLE_TIMEOUT_SECONDS))
                .filter(|&seconds| seconds > 0)
                .map(Duration::from_secs),
            language: settings.language.unwrap_or_default(),
            selection,
            columns: settings.columns,
        })
    }

    /// Whether a country is the focus, a neighbour or asked for.
    pub fn is_of_interest(&self, iso3: &str) -> bool {
        self.focus.iso3() == iso3 || self.countries.iter().any(|country| country.iso3() == iso3)
    }
}

fn similar(to: Option<PathBuf>, least: Option<f32>, top: Option<usize>) -> Result<Option<Similar>> {
    let keep = match (least, top) {
        (Some(_), Some(_)) => bail!("min_similarity and top exclude each other; give one of them"),
        (Some(least), None) if !(-1.0..=1.0).contains(&least) => {
            bail!("min_similarity is {least}; it goes from -1 to 1")
        }
        (None, Some(0)) => bail!("top is 0; it goes from 1"),
        (Some(least), None) => Keep::MinSimilarity(least),
        (None, Some(top)) => Keep::Top(top),
        (None, None) => Keep::default(),
    };
    if to.is_none() && (least.is_some() || top.is_some()) {
        bail!("min_similarity and top need something to compare with; name it with --similar-to");
    }
    Ok(to.map(|to| Similar { to, keep }))
}

fn threads(asked: usize) -> Result<usize> {
    match asked {
        0 => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
        1..=1024 => Ok(asked),
        _ => bail!("threads is {asked}; it goes from 1 to 1024, or 0 for one a core"),
    }
}

fn iso3<S: serde::Serializer>(country: &Country, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(country.iso3())
}

fn iso3s<S: serde::Serializer>(countries: &[Country], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(countries.iter().map(Country::iso3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dated(day: civil::Date, precision: Precision) -> Option<PublicationDate> {
        Some(PublicationDate { day, precision })
    }

    #[test]
    fn periods_run_from_the_first_to_the_last_without_a_gap() {
        let dates = [
            dated(civil::date(2021, 11, 30), Precision::Day),
            dated(civil::date(2022, 2, 1), Precision::Day),
        ];
        let months: Vec<_> = Period::Month.all(&dates).into_iter().collect();
        assert_eq!(months, ["2021-11", "2021-12", "2022-01", "2022-02"]);
        let years: Vec<_> = Period::Year.all(&dates).into_iter().collect();
        assert_eq!(years, ["2021", "2022"]);
        assert_eq!(Period::None.all(&dates).into_iter().collect::<Vec<_>>(), ["all"]);
    }

    #[test]
    fn an_article_known_by_its_year_is_in_no_month() {
        let year = dated(civil::date(2021, 12, 31), Precision::Year);
        assert_eq!(Period::Month.name(year), "undated");
        assert_eq!(Period::Year.name(year), "2021");
    }

    #[test]
    fn flags_win_over_the_file() {
        let flags = Settings { focus: Some("AF".into()), ..Settings::default() };
        let file: Settings = toml::from_str("focus = 'IR'\nperiod = 'month'").unwrap();
        let both = flags.over(file);
        assert_eq!(both.focus.as_deref(), Some("AF"));
        assert_eq!(both.period, Some(Period::Month));
    }
}
