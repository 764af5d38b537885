//! Attention over one sentence: what each token draws from the others, for all heads.

use rten_simd::ops::{BitOps, FloatOps, NumOps};
use rten_simd::{Isa, SimdOp, SimdUnaryOp};
use rten_vecmath::Exp;

use super::relative::Relative;
use super::vector::{load, store};

/// Keys that are compared at once: as many sums as hide the latency of a multiplication.
const KEYS: usize = 8;

/// Tokens that draw at once, two vectors each: as many sums again.
const DRAWING: usize = 4;

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
    /// A row for each number of a query, a column for each token.
    queries: Vec<f32>,
    /// A row for each key, a column for each token of a vector's.
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
        let (width, lanes) = (self.width, isa.f32().len());
        let tokens = self.rows.len() / (3 * width);
        let padded = tokens.next_multiple_of(lanes);
        let Scratch { queries, scores } = self.scratch;
        let size = width / self.heads;
        queries.clear();
        queries.resize(size * padded, 0.0);
        scores.resize(tokens.next_multiple_of(KEYS) * lanes, 0.0);
        for n in 0..self.heads {
            let head = Head { rows: self.rows, width, at: n * size, size, tokens, padded };
            head.transpose_queries(queries);
            for first in (0..tokens).step_by(lanes) {
                head.score(isa, &queries[first..], scores);
                let scores = &mut scores[..tokens * lanes];
                if let Some(relative) = self.relative {
                    for (token, scores) in scores.chunks_exact_mut(lanes).enumerate() {
                        relative.add(n, first, token, scores);
                    }
                }
                softmax(isa, scores);
                head.draw(isa, scores, &mut self.context[first * width..]);
            }
        }
    }
}

impl<'a> Head<'a> {
    fn key(&self, token: usize) -> &'a [f32] {
        &self.rows[(3 * token + 1) * self.width + self.at..][..self.size]
    }

    /// Queries over the root of their length, by their numbers.
    fn transpose_queries(&self, queries: &mut [f32]) {
        let scale = 1.0 / (self.size as f32).sqrt();
        for (token, row) in self.rows.chunks_exact(3 * self.width).enumerate() {
            let query = &row[self.at..][..self.size];
            for (to, &value) in queries.chunks_exact_mut(self.padded).zip(query) {
                to[token] = value * scale;
            }
        }
    }

    /// Products of a vector of queries with each key.
    #[inline(always)]
    fn score<I: Isa>(&self, isa: I, queries: &[f32], scores: &mut [f32]) {
        let ops = isa.f32();
        for (n, scores) in scores.chunks_exact_mut(KEYS * ops.len()).enumerate() {
            // Past the last, the last again: its scores are not looked at.
            let keys: [&[f32]; KEYS] =
                std::array::from_fn(|key| self.key((n * KEYS + key).min(self.tokens - 1)));
            let mut sums = [ops.zero(); KEYS];
            for (n, queries) in queries.chunks(self.padded).enumerate().take(self.size) {
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

    /// Sums of all values, weighted by the scores of some tokens.
    #[inline(always)]
    fn draw<I: Isa>(&self, isa: I, scores: &[f32], context: &mut [f32]) {
        let ops = isa.f32();
        let lanes = ops.len();
        let vectors = |row: &'a [f32], at: usize| {
            let part = &row[at..self.at + self.size];
            let (first, second) = part.split_at(lanes.min(part.len()));
            [load(ops, first), load(ops, second)]
        };
        for (n, context) in
            context.chunks_mut(DRAWING * self.width).take(lanes / DRAWING).enumerate()
        {
            for column in (0..self.size).step_by(2 * lanes) {
                let mut sums = [[ops.zero(); 2]; DRAWING];
                for (row, scores) in
                    self.rows.chunks_exact(3 * self.width).zip(scores.chunks_exact(lanes))
                {
                    let values = vectors(&row[2 * self.width..], self.at + column);
                    for (sums, &score) in sums.iter_mut().zip(&scores[n * DRAWING..]) {
                        let score = ops.splat(score);
                        sums[0] = ops.mul_add(score, values[0], sums[0]);
                        sums[1] = ops.mul_add(score, values[1], sums[1]);
                    }
                }
                for (context, sums) in context.chunks_exact_mut(self.width).zip(sums) {
                    let to = &mut context[self.at + column..self.at + self.size];
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
