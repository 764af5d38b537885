//! What survives: kills, Ctrl-C, full disks, articles that come, change and go.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use serde_json::Value;

use crate::{column, folder, manifest, repo, run, table};

/// So many articles that a run has several chunks of 64.
const ARTICLES: usize = 400;

/// Short articles that differ.
fn articles() -> tempfile::TempDir {
    let names: Vec<String> = (0..ARTICLES).map(|n| format!("{n:04}.txt")).collect();
    let texts: Vec<String> = (0..ARTICLES)
        .map(|n| {
            let verb = ["praised", "blamed", "met", "warned"][n % 4];
            let day = n % 28 + 1;
            format!("Iran {verb} the Taliban on {day} May 2023. Pakistan thanked envoy number {n}.")
        })
        .collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    folder(&files)
}

/// The bytes of all reports but the manifest, by name.
fn reports(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(out)
        .expect("the output folder")
        .map(|entry| entry.expect("a readable folder").path());
    let tables = files.filter(|path| path.extension().is_some_and(|ending| ending == "csv"));
    tables
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("a report"))
        })
        .collect()
}

/// The reports of a run that nothing disturbed.
fn undisturbed(articles: &Path) -> BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().expect("a temporary folder");
    run(articles, out.path(), &[]).code(0);
    let reports = reports(out.path());
    assert_eq!(reports.len(), 8);
    reports
}

/// A run that goes on beside the test.
fn start(articles: &Path, out: &Path) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin!("demarche"))
        .arg("run")
        .arg(articles)
        .args(["--focus", "AF", "--quiet", "--threads", "1", "--out"])
        .arg(out)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

#[test]
fn a_run_that_is_killed_at_any_moment_goes_on_to_the_same_reports() {
    let articles = articles();
    let expected = undisturbed(articles.path());
    let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(20_261_126);
    let mut kills = 0;
    while kills < 50 {
        let out = tempfile::tempdir().unwrap();
        // Longer and longer, so that even a slow machine does a chunk at last.
        for longest in (100..).step_by(60) {
            let mut child = start(articles.path(), out.path());
            thread::sleep(Duration::from_millis(random.random_range(1..longest)));
            child.kill().unwrap();
            if child.wait().unwrap().success() {
                break;
            }
            kills += 1;
        }
        run(articles.path(), out.path(), &[]).code(0);
        assert!(reports(out.path()) == expected, "other reports after {kills} kills");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_reports_of_what_was_done_and_the_run_goes_on() {
    let articles = articles();
    let expected = undisturbed(articles.path());
    let out = tempfile::tempdir().unwrap();
    let child = start(articles.path(), out.path());
    // As soon as a chunk is kept: the write-ahead log is not empty.
    let log = out.path().join("demarche.sqlite-wal");
    while fs::metadata(&log).map_or(0, |log| log.len()) < 100_000 {
        thread::sleep(Duration::from_millis(2));
    }
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{error}");
    assert!(error.contains("run the same command again to go on"), "{error}");
    let partial = manifest(out.path());
    let done = partial["counts"]["articles"].as_u64().unwrap();
    assert!(partial["is_partial"] == true && (1..400).contains(&done), "{partial}");
    assert_eq!(table(&out.path().join("articles.csv")).len() as u64, done + 1);
    run(articles.path(), out.path(), &[]).code(0);
    let whole = manifest(out.path());
    assert_eq!(whole["performance"]["unchanged"], done);
    assert!(whole.get("is_partial").is_none());
    assert!(reports(out.path()) == expected);
}

/// A run on two threads, within what the shell limits.
#[cfg(unix)]
fn limited(limit: &str, articles: &Path, out: &Path) -> Output {
    let command = format!(
        "{limit}; exec '{}' run '{}' --focus AF --quiet --threads 2 --out '{}'",
        assert_cmd::cargo::cargo_bin!("demarche").display(),
        articles.display(),
        out.display()
    );
    Command::new("sh").args(["-c", &command]).output().expect("a shell")
}

/// A limit on the size of files stands for a full disk: writing fails in the same way.
#[cfg(unix)]
#[test]
fn a_full_disk_ends_the_run_and_with_room_it_goes_on() {
    let articles = articles();
    let expected = undisturbed(articles.path());
    let out = tempfile::tempdir().unwrap();
    for blocks in [100, 300, 700] {
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}");
        let output = limited(&limit, articles.path(), out.path());
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{blocks}: {error}");
        assert_eq!(error.trim_end().lines().count(), 1, "{error}");
        assert!(error.contains("cannot"), "{error}");
    }
    run(articles.path(), out.path(), &[]).code(0);
    assert!(reports(out.path()) == expected);
}

/// Sixteen open files: the standard ones, the store's, those of two threads.
#[cfg(unix)]
#[test]
fn few_files_are_open_whatever_is_read() {
    let formats = repo("tests/formats");
    let whole = tempfile::tempdir().unwrap();
    run(&formats, whole.path(), &["--threads", "2"]).code(1);
    let out = tempfile::tempdir().unwrap();
    let output = limited("ulimit -n 16", &formats, out.path());
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(reports(out.path()) == reports(whole.path()));
}

/// Writing to the memory of a process at address 0 fails as writing to a broken disk does, with EIO.
#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_leaves_the_old_ones_and_is_named() {
    let articles = folder(&[("a.txt", b"Iran praised the Taliban.")]);
    let out = tempfile::tempdir().unwrap();
    run(articles.path(), out.path(), &[]).code(0);
    let old = reports(out.path());
    fs::write(articles.path().join("b.txt"), "Iran blamed the Taliban.").unwrap();
    for name in ["articles.csv", "dyads.csv"] {
        let broken = out.path().join(format!("{name}.partial"));
        std::os::unix::fs::symlink("/proc/self/mem", &broken).unwrap();
        let failed = run(articles.path(), out.path(), &[]).code(2);
        let error = String::from_utf8(failed.get_output().stderr.clone()).unwrap();
        assert!(error.contains(name) && error.contains("Input/output error"), "{error}");
        assert!(reports(out.path()) == old, "reports have changed without {name}");
        fs::remove_file(broken).unwrap();
    }
    run(articles.path(), out.path(), &[]).code(0);
    assert!(reports(out.path()) == undisturbed(articles.path()));
}

#[test]
fn only_what_is_new_or_changed_is_analysed_and_what_is_gone_leaves() {
    let articles = folder(&[
        ("a.txt", b"Iran praised the Taliban."),
        ("b.txt", b"Iran blamed the Taliban."),
        ("c.txt", b"Pakistan warned the Taliban."),
        ("empty.txt", b""),
    ]);
    let out = tempfile::tempdir().unwrap();
    let performed = |extra: &[&str]| {
        run(articles.path(), out.path(), extra).code(1);
        let performance = manifest(out.path())["performance"].clone();
        let count = |name: &str| performance[name].as_u64().unwrap();
        (count("analysed"), count("unchanged"))
    };
    assert_eq!(performed(&[]), (3, 0));
    assert_eq!(performed(&[]), (0, 3));
    // Another focus, other countries and periods need no model.
    assert_eq!(performed(&["--countries", "IN", "--period", "month"]), (0, 3));
    fs::write(articles.path().join("b.txt"), "Iran thanked the Taliban.").unwrap();
    fs::write(articles.path().join("aa.txt"), "China met the Taliban.").unwrap();
    fs::remove_file(articles.path().join("c.txt")).unwrap();
    assert_eq!(performed(&["--keep-missing"]), (2, 1));
    let paths = || -> Vec<String> {
        let paths = column(&table(&out.path().join("articles.csv")), "path");
        paths.iter().map(|path| path.rsplit('/').next().unwrap().to_owned()).collect()
    };
    assert_eq!(paths(), ["a.txt", "aa.txt", "b.txt", "c.txt"]);
    assert_eq!(performed(&[]), (0, 3));
    assert_eq!(paths(), ["a.txt", "aa.txt", "b.txt"]);
    let grown = reports(out.path());
    assert_eq!(performed(&["--reanalyse"]), (3, 0));
    assert!(reports(out.path()) == grown, "an increment is not what a run from the start is");
}

#[test]
fn another_register_of_actors_needs_the_model_only_where_it_tells() {
    let articles = folder(&[
        ("a.txt", b"Iran praised the Taliban. Pakistan met the Taliban."),
        ("b.txt", b"Pakistan accused the Blue Front of an attack."),
        ("c.txt", b"Iran thanked the Taliban."),
    ]);
    let registers = folder(&[
        ("fronts.csv", b"actor,alias,kind,country\nBlue Front,Blue Front,armed_group,\n"),
        ("roles.csv", b"actor,alias,kind,country\nTaliban,Taliban,armed_group,\n"),
    ]);
    let file = |name: &str| registers.path().join(name).to_str().unwrap().to_owned();
    let (fronts, roles) = (file("fronts.csv"), file("roles.csv"));
    let out = tempfile::tempdir().unwrap();
    let analysed = |extra: &[&str]| {
        run(articles.path(), out.path(), extra).code(0);
        let from_start = tempfile::tempdir().unwrap();
        run(articles.path(), from_start.path(), extra).code(0);
        assert!(reports(out.path()) == reports(from_start.path()), "{extra:?}");
        manifest(out.path())["performance"]["analysed"].as_u64().unwrap()
    };
    assert_eq!(analysed(&[]), 3);
    assert_eq!(analysed(&["--actors", &fronts]), 1);
    assert_eq!(analysed(&["--actors", &fronts]), 0);
    assert_eq!(analysed(&["--actors", &roles]), 3);
    assert_eq!(analysed(&["--actors", &roles, "--countries", "IN"]), 0);
    let kept = run(articles.path(), out.path(), &["--keep-missing"]).code(2);
    let error = String::from_utf8(kept.get_output().stderr.clone()).unwrap();
    assert!(error.contains("by another register of actors"), "{error}");
    // Nobody is the Blue Front by either.
    assert_eq!(analysed(&[]), 2);
}

#[test]
fn other_filters_decide_anew_and_analyse_what_they_let_in() {
    let articles = folder(&[
        ("2021-05-01.txt", b"Iran praised the Taliban."),
        ("2023-05-01.txt", b"Iran blamed the Taliban."),
    ]);
    let out = tempfile::tempdir().unwrap();
    let counts = |extra: &[&str]| {
        run(articles.path(), out.path(), extra).code(0);
        let manifest = manifest(out.path());
        ["counts/articles", "performance/analysed", "left_out/since"]
            .map(|at| manifest.pointer(&format!("/{at}")).and_then(Value::as_u64).unwrap_or(0))
    };
    assert_eq!(counts(&["--since", "2022"]), [1, 1, 1]);
    assert_eq!(counts(&["--since", "2022"]), [1, 0, 1]);
    assert_eq!(counts(&[]), [2, 1, 0]);
    assert_eq!(counts(&["--since", "2022"]), [1, 0, 1]);
}

#[test]
fn a_folder_has_one_run_at_a_time_and_keeps_its_articles() {
    let (articles, others) = (articles(), folder(&[("x.txt", b"Iran met Pakistan.")]));
    let out = tempfile::tempdir().unwrap();
    let mut child = start(articles.path(), out.path());
    while !out.path().join("demarche.sqlite").exists() {
        thread::sleep(Duration::from_millis(2));
    }
    let error = |result: assert_cmd::assert::Assert| {
        String::from_utf8(result.code(2).get_output().stderr.clone()).unwrap()
    };
    let second = error(run(articles.path(), out.path(), &[]));
    assert!(second.contains("another run is at work in"), "{second}");
    assert!(child.wait().unwrap().success());
    let other = error(run(others.path(), out.path(), &[]));
    assert!(other.contains("add --keep-missing to keep them"), "{other}");
    run(others.path(), out.path(), &["--keep-missing"]).code(0);
    assert_eq!(table(&out.path().join("articles.csv")).len(), ARTICLES + 2);
}

#[test]
fn a_store_that_is_none_is_named_and_replaced_on_demand() {
    let articles = folder(&[("a.txt", b"Iran met Pakistan.")]);
    let out = folder(&[("demarche.sqlite", b"five years of something else, and no SQLite at all")]);
    let refused = run(articles.path(), out.path(), &[]).code(2);
    let error = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert!(error.contains("add --reanalyse if it is damaged"), "{error}");
    run(articles.path(), out.path(), &["--reanalyse"]).code(0);
}

#[test]
fn the_store_answers_as_the_reports_do() {
    let out = tempfile::tempdir().unwrap();
    run(&repo("corpora/afghanistan/articles"), out.path(), &[]).code(1);
    let store = rusqlite::Connection::open(out.path().join("demarche.sqlite")).unwrap();
    for view in ["articles", "stories", "mentions", "pairs", "unresolved", "failures"] {
        let rows = table(&out.path().join(format!("{view}.csv")));
        let count: usize =
            store.query_row(&format!("SELECT COUNT(*) FROM {view}"), [], |row| row.get(0)).unwrap();
        assert_eq!(rows.len(), count + 1, "{view}");
        let columns = store.prepare(&format!("SELECT * FROM {view}")).unwrap();
        assert!(rows[0].iter().map(String::as_str).eq(columns.column_names()), "{view}");
    }
}
