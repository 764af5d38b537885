//! What an article has told so far: which countries it is about, who its people are, what its
//! acronyms stand for.

use std::collections::{BTreeMap, BTreeSet};

use super::choose::Choice;
use crate::article::Country;
use crate::gazetteer::{Gazetteer, fold};

/// Grows from block to block of an article.
#[derive(Debug, Default)]
pub(super) struct Memory {
    counts: BTreeMap<Country, u32>,
    /// Countries that names led to, ambiguous ones too.
    told: BTreeSet<Country>,
    /// Countries with a border to a counted one or in a region named.
    nearby: BTreeSet<Country>,
    /// By surname; `None` for people of whom nothing is known.
    people: BTreeMap<String, Option<Choice>>,
    acronyms: BTreeMap<String, Choice>,
}

impl Memory {
    /// Counts a name that can only mean this country.
    pub(super) fn count(&mut self, gazetteer: &Gazetteer, country: Country) {
        let count = self.counts.entry(country).or_insert(0);
        *count += 1;
        if *count == 1 {
            self.nearby.extend(gazetteer.neighbours(country));
        }
    }

    /// Counts a region, which makes its members likely.
    pub(super) fn count_region(&mut self, members: &[Country]) {
        self.nearby.extend(members);
    }

    /// How often the article has named the country beyond doubt.
    pub(super) fn named(&self, country: Country) -> u32 {
        self.counts.get(&country).copied().unwrap_or(0)
    }

    /// Notes that a name was found to mean this country.
    pub(super) fn tell(&mut self, country: Country) {
        self.told.insert(country);
    }

    /// Whether the article has named no country more often than these.
    pub(super) fn are_foremost(&self, countries: &[Country]) -> bool {
        let least = countries.iter().map(|country| self.named(*country)).min().unwrap_or(0);
        let others = self.counts.iter().filter(|(country, _)| !countries.contains(country));
        others.into_iter().all(|(_, count)| *count <= least)
    }

    /// Whether a name in the article so far means the country.
    pub(super) fn has_told(&self, country: Country) -> bool {
        self.named(country) > 0 || self.told.contains(&country)
    }

    /// Whether the article names the country, a neighbour of it or a region it belongs to.
    pub(super) fn supports(&self, country: Country) -> bool {
        self.named(country) > 0 || self.nearby.contains(&country)
    }

    /// How many countries the article names.
    pub(super) fn countries(&self) -> usize {
        self.counts.len()
    }

    /// Keeps whose person a full name is, for the surname alone.
    pub(super) fn keep_person(&mut self, full_name: &str, choice: Option<Choice>) {
        let key = surname(full_name);
        match choice {
            Some(choice) => {
                self.people.insert(key, Some(choice));
            }
            None => {
                self.people.entry(key).or_insert(None);
            }
        }
    }

    /// Whose a surname is: `None` if nobody of that name came before, `Some(None)` if somebody
    /// of whom nothing is known.
    pub(super) fn person(&self, name: &str) -> Option<Option<&Choice>> {
        self.people.get(&surname(name)).map(Option::as_ref)
    }

    /// Keeps what an acronym stands for.
    pub(super) fn keep_acronym(&mut self, acronym: &str, choice: Choice) {
        self.acronyms.insert(acronym.to_owned(), choice);
    }

    /// What an acronym stands for.
    pub(super) fn acronym(&self, acronym: &str) -> Option<&Choice> {
        self.acronyms.get(acronym)
    }
}

fn surname(name: &str) -> String {
    let last = name.split_whitespace().next_back().unwrap_or(name);
    fold(last).text.to_lowercase()
}
