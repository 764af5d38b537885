//! Models of someone else's: what make.py wrote.

use std::fs;

use demarche::article::{EntityType, Span};
use demarche::assets::Assets;
use demarche::model::{Input, Task};
use demarche::tag::{Choice, Tagger};
use serde::Deserialize;

use crate::{RUST_BERT, changed, demarche, repo};

/// Sums in another order differ by less; logits are some units large.
const TOLERANCE: f32 = 1e-3;

/// An input, and what transformers says of it.
#[derive(Deserialize)]
struct Answer {
    ids: Vec<u32>,
    types: Vec<u8>,
    logits: Vec<f32>,
}

#[test]
fn logits_are_those_of_transformers() {
    for family in ["bert", "distilbert", "roberta"] {
        for (name, task) in [("tagger", Task::Tags), ("inference", Task::Inference)] {
            let folder = repo("tests/rust_bert").join(family).join(name);
            let saved = fs::read(folder.join("answers.json")).unwrap();
            let saved: Vec<Answer> = serde_json::from_slice(&saved).unwrap();
            let model = RUST_BERT.classifier(&Assets::Folder(folder), task).unwrap();
            // Of different lengths: all but the longest are filled up.
            let inputs: Vec<_> = saved
                .iter()
                .map(|answer| Input { ids: &answer.ids, types: &answer.types })
                .collect();
            for (answer, found) in saved.iter().zip(model.logits(&inputs).unwrap()) {
                assert_eq!(answer.logits.len(), found.values.len());
                let differences =
                    answer.logits.iter().zip(&found.values).map(|(a, b)| (a - b).abs());
                let worst = differences.fold(0.0, f32::max);
                let tokens = answer.ids.len();
                assert!(worst < TOLERANCE, "{family} {name}, {tokens} tokens: off by {worst}");
            }
        }
    }
}

/// A sentence of more tokens than the models read at once, with the names at its end.
fn long(end: &str) -> String {
    format!("{}{end}", "For the officials, with talks about trade on the border, and ".repeat(6))
}

#[test]
fn a_tagger_finds_the_names() {
    use EntityType::{Location, Norp, Organization, Person};
    let folder = changed("entities", |folder| {
        fs::write(folder.join("labels.toml"), "[entities]\nMISC = \"NORP\"").unwrap();
    });
    let choice =
        Choice { engine: RUST_BERT, entities: Some(folder.path().to_owned()), ..Choice::default() };
    let tagger = Tagger::of(&choice).unwrap();
    let text = format!("Afghan officials said. {}", long("Imran Khan met the Taliban in Kabul."));
    let sentences = [Span::new(0, 22), Span::new(23, text.len())];
    let readings = tagger.sentences(&text, &sentences).unwrap();
    let found = tagger.entities(&text, readings.iter().enumerate()).unwrap();
    let found: Vec<_> =
        found.iter().map(|e| (e.sentence, e.span.of(&text), e.entity_type)).collect();
    assert_eq!(
        found,
        [
            (0, "Afghan", Norp),
            (1, "Imran Khan", Person),
            (1, "Taliban", Organization),
            (1, "Kabul", Location)
        ]
    );
}

#[test]
fn an_inference_model_judges_stance_and_the_run_says_whose_weights_did_what() {
    let models = [repo("tests/rust_bert/entities"), repo("tests/rust_bert/stance")];
    let articles = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("a.txt", "Pakistan condemned Iran on Monday."),
        ("b.txt", "Pakistan praised Iran on Monday."),
        ("c.txt", &long("Pakistan condemned Iran on Monday.")),
    ] {
        fs::write(articles.path().join(name), text).unwrap();
    }
    let out = tempfile::tempdir().unwrap();
    let [entities, stance] = models.each_ref().map(|folder| folder.to_str().unwrap());
    let (folder, to) = (articles.path().to_str().unwrap(), out.path().to_str().unwrap());
    let flags = [folder, "--focus", "IR", "--quiet", "--out", to];
    let theirs = ["--entities-model", entities, "--stance-model", stance];
    demarche("run", &[&flags[..], &theirs].concat()).success();

    let pairs = fs::read_to_string(out.path().join("pairs.csv")).unwrap();
    let of = |holder: &str, target: &str| -> Vec<String> {
        let mut rows = csv::Reader::from_reader(pairs.as_bytes());
        let header = rows.headers().unwrap().clone();
        let at = |name| header.iter().position(|column| column == name).unwrap();
        rows.records()
            .map(Result::unwrap)
            .filter(|row| &row[at("holder_iso3")] == holder && &row[at("target_iso3")] == target)
            .map(|row| row[at("stance")].to_owned())
            .collect()
    };
    let mut stances = of("PAK", "IRN");
    stances.sort_unstable();
    assert_eq!(stances, ["against", "against", "favor"], "{pairs}");

    let manifest = fs::read(out.path().join("run.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["engine"], "rust-bert");
    assert_eq!(manifest["device"], "cpu");
    for (key, folder) in [("entities_model", entities), ("stance_model", stance)] {
        assert_eq!(manifest[key]["folder"], folder);
        assert_eq!(manifest[key]["sha256"].as_str().map(str::len), Some(64));
    }
}
