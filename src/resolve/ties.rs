//! Lends the country of a name to what stands beside it in the sentence.

use super::candidates::{Candidate, Origin};
use super::choose::{Choice, Sort};
use super::phrase::{Anchor, Form, Tied, is_locative};
use super::vocabulary;
use crate::article::{Country, EntityType, Span, Via};
use crate::gazetteer::{Found, Gazetteer, Meaning};

/// 'Hyderabad, Pakistan': the country after the comma decides between places of one name.
pub(super) fn locate(
    gazetteer: &Gazetteer,
    text: &str,
    candidates: &[Candidate],
    choices: &mut [Option<Choice>],
) {
    for index in 1..candidates.len() {
        let (place, state) = (&candidates[index - 1], &candidates[index]);
        let Origin::Name(alias) = place.origin else {
            continue;
        };
        let Some(Choice { sort: Sort::Name, countries, name, .. }) = &choices[index] else {
            continue;
        };
        let lies_there = gazetteer.alias(alias).meanings.iter().any(
            |meaning| matches!(meaning, Meaning::Place { country, .. } if countries == &[*country]),
        );
        if lies_there && text.get(place.span.end..state.span.start) == Some(", ") {
            choices[index - 1] = Some(Choice {
                name: name.clone(),
                countries: countries.clone(),
                via: Via::Place,
                sort: Sort::Place,
                sure: 0.95,
            });
        }
    }
}

/// 'TTP' of 'Tehreek-e-Taliban Pakistan (TTP)'.
pub(super) fn acronym_after(text: &str, span: Span) -> Option<&str> {
    let rest = text[span.end..].trim_start().strip_prefix('(')?;
    let length = rest.chars().take(13).position(|letter| letter == ')')?;
    let inside = rest.get(..length)?;
    let is_acronym =
        inside.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '.'))
            && inside.chars().filter(|letter| letter.is_uppercase()).count() > 1;
    is_acronym.then_some(inside)
}

/// Candidates of a sentence that can lend their country, with their index.
pub(super) fn anchors(
    candidates: &[Candidate],
    choices: &[Option<Choice>],
) -> Vec<(usize, Anchor)> {
    let mut anchors = Vec::new();
    for (index, (candidate, choice)) in candidates.iter().zip(choices).enumerate() {
        let Some(choice) = choice else { continue };
        if matches!(candidate.origin, Origin::Name(_)) && choice.sort != Sort::Leader {
            let form = match choice.sort {
                Sort::Demonym => Form::Demonym,
                Sort::State if choice.via == Via::Office => Form::Office,
                _ => Form::Noun,
            };
            let span = candidate.span;
            anchors.push((index, Anchor { span, form }));
        }
    }
    anchors
}

/// What a candidate needs to be tied to a name.
pub(super) fn tied(entity_type: EntityType, written: &str) -> Tied {
    match entity_type {
        EntityType::Person if !vocabulary::is_common(written) => Tied::Person,
        _ => Tied::Body,
    }
}

/// 'Uzbeks' of 'Afghan Uzbeks' live in Afghanistan.
pub(super) fn lend_to_minorities(
    text: &str,
    candidates: &[Candidate],
    choices: &mut [Option<Choice>],
) {
    for index in 1..candidates.len() {
        let gap = text.get(candidates[index - 1].span.end..candidates[index].span.start);
        let demonym = |choice: &&Choice| choice.sort == Sort::Demonym;
        let state = choices[index - 1].as_ref().filter(demonym);
        let people = choices[index].as_ref().filter(demonym);
        if gap == Some(" ")
            && let (Some(state), Some(people)) = (state, people)
            && !IMMIGRANT.contains(&people.countries[0].iso3())
        {
            choices[index] = Some(Choice { sure: 0.8, ..state.clone() });
        }
    }
}

/// 'Chinese Americans' are Americans.
const IMMIGRANT: [&str; 4] = ["AUS", "CAN", "GBR", "USA"];

/// The actor whose country a phrase or a name inside lends.
pub(super) fn borrowed(lender: Choice, entity_type: EntityType) -> Choice {
    let is_place = matches!(entity_type, EntityType::Location | EntityType::Facility);
    Choice {
        via: if is_place { Via::Place } else { Via::Office },
        sort: match lender.sort {
            Sort::ArmedGroup | Sort::Body => lender.sort,
            _ if is_place => Sort::Place,
            _ => Sort::Phrase,
        },
        sure: lender.sure * 0.9,
        ..lender
    }
}

/// The single countries a sentence has named so far, places left out.
pub(super) fn countries_told(
    text: &str,
    candidates: &[Candidate],
    choices: &[Option<Choice>],
) -> Vec<Country> {
    let mut told = Vec::new();
    for (candidate, choice) in candidates.iter().zip(choices) {
        if let Some(Choice { countries, sort, .. }) = choice
            && let [country] = countries[..]
            && *sort != Sort::Place
            && !is_locative(text, candidate.span)
        {
            told.push(country);
        }
    }
    told.sort_unstable();
    told.dedup();
    told
}

/// 'Armenian-Azerbaijani' marked as one: both.
pub(super) fn pair_of_names(
    text: &str,
    span: Span,
    names: &[Found],
    inner: &[Choice],
) -> Option<Choice> {
    let ([first, second], [one, other]) = (names, inner) else { return None };
    let between = Span::new(first.span.end, second.span.start).of(text);
    let is_whole = first.span.start == span.start && second.span.end == span.end;
    let joins = matches!(between, "-" | "\u{2010}" | "\u{2011}" | "\u{2013}" | "/");
    if !is_whole || !joins || one.sort != other.sort {
        return None;
    }
    let mut countries = [&one.countries[..], &other.countries].concat();
    countries.sort_unstable();
    countries.dedup();
    let name = format!("{} and {}", one.name, other.name);
    Some(Choice { name, countries, sure: one.sure.min(other.sure), ..one.clone() })
}
