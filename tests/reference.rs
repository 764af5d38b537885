//! The engine's answers for 200 real sentences equal PyTorch's for the same weights.
#![allow(clippy::unwrap_used)] // the lint allows it in test functions, not in their helpers

use std::path::{Path, PathBuf};

use demarche::article::Span;
use demarche::assets::MODEL;
use demarche::encode::{Encoder, Tokens};
use demarche::model::config::Config;
use demarche::model::embedded::Embedded;
use demarche::model::{Hidden, Model, PairTask, Precision, SpanTask};
use rayon::prelude::*;
use safetensors::SafeTensors;
use serde::Deserialize;

/// Sums of a few hundred f32 products in another order differ by less.
const TOLERANCE: f32 = 1e-3;

#[derive(Deserialize)]
struct Sentence {
    text: String,
    /// Code points.
    spans: Vec<[usize; 2]>,
}

/// How often int8 must choose the same label as f32.
const SAME_LABELS: f64 = 0.98;

/// The saved answers of a head, and the engine's.
struct Saved {
    name: &'static str,
    classes: usize,
    values: Vec<f32>,
    answers: Vec<f32>,
}

impl Saved {
    fn load(file: &SafeTensors<'_>, name: &'static str) -> Self {
        let tensor = file.tensor(name).unwrap();
        let (chunks, _) = tensor.data().as_chunks::<4>();
        let values = chunks.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        Self { name, classes: tensor.shape()[1], values, answers: Vec::new() }
    }

    fn add(&mut self, answers: Vec<f32>) {
        self.answers.extend(answers);
    }

    fn worst(&self) -> f32 {
        assert_eq!(self.answers.len(), self.values.len(), "{}", self.name);
        let differences = self.values.iter().zip(&self.answers).map(|(a, b)| (a - b).abs());
        differences.fold(0.0, f32::max)
    }

    /// The share of items that get the saved label.
    fn same_labels(&self) -> f64 {
        let labels = |logits: &[f32]| -> Vec<usize> {
            let best = |logits: &[f32]| {
                let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                logits.iter().position(|&logit| logit == largest).unwrap()
            };
            logits.chunks_exact(self.classes).map(best).collect()
        };
        let (saved, answered) = (labels(&self.values), labels(&self.answers));
        let same = saved.iter().zip(&answered).filter(|(a, b)| a == b).count();
        same as f64 / saved.len() as f64
    }
}

#[test]
fn logits_are_those_of_the_model_that_was_trained() {
    for saved in answers(Precision::F32) {
        assert!(saved.worst() < TOLERANCE, "{} is off by {}", saved.name, saved.worst());
    }
}

#[test]
fn int8_chooses_the_labels_of_f32() {
    for saved in answers(Precision::Int8) {
        let same = saved.same_labels();
        assert!(same >= SAME_LABELS, "{}: {same} of the labels", saved.name);
    }
}

#[test]
fn the_tokenizer_is_that_of_the_training() {
    let bytes = std::fs::read(reference().join("logits.safetensors")).unwrap();
    let saved = SafeTensors::deserialize(&bytes).unwrap();
    let (_, tokens) = tokens();
    let flat = |field: fn(&Tokens) -> Vec<u32>| tokens.iter().flat_map(field).collect::<Vec<_>>();
    assert_eq!(flat(|tokens| tokens.ids.clone()), integers(&saved, "ids"));
    let cases = saved.tensor("cases").unwrap().data();
    assert_eq!(tokens.iter().flat_map(|tokens| tokens.cases.clone()).collect::<Vec<_>>(), cases);
    assert_eq!(flat(|tokens| vec![tokens.len() as u32]), integers(&saved, "lengths"));
}

/// What the engine says of the reference sentences, head by head.
fn answers(precision: Precision) -> [Saved; 5] {
    let bytes = std::fs::read(reference().join("logits.safetensors")).unwrap();
    let saved = SafeTensors::deserialize(&bytes).unwrap();
    let (sentences, tokens) = tokens();
    let model = model(precision);
    let load = |name| Saved::load(&saved, name);
    let mut entities = load("entities");
    let [mut sentiment, mut kind, mut stance, mut relation] =
        ["sentiment", "kind", "stance", "relation"].map(load);
    for (sentences, tokens) in sentences.chunks(16).zip(tokens.chunks(16)) {
        let hidden = model.encode(&tokens.iter().collect::<Vec<_>>()).unwrap();
        for ((sentence, tokens), hidden) in sentences.iter().zip(tokens).zip(&hidden) {
            entities.add(model.heads().tags(hidden).unwrap());
            spans(&model, SpanTask::Sentiment, sentence, tokens, hidden, &mut sentiment);
            spans(&model, SpanTask::Kind, sentence, tokens, hidden, &mut kind);
            pairs(&model, PairTask::Stance, sentence, tokens, hidden, &mut stance);
            pairs(&model, PairTask::Relation, sentence, tokens, hidden, &mut relation);
        }
    }
    [entities, sentiment, kind, stance, relation]
}

#[test]
fn a_sentence_reads_alike_alone_and_in_company() {
    let (_, tokens) = tokens();
    let tokens: Vec<_> = tokens.iter().step_by(4).take(40).collect();
    for precision in [Precision::Int8, Precision::F32] {
        reads_alike(&model(precision), &tokens);
    }
}

/// Reads the sentences together, three at a time, and alone on several threads.
fn reads_alike(model: &Embedded, tokens: &[&Tokens]) {
    let together = model.encode(tokens).unwrap();
    for (batch, expected) in tokens.chunks(3).zip(together.chunks(3)) {
        assert!(model.encode(batch).unwrap() == expected);
    }
    for threads in [1, 2, 7] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let alone = pool.install(|| -> Vec<Hidden> {
            let read = |tokens: &&Tokens| model.encode(&[tokens]).unwrap().remove(0);
            tokens.par_iter().map(read).collect()
        });
        assert!(alone == together, "{threads} threads");
    }
}

#[test]
fn a_pair_is_judged_alike_alone_and_among_others() {
    let (_, tokens) = tokens();
    let model = model(Precision::Int8);
    let hidden = model.encode(&[&tokens[60]]).unwrap().remove(0);
    let pairs = [[1..3, 4..5], [4..5, 1..3], [2..6, 7..8], [1..3, 7..8], [4..5, 7..8]];
    let spans = [1..3, 4..5, 2..6];
    for task in [PairTask::Stance, PairTask::Relation] {
        let together = model.heads().score_pairs(task, &hidden, &pairs).unwrap();
        for (pair, expected) in pairs.iter().zip(together) {
            let alone =
                model.heads().score_pairs(task, &hidden, std::slice::from_ref(pair)).unwrap();
            assert_eq!(alone, [expected]);
        }
    }
    let together = model.heads().score_spans(SpanTask::Kind, &hidden, &spans).unwrap();
    for (span, expected) in spans.iter().zip(together) {
        let alone =
            model.heads().score_spans(SpanTask::Kind, &hidden, std::slice::from_ref(span)).unwrap();
        assert_eq!(alone, [expected]);
    }
}

fn model(precision: Precision) -> Embedded {
    Embedded::load(&MODEL, &Config::load(&MODEL).unwrap(), precision).unwrap()
}

/// The reference sentences, and their tokens.
fn tokens() -> (Vec<Sentence>, Vec<Tokens>) {
    let reference = reference();
    let sentences = sentences(&reference);
    let encoder = Encoder::load(&MODEL).unwrap();
    let tokens = sentences
        .iter()
        .map(|Sentence { text, .. }| encoder.tokens(text, Span::new(0, text.len())).unwrap())
        .collect();
    (sentences, tokens)
}

fn spans(
    model: &Embedded,
    task: SpanTask,
    sentence: &Sentence,
    tokens: &Tokens,
    hidden: &Hidden,
    saved: &mut Saved,
) {
    let spans: Vec<_> = bytes(sentence).map(|span| tokens.within(span)).collect();
    saved.add(model.heads().score_spans(task, hidden, &spans).unwrap().concat());
}

fn pairs(
    model: &Embedded,
    task: PairTask,
    sentence: &Sentence,
    tokens: &Tokens,
    hidden: &Hidden,
    saved: &mut Saved,
) {
    let spans: Vec<_> = bytes(sentence).map(|span| tokens.within(span)).collect();
    let pairs: Vec<_> = (0..spans.len())
        .flat_map(|i| (0..spans.len()).filter(move |&j| i != j).map(move |j| (i, j)))
        .map(|(i, j)| [spans[i].clone(), spans[j].clone()])
        .collect();
    saved.add(model.heads().score_pairs(task, hidden, &pairs).unwrap().concat());
}

/// The spans of a sentence in bytes.
fn bytes(sentence: &Sentence) -> impl Iterator<Item = Span> {
    let byte = |point| {
        let mut starts = sentence.text.char_indices().map(|(byte, _)| byte);
        starts.nth(point).unwrap_or(sentence.text.len())
    };
    sentence.spans.iter().map(move |&[start, end]| Span::new(byte(start), byte(end)))
}

fn integers(file: &SafeTensors<'_>, name: &str) -> Vec<u32> {
    let tensor = file.tensor(name).unwrap();
    let (chunks, _) = tensor.data().as_chunks::<4>();
    chunks.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect()
}

fn sentences(reference: &Path) -> Vec<Sentence> {
    let lines = std::fs::read_to_string(reference.join("sentences.jsonl")).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The saved answers of the model in the repository.
fn reference() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference")
}
