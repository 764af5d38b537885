//! Tells a person what a name could have meant, and why one meaning won.

use super::choose::only_country;
use super::memory::Memory;
use crate::article::{Actor, Country, Document, PublicationDate, Reference, Via};
use crate::gazetteer::{Found, Gazetteer, Meaning, NameKind};

/// What an article's names could mean.
#[derive(Debug)]
pub struct Why<'a> {
    gazetteer: &'a Gazetteer,
    date: Option<PublicationDate>,
    memory: Memory,
    names: Vec<Found>,
}

/// One thing a name could mean, and what speaks for it.
struct Reading {
    label: String,
    countries: Vec<Country>,
    /// Days from the article's date to when it holds.
    days: i32,
    named: u32,
    is_near: bool,
    is_usual: bool,
    population: u64,
}

impl<'a> Why<'a> {
    /// For the names of a document.
    pub fn new(gazetteer: &'a Gazetteer, document: &Document) -> Self {
        let names = gazetteer.find(&document.text);
        let mut memory = Memory::default();
        let named = names.iter().filter_map(|name| only_country(gazetteer.alias(name.alias)));
        for country in document.author_country.into_iter().chain(named) {
            memory.count(gazetteer, country);
        }
        Self { gazetteer, date: document.date, memory, names }
    }

    /// The meaning that won and why, then the others, one line each.
    pub fn lines(&self, reference: &Reference) -> Vec<String> {
        let name = self.names.iter().find(|name| name.span.overlaps(reference.span));
        let mut readings: Vec<Reading> = name.map_or_else(Vec::new, |name| {
            let meanings = &self.gazetteer.alias(name.alias).meanings;
            meanings.iter().map(|meaning| self.reading(meaning)).collect()
        });
        let Some(actor) = &reference.actor else {
            let lost = readings.iter().map(|reading| format!("not {}", reading.described()));
            let reason = match readings[..] {
                [] => "no name of the register, and nothing beside it lends a country",
                _ => "the article does not decide",
            };
            return std::iter::once(reason.to_owned()).chain(lost).collect();
        };
        let won = readings.iter().position(|reading| is_meant(reading, actor));
        let Some(won) = won.filter(|_| !is_linked(actor.via)) else {
            return vec![linked(actor.via).to_owned()];
        };
        let winner = readings.remove(won);
        let first = format!("{}: {}", winner.described(), reason(&winner, &readings));
        let lost = readings.iter().map(|reading| format!("not {}", reading.described()));
        std::iter::once(first).chain(lost).collect()
    }

    fn reading(&self, meaning: &Meaning) -> Reading {
        let (label, countries, days, is_usual, population) = match meaning {
            Meaning::Actor { name, kind, countries, period, usual } => {
                let label = format!("the actor {name} ({kind}, {period})");
                (label, countries.clone(), period.days_from(self.date), *usual, 0)
            }
            Meaning::Name { kind, country, usual } => {
                let label = match kind {
                    NameKind::Name => "the country",
                    NameKind::Demonym => "the people",
                    NameKind::Capital => "the capital",
                };
                (label.to_owned(), vec![*country], 0, *usual, 0)
            }
            Meaning::Region { name, members, period } => {
                let label = format!("the region {name}");
                (label, members.clone(), period.days_from(self.date), false, 0)
            }
            Meaning::Place { country, population, .. } => {
                let people =
                    if *population > 0 { format!(" of {population}") } else { String::new() };
                (format!("the place{people}"), vec![*country], 0, false, *population)
            }
        };
        Reading {
            named: countries.iter().map(|country| self.memory.named(*country)).sum(),
            is_near: countries.iter().any(|country| self.memory.supports(*country)),
            label,
            countries,
            days,
            is_usual,
            population,
        }
    }
}

impl Reading {
    fn described(&self) -> String {
        let codes: Vec<&str> = self.countries.iter().map(Country::iso3).collect();
        let whose = if codes.is_empty() { "nobody's".to_owned() } else { codes.join("+") };
        let day = if self.days > 0 { ", not on this day" } else { "" };
        format!("{}, {whose}{day}", self.label)
    }
}

fn is_meant(reading: &Reading, actor: &Actor) -> bool {
    reading.countries == actor.countries && reading.days == 0
}

/// Whether something else than the name told whom it means.
fn is_linked(via: Via) -> bool {
    matches!(via, Via::Coreference | Via::Speaker)
}

fn linked(via: Via) -> &'static str {
    match via {
        Via::Coreference => "the only one the words before leave",
        Via::Speaker => "the author's own country",
        Via::Actor => "the only leader of this surname that fits",
        _ => "a name inside or beside it lends the country",
    }
}

/// The first thing that speaks for the winner and for none of the others.
fn reason(winner: &Reading, others: &[Reading]) -> String {
    let beats =
        |fact: &dyn Fn(&Reading) -> u64| others.iter().all(|other| fact(winner) > fact(other));
    let codes: Vec<&str> = winner.countries.iter().map(Country::iso3).collect();
    if others.is_empty() {
        "the only meaning".to_owned()
    } else if others.iter().all(|other| other.days > 0) {
        "the only one on this day".to_owned()
    } else if others.iter().all(|other| other.countries == winner.countries) {
        "all meanings agree on the country".to_owned()
    } else if beats(&|reading| u64::from(reading.named)) {
        format!("the text names {} elsewhere", codes.join("+"))
    } else if beats(&|reading| u64::from(reading.is_usual)) {
        "the usual one".to_owned()
    } else if beats(&|reading| u64::from(reading.is_near)) {
        "near what the text names".to_owned()
    } else if beats(&|reading| reading.population) {
        "the larger place".to_owned()
    } else {
        "actors come before countries, regions and places, in this order".to_owned()
    }
}
