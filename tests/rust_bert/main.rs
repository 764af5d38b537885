//! The second engine says what the first one says, and runs other people's models.
#![allow(clippy::unwrap_used)] // the lint allows it in test functions, not in their helpers

mod errors;
mod foreign;
mod hub;
mod same;

use std::fs;
use std::path::{Path, PathBuf};

use demarche::model::engine::{Device, Engine};

/// The engine that is tested, where every machine has it.
pub(crate) const RUST_BERT: Engine = Engine::RustBert(Device::Cpu);

/// A path in the repository.
pub(crate) fn repo(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// `demarche` with this command, by rust-bert.
pub(crate) fn demarche(command: &str, arguments: &[&str]) -> assert_cmd::assert::Assert {
    let mut program = assert_cmd::cargo::cargo_bin_cmd!("demarche");
    program.arg(command).args(arguments).args(["--engine", "rust-bert"]);
    program.timeout(std::time::Duration::from_secs(600)).assert()
}

/// A copy of one of make.py's models, with one thing changed.
pub(crate) fn changed(model: &str, change: impl Fn(&Path)) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(repo("tests/rust_bert").join(model)).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    change(copy.path());
    copy
}
