//! Subcommands, flags and their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::assets::Models;
use crate::config::{Period, Settings};
use crate::filter::Days;
use crate::language::Languages;
use crate::model::engine::{Device, Name};
use crate::model::hub::Downloads;
use crate::read::{Columns, Links};
use crate::store::Again;

/// What countries think of each other, read from folders of articles.
///
/// Reads articles and reports, for a focus country, how its neighbours are spoken of, what each
/// thinks of it and what it thinks of them: CSV with the sentence behind every figure.
#[derive(Debug, Parser)]
#[command(version, about, after_help = EXAMPLE, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLE: &str = "Example:
  demarche run articles/ --focus AF --out reports/
  demarche explain \"Pakistan warned the Taliban.\"";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Analyse articles and write the reports.
    #[command(after_help = RUN_EXAMPLE)]
    Run(Box<Run>),
    /// Score the model on labelled sentences.
    #[command(after_help = EVAL_EXAMPLE)]
    Eval(Eval),
    /// Show what each stage makes of a text.
    #[command(after_help = EXPLAIN_EXAMPLE)]
    Explain(Explain),
    /// Look after a register of actors of your own.
    Actors(Actors),
    /// Parse the PDF on standard input, for a run that must outlive its parser.
    #[command(hide = true)]
    ReadPdf {
        /// What it may hold.
        #[arg(long)]
        memory_mb: u64,
    },
}

const RUN_EXAMPLE: &str = "Example:
  demarche run articles/ --focus AF --countries IN,KZ --period month --out reports/

Reads .txt, .md, .html, .mhtml, .pdf, .docx, .odt, .rtf, .epub, .eml, .jsonl, .json, .csv,
.tsv, .parquet, .warc and .wet, also in .gz, .zst, .zip and .tar.gz, folders and all below them,
and - for JSON Lines on standard input; docs/reading.md has more.

The same command again goes on where a run was ended, and later analyses only what is new or
changed. Exit code 0: all done; 1: done, some articles failed (see failures.csv); 2: could not run;
130: stopped by Ctrl-C, the reports are of what was done.";

/// Flags of `demarche run`.
#[derive(Debug, Args)]
pub struct Run {
    /// Files and folders to read; - is standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The country the run is about: ISO code or English name.
    #[arg(long, value_name = "COUNTRY")]
    pub focus: Option<String>,
    /// The folder for the reports; made if it does not exist.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Countries that get a row beside the focus's neighbours.
    #[arg(long, value_name = "COUNTRY,...", value_delimiter = ',')]
    pub countries: Option<Vec<String>>,
    /// A settings file; flags win over it [default: demarche.toml, if it is there].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Worker threads [default: one a core].
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// What reads the sentences.
    #[command(flatten)]
    pub readers: Readers,
    /// What names of files say, as in '{author_country}_{session}_{year}': author_country, date,
    /// year, month, day, source and title are read, any other name matches anything.
    #[arg(long, value_name = "PATTERN")]
    pub name_pattern: Option<String>,
    /// What the rows of dyads.csv are counted by [default: year].
    #[arg(long, value_enum)]
    pub period: Option<Period>,
    /// Leave the sentences out of pairs.csv.
    #[arg(long)]
    pub no_text: bool,
    /// Only articles published then or later: 2021-08-15, 2021-08 or 2021.
    #[arg(long, value_name = "DATE")]
    pub since: Option<Days>,
    /// Only articles published then or earlier.
    #[arg(long, value_name = "DATE")]
    pub until: Option<Days>,
    /// Only articles of sources with one of these words in their names.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub source: Option<Vec<String>>,
    /// Only articles in whose title or text this regular expression matches.
    #[arg(long = "match", value_name = "REGEX")]
    pub pattern: Option<String>,
    /// Only articles about the same matter as those in this file or folder.
    #[arg(long, value_name = "PATH")]
    pub similar_to: Option<PathBuf>,
    /// How similar they must be, from -1 to 1 [default: 0.45].
    #[arg(long, value_name = "COSINE", allow_negative_numbers = true)]
    pub min_similarity: Option<f32>,
    /// How many of the most similar ones are taken; all are read twice.
    #[arg(long, value_name = "N", conflicts_with = "min_similarity")]
    pub top: Option<usize>,
    /// Which articles are analysed [default: en; others are listed in articles.csv].
    #[arg(long, value_enum)]
    pub language: Option<Languages>,
    /// Where the text is in .jsonl, .json, .csv and .tsv [default: the usual names, as `text`].
    #[arg(long, value_name = "NAME")]
    pub text_column: Option<String>,
    /// Where the headline is in these.
    #[arg(long, value_name = "NAME")]
    pub title_column: Option<String>,
    /// Where the day of publication is in these.
    #[arg(long, value_name = "NAME")]
    pub date_column: Option<String>,
    /// Where the publisher is in these.
    #[arg(long, value_name = "NAME")]
    pub source_column: Option<String>,
    /// Where the address on the web is in these.
    #[arg(long, value_name = "NAME")]
    pub url_column: Option<String>,
    /// Analyse everything again: what the output folder knows from earlier runs is thrown away.
    #[arg(long)]
    pub reanalyse: bool,
    /// Keep the articles of earlier runs in the reports that are no longer there.
    #[arg(long, conflicts_with = "reanalyse")]
    pub keep_missing: bool,
    /// Read files outside of PATH that links in it lead to.
    #[arg(long)]
    pub follow_links: bool,
    /// An article that takes longer is a failure; 0 is no limit [default: 3600].
    #[arg(long, value_name = "SECONDS")]
    pub article_timeout: Option<u64>,
    /// No progress, no summary: only errors.
    #[arg(long, short)]
    pub quiet: bool,
    /// How progress, end and errors are told: to a person, or as a JSON object a line.
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub log: Log,
}

/// How a run tells what it does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Log {
    /// A bar and a table on a terminal, plain lines otherwise.
    #[default]
    Text,
    /// A JSON object a line: `event` is progress, compared, finished, stopped or error.
    Json,
}

impl Run {
    /// What becomes of what the output folder knows already.
    pub fn again(&self) -> Again {
        match (self.reanalyse, self.keep_missing) {
            (true, _) => Again::Anew,
            (false, true) => Again::KeepMissing,
            (false, false) => Again::Continue,
        }
    }

    /// What becomes of links that lead out of the corpus.
    pub fn links(&self) -> Links {
        if self.follow_links { Links::Follow } else { Links::Stay }
    }

    /// The settings that the flags give.
    pub fn settings(&self) -> Settings {
        Settings {
            focus: self.focus.clone(),
            countries: self.countries.clone(),
            period: self.period,
            threads: self.threads,
            name_pattern: self.name_pattern.clone(),
            text: self.no_text.then_some(false),
            max_article_mb: None,
            article_timeout: self.article_timeout,
            language: self.language,
            since: self.since,
            until: self.until,
            source: self.source.clone(),
            pattern: self.pattern.clone(),
            similar_to: self.similar_to.clone(),
            min_similarity: self.min_similarity,
            top: self.top,
            columns: self.columns(),
            downloads: self.readers.downloads(!self.quiet && self.log == Log::Text),
            ..self.readers.settings()
        }
    }

    fn columns(&self) -> Columns {
        Columns {
            text: self.text_column.clone(),
            title: self.title_column.clone(),
            date: self.date_column.clone(),
            source: self.source_column.clone(),
            url: self.url_column.clone(),
            author: None,
        }
    }
}

/// What reads the sentences.
#[derive(Debug, Clone, Args)]
pub struct Readers {
    /// Which model reads: small; cascade: a larger one judges where two actors meet; large: it
    /// judges all mentions; or a folder with another [default: small].
    #[arg(long, value_name = "NAME|DIR")]
    pub model: Option<Models>,
    /// A register of actors, like models/gazetteer/actors.csv: adds to the built-in one, and wins.
    #[arg(long, value_name = "FILE")]
    pub actors: Option<PathBuf>,
    /// What computes [default: embedded]; docs/engines.md says which is for whom.
    #[arg(long, value_enum)]
    pub engine: Option<Name>,
    /// What rust-bert computes on: cpu, cuda or cuda:N [default: cpu].
    #[arg(long, value_name = "DEVICE")]
    pub device: Option<Device>,
    /// A tagger in Hugging Face's files finds the entities, by rust-bert: a folder, or with
    /// --allow-download a model of the Hugging Face hub as it was at a commit.
    #[arg(long, value_name = "DIR|OWNER/NAME@REVISION")]
    pub entities_model: Option<PathBuf>,
    /// An inference model in Hugging Face's files judges stance, by rust-bert: the same.
    #[arg(long, value_name = "DIR|OWNER/NAME@REVISION")]
    pub stance_model: Option<PathBuf>,
    /// Fetch these models from the Hugging Face hub, once; nothing else is ever downloaded.
    #[arg(long)]
    pub allow_download: bool,
}

impl Readers {
    /// The settings that the flags give.
    pub fn settings(&self) -> Settings {
        Settings {
            model: self.model.clone(),
            actors: self.actors.clone(),
            engine: self.engine,
            device: self.device,
            entities_model: self.entities_model.clone(),
            stance_model: self.stance_model.clone(),
            downloads: self.downloads(true),
            ..Settings::default()
        }
    }

    fn downloads(&self, with_bar: bool) -> Downloads {
        if self.allow_download { Downloads::Allowed { with_bar } } else { Downloads::Never }
    }
}

const EVAL_EXAMPLE: &str = "Example:
  demarche eval corpora/afghanistan/gold.jsonl
  demarche eval mine.jsonl --json | jq .stance.macro_f1

docs/gold.md describes the format.";

/// Flags of `demarche eval`.
#[derive(Debug, Args)]
pub struct Eval {
    /// Files of labelled sentences, one JSON object a line.
    #[arg(required = true, value_name = "GOLD.jsonl")]
    pub gold: Vec<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Let the program find the mentions itself, as in a run: a marked span that it misses is
    /// scored as neutral (or none).
    #[arg(long)]
    pub end_to_end: bool,
    /// What reads the sentences.
    #[command(flatten)]
    pub readers: Readers,
}

const EXPLAIN_EXAMPLE: &str = "Example:
  demarche explain \"Iran is disappointed with the Taliban regime.\"
  demarche explain - < article.txt";

/// Flags of `demarche explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The text, or - for standard input.
    pub text: String,
    /// What reads the sentences.
    #[command(flatten)]
    pub readers: Readers,
}

/// Flags of `demarche actors`.
#[derive(Debug, Args)]
pub struct Actors {
    /// What to do with it.
    #[command(subcommand)]
    pub command: ActorsCommand,
}

/// What to do with a register.
#[derive(Debug, Subcommand)]
pub enum ActorsCommand {
    /// Find unknown countries, bad dates and aliases that stand for two countries at one time.
    #[command(after_help = CHECK_EXAMPLE)]
    Check {
        /// A file with the columns of models/gazetteer/actors.csv.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

const CHECK_EXAMPLE: &str = "Example:
  demarche actors check mine.csv
  demarche run articles/ --focus AF --actors mine.csv --out reports/

Columns: actor, alias, kind, country and, if you like, valid_from, valid_to, note.
Exit code 0: nothing is wrong; 1: the lines printed are; 2: the file cannot be read.";
