//! The engine reads an encoder with relative positions, split weights and only some of the heads.
#![allow(clippy::unwrap_used)] // the lint allows it in test functions, not in their helpers

use std::path::{Path, PathBuf};

use demarche::article::Span;
use demarche::assets::Assets;
use demarche::encode::Tokens;
use demarche::model::config::Config;
use demarche::model::embedded::Embedded;
use demarche::model::{Hidden, Model, PairTask, Precision, SpanTask};
use safetensors::SafeTensors;

/// Sums of a few hundred f32 products in another order differ by less.
const TOLERANCE: f32 = 1e-3;

#[test]
fn states_and_logits_are_those_of_transformers() {
    let bytes = std::fs::read(folder().join("logits.safetensors")).unwrap();
    let saved = SafeTensors::deserialize(&bytes).unwrap();
    let model = model(Precision::F32);
    let sentences = sentences(&saved);
    let hidden = model.encode(&sentences.iter().collect::<Vec<_>>()).unwrap();
    let states: Vec<f32> = hidden.iter().flat_map(|hidden| hidden.values.clone()).collect();
    close(&states, &floats(&saved, "states"), TOLERANCE);

    let all = |answer: &dyn Fn(&Hidden) -> Vec<Vec<f32>>| -> Vec<f32> {
        hidden.iter().flat_map(|hidden| answer(hidden).concat()).collect()
    };
    let sentiment = all(&|hidden| {
        model.heads().score_spans(SpanTask::Sentiment, hidden, &[1..2, 2..4]).unwrap()
    });
    close(&sentiment, &floats(&saved, "sentiment"), TOLERANCE);
    for (task, name) in [(PairTask::Stance, "stance"), (PairTask::Relation, "relation")] {
        let pairs = [[1..2, 2..4], [2..4, 1..2]];
        let logits = all(&|hidden| model.heads().score_pairs(task, hidden, &pairs).unwrap());
        close(&logits, &floats(&saved, name), TOLERANCE);
    }
}

#[test]
fn int8_is_near_f32_and_does_not_depend_on_the_batch() {
    let bytes = std::fs::read(folder().join("logits.safetensors")).unwrap();
    let saved = SafeTensors::deserialize(&bytes).unwrap();
    let model = model(Precision::Int8);
    let sentences = sentences(&saved);
    let together = model.encode(&sentences.iter().collect::<Vec<_>>()).unwrap();
    let states: Vec<f32> = together.iter().flat_map(|hidden| hidden.values.clone()).collect();
    // States have variance 1; random attention is sharp, so that a few of them turn round.
    let expected = floats(&saved, "states");
    let differences = states.iter().zip(&expected).map(|(a, b)| (a - b).abs());
    let mean = differences.sum::<f32>() / states.len() as f32;
    assert!(mean < 0.1, "off by {mean} on average");
    for (sentence, expected) in sentences.iter().zip(together) {
        assert!(model.encode(&[sentence]).unwrap() == [expected]);
    }
}

#[test]
fn a_head_that_is_not_there_is_named() {
    let bytes = std::fs::read(folder().join("logits.safetensors")).unwrap();
    let saved = SafeTensors::deserialize(&bytes).unwrap();
    let model = model(Precision::Int8);
    let hidden = model.encode(&[&sentences(&saved)[0]]).unwrap().remove(0);
    let no_tags = model.heads().tags(&hidden).unwrap_err().to_string();
    assert!(no_tags.contains("no head 'entities'"), "{no_tags}");
    let no_kinds =
        model.heads().score_spans(SpanTask::Kind, &hidden, &[1..2, 2..4]).unwrap_err().to_string();
    assert!(no_kinds.contains("no head 'kind'"), "{no_kinds}");
}

fn model(precision: Precision) -> Embedded {
    let assets = Assets::Folder(folder());
    Embedded::load(&assets, &Config::load(&assets).unwrap(), precision).unwrap()
}

/// What make.py wrote.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mpnet")
}

fn sentences(saved: &SafeTensors<'_>) -> Vec<Tokens> {
    let (ids, cases) = (integers(saved, "ids"), saved.tensor("cases").unwrap().data());
    let mut rest = ids.iter().copied().zip(cases.iter().copied());
    integers(saved, "lengths")
        .into_iter()
        .map(|length| {
            let (ids, cases): (Vec<_>, Vec<_>) = rest.by_ref().take(length as usize).unzip();
            let count = ids.len();
            // The model looks at neither places nor words.
            Tokens {
                ids,
                cases,
                spans: vec![Span::new(0, 0); count],
                starts_word: vec![true; count],
            }
        })
        .collect()
}

fn close(answers: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(answers.len(), expected.len());
    let worst = answers.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < tolerance, "off by {worst}");
}

fn integers(file: &SafeTensors<'_>, name: &str) -> Vec<u32> {
    let (chunks, _) = file.tensor(name).unwrap().data().as_chunks::<4>();
    chunks.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect()
}

fn floats(file: &SafeTensors<'_>, name: &str) -> Vec<f32> {
    integers(file, name).into_iter().map(f32::from_bits).collect()
}
