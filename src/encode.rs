//! Turns sentences into token ids with their places in the text, and long ones into windows.

use std::ops::Range;

use anyhow::{Result, anyhow, ensure};
use tokenizers::Tokenizer;

use crate::article::Span;
use crate::assets::Assets;

/// A sentence, or a window of one, as the encoder takes it: `[CLS]` first, `[SEP]` last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Vocabulary ids.
    pub ids: Vec<u32>,
    /// Case class of the word each token belongs to, see [`case_class`].
    pub cases: Vec<u8>,
    /// Where each token stands in the cleaned text; empty spans for `[CLS]` and `[SEP]`.
    /// Starts and ends never decrease, but tokens may share a character: 'ﬁ' is two letters.
    pub spans: Vec<Span>,
    /// Whether each token is the first of a word.
    pub starts_word: Vec<bool>,
}

impl Tokens {
    /// How many there are, `[CLS]` and `[SEP]` included.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none; an encoder always gives at least two.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The tokens that share a byte with a span of the text; empty if none does.
    pub fn within(&self, span: Span) -> Range<usize> {
        let start = self.spans.partition_point(|token| token.end <= span.start);
        let end = self.spans.partition_point(|token| token.start < span.end);
        let mut inside = (start..end).filter(|&token| self.spans[token].overlaps(span));
        let Some(first) = inside.next() else {
            return 0..0;
        };
        first..inside.next_back().unwrap_or(first) + 1
    }

    /// The words, each as the range of its tokens, in order.
    pub fn words(&self) -> Vec<Range<usize>> {
        let starts = (0..self.len()).filter(|&token| self.starts_word[token]);
        let ends = starts.clone().skip(1).chain([self.len().max(1) - 1]);
        starts.zip(ends).map(|(start, end)| start..end).collect()
    }

    /// Cuts a sentence into windows of at most `window` tokens, `[CLS]` and `[SEP]` included,
    /// that share `overlap` tokens; the last window is a full one and may share more. Each comes
    /// with the index of its first token after `[CLS]`. A sentence that fits is its only window.
    pub fn windows(&self, window: usize, overlap: usize) -> Vec<(usize, Tokens)> {
        if self.len() <= window {
            return vec![(1, self.clone())];
        }
        let cut = |start| (start, self.window(start..start + window - 2));
        self.window_starts(window, overlap).map(cut).collect()
    }

    /// How many windows [`Tokens::windows`] cuts.
    pub fn count_windows(&self, window: usize, overlap: usize) -> usize {
        if self.len() <= window { 1 } else { self.window_starts(window, overlap).count() }
    }

    /// Where the windows of a sentence start that does not fit into one.
    fn window_starts(&self, window: usize, overlap: usize) -> impl Iterator<Item = usize> {
        let content = window - 2;
        let last = self.len() - 1 - content;
        let step = content.saturating_sub(overlap).max(1);
        (1..last).step_by(step).chain([last])
    }

    /// Some of the tokens, between `[CLS]` and `[SEP]`.
    fn window(&self, content: Range<usize>) -> Tokens {
        fn cut<T: Copy>(all: &[T], content: Range<usize>) -> Vec<T> {
            [&all[..1], &all[content], &all[all.len() - 1..]].concat()
        }
        Tokens {
            ids: cut(&self.ids, content.clone()),
            cases: cut(&self.cases, content.clone()),
            spans: cut(&self.spans, content.clone()),
            starts_word: cut(&self.starts_word, content),
        }
    }
}

/// The tokenizer of a model.
pub struct Encoder {
    tokenizer: Tokenizer,
}

impl Encoder {
    /// Loads `tokenizer.json` of a model.
    ///
    /// # Errors
    /// The file cannot be read or is no tokenizer.
    pub fn load(assets: &Assets) -> Result<Self> {
        let name = "tokenizer.json";
        let tokenizer = Tokenizer::from_bytes(assets.read(name)?)
            .map_err(|error| anyhow!("cannot read tokenizer {}: {error}", assets.place(name)))?;
        Self::new(tokenizer)
    }

    /// Wraps a tokenizer that puts `[CLS]` before a text and `[SEP]` behind it.
    ///
    /// # Errors
    /// It does not.
    pub fn new(mut tokenizer: Tokenizer) -> Result<Self> {
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|error| anyhow!("tokenizer: {error}"))?;
        // An article that says '[SEP]' must not end its own sentence.
        tokenizer.set_encode_special_tokens(true);
        let encoder = Self { tokenizer };
        ensure!(
            encoder.tokens("", Span::new(0, 0))?.len() == 2,
            "the tokenizer must put one token before a text and one behind it; take a BERT one"
        );
        Ok(encoder)
    }

    /// The id of a token of the vocabulary.
    pub fn id(&self, token: &str) -> Option<u32> {
        self.tokenizer.token_to_id(token)
    }

    /// Tokenises one sentence of a text; spans count from the start of the text.
    ///
    /// # Errors
    /// The tokenizer fails, which no text is known to cause.
    pub fn tokens(&self, text: &str, sentence: Span) -> Result<Tokens> {
        let of_sentence = sentence.of(text);
        let encoding = self
            .tokenizer
            .encode(of_sentence, true)
            .map_err(|error| anyhow!("cannot tokenise '{of_sentence}': {error}"))?;
        let words = encoding.get_word_ids();
        let spans = spans(encoding.get_offsets(), words, of_sentence);
        let cases = cases(&spans, words, of_sentence);
        let before = [None].into_iter().chain(words.iter().copied());
        Ok(Tokens {
            ids: encoding.get_ids().to_vec(),
            cases,
            starts_word: words
                .iter()
                .zip(before)
                .map(|(&word, before)| word.is_some() && word != before)
                .collect(),
            spans: spans.into_iter().map(|span| span.shifted(sentence.start)).collect(),
        })
    }
}

/// Byte spans on character boundaries, in order. The tokenizer's may be neither where one
/// character becomes several (Hangul, ligatures) or none (accents, control characters).
fn spans(offsets: &[(usize, usize)], words: &[Option<u32>], text: &str) -> Vec<Span> {
    let mut before = Span::new(0, 0);
    let mut spans = Vec::with_capacity(offsets.len());
    for (&(start, end), word) in offsets.iter().zip(words) {
        let span = match word {
            None if spans.is_empty() => Span::new(0, 0),
            None => Span::new(text.len(), text.len()),
            Some(_) => {
                let start = text.floor_char_boundary(start).max(before.start);
                let end = text.ceil_char_boundary(end).max(before.end);
                Span::new(start.min(end), end)
            }
        };
        spans.push(span);
        before = span;
    }
    spans
}

/// The case class of the word around each token; 0 for `[CLS]` and `[SEP]`.
fn cases(spans: &[Span], words: &[Option<u32>], text: &str) -> Vec<u8> {
    let mut cases = Vec::with_capacity(spans.len());
    for word in words.chunk_by(|a, b| a == b) {
        let tokens = cases.len()..cases.len() + word.len();
        let span = Span::new(spans[tokens.start].start, spans[tokens.end - 1].end);
        let case = if word[0].is_some() { case_class(span.of(text)) } else { 0 };
        cases.resize(tokens.end, case);
    }
    cases
}

/// The shape of a word, which an uncased vocabulary loses: 0 without capitals, 1 with only the
/// first letter a capital, 2 all capitals (at least two letters), 3 anything else ('McCain').
pub fn case_class(word: &str) -> u8 {
    let letters = word.chars().filter(|letter| letter.is_alphabetic());
    let capitals = letters.clone().filter(|letter| letter.is_uppercase());
    let starts_with_capital = letters.clone().next().is_some_and(char::is_uppercase);
    match (capitals.count(), letters.count()) {
        (0, _) => 0,
        (1, _) if starts_with_capital => 1,
        (capitals, letters) if capitals == letters => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::model::fake;

    /// WordPiece that knows the letters: every word is several pieces.
    fn encoder() -> Encoder {
        let letters = ('a'..='z').flat_map(|letter| [letter.to_string(), format!("##{letter}")]);
        let jamo = ['\u{1112}', '\u{1161}', '\u{11ab}', '文', '.', ',', '\'', '-'];
        let words = ["[UNK]", "[CLS]", "[SEP]"].map(str::to_owned).into_iter();
        let all = words
            .chain(letters)
            .chain(jamo.into_iter().flat_map(|c| [c.to_string(), format!("##{c}")]));
        let vocabulary: Map<String, Value> = all.zip((0u32..).map(Value::from)).collect();
        fake::encoder_of(&json!({
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocabulary,
        }))
        .unwrap()
    }

    fn whole(text: &str) -> Tokens {
        encoder().tokens(text, Span::new(0, text.len())).unwrap()
    }

    /// The words of a text, as the spans of their tokens.
    fn words<'a>(tokens: &Tokens, text: &'a str) -> Vec<&'a str> {
        let word = |range: Range<usize>| {
            Span::new(tokens.spans[range.start].start, tokens.spans[range.end - 1].end).of(text)
        };
        tokens.words().into_iter().map(word).collect()
    }

    #[test]
    fn case_is_that_of_the_word() {
        for (word, case) in [
            ("us", 0),
            ("2021", 0),
            ("...", 0),
            ("中国", 0),
            ("", 0),
            ("Us", 1),
            ("A", 1),
            ("Élysée", 1),
            ("US", 2),
            ("G20", 1),
            ("COVID", 2),
            ("ÖVP", 2),
            ("McCain", 3),
            ("iPhone", 3),
            ("USd", 3),
        ] {
            assert_eq!(case_class(word), case, "{word}");
        }
    }

    #[test]
    fn spans_count_from_the_start_of_the_text() {
        let text = "Ça va? In Kabul, US envoys met.";
        let tokens = encoder().tokens(text, Span::new(8, text.len())).unwrap();
        assert_eq!(words(&tokens, text), ["In", "Kabul", ",", "US", "envoys", "met", "."]);
        assert_eq!(tokens.cases[..4], [0, 1, 1, 1]);
        let us = tokens.within(Span::new(18, 20));
        assert_eq!(tokens.cases[us], [2, 2]);
    }

    #[test]
    fn awkward_characters_keep_their_places() {
        for (text, expected) in [
            ("Türkiye", vec!["Türkiye"]),
            ("Tu\u{308}rkiye!", vec!["Tu\u{308}rkiye", "!"]),
            ("Ka\u{200b}bul\u{0} fell", vec!["Ka\u{200b}bul", "fell"]),
            ("İran ﬁnds", vec!["İran", "ﬁnds"]),
            ("한 한", vec!["한", "한"]),
            ("a文b", vec!["a", "文", "b"]),
            ("[SEP]", vec!["[", "SEP", "]"]),
            ("  ", vec![]),
        ] {
            assert_eq!(words(&whole(text), text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_span_is_the_tokens_that_share_a_byte_with_it() {
        let tokens = whole("Iran met us");
        assert_eq!(tokens.within(Span::new(0, 4)), 1..5);
        assert_eq!(tokens.within(Span::new(3, 6)), 4..6);
        assert_eq!(tokens.within(Span::new(4, 5)), 0..0);
        assert_eq!(tokens.within(Span::new(0, 11)), 1..tokens.len() - 1);
    }

    #[test]
    fn windows_share_tokens_and_cover_the_sentence() {
        let tokens = whole(&"ab ".repeat(150));
        assert_eq!(tokens.len(), 302);
        let windows = tokens.windows(256, 128);
        let starts: Vec<_> = windows.iter().map(|(start, _)| *start).collect();
        assert_eq!(starts, [1, 47]);
        for (start, window) in windows {
            assert_eq!(window.len(), 256);
            assert_eq!(window.ids[1..255], tokens.ids[start..start + 254]);
            assert_eq!((window.ids[0], window.ids[255]), (tokens.ids[0], tokens.ids[301]));
        }
        assert_eq!(tokens.windows(302, 128), [(1, tokens.clone())]);
    }

    proptest! {
        #[test]
        fn spans_are_ordered_within_the_sentence_and_on_characters(
            before in "\\PC{0,8}",
            text in r"[a-zA-ZéÄßİﬁ한글文 ,.'\-\[\]0-9\u{0}\u{7f}\u{200b}\u{300}\u{308}\u{345}\u{1F1E6}\u{1F44D}\u{fffd}\n\t]{0,60}",
            any in ".{0,40}",
        ) {
            let sentence = format!("{text}{any}");
            let all = format!("{before}{sentence}{before}");
            let span = Span::new(before.len(), before.len() + sentence.len());
            let tokens = encoder().tokens(&all, span).unwrap();
            prop_assert_eq!(tokens.len(), tokens.spans.len());
            prop_assert_eq!(tokens.len(), tokens.cases.len());
            prop_assert_eq!(tokens.len(), tokens.starts_word.len());
            for token in &tokens.spans {
                prop_assert!(span.contains(*token));
                prop_assert!(all.is_char_boundary(token.start) && all.is_char_boundary(token.end));
            }
            prop_assert!(tokens.spans.is_sorted_by_key(|token| token.start));
            prop_assert!(tokens.spans.is_sorted_by_key(|token| token.end));
            prop_assert_eq!(tokens.words().iter().map(ExactSizeIterator::len).sum::<usize>(), tokens.len() - 2);
            for (start, window) in tokens.windows(16, 4) {
                prop_assert!(window.len() <= 16 && start >= 1);
            }
        }
    }
}
