//! The vectors of texts are those of the original weights, and tell matters apart.
#![allow(clippy::unwrap_used)] // the lint allows it in test functions, not in their helpers

use std::fs;
use std::path::{Path, PathBuf};

use demarche::similar::Embedder;
use safetensors::SafeTensors;

/// How far a cosine of int8 may be from that of f32; 0.014 is the worst of these texts.
const TOLERANCE: f32 = 0.02;

#[test]
fn cosines_are_those_of_the_original_weights() {
    let bytes = fs::read(repo("tests/similar/vectors.safetensors")).unwrap();
    let saved = SafeTensors::deserialize(&bytes).unwrap();
    let saved = saved.tensor("vectors").unwrap();
    let (values, _) = saved.data().as_chunks::<4>();
    let values: Vec<f32> = values.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    let expected: Vec<&[f32]> = values.chunks(saved.shape()[1]).collect();
    let embedder = Embedder::load().unwrap();
    let found: Vec<_> = texts().iter().map(|text| embedder.embed(text).unwrap()).collect();
    assert_eq!(found.len(), expected.len());
    let mut worst: f32 = 0.0;
    for (n, (found_n, expected_n)) in found.iter().zip(&expected).enumerate() {
        assert!(dot(found_n, expected_n) > 1.0 - TOLERANCE, "text {n}");
        for (found_m, expected_m) in found.iter().zip(&expected) {
            worst = worst.max((dot(found_n, found_m) - dot(expected_n, expected_m)).abs());
        }
    }
    assert!(worst < TOLERANCE, "off by {worst}");
}

#[test]
fn matters_are_told_apart() {
    let embedder = Embedder::load().unwrap();
    let vector = |text: &str| embedder.embed(text).unwrap();
    let border =
        vector("Pakistan closed the Torkham crossing after shots were fired at the border.");
    let alike = vector("Clashes at the frontier: Islamabad shuts the gate to Afghan lorries.");
    let other =
        vector("The goalkeeper saved two penalties, and the club went through to the final.");
    assert!(dot(&border, &alike) > 0.45, "{}", dot(&border, &alike));
    assert!(dot(&border, &other) < 0.3, "{}", dot(&border, &other));
    assert!((dot(&vector(""), &vector("")) - 1.0).abs() < 1e-4);
}

/// As scripts/train/similar.py makes them: fives of the sentences of the engine's reference.
fn texts() -> Vec<String> {
    let lines = fs::read_to_string(repo("tests/reference/sentences.jsonl")).unwrap();
    let text = |line: &str| {
        let sentence: serde_json::Value = serde_json::from_str(line).unwrap();
        sentence["text"].as_str().unwrap().to_owned()
    };
    let sentences: Vec<String> = lines.lines().map(text).collect();
    let count = sentences.len() / 5;
    let join = |n: usize| {
        sentences.iter().skip(n).step_by(count).map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    (0..count).map(join).collect()
}

fn repo(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
