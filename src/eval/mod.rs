//! Gold files -> scores of the model, task by task.

mod actors;
mod gold;
mod score;
mod table;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::article::{EntityType, Polarity, Quad, Sign, Span};
use crate::gazetteer::Gazetteer;
use crate::tag::{Reading, Tagger};

pub use actors::Actors;
pub use gold::{Gold, read};
pub use score::{Bin, Classification, Extraction, Judgement, Label};
pub use table::table;

/// Scores of all tasks that the files label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// Entities by exact span and type, a leading 'the' ignored on both sides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<Extraction>,
    /// Who the marked mentions stand for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actors: Option<Actors>,
    /// Sentiment toward the marked targets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<Classification>,
    /// Stance of the marked pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stance: Option<Classification>,
    /// Share of the non-neutral pairs for which the model says the gold's side of the other
    /// direction, which the gold calls neutral: 'A blames B' read as B against A.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stance_wrong_direction: Option<f64>,
    /// Relation of the marked pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Classification>,
}

/// Scores the model on all sentences of the files together.
pub fn files(paths: &[PathBuf], tagger: &Tagger, gazetteer: &Gazetteer) -> Result<Scores> {
    let mut sentences = Vec::new();
    for path in paths {
        sentences.extend(gold::read(path)?);
    }
    if sentences.is_empty() {
        bail!("no labelled sentence in the files; docs/gold.md describes the format");
    }
    let mut ledger = Ledger::default();
    for sentence in &sentences {
        ledger
            .judge(sentence, tagger, gazetteer)
            .with_context(|| format!("at '{}'", sentence.text))?;
    }
    Ok(ledger.scores(&sentences))
}

/// Judgements of all sentences so far.
#[derive(Default)]
struct Ledger {
    found: BTreeSet<((usize, Span), String)>,
    actors: actors::Tally,
    sentiment: Vec<Judgement>,
    stance: Vec<Judgement>,
    relation: Vec<Judgement>,
    directed: usize,
    reversed: usize,
    sentences: usize,
}

impl Ledger {
    fn judge(&mut self, gold: &Gold, tagger: &Tagger, gazetteer: &Gazetteer) -> Result<()> {
        let whole = Span::new(0, gold.text.len());
        let reading = tagger.read(tagger.tokens(&gold.text, &[whole])?)?.remove(0);
        if gold.entities.is_some() {
            for entity in tagger.entities(&gold.text, 0, &reading)? {
                let place = (self.sentences, without_the(entity.span, &gold.text));
                self.found.insert((place, entity.entity_type.label().to_owned()));
            }
        }
        self.actors.judge(gold, &reading, tagger, gazetteer)?;
        self.judge_sentiment(gold, &reading, tagger)?;
        self.judge_stance(gold, &reading, tagger)?;
        self.judge_relation(gold, &reading, tagger)?;
        self.sentences += 1;
        Ok(())
    }

    fn judge_sentiment(&mut self, gold: &Gold, reading: &Reading, tagger: &Tagger) -> Result<()> {
        let targets = gold.sentiment.as_deref().unwrap_or_default();
        let spans: Vec<Span> = targets.iter().map(|(span, _)| *span).collect();
        let said = tagger.sentiment(reading, &spans)?;
        self.sentiment
            .extend(targets.iter().zip(said).map(|((_, sign), said)| judged(*sign, said)));
        Ok(())
    }

    fn judge_stance(&mut self, gold: &Gold, reading: &Reading, tagger: &Tagger) -> Result<()> {
        let pairs = gold.stance.as_deref().unwrap_or_default();
        let spans: Vec<[Span; 2]> =
            pairs.iter().map(|(holder, target, _)| [*holder, *target]).collect();
        let said: Vec<Polarity> =
            tagger.pairs(reading, &spans)?.into_iter().map(|(stance, _)| stance).collect();
        self.stance
            .extend(pairs.iter().zip(&said).map(|((_, _, sign), said)| judged(*sign, *said)));
        for ((holder, target, sign), here) in pairs.iter().zip(&said) {
            if *sign == Sign::Neutral {
                continue;
            }
            self.directed += 1;
            let back = pairs.iter().zip(&said).find(|((h, t, _), _)| h == target && t == holder);
            let is_reversed = back.is_some_and(|((_, _, truth), there)| {
                here.sign() == Sign::Neutral && *truth == Sign::Neutral && there.sign() == *sign
            });
            self.reversed += usize::from(is_reversed);
        }
        Ok(())
    }

    fn judge_relation(&mut self, gold: &Gold, reading: &Reading, tagger: &Tagger) -> Result<()> {
        let pairs = gold.relation.as_deref().unwrap_or_default();
        let spans: Vec<[Span; 2]> =
            pairs.iter().map(|(source, target, _)| [*source, *target]).collect();
        for ((_, _, quad), (_, said)) in pairs.iter().zip(tagger.pairs(reading, &spans)?) {
            let (chosen, confidence) = said.quad();
            self.relation.push(Judgement {
                gold: *quad as usize,
                said: chosen as usize,
                confidence,
            });
        }
        Ok(())
    }

    fn scores(self, sentences: &[Gold]) -> Scores {
        let labelled = |task: &[Judgement], labels: &[&str]| {
            (!task.is_empty()).then(|| score::classification(labels, task))
        };
        Scores {
            entities: entities(sentences, self.found),
            actors: self.actors.scores(),
            sentiment: labelled(&self.sentiment, &["negative", "neutral", "positive"]),
            stance_wrong_direction: (self.directed > 0)
                .then(|| score::share(self.reversed, self.directed)),
            stance: labelled(&self.stance, &["against", "neutral", "favor"]),
            relation: labelled(&self.relation, &Quad::ALL.map(Quad::label)),
        }
    }
}

fn judged(gold: Sign, said: Polarity) -> Judgement {
    let chosen = said.sign();
    let confidence = [said.negative, said.neutral, said.positive][chosen as usize];
    Judgement { gold: gold as usize, said: chosen as usize, confidence }
}

/// What CoNLL's four types are called here; its files know no dates and sums of money.
const CONLL: [(&str, &[EntityType]); 4] = [
    ("PER", &[EntityType::Person]),
    ("ORG", &[EntityType::Organization]),
    ("LOC", &[EntityType::Location, EntityType::Facility]),
    ("MISC", &[EntityType::Norp, EntityType::Misc, EntityType::Product]),
];

fn entities(sentences: &[Gold], found: BTreeSet<((usize, Span), String)>) -> Option<Extraction> {
    let mut gold = BTreeSet::new();
    let mut is_labelled = false;
    for (n, sentence) in sentences.iter().enumerate() {
        is_labelled |= sentence.entities.is_some();
        for (span, label) in sentence.entities.iter().flatten() {
            gold.insert(((n, without_the(*span, &sentence.text)), label.clone()));
        }
    }
    let is_conll = gold.iter().any(|(_, label)| CONLL.iter().any(|(name, _)| name == label));
    let found = if is_conll { found.into_iter().filter_map(as_conll).collect() } else { found };
    is_labelled.then(|| score::extraction(&gold, &found))
}

fn as_conll<T>((place, label): (T, String)) -> Option<(T, String)> {
    let entity_type = EntityType::from_label(&label)?;
    let (name, _) = CONLL.iter().find(|(_, types)| types.contains(&entity_type))?;
    Some((place, (*name).to_owned()))
}

/// The span without a leading 'the', which sources count in or leave out.
fn without_the(span: Span, text: &str) -> Span {
    let covered = span.of(text);
    match covered.get(..4) {
        Some(the) if the.eq_ignore_ascii_case("the ") => Span::new(span.start + 4, span.end),
        _ => span,
    }
}
