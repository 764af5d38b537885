//! What the model says of the targets and pairs that a sentence's labels ask about.

use anyhow::Result;

use super::actors;
use super::gold::Gold;
use crate::article::{Article, Document, Polarity, Relation, Span};
use crate::clock::Clock;
use crate::pipeline::{self, Stages};
use crate::tag::{Asked, Reading, Tagger};

/// Where the mentions come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mentions {
    /// From the file: the model judges exactly the marked spans.
    Marked,
    /// From the program, as in a run.
    Found,
}

/// An answer for each target, stance and relation of a sentence, in the order of its labels.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) sentiment: Vec<Polarity>,
    pub(super) stance: Vec<Polarity>,
    pub(super) relation: Vec<Relation>,
    /// How many of them are about mentions that were found.
    pub(super) found: usize,
}

/// What a report says of a mention or pair that it does not have: nothing.
const SILENCE: Polarity = Polarity { negative: 0.0, neutral: 1.0, positive: 0.0 };
const NO_RELATION: Relation = Relation([1.0, 0.0, 0.0, 0.0, 0.0]);

impl Answers {
    /// The model's, the spans given.
    pub(super) fn marked(gold: &Gold, reading: Reading, tagger: &Tagger) -> Result<Self> {
        let targets: Vec<Span> = gold.sentiment.iter().flatten().map(|(span, _)| *span).collect();
        let stances: Vec<_> = gold.stance.iter().flatten().map(|(h, t, _)| [*h, *t]).collect();
        let relations: Vec<_> = gold.relation.iter().flatten().map(|(s, t, _)| [*s, *t]).collect();
        let (mentions, pairs) = (targets.len(), stances.len() + relations.len());
        let readings = [reading];
        let mut closer = tagger.read_again(&readings, [Asked { sentence: 0, mentions, pairs }])?;
        let reading = &closer.remove(&0).unwrap_or_else(|| {
            let [reading] = readings;
            reading
        });
        let stance =
            tagger.pairs(&gold.text, reading, &stances)?.into_iter().map(|(stance, _)| stance);
        let relation =
            tagger.pairs(&gold.text, reading, &relations)?.into_iter().map(|(_, quad)| quad);
        Ok(Self {
            sentiment: tagger.sentiment(reading, &targets)?,
            stance: stance.collect(),
            relation: relation.collect(),
            found: targets.len() + stances.len() + relations.len(),
        })
    }

    /// Those of a run over the sentence; silence on mentions that it does not find.
    pub(super) fn found(gold: &Gold, stages: &Stages) -> Result<Self> {
        let article = annotate(gold, stages)?;
        let mention = |span: &Span| {
            article.mentions.iter().position(|mention| mention.reference.span.overlaps(*span))
        };
        let pair = |holder: &Span, target: &Span| {
            let (holder, target) = (mention(holder)?, mention(target)?);
            article.pairs.iter().find(|pair| pair.holder == holder && pair.target == target)
        };
        let mut answers = Self::default();
        for (target, _) in gold.sentiment.iter().flatten() {
            let found = mention(target).map(|n| article.mentions[n].sentiment);
            answers.found += usize::from(found.is_some());
            answers.sentiment.push(found.unwrap_or(SILENCE));
        }
        for (holder, target, _) in gold.stance.iter().flatten() {
            let found = pair(holder, target);
            answers.found += usize::from(found.is_some());
            answers.stance.push(found.map_or(SILENCE, |pair| pair.stance));
        }
        for (source, target, _) in gold.relation.iter().flatten() {
            let found = pair(source, target);
            answers.found += usize::from(found.is_some());
            answers.relation.push(found.map_or(NO_RELATION, |pair| pair.relation));
        }
        Ok(answers)
    }

    /// How many there are.
    pub(super) fn asked(&self) -> usize {
        self.sentiment.len() + self.stance.len() + self.relation.len()
    }
}

/// What a run makes of the sentence as an article of its own.
fn annotate(gold: &Gold, stages: &Stages) -> Result<Article> {
    let document = Document {
        author_country: gold.speaker.as_deref().map(str::parse).transpose()?,
        date: gold.year.map(actors::last_day).transpose()?,
        text: gold.text.clone(),
        ..Document::default()
    };
    let whole = vec![Span::new(0, gold.text.len())];
    let (article, _) = pipeline::annotate_sentences(document, whole, stages, &mut Clock::start())?;
    Ok(article)
}
