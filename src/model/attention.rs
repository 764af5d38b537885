//! Attention over one sentence: what each token draws from the others, for all heads.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, Simd, SimdOp, SimdUnaryOp};
use rten_vecmath::Exp;

use super::relative::Relative;
use super::vector::{load, store};

/// Tokens that ask at once: as many sums as hide the latency of a multiplication.
const ASKING: usize = 8;

/// Writes what each token of a sentence draws from the others.
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

/// Buffers of a head, kept from one to the next.
#[derive(Default)]
pub(super) struct Scratch {
    /// A row for each number of a key, a column for each token.
    keys: Vec<f32>,
    /// A row for each token that asks.
    scores: Vec<f32>,
}

/// One head of a sentence.
#[derive(Clone, Copy)]
struct Head<'a> {
    rows: &'a [f32],
    width: usize,
    /// Its first number within the width.
    at: usize,
    size: usize,
    tokens: usize,
    /// Tokens, rounded up to whole vectors.
    padded: usize,
}

impl SimdOp for Attention<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let width = self.width;
        let tokens = self.rows.len() / (3 * width);
        let padded = tokens.next_multiple_of(isa.f32().len());
        let Scratch { keys, scores } = self.scratch;
        let size = width / self.heads;
        keys.clear();
        keys.resize(size * padded, 0.0);
        scores.resize(ASKING * padded, 0.0);
        for n in 0..self.heads {
            let head = Head { rows: self.rows, width, at: n * size, size, tokens, padded };
            head.transpose_keys(keys);
            for first in (0..tokens).step_by(ASKING) {
                head.score(isa, first, keys, scores);
                for (token, scores) in (first..tokens).zip(scores.chunks_exact_mut(padded)) {
                    if let Some(relative) = self.relative {
                        relative.add(n, token, &mut scores[..tokens]);
                    }
                    scores[tokens..].fill(f32::NEG_INFINITY);
                    softmax(isa, scores);
                }
                head.draw(isa, first, scores, self.context);
            }
        }
    }
}

impl<'a> Head<'a> {
    fn query(&self, token: usize) -> &'a [f32] {
        &self.rows[token * 3 * self.width + self.at..][..self.size]
    }

    fn transpose_keys(&self, keys: &mut [f32]) {
        for (token, row) in self.rows.chunks_exact(3 * self.width).enumerate() {
            let key = &row[self.width + self.at..][..self.size];
            for (to, &value) in keys.chunks_exact_mut(self.padded).zip(key) {
                to[token] = value;
            }
        }
    }

    /// Products of the queries of tokens `first..` with all keys, over the root of their length.
    #[inline(always)]
    fn score<I: Isa>(&self, isa: I, first: usize, keys: &[f32], scores: &mut [f32]) {
        let ops = isa.f32();
        let lanes = ops.len();
        let scale = ops.splat(1.0 / (self.size as f32).sqrt());
        let queries: [&[f32]; ASKING] =
            std::array::from_fn(|n| self.query((first + n).min(self.tokens - 1)));
        for column in (0..self.padded).step_by(lanes) {
            let mut sums = [ops.zero(); ASKING];
            for (n, keys) in keys.chunks_exact(self.padded).enumerate() {
                let keys = ops.load(&keys[column..]);
                for (sum, query) in sums.iter_mut().zip(&queries) {
                    *sum = ops.mul_add(ops.splat(query[n]), keys, *sum);
                }
            }
            for (scores, sum) in scores.chunks_exact_mut(self.padded).zip(sums) {
                ops.store(ops.mul(sum, scale), &mut scores[column..]);
            }
        }
    }

    /// Sums of all values, weighted by the scores of tokens `first..`.
    #[inline(always)]
    fn draw<I: Isa>(&self, isa: I, first: usize, scores: &[f32], context: &mut [f32]) {
        let ops = isa.f32();
        let lanes = ops.len();
        let scores: [&[f32]; ASKING] =
            std::array::from_fn(|n| &scores[n * self.padded..][..self.tokens]);
        for column in (0..self.size).step_by(lanes) {
            let part = lanes.min(self.size - column);
            let at = self.at + column;
            let mut sums = [ops.zero(); ASKING];
            for (n, row) in self.rows.chunks_exact(3 * self.width).enumerate() {
                let values = load(ops, &row[2 * self.width + at..][..part]);
                for (sum, scores) in sums.iter_mut().zip(&scores) {
                    *sum = ops.mul_add(ops.splat(scores[n]), values, *sum);
                }
            }
            let asking = context.chunks_exact_mut(self.width).skip(first);
            for (context, sum) in asking.zip(sums) {
                store(ops, sum, &mut context[at..at + part]);
            }
        }
    }
}

/// Turns whole vectors of scores into weights that sum to 1.
#[inline(always)]
fn softmax<I: Isa>(isa: I, scores: &mut [f32]) {
    let ops = isa.f32();
    let mut most = ops.splat(f32::NEG_INFINITY);
    for scores in scores.chunks_exact(ops.len()) {
        most = ops.max(most, ops.load(scores));
    }
    let most = ops.splat(most.to_array().into_iter().fold(f32::NEG_INFINITY, f32::max));
    let mut sum = ops.zero();
    for scores in scores.chunks_exact_mut(ops.len()) {
        let weights = Exp {}.eval(isa, ops.sub(ops.load(scores), most));
        sum = ops.add(sum, weights);
        ops.store(weights, scores);
    }
    let share = ops.splat(1.0 / sum.to_array().into_iter().sum::<f32>());
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
