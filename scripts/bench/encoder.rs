//! Measures the encoder alone: tokens a CPU second over the sentences of real articles, as JSON.
//!
//! `cargo run --locked --release --example encoder -- FOLDER... [--f32] [--seconds 5] [--sentences FILE]`
#![allow(clippy::print_stdout)] // its output is the measurement

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Parser;
use demarche::assets::MODEL;
use demarche::encode::{Encoder, Tokens};
use demarche::model::Precision;
use demarche::model::config::Config;
use demarche::model::embedded::Embedded;
use demarche::read::{Columns, Reader};
use demarche::tag::{Reading, Tagger};
use demarche::{clean, read, segment};
use serde_json::json;

/// Bytes of an article to read at most; no article of a benchmark has as many.
const MAX_BYTES: u64 = 1 << 30;

/// Measures the encoder alone.
#[derive(Parser)]
struct Flags {
    /// Folders of articles.
    folders: Vec<PathBuf>,
    /// Measure the f32 path.
    #[arg(long)]
    f32: bool,
    /// Least CPU time to measure; 0 for none at all.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Where to write the sentences, so that other engines can read the same ones.
    #[arg(long)]
    sentences: Option<PathBuf>,
}

/// An article's sentences, and the tokens of each.
struct Article {
    texts: Vec<String>,
    tokens: Vec<Tokens>,
}

fn main() -> Result<()> {
    let flags = Flags::parse();
    let began = Instant::now();
    let tagger = load(if flags.f32 { Precision::F32 } else { Precision::Int8 })?;
    let load_seconds = began.elapsed().as_secs_f64();
    let articles = articles(&flags.folders, &tagger)?;
    if let Some(path) = &flags.sentences {
        write_sentences(path, &articles)?;
    }
    if flags.seconds > 0.0 {
        let tokens_per_cpu_second = measure(&articles, &tagger, flags.seconds)?;
        println!("{}", json!({"per_cpu_second": tokens_per_cpu_second, "load": load_seconds}));
    }
    Ok(())
}

fn load(precision: Precision) -> Result<Tagger> {
    let config = Config::load(&MODEL)?;
    let model = Embedded::load(&MODEL, &config, precision)?;
    Tagger::new(Encoder::load(&MODEL)?, config, Box::new(model))
}

fn articles(folders: &[PathBuf], tagger: &Tagger) -> Result<Vec<Article>> {
    let mut articles = Vec::new();
    let mut reader = Reader::new(Columns::default(), MAX_BYTES);
    for source in read::sources(folders, read::Links::Stay)?.iter() {
        reader.read(&source, &mut |raw| {
            // Some files hold no article, to test `demarche run`.
            let Ok(document) = read::document(&raw, MAX_BYTES) else { return Ok(()) };
            let text = clean::clean(&document.text).text;
            let sentences = segment::sentences(&text);
            articles.push(Article {
                tokens: tagger.tokens(&text, &sentences)?,
                texts: sentences.iter().map(|sentence| sentence.of(&text).to_owned()).collect(),
            });
            Ok(())
        })?;
    }
    Ok(articles)
}

/// A line a sentence: article, text, ids, cases.
fn write_sentences(path: &Path, articles: &[Article]) -> Result<()> {
    let mut file = fs::File::create(path)?;
    for (n, article) in articles.iter().enumerate() {
        for (text, tokens) in article.texts.iter().zip(&article.tokens) {
            writeln!(file, "{}", json!([n, text, tokens.ids, tokens.cases]))?;
        }
    }
    Ok(())
}

fn measure(articles: &[Article], tagger: &Tagger, least: f64) -> Result<f64> {
    let tokens: usize = articles.iter().flat_map(|article| &article.tokens).map(Tokens::len).sum();
    // One thread, and this one: its CPU time is the measurement's.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build()?;
    let mut rounds = 0;
    let began = cpu_seconds()?;
    loop {
        for article in articles {
            pool.install(|| {
                let readings: Vec<_> = article.tokens.iter().cloned().map(Reading::new).collect();
                tagger.read(std::hint::black_box(&readings))
            })?;
        }
        rounds += 1;
        let seconds = cpu_seconds()? - began;
        if seconds > least {
            return Ok((tokens * rounds) as f64 / seconds);
        }
    }
}

/// Time this thread has had a processor, by Linux's scheduler.
fn cpu_seconds() -> Result<f64> {
    let path = "/proc/thread-self/schedstat";
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    let nanoseconds = text.split(' ').next().unwrap_or_default();
    Ok(nanoseconds.parse::<u64>().with_context(|| format!("{path} has no number"))? as f64 / 1e9)
}
