//! Turns the tagger's entities and the register's names into candidates: one for each place in the
//! text that may mean somebody.

use super::chains::{self, Link};
use super::phrase::{is_generic_word, is_title, words};
use super::speaker;
use crate::article::{Entity, EntityType, Span};
use crate::gazetteer::{ActorKind, AliasId, Found, Gazetteer, Meaning, NameKind};

/// A span that may mean an actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Which sentence of the block, from 0.
    pub sentence: usize,
    /// Where in the cleaned text.
    pub span: Span,
    /// What the tagger calls it; the type a name of the register has where the tagger was silent.
    pub entity_type: EntityType,
    /// Whether the tagger saw it, or a person marked it: the register alone proves less.
    pub(super) is_tagged: bool,
    pub(super) origin: Origin,
}

/// Why a span is a candidate.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Origin {
    /// The register has the name.
    Name(AliasId),
    /// The tagger found it, or a person marked it; names of the register stand inside.
    Span { names: Vec<Found> },
    /// The author's own country: we, our, us, I, my.
    FirstPerson,
    /// Somebody named before: it, their, the two countries.
    Chain(Link),
}

/// Candidates of all sentences, by place in the text, none overlapping.
pub(super) fn candidates(
    gazetteer: &Gazetteer,
    text: &str,
    sentences: &[Span],
    entities: &[Entity],
    first_person: bool,
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (sentence, &bounds) in sentences.iter().enumerate() {
        let of_sentence = entities.iter().filter(|entity| entity.sentence == sentence);
        let mut entities = of_sentence.copied().collect::<Vec<_>>();
        entities.sort_by_key(|entity| entity.span);
        let names = names_in(gazetteer, text, bounds);
        let mut here = merge(gazetteer, text, sentence, names, &entities);
        if first_person {
            let persons = speaker::first_persons(text, bounds).into_iter();
            add(persons.map(|span| (span, Origin::FirstPerson)), sentence, &mut here);
        }
        let links = chains::links(text, bounds).into_iter();
        add(links.map(|(span, link)| (span, Origin::Chain(link))), sentence, &mut here);
        candidates.append(&mut here);
    }
    candidates
}

/// Candidates with the spans that a person marked as they are, and the register's names around them.
pub(super) fn marked(
    gazetteer: &Gazetteer,
    text: &str,
    sentences: &[Span],
    marks: &[Span],
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (sentence, &bounds) in sentences.iter().enumerate() {
        let marks = marks.iter().filter(|mark| bounds.contains(**mark));
        let marks = marks.copied().collect::<Vec<_>>();
        let mut here = names_in(gazetteer, text, bounds);
        here.retain(|name| !marks.iter().any(|mark| mark.overlaps(name.span)));
        let mut here = merge(gazetteer, text, sentence, here, &[]);
        let marked = marks.iter().map(|&mark| of_mark(gazetteer, text, sentence, mark));
        here.extend(marked);
        here.sort_by_key(|candidate| candidate.span);
        candidates.append(&mut here);
    }
    candidates
}

fn of_mark(gazetteer: &Gazetteer, text: &str, sentence: usize, span: Span) -> Candidate {
    if speaker::is_first_person(span.of(text)) {
        return Candidate {
            sentence,
            span,
            entity_type: EntityType::Norp,
            is_tagged: true,
            origin: Origin::FirstPerson,
        };
    }
    let mut names = names_in(gazetteer, text, span);
    if let [name] = names[..]
        && (covers(text, name.span, span) || is_titled_leader(gazetteer, text, name, span))
    {
        return Candidate { span, is_tagged: true, ..of_name(gazetteer, sentence, name) };
    }
    names.retain(|name| !is_leader(gazetteer, name.alias));
    let is_proper = span.of(text).starts_with(char::is_uppercase);
    Candidate {
        sentence,
        span,
        entity_type: if is_proper { EntityType::Person } else { EntityType::Misc },
        is_tagged: true,
        origin: Origin::Span { names },
    }
}

fn names_in(gazetteer: &Gazetteer, text: &str, bounds: Span) -> Vec<Found> {
    let mut names = gazetteer.find(bounds.of(text));
    for name in &mut names {
        name.span = name.span.shifted(bounds.start);
    }
    names.retain(|name| !gazetteer.alias(name.alias).needs_named || is_definite(text, name.span));
    names
}

/// 'the kingdom', and not 'the kingdom of the dead'.
fn is_definite(text: &str, span: Span) -> bool {
    let before = text[..span.start].split_whitespace().next_back().unwrap_or("");
    before.eq_ignore_ascii_case("the") && !text[span.end..].starts_with(" of ")
}

/// Entities and names of one sentence; where they overlap, one of them.
fn merge(
    gazetteer: &Gazetteer,
    text: &str,
    sentence: usize,
    mut names: Vec<Found>,
    entities: &[Entity],
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for entity in entities {
        let span = minimal(gazetteer, text, entity, overlapping(&names, entity.span));
        let inside = overlapping(&names, span).to_vec();
        if !entity_wins(text, entity.entity_type, span, &inside) {
            continue;
        }
        let first = names.partition_point(|name| name.span.end <= span.start);
        names.drain(first..first + inside.len());
        if is_actor_type(entity.entity_type) && !span.of(text).is_empty() {
            let means_nothing = entity.entity_type == EntityType::Person;
            candidates.push(Candidate {
                sentence,
                span,
                entity_type: entity.entity_type,
                is_tagged: true,
                origin: Origin::Span { names: if means_nothing { Vec::new() } else { inside } },
            });
        }
    }
    for name in names {
        let first = entities.partition_point(|entity| entity.span.end <= name.span.start);
        let tagged = entities
            .get(first)
            .filter(|entity| entity.span.overlaps(name.span) && is_actor_type(entity.entity_type));
        let mut candidate = of_name(gazetteer, sentence, name);
        if let Some(entity) = tagged {
            candidate.entity_type = entity.entity_type;
            candidate.is_tagged = true;
        }
        candidates.push(candidate);
    }
    candidates.sort_by_key(|candidate| candidate.span);
    candidates
}

/// The names that share a byte with a span; names are in order and apart.
fn overlapping(names: &[Found], span: Span) -> &[Found] {
    let first = names.partition_point(|name| name.span.end <= span.start);
    let after = names.partition_point(|name| name.span.start < span.end);
    &names[first..after.max(first)]
}

fn is_actor_type(entity_type: EntityType) -> bool {
    use EntityType::{Facility, Location, Norp, Organization, Person};
    matches!(entity_type, Person | Organization | Location | Facility | Norp)
}

/// Whether the tagger's span stands, or the names inside it.
fn entity_wins(text: &str, entity_type: EntityType, span: Span, inside: &[Found]) -> bool {
    if inside.is_empty() {
        return true;
    }
    if inside.iter().any(|name| covers(text, name.span, span)) {
        return false;
    }
    let rest =
        words(text, span).filter(|word| !inside.iter().any(|name| name.span.overlaps(*word)));
    let has_own_name = rest.clone().any(|word| {
        word.of(text).starts_with(char::is_uppercase) && !is_generic_word(word.of(text))
    });
    match entity_type {
        EntityType::Norp => false,
        EntityType::Location => has_own_name && !span.of(text).contains(','),
        _ => has_own_name,
    }
}

/// Whether the name is the whole span, but for an article and a possessive.
fn covers(text: &str, name: Span, span: Span) -> bool {
    let before = &text[span.start.min(name.start)..name.start];
    let after = &text[name.end..span.end.max(name.end)];
    matches!(before.trim(), "" | "the" | "The" | "THE")
        && matches!(after, "" | "'s" | "’s" | "'" | "’")
}

/// The entity without article, possessive, leading titles and the names before them, and what stands
/// in small letters around it: 'Imran Khan' of 'Pakistani Prime Minister Imran Khan'.
fn minimal(gazetteer: &Gazetteer, text: &str, entity: &Entity, names: &[Found]) -> Span {
    let is_person = entity.entity_type == EntityType::Person;
    let leads = |word: Span| {
        let is_lead = || {
            names.iter().any(|name| {
                name.span.contains(word)
                    && name.span.end < entity.span.end
                    && leads_to_person(gazetteer, name.alias)
            })
        };
        is_title(word.of(text)) || is_lead()
    };
    let parts: Vec<Span> = words(text, entity.span).collect();
    let titles = if is_person { parts.iter().take_while(|word| leads(**word)).count() } else { 0 };
    // 'King Salman' is his name without the title, but 'the President' alone is all there is.
    let titles = if titles == parts.len() { 0 } else { titles };
    let is_small = |word: &Span| {
        !word.of(text).starts_with(|first: char| first.is_uppercase() || first.is_numeric())
    };
    let own = &parts[titles..];
    let first = own.iter().position(|word| !is_small(word));
    let last = own.iter().rposition(|word| !is_small(word));
    match (first, last) {
        (Some(first), Some(last)) => Span::new(own[first].start, own[last].end),
        _ => entity.span,
    }
}

/// 'Pakistani' and 'Pakistani Prime Minister' are no part of the person's name.
fn leads_to_person(gazetteer: &Gazetteer, alias: AliasId) -> bool {
    let meanings = &gazetteer.alias(alias).meanings;
    meanings.iter().any(|meaning| {
        matches!(
            meaning,
            Meaning::Name { kind: NameKind::Demonym, .. }
                | Meaning::Actor { kind: ActorKind::Office | ActorKind::Ministry, .. }
        )
    })
}

fn is_leader(gazetteer: &Gazetteer, alias: AliasId) -> bool {
    let meanings = &gazetteer.alias(alias).meanings;
    meanings.iter().any(|meaning| matches!(meaning, Meaning::Actor { kind: ActorKind::Leader, .. }))
}

/// 'President Abbas', where 'Abbas' is the register's.
fn is_titled_leader(gazetteer: &Gazetteer, text: &str, name: Found, span: Span) -> bool {
    let titles = Span::new(span.start, name.span.start);
    name.span.end == span.end
        && is_leader(gazetteer, name.alias)
        && words(text, titles).all(|word| is_title(word.of(text)))
}

fn of_name(gazetteer: &Gazetteer, sentence: usize, name: Found) -> Candidate {
    let entity_type = match gazetteer.alias(name.alias).meanings.first() {
        Some(Meaning::Actor { kind: ActorKind::Leader, .. }) => EntityType::Person,
        Some(Meaning::Actor { .. }) => EntityType::Organization,
        Some(Meaning::Name { kind: NameKind::Demonym, .. }) => EntityType::Norp,
        _ => EntityType::Location,
    };
    Candidate {
        sentence,
        span: name.span,
        entity_type,
        is_tagged: false,
        origin: Origin::Name(name.alias),
    }
}

/// Adds spans that are no names, where no name is.
fn add(
    spans: impl Iterator<Item = (Span, Origin)>,
    sentence: usize,
    candidates: &mut Vec<Candidate>,
) {
    for (span, origin) in spans {
        let at = candidates.partition_point(|candidate| candidate.span.end <= span.start);
        if candidates.get(at).is_some_and(|candidate| candidate.span.overlaps(span)) {
            continue;
        }
        let entity_type = EntityType::Norp;
        candidates.insert(at, Candidate { sentence, span, entity_type, is_tagged: false, origin });
    }
}
