//! A model with what its numbers mean: readings and spans -> probabilities.

use std::ops::Range;

use anyhow::Result;

use super::Reading;
use super::read::{self, Limits};
use crate::article::{Polarity, Span};
use crate::assets::Assets;
use crate::model::config::Config;
use crate::model::engine::Engine;
use crate::model::{Hidden, Model, PairTask, SpanTask};

/// A model and what its numbers mean.
pub(super) struct Judge {
    pub(super) config: Config,
    pub(super) model: Box<dyn Model>,
    pub(super) sha256: String,
}

impl Judge {
    /// Loads a model for an engine.
    pub(super) fn load(assets: &Assets, engine: Engine) -> Result<Self> {
        assets.verify()?;
        let config = Config::load(assets)?;
        let model = engine.model(assets, &config)?;
        let sha256 = assets.sha256(config.files())?;
        Ok(Self { config, model, sha256 })
    }

    /// Has the encoder read sentences, in batches, long ones in windows.
    pub(super) fn read(&self, readings: &[&Reading]) -> Result<()> {
        let tokens: Vec<_> = readings.iter().map(|reading| &reading.tokens).collect();
        let Config { window, stride, .. } = self.config;
        let limits = Limits { batch: self.model.batch(), window, overlap: stride };
        let hidden = read::read(|windows| self.model.encode(windows), limits, &tokens)?;
        for (reading, hidden) in readings.iter().zip(hidden) {
            reading.hidden.get_or_init(|| hidden);
        }
        Ok(())
    }

    /// How many windows a sentence is.
    pub(super) fn windows(&self, reading: &Reading) -> usize {
        let Config { window, stride, .. } = self.config;
        reading.tokens.count_windows(window, stride)
    }

    /// What the encoder made of a sentence, which it reads now if it has not.
    fn hidden<'a>(&self, reading: &'a Reading) -> Result<&'a Hidden> {
        if reading.hidden.get().is_none() {
            self.read(&[reading])?;
        }
        Ok(reading.hidden.get().expect("it was read"))
    }

    /// Logits of the entity tags for every token of a sentence.
    pub(super) fn tags(&self, reading: &Reading) -> Result<Vec<f32>> {
        let mut logits = self.model.heads().tags(self.hidden(reading)?)?;
        cool(&mut logits, self.config.temperature.entities);
        Ok(logits)
    }

    /// What it says of spans of a sentence.
    pub(super) fn spans<const N: usize>(
        &self,
        task: SpanTask,
        reading: &Reading,
        spans: &[Span],
    ) -> Result<Vec<[f32; N]>> {
        let temperature = match task {
            SpanTask::Sentiment => self.config.temperature.sentiment,
            SpanTask::Kind => self.config.temperature.kind,
        };
        let spans: Vec<_> = spans.iter().map(|&span| reading.tokens.within(span)).collect();
        let logits = self.model.heads().score_spans(task, self.hidden(reading)?, &spans)?;
        Ok(probabilities(logits, temperature))
    }

    /// What it says of ordered pairs of spans.
    pub(super) fn pairs<const N: usize>(
        &self,
        task: PairTask,
        reading: &Reading,
        pairs: &[[Range<usize>; 2]],
    ) -> Result<Vec<[f32; N]>> {
        let temperature = match task {
            PairTask::Stance => self.config.temperature.stance,
            PairTask::Relation => self.config.temperature.relation,
        };
        let logits = self.model.heads().score_pairs(task, self.hidden(reading)?, pairs)?;
        Ok(probabilities(logits, temperature))
    }
}

/// The probabilities of a head with a negative, a neutral and a positive label.
pub(super) fn polarity([negative, neutral, positive]: [f32; 3]) -> Polarity {
    Polarity { negative, neutral, positive }
}

/// Logits over `temperature` as probabilities that sum to 1.
fn probabilities<const N: usize>(logits: Vec<Vec<f32>>, temperature: f32) -> Vec<[f32; N]> {
    let of_item = |logits: Vec<f32>| {
        let mut of_item: [f32; N] =
            logits.try_into().expect("the labels were checked when the model was loaded");
        cool(&mut of_item, temperature);
        softmax(&mut of_item);
        of_item
    };
    logits.into_iter().map(of_item).collect()
}

fn cool(logits: &mut [f32], temperature: f32) {
    for logit in logits {
        *logit /= temperature;
    }
}

/// Turns logits into probabilities that sum to 1.
pub(super) fn softmax(logits: &mut [f32]) {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for logit in &mut *logits {
        *logit = (*logit - most).exp();
    }
    let sum: f32 = logits.iter().sum();
    for logit in logits {
        *logit /= sum;
    }
}
