//! The encoder and heads as this program runs them: BERT, without padding, by rten-gemm.

use std::cell::Cell;
use std::ops::Range;

use anyhow::{Result, ensure};

use super::config::Config;
use super::dense::Precision;
use super::heads::TrainedHeads;
use super::layer::{Layer, LayerNorm, Scratch};
use super::relative::Relative;
use super::weights::{Table, Tensors};
use super::{Heads, Hidden, Model};
use crate::assets::Assets;
use crate::encode::Tokens;

thread_local! {
    /// The buffers of the thread's last batch.
    static SCRATCH: Cell<Scratch> = Cell::default();
}

/// A model loaded from files of weights.
///
/// The tokens of a batch are rows of one matrix: linear layers are one product over many rows,
/// attention runs a sentence at a time. A row's numbers do not depend on the others' number.
pub struct Embedded {
    width: usize,
    embeddings: Embeddings,
    relative: Option<Relative>,
    layers: Vec<Layer>,
    heads: TrainedHeads,
}

impl Embedded {
    /// Loads a model's weights.
    ///
    /// # Errors
    /// A file is missing, or its tensors do not have the names and sizes of `config`.
    pub fn load(assets: &Assets, config: &Config, precision: Precision) -> Result<Self> {
        let files = config.read_weights(assets)?;
        let tensors = &Tensors::of(files.iter().map(|bytes| &**bytes))?;
        Ok(Self {
            width: config.hidden_size,
            embeddings: Embeddings::load(tensors, config)?,
            relative: Relative::load(tensors, config)?,
            layers: (0..config.num_hidden_layers)
                .map(|n| Layer::load(tensors, config, precision, n))
                .collect::<Result<_>>()?,
            heads: TrainedHeads::load(tensors, config, precision)?,
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
        let mut scratch = SCRATCH.take();
        for layer in &self.layers {
            layer.forward(&mut states, &sentences, self.relative.as_ref(), &mut scratch)?;
        }
        SCRATCH.set(scratch);
        let width = self.width;
        Ok(sentences
            .into_iter()
            .map(|rows| Hidden {
                values: states[rows.start * width..rows.end * width].to_vec(),
                width,
            })
            .collect())
    }

    fn heads(&self) -> &dyn Heads {
        &self.heads
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
