//! `run.json`: what was run, on what, and how it went.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::Config;
use crate::read::Columns;
use crate::tag::Readers;

/// The run, for whoever must repeat or defend it.
#[derive(Debug, Clone, Serialize)]
pub struct Manifest {
    /// This program's version.
    pub demarche: &'static str,
    /// The settings that decide the figures.
    pub config: Config,
    /// The files and folders given.
    pub paths: Vec<String>,
    /// What computed, and whose weights beside the model's own.
    #[serde(flatten)]
    pub readers: Readers,
    /// SHA-256 of the files of the model that read every sentence.
    pub model_sha256: String,
    /// The same of the second model, if one read some of them again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_model_sha256: Option<String>,
    /// SHA-256 of the gazetteer's files.
    pub gazetteer_sha256: String,
    /// The same of the model that compares articles, if they were compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similar_model_sha256: Option<String>,
    /// Which fields of tables and of JSON were read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnsRead>,
    /// Whether the run was stopped before its end: the reports are of a part of the articles.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_partial: bool,
    /// How many articles each filter left out, of those the ones before it let pass.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<String, usize>,
    /// How many articles failed for each of the most frequent reasons.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub failures_by_reason: BTreeMap<String, usize>,
    /// What was counted.
    pub counts: Counts,
    /// How fast it was; the only part that differs between two runs of the same.
    pub performance: Performance,
}

/// The fields that were read in some of the files with records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnsRead {
    /// How many files.
    pub files: usize,
    /// The names of the fields, as the user named them or as guessed.
    #[serde(flatten)]
    pub columns: Columns,
}

impl ColumnsRead {
    /// The columns of so many files.
    pub fn new(columns: &Columns, files: usize) -> Self {
        Self { files, columns: columns.clone() }
    }
}

/// Counts over the run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Articles analysed.
    pub articles: usize,
    /// Articles that failed.
    pub failures: usize,
    /// Articles in other languages, which are listed and not analysed.
    pub not_english: usize,
    /// Stories among the articles.
    pub stories: usize,
    /// Words of cleaned text.
    pub words: usize,
    /// Sentences.
    pub sentences: usize,
    /// Windows the model read: sentences, and more where they are long.
    pub windows: usize,
    /// Mentions.
    pub mentions: usize,
    /// Mentions that could not be resolved.
    pub unresolved: usize,
    /// Pairs.
    pub pairs: usize,
    /// Sentences that name too many actors to pair them; see `docs/reports.md`.
    pub crowded_sentences: usize,
    /// Sentences that the second model read too; 0 where there is none.
    pub sentences_read_again: usize,
}

/// Time and memory: of this run alone, where it went on from an earlier one.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Performance {
    /// Worker threads.
    pub threads: usize,
    /// Articles analysed now.
    pub analysed: usize,
    /// Articles that were known already.
    pub unchanged: usize,
    /// Words of those analysed now.
    pub words: usize,
    /// Seconds from the first article to the last.
    pub seconds: f64,
    /// Words of cleaned text a second.
    pub words_per_second: f64,
    /// Seconds in each stage, summed over the threads.
    pub stage_seconds: BTreeMap<&'static str, f64>,
    /// The most memory the process ever held, in megabytes, where the system tells.
    pub peak_memory_mb: Option<f64>,
    /// The articles that took longest.
    pub slowest: Vec<Slow>,
}

/// An article that took long.
#[derive(Debug, Clone, Serialize)]
pub struct Slow {
    /// Its name.
    pub path: String,
    /// How long it took.
    pub seconds: f64,
}

/// The most memory this process has held so far, in megabytes (Linux: `VmHWM`).
pub fn peak_memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some((kilobytes / 1024.0 * 10.0).round() / 10.0)
}
