//! Bytes -> a file of settings or labels -> what demarche takes it for, or what is wrong with it.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use anyhow::Result;
use demarche::assets::Assets;
use demarche::config::{Config, Settings};
use demarche::eval;
use demarche::gazetteer::Gazetteer;
use demarche::model;
use demarche::read::{self, NamePattern};

use crate::files;
use crate::labels::{self as tables, Labels};

static GAZETTEER: LazyLock<Gazetteer> =
    LazyLock::new(|| Gazetteer::built_in().expect("the gazetteer is in the program"));

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = crate::scratch().join(name);
    fs::write(&path, bytes).expect("a writable folder");
    path
}

/// An error is one line.
fn check<T>(result: Result<T>) -> Option<T> {
    result
        .map_err(|error| {
            let error = format!("{error:#}");
            assert!(!error.is_empty() && !error.contains('\n'), "{error}");
        })
        .ok()
}

/// A gold file.
pub(crate) fn gold(bytes: &[u8]) {
    for sentence in check(eval::read(&file("gold.jsonl", bytes))).into_iter().flatten() {
        for (span, _) in sentence.entities.iter().flatten() {
            assert_ne!(span.of(&sentence.text), "");
        }
    }
}

/// A `demarche.toml`.
pub(crate) fn config(bytes: &[u8]) {
    let settings = check(Settings::read(&file("demarche.toml", bytes)));
    settings.and_then(|settings| check(Config::new(settings, &GAZETTEER)));
}

/// The `config.json` of a model.
pub(crate) fn model(bytes: &[u8]) {
    file("config.json", bytes);
    let config = model::config::Config::load(&Assets::Folder(crate::scratch().to_owned()));
    check(config).and_then(|config| check(config.tags()));
}

/// The table of labels of someone else's model, and its labels on lines behind a line of dashes.
pub(crate) fn labels(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (table, names) = text.split_once("\n---\n").unwrap_or((&text, "B-PER"));
    let config = serde_json::json!({"id2label":
        names.lines().enumerate().map(|(n, name)| (n.to_string(), name.into())).collect::<serde_json::Map<_, _>>()});
    file("config.json", config.to_string().as_bytes());
    file("labels.toml", table.as_bytes());
    let assets = Assets::Folder(crate::scratch().to_owned());
    let Some(labels) = check(Labels::load(&assets)) else { return };
    let Some(names) = check(tables::of(&assets)) else { return };
    check(labels.tags(&names));
    check(labels.entailment(&names));
    assert!(labels.question(tables::Side::Against, "Iran", "Pakistan").contains("Pakistan"));
}

/// A pattern on the first line, and a name of a file that it is to fit.
pub(crate) fn names(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (pattern, name) = text.split_once('\n').unwrap_or((&text, "PAK_76_2021"));
    let Some(pattern) = check(NamePattern::new(pattern)) else { return };
    let archive = files::archive(&[(&format!("{name}.txt"), b"Iran praised Pakistan.")]);
    files::each("names.zip", &archive, |raw| {
        if let Ok(mut document) = read::document(raw, 1_000) {
            // The name may have line breaks, and so may a reason that quotes it.
            let applied = pattern.apply(raw, &mut document, &GAZETTEER);
            assert!(applied.map_err(|reason| format!("{reason:#}")) != Err(String::new()));
        }
    });
}

/// A user's register of actors.
pub(crate) fn actors(bytes: &[u8]) {
    let path = file("actors.csv", bytes);
    // What has no mistake can be used.
    if check(GAZETTEER.check_actors(&path)).is_some_and(|mistakes| mistakes.is_empty()) {
        Gazetteer::with_actors(Some(&path)).expect("a register without a mistake");
    }
}
