//! Judges spans of a sentence by their hidden states and by what they draw from the others.

use std::ops::Range;

use anyhow::{Result, ensure};
use rten_simd::{SimdOp, SimdUnaryOp};

use super::Hidden;
use super::attention::Draw;
use super::dense::{Dense, Precision};
use super::gelu::Gelu;
use super::int8::Then;
use super::weights::Tensors;

/// A head that judges `N` spans together: 1 for a target, 2 for a holder and a target.
///
/// Query: a linear layer over the means of the spans. Context: the mean of all hidden states,
/// weighted by their product with the query. Answer: a linear layer over means, product of the
/// means (for two), context and the state of `[CLS]`; GELU; and another linear layer. The two
/// layers over several inputs are kept in parts, so that what depends on one span alone is
/// computed once a span, not once a pair.
pub(super) struct SpanHead<const N: usize> {
    query: [Dense; N],
    query_bias: Vec<f32>,
    means: [Dense; N],
    product: Option<Dense>,
    context: Dense,
    first: Dense,
    output: Dense,
}

impl<const N: usize> SpanHead<N> {
    /// Loads a head by its name, for hidden states of `width` numbers.
    pub(super) fn load(
        tensors: &Tensors<'_>,
        name: &str,
        width: usize,
        precision: Precision,
        classes: usize,
    ) -> Result<Self> {
        let [query, hidden] = ["query", "hidden"].map(|layer| format!("{name}.{layer}"));
        let columns = |layer| {
            let weights = tensors.tensor(&format!("{layer}.weight"))?;
            anyhow::Ok(weights.shape().last().copied().unwrap_or(0))
        };
        let features = N + 2 + usize::from(N > 1);
        let found = (columns(&query)?, columns(&hidden)?);
        ensure!(
            found == (N * width, features * width),
            "head {name} reads {} and {} numbers, not {} and {}",
            found.0,
            found.1,
            N * width,
            features * width
        );
        let query_bias = tensors.vector(&format!("{query}.bias"))?;
        let hidden_bias = tensors.vector(&format!("{hidden}.bias"))?;
        let query = Dense::parts(tensors, &query, width, None, precision)?;
        let hidden = Dense::parts(tensors, &hidden, width, Some(hidden_bias), precision)?;
        let mut hidden = hidden.into_iter();
        let output = Dense::named(tensors, &format!("{name}.output"), precision)?;
        ensure!(
            output.outputs() == classes,
            "head {name} has {} outputs for {classes} labels",
            output.outputs()
        );
        let all = "a part for each span";
        let rest = "as many parts as features";
        let means: Vec<_> = hidden.by_ref().take(N).collect();
        Ok(Self {
            query: query.try_into().ok().expect(all),
            query_bias,
            means: means.try_into().ok().expect(all),
            product: if N > 1 { hidden.next() } else { None },
            context: hidden.next().expect(rest),
            first: hidden.next().expect(rest),
            output,
        })
    }

    /// Logits for each item.
    pub(super) fn score(
        &self,
        hidden: &Hidden,
        items: &[[Range<usize>; N]],
    ) -> Result<Vec<Vec<f32>>> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let spans = Spans::of(items);
        let means = spans.means(hidden);
        let queries = spans.sums(items, &means, &self.query, &self.query_bias)?;
        let contexts = contexts(hidden, &queries);

        let first = self.first.answer(&hidden.values[..hidden.width])?;
        let mut features = spans.sums(items, &means, &self.means, &first)?;
        if let Some(layer) = &self.product {
            let products = spans.products(items, &means, hidden.width);
            layer.apply(&products, Then::Add, &mut features)?;
        }
        self.context.apply(&contexts, Then::Add, &mut features)?;
        Gelu.map_mut(&mut features);
        let logits = self.output.answer(&features)?;
        Ok(logits.chunks_exact(self.output.outputs()).map(<[f32]>::to_vec).collect())
    }
}

/// The different spans of some items, sorted.
struct Spans(Vec<(usize, usize)>);

impl Spans {
    fn of<const N: usize>(items: &[[Range<usize>; N]]) -> Self {
        let mut spans: Vec<_> = items.iter().flatten().map(|span| (span.start, span.end)).collect();
        spans.sort_unstable();
        spans.dedup();
        Self(spans)
    }

    fn index(&self, span: &Range<usize>) -> usize {
        self.0.binary_search(&(span.start, span.end)).expect("made of the same items")
    }

    /// The mean hidden state of each span; zeros for an empty one, as in training.
    fn means(&self, hidden: &Hidden) -> Vec<f32> {
        let mut means = vec![0.0; self.0.len() * hidden.width];
        for (&(start, end), mean) in self.0.iter().zip(means.chunks_exact_mut(hidden.width)) {
            let share = 1.0 / (end - start).max(1) as f32;
            for row in hidden.rows(start..end) {
                for (sum, value) in mean.iter_mut().zip(row) {
                    *sum += value * share;
                }
            }
        }
        means
    }

    /// For each item, `base` plus what each layer makes of the mean of its span.
    fn sums<const N: usize>(
        &self,
        items: &[[Range<usize>; N]],
        means: &[f32],
        layers: &[Dense; N],
        base: &[f32],
    ) -> Result<Vec<f32>> {
        let width = base.len();
        let mut sums = base.repeat(items.len());
        for (n, layer) in layers.iter().enumerate() {
            let of_spans = layer.answer(means)?;
            for (item, sum) in items.iter().zip(sums.chunks_exact_mut(width)) {
                let of_span = &of_spans[self.index(&item[n]) * width..][..width];
                for (sum, value) in sum.iter_mut().zip(of_span) {
                    *sum += value;
                }
            }
        }
        Ok(sums)
    }

    /// For each item, the product of the means of its first and last span.
    fn products<const N: usize>(
        &self,
        items: &[[Range<usize>; N]],
        means: &[f32],
        width: usize,
    ) -> Vec<f32> {
        let mean = |span| means[self.index(span) * width..][..width].iter();
        items
            .iter()
            .flat_map(|item| mean(&item[0]).zip(mean(&item[N - 1])).map(|(a, b)| a * b))
            .collect()
    }
}

/// What each query draws from the sentence: items x width.
fn contexts(hidden: &Hidden, queries: &[f32]) -> Vec<f32> {
    let mut context = vec![0.0; queries.len()];
    let states = &hidden.values;
    Draw { queries, states, width: hidden.width, context: &mut context }.dispatch();
    context
}
