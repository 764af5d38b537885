//! 'Pakistani Prime Minister Imran Khan' is one mention: a title's country is part of the name.

use super::phrase::words;
use super::vocabulary::is_role;
use crate::article::{EntityType, Reference, Span, Via};

/// The references without those that only introduce the person behind them.
///
/// Of 46 such phrases in the foreign-affairs gold sentences, 45 mark the person alone.
pub(super) fn without_titles(text: &str, references: Vec<Reference>) -> Vec<Reference> {
    let mut kept: Vec<Reference> = Vec::with_capacity(references.len());
    for reference in references {
        if kept.last().is_some_and(|before| introduces(text, before, &reference)) {
            kept.pop();
        }
        kept.push(reference);
    }
    kept
}

fn introduces(text: &str, title: &Reference, person: &Reference) -> bool {
    let (Some(of_title), Some(of_person)) = (&title.actor, &person.actor) else { return false };
    title.sentence == person.sentence
        && person.entity_type == EntityType::Person
        && title.entity_type != EntityType::Person
        && of_title.via != Via::Speaker
        && of_title.countries == of_person.countries
        && title.span.end < person.span.start
        && is_only_titles(Span::new(title.span.end, person.span.start).of(text))
}

/// Whether nothing but titles, of an office each, stands between the country and the name.
fn is_only_titles(between: &str) -> bool {
    let has_break = between.contains(|c: char| !c.is_alphabetic() && !matches!(c, ' ' | '-' | '.'));
    let whole = Span::new(0, between.len());
    !has_break && words(between, whole).all(|word| is_role(word.of(between)))
}
