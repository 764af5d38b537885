//! Decides which of the things a name may mean is meant, by the article's date and countries.

use super::memory::Memory;
use crate::article::{Country, EntityType, PublicationDate, Via};
use crate::gazetteer::{ActorKind, Alias, Gazetteer, Meaning, NameKind};

/// What the register says a name is; decides which kinds it can be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Name,
    Demonym,
    Capital,
    Region,
    Place,
    /// A government, an office or a ministry.
    State,
    Leader,
    /// Who leads a group or a body that is no country's.
    Chief,
    ArmedGroup,
    Party,
    /// A bloc or an international organization.
    Body,
    /// Not in the register; its country comes from the phrase it stands in.
    Phrase,
}

/// Whom a name means.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) countries: Vec<Country>,
    pub(super) via: Via,
    pub(super) sort: Sort,
    /// From 0 to 1.
    pub(super) sure: f32,
}

/// What a name looks like where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) entity_type: EntityType,
    /// The tagger saw it too.
    pub(super) is_tagged: bool,
    /// It stands after 'in' or 'at'.
    pub(super) is_locative: bool,
    /// 'militants' or 'insurgents' stands after it.
    pub(super) is_insurgent: bool,
}

/// What decides between meanings.
pub(super) struct Setting<'a> {
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) memory: &'a Memory,
    pub(super) date: Option<PublicationDate>,
    /// The country for which the author speaks.
    pub(super) author: Option<Country>,
}

/// The only country an alias can mean, for counting; `None` if it is ambiguous or nobody's.
pub(super) fn only_country(alias: &Alias) -> Option<Country> {
    if alias.needs_context || alias.needs_named {
        return None;
    }
    let mut only = None;
    for meaning in &alias.meanings {
        let countries = match meaning {
            Meaning::Name { country, .. } => std::slice::from_ref(country),
            Meaning::Actor { countries, .. } => countries,
            Meaning::Region { .. } | Meaning::Place { .. } => continue,
        };
        match (only, countries) {
            (_, []) => {}
            (None, [country]) => only = Some(*country),
            (Some(known), [country]) if known == *country => {}
            _ => return None,
        }
    }
    only
}

impl Setting<'_> {
    /// The meaning of a name in this article; `None` where that cannot be told.
    pub(super) fn choose(&self, alias: &Alias, seen: Seen) -> Option<Choice> {
        if alias.needs_named {
            return self.named_realm(alias);
        }
        // 'in Brussels' is the city, 'Brussels warned' the European Union.
        let city = if seen.is_locative { self.name(alias, seen) } else { None };
        city.or_else(|| self.actor(alias, seen))
            .or_else(|| self.name(alias, seen))
            .or_else(|| self.region(alias))
            .or_else(|| self.place(alias, seen))
    }

    fn actor(&self, alias: &Alias, seen: Seen) -> Option<Choice> {
        // An undated text that writes of 'Taliban militants' is of the years in which they were.
        let is_group = |meaning: &&Meaning| {
            matches!(meaning, Meaning::Actor { kind: ActorKind::ArmedGroup, .. })
        };
        let only_group = self.date.is_none()
            && seen.is_insurgent
            && alias.meanings.iter().any(|meaning| is_group(&meaning));
        let meanings = || alias.meanings.iter().filter(|meaning| !only_group || is_group(meaning));
        let periods = meanings().filter_map(|meaning| match meaning {
            Meaning::Actor { period, .. } => Some(period.days_from(self.date)),
            _ => None,
        });
        let nearest = periods.min()?;
        let mut options = Vec::new();
        for meaning in meanings() {
            if let Meaning::Actor { name, kind, countries, period, usual } = meaning
                && period.days_from(self.date) == nearest
                && self.fits(alias, countries)
            {
                options.push((self.weight(countries), *usual, name, *kind, countries));
            }
        }
        let &(weight, usual, name, kind, countries) =
            options.iter().max_by_key(|(weight, usual, ..)| (*weight, *usual))?;
        let rivals = options.iter().filter(|option| option.4 != countries).count();
        if rivals > 0 && weight == 0 && !usual {
            return None;
        }
        Some(Choice {
            name: name.clone(),
            countries: countries.clone(),
            via: match kind {
                ActorKind::Office | ActorKind::Ministry => Via::Office,
                _ => Via::Actor,
            },
            sort: sort_of(kind, countries),
            sure: if rivals > 0 { 0.8 } else { 0.97 },
        })
    }

    /// 'the kingdom': the author's, or else that of the only one the article names.
    fn named_realm(&self, alias: &Alias) -> Option<Choice> {
        let is_meant = |country: &Country| match self.author {
            Some(author) if is_realm_of(alias, author) => *country == author,
            _ => self.memory.has_told(*country),
        };
        let mut meant = alias.meanings.iter().filter_map(|meaning| match meaning {
            Meaning::Actor { name, kind, countries, period, .. }
                if period.days_from(self.date) == 0 && countries.iter().all(is_meant) =>
            {
                Some((name, *kind, countries))
            }
            _ => None,
        });
        let (name, kind, countries) = meant.next()?;
        let is_only = meant.all(|(_, _, others)| others == countries);
        is_only.then(|| Choice {
            name: name.clone(),
            countries: countries.clone(),
            via: Via::Coreference,
            sort: sort_of(kind, countries),
            sure: 0.85,
        })
    }

    fn name(&self, alias: &Alias, seen: Seen) -> Option<Choice> {
        let mut options = Vec::new();
        for meaning in &alias.meanings {
            if let Meaning::Name { kind, country, usual } = *meaning
                && (self.fits(alias, &[country])
                    || (kind == NameKind::Name && self.is_likely_country(alias, country, seen)))
                && !(alias.needs_context && seen.entity_type == EntityType::Person)
            {
                let named = self.memory.named(country);
                let near = self.memory.supports(country);
                options.push(((named, usual, near), kind, country));
            }
        }
        let &((named, usual, near), kind, country) =
            options.iter().max_by_key(|(weight, ..)| *weight)?;
        let rivals = options.iter().filter(|option| option.2 != country).count();
        if rivals > 0 && named == 0 && !near && !usual {
            return None;
        }
        let (via, sort, sure) = match kind {
            NameKind::Name => (Via::Name, Sort::Name, 0.99),
            NameKind::Demonym => (Via::Demonym, Sort::Demonym, 0.98),
            NameKind::Capital => (Via::Capital, Sort::Capital, 0.97),
        };
        Some(Choice {
            name: self.gazetteer.name(country).to_owned(),
            countries: vec![country],
            via,
            sort,
            sure: if rivals > 0 || alias.needs_context { sure * 0.9 } else { sure },
        })
    }

    fn region(&self, alias: &Alias) -> Option<Choice> {
        let regions = alias.meanings.iter().filter_map(|meaning| match meaning {
            Meaning::Region { name, members, period } if self.fits(alias, members) => {
                Some((period.days_from(self.date), name, members))
            }
            _ => None,
        });
        let (_, name, members) = regions.min_by_key(|(days, ..)| *days)?;
        Some(Choice {
            name: name.clone(),
            countries: members.clone(),
            via: Via::Region,
            sort: Sort::Region,
            sure: 0.9,
        })
    }

    fn place(&self, alias: &Alias, seen: Seen) -> Option<Choice> {
        // The tagger takes 'Herat' for a person now and then, but not in a text about Afghanistan.
        let is_possible =
            |country| seen.entity_type != EntityType::Person || self.memory.named(country) > 0;
        let mut options = Vec::new();
        for meaning in &alias.meanings {
            if let Meaning::Place { country, population, .. } = *meaning
                && self.fits(alias, &[country])
                && is_possible(country)
            {
                options.push((self.weight(&[country]), population, country));
            }
        }
        let &(weight, _, country) = options.iter().max()?;
        let rivals = options.iter().any(|option| option.2 != country);
        let is_tie = |other: &&(u32, u64, Country)| {
            (other.1, other.2) != (0, country) && other.1 == 0 && (other.0 > 0) == (weight > 0)
        };
        // Both sides of a disputed territory: nobody's.
        if rivals && options.iter().any(|option| option.1 == 0 && is_tie(&option)) {
            return None;
        }
        Some(Choice {
            name: self.gazetteer.name(country).to_owned(),
            countries: vec![country],
            via: Via::Place,
            sort: Sort::Place,
            sure: match (rivals, weight) {
                (false, _) => 0.95,
                (true, 0) => 0.6,
                (true, _) => 0.85,
            },
        })
    }

    /// Whether the article allows a meaning of a name that needs its support.
    fn fits(&self, alias: &Alias, countries: &[Country]) -> bool {
        !alias.needs_context
            || countries.is_empty()
            || countries.iter().any(|country| self.memory.supports(*country))
    }

    /// Whether a name that is also something else means the country although the article names
    /// nothing near it: the tagger saw a place, or the article is about countries.
    fn is_likely_country(&self, alias: &Alias, country: Country, seen: Seen) -> bool {
        let rival_is_named = alias.meanings.iter().any(|meaning| match *meaning {
            Meaning::Place { country: other, .. } => {
                other != country && self.memory.named(other) > 0
            }
            _ => false,
        });
        match self.memory.countries() {
            0 => seen.is_tagged,
            1 | 2 => !rival_is_named,
            // A list of states.
            _ => true,
        }
    }

    /// How strongly the article speaks for these countries.
    fn weight(&self, countries: &[Country]) -> u32 {
        let named: u32 = countries.iter().map(|country| self.memory.named(*country)).sum();
        2 * named + u32::from(countries.iter().any(|country| self.memory.supports(*country)))
    }
}

fn is_realm_of(alias: &Alias, author: Country) -> bool {
    alias.meanings.iter().any(
        |meaning| matches!(meaning, Meaning::Actor { countries, .. } if countries == &[author]),
    )
}

fn sort_of(kind: ActorKind, countries: &[Country]) -> Sort {
    match kind {
        ActorKind::Office if countries.is_empty() => Sort::Body,
        ActorKind::Leader if countries.is_empty() => Sort::Chief,
        ActorKind::Government | ActorKind::Office | ActorKind::Ministry => Sort::State,
        ActorKind::Leader => Sort::Leader,
        ActorKind::ArmedGroup => Sort::ArmedGroup,
        ActorKind::Party => Sort::Party,
        ActorKind::Bloc | ActorKind::Organization => Sort::Body,
    }
}
