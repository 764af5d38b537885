//! Has a model read sentences: batches of bounded size, long sentences in windows.

use anyhow::Result;

use crate::encode::Tokens;
use crate::model::Hidden;

/// How much is read at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Tokens of a batch.
    pub(super) batch: usize,
    /// Most tokens of a window.
    pub(super) window: usize,
    /// Tokens that neighbouring windows share.
    pub(super) overlap: usize,
}

/// A window of a sentence: which sentence, the index of its first token, its tokens.
struct Window {
    sentence: usize,
    start: usize,
    tokens: Tokens,
}

/// Reads sentences in order.
pub(super) fn read(
    encode: impl Fn(&[&Tokens]) -> Result<Vec<Hidden>>,
    limits: Limits,
    sentences: &[&Tokens],
) -> Result<Vec<Hidden>> {
    let windows = windows(limits, sentences);
    let mut hidden = Vec::with_capacity(windows.len());
    for batch in batches(limits.batch, &windows) {
        let tokens: Vec<_> = batch.iter().map(|window| &window.tokens).collect();
        hidden.extend(encode(&tokens)?);
    }
    let mut parts = windows.iter().zip(hidden).peekable();
    let mut whole = Vec::with_capacity(sentences.len());
    for (sentence, tokens) in sentences.iter().enumerate() {
        let mut of_sentence = Vec::new();
        while let Some((window, hidden)) = parts.next_if(|(window, _)| window.sentence == sentence)
        {
            of_sentence.push((window.start, hidden));
        }
        whole.push(stitch(of_sentence, tokens.len()));
    }
    Ok(whole)
}

fn windows(limits: Limits, sentences: &[&Tokens]) -> Vec<Window> {
    let of_sentence = |(sentence, tokens): (usize, &&Tokens)| {
        let windows = tokens.windows(limits.window, limits.overlap);
        windows.into_iter().map(move |(start, tokens)| Window { sentence, start, tokens })
    };
    sentences.iter().enumerate().flat_map(of_sentence).collect()
}

/// Runs of windows of at most so many tokens together.
fn batches(most: usize, windows: &[Window]) -> Vec<&[Window]> {
    let mut batches = Vec::new();
    let mut rest = windows;
    while !rest.is_empty() {
        let mut tokens = 0;
        let fits = rest.iter().take_while(|window| {
            tokens += window.tokens.len();
            tokens <= most
        });
        let (batch, others) = rest.split_at(fits.count().max(1));
        batches.push(batch);
        rest = others;
    }
    batches
}

/// One `Hidden` for a sentence of `tokens`, from its windows and the index of the first token of
/// each: every row from the window in which it is farthest from an edge, `[CLS]` from the first,
/// `[SEP]` from the last.
fn stitch(mut windows: Vec<(usize, Hidden)>, tokens: usize) -> Hidden {
    if windows.len() == 1
        && let Some((_, hidden)) = windows.pop()
    {
        return hidden;
    }
    let width = windows[0].1.width;
    let mut values = Vec::with_capacity(tokens * width);
    for token in 0..tokens {
        let (start, hidden) = owner(&windows, token, tokens);
        let row = if token == 0 { 0 } else { token - start + 1 };
        values.extend_from_slice(&hidden.values[row * width..(row + 1) * width]);
    }
    Hidden { values, width }
}

/// The window in which a token has most context on its poorer side; the first of equals.
fn owner(windows: &[(usize, Hidden)], token: usize, tokens: usize) -> &(usize, Hidden) {
    let context = |(start, hidden): &&(usize, Hidden)| {
        let end = start + hidden.tokens() - 2;
        (token.checked_sub(*start))
            .zip(end.checked_sub(token + 1))
            .map(|(left, right)| left.min(right))
    };
    if token == 0 {
        &windows[0]
    } else if token == tokens - 1 {
        &windows[windows.len() - 1]
    } else {
        windows.iter().rev().max_by_key(context).expect("a sentence has windows")
    }
}
