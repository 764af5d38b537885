//! Bytes -> a text -> the stages that work on texts.

use std::sync::LazyLock;

use demarche::article::{Document, Span};
use demarche::assets;
use demarche::clock::Clock;
use demarche::encode::Encoder;
use demarche::gazetteer::Gazetteer;
use demarche::pipeline::{self, Stages};
use demarche::stories::Signer;
use demarche::tag::Tagger;
use demarche::{clean as cleaning, segment as segmenting};

/// Each character of a clean text leads back to one of the raw text, in order.
pub(crate) fn clean(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    let cleaned = cleaning::clean(&raw);
    let mut last = 0;
    for (at, _) in cleaned.text.char_indices() {
        let back = cleaned.raw_offset(at);
        assert!(back >= last && raw.is_char_boundary(back), "{at} leads to {back}");
        last = back;
    }
    assert!((last..=raw.len()).contains(&cleaned.raw_offset(cleaned.text.len())));
}

/// Sentences are in order and cover all but white space.
pub(crate) fn segment(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut end = 0;
    for sentence in segmenting::sentences(&text) {
        assert!(sentence.start >= end && sentence.end > sentence.start);
        assert_eq!(text[end..sentence.start].trim(), "");
        assert!(sentence.of(&text).len() <= segmenting::MAX_BYTES);
        end = sentence.end;
    }
    assert_eq!(text[end..].trim(), "");
}

/// Windows, of a size that the first byte says, hold all tokens of a sentence, each in its place.
pub(crate) fn windows(bytes: &[u8]) {
    static ENCODER: LazyLock<Encoder> =
        LazyLock::new(|| Encoder::load(&assets::MODEL).expect("the tokenizer is in the program"));
    let Some((&size, bytes)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(bytes);
    let sentence = Span::new(0, text.len());
    let tokens = ENCODER.tokens(&text, sentence).expect("any text has tokens");
    for token in &tokens.spans {
        assert!(sentence.contains(*token));
        assert!(text.is_char_boundary(token.start) && text.is_char_boundary(token.end));
    }
    let size = 3 + usize::from(size);
    let mut next = 1;
    for (start, window) in tokens.windows(size, size / 2) {
        let end = start + window.len() - 2;
        assert!(window.len() <= size && start <= next && end >= next.min(end));
        assert_eq!(window.ids[1..window.len() - 1], tokens.ids[start..end]);
        next = end;
    }
    assert_eq!(next, tokens.len() - 1);
}

/// Mentions lie in their sentences, pairs within one.
pub(crate) fn annotate(bytes: &[u8]) {
    thread_local!(static STAGES: Stages = Stages {
        gazetteer: Gazetteer::built_in().expect("the gazetteer is in the program"),
        tagger: Tagger::fake().expect("the fake needs no files"),
        signer: Signer::default(),
    });
    STAGES.with(|stages| annotate_with(bytes, stages));
}

fn annotate_with(bytes: &[u8], stages: &Stages) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let document = Document { text, ..Document::default() };
    let annotated = pipeline::annotate(document, stages, &mut Clock::start());
    let (article, _) = annotated.expect("the fake does not fail");
    for mention in &article.mentions {
        let reference = &mention.reference;
        assert!(article.sentences[reference.sentence].contains(reference.span));
        assert_ne!(reference.span.of(&article.document.text), "");
    }
    for pair in &article.pairs {
        let sentence = |n: usize| article.mentions[n].reference.sentence;
        assert_eq!(sentence(pair.holder), sentence(pair.target));
    }
    stages.signer.sign(&article.document.text);
}
