//! The encoder and heads as this program runs them: BERT, without padding, by rten-gemm.

use std::ops::Range;

use anyhow::{Result, ensure};

use super::config::Config;
use super::heads::SpanHead;
use super::layer::{Layer, LayerNorm, Scratch};
use super::linear::Linear;
use super::weights::{Table, Tensors};
use super::{Hidden, Model, PairTask, SpanTask};
use crate::assets::Assets;
use crate::encode::Tokens;

/// A model loaded from `model.safetensors`.
///
/// The tokens of a batch are rows of one matrix: linear layers are one product over all rows,
/// attention runs a sentence at a time. A row's numbers do not depend on the others' number.
pub struct Embedded {
    width: usize,
    embeddings: Embeddings,
    layers: Vec<Layer>,
    entities: Linear,
    sentiment: SpanHead<1>,
    kind: SpanHead<1>,
    stance: SpanHead<2>,
    relation: SpanHead<2>,
}

impl Embedded {
    /// Loads a model's weights.
    ///
    /// # Errors
    /// The file is missing, or its tensors do not have the names and sizes of `config`.
    pub fn load(assets: &Assets, config: &Config) -> Result<Self> {
        let bytes = assets.read("model.safetensors")?;
        let tensors = &Tensors::of(&bytes)?;
        let width = config.hidden_size;
        let labels = &config.heads;
        let entities = Linear::load(tensors, "entities")?;
        ensure!(
            entities.outputs() == labels.entities.len(),
            "head entities has {} outputs for {} labels",
            entities.outputs(),
            labels.entities.len()
        );
        Ok(Self {
            width,
            embeddings: Embeddings::load(tensors, config)?,
            layers: (0..config.num_hidden_layers)
                .map(|n| Layer::load(tensors, config, n))
                .collect::<Result<_>>()?,
            entities,
            sentiment: SpanHead::load(tensors, "sentiment", width, labels.sentiment.len())?,
            kind: SpanHead::load(tensors, "kind", width, labels.kind.len())?,
            stance: SpanHead::load(tensors, "stance", width, labels.stance.len())?,
            relation: SpanHead::load(tensors, "relation", width, labels.relation.len())?,
        })
    }
}

impl Model for Embedded {
    fn encode(&self, windows: &[&Tokens]) -> Result<Vec<Hidden>> {
        let mut states = Vec::new();
        let mut sentences: Vec<Range<usize>> = Vec::with_capacity(windows.len());
        for tokens in windows {
            self.embeddings.extend(&mut states, tokens)?;
            let start = sentences.last().map_or(0, |before| before.end);
            sentences.push(start..start + tokens.len());
        }
        let mut scratch = Scratch::default();
        for layer in &self.layers {
            layer.forward(&mut states, &sentences, &mut scratch)?;
        }
        let width = self.width;
        Ok(sentences
            .into_iter()
            .map(|rows| Hidden {
                values: states[rows.start * width..rows.end * width].to_vec(),
                width,
            })
            .collect())
    }

    fn tags(&self, hidden: &Hidden) -> Result<Vec<f32>> {
        self.entities.apply(&hidden.values)
    }

    fn score_spans(
        &self,
        task: SpanTask,
        hidden: &Hidden,
        spans: &[Range<usize>],
    ) -> Result<Vec<Vec<f32>>> {
        let items: Vec<_> = spans.iter().cloned().map(|span| [span]).collect();
        match task {
            SpanTask::Sentiment => self.sentiment.score(hidden, &items),
            SpanTask::Kind => self.kind.score(hidden, &items),
        }
    }

    fn score_pairs(
        &self,
        task: PairTask,
        hidden: &Hidden,
        pairs: &[[Range<usize>; 2]],
    ) -> Result<Vec<Vec<f32>>> {
        match task {
            PairTask::Stance => self.stance.score(hidden, pairs),
            PairTask::Relation => self.relation.score(hidden, pairs),
        }
    }
}

/// The tables that turn a token, its place and its case into numbers, kept as int8.
struct Embeddings {
    words: Table,
    positions: Table,
    cases: Table,
    norm: LayerNorm,
}

impl Embeddings {
    fn load(tensors: &Tensors<'_>, config: &Config) -> Result<Self> {
        let table = |name| tensors.table(&format!("bert.embeddings.{name}_embeddings.weight"));
        Ok(Self {
            words: table("word")?,
            positions: table("position")?,
            cases: table("token_type")?,
            norm: LayerNorm::load(tensors, config, "bert.embeddings.LayerNorm")?,
        })
    }

    /// Appends a row for each token.
    fn extend(&self, states: &mut Vec<f32>, tokens: &Tokens) -> Result<()> {
        ensure!(
            tokens.len() <= self.positions.rows(),
            "a window of {} tokens; the model reads at most {}",
            tokens.len(),
            self.positions.rows()
        );
        let start = states.len();
        for (position, (&id, &case)) in tokens.ids.iter().zip(&tokens.cases).enumerate() {
            let id = id as usize;
            ensure!(
                id < self.words.rows(),
                "token {id} is not among the model's {}; tokenizer.json belongs to another model",
                self.words.rows()
            );
            let (word, by) = self.words.row(id);
            let (place, place_by) = self.positions.row(position);
            let (case, case_by) = self.cases.row(usize::from(case));
            states.extend(word.iter().zip(place).zip(case).map(|((&word, &place), &case)| {
                f32::from(word) * by + f32::from(place) * place_by + f32::from(case) * case_by
            }));
        }
        self.norm.apply(&mut states[start..]);
        Ok(())
    }
}
