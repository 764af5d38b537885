//! Finds a leader by the surname alone, where the article has not told the full name.

use super::candidates::{Candidate, Origin};
use super::choose::{Choice, Sort};
use super::memory::Memory;
use super::phrase::words;
use crate::article::{Country, EntityType, Span, Via};
use crate::gazetteer::{Gazetteer, is_suffix};

/// Titles of those who speak for a state.
const STATE_TITLES: [&str; 10] = [
    "president",
    "premier",
    "minister",
    "chancellor",
    "king",
    "emir",
    "sultan",
    "secretary",
    "general",
    "ayatollah",
];

/// The register's leader of this surname: after a title of state, 'President Leghari', if the name is
/// that of one country's leaders only, among those the article names or among all; without a title
/// only if it is one leader's alone, and the article names the country.
pub(super) fn registered(
    gazetteer: &Gazetteer,
    memory: &Memory,
    text: &str,
    candidate: &Candidate,
) -> Option<Choice> {
    let is_person = candidate.entity_type == EntityType::Person;
    let surname = only_surname(text, candidate.span)?;
    let is_stranger = memory.person(surname).is_some_and(|person| person.is_none());
    if !is_person || is_stranger || !matches!(candidate.origin, Origin::Span { .. }) {
        return None;
    }
    let leaders = gazetteer.leaders(surname);
    let mut countries: Vec<Country> = leaders.iter().map(|(_, country)| *country).collect();
    countries.sort_unstable();
    countries.dedup();
    let is_titled = has_state_title(text, candidate.span);
    if !is_titled || countries.len() > 1 {
        countries.retain(|country| memory.named(*country) > 0);
    }
    let [country] = countries[..] else { return None };
    let here: Vec<&String> =
        leaders.iter().filter(|(_, of)| *of == country).map(|(name, _)| name).collect();
    if !is_titled && leaders.len() > 1 {
        return None;
    }
    Some(Choice {
        name: match here[..] {
            [leader] => leader.clone(),
            _ => gazetteer.name(country).to_owned(),
        },
        countries: vec![country],
        via: Via::Actor,
        sort: Sort::Leader,
        sure: 0.85,
    })
}

/// The surname, if the span has no other name.
fn only_surname(text: &str, span: Span) -> Option<&str> {
    let mut names = words(text, span).map(|word| word.of(text)).filter(|word| !is_suffix(word));
    let surname = names.next()?;
    (names.next().is_none() && surname.starts_with(char::is_uppercase)).then_some(surname)
}

fn has_state_title(text: &str, span: Span) -> bool {
    let before = text[..span.start].split_whitespace().next_back().unwrap_or("");
    STATE_TITLES.iter().any(|title| title.eq_ignore_ascii_case(before))
}
