//! Gold files -> scores of the model, task by task.

mod actors;
mod answers;
mod gold;
mod score;
mod table;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::article::{EntityType, Polarity, Quad, Sign, Span};
use crate::pipeline::Stages;

use answers::Answers;

pub use actors::Actors;
pub use answers::Mentions;
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
    /// Share of the marked targets and pairs whose mentions the program found by itself, where it
    /// had to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<f64>,
}

/// Scores the model on all sentences of the files together.
///
/// # Errors
/// A file cannot be read or has a malformed line, or the model fails.
pub fn files(paths: &[PathBuf], stages: &Stages, mentions: Mentions) -> Result<Scores> {
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
            .judge(sentence, stages, mentions)
            .with_context(|| format!("at '{}'", sentence.text))?;
    }
    Ok(ledger.scores(&sentences, mentions))
}

/// Judgements of all sentences so far.
#[derive(Default)]
struct Ledger {
    entities: BTreeSet<((usize, Span), String)>,
    actors: actors::Tally,
    sentiment: Vec<Judgement>,
    stance: Vec<Judgement>,
    relation: Vec<Judgement>,
    directed: usize,
    reversed: usize,
    asked: usize,
    found: usize,
    sentences: usize,
}

impl Ledger {
    fn judge(&mut self, gold: &Gold, stages: &Stages, mentions: Mentions) -> Result<()> {
        let tagger = &stages.tagger;
        let whole = Span::new(0, gold.text.len());
        let reading = tagger.sentences(&gold.text, &[whole])?.remove(0);
        if gold.entities.is_some() {
            for entity in tagger.entities(&gold.text, [(0, &reading)])? {
                let place = (self.sentences, without_the(entity.span, &gold.text));
                self.entities.insert((place, entity.entity_type.label().to_owned()));
            }
        }
        self.actors.judge(gold, &reading, tagger, &stages.gazetteer)?;
        let answers = match mentions {
            Mentions::Marked => Answers::marked(gold, reading, tagger)?,
            Mentions::Found => Answers::found(gold, stages)?,
        };
        self.compare(gold, &answers);
        self.sentences += 1;
        Ok(())
    }

    fn compare(&mut self, gold: &Gold, answers: &Answers) {
        self.asked += answers.asked();
        self.found += answers.found;
        let targets = gold.sentiment.iter().flatten().zip(&answers.sentiment);
        self.sentiment.extend(targets.map(|((_, sign), said)| judged(*sign, *said)));
        let pairs = gold.stance.as_deref().unwrap_or_default();
        let said = pairs.iter().zip(&answers.stance);
        self.stance.extend(said.map(|((_, _, sign), said)| judged(*sign, *said)));
        self.compare_directions(pairs, &answers.stance);
        for ((_, _, quad), said) in gold.relation.iter().flatten().zip(&answers.relation) {
            let (chosen, confidence) = said.quad();
            self.relation.push(Judgement {
                gold: *quad as usize,
                said: chosen as usize,
                confidence,
            });
        }
    }

    fn compare_directions(&mut self, pairs: &[(Span, Span, Sign)], said: &[Polarity]) {
        for ((holder, target, sign), here) in pairs.iter().zip(said) {
            if *sign == Sign::Neutral {
                continue;
            }
            self.directed += 1;
            let back = pairs.iter().zip(said).find(|((h, t, _), _)| h == target && t == holder);
            let is_reversed = back.is_some_and(|((_, _, truth), there)| {
                here.sign() == Sign::Neutral && *truth == Sign::Neutral && there.sign() == *sign
            });
            self.reversed += usize::from(is_reversed);
        }
    }

    fn scores(self, sentences: &[Gold], mentions: Mentions) -> Scores {
        let labelled = |task: &[Judgement], labels: &[&str]| {
            (!task.is_empty()).then(|| score::classification(labels, task))
        };
        Scores {
            entities: entities(sentences, self.entities),
            actors: self.actors.scores(),
            sentiment: labelled(&self.sentiment, &["negative", "neutral", "positive"]),
            stance_wrong_direction: (self.directed > 0)
                .then(|| score::share(self.reversed, self.directed)),
            stance: labelled(&self.stance, &["against", "neutral", "favor"]),
            relation: labelled(&self.relation, &Quad::ALL.map(Quad::label)),
            found: (mentions == Mentions::Found && self.asked > 0)
                .then(|| score::share(self.found, self.asked)),
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
