//! Turns sentences into entities, kinds, sentiment, stance and relations, by a model.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::article::{Entity, Polarity, Relation, Span};
use crate::assets::{self, Assets, Models};
use crate::encode::{Encoder, Tokens};
use crate::model::config::{Config, Tag};
use crate::model::engine::Engine;
use crate::model::{Hidden, Model, PairTask, SpanTask, fake};

mod choice;
mod read;
mod judge;
mod entities;
mod labels;
mod names;
mod inference;

pub use choice::{Choice, Origin, Readers};

use entities::Order;
use inference::Inference;
use judge::{Judge, polarity};
use names::Names;

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
}

/// Which sentences the second model reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Those in which two actors meet.
    WhereActorsMeet,
    /// Those that name anyone.
    WhereAnyIsNamed,
}

/// A sentence as a model has read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Its tokens.
    pub tokens: Tokens,
    /// What the encoder made of them, a row a token.
    pub hidden: Hidden,
    /// In how many windows it was read.
    pub windows: usize,
    /// Whether by the second model.
    is_second: bool,
}

/// A sentence to judge: its number, how many mentions it has, and how many pairs they make.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Its number among the readings.
    pub sentence: usize,
    /// Mentions to judge.
    pub mentions: usize,
    /// Pairs to judge.
    pub pairs: usize,
}

impl Reading {
    /// Where the sentence stands in the text: its marks are empty spans at its ends.
    fn sentence(&self) -> Span {
        let ends = self.tokens.spans.first().zip(self.tokens.spans.last());
        ends.map_or(Span::new(0, 0), |(first, last)| Span::new(first.start, last.end))
    }
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
        let names = choice.entities.as_deref().map(|folder| Names::load(folder, engine));
        let inference = choice.stance.as_deref().map(|folder| Inference::load(folder, engine));
        Ok(Self { names: names.transpose()?, inference: inference.transpose()?, ..tagger })
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
        Ok(Self { encoder, tags, engine, first, second: None, names: None, inference: None })
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

    /// Reads sentences, in batches, long ones in windows. About 1.5 kB of result a token: hand
    /// over an article in pieces if it is a book.
    ///
    /// # Errors
    /// The model fails.
    pub fn read(&self, sentences: Vec<Tokens>) -> Result<Vec<Reading>> {
        self.first.read(sentences)
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
        let Some((judge, again)) = &self.second else {
            return Ok(BTreeMap::new());
        };
        let numbers: Vec<usize> = asked
            .into_iter()
            .filter(|asked| match again {
                Again::WhereActorsMeet => asked.pairs > 0,
                Again::WhereAnyIsNamed => asked.mentions + asked.pairs > 0,
            })
            .map(|asked| asked.sentence)
            .collect();
        let tokens = numbers.iter().map(|&number| readings[number].tokens.clone()).collect();
        let closer =
            judge.read(tokens)?.into_iter().map(|reading| Reading { is_second: true, ..reading });
        Ok(numbers.into_iter().zip(closer).collect())
    }

    /// The named entities of sentences of a text, in order, numbered as the readings are.
    ///
    /// # Errors
    /// The model fails.
    pub fn entities(&self, text: &str, readings: &[Reading]) -> Result<Vec<Entity>> {
        if let Some(names) = &self.names {
            return names.entities(text, readings);
        }
        let mut entities = Vec::new();
        for (sentence, reading) in readings.iter().enumerate() {
            let logits = self.first.tags(reading)?;
            let tokens = &reading.tokens;
            entities.extend(entities::decode(
                &self.tags,
                Order::Strict,
                &logits,
                tokens,
                text,
                sentence,
            ));
        }
        Ok(entities)
    }

    /// What each span stands for: probabilities in the order of [`crate::article::Kind::ALL`].
    ///
    /// # Errors
    /// The model fails.
    pub fn kinds(&self, reading: &Reading, spans: &[Span]) -> Result<Vec<[f32; 7]>> {
        self.judge(reading).spans(SpanTask::Kind, reading, spans)
    }

    /// What the sentence expresses toward each span.
    ///
    /// # Errors
    /// The model fails.
    pub fn sentiment(&self, reading: &Reading, spans: &[Span]) -> Result<Vec<Polarity>> {
        let scores = self.judge(reading).spans(SpanTask::Sentiment, reading, spans)?;
        Ok(scores.into_iter().map(polarity).collect())
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
mod tests {
    use super::*;
    use crate::article::{EntityType, Quad, Sign};

    /// The readings of one sentence by the fake, and the span of a word in it.
    fn read(text: &str) -> (Tagger, Reading) {
        let tagger = Tagger::fake().unwrap();
        let tokens = tagger.tokens(text, &[Span::new(0, text.len())]).unwrap();
        let reading = tagger.read(tokens).unwrap().remove(0);
        (tagger, reading)
    }

    fn span(text: &str, word: &str) -> Span {
        let start = text.find(word).unwrap();
        Span::new(start, start + word.len())
    }

    #[test]
    fn entities_are_runs_of_words() {
        let text = "In Kabul, Pakistani Prime Minister Imran Khan met the Taliban.";
        let (tagger, reading) = read(text);
        let entities = tagger.entities(text, &[reading]).unwrap();
        let found: Vec<_> = entities.iter().map(|e| (e.span.of(text), e.entity_type)).collect();
        assert_eq!(
            found,
            [
                ("Kabul", EntityType::Location),
                ("Pakistani", EntityType::Norp),
                ("Imran Khan", EntityType::Person),
                ("Taliban", EntityType::Organization),
            ]
        );
        assert!(entities.iter().all(|e| e.sentence == 0 && e.score > 0.9 && e.score <= 1.0));
    }

    #[test]
    fn stance_has_a_direction() {
        for (text, stance, quad) in [
            ("Iran blamed the Taliban.", Sign::Negative, Quad::VerbalConflict),
            ("The Taliban was blamed by Iran.", Sign::Negative, Quad::VerbalConflict),
            ("Iran has aided the Taliban.", Sign::Positive, Quad::MaterialCooperation),
            ("Iran met the Taliban.", Sign::Neutral, Quad::None),
        ] {
            let (tagger, reading) = read(text);
            let [iran, taliban] = ["Iran", "Taliban"].map(|name| span(text, name));
            let pairs = [[iran, taliban], [taliban, iran]];
            let found = tagger.pairs(text, &reading, &pairs).unwrap();
            assert_eq!((found[0].0.sign(), found[0].1.quad().0), (stance, quad), "{text}");
            assert_eq!((found[1].0.sign(), found[1].1.quad().0), (Sign::Neutral, Quad::None));
            let sentiment = tagger.sentiment(&reading, &[taliban, iran]).unwrap();
            assert_eq!([sentiment[0].sign(), sentiment[1].sign()], [stance, Sign::Neutral]);
        }
    }

    #[test]
    fn a_long_sentence_reads_as_one() {
        let text = format!("{} and Iran blamed the Taliban", "Kabul met Delhi , ".repeat(50));
        let (tagger, reading) = read(&text);
        assert_eq!(reading.windows, 5);
        assert_eq!(reading.hidden.tokens(), reading.tokens.len());
        let ids: Vec<_> =
            reading.hidden.rows(0..reading.tokens.len()).map(|row| row[0] as u32).collect();
        assert_eq!(ids, reading.tokens.ids);
        let pair = [span(&text, "Iran"), span(&text, "Taliban")];
        assert_eq!(tagger.pairs(&text, &reading, &[pair]).unwrap()[0].0.sign(), Sign::Negative);
    }

    #[test]
    fn a_span_without_tokens_is_no_error() {
        let (tagger, reading) = read("Iran \u{200b} met us");
        let nowhere = Span::new(5, 8);
        assert_eq!(tagger.sentiment(&reading, &[nowhere]).unwrap().len(), 1);
        assert_eq!(tagger.kinds(&reading, &[]).unwrap().len(), 0);
    }
}
