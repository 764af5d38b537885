//! Turns names into the countries and actors they may stand for: the tables of `models/gazetteer`.
//!
//! The folder's `README.md` describes the files and how they are meant to be matched.

mod check;
mod fold;
mod load;
mod matcher;
mod surnames;
mod tables;

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Result, bail};

use crate::article::{Country, Span};
pub(crate) use fold::fold;
use matcher::Matcher;
use surnames::Surnames;
pub(crate) use surnames::is_suffix;
pub(crate) use tables::Period;

/// A country or territory of `countries.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountryEntry {
    /// ISO 3166-1 alpha-2.
    pub iso2: String,
    /// Correlates of War state number; none for territories that are not states.
    pub cow: Option<u16>,
    /// The name the English press uses.
    pub name: String,
    /// Countries with a land border to it, sorted.
    pub neighbours: Vec<Country>,
}

/// What a row of `names.csv` is for its country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    Name,
    Demonym,
    Capital,
}

/// What an actor of the register is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ActorKind {
    Government,
    Office,
    Leader,
    Ministry,
    ArmedGroup,
    Party,
    Bloc,
    Organization,
}

impl fmt::Display for ActorKind {
    /// As people say it: `armed group`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Government => "government",
            Self::Office => "office",
            Self::Leader => "leader",
            Self::Ministry => "ministry",
            Self::ArmedGroup => "armed group",
            Self::Party => "party",
            Self::Bloc => "bloc",
            Self::Organization => "organization",
        })
    }
}

/// One thing an alias may mean.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    Actor {
        name: String,
        kind: ActorKind,
        countries: Vec<Country>,
        period: Period,
        usual: bool,
    },
    Name {
        kind: NameKind,
        country: Country,
        usual: bool,
    },
    Region {
        name: String,
        members: Vec<Country>,
        period: Period,
    },
    Place {
        country: Country,
        /// A city may stand for those who govern from it; a province is only a place.
        is_city: bool,
        population: u64,
        /// Another country claims it too.
        is_disputed: bool,
    },
}

/// A name as it may stand in a text, and what it may mean, in the order in which files rank.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alias {
    /// Folded, capitals kept.
    pub(crate) text: String,
    /// The only spellings that count, folded; empty where capitals do not matter.
    spellings: Vec<String>,
    /// Counts only if the article supports it.
    pub(crate) needs_context: bool,
    /// A common noun, 'kingdom': means the only country of its rows that the article names.
    pub(crate) needs_named: bool,
    /// Hides what it contains: none of the meanings of a part is meant.
    masks: bool,
    /// Bytes of `text` that name the actor: 'Taliban' of 'Taliban regime'.
    head: usize,
    pub(crate) meanings: Vec<Meaning>,
}

/// Which alias of the gazetteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AliasId(u32);

/// An alias found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) span: Span,
    pub(crate) alias: AliasId,
}

/// Names of countries, their peoples, capitals, regions, places and actors.
#[derive(Debug)]
pub struct Gazetteer {
    countries: BTreeMap<Country, CountryEntry>,
    aliases: Vec<Alias>,
    matcher: Matcher,
    surnames: Surnames,
    sha256: String,
}

impl Gazetteer {
    /// The SHA-256 of the files, in the order of their names, as hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The country of an ISO code (two or three letters), a Correlates of War number or a name.
    pub fn country(&self, code_or_name: &str) -> Result<Country> {
        let wanted = fold(code_or_name.trim()).text;
        let by_code = self.countries.iter().find(|(country, entry)| {
            country.iso3().eq_ignore_ascii_case(&wanted)
                || entry.iso2.eq_ignore_ascii_case(&wanted)
                || entry.cow.is_some_and(|cow| cow.to_string() == wanted)
                || fold(&entry.name).text.eq_ignore_ascii_case(&wanted)
        });
        if let Some((&country, _)) = by_code {
            return Ok(country);
        }
        let named = self.aliases.iter().filter(|alias| alias.text.eq_ignore_ascii_case(&wanted));
        let mut countries = named
            .flat_map(|alias| &alias.meanings)
            .filter_map(|meaning| match meaning {
                Meaning::Name { kind: NameKind::Name, country, usual } => Some((!usual, *country)),
                _ => None,
            })
            .collect::<Vec<_>>();
        countries.sort_unstable();
        match countries[..] {
            [(_, country)] | [(false, country), ..] => Ok(country),
            _ => bail!(
                "unknown country '{code_or_name}'; did you mean {}?",
                self.nearest(&wanted).join(", ")
            ),
        }
    }

    /// What the tables say of a country; `None` for a code they do not have.
    pub fn entry(&self, country: Country) -> Option<&CountryEntry> {
        self.countries.get(&country)
    }

    /// The country's name in the English press; empty for a code the tables do not have.
    pub fn name(&self, country: Country) -> &str {
        self.entry(country).map_or("", |entry| &entry.name)
    }

    /// The country's ISO 3166-1 alpha-2 code; empty for a code the tables do not have.
    pub fn iso2(&self, country: Country) -> &str {
        self.entry(country).map_or("", |entry| &entry.iso2)
    }

    /// The country's Correlates of War number, where it has one.
    pub fn cow(&self, country: Country) -> Option<u16> {
        self.entry(country).and_then(|entry| entry.cow)
    }

    /// Countries with a land border to this one, sorted.
    pub fn neighbours(&self, country: Country) -> &[Country] {
        self.entry(country).map_or(&[], |entry| &entry.neighbours)
    }

    /// All countries of the tables, by code.
    pub fn countries(&self) -> impl Iterator<Item = (Country, &CountryEntry)> {
        self.countries.iter().map(|(&country, entry)| (country, entry))
    }

    /// The names in a text, none overlapping, in order; where several start or overlap, the longest.
    pub(crate) fn find(&self, text: &str) -> Vec<Found> {
        self.matcher.find(text, &self.aliases)
    }

    pub(crate) fn alias(&self, id: AliasId) -> &Alias {
        &self.aliases[id.0 as usize]
    }

    /// The leaders of the register with this surname.
    pub(crate) fn leaders(&self, surname: &str) -> &[(String, Country)] {
        self.surnames.leaders(surname)
    }

    /// The three countries whose code or name is most like what was asked for.
    fn nearest(&self, wanted: &str) -> Vec<String> {
        let wanted = wanted.to_lowercase();
        let likeness = |entry: &CountryEntry, country: Country| {
            let spellings =
                [entry.iso2.as_str(), country.iso3(), &fold(&entry.name).text.to_lowercase()]
                    .map(|spelling| strsim::jaro_winkler(&spelling.to_lowercase(), &wanted));
            spellings.into_iter().fold(0.0, f64::max)
        };
        let mut ranked: Vec<_> = self
            .countries()
            .map(|(country, entry)| (likeness(entry, country), country, entry))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked
            .iter()
            .take(3)
            .map(|(_, country, entry)| format!("{} ({country})", entry.name))
            .collect()
    }
}
