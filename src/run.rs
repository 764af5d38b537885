//! `demarche run`: sources -> reports in the output folder.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Result;

use crate::aggregate::Corpus;
use crate::article::{Article, Reference};
use crate::clock::Times;
use crate::config::Config;
use crate::filter::Criterion;
use crate::pipeline::order::{self, Workers};
use crate::pipeline::{self, Admission, Analysis, Failure, Outcome, Stages};
use crate::read::{Emit, Raw, Reader, Source};
use crate::report::{
    self, ArticleRow, ColumnsRead, CountryRow, Counts, FailureRow, Folder, Manifest, MentionRow,
    PairRow, Performance, Row, Table, Text, Unresolved, UnresolvedRow,
};
use crate::stories::{self, Signature};

/// How a run goes on.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// A source has this many articles.
    Found(usize),
    /// An article has been done, well or not, and had so many words; 0 if it failed.
    Done(usize),
}

/// What a run came to.
#[derive(Debug)]
pub struct Finished {
    /// The rows of `countries.csv`.
    pub countries: Vec<CountryRow>,
    /// The manifest.
    pub manifest: Manifest,
}

/// Analyses the sources, found at `paths`, and fills the folder; the figures appear when all of them are there.
pub fn run(
    sources: &[Source],
    paths: Vec<String>,
    stages: &Stages,
    config: Config,
    folder: &Folder,
    progress: impl Fn(Step) + Sync,
) -> Result<Finished> {
    let started = Instant::now();
    let mut ledger = Ledger::open(folder, &config)?;
    let workers = Workers::start(config.threads)?;
    let mut reader = Reader::new(config.columns.clone(), config.max_article_bytes);
    let produce = |emit: &mut Emit| {
        sources.iter().try_for_each(|source| {
            progress(Step::Found(reader.read(source, emit)?));
            Ok(())
        })
    };
    let admission = Admission::new(&config)?;
    let analyse = |raw: &Raw| {
        let result = pipeline::analyse(raw, stages, &admission);
        progress(Step::Done(match &result {
            Ok(Outcome::Analysed(analysis)) => analysis.article.words(),
            _ => 0,
        }));
        result
    };
    order::in_order(&workers, produce, analyse, |result| ledger.enter(result))?;
    ledger.columns =
        reader.columns().map(|(columns, files)| ColumnsRead::new(columns, files)).collect();
    let seconds = started.elapsed().as_secs_f64();
    ledger.close(paths, stages, config, seconds)
}

/// Tables that are being written, and what must wait for the last article.
struct Ledger<'a> {
    folder: &'a Folder,
    keep_text: bool,
    mentions: Table<MentionRow>,
    pairs: Table<PairRow>,
    failures: Table<FailureRow>,
    articles: Vec<ArticleRow>,
    unresolved: Unresolved,
    /// For each signature which row of `articles` it is of: not all are analysed.
    analysed: Vec<usize>,
    signatures: Vec<Signature>,
    copies: BTreeMap<String, usize>,
    corpus: Corpus,
    counts: Counts,
    columns: Vec<ColumnsRead>,
    left_out: BTreeMap<Criterion, usize>,
    times: Times,
}

impl<'a> Ledger<'a> {
    fn open(folder: &'a Folder, config: &Config) -> Result<Self> {
        Ok(Self {
            folder,
            keep_text: config.text,
            mentions: folder.table(MentionRow::COLUMNS)?,
            pairs: folder.table(with_text(PairRow::COLUMNS, config.text))?,
            failures: folder.table(FailureRow::COLUMNS)?,
            articles: Vec::new(),
            unresolved: Unresolved::default(),
            analysed: Vec::new(),
            signatures: Vec::new(),
            copies: BTreeMap::new(),
            corpus: Corpus::default(),
            counts: Counts::default(),
            columns: Vec::new(),
            left_out: BTreeMap::new(),
            times: Times::default(),
        })
    }

    fn enter(&mut self, result: Result<Outcome, Failure>) -> Result<()> {
        match result {
            Ok(Outcome::Analysed(analysis)) => self.enter_article(*analysis),
            Ok(Outcome::Foreign(article)) => self.enter_foreign(*article),
            Ok(Outcome::LeftOut(criterion)) => {
                *self.left_out.entry(criterion).or_default() += 1;
                Ok(())
            }
            Err(failure) => self.enter_failure(&failure),
        }
    }

    fn enter_foreign(&mut self, mut article: Article) -> Result<()> {
        self.counts.not_english += 1;
        self.tell_copies_apart(&mut article.document.id);
        self.articles.push(report::foreign_row(&article));
        Ok(())
    }

    fn enter_failure(&mut self, failure: &Failure) -> Result<()> {
        self.counts.failures += 1;
        self.failures.push(&FailureRow {
            path: Text::new(&failure.path),
            stage: failure.stage.label(),
            reason: Text::new(&failure.reason),
        })
    }

    fn enter_article(&mut self, mut analysis: Analysis) -> Result<()> {
        let article = &mut analysis.article;
        self.tell_copies_apart(&mut article.document.id);
        let row = report::article_row(article);
        for mention in report::mention_rows(article) {
            self.mentions.push(&mention)?;
        }
        for pair in report::pair_rows(article, self.keep_text) {
            self.pairs.push(&pair)?;
        }
        let is_unresolved = |reference: &Reference| reference.actor.is_none();
        self.counts.articles += 1;
        self.counts.words += row.words;
        self.counts.sentences += row.sentences;
        self.counts.windows += row.windows;
        self.counts.mentions += row.mentions;
        self.counts.pairs += row.pairs;
        self.counts.unresolved +=
            article.mentions.iter().filter(|mention| is_unresolved(&mention.reference)).count();
        self.unresolved.add(article);
        self.counts.crowded_sentences += analysis.effort.crowded_sentences;
        self.counts.sentences_read_again += analysis.effort.sentences_read_again;
        self.times.add(analysis.times);
        self.corpus.add(article.document.date, analysis.contribution);
        self.signatures.push(analysis.signature);
        self.analysed.push(self.articles.len());
        self.articles.push(row);
        Ok(())
    }

    /// The same file in two folders is two articles of one story; the second's id ends in `-2`.
    fn tell_copies_apart(&mut self, id: &mut String) {
        let seen = self.copies.entry(id.clone()).or_default();
        *seen += 1;
        if *seen > 1 {
            *id = format!("{id}-{seen}");
        }
    }

    fn write_unresolved(&self) -> Result<()> {
        let columns = with_text(UnresolvedRow::COLUMNS, self.keep_text);
        let mut table = self.folder.table::<UnresolvedRow>(columns)?;
        for row in self.unresolved.rows(self.keep_text) {
            table.push(&row)?;
        }
        table.finish()
    }

    /// Writes into each analysed article's row the id of its story.
    fn name_stories(&mut self, stories: &[usize]) {
        for (&row, &first) in self.analysed.iter().zip(stories) {
            let id = self.articles[self.analysed[first]].article_id.clone();
            let row = &mut self.articles[row];
            self.counts.stories += usize::from(id == row.article_id);
            row.story_id = id;
        }
    }

    fn close(
        mut self,
        paths: Vec<String>,
        stages: &Stages,
        config: Config,
        seconds: f64,
    ) -> Result<Finished> {
        let id = |article: usize| self.articles[self.analysed[article]].article_id.as_str();
        let stories = stories::stories(&self.signatures, id);
        self.name_stories(&stories);
        let countries = report::countries(&self.corpus, &stories, &config, &stages.gazetteer);
        self.write_unresolved()?;
        self.mentions.finish()?;
        self.pairs.finish()?;
        self.failures.finish()?;
        self.folder.write(report::story_rows(&self.articles))?;
        self.folder.write(self.articles)?;
        self.folder.write(countries.iter().cloned())?;
        self.folder.write(report::dyads(&self.corpus, &stories, &config, &stages.gazetteer))?;
        let manifest = Manifest {
            demarche: env!("CARGO_PKG_VERSION"),
            performance: performance(config.threads, self.counts.words, seconds, self.times),
            config,
            paths,
            readers: stages.tagger.readers(),
            model_sha256: stages.tagger.sha256().to_owned(),
            second_model_sha256: stages.tagger.second_sha256().map(str::to_owned),
            gazetteer_sha256: stages.gazetteer.sha256().to_owned(),
            columns: self.columns,
            left_out: self.left_out,
            counts: self.counts,
        };
        self.folder.write_manifest(&manifest)?;
        self.folder.publish()?;
        Ok(Finished { countries, manifest })
    }
}

/// The columns, without the last one, the sentence, where that is not kept.
fn with_text<'a>(columns: &'a [&'a str], keep_text: bool) -> &'a [&'a str] {
    if keep_text { columns } else { &columns[..columns.len() - 1] }
}

fn performance(threads: usize, words: usize, seconds: f64, times: Times) -> Performance {
    let round = |value: f64| (value * 1000.0).round() / 1000.0;
    Performance {
        threads,
        seconds: round(seconds),
        words_per_second: round(words as f64 / seconds.max(1e-9)),
        stage_seconds: times
            .iter()
            .map(|(stage, time)| (stage.label(), round(time.as_secs_f64())))
            .collect(),
        peak_memory_mb: report::peak_memory_mb(),
    }
}
