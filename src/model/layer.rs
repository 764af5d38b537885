//! One layer of the encoder, over the packed tokens of a batch.

use std::ops::Range;

use anyhow::Result;
use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};

use super::attention::{self, Attention};
use super::config::Config;
use super::dense::{Dense, Precision};
use super::int8::Then;
use super::relative::Relative;
use super::vector::{fold, load, store};
use super::weights::Tensors;

/// Tokens that go through a product together, as measured in docs/performance.md: what lies between
/// two products then stays in the second cache, and the weights are not fetched too often. Before
/// attention these are whole sentences, and more tokens if the first has more.
const ROWS: usize = 64;

/// Numbers of a row that are added up side by side, a vector or more: sums then round alike, however
/// long the vectors of a processor are.
const SIDE_BY_SIDE: usize = 32;

/// The least length of a vector.
const SHORTEST: usize = 4;

/// A layer as in BERT: attention, then two products with GELU between, each added to its input
/// and normalised.
pub(super) struct Layer {
    heads: usize,
    /// Queries, keys and values side by side: one product instead of three.
    attend: Dense,
    attended: Dense,
    attended_norm: LayerNorm,
    widen: Dense,
    narrow: Dense,
    narrow_norm: LayerNorm,
}

/// Buffers of a batch, shared by the layers.
#[derive(Default)]
pub(super) struct Scratch {
    attend: Vec<f32>,
    context: Vec<f32>,
    wide: Vec<f32>,
    attention: attention::Scratch,
}

impl Layer {
    /// Loads layer `n`.
    pub(super) fn load(
        tensors: &Tensors<'_>,
        config: &Config,
        precision: Precision,
        n: usize,
    ) -> Result<Self> {
        let prefix = format!("bert.encoder.layer.{n}");
        let dense = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|name| format!("{prefix}.{name}")).collect();
            Dense::load(tensors, &names, precision)
        };
        let norm = |name: &str| LayerNorm::load(tensors, config, &format!("{prefix}.{name}"));
        Ok(Self {
            heads: config.num_attention_heads,
            attend: dense(&["attention.self.query", "attention.self.key", "attention.self.value"])?,
            attended: dense(&["attention.output.dense"])?,
            attended_norm: norm("attention.output.LayerNorm")?,
            widen: dense(&["intermediate.dense"])?,
            narrow: dense(&["output.dense"])?,
            narrow_norm: norm("output.LayerNorm")?,
        })
    }

    /// Replaces the hidden states of a batch (tokens x width) by the layer's; `sentences` are
    /// ranges of its rows.
    pub(super) fn forward(
        &self,
        hidden: &mut [f32],
        sentences: &[Range<usize>],
        relative: Option<&Relative>,
        scratch: &mut Scratch,
    ) -> Result<()> {
        self.attend(hidden, sentences, relative, scratch)?;
        let rows = ROWS * self.attended.inputs();
        let Scratch { context, wide, .. } = scratch;
        for (hidden, context) in hidden.chunks_mut(rows).zip(context.chunks(rows)) {
            self.attended.apply(context, Then::Add, hidden)?;
            self.attended_norm.apply(hidden);

            wide.resize(hidden.len() / self.widen.inputs() * self.widen.outputs(), 0.0);
            self.widen.apply(hidden, Then::Gelu, wide)?;
            self.narrow.apply(wide, Then::Add, hidden)?;
            self.narrow_norm.apply(hidden);
        }
        Ok(())
    }

    /// Writes what each token of a sentence draws from the others to `scratch.context`.
    fn attend(
        &self,
        hidden: &[f32],
        sentences: &[Range<usize>],
        relative: Option<&Relative>,
        scratch: &mut Scratch,
    ) -> Result<()> {
        let width = self.attend.inputs();
        let stride = self.attend.outputs();
        let Scratch { attend, context, attention, .. } = scratch;
        context.resize(hidden.len(), 0.0);
        let mut rest = sentences;
        while let Some(first) = rest.first() {
            let start = first.start;
            let fit = rest.iter().take_while(|sentence| sentence.end - start <= ROWS);
            let (group, others) = rest.split_at(fit.count().max(1));
            let end = others.first().map_or(hidden.len() / width, |next| next.start);
            attend.resize((end - start) * stride, 0.0);
            self.attend.apply(&hidden[start * width..end * width], Then::Write, attend)?;
            for sentence in group {
                let in_group = sentence.start - start..sentence.end - start;
                Attention {
                    rows: &attend[in_group.start * stride..in_group.end * stride],
                    width,
                    heads: self.heads,
                    relative,
                    context: &mut context[sentence.start * width..sentence.end * width],
                    scratch: attention,
                }
                .dispatch();
            }
            rest = others;
        }
        Ok(())
    }
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
        NormaliseRows { rows, by: self }.dispatch();
    }
}

struct NormaliseRows<'a> {
    rows: &'a mut [f32],
    by: &'a LayerNorm,
}

impl SimdOp for NormaliseRows<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let lanes = ops.len();
        let LayerNorm { scale, shift, epsilon } = self.by;
        for row in self.rows.chunks_exact_mut(scale.len()) {
            let count = row.len() as f32;
            let mean = sum(isa, row) / count;
            let variance = sum_of_squares(isa, row, mean) / count;
            let (mean, by) = (ops.splat(mean), ops.splat(1.0 / (variance + epsilon).sqrt()));
            let columns = scale.chunks(lanes).zip(shift.chunks(lanes));
            for (row, (scale, shift)) in row.chunks_mut(lanes).zip(columns) {
                let normal = ops.mul(ops.sub(load(ops, row), mean), by);
                let scaled = ops.mul_add(normal, load(ops, scale), load(ops, shift));
                store(ops, scaled, row);
            }
        }
    }
}

#[inline(always)]
fn sum<I: Isa>(isa: I, row: &[f32]) -> f32 {
    let ops = isa.f32();
    let numbers = row.chunks_exact(SIDE_BY_SIDE);
    let rest: f32 = numbers.remainder().iter().sum();
    let mut sums = [ops.zero(); SIDE_BY_SIDE / SHORTEST];
    for numbers in numbers {
        for (sum, numbers) in sums.iter_mut().zip(numbers.chunks_exact(ops.len())) {
            *sum = ops.add(*sum, ops.load(numbers));
        }
    }
    total(isa, sums) + rest
}

/// The sum of the squared distances from the mean.
#[inline(always)]
fn sum_of_squares<I: Isa>(isa: I, row: &[f32], mean: f32) -> f32 {
    let ops = isa.f32();
    let numbers = row.chunks_exact(SIDE_BY_SIDE);
    let rest: f32 = numbers.remainder().iter().map(|number| (number - mean).powi(2)).sum();
    let mean = ops.splat(mean);
    let mut sums = [ops.zero(); SIDE_BY_SIDE / SHORTEST];
    for numbers in numbers {
        for (sum, numbers) in sums.iter_mut().zip(numbers.chunks_exact(ops.len())) {
            let distance = ops.sub(ops.load(numbers), mean);
            *sum = ops.mul_add(distance, distance, *sum);
        }
    }
    total(isa, sums) + rest
}

/// Adds up sums that were made side by side, in the same order on every processor.
#[inline(always)]
fn total<I: Isa>(isa: I, sums: [I::F32; SIDE_BY_SIDE / SHORTEST]) -> f32 {
    let ops = isa.f32();
    let mut all = [0.0; SIDE_BY_SIDE];
    for (to, sum) in all.chunks_exact_mut(ops.len()).zip(sums) {
        ops.store(sum, to);
    }
    fold(all, SIDE_BY_SIDE, |a, b| a + b)
}
