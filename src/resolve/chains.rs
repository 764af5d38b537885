//! Links 'It warned', 'Their leadership' and 'the two countries' to the actors named just before,
//! where only one reading is left: a wrong link is worse than none.

use super::choose::{Choice, Sort};
use super::phrase::words;
use crate::article::{Actor, Country, EntityType, Kind, Reference, Span, Via};

/// How a span points back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// 'It', 'Its' at the start of a sentence: one body or country.
    One,
    /// 'They', 'Their' at the start of a sentence: one group or people.
    Many,
    /// 'the two countries'.
    Two,
}

/// The actors of the sentence before.
#[derive(Debug, Default)]
pub(super) struct Before {
    sentence: usize,
    /// Where it ends in the text.
    end: usize,
    actors: Vec<Named>,
    /// Somebody is named of whom nothing is known.
    has_stranger: bool,
}

#[derive(Debug)]
struct Named {
    actor: Actor,
    is_person: bool,
    is_plural: bool,
}

impl Before {
    /// Of the references of a sentence.
    pub(super) fn new(text: &str, sentence: usize, end: usize, references: &[Reference]) -> Self {
        let named = references.iter().filter_map(|reference| {
            let actor = reference.actor.clone().filter(|actor| actor.kind != Kind::Place)?;
            let written = reference.span.of(text);
            Some(Named {
                is_person: reference.entity_type == EntityType::Person,
                is_plural: written.ends_with('s') || written == "Taliban",
                actor,
            })
        });
        Self {
            sentence,
            end,
            actors: named.collect(),
            has_stranger: references.iter().any(|reference| reference.actor.is_none()),
        }
    }

    /// Whether a paragraph ends between it and a span.
    pub(super) fn is_apart(&self, text: &str, span: Span) -> bool {
        text.get(self.end..span.start).is_none_or(|between| between.contains("\n\n"))
    }

    /// Whom a pronoun at the start of a sentence means.
    pub(super) fn sole(&self, link: Link, sentence: usize) -> Option<Choice> {
        let first = self.actors.first()?;
        let is_same = |other: &Named| {
            other.actor.name == first.actor.name
                || (!first.actor.countries.is_empty()
                    && other.actor.countries == first.actor.countries)
        };
        let is_fit = |named: &Named| match link {
            Link::One => {
                !named.is_person && !matches!(named.actor.kind, Kind::People | Kind::Person)
            }
            _ => named.is_plural && !named.is_person,
        };
        let is_alone = self.sentence + 1 == sentence && !self.has_stranger;
        if !is_alone || !self.actors.iter().all(is_same) {
            return None;
        }
        let named = self.actors.iter().find(|named| is_fit(named))?;
        Some(Choice {
            name: named.actor.name.clone(),
            countries: named.actor.countries.clone(),
            via: Via::Coreference,
            sort: sort_of(named.actor.kind)?,
            sure: 0.75,
        })
    }

    /// The two countries meant, `here` being those that the sentence itself has named so far.
    pub(super) fn two(&self, sentence: usize, here: &[Country]) -> Option<[Country; 2]> {
        if let [one, other] = *here {
            return Some([one, other]);
        }
        let is_near = self.sentence + 1 == sentence;
        let mut named: Vec<Country> =
            self.actors.iter().flat_map(|n| &n.actor.countries).copied().collect();
        named.sort_unstable();
        named.dedup();
        match named[..] {
            [one, other] if is_near && here.iter().all(|country| named.contains(country)) => {
                Some([one, other])
            }
            _ => None,
        }
    }
}

fn sort_of(kind: Kind) -> Option<Sort> {
    match kind {
        Kind::Government => Some(Sort::State),
        Kind::ArmedGroup => Some(Sort::ArmedGroup),
        Kind::Organization => Some(Sort::Body),
        Kind::People => Some(Sort::Demonym),
        Kind::Place | Kind::Person | Kind::Speaker => None,
    }
}

/// The spans of a sentence that point back.
pub(super) fn links(text: &str, sentence: Span) -> Vec<(Span, Link)> {
    let parts: Vec<Span> = words(text, sentence).collect();
    let mut found = Vec::new();
    if let Some((first, rest)) = parts.split_first()
        && text[sentence.start..first.start].trim().is_empty()
    {
        let rest: Vec<&str> = rest.iter().take(2).map(|word| word.of(text)).collect();
        found.extend(pronoun(first.of(text), &rest).map(|link| (*first, link)));
    }
    for (index, word) in parts.iter().enumerate() {
        if is_any(&PAIRED, word.of(text)) {
            found.extend(
                two_before(text, &parts[..index])
                    .map(|start| (Span::new(start, word.end), Link::Two)),
            );
        }
    }
    found
}

/// 'It accused', 'They also warned', 'Their leadership'; not 'It is true that'.
fn pronoun(word: &str, rest: &[&str]) -> Option<Link> {
    let verb = rest.iter().find(|word| !is_any(&ADVERBS, word))?;
    let noun = rest.first()?;
    match word {
        "It" if is_any(&DOINGS, verb) => Some(Link::One),
        "They" if is_any(&DOINGS, verb) => Some(Link::Many),
        "Its" if is_any(&ORGANS, noun) => Some(Link::One),
        "Their" if is_any(&ORGANS, noun) => Some(Link::Many),
        _ => None,
    }
}

/// Where 'the two' or 'both' before a plural begins.
fn two_before(text: &str, before: &[Span]) -> Option<usize> {
    let (last, earlier) = before.split_last()?;
    match last.of(text) {
        "both" | "Both" => Some(last.start),
        "two" => {
            earlier.last().filter(|the| matches!(the.of(text), "the" | "The")).map(|the| the.start)
        }
        _ => None,
    }
}

fn is_any(list: &[&str], word: &str) -> bool {
    list.contains(&word)
}

const PAIRED: [&str; 5] = ["countries", "governments", "nations", "neighbors", "neighbours"];

const ADVERBS: [&str; 9] =
    ["also", "further", "later", "then", "again", "repeatedly", "has", "have", "had"];

/// What a pronoun does who is an actor; 'It is', 'It seems' and 'It takes' begin other sentences.
const DOINGS: [&str; 44] = [
    "accused",
    "accuses",
    "asked",
    "attacked",
    "blamed",
    "blames",
    "called",
    "calls",
    "claimed",
    "condemned",
    "condemns",
    "criticised",
    "criticized",
    "demanded",
    "demands",
    "denied",
    "denies",
    "deployed",
    "expelled",
    "expressed",
    "fears",
    "insisted",
    "insists",
    "invited",
    "opposes",
    "pledged",
    "praised",
    "promised",
    "refused",
    "rejected",
    "rejects",
    "said",
    "says",
    "supports",
    "thanked",
    "threatened",
    "urged",
    "urges",
    "vowed",
    "wants",
    "warned",
    "warns",
    "welcomed",
    "welcomes",
];

/// What acts for a country or a group.
const ORGANS: [&str; 16] = [
    "ambassador",
    "army",
    "diplomats",
    "envoy",
    "forces",
    "government",
    "leader",
    "leaders",
    "leadership",
    "minister",
    "ministers",
    "ministry",
    "officials",
    "president",
    "spokesman",
    "troops",
];
