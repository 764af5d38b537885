//! The texts that demarche would analyse, as JSON Lines: what scripts/bench/pages.py compares.
//!
//! `cargo run --locked --release --example extract -- FOLDER...`
#![allow(clippy::print_stdout)] // its output is the texts

use std::path::PathBuf;

use anyhow::Result;
use demarche::clean;
use demarche::read::{self, Columns, Reader};
use serde_json::json;

/// Bytes of a page at most.
const MAX_BYTES: u64 = 20_000_000;

fn main() -> Result<()> {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut reader = Reader::new(Columns::default(), MAX_BYTES);
    for source in read::sources(&folders, read::Links::Stay)?.iter() {
        reader.read(&source, &mut |raw| {
            let text = read::document(&raw, MAX_BYTES).map(|document| document.text);
            let text = clean::clean(&text.unwrap_or_default()).text;
            println!("{}", json!({"path": raw.name, "text": text}));
            Ok(())
        })?;
    }
    Ok(())
}
