//! Same weights, same answers.

use std::fs;

use demarche::article::{Article, Document, Span};
use demarche::assets::MODEL;
use demarche::clock::Clock;
use demarche::encode::{Encoder, Tokens};
use demarche::gazetteer::Gazetteer;
use demarche::model::config::Config;
use demarche::model::embedded::Embedded;
use demarche::model::{Hidden, Model, PairTask, Precision, SpanTask};
use demarche::pipeline::{self, Stages};
use demarche::read::{self, Columns, Reader};
use demarche::stories::Signer;
use demarche::tag::Tagger;

use crate::{RUST_BERT, demarche, repo};

/// Sums of a few hundred f32 products in another order differ by less.
const TOLERANCE: f32 = 1e-3;

#[test]
fn logits_are_those_of_the_embedded_engine() {
    let config = Config::load(&MODEL).unwrap();
    let ours = Embedded::load(&MODEL, &config, Precision::F32).unwrap();
    let theirs = RUST_BERT.model(&MODEL, &config).unwrap();
    let tokens = reference_sentences();
    for batch in tokens.chunks(16) {
        let batch: Vec<&Tokens> = batch.iter().collect();
        let both = ours.encode(&batch).unwrap().into_iter().zip(theirs.encode(&batch).unwrap());
        for (n, (our, their)) in both.enumerate() {
            assert_eq!((our.width, our.tokens()), (their.width, batch[n].len()));
            close(&answers(&ours, &our), &answers(&*theirs, &their));
        }
    }
}

/// All that a model says of two spans of a sentence, one after the other.
fn answers(model: &dyn Model, hidden: &Hidden) -> Vec<f32> {
    let (one, two) = (1..2, 2..hidden.tokens() - 1);
    let spans = [one.clone(), two.clone()];
    let pairs = [[one.clone(), two.clone()], [two, one]];
    let mut all = model.heads().tags(hidden).unwrap();
    for task in [SpanTask::Sentiment, SpanTask::Kind] {
        all.extend(model.heads().score_spans(task, hidden, &spans).unwrap().concat());
    }
    for task in [PairTask::Stance, PairTask::Relation] {
        all.extend(model.heads().score_pairs(task, hidden, &pairs).unwrap().concat());
    }
    all
}

fn close(one: &[f32], other: &[f32]) {
    assert_eq!(one.len(), other.len());
    let worst = one.iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < TOLERANCE, "off by {worst}");
}

fn reference_sentences() -> Vec<Tokens> {
    let encoder = Encoder::load(&MODEL).unwrap();
    let lines = fs::read_to_string(repo("tests/reference/sentences.jsonl")).unwrap();
    let tokens = |line: &str| {
        let sentence: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = sentence["text"].as_str().unwrap();
        encoder.tokens(text, Span::new(0, text.len())).unwrap()
    };
    lines.lines().map(tokens).filter(|tokens| tokens.len() > 3).collect()
}

#[test]
fn articles_get_the_same_mentions_and_labels() {
    let config = Config::load(&MODEL).unwrap();
    let ours = Embedded::load(&MODEL, &config, Precision::F32).unwrap();
    let encoder = Encoder::load(&MODEL).unwrap();
    let ours = stages(Tagger::new(encoder, config, Box::new(ours)).unwrap());
    let theirs = stages(Tagger::load(&MODEL, RUST_BERT).unwrap());
    let mut count = 0;
    let mut reader = Reader::new(Columns::default(), 1 << 20);
    let sources =
        read::sources(&[repo("corpora/afghanistan/articles")], read::Links::Stay).unwrap();
    for source in sources.iter() {
        reader
            .read(&source, &mut |raw| {
                // Two files are there to fail.
                let Ok(document) = read::document(&raw, 1 << 20) else { return Ok(()) };
                let (our, their) = (annotate(document.clone(), &ours), annotate(document, &theirs));
                assert_eq!(labels(&our), labels(&their), "{}", our.document.path);
                close(&figures(&our), &figures(&their));
                count += 1;
                Ok(())
            })
            .unwrap();
    }
    assert_eq!(count, 33);
}

fn stages(tagger: Tagger) -> Stages {
    let gazetteer = Gazetteer::built_in().unwrap();
    Stages { gazetteer, tagger, signer: Signer::default() }
}

fn annotate(document: Document, stages: &Stages) -> Article {
    pipeline::annotate(document, stages, &mut Clock::start()).unwrap().0
}

/// Who is mentioned where, and what is said, without the numbers.
fn labels(article: &Article) -> Vec<String> {
    let mentions = article.mentions.iter().map(|mention| {
        let reference = &mention.reference;
        let actor = reference.actor.as_ref().map(|actor| actor.name.clone());
        let (span, kind) = (reference.span, reference.entity_type.label());
        format!("{span:?} {kind} {actor:?} {:?}", mention.sentiment.sign())
    });
    let pairs = article.pairs.iter().map(|pair| {
        let (stance, quad) = (pair.stance.sign(), pair.relation.quad().0);
        format!("{} {} {stance:?} {}", pair.holder, pair.target, quad.label())
    });
    mentions.chain(pairs).collect()
}

/// The probabilities.
fn figures(article: &Article) -> Vec<f32> {
    let sentiment = article.mentions.iter().map(|mention| mention.sentiment);
    let stance = article.pairs.iter().map(|pair| pair.stance);
    sentiment.chain(stance).flat_map(|of| [of.negative, of.neutral, of.positive]).collect()
}

#[test]
fn threads_do_not_change_the_report() {
    let articles = repo("corpora/afghanistan/articles");
    let report = |threads| {
        let out = tempfile::tempdir().unwrap();
        let (folder, to) = (articles.to_str().unwrap(), out.path().to_str().unwrap());
        let flags = [folder, "--focus", "AF", "--quiet", "--out", to, "--threads", threads];
        demarche("run", &flags).code(1);
        let tables = ["countries.csv", "mentions.csv", "pairs.csv"];
        tables.map(|name| fs::read(out.path().join(name)).unwrap())
    };
    assert!(report("1") == report("3"));
}
