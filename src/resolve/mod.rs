//! Turns spans of an article into the actors and countries they mean, by the register, the article's
//! date and what the article itself has told before.

mod candidates;
mod chains;
mod choose;
mod kinds;
mod memory;
mod people;
mod phrase;
mod speaker;
mod ties;
mod titles;
mod vocabulary;
mod why;

use crate::article::{
    Actor, Country, Entity, EntityType, Kind, PublicationDate, Reference, Span, Via,
};
use crate::gazetteer::{AliasId, Gazetteer, Meaning};
pub use candidates::Candidate;
use candidates::Origin;
use chains::{Before, Link};
use choose::{Choice, Seen, Setting, Sort, only_country};
use memory::Memory;
use phrase::{Anchor, adjoining};
use ties::{
    acronym_after, anchors, borrowed, countries_told, lend_to_minorities, locate, pair_of_names,
    tied,
};
pub use why::Why;

/// Resolves one article, block after block; what one block tells holds for the next.
#[derive(Debug)]
pub struct Resolver<'a> {
    gazetteer: &'a Gazetteer,
    date: Option<PublicationDate>,
    author_country: Option<Country>,
    memory: Memory,
}

impl<'a> Resolver<'a> {
    /// For an article of this date (none: today's roles hold) whose author speaks for this country.
    pub fn new(
        gazetteer: &'a Gazetteer,
        date: Option<PublicationDate>,
        author_country: Option<Country>,
    ) -> Self {
        let mut memory = Memory::default();
        if let Some(country) = author_country {
            memory.count(gazetteer, country);
        }
        Self { gazetteer, date, author_country, memory }
    }

    /// The spans of a block that may mean somebody, by place in the text, none overlapping: entities
    /// of the tagger, names of the register, and first persons where the author speaks for a country.
    /// Sentence numbers count within `sentences`.
    pub fn candidates(
        &self,
        text: &str,
        sentences: &[Span],
        entities: &[Entity],
    ) -> Vec<Candidate> {
        let first_person = self.author_country.is_some();
        candidates::candidates(self.gazetteer, text, sentences, entities, first_person)
    }

    /// The spans a person marked, as they are, and the names of the register outside of them.
    pub fn marked(&self, text: &str, sentences: &[Span], marks: &[Span]) -> Vec<Candidate> {
        candidates::marked(self.gazetteer, text, sentences, marks)
    }

    /// Whom each candidate means. `kinds` are probabilities in the order of [`Kind::ALL`], one row
    /// for each candidate; candidates and sentences are those of one block, in order.
    ///
    /// An actor's score is how often the rule that found it is right on the gold sentences, lowered
    /// where the name had rivals.
    pub fn references(
        &mut self,
        text: &str,
        sentences: &[Span],
        candidates: &[Candidate],
        kinds: &[[f32; 7]],
    ) -> Vec<Reference> {
        self.count(candidates);
        let mut before = Before::default();
        let mut references = Vec::with_capacity(candidates.len());
        let mut rest = candidates;
        let mut kinds = kinds.iter();
        while let Some(first) = rest.first() {
            let length = rest.partition_point(|candidate| candidate.sentence == first.sentence);
            let (here, after) = rest.split_at(length);
            let mut choices = self.choices(text, sentences[first.sentence], here);
            self.link(text, &before, here, &mut choices);
            let of_sentence = references.len();
            for ((candidate, choice), head) in here.iter().zip(choices).zip(&mut kinds) {
                if choice.is_none() && self.is_no_name(candidate) {
                    continue;
                }
                references.push(Reference {
                    sentence: candidate.sentence,
                    span: candidate.span,
                    entity_type: candidate.entity_type,
                    actor: choice.map(|choice| self.actor(text, candidate, choice, head)),
                });
            }
            before = Before::new(
                text,
                first.sentence,
                sentences[first.sentence].end,
                &references[of_sentence..],
            );
            rest = after;
        }
        titles::without_titles(text, references)
    }

    /// Counts the countries a block names beyond doubt, before anything doubtful is decided.
    fn count(&mut self, candidates: &[Candidate]) {
        for candidate in candidates {
            let aliases: Vec<AliasId> = match &candidate.origin {
                Origin::Name(alias) => vec![*alias],
                Origin::Span { names } => names.iter().map(|name| name.alias).collect(),
                Origin::FirstPerson | Origin::Chain(_) => continue,
            };
            for alias in aliases {
                let alias = self.gazetteer.alias(alias);
                if let Some(country) = only_country(alias) {
                    self.memory.count(self.gazetteer, country);
                }
                for meaning in &alias.meanings {
                    if let Meaning::Region { members, .. } = meaning {
                        self.memory.count_region(members);
                    }
                }
            }
        }
    }

    /// What each candidate of a sentence means: names first, then what is tied to them.
    fn choices(
        &mut self,
        text: &str,
        sentence: Span,
        candidates: &[Candidate],
    ) -> Vec<Option<Choice>> {
        let mut choices: Vec<Option<Choice>> =
            candidates.iter().map(|candidate| self.by_itself(text, candidate)).collect();
        lend_to_minorities(text, candidates, &mut choices);
        locate(self.gazetteer, text, candidates, &mut choices);
        let anchors = anchors(candidates, &choices);
        let spans: Vec<Anchor> = anchors.iter().map(|(_, anchor)| *anchor).collect();
        for index in 0..candidates.len() {
            let candidate = &candidates[index];
            if choices[index].is_none() && matches!(candidate.origin, Origin::Span { .. }) {
                let lender = self.lender(text, sentence, candidate, &spans);
                let lender = lender.and_then(|anchor| choices[anchors[anchor].0].clone());
                let lent = lender.map(|lender| borrowed(lender, candidate.entity_type));
                choices[index] = lent
                    .or_else(|| self.remembered(text, sentence, candidate))
                    .or_else(|| people::registered(self.gazetteer, &self.memory, text, candidate))
                    .or_else(|| self.only_one(text, candidate, &anchors, &choices));
            }
            self.keep(text, candidate, choices[index].as_ref());
        }
        choices
    }

    /// What a candidate means by its own words.
    fn by_itself(&self, text: &str, candidate: &Candidate) -> Option<Choice> {
        let seen = Seen {
            entity_type: candidate.entity_type,
            is_tagged: candidate.is_tagged,
            is_locative: phrase::is_locative(text, candidate.span),
            is_insurgent: phrase::is_insurgent(text, candidate.span),
        };
        match &candidate.origin {
            Origin::Name(alias) => {
                // 'Jordan' after 'Michael Jordan'.
                let is_person = self.memory.person(candidate.span.of(text)).is_some();
                let needs_context = self.gazetteer.alias(*alias).needs_context;
                self.named(*alias, seen).filter(|choice| {
                    let is_place =
                        choice.sort == Sort::Place && candidate.entity_type == EntityType::Person;
                    !(is_person && (needs_context || is_place))
                })
            }
            Origin::FirstPerson => self.author(),
            Origin::Chain(_) => None,
            Origin::Span { names } => {
                let seen = Seen { entity_type: EntityType::Location, ..seen };
                let inner = names.iter().filter_map(|name| self.named(name.alias, seen));
                let inner = inner.collect::<Vec<_>>();
                if let Some(pair) = pair_of_names(text, candidate.span, names, &inner) {
                    return Some(pair);
                }
                // 'United Nations Mission in South Sudan' is the United Nations'.
                let body = inner.iter().find(|choice| choice.sort == Sort::Body);
                let lender = body.or(inner.first()).cloned()?;
                Some(borrowed(lender, candidate.entity_type))
            }
        }
    }

    /// Links pronouns and 'the two countries' to what was named before them.
    fn link(
        &self,
        text: &str,
        before: &Before,
        candidates: &[Candidate],
        choices: &mut [Option<Choice>],
    ) {
        for (index, candidate) in candidates.iter().enumerate() {
            let Origin::Chain(link) = candidate.origin else { continue };
            choices[index] = match link {
                Link::One | Link::Many => before.sole(link, candidate.sentence),
                Link::Two => {
                    let here = countries_told(text, &candidates[..index], &choices[..index]);
                    let two = before.two(candidate.sentence, &here).filter(|two| {
                        // In a new paragraph they are those that the article is about.
                        here.len() == 2
                            || !before.is_apart(text, candidate.span)
                            || self.memory.are_foremost(two)
                    });
                    two.map(|two| Choice {
                        name: two.map(|country| self.gazetteer.name(country)).join(" and "),
                        countries: two.to_vec(),
                        via: Via::Coreference,
                        sort: Sort::State,
                        sure: 0.75,
                    })
                }
            };
        }
    }

    fn named(&self, alias: AliasId, seen: Seen) -> Option<Choice> {
        let setting = Setting {
            gazetteer: self.gazetteer,
            memory: &self.memory,
            date: self.date,
            author: self.author_country,
        };
        setting.choose(self.gazetteer.alias(alias), seen)
    }

    fn author(&self) -> Option<Choice> {
        let country = self.author_country?;
        Some(Choice {
            name: self.gazetteer.name(country).to_owned(),
            countries: vec![country],
            via: Via::Speaker,
            sort: Sort::Phrase,
            sure: 0.98,
        })
    }

    /// What the article has told of a candidate before: a surname, an acronym; or 'my' before it.
    fn remembered(&self, text: &str, sentence: Span, candidate: &Candidate) -> Option<Choice> {
        let written = candidate.span.of(text);
        let mut before = text[sentence.start..candidate.span.start].split_whitespace();
        let own = before.next_back().is_some_and(speaker::is_possessive);
        if own && !vocabulary::is_counterpart(written) {
            return self.author();
        }
        let known = self.memory.acronym(written).or_else(|| {
            let alone = !written.contains(' ');
            let person = self.memory.person(written).flatten();
            person.filter(|_| alone && candidate.entity_type == EntityType::Person)
        })?;
        Some(Choice { via: Via::Coreference, sure: known.sure * 0.9, ..known.clone() })
    }

    /// The anchor a phrase ties a candidate to. Armed groups and counterparts of a country are not its own.
    fn lender(
        &self,
        text: &str,
        sentence: Span,
        candidate: &Candidate,
        anchors: &[Anchor],
    ) -> Option<usize> {
        let written = candidate.span.of(text);
        if vocabulary::is_counterpart(written) || vocabulary::is_armed(written) {
            return None;
        }
        let tied = tied(candidate.entity_type, written);
        adjoining(text, sentence, candidate.span, tied, anchors)
    }

    /// The one country a sentence names, for a common noun or a pronoun that can only mean it.
    fn only_one(
        &self,
        text: &str,
        candidate: &Candidate,
        anchors: &[(usize, Anchor)],
        choices: &[Option<Choice>],
    ) -> Option<Choice> {
        let written = candidate.span.of(text);
        if !vocabulary::is_common(written) || vocabulary::is_counterpart(written) {
            return None;
        }
        if vocabulary::is_armed(written) {
            return Some(Choice {
                name: written.to_owned(),
                countries: Vec::new(),
                via: Via::Actor,
                sort: Sort::ArmedGroup,
                sure: 0.6,
            });
        }
        if !vocabulary::is_national(written) {
            return None;
        }
        let named = anchors.iter().filter_map(|(index, _)| choices[*index].as_ref());
        let mut named = named.filter(|choice| choice.countries.len() == 1);
        let Some(first) = named.next() else {
            return self.author();
        };
        let is_only = named.all(|choice| choice.countries == first.countries);
        is_only.then(|| Choice {
            via: Via::Coreference,
            sort: Sort::Phrase,
            sure: 0.7,
            ..first.clone()
        })
    }

    /// Remembers a full name's person, an expansion's acronym, and the country told.
    fn keep(&mut self, text: &str, candidate: &Candidate, choice: Option<&Choice>) {
        let written = candidate.span.of(text);
        if candidate.entity_type == EntityType::Person && written.contains(' ') {
            self.memory.keep_person(written, choice.cloned());
        }
        if let Some([country]) = choice.map(|choice| &choice.countries[..]) {
            self.memory.tell(*country);
        }
        if let Some(choice) = choice
            && let Some(acronym) = acronym_after(text, candidate.span)
            && acronym.starts_with(|letter| written.starts_with(letter))
        {
            self.memory.keep_acronym(acronym, choice.clone());
        }
    }

    /// 'the kingdom' where no kingdom is meant, 'it' that points to nobody.
    fn is_no_name(&self, candidate: &Candidate) -> bool {
        match candidate.origin {
            Origin::Chain(_) => true,
            Origin::Name(alias) => !candidate.is_tagged && self.gazetteer.alias(alias).needs_named,
            _ => false,
        }
    }

    fn actor(&self, text: &str, candidate: &Candidate, choice: Choice, head: &[f32; 7]) -> Actor {
        let Choice { mut name, mut countries, mut via, sort, mut sure } = choice;
        let kind = if matches!(candidate.origin, Origin::FirstPerson) {
            Kind::Speaker
        } else {
            let (kind, place) =
                kinds::decide(sort, head, phrase::is_locative(text, candidate.span));
            if via == Via::Capital {
                sure *= if kind == Kind::Place { place } else { 1.0 - place };
            }
            kind
        };
        if via == Via::Capital && kind == Kind::Place {
            via = Via::Place;
            if self.is_disputed(candidate) {
                candidate.span.of(text).clone_into(&mut name);
                countries.clear();
            }
        }
        Actor { name, kind, countries, via, score: sure }
    }

    /// 'Jerusalem' as a place, which most states do not recognise as anybody's.
    fn is_disputed(&self, candidate: &Candidate) -> bool {
        let Origin::Name(alias) = candidate.origin else { return false };
        let mut meanings = self.gazetteer.alias(alias).meanings.iter();
        meanings.any(|meaning| matches!(meaning, Meaning::Place { is_disputed: true, .. }))
    }
}
