//! The program as people run it: its commands, its reports, and what it does with bad input.

mod bad_input;
mod commands;
mod durability;
mod golden;
mod reading;

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use serde_json::Value;

/// The program.
pub(crate) fn demarche() -> Command {
    assert_cmd::cargo::cargo_bin_cmd!("demarche")
}

/// `demarche run` on a folder, about Afghanistan, to its end.
pub(crate) fn run(articles: &Path, out: &Path, extra: &[&str]) -> Assert {
    let mut command = demarche();
    command
        .arg("run")
        .arg(articles)
        .args(["--focus", "AF", "--quiet", "--out"])
        .arg(out)
        .args(extra);
    command.timeout(std::time::Duration::from_secs(300)).assert()
}

/// A path in the repository.
pub(crate) fn repo(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A folder with these files, removed when dropped.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        let parent = path.parent().expect("a file is in a folder");
        std::fs::create_dir_all(parent).expect("a writable folder");
        std::fs::write(path, bytes).expect("a writable file");
    }
    folder
}

/// The rows of a table, header first.
pub(crate) fn table(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).expect("a table");
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

/// The cells of a column.
pub(crate) fn column(table: &[Vec<String>], name: &str) -> Vec<String> {
    let at = table[0].iter().position(|column| column == name).expect("the column");
    table[1..].iter().map(|row| row[at].clone()).collect()
}

/// What `run.json` says.
pub(crate) fn manifest(out: &Path) -> Value {
    let bytes = std::fs::read(out.join("run.json")).expect("a manifest");
    serde_json::from_slice(&bytes).expect("JSON")
}
