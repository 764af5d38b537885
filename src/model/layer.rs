//! One layer of the encoder, over the packed tokens of a batch.

use std::ops::Range;

use anyhow::Result;
use rten_simd::{SimdOp, SimdUnaryOp};
use rten_vecmath::{Gelu, Normalize, NormalizeOptions, Softmax, Sum, SumSquareSub};

use super::config::Config;
use super::linear::{Linear, product, view};
use super::weights::{Matrix, Tensors};

/// A layer as in BERT: attention, then two products with GELU between, each added to its input
/// and normalised.
pub(super) struct Layer {
    heads: usize,
    /// Queries, keys and values side by side: one product instead of three.
    attend: Linear,
    attended: Linear,
    attended_norm: LayerNorm,
    widen: Linear,
    narrow: Linear,
    narrow_norm: LayerNorm,
}

/// Buffers of a batch, shared by the layers.
#[derive(Default)]
pub(super) struct Scratch {
    attend: Vec<f32>,
    scores: Vec<f32>,
    head: Vec<f32>,
    context: Vec<f32>,
    wide: Vec<f32>,
}

impl Layer {
    /// Loads layer `n`.
    pub(super) fn load(tensors: &Tensors<'_>, config: &Config, n: usize) -> Result<Self> {
        let prefix = format!("bert.encoder.layer.{n}");
        let linear = |name: &str| Linear::load(tensors, &format!("{prefix}.{name}"));
        let norm = |name: &str| LayerNorm::load(tensors, config, &format!("{prefix}.{name}"));
        Ok(Self {
            heads: config.num_attention_heads,
            attend: load_attend(tensors, &prefix)?,
            attended: linear("attention.output.dense")?,
            attended_norm: norm("attention.output.LayerNorm")?,
            widen: linear("intermediate.dense")?,
            narrow: linear("output.dense")?,
            narrow_norm: norm("output.LayerNorm")?,
        })
    }

    /// Replaces the hidden states of a batch (tokens x width) by the layer's; `sentences` are
    /// ranges of its rows.
    pub(super) fn forward(
        &self,
        hidden: &mut [f32],
        sentences: &[Range<usize>],
        scratch: &mut Scratch,
    ) -> Result<()> {
        let tokens = hidden.len() / self.attend.inputs();
        scratch.attend.resize(tokens * self.attend.outputs(), 0.0);
        scratch.context.resize(hidden.len(), 0.0);
        scratch.wide.resize(tokens * self.widen.outputs(), 0.0);

        self.attend.write(hidden, &mut scratch.attend)?;
        for sentence in sentences {
            self.attention(sentence.clone(), scratch)?;
        }
        self.attended.add(&scratch.context, hidden)?;
        self.attended_norm.apply(hidden);

        self.widen.write(hidden, &mut scratch.wide)?;
        gelu(&mut scratch.wide);
        self.narrow.add(&scratch.wide, hidden)?;
        self.narrow_norm.apply(hidden);
        Ok(())
    }

    /// Writes what each token of a sentence draws from the others to `scratch.context`.
    fn attention(&self, sentence: Range<usize>, scratch: &mut Scratch) -> Result<()> {
        let width = self.attended.inputs();
        let stride = self.attend.outputs();
        let size = width / self.heads;
        let tokens = sentence.len();
        let scale = 1.0 / (size as f32).sqrt();
        scratch.scores.resize(tokens * tokens, 0.0);
        scratch.head.resize(tokens * size, 0.0);
        let rows = &scratch.attend[sentence.start * stride..sentence.end * stride];
        let context = &mut scratch.context[sentence.start * width..sentence.end * width];
        for head in 0..self.heads {
            let at = head * size;
            let queries = view(&rows[at..], [tokens, size], [stride, 1]);
            let keys = view(&rows[width + at..], [size, tokens], [1, stride]);
            let values = view(&rows[2 * width + at..], [tokens, size], [stride, 1]);
            product(queries, keys, scale, &mut scratch.scores)?;
            for scores in scratch.scores.chunks_exact_mut(tokens) {
                softmax(scores);
            }
            let scores = view(&scratch.scores, [tokens, tokens], [tokens, 1]);
            product(scores, values, 1.0, &mut scratch.head)?;
            for (to, from) in context.chunks_exact_mut(width).zip(scratch.head.chunks_exact(size)) {
                to[at..at + size].copy_from_slice(from);
            }
        }
        Ok(())
    }
}

fn load_attend(tensors: &Tensors<'_>, prefix: &str) -> Result<Linear> {
    let mut all = Matrix { rows: 0, columns: 0, values: Vec::new() };
    let mut bias = Vec::new();
    for part in ["query", "key", "value"] {
        let name = format!("{prefix}.attention.self.{part}");
        let weights = tensors.matrix(&format!("{name}.weight"))?;
        all.rows += weights.rows;
        all.columns = weights.columns;
        all.values.extend(weights.values);
        bias.extend(tensors.vector(&format!("{name}.bias"))?);
    }
    Linear::new(&all, Some(bias))
}

/// Normalises rows to mean 0 and variance 1, then scales and shifts each column.
pub(super) struct LayerNorm {
    scale: Vec<f32>,
    shift: Vec<f32>,
    epsilon: f32,
}

impl LayerNorm {
    pub(super) fn load(tensors: &Tensors<'_>, config: &Config, name: &str) -> Result<Self> {
        Ok(Self {
            scale: tensors.vector(&format!("{name}.weight"))?,
            shift: tensors.vector(&format!("{name}.bias"))?,
            epsilon: config.layer_norm_eps,
        })
    }

    pub(super) fn apply(&self, rows: &mut [f32]) {
        for row in rows.chunks_exact_mut(self.scale.len()) {
            let count = row.len() as f32;
            let mean = Sum::new(row).dispatch() / count;
            let variance = SumSquareSub::new(row, mean).dispatch() / count;
            let options = NormalizeOptions {
                pre_scale_bias: mean,
                scale: 1.0 / (variance + self.epsilon).sqrt(),
                element_scale: Some(&self.scale),
                element_bias: Some(&self.shift),
                ..NormalizeOptions::default()
            };
            Normalize::new_mut(row, options).dispatch();
        }
    }
}

/// The Gaussian error linear unit, by the error function.
pub(super) fn gelu(values: &mut [f32]) {
    Gelu {}.map_mut(values);
}

/// Turns scores into weights that sum to 1.
pub(super) fn softmax(scores: &mut [f32]) {
    Softmax::new_mut(scores).dispatch();
}
