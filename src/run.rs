//! `demarche run`: sources -> reports in the output folder.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::clock::Times;
use crate::config::Config;
use crate::pipeline::order::{self, Take, Workers};
use crate::pipeline::{self, Admission, Failure, Finding, Job, Outcome, Stages};
use crate::read::{Reader, Sources};
use crate::report::{self, ColumnsRead, CountryRow, DyadRow, Folder, Manifest, Performance, Slow};
use crate::store::{Again, Identity, Store, VIEWS};

/// How a run goes on.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// An article has been compared with the user's examples, to see which are most similar.
    Compared,
    /// A source has this many articles.
    Found(usize),
    /// An article has been done, well or not, and had so many words; 0 if it failed or was known.
    Done(usize),
}

/// What to analyse, and where the reports go.
pub struct Task<'a> {
    /// The articles.
    pub sources: &'a Sources,
    /// Where the sources were found.
    pub paths: Vec<String>,
    /// What they are analysed with.
    pub stages: &'a Stages,
    /// The settings.
    pub config: Config,
    /// Where the reports go.
    pub folder: &'a Folder,
    /// What becomes of what the folder knows already.
    pub again: Again,
}

/// What a run came to.
#[derive(Debug)]
pub struct Finished {
    /// The rows of `countries.csv`.
    pub countries: Vec<CountryRow>,
    /// The manifest.
    pub manifest: Manifest,
}

/// Analyses the sources and fills the folder. Each chunk of articles is kept as soon as it is done;
/// the figures appear when all are there, or as far as it came when `stop` was set.
///
/// # Errors
/// The folder's store is of another kind of run, or cannot be written.
pub fn run(task: Task, stop: &AtomicBool, progress: impl Fn(Step) + Sync) -> Result<Finished> {
    let started = Instant::now();
    let Task { sources, stages, config, folder, .. } = &task;
    let identity = Identity::new(stages, config, &task.paths)?;
    let store = Store::open(folder.path(), &identity, config.text, task.again)?;
    let workers = Workers::start(config.threads)?;
    let admission = Admission::new(config, sources, &stages.gazetteer, &workers, || {
        progress(Step::Compared);
    })?;
    let admission = admission.deciding_anew(store.is_new_selection());
    let mut reader = Reader::new(config.columns.clone(), config.max_article_bytes);
    let produce = |take: &mut Take| {
        sources.iter().try_for_each(|source| {
            let mut take = |raw: crate::read::Raw| {
                if stop.load(Ordering::Relaxed) {
                    bail!(Stopped);
                }
                let known = store.known(&raw.name)?;
                take(Job { raw, known })
            };
            progress(Step::Found(reader.read(&source, &mut take)?));
            Ok(())
        })
    };
    let analyse = |job: &Job| {
        let result = pipeline::analyse(job, stages, &admission);
        progress(Step::Done(words(&result)));
        result
    };
    let mut effort = Effort::default();
    let ended = order::in_order(&workers, produce, analyse, |results| {
        store.in_transaction(|| results.iter().try_for_each(|result| store.enter(result)))?;
        results.iter().for_each(|result| effort.add(result));
        Ok(())
    });
    let is_partial = match ended {
        Err(error) if error.is::<Stopped>() => true,
        ended => ended.map(|()| false)?,
    };
    store.settle(task.again, is_partial)?;
    let columns = reader.columns().map(|(columns, files)| ColumnsRead::new(columns, files));
    let columns = columns.collect();
    let performance = effort.performance(config.threads, started.elapsed());
    let read = Read { columns, is_partial, similar_model_sha256: admission.sha256() };
    report(&task, &store, read, performance)
}

/// The user wants the run to end.
#[derive(Debug)]
struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped")
    }
}

/// Words that were read now.
fn words(result: &Result<Finding, Failure>) -> usize {
    match result {
        Ok(Finding { outcome: Outcome::Analysed(analysis), .. }) => analysis.article.words(),
        _ => 0,
    }
}

/// How the articles were read.
struct Read<'a> {
    columns: Vec<ColumnsRead>,
    is_partial: bool,
    similar_model_sha256: Option<&'a str>,
}

/// Writes all reports.
fn report(task: &Task, store: &Store, read: Read, performance: Performance) -> Result<Finished> {
    let Task { paths, stages, config, folder, .. } = task;
    for (view, has_text) in VIEWS {
        let columns = store.columns(view, has_text)?;
        let mut table = folder.table(&format!("{view}.csv"), &columns)?;
        store.copy(view, columns.len(), &mut table)?;
        table.finish()?;
    }
    let countries = report::countries(store, config, &stages.gazetteer)?;
    let mut table = folder.table_of::<CountryRow>()?;
    countries.iter().try_for_each(|row| table.push(row))?;
    table.finish()?;
    let mut table = folder.table_of::<DyadRow>()?;
    report::dyads(store, config, &stages.gazetteer, |row| table.push(&row))?;
    table.finish()?;
    let manifest = Manifest {
        demarche: env!("CARGO_PKG_VERSION"),
        config: config.clone(),
        paths: paths.clone(),
        readers: stages.tagger.readers(),
        model_sha256: stages.tagger.sha256().to_owned(),
        second_model_sha256: stages.tagger.second_sha256().map(str::to_owned),
        gazetteer_sha256: stages.gazetteer.sha256().to_owned(),
        similar_model_sha256: read.similar_model_sha256.map(str::to_owned),
        columns: read.columns,
        is_partial: read.is_partial,
        left_out: store.left_out()?,
        failures_by_reason: store.reasons()?,
        counts: store.counts()?,
        performance: Performance { peak_memory_mb: report::peak_memory_mb(), ..performance },
    };
    folder.write_manifest(&manifest)?;
    folder.publish()?;
    Ok(Finished { countries, manifest })
}

/// Articles that took long and are named.
const MOST_SLOW: usize = 10;

/// What this run took.
#[derive(Default)]
struct Effort {
    analysed: usize,
    unchanged: usize,
    words: usize,
    times: Times,
    /// The longest first.
    slowest: Vec<(Duration, String)>,
}

impl Effort {
    fn add(&mut self, result: &Result<Finding, Failure>) {
        let Ok(finding) = result else { return };
        match &finding.outcome {
            Outcome::Analysed(analysis) => {
                self.analysed += 1;
                self.times.add(analysis.times);
            }
            Outcome::Unchanged(_) => self.unchanged += 1,
            Outcome::Foreign(_) | Outcome::LeftOut(_) => {}
        }
        self.words += words(result);
        let place = self.slowest.partition_point(|(took, _)| *took >= finding.took);
        if place < MOST_SLOW {
            self.slowest.insert(place, (finding.took, finding.name.clone()));
            self.slowest.truncate(MOST_SLOW);
        }
    }

    fn performance(self, threads: usize, took: Duration) -> Performance {
        let round = |value: f64| (value * 1000.0).round() / 1000.0;
        let seconds = took.as_secs_f64();
        let stages = self.times.iter();
        Performance {
            threads,
            analysed: self.analysed,
            unchanged: self.unchanged,
            words: self.words,
            seconds: round(seconds),
            words_per_second: round(self.words as f64 / seconds.max(1e-9)),
            stage_seconds: stages
                .map(|(stage, time)| (stage.label(), round(time.as_secs_f64())))
                .collect(),
            peak_memory_mb: None,
            slowest: self
                .slowest
                .into_iter()
                .map(|(took, path)| Slow { path, seconds: round(took.as_secs_f64()) })
                .collect(),
        }
    }
}
