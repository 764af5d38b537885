//! A sentence as a model reads it: its tokens, what the encoder made of them, and what was asked.

use std::cell::{OnceCell, RefCell};

use anyhow::Result;

use super::recall::Key;
use crate::article::{Entity, Polarity, Relation, Span};
use crate::encode::Tokens;
use crate::model::Hidden;

/// A sentence for a model. The encoder reads it when something is asked of it that is not known;
/// [`super::Tagger::read`] has it read many at once, which is faster.
#[derive(Debug)]
pub struct Reading {
    /// Its tokens.
    pub tokens: Tokens,
    /// What it is remembered by; `None` if it is not.
    pub(super) key: Option<Key>,
    /// What the encoder made of it, a row a token.
    pub(super) hidden: OnceCell<Hidden>,
    /// What is known of it.
    pub(super) answers: RefCell<Answers>,
    /// Whether the second model reads it.
    pub(super) is_second: bool,
}

/// What models have said of a sentence. Places are counted from its first byte.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Answers {
    /// The named entities, their sentence not numbered.
    pub(super) entities: Option<Box<[Entity]>>,
    /// What spans stand for.
    pub(super) kinds: Told<Span, [f32; 7]>,
    /// What is expressed toward spans.
    pub(super) sentiment: Told<Span, Polarity>,
    /// What the first of two spans thinks of the second, and does to it.
    pub(super) pairs: Told<[Span; 2], (Polarity, Relation)>,
}

/// Questions that were asked together, each with its answer.
pub(super) type Told<Q, A> = Box<[(Q, A)]>;

impl Reading {
    /// A sentence by its tokens, for the model that reads every one.
    pub fn new(tokens: Tokens) -> Self {
        let (hidden, answers) = (OnceCell::new(), RefCell::default());
        Self { tokens, key: None, hidden, answers, is_second: false }
    }

    /// The same sentence for the second model.
    pub(super) fn for_second(&self) -> Self {
        let key = self.key.map(Key::for_second);
        Self { key, is_second: true, ..Self::new(self.tokens.clone()) }
    }

    /// Whether neither the encoder has read it nor anything is known of it.
    pub(super) fn is_unread(&self) -> bool {
        self.hidden.get().is_none() && *self.answers.borrow() == Answers::default()
    }

    /// Where the sentence stands in the text: its marks are empty spans at its ends.
    pub(super) fn sentence(&self) -> Span {
        let ends = self.tokens.spans.first().zip(self.tokens.spans.last());
        ends.map_or(Span::new(0, 0), |(first, last)| Span::new(first.start, last.end))
    }

    /// A span of the text, counted from the first byte of the sentence.
    pub(super) fn inside(&self, span: Span) -> Span {
        let start = self.sentence().start;
        Span::new(span.start - start, span.end - start)
    }

    /// Spans of the text, counted from the first byte of the sentence.
    pub(super) fn all_inside(&self, spans: &[Span]) -> Vec<Span> {
        spans.iter().map(|&span| self.inside(span)).collect()
    }

    /// The named entities: those that are known, else those that `find` gives; all of them with
    /// the number of the sentence and their places in the text.
    pub(super) fn entities(
        &self,
        sentence: usize,
        find: impl FnOnce() -> Result<Vec<Entity>>,
    ) -> Result<Vec<Entity>> {
        let start = self.sentence().start;
        if let Some(known) = &self.answers.borrow().entities {
            let here =
                |entity: &Entity| Entity { sentence, span: entity.span.shifted(start), ..*entity };
            return Ok(known.iter().map(here).collect());
        }
        let found = find()?;
        let inside = |entity: &Entity| Entity { span: self.inside(entity.span), ..*entity };
        self.answers.borrow_mut().entities = Some(found.iter().map(inside).collect());
        Ok(found)
    }

    /// The answers to questions: those that are known if the very same were asked before, else
    /// those that `ask` gives.
    pub(super) fn told<Q: PartialEq + Copy, A: Copy>(
        &self,
        of: impl Fn(&mut Answers) -> &mut Told<Q, A>,
        questions: &[Q],
        ask: impl FnOnce() -> Result<Vec<A>>,
    ) -> Result<Vec<A>> {
        {
            let answers = &mut *self.answers.borrow_mut();
            let known = of(answers);
            if known.iter().map(|(question, _)| question).eq(questions) {
                return Ok(known.iter().map(|(_, answer)| *answer).collect());
            }
        }
        let answers = ask()?;
        *of(&mut self.answers.borrow_mut()) =
            questions.iter().copied().zip(answers.iter().copied()).collect();
        Ok(answers)
    }
}
