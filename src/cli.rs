//! Subcommands, flags and their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::assets::Models;
use crate::config::{Period, Settings};
use crate::filter::Days;
use crate::language::Languages;
use crate::model::engine::{Device, Name};
use crate::read::Columns;

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
}

const RUN_EXAMPLE: &str = "Example:
  demarche run articles/ --focus AF --countries IN,KZ --period month --out reports/

Reads .txt, .md, .html, .mhtml, .pdf, .docx, .odt, .rtf, .epub, .eml, .jsonl, .json, .csv,
.tsv, .warc and .wet, also in .gz, .zst, .zip and .tar.gz, folders and all below them, and
- for JSON Lines on standard input; docs/reading.md has more. Exit code 0: all done; 1: done, some articles failed
(see failures.csv); 2: could not run.";

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
    /// Finds the country an article's author speaks for in its path: '/([A-Z]{3})_' for un/PAK_76.txt.
    #[arg(long, value_name = "REGEX")]
    pub author_country_pattern: Option<String>,
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
    /// Replace the reports of an earlier run in the output folder.
    #[arg(long)]
    pub force: bool,
    /// No progress, no summary: only errors.
    #[arg(long, short)]
    pub quiet: bool,
}

impl Run {
    /// The settings that the flags give.
    pub fn settings(&self) -> Settings {
        Settings {
            focus: self.focus.clone(),
            countries: self.countries.clone(),
            period: self.period,
            threads: self.threads,
            author_country_pattern: self.author_country_pattern.clone(),
            text: self.no_text.then_some(false),
            max_article_mb: None,
            language: self.language,
            since: self.since,
            until: self.until,
            source: self.source.clone(),
            pattern: self.pattern.clone(),
            columns: self.columns(),
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
    /// A tagger in Hugging Face's files finds the entities, by rust-bert.
    #[arg(long, value_name = "DIR")]
    pub entities_model: Option<PathBuf>,
    /// An inference model in Hugging Face's files judges stance, by rust-bert.
    #[arg(long, value_name = "DIR")]
    pub stance_model: Option<PathBuf>,
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
            ..Settings::default()
        }
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
