//! Turns sentences into entities, kinds, sentiment, stance and relations, by a model.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::article::{Entity, Polarity, Relation, Span};
use crate::assets::{self, Assets, Models};
use crate::encode::{Encoder, Tokens};
use crate::model::config::{Config, Tag};
use crate::model::engine::Engine;
use crate::model::{Model, PairTask, SpanTask, fake};

mod again;
mod choice;
mod reading;
mod recall;
mod capitals;
mod read;
mod judge;
mod entities;
mod labels;
mod names;
mod inference;

pub use again::{Again, Asked};
pub use capitals::may_name;
pub use choice::{Choice, Origin, Place, Readers};
pub use reading::Reading;

use entities::Order;
use inference::Inference;
use judge::{Judge, polarity};
use names::Names;
use recall::{Key, Recall};

/// Models with their tokenizer and labels: one reads every sentence and finds who is named; a
/// second, larger one may read some of them again and judge what is said. Models of someone else's
/// may take over who is named, and stance.
pub struct Tagger {
    encoder: Encoder,
    tags: Vec<Tag>,
    engine: Engine,
    first: Judge,
    second: Option<(Judge, Again)>,
    names: Option<Names>,
    inference: Option<Inference>,
    recall: Option<Recall>,
}

impl Tagger {
    /// Loads the models that the user chose.
    ///
    /// # Errors
    /// As of [`Tagger::load`]; the larger model is not at hand; a model of someone else's cannot be
    /// used.
    pub fn of(choice: &Choice) -> Result<Self> {
        let engine = choice.engine;
        let of_both =
            |again| Self::load(&assets::MODEL, engine)?.with_second(&assets::large()?, again);
        let tagger = match &choice.models {
            Models::Small => Self::load(&assets::MODEL, engine),
            Models::Cascade => of_both(Again::WhereActorsMeet),
            Models::Large => of_both(Again::WhereAnyIsNamed),
            Models::Folder(folder) => Self::load(&Assets::Folder(folder.clone()), engine),
        }?;
        let names = choice.entities.as_deref().map(|named| Names::load(named, choice));
        let inference = choice.stance.as_deref().map(|named| Inference::load(named, choice));
        // Only our own models say the very same of a sentence in whatever company they read it.
        let is_exact = engine == Engine::Embedded;
        Ok(Self {
            names: names.transpose()?,
            inference: inference.transpose()?,
            recall: is_exact.then(Recall::default),
            ..tagger
        })
    }

    /// Loads a model: `config.json`, `tokenizer.json` and the files of weights.
    ///
    /// # Errors
    /// A file is missing or malformed, or does not fit the others, the engine or this program.
    pub fn load(assets: &Assets, engine: Engine) -> Result<Self> {
        let encoder = Encoder::load(assets)?;
        Self::with(encoder, Judge::load(assets, engine)?, engine)
    }

    /// The fake of [`fake`], for tests.
    ///
    /// # Errors
    /// None; the signature is that of a model that is loaded.
    pub fn fake() -> Result<Self> {
        let encoder = fake::encoder()?;
        let model = fake::Fake::new(&encoder);
        Self::new(encoder, fake::config(), Box::new(model))
    }

    /// Any model, with the tokenizer and labels it was made for.
    ///
    /// # Errors
    /// An entity tag of `config` is unknown.
    pub fn new(encoder: Encoder, config: Config, model: Box<dyn Model>) -> Result<Self> {
        Self::with(encoder, Judge { config, model, sha256: String::new() }, Engine::default())
    }

    fn with(encoder: Encoder, first: Judge, engine: Engine) -> Result<Self> {
        let tags = first.config.tags()?;
        let (second, names, inference, recall) = (None, None, None, None);
        Ok(Self { encoder, tags, engine, first, second, names, inference, recall })
    }

    /// Adds a second model of the same vocabulary.
    ///
    /// # Errors
    /// As of [`Tagger::load`].
    pub fn with_second(self, assets: &Assets, again: Again) -> Result<Self> {
        let judge = Judge::load(assets, self.engine)?;
        Ok(Self { second: Some((judge, again)), ..self })
    }

    /// The sizes and labels of the model that reads every sentence.
    pub fn config(&self) -> &Config {
        &self.first.config
    }

    /// SHA-256 of the files of the model that reads every sentence; empty for one that was not
    /// loaded from files.
    pub fn sha256(&self) -> &str {
        &self.first.sha256
    }

    /// The same of the second model, if there is one.
    pub fn second_sha256(&self) -> Option<&str> {
        self.second.as_ref().map(|(judge, _)| judge.sha256.as_str())
    }

    /// What `run.json` says of who read.
    pub fn readers(&self) -> Readers {
        Readers {
            engine: self.engine.name(),
            device: self.engine.device(),
            entities_model: self.names.as_ref().map(|names| names.origin().clone()),
            stance_model: self.inference.as_ref().map(|inference| inference.origin().clone()),
        }
    }

    /// Tokenises sentences of a text.
    ///
    /// # Errors
    /// The tokenizer fails.
    pub fn tokens(&self, text: &str, sentences: &[Span]) -> Result<Vec<Tokens>> {
        sentences.iter().map(|&sentence| self.encoder.tokens(text, sentence)).collect()
    }

    /// Sentences of a text as [`Reading`]s: with their tokens, and what was said of the same words
    /// not long ago.
    ///
    /// # Errors
    /// The tokenizer fails.
    pub fn sentences(&self, text: &str, sentences: &[Span]) -> Result<Vec<Reading>> {
        let of_sentence = |(tokens, sentence): (Tokens, &Span)| {
            let key = self.recall.as_ref().map(|_| Key::new(sentence.of(text)));
            self.recalled(Reading { key, ..Reading::new(tokens) })
        };
        let tokens = self.tokens(text, sentences)?;
        Ok(tokens.into_iter().zip(sentences).map(of_sentence).collect())
    }

    /// Has the encoder read those sentences, of one model, of which nothing is known: in batches,
    /// long ones in windows. About 1.5 kB of result a token: hand over an article in pieces if it
    /// is a book.
    ///
    /// # Errors
    /// The model fails.
    pub fn read<'a>(&self, readings: impl IntoIterator<Item = &'a Reading>) -> Result<()> {
        let unread: Vec<_> = readings.into_iter().filter(|reading| reading.is_unread()).collect();
        unread.first().map_or(Ok(()), |one| self.judge(one).read(&unread))
    }

    /// How many windows the sentences are to the encoder.
    pub fn windows(&self, readings: &[Reading]) -> usize {
        readings.iter().map(|reading| self.first.windows(reading)).sum()
    }

    /// Lets go of sentences, and remembers what was said of them.
    pub fn remember(&self, readings: impl IntoIterator<Item = Reading>) {
        if let Some(recall) = &self.recall {
            readings.into_iter().for_each(|reading| recall.keep(reading));
        }
    }

    fn recalled(&self, reading: Reading) -> Reading {
        if let Some(recall) = &self.recall {
            recall.fill(&reading);
        }
        reading
    }

    /// Has the second model, if there is one, read those of the sentences that it is there for:
    /// its readings by the numbers of the sentences.
    ///
    /// # Errors
    /// The model fails.
    pub fn read_again(
        &self,
        readings: &[Reading],
        asked: impl IntoIterator<Item = Asked>,
    ) -> Result<BTreeMap<usize, Reading>> {
        let Some((_, again)) = &self.second else {
            return Ok(BTreeMap::new());
        };
        let closer: BTreeMap<usize, Reading> = asked
            .into_iter()
            .filter(|asked| again.wants(*asked))
            .map(|asked| (asked.sentence, self.recalled(readings[asked.sentence].for_second())))
            .collect();
        self.read(closer.values())?;
        Ok(closer)
    }

    /// The named entities of sentences of a text, each sentence with the number that its entities
    /// bear.
    ///
    /// # Errors
    /// The model fails.
    pub fn entities<'a>(
        &self,
        text: &str,
        sentences: impl IntoIterator<Item = (usize, &'a Reading)>,
    ) -> Result<Vec<Entity>> {
        let sentences: Vec<_> = sentences.into_iter().collect();
        if let Some(names) = &self.names {
            return names.entities(text, &sentences);
        }
        let mut entities = Vec::new();
        for (sentence, reading) in sentences {
            entities.extend(reading.entities(sentence, || {
                let logits = self.first.tags(reading)?;
                let (order, tokens) = (Order::Strict, &reading.tokens);
                Ok(entities::decode(&self.tags, order, &logits, tokens, text, sentence))
            })?);
        }
        Ok(entities)
    }

    /// What each span stands for: probabilities in the order of [`crate::article::Kind::ALL`].
    ///
    /// # Errors
    /// The model fails.
    pub fn kinds(&self, reading: &Reading, spans: &[Span]) -> Result<Vec<[f32; 7]>> {
        let ask = || self.judge(reading).spans(SpanTask::Kind, reading, spans);
        reading.told(|answers| &mut answers.kinds, &reading.all_inside(spans), ask)
    }

    /// What the sentence expresses toward each span.
    ///
    /// # Errors
    /// The model fails.
    pub fn sentiment(&self, reading: &Reading, spans: &[Span]) -> Result<Vec<Polarity>> {
        let ask = || {
            let scores = self.judge(reading).spans(SpanTask::Sentiment, reading, spans)?;
            Ok(scores.into_iter().map(polarity).collect())
        };
        reading.told(|answers| &mut answers.sentiment, &reading.all_inside(spans), ask)
    }

    /// What the first of each pair of spans of a text thinks of the second, and does to it.
    ///
    /// # Errors
    /// The model fails.
    pub fn pairs(
        &self,
        text: &str,
        reading: &Reading,
        pairs: &[[Span; 2]],
    ) -> Result<Vec<(Polarity, Relation)>> {
        let inside: Vec<_> =
            pairs.iter().map(|pair| pair.map(|span| reading.inside(span))).collect();
        let ask = || self.judge_pairs(text, reading, pairs);
        reading.told(|answers| &mut answers.pairs, &inside, ask)
    }

    fn judge_pairs(
        &self,
        text: &str,
        reading: &Reading,
        pairs: &[[Span; 2]],
    ) -> Result<Vec<(Polarity, Relation)>> {
        let judge = self.judge(reading);
        let tokens: Vec<_> =
            pairs.iter().map(|pair| pair.map(|span| reading.tokens.within(span))).collect();
        let stances = match &self.inference {
            Some(inference) => inference.stances(text, reading.sentence(), pairs)?,
            None => {
                let stances = judge.pairs(PairTask::Stance, reading, &tokens)?;
                stances.into_iter().map(polarity).collect()
            }
        };
        let relations = judge.pairs(PairTask::Relation, reading, &tokens)?;
        Ok(stances.into_iter().zip(relations.into_iter().map(Relation)).collect())
    }

    /// The model that made a reading.
    fn judge(&self, reading: &Reading) -> &Judge {
        match &self.second {
            Some((judge, _)) if reading.is_second => judge,
            _ => &self.first,
        }
    }
}

#[cfg(test)]
mod tests;
