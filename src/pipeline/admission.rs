//! Decides of each article whether it is analysed.

use std::time::Duration;

use anyhow::{Result, bail};

use super::nearest::{self, Nearest};
use super::order::Workers;
use super::{Outcome, unread};
use crate::article::Document;
use crate::clean;
use crate::clock::{Clock, Stage};
use crate::config::Config;
use crate::filter::{Criterion, Filter};
use crate::gazetteer::Gazetteer;
use crate::language::Languages;
use crate::read::{self, NamePattern, Opened, Raw, Sources};
use crate::similar::{Examples, Keep};

/// Which articles are analysed.
pub struct Admission {
    max_bytes: u64,
    languages: Languages,
    filter: Filter,
    names: Option<NamePattern>,
    likeness: Option<Likeness>,
    time_limit: Option<Duration>,
    decides_anew: bool,
}

/// What an article must be like.
struct Likeness {
    examples: Examples,
    wanted: Wanted,
}

enum Wanted {
    /// Any article that is so similar.
    AtLeast(f32),
    /// These.
    Nearest(Nearest),
}

/// An article that may be analysed, or what else becomes of it.
pub(super) enum Admitted {
    /// It is read and clean; with its similarity, if one was asked for.
    Yes(Document, Option<f32>),
    No(Outcome),
}

impl Admission {
    /// As the settings say. Where they ask for the articles most similar to some examples, all
    /// sources are read and compared first; `compared` is told of each article.
    ///
    /// # Errors
    /// The examples cannot be read, or the articles not twice.
    pub fn new(
        config: &Config,
        sources: &Sources,
        gazetteer: &Gazetteer,
        workers: &Workers,
        compared: impl Fn() + Sync,
    ) -> Result<Self> {
        let mut admission = Self {
            max_bytes: config.max_article_bytes,
            languages: config.language,
            filter: Filter::new(config.selection.clone())?,
            names: config.names.clone(),
            likeness: None,
            time_limit: config.article_timeout,
            decides_anew: false,
        };
        let Some(similar) = &config.selection.similar else { return Ok(admission) };
        let examples = Examples::load(&similar.to, &config.columns, config.max_article_bytes)?;
        let wanted = match similar.keep {
            Keep::MinSimilarity(least) => Wanted::AtLeast(least),
            Keep::Top(_) if sources.iter().any(|source| source.is_standard_input()) => bail!(
                "top reads the articles twice, and standard input can be read only once; save it \
                 as a .jsonl file, or use --min-similarity"
            ),
            Keep::Top(count) => {
                let similarity = |raw: &Raw| {
                    compared();
                    admission.similarity(raw, gazetteer, &examples)
                };
                Wanted::Nearest(nearest::find(sources, config, workers, count, similarity)?)
            }
        };
        admission.likeness = Some(Likeness { examples, wanted });
        Ok(admission)
    }

    /// The same, which decides of every article even if its analysis is known from an earlier run,
    /// because that `wanted_others`; so it does where articles are compared with examples, or with
    /// each other.
    #[must_use]
    pub fn deciding_anew(self, wanted_others: bool) -> Self {
        Self { decides_anew: wanted_others || self.likeness.is_some(), ..self }
    }

    /// Whether it decides of articles whose analysis is known.
    pub(super) fn decides_anew(&self) -> bool {
        self.decides_anew
    }

    /// What one article may take.
    pub(super) fn time_limit(&self) -> Option<Duration> {
        self.time_limit
    }

    /// Takes up the bytes of an article.
    pub(super) fn open<'a>(&self, raw: &'a Raw) -> Result<Opened<'a>> {
        read::open(raw, self.max_bytes)
    }

    /// SHA-256 of the files of the model that compares articles, if there is one.
    pub fn sha256(&self) -> Option<&str> {
        self.likeness.as_ref().map(|likeness| likeness.examples.sha256())
    }

    /// Reads and cleans an article, and decides.
    pub(super) fn admit(
        &self,
        raw: &Raw,
        opened: Opened,
        gazetteer: &Gazetteer,
        clock: &mut Clock,
    ) -> Result<Admitted> {
        let mut document = opened.document(self.max_bytes)?;
        if let Some(names) = &self.names {
            names.apply(raw, &mut document, gazetteer)?;
        }
        if let Some(criterion) = self.filter.by_origin(&document) {
            return Ok(left_out(criterion));
        }
        clock.enter(Stage::Clean);
        let document = clean::document(document);
        if let Some(criterion) = self.filter.by_text(&document) {
            return Ok(left_out(criterion));
        }
        if self.languages.exclude(&document.text) {
            return Ok(Admitted::No(Outcome::Foreign(Box::new(unread(document)))));
        }
        self.compare(raw, document)
    }

    fn compare(&self, raw: &Raw, document: Document) -> Result<Admitted> {
        let similarity = match &self.likeness {
            None => return Ok(Admitted::Yes(document, None)),
            Some(Likeness { examples, wanted: Wanted::AtLeast(least) }) => {
                Some(examples.similarity(&document)?).filter(|similarity| similarity >= least)
            }
            Some(Likeness { wanted: Wanted::Nearest(nearest), .. }) => nearest.similarity(raw),
        };
        Ok(match similarity {
            None => left_out(Criterion::Similar),
            similarity => Admitted::Yes(document, similarity),
        })
    }

    /// How similar an article is, if nothing else speaks against it.
    fn similarity(
        &self,
        raw: &Raw,
        gazetteer: &Gazetteer,
        examples: &Examples,
    ) -> Result<Option<f32>> {
        match self.admit(raw, self.open(raw)?, gazetteer, &mut Clock::start())? {
            Admitted::Yes(document, _) => examples.similarity(&document).map(Some),
            Admitted::No(_) => Ok(None),
        }
    }
}

fn left_out(criterion: Criterion) -> Admitted {
    Admitted::No(Outcome::LeftOut(criterion))
}
