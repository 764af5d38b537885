//! Turns sentences into entities, kinds, sentiment, stance and relations, by a model.

use anyhow::Result;

use crate::article::{Entity, Polarity, Relation, Span};
use crate::assets::Assets;
use crate::encode::{Encoder, Tokens};
use crate::model::config::{Config, Tag};
use crate::model::embedded::Embedded;
use crate::model::{Hidden, Model, PairTask, Precision, SpanTask, fake};

mod read;
mod entities;

/// A model with its tokenizer and labels.
pub struct Tagger {
    encoder: Encoder,
    config: Config,
    tags: Vec<Tag>,
    model: Box<dyn Model>,
}

/// A sentence as the model has read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Its tokens.
    pub tokens: Tokens,
    /// What the encoder made of them, a row a token.
    pub hidden: Hidden,
    /// In how many windows it was read.
    pub windows: usize,
}

impl Tagger {
    /// Loads a model: `config.json`, `tokenizer.json` and the files of weights.
    ///
    /// # Errors
    /// A file is missing or malformed, or does not fit the others or this program.
    pub fn load(assets: &Assets) -> Result<Self> {
        let config = Config::load(assets)?;
        let model = Embedded::load(assets, &config, Precision::Int8)?;
        Self::new(Encoder::load(assets)?, config, Box::new(model))
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
        let tags = config.tags()?;
        Ok(Self { encoder, config, tags, model })
    }

    /// The sizes and labels of the model.
    pub fn config(&self) -> &Config {
        &self.config
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
        read::read(&*self.model, &self.config, sentences)
    }

    /// The named entities of a sentence, in order; `sentence` is its number in the article.
    ///
    /// # Errors
    /// The model fails.
    pub fn entities(&self, text: &str, sentence: usize, reading: &Reading) -> Result<Vec<Entity>> {
        let mut logits = self.model.tags(&reading.hidden)?;
        cool(&mut logits, self.config.temperature.entities);
        Ok(entities::decode(&self.tags, &logits, &reading.tokens, text, sentence))
    }

    /// What each span stands for: probabilities in the order of [`crate::article::Kind::ALL`].
    ///
    /// # Errors
    /// The model fails.
    pub fn kinds(&self, reading: &Reading, spans: &[Span]) -> Result<Vec<[f32; 7]>> {
        self.score_spans(SpanTask::Kind, self.config.temperature.kind, reading, spans)
    }

    /// What the sentence expresses toward each span.
    ///
    /// # Errors
    /// The model fails.
    pub fn sentiment(&self, reading: &Reading, spans: &[Span]) -> Result<Vec<Polarity>> {
        let temperature = self.config.temperature.sentiment;
        let scores = self.score_spans(SpanTask::Sentiment, temperature, reading, spans)?;
        Ok(scores.into_iter().map(polarity).collect())
    }

    /// What the first of each pair thinks of the second, and does to it.
    ///
    /// # Errors
    /// The model fails.
    pub fn pairs(
        &self,
        reading: &Reading,
        pairs: &[[Span; 2]],
    ) -> Result<Vec<(Polarity, Relation)>> {
        let temperature = &self.config.temperature;
        let pairs: Vec<_> =
            pairs.iter().map(|pair| pair.map(|span| reading.tokens.within(span))).collect();
        let score = |task, temperature| {
            let logits = self.model.score_pairs(task, &reading.hidden, &pairs)?;
            anyhow::Ok((logits, temperature))
        };
        let (stances, by) = score(PairTask::Stance, temperature.stance)?;
        let stances = probabilities(stances, by).map(polarity);
        let (relations, by) = score(PairTask::Relation, temperature.relation)?;
        Ok(stances.zip(probabilities(relations, by).map(Relation)).collect())
    }

    fn score_spans<const N: usize>(
        &self,
        task: SpanTask,
        temperature: f32,
        reading: &Reading,
        spans: &[Span],
    ) -> Result<Vec<[f32; N]>> {
        let spans: Vec<_> = spans.iter().map(|&span| reading.tokens.within(span)).collect();
        let logits = self.model.score_spans(task, &reading.hidden, &spans)?;
        Ok(probabilities(logits, temperature).collect())
    }
}

fn polarity([negative, neutral, positive]: [f32; 3]) -> Polarity {
    Polarity { negative, neutral, positive }
}

/// Logits over `temperature` as probabilities that sum to 1.
fn probabilities<const N: usize>(
    logits: Vec<Vec<f32>>,
    temperature: f32,
) -> impl Iterator<Item = [f32; N]> {
    logits.into_iter().map(move |logits| {
        let mut of_item: [f32; N] =
            logits.try_into().expect("the labels were checked when the model was loaded");
        cool(&mut of_item, temperature);
        softmax(&mut of_item);
        of_item
    })
}

fn cool(logits: &mut [f32], temperature: f32) {
    for logit in logits {
        *logit /= temperature;
    }
}

/// Turns logits into probabilities that sum to 1.
fn softmax(logits: &mut [f32]) {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for logit in &mut *logits {
        *logit = (*logit - most).exp();
    }
    let sum: f32 = logits.iter().sum();
    for logit in logits {
        *logit /= sum;
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
        let entities = tagger.entities(text, 3, &reading).unwrap();
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
        assert!(entities.iter().all(|e| e.sentence == 3 && e.score > 0.9 && e.score <= 1.0));
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
            let found = tagger.pairs(&reading, &pairs).unwrap();
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
        assert_eq!(tagger.pairs(&reading, &[pair]).unwrap()[0].0.sign(), Sign::Negative);
    }

    #[test]
    fn a_span_without_tokens_is_no_error() {
        let (tagger, reading) = read("Iran \u{200b} met us");
        let nowhere = Span::new(5, 8);
        assert_eq!(tagger.sentiment(&reading, &[nowhere]).unwrap().len(), 1);
        assert_eq!(tagger.kinds(&reading, &[]).unwrap().len(), 0);
    }
}
