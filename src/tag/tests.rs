//! What is found and judged, by the fake; what is read once.

use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::article::{EntityType, Quad, Sign};
use crate::model::{Heads, Hidden};

/// The readings of one sentence by the fake, and the span of a word in it.
fn read(text: &str) -> (Tagger, Reading) {
    let tagger = Tagger::fake().unwrap();
    let reading = tagger.sentences(text, &[Span::new(0, text.len())]).unwrap().remove(0);
    (tagger, reading)
}

fn span(text: &str, word: &str) -> Span {
    let start = text.find(word).unwrap();
    Span::new(start, start + word.len())
}

#[test]
fn entities_are_runs_of_words() {
    let text = "In Kabul, Pakistani Prime Minister Imran Khan met the Taliban.";
    let (tagger, reading) = read(text);
    let entities = tagger.entities(text, [(0, &reading)]).unwrap();
    let found: Vec<_> = entities.iter().map(|e| (e.span.of(text), e.entity_type)).collect();
    assert_eq!(
        found,
        [
            ("Kabul", EntityType::Location),
            ("Pakistani", EntityType::Norp),
            ("Imran Khan", EntityType::Person),
            ("Taliban", EntityType::Organization),
        ]
    );
    assert!(entities.iter().all(|e| e.sentence == 0 && e.score > 0.9 && e.score <= 1.0));
}

#[test]
fn stance_has_a_direction() {
    for (text, stance, quad) in [
        ("Iran blamed the Taliban.", Sign::Negative, Quad::VerbalConflict),
        ("The Taliban was blamed by Iran.", Sign::Negative, Quad::VerbalConflict),
        ("Iran has aided the Taliban.", Sign::Positive, Quad::MaterialCooperation),
        ("Iran met the Taliban.", Sign::Neutral, Quad::None),
    ] {
        let (tagger, reading) = read(text);
        let [iran, taliban] = ["Iran", "Taliban"].map(|name| span(text, name));
        let pairs = [[iran, taliban], [taliban, iran]];
        let found = tagger.pairs(text, &reading, &pairs).unwrap();
        assert_eq!((found[0].0.sign(), found[0].1.quad().0), (stance, quad), "{text}");
        assert_eq!((found[1].0.sign(), found[1].1.quad().0), (Sign::Neutral, Quad::None));
        let sentiment = tagger.sentiment(&reading, &[taliban, iran]).unwrap();
        assert_eq!([sentiment[0].sign(), sentiment[1].sign()], [stance, Sign::Neutral]);
    }
}

#[test]
fn a_long_sentence_reads_as_one() {
    let text = format!("{} and Iran blamed the Taliban", "Kabul met Delhi , ".repeat(50));
    let (tagger, reading) = read(&text);
    assert_eq!(tagger.windows(slice::from_ref(&reading)), 5);
    tagger.read([&reading]).unwrap();
    let hidden = reading.hidden.get().unwrap();
    assert_eq!(hidden.tokens(), reading.tokens.len());
    let ids: Vec<_> = hidden.rows(0..reading.tokens.len()).map(|row| row[0] as u32).collect();
    assert_eq!(ids, reading.tokens.ids);
    let pair = [span(&text, "Iran"), span(&text, "Taliban")];
    assert_eq!(tagger.pairs(&text, &reading, &[pair]).unwrap()[0].0.sign(), Sign::Negative);
}

#[test]
fn a_span_without_tokens_is_no_error() {
    let (tagger, reading) = read("Iran \u{200b} met us");
    let nowhere = Span::new(5, 8);
    assert_eq!(tagger.sentiment(&reading, &[nowhere]).unwrap().len(), 1);
    assert_eq!(tagger.kinds(&reading, &[]).unwrap().len(), 0);
}

/// Counts the windows that it reads.
struct Counting(fake::Fake, Arc<AtomicUsize>);

impl Model for Counting {
    fn encode(&self, windows: &[&Tokens]) -> Result<Vec<Hidden>> {
        self.1.fetch_add(windows.len(), Ordering::Relaxed);
        self.0.encode(windows)
    }

    fn heads(&self) -> &dyn Heads {
        self.0.heads()
    }
}

#[test]
fn a_reprint_is_not_read_again_and_says_the_same() {
    let count = Arc::new(AtomicUsize::new(0));
    let encoder = fake::encoder().unwrap();
    let model = Counting(fake::Fake::new(&encoder), Arc::clone(&count));
    let tagger = Tagger {
        recall: Some(Recall::default()),
        ..Tagger::new(encoder, fake::config(), Box::new(model)).unwrap()
    };
    let judge = |text: &str, start: usize| {
        let reading = tagger.sentences(text, &[Span::new(start, text.len())]).unwrap().remove(0);
        tagger.read([&reading]).unwrap();
        let mut entities = tagger.entities(text, [(0, &reading)]).unwrap();
        let spans: Vec<Span> = entities.iter().map(|entity| entity.span).collect();
        let kinds = tagger.kinds(&reading, &spans).unwrap();
        let sentiment = tagger.sentiment(&reading, &spans).unwrap();
        let pairs = tagger.pairs(text, &reading, &[[spans[0], spans[1]]]).unwrap();
        tagger.remember([reading]);
        for entity in &mut entities {
            entity.span = Span::new(entity.span.start - start, entity.span.end - start);
        }
        (entities, kinds, sentiment, pairs)
    };
    let first = judge("Iran blamed the Taliban.", 0);
    assert_eq!(judge("Kabul, 3 May. Iran blamed the Taliban.", 14), first);
    assert_eq!(count.load(Ordering::Relaxed), 1);
    assert_ne!(judge("Iran met the Taliban.", 0), first);
    assert_eq!(count.load(Ordering::Relaxed), 2);

    let text = "Iran blamed the Taliban.";
    let other = tagger.sentences(text, &[Span::new(0, text.len())]).unwrap().remove(0);
    let taliban = [span(text, "Taliban")];
    assert_eq!(tagger.sentiment(&other, &taliban).unwrap()[0], first.2[1]);
    assert_eq!(count.load(Ordering::Relaxed), 3, "a question that was not asked is put");
}
