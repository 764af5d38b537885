//! Annotates one article: the order of the stages. [`order`] runs many.

mod admission;
mod naming;
mod nearest;
pub mod order;

pub use admission::Admission;
pub use naming::Naming;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use admission::Admitted;
use anyhow::{Result, ensure};
use naming::Namer;

use crate::aggregate::{self, Contribution};
use crate::article::{Article, Document, Kind, Mention, Pair, Reference, Span, Via};
use crate::clock::{Clock, Stage, Times};
use crate::filter::Criterion;
use crate::gazetteer::Gazetteer;
use crate::language;
use crate::read::{self, Raw};
use crate::resolve::Resolver;
use crate::store::{Fingerprint, Known};
use crate::stories::{Signature, Signer};
use crate::tag::{self, Asked, Reading, Tagger};
use crate::{clean, segment};

/// Bytes of text that are read at once: an article of usual length is one block, and the hidden
/// states of a block, about 12,000 tokens of 384 numbers, take 20 MB.
const BLOCK_BYTES: usize = 64 * 1024;

/// Mentions and pairs that an article may have: 20 MB of dense news have some 600,000, and one
/// megabyte of lists of states makes millions.
const MOST_FOUND: usize = 1_000_000;

/// A sentence that names more actors than this is a list: 25 actors would make 600 pairs.
const MOST_ACTORS_TO_PAIR: usize = 24;

/// What every article is analysed with.
pub struct Stages {
    /// Names, countries and actors.
    pub gazetteer: Gazetteer,
    /// Tokenizer and model.
    pub tagger: Tagger,
    /// Signatures of near-duplicates.
    pub signer: Signer,
}

/// An article to be looked at.
#[derive(Debug)]
pub struct Job {
    /// The article.
    pub raw: Raw,
    /// What is known of it from an earlier run.
    pub known: Option<Known>,
}

/// What was found out about an article that could be read.
#[derive(Debug)]
pub struct Finding {
    /// The article's name.
    pub name: String,
    /// What it was.
    pub fingerprint: Fingerprint,
    /// What becomes of it.
    pub outcome: Outcome,
    /// How long that took.
    pub took: Duration,
}

/// What becomes of an article that could be read.
#[derive(Debug)]
pub enum Outcome {
    /// It is what it was in an earlier run: all that is to say of it is known, but how similar it
    /// is to the user's examples.
    Unchanged(Option<f32>),
    /// It was analysed.
    Analysed(Box<Analysis>),
    /// It is in a language that the program does not know, and not analysed.
    Foreign(Box<Article>),
    /// The user wants no such article.
    LeftOut(Criterion),
}

/// An article and what the corpus takes from it.
#[derive(Debug)]
pub struct Analysis {
    /// The article.
    pub article: Article,
    /// Whom its names mean, and by what.
    pub naming: Naming,
    /// Its contribution to the figures.
    pub contribution: Contribution,
    /// Its words, for finding copies.
    pub signature: Signature,
    /// How its sentences were read.
    pub effort: Effort,
    /// Time spent in each stage.
    pub times: Times,
}

/// How the sentences of an article were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// Sentences that name too many actors to pair them.
    pub crowded_sentences: usize,
    /// Sentences that the second model read too.
    pub sentences_read_again: usize,
}

/// An article that could not be analysed.
#[derive(Debug)]
pub struct Failure {
    /// The article's name.
    pub path: String,
    /// Where it failed.
    pub stage: Stage,
    /// Why.
    pub reason: String,
}

/// Reads and analyses one article; whatever goes wrong, a panic too, is that article's failure.
pub fn analyse(job: &Job, stages: &Stages, admission: &Admission) -> Result<Finding, Failure> {
    let mut clock = Clock::start_within(admission.time_limit());
    let looking = AssertUnwindSafe(|| look_at(job, stages, admission, &mut clock));
    let caught = catch_unwind(looking);
    let result = caught.unwrap_or_else(|panic| Err(read::panic_error(&*panic)));
    let name = job.raw.name.clone();
    match result {
        Ok((fingerprint, outcome)) => {
            Ok(Finding { name, fingerprint, outcome, took: clock.times().sum() })
        }
        Err(error) => {
            Err(Failure { path: name, stage: clock.stage(), reason: format!("{error:#}") })
        }
    }
}

fn look_at(
    Job { raw, known }: &Job,
    stages: &Stages,
    admission: &Admission,
    clock: &mut Clock,
) -> Result<(Fingerprint, Outcome)> {
    let opened = admission.open(raw)?;
    let fingerprint = opened.fingerprint();
    let known = known.as_ref().filter(|known| known.fingerprint == fingerprint);
    if known.is_some_and(|known| known.naming.is_none()) && !admission.decides_anew() {
        return Ok((fingerprint, Outcome::Unchanged(None)));
    }
    let gazetteer = &stages.gazetteer;
    let outcome = match admission.admit(raw, opened, gazetteer, clock)? {
        Admitted::Yes(document, similarity) => {
            clock.enter(Stage::Resolve);
            match known.is_some_and(|known| known.holds(&document, gazetteer)) {
                true => Outcome::Unchanged(similarity),
                false => analyse_document(document, similarity, stages, clock)?,
            }
        }
        Admitted::No(outcome) => outcome,
    };
    Ok((fingerprint, outcome))
}

fn analyse_document(
    document: Document,
    similarity: Option<f32>,
    stages: &Stages,
    clock: &mut Clock,
) -> Result<Outcome> {
    clock.enter(Stage::Segment);
    let sentences = segment::sentences(&document.text);
    let (article, effort, naming) = read_sentences(document, sentences, stages, clock)?;
    let article = Article { similarity, ..article };
    clock.enter(Stage::Aggregate);
    let contribution = aggregate::contribution(&article);
    let signature = stages.signer.sign(&article.document.text);
    let times = clock.times();
    let analysis = Analysis { article, naming, contribution, signature, effort, times };
    Ok(Outcome::Analysed(Box::new(analysis)))
}

/// An article that is listed and not analysed.
fn unread(document: Document) -> Article {
    Article {
        language: language::code(&document.text),
        document,
        similarity: None,
        sentences: Vec::new(),
        windows: 0,
        mentions: Vec::new(),
        pairs: Vec::new(),
    }
}

/// Takes a document through all stages.
pub fn annotate(
    document: Document,
    stages: &Stages,
    clock: &mut Clock,
) -> Result<(Article, Effort)> {
    clock.enter(Stage::Clean);
    let document = clean::document(document);
    clock.enter(Stage::Segment);
    let sentences = segment::sentences(&document.text);
    annotate_sentences(document, sentences, stages, clock)
}

/// Takes a document whose text is clean, and cut into sentences, through the stages that follow.
pub fn annotate_sentences(
    document: Document,
    sentences: Vec<Span>,
    stages: &Stages,
    clock: &mut Clock,
) -> Result<(Article, Effort)> {
    let (article, effort, _) = read_sentences(document, sentences, stages, clock)?;
    Ok((article, effort))
}

fn read_sentences(
    document: Document,
    sentences: Vec<Span>,
    stages: &Stages,
    clock: &mut Clock,
) -> Result<(Article, Effort, Naming)> {
    let language = language::code(&document.text);
    let mut resolver = Resolver::new(&stages.gazetteer, document.date, document.author_country);
    let mut draft = Draft::new(Namer::new(document.author_country));
    for block in blocks(&sentences) {
        draft.add(&document.text, block, stages, &mut resolver, clock)?;
    }
    let Draft { windows, mentions, pairs, effort, namer, .. } = draft;
    let similarity = None;
    let article = Article { document, language, similarity, sentences, windows, mentions, pairs };
    Ok((article, effort, namer.finish()))
}

/// Sentences in blocks of about [`BLOCK_BYTES`].
fn blocks(sentences: &[Span]) -> impl Iterator<Item = &[Span]> {
    let mut rest = sentences;
    std::iter::from_fn(move || {
        let end = rest.first()?.start + BLOCK_BYTES;
        let fitting = rest.iter().take_while(|sentence| sentence.end <= end).count().max(1);
        let (block, after) = rest.split_at(fitting);
        rest = after;
        Some(block)
    })
}

/// What is known of an article so far.
struct Draft {
    sentences: usize,
    windows: usize,
    mentions: Vec<Mention>,
    pairs: Vec<Pair>,
    effort: Effort,
    namer: Namer,
}

impl Draft {
    fn new(namer: Namer) -> Self {
        let (mentions, pairs, effort) = (Vec::new(), Vec::new(), Effort::default());
        Self { sentences: 0, windows: 0, mentions, pairs, effort, namer }
    }

    /// Reads the next block of sentences.
    fn add(
        &mut self,
        text: &str,
        block: &[Span],
        stages: &Stages,
        resolver: &mut Resolver,
        clock: &mut Clock,
    ) -> Result<()> {
        clock.check()?;
        let tagger = &stages.tagger;
        clock.enter(Stage::Encode);
        let readings = tagger.sentences(text, block)?;
        clock.enter(Stage::Model);
        let naming =
            || readings.iter().enumerate().filter(|(n, _)| tag::may_name(block[*n].of(text)));
        tagger.read(naming().map(|(_, reading)| reading))?;
        let entities = tagger.entities(text, naming())?;
        clock.enter(Stage::Resolve);
        let candidates = resolver.candidates(text, block, &entities);
        clock.enter(Stage::Model);
        let by_sentence = || candidates.chunk_by(|a, b| a.sentence == b.sentence);
        tagger.read(by_sentence().map(|group| &readings[group[0].sentence]))?;
        let mut kinds = Vec::with_capacity(candidates.len());
        for group in by_sentence() {
            let spans: Vec<Span> = group.iter().map(|candidate| candidate.span).collect();
            kinds.extend(tagger.kinds(&readings[group[0].sentence], &spans)?);
        }
        clock.enter(Stage::Resolve);
        let references = resolver.references(text, block, &candidates, &kinds);
        self.namer.add(entities, &candidates, &kinds, &references);
        clock.enter(Stage::Model);
        let groups: Vec<Group> =
            references.chunk_by(|a, b| a.sentence == b.sentence).map(Group::of).collect();
        let closer = tagger.read_again(&readings, groups.iter().map(Group::asked))?;
        for group in &groups {
            let reading = closer.get(&group.sentence).unwrap_or(&readings[group.sentence]);
            self.judge(group, text, reading, tagger)?;
            ensure!(
                self.mentions.len() + self.pairs.len() <= MOST_FOUND,
                "it has more than {MOST_FOUND} mentions and pairs of actors; split it"
            );
        }
        self.effort.sentences_read_again += closer.len();
        self.windows += tagger.windows(&readings);
        self.sentences += block.len();
        tagger.remember(readings.into_iter().chain(closer.into_values()));
        Ok(())
    }

    /// Judges the references of one sentence, and the pairs they make.
    fn judge(
        &mut self,
        group: &Group,
        text: &str,
        reading: &Reading,
        tagger: &Tagger,
    ) -> Result<()> {
        let first = self.mentions.len();
        let spans: Vec<Span> = group.references.iter().map(|reference| reference.span).collect();
        let sentiment = tagger.sentiment(reading, &spans)?;
        for (reference, sentiment) in group.references.iter().zip(sentiment) {
            let sentence = self.sentences + group.sentence;
            let reference = Reference { sentence, ..reference.clone() };
            self.mentions.push(Mention { reference, sentiment });
        }
        let between: Vec<_> = group.pairs.iter().map(|pair| pair.map(|n| spans[n])).collect();
        let judged = tagger.pairs(text, reading, &between)?;
        for ([holder, target], (stance, relation)) in group.pairs.iter().zip(judged) {
            let (holder, target) = (first + holder, first + target);
            self.pairs.push(Pair { holder, target, stance, relation });
        }
        self.effort.crowded_sentences += usize::from(group.is_crowded);
        Ok(())
    }
}

/// The references of one sentence, and the pairs to judge among them.
struct Group<'a> {
    sentence: usize,
    references: &'a [Reference],
    pairs: Vec<[usize; 2]>,
    is_crowded: bool,
}

impl<'a> Group<'a> {
    fn of(references: &'a [Reference]) -> Self {
        let actors = references.iter().filter(|reference| holds_stance(reference)).count();
        let is_crowded = actors > MOST_ACTORS_TO_PAIR;
        Self {
            sentence: references[0].sentence,
            references,
            pairs: if is_crowded { Vec::new() } else { pairs(references) },
            is_crowded,
        }
    }

    fn asked(&self) -> Asked {
        let (mentions, pairs) = (self.references.len(), self.pairs.len());
        Asked { sentence: self.sentence, mentions, pairs }
    }
}

/// Ordered pairs of references to different actors; a country does not meet itself.
fn pairs(references: &[Reference]) -> Vec<[usize; 2]> {
    let actors = || references.iter().enumerate().filter(|(_, reference)| holds_stance(reference));
    let mut pairs = Vec::new();
    for (n, holder) in actors() {
        for (m, target) in actors() {
            if n != m && !is_same_side(holder, target) {
                pairs.push([n, m]);
            }
        }
    }
    pairs
}

/// Places hold no stance, and next to none is taken toward them (97 in 100 of the labelled pairs
/// with a place as target are neutral).
fn holds_stance(reference: &Reference) -> bool {
    reference.actor.as_ref().is_some_and(|actor| actor.kind != Kind::Place)
}

fn is_same_side(a: &Reference, b: &Reference) -> bool {
    let (Some(a), Some(b)) = (&a.actor, &b.actor) else { return true };
    // 'Iran' is one of 'the two countries'.
    let is_linked = a.via == Via::Coreference || b.via == Via::Coreference;
    let shares = || a.countries.iter().any(|country| b.countries.contains(country));
    a.name == b.name
        || (!a.countries.is_empty() && a.countries == b.countries)
        || (is_linked && shares())
}
