//! The reports of the corpus in the repository are the expected ones, and the same twice.

use std::fs;
use std::path::Path;

use crate::{demarche, repo, table};

const TABLES: [&str; 8] = [
    "countries.csv",
    "dyads.csv",
    "articles.csv",
    "mentions.csv",
    "pairs.csv",
    "failures.csv",
    "stories.csv",
    "unresolved.csv",
];

/// Processors without FMA round otherwise: probabilities may differ in the third digit.
const TOLERANCE: f64 = 0.0015;

fn run(out: &Path, threads: &str) {
    demarche()
        .current_dir(repo(""))
        .args(["run", "corpora/afghanistan/articles", "--focus", "AF", "--quiet"])
        .args(["--threads", threads, "--out"])
        .arg(out)
        .assert()
        .code(1); // an empty file and a scan
}

/// To accept a change: `scripts/accept-reports`, and read its diff.
#[test]
fn the_corpus_gives_the_expected_reports() {
    let out = tempfile::tempdir().unwrap();
    run(&out.path().join("reports"), "2");
    for name in TABLES {
        let expected = table(&repo("corpora/afghanistan/expected").join(name));
        let found = table(&out.path().join("reports").join(name));
        assert_eq!(expected.len(), found.len(), "{name}: rows");
        for (n, (expected, found)) in expected.iter().zip(&found).enumerate() {
            let is_same = expected.len() == found.len()
                && expected.iter().zip(found).all(|(a, b)| is_same_cell(a, b));
            assert!(is_same, "{name} row {n}:\n{expected:?}\n{found:?}");
        }
    }
}

fn is_same_cell(expected: &str, found: &str) -> bool {
    let number = |cell: &str| cell.contains('.').then(|| cell.parse::<f64>().ok()).flatten();
    match (number(expected), number(found)) {
        (Some(expected), Some(found)) => (expected - found).abs() <= TOLERANCE,
        _ => expected == found,
    }
}

#[test]
fn threads_do_not_change_the_reports() {
    let out = tempfile::tempdir().unwrap();
    let (one, seven) = (out.path().join("one"), out.path().join("seven"));
    run(&one, "1");
    run(&seven, "7");
    for name in TABLES {
        assert!(
            fs::read(one.join(name)).unwrap() == fs::read(seven.join(name)).unwrap(),
            "{name} differs"
        );
    }
}
