//! Turns sentences into token ids with their places in the text, and long ones into windows.

use crate::article::Span;

/// A sentence, or a window of one, as the encoder takes it: `[CLS]` first, `[SEP]` last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Vocabulary ids.
    pub ids: Vec<u32>,
    /// Case class of the word each token belongs to; see the model card.
    pub cases: Vec<u8>,
    /// Where each token stands in the cleaned text; empty spans for `[CLS]` and `[SEP]`.
    pub spans: Vec<Span>,
    /// Whether each token is the first of a word.
    pub starts_word: Vec<bool>,
}
