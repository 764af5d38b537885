//! Leaders by surname: the press writes 'President Rabin' of whom it has not introduced.

use std::collections::{BTreeMap, BTreeSet};

use super::{ActorKind, Alias, Meaning};
use crate::article::Country;

/// Name and country of the leaders that have one country, by surname in small letters.
#[derive(Debug, Default)]
pub(super) struct Surnames(BTreeMap<String, Vec<(String, Country)>>);

/// Where the family's name stands first.
const FAMILY_FIRST: [&str; 6] = ["CHN", "HUN", "KOR", "PRK", "TWN", "VNM"];

impl Surnames {
    pub(super) fn of(aliases: &[Alias]) -> Self {
        let mut leaders: BTreeMap<String, BTreeSet<(String, Country)>> = BTreeMap::new();
        for alias in aliases {
            for meaning in &alias.meanings {
                if let Meaning::Actor { name, kind: ActorKind::Leader, countries, .. } = meaning
                    && let [country] = countries[..]
                    && let Some(surname) = surname(&alias.text, country)
                {
                    let of_name = leaders.entry(surname.to_lowercase()).or_default();
                    of_name.insert((name.clone(), country));
                }
            }
        }
        let lists = leaders.into_iter().map(|(surname, set)| (surname, set.into_iter().collect()));
        Self(lists.collect())
    }

    pub(super) fn leaders(&self, surname: &str) -> &[(String, Country)] {
        self.0.get(&surname.to_lowercase()).map_or(&[], Vec::as_slice)
    }
}

/// Stands after a surname.
pub(crate) fn is_suffix(word: &str) -> bool {
    matches!(word.trim_end_matches('.'), "Jr" | "Jnr" | "Junior" | "Sr" | "II" | "III")
}

/// The surname of a full name; none of a name that is one word.
fn surname(full_name: &str, country: Country) -> Option<&str> {
    let (first, _) = full_name.split_once(' ')?;
    if FAMILY_FIRST.contains(&country.iso3()) {
        return Some(first);
    }
    full_name.split(' ').rev().find(|word| !is_suffix(word))
}
