//! Bytes -> one part of demarche, which must neither panic, hang nor fill the memory.
//!
//! `scripts/fuzz` builds and runs this: one program with all targets, of which `DEMARCHE_FUZZ`
//! names one.
#![no_main]

mod files;
mod settings;
mod texts;

// Private in demarche, where only builds with rust-bert read such files.
#[allow(dead_code)]
#[path = "../../src/tag/labels.rs"]
mod labels;
// What labels.rs finds in its own crate.
use demarche::{article, assets, model};

use std::path::Path;
use std::sync::LazyLock;
use std::thread;
use std::{env, panic};

use tempfile::TempDir;

type Target = Box<dyn Fn(&[u8]) + Send + Sync>;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = env::var("DEMARCHE_FUZZ").expect("DEMARCHE_FUZZ names the target");
    target(&name)
});

/// What a target does. Those that are not listed are endings of files.
fn target(name: &str) -> Target {
    match name {
        "clean" => Box::new(texts::clean),
        "segment" => Box::new(texts::segment),
        "windows" => Box::new(texts::windows),
        "annotate" => Box::new(texts::annotate),
        "gold" => Box::new(settings::gold),
        "config" => Box::new(settings::config),
        "model" => Box::new(settings::model),
        "labels" => Box::new(settings::labels),
        "names" => Box::new(settings::names),
        "actors" => Box::new(settings::actors),
        ending => {
            let name = format!("a.{ending}");
            Box::new(move |bytes| files::read(&name, bytes))
        }
    }
}

/// Where the inputs are put that demarche reads from a file.
fn scratch() -> &'static Path {
    static SCRATCH: LazyLock<TempDir> =
        LazyLock::new(|| tempfile::tempdir().expect("a temporary folder"));
    SCRATCH.path()
}

/// A panic that demarche contains is a finding all the same, but for those of the PDF parser, which
/// are why it runs on a thread of its own, and of the Parquet library on damaged pages.
fn let_parsers_panic() {
    let (main, abort) = (thread::current().id(), panic::take_hook());
    panic::set_hook(Box::new(move |panic| {
        let is_parquet = panic.location().is_some_and(|at| at.file().contains("/parquet-"));
        if thread::current().id() == main && !is_parquet {
            abort(panic);
        }
    }));
}

libfuzzer_sys::fuzz_target!(init: let_parsers_panic(), |bytes: &[u8]| TARGET(bytes));
