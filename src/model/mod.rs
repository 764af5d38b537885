//! What a model must do: read tokenised sentences, and score spans of what it has read.

use std::ops::Range;

use anyhow::Result;

use crate::encode::Tokens;

pub mod config;
pub mod embedded;
pub mod fake;
mod weights;
mod linear;
mod vector;
mod aligned;
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod amx;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(all(test, target_arch = "x86_64", target_os = "linux"))]
mod fenced;
mod tiles;
mod product;
mod gelu;
mod int8;
mod dense;
mod relative;
mod attention;
mod layer;
mod span_head;
mod heads;
pub mod hub;
pub mod engine;
#[cfg(feature = "rust-bert")]
mod rust_bert;
#[cfg(not(feature = "rust-bert"))]
#[path = "no_rust_bert.rs"]
mod rust_bert;

pub use dense::Precision;

/// What the encoder made of one sentence: a row of `width` numbers for every token,
/// `[CLS]` first and `[SEP]` last.
#[derive(Debug, Clone, PartialEq)]
pub struct Hidden {
    /// Row-major values, tokens x width.
    pub values: Vec<f32>,
    /// Numbers a token.
    pub width: usize,
}

impl Hidden {
    /// How many tokens there are, `[CLS]` and `[SEP]` included.
    pub fn tokens(&self) -> usize {
        self.values.len() / self.width
    }

    /// The rows of a range of tokens.
    pub fn rows(&self, tokens: Range<usize>) -> impl Iterator<Item = &[f32]> {
        self.values[tokens.start * self.width..tokens.end * self.width].chunks_exact(self.width)
    }
}

/// Tasks that judge one span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpanTask {
    /// Negative, neutral or positive: what the sentence expresses toward the span.
    Sentiment,
    /// What the span stands for: the order of [`crate::article::Kind::ALL`].
    Kind,
}

/// Tasks that judge an ordered pair of spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PairTask {
    /// Against, neutral or favor: what the first thinks of the second.
    Stance,
    /// What the first does to the second: the order of [`crate::article::Quad::ALL`].
    Relation,
}

/// Reads sentences and judges spans. Nothing it says of a sentence may depend on the batch, nor
/// what it says of a span on the other spans asked about.
///
/// Up to the last bits of a sum, that is, where an engine cannot do better: rust-bert's products of
/// matrices round in an order that depends on their size. Batches are always cut within an article,
/// so an article's figures do not depend on its neighbours, nor on the threads.
pub trait Model: Sync {
    /// Tokens of a batch that suit the engine. By default two full windows, as measured in
    /// docs/performance.md.
    fn batch(&self) -> usize {
        512
    }

    /// Hidden states of each window (at most the model's window length each), in order.
    fn encode(&self, windows: &[&Tokens]) -> Result<Vec<Hidden>>;

    /// What judges the sentences that it has encoded.
    fn heads(&self) -> &dyn Heads;
}

/// Judges spans of a sentence by its hidden states.
pub trait Heads: Sync {
    /// Logits of the entity tags for every token, tokens x labels, in the order of the model's file.
    fn tags(&self, hidden: &Hidden) -> Result<Vec<f32>>;

    /// Logits for each span (a range of token indices).
    fn score_spans(
        &self,
        task: SpanTask,
        hidden: &Hidden,
        spans: &[Range<usize>],
    ) -> Result<Vec<Vec<f32>>>;

    /// Logits for each ordered pair of spans: holder and target, source and target.
    fn score_pairs(
        &self,
        task: PairTask,
        hidden: &Hidden,
        pairs: &[[Range<usize>; 2]],
    ) -> Result<Vec<Vec<f32>>>;
}

/// Tasks of other people's models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// A label for every token: entities.
    Tags,
    /// A label for a pair of texts: whether the second follows from the first.
    Inference,
}

/// What a classifier reads.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Vocabulary ids, the tokenizer's marks included.
    pub ids: &'a [u32],
    /// The token type of each: of which text it is; empty if all are 0.
    pub types: &'a [u8],
}

/// A model of someone else's: what `--entities-model` and `--stance-model` name.
pub trait Classifier: Sync {
    /// Most tokens of an input.
    fn window(&self) -> usize;

    /// Logits of each input, in order: a row a token where the task is tags, else one row.
    fn logits(&self, inputs: &[Input<'_>]) -> Result<Vec<Hidden>>;
}
