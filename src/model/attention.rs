//! Attention over one sentence: what queries draw from its tokens.

use rten_simd::ops::{BitOps, FloatOps, NumOps};
use rten_simd::{Isa, SimdOp, SimdUnaryOp};
use rten_vecmath::Exp;

use super::relative::Relative;
use super::vector::{load, store};

/// Keys that are compared at once: as many sums as hide the latency of a multiplication.
const KEYS: usize = 8;

/// Queries that draw at once, two vectors each: as many sums again.
const DRAWING: usize = 4;

/// Writes what each token of a sentence draws from the others, head by head.
pub(super) struct Attention<'a> {
    /// Query, key and value of each token side by side: tokens x 3 widths.
    pub(super) rows: &'a [f32],
    pub(super) width: usize,
    pub(super) heads: usize,
    /// What each head adds to a score for the distance between the tokens.
    pub(super) relative: Option<&'a Relative>,
    /// Tokens x width.
    pub(super) context: &'a mut [f32],
    pub(super) scratch: &'a mut Scratch,
}

/// Writes what some queries draw from the hidden states of a sentence, which are keys and values.
pub(super) struct Draw<'a> {
    /// Queries x width.
    pub(super) queries: &'a [f32],
    /// Tokens x width.
    pub(super) states: &'a [f32],
    pub(super) width: usize,
    /// Queries x width.
    pub(super) context: &'a mut [f32],
}

/// Buffers of a head, kept from one to the next.
#[derive(Default)]
pub(super) struct Scratch {
    /// A row for each number of a query, a column for each query.
    queries: Vec<f32>,
    /// A row for each key, a column for each query of a vector's.
    scores: Vec<f32>,
}

/// Rows of `size` numbers, `stride` apart.
#[derive(Clone, Copy)]
struct Rows<'a> {
    values: &'a [f32],
    stride: usize,
    size: usize,
}

/// One head of a sentence.
#[derive(Clone, Copy)]
struct Head<'a> {
    queries: Rows<'a>,
    keys: Rows<'a>,
    values: Rows<'a>,
    /// Its number, and what it adds for the distance.
    relative: Option<(usize, &'a Relative)>,
}

impl SimdOp for Attention<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let (width, size) = (self.width, self.width / self.heads);
        for n in 0..self.heads {
            let part =
                |of| Rows { values: &self.rows[of * width + n * size..], stride: 3 * width, size };
            let relative = self.relative.map(|relative| (n, relative));
            let head = Head { queries: part(0), keys: part(1), values: part(2), relative };
            head.draw(isa, &mut self.context[n * size..], width, self.scratch);
        }
    }
}

impl SimdOp for Draw<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Self { queries, states, width, context } = self;
        let rows = |values| Rows { values, stride: width, size: width };
        let (queries, states) = (rows(queries), rows(states));
        let head = Head { queries, keys: states, values: states, relative: None };
        head.draw(isa, context, width, &mut Scratch::default());
    }
}

impl<'a> Rows<'a> {
    /// How many there are.
    fn count(&self) -> usize {
        self.values.len().div_ceil(self.stride)
    }

    fn row(&self, n: usize) -> &'a [f32] {
        &self.values[n * self.stride..][..self.size]
    }
}

impl Head<'_> {
    /// Writes what each query draws to rows of `context`, `stride` apart.
    #[inline(always)]
    fn draw<I: Isa>(&self, isa: I, context: &mut [f32], stride: usize, scratch: &mut Scratch) {
        let lanes = isa.f32().len();
        let (queries, keys) = (self.queries.count(), self.keys.count());
        let padded = queries.next_multiple_of(lanes);
        let Scratch { queries: transposed, scores } = scratch;
        transposed.clear();
        transposed.resize(self.queries.size * padded, 0.0);
        self.transpose(transposed, padded);
        scores.resize(keys.next_multiple_of(KEYS) * lanes, 0.0);
        for first in (0..queries).step_by(lanes) {
            self.score(isa, &transposed[first..], padded, scores);
            let scores = &mut scores[..keys * lanes];
            if let Some((n, relative)) = self.relative {
                for (key, scores) in scores.chunks_exact_mut(lanes).enumerate() {
                    relative.add(n, first, key, scores);
                }
            }
            softmax(isa, scores);
            self.add_up(isa, scores, &mut context[first * stride..], stride);
        }
    }

    /// Queries over the root of their length, by their numbers.
    fn transpose(&self, transposed: &mut [f32], padded: usize) {
        let scale = 1.0 / (self.queries.size as f32).sqrt();
        for n in 0..self.queries.count() {
            for (to, &value) in transposed.chunks_exact_mut(padded).zip(self.queries.row(n)) {
                to[n] = value * scale;
            }
        }
    }

    /// Products of a vector of queries with each key.
    #[inline(always)]
    fn score<I: Isa>(&self, isa: I, queries: &[f32], padded: usize, scores: &mut [f32]) {
        let ops = isa.f32();
        let last = self.keys.count() - 1;
        for (n, scores) in scores.chunks_exact_mut(KEYS * ops.len()).enumerate() {
            // Past the last, the last again: its scores are not looked at.
            let keys: [&[f32]; KEYS] =
                std::array::from_fn(|key| self.keys.row((n * KEYS + key).min(last)));
            let mut sums = [ops.zero(); KEYS];
            for (n, queries) in queries.chunks(padded).enumerate().take(self.keys.size) {
                let queries = ops.load(queries);
                for (sum, key) in sums.iter_mut().zip(&keys) {
                    *sum = ops.mul_add(queries, ops.splat(key[n]), *sum);
                }
            }
            for (scores, sum) in scores.chunks_exact_mut(ops.len()).zip(sums) {
                ops.store(sum, scores);
            }
        }
    }

    /// Sums of all values, weighted by the scores of a vector of queries.
    #[inline(always)]
    fn add_up<I: Isa>(&self, isa: I, scores: &[f32], context: &mut [f32], stride: usize) {
        let ops = isa.f32();
        let (lanes, size) = (ops.len(), self.values.size);
        let blocks = context.chunks_mut(DRAWING * stride).take(lanes / DRAWING);
        for (n, context) in blocks.enumerate() {
            for column in (0..size).step_by(2 * lanes) {
                let mut sums = [[ops.zero(); 2]; DRAWING];
                for (key, scores) in scores.chunks_exact(lanes).enumerate() {
                    let values = &self.values.row(key)[column..];
                    let (first, second) = values.split_at(lanes.min(values.len()));
                    let (first, second) = (load(ops, first), load(ops, second));
                    for (sums, &score) in sums.iter_mut().zip(&scores[n * DRAWING..]) {
                        let score = ops.splat(score);
                        sums[0] = ops.mul_add(score, first, sums[0]);
                        sums[1] = ops.mul_add(score, second, sums[1]);
                    }
                }
                for (context, sums) in context.chunks_mut(stride).zip(sums) {
                    let to = &mut context[column..size];
                    for (to, sum) in to.chunks_mut(lanes).zip(sums) {
                        store(ops, sum, to);
                    }
                }
            }
        }
    }
}

/// Turns the scores of each column into weights that sum to 1.
#[inline(always)]
fn softmax<I: Isa>(isa: I, scores: &mut [f32]) {
    let ops = isa.f32();
    let mut most = ops.splat(f32::NEG_INFINITY);
    for scores in scores.chunks_exact(ops.len()) {
        most = ops.max(most, ops.load(scores));
    }
    let mut sum = ops.zero();
    for scores in scores.chunks_exact_mut(ops.len()) {
        let weights = Exp {}.eval(isa, ops.sub(ops.load(scores), most));
        sum = ops.add(sum, weights);
        ops.store(weights, scores);
    }
    let share = ops.div(ops.one(), sum);
    for scores in scores.chunks_exact_mut(ops.len()) {
        ops.store(ops.mul(ops.load(scores), share), scores);
    }
}

#[cfg(test)]
mod tests {
    use rten_simd::isa::GenericIsa;

    use super::*;

    /// What each token draws, by the definition.
    fn plainly(rows: &[f32], width: usize, heads: usize) -> Vec<f32> {
        let size = width / heads;
        let tokens: Vec<_> = rows.chunks_exact(3 * width).collect();
        let mut context = Vec::new();
        for query in &tokens {
            for head in 0..heads {
                let part = |of: usize| of * width + head * size..of * width + (head + 1) * size;
                let product = |key: &&[f32]| -> f32 {
                    query[part(0)].iter().zip(&key[part(1)]).map(|(a, b)| a * b).sum()
                };
                let weight = |key| (product(key) / (size as f32).sqrt()).exp();
                let weights: Vec<f32> = tokens.iter().map(weight).collect();
                let sum: f32 = weights.iter().sum();
                for n in part(2) {
                    let all = tokens.iter().zip(&weights);
                    context.push(all.map(|(token, weight)| token[n] * weight / sum).sum());
                }
            }
        }
        context
    }

    #[test]
    fn attention_is_that_of_the_definition_with_any_instructions() {
        // Heads of less than a vector, of one and more; sentences of less than a block and more.
        for (tokens, width, heads) in [(1, 12, 2), (7, 64, 2), (8, 64, 1), (41, 80, 2)] {
            let rows: Vec<f32> =
                (0..tokens * width * 3).map(|n| (n as f32 * 12.9898).sin()).collect();
            let expected = plainly(&rows, width, heads);
            for is_generic in [false, true] {
                let mut context = vec![0.0; tokens * width];
                let mut scratch = Scratch::default();
                let attention = Attention {
                    rows: &rows,
                    width,
                    heads,
                    relative: None,
                    context: &mut context,
                    scratch: &mut scratch,
                };
                if is_generic {
                    attention.eval(GenericIsa::new());
                } else {
                    attention.dispatch();
                }
                for (a, b) in context.iter().zip(&expected) {
                    assert!((a - b).abs() < 1e-5, "{a} {b}");
                }
            }
        }
    }
}
