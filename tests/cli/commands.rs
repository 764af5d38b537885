//! What the command line does with what people type.

use std::fs;

use crate::{column, demarche, folder, manifest, repo, run, table};

const ARTICLE: &str = "Pakistan warned the Taliban on Monday. Iran praised Pakistan.\n";

#[test]
fn what_cannot_run_says_why_and_how_on_one_line() {
    let quad =
        br#"{"text": "ab", "relation": [{"source": [0, 1], "target": [1, 2], "quad": "x\ny"}]}"#;
    let articles = folder(&[
        ("a.txt", ARTICLE.as_bytes()),
        ("bad.toml", b"focus = 'AF'\nfocsu = 'IR'\n"),
        ("gold.jsonl", quad),
    ]);
    let path = articles.path().to_str().unwrap();
    let [config, gold, out] =
        ["bad.toml", "gold.jsonl", "out"].map(|name| articles.path().join(name));
    let [config, gold, out] = [&config, &gold, &out].map(|path| path.to_str().unwrap());
    for (arguments, reason) in [
        (vec!["run", path, "--focus", "Atlantis", "--out", out], "Atlantis"),
        (vec!["run", path, "--out", out], "--focus"),
        (vec!["run", "/no/such/folder", "--focus", "AF", "--out", out], "/no/such/folder"),
        (vec!["run", path, "--focus", "AF", "--countries", "PK,ZZ", "--out", out], "ZZ"),
        (vec!["run", path, "--focus", "AF", "--out", out, "--config", config], "line 2"),
        (
            vec!["run", path, "--focus", "AF", "--out", out, "--config", "/no/file.toml"],
            "/no/file.toml",
        ),
        (vec!["run", path, "--focus", "AF", "--out", out, "--threads", "9999"], "threads"),
        (vec!["run", path, "--focus", "AF", "--out", out, "--model", "/no/model"], "/no/model"),
        (vec!["run", path, "--focus", "AF", "--out", "/proc/reports"], "/proc/reports"),
        (vec!["explain", "Iran met us.", "--device", "cuda"], "--engine rust-bert"),
        (vec!["explain", "Iran met us.", "--entities-model", path], "--engine rust-bert"),
        (vec!["eval", path, "--stance-model", path], "--engine rust-bert"),
        (vec!["eval", gold], "quad 'x y'"),
        #[cfg(not(feature = "rust-bert"))]
        (vec!["explain", "Iran met us.", "--engine", "rust-bert"], "--features rust-bert"),
    ] {
        let result = demarche().args(&arguments).assert().code(2);
        let error = String::from_utf8(result.get_output().stderr.clone()).unwrap();
        assert!(error.contains(reason), "{arguments:?}: {error}");
        assert_eq!(error.trim_end().lines().count(), 1, "{arguments:?}: {error}");
        assert!(!fs::exists(out).unwrap(), "{arguments:?} left {out}");
    }
}

#[test]
fn a_folder_with_other_files_is_never_touched() {
    let articles = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let out = folder(&[("thesis.doc", b"five years of work")]);
    run(articles.path(), out.path(), &[]).code(2);
    run(articles.path(), out.path(), &["--reanalyse"]).code(2);
    assert_eq!(fs::read(out.path().join("thesis.doc")).unwrap(), b"five years of work");
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1);
}

#[test]
fn articles_analysed_in_another_way_are_replaced_only_on_demand() {
    let articles = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let out = tempfile::tempdir().unwrap();
    let run = |extra: &[&str]| run(articles.path(), out.path(), extra);
    run(&[]).code(0);
    fs::write(out.path().join("notes.txt"), "mine").unwrap();
    let refused = run(&["--no-text", "--language", "any"]).code(2);
    let error = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert!(error.contains("with another language, another text; add --reanalyse"), "{error}");
    run(&["--reanalyse", "--no-text"]).code(0);
    assert_eq!(fs::read_to_string(out.path().join("notes.txt")).unwrap(), "mine");
    let pairs = table(&out.path().join("pairs.csv"));
    assert!(!pairs[0].contains(&"text".to_owned()), "{:?}", pairs[0]);
}

#[test]
fn a_machine_reads_what_a_run_tells() {
    let articles = folder(&[("a.txt", ARTICLE.as_bytes())]);
    let out = articles.path().join("out");
    let told = |focus: &str, code: i32| -> Vec<serde_json::Value> {
        let mut command = demarche();
        command.arg("run").arg(articles.path()).args(["--focus", focus, "--log", "json", "--out"]);
        let result = command.arg(&out).assert().code(code);
        let lines = String::from_utf8(result.get_output().stderr.clone()).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let finished = told("AF", 0);
    assert_eq!(finished.last().unwrap()["event"], "finished");
    assert_eq!(finished.last().unwrap()["counts"]["articles"], 1);
    assert_eq!(told("Atlantis", 2)[0]["event"], "error");
}

#[test]
fn every_neighbour_has_a_row_even_without_a_mention() {
    let articles = folder(&[("a.txt", b"The harvest was good this year, the farmers said.")]);
    let out = articles.path().join("out");
    demarche()
        .arg("run")
        .arg(articles.path())
        .args(["--focus", "Afghanistan", "--countries", "KZ", "--out"])
        .arg(&out)
        .assert()
        .code(0);
    let rows = table(&out.join("countries.csv"));
    assert_eq!(column(&rows, "iso3"), ["AFG", "CHN", "IRN", "KAZ", "PAK", "TJK", "TKM", "UZB"]);
    assert_eq!(column(&rows, "cow"), ["700", "710", "630", "705", "770", "702", "701", "704"]);
    assert_eq!(column(&rows, "mentions"), ["0"; 8]);
    assert_eq!(column(&rows, "sentiment"), [""; 8]);
    for file in ["dyads", "articles", "mentions", "pairs", "failures"] {
        assert!(!table(&out.join(format!("{file}.csv"))).is_empty(), "{file}.csv has no header");
    }
}

#[test]
fn settings_come_from_the_file_and_flags_win() {
    let articles = folder(&[
        ("texts/a.txt", ARTICLE.as_bytes()),
        ("demarche.toml", b"focus = 'IR'\nperiod = 'none'\ncountries = ['IN']\n"),
    ]);
    let out = articles.path().join("out");
    let mut command = demarche();
    command.current_dir(articles.path()).args(["run", "texts", "--focus", "AF", "--out", "out"]);
    command.assert().code(0);
    assert!(column(&table(&out.join("countries.csv")), "focus").iter().all(|focus| focus == "AFG"));
    assert!(column(&table(&out.join("countries.csv")), "iso3").contains(&"IND".to_owned()));
    assert!(column(&table(&out.join("dyads.csv")), "period").iter().all(|period| period == "all"));
}

#[test]
fn explain_tells_who_is_meant() {
    let result = demarche().args(["explain", "Iran condemned the Taliban."]).assert().code(0);
    let text = String::from_utf8(result.get_output().stdout.clone()).unwrap();
    for part in ["IRN", "Taliban", "AFG", "against"] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    demarche().args(["explain", "-"]).write_stdin("").assert().code(2);
}

#[test]
fn the_second_model_reads_where_actors_meet_or_wherever_any_is_named() {
    let articles =
        folder(&[("a.txt", b"Iran condemned the Taliban. Iran grew. The harvest was good.")]);
    let out = tempfile::tempdir().unwrap();
    for (model, read_again) in [("small", 0), ("cascade", 1), ("large", 2)] {
        run(articles.path(), out.path(), &["--model", model, "--reanalyse"]).code(0);
        let manifest = manifest(out.path());
        assert_eq!(manifest["counts"]["sentences_read_again"], read_again, "{model}");
        assert_eq!(manifest["second_model_sha256"].is_string(), read_again > 0, "{model}");
        let pairs = table(&out.path().join("pairs.csv"));
        assert_eq!(column(&pairs, "stance"), ["against", "neutral"], "{model}");
    }
}

#[test]
fn eval_scores_the_corpus_and_names_a_malformed_line() {
    let gold = repo("corpora/afghanistan/gold.jsonl");
    let result = demarche().arg("eval").arg(gold).arg("--json").assert().code(0);
    let scores: serde_json::Value = serde_json::from_slice(&result.get_output().stdout).unwrap();
    let stance = scores["stance"]["macro_f1"].as_f64().unwrap();
    assert!(stance > 0.6, "stance macro-F1 is {stance}");
    assert!(scores.get("entities").is_none(), "the file labels no entities");

    let gold = repo("corpora/afghanistan/gold.jsonl");
    let result = demarche().arg("eval").arg(gold).args(["--end-to-end", "--json"]).assert().code(0);
    let by_itself: serde_json::Value = serde_json::from_slice(&result.get_output().stdout).unwrap();
    let found = by_itself["found"].as_f64().unwrap();
    assert!((0.5..1.0).contains(&found), "found {found} of what it should find");
    assert!(by_itself["stance"]["macro_f1"].as_f64().unwrap() < stance);

    let broken = folder(&[("gold.jsonl", b"{\"text\": \"a\"}\n{\"text\": 7}\n")]);
    let result = demarche().arg("eval").arg(broken.path().join("gold.jsonl")).assert().code(2);
    let error = String::from_utf8(result.get_output().stderr.clone()).unwrap();
    assert!(error.contains("line 2"), "{error}");
}

#[test]
fn a_register_is_checked_line_by_line() {
    let files = folder(&[
        ("good.csv", b"actor,alias,kind,country\nAcme Council,Acme Council,organization,PAK\n"),
        (
            "bad.csv",
            b"actor,alias,kind,country,valid_from,valid_to\n\
            Acme,Acme,organization,PAK,,\n\
            Acme,Acme,organization,IND,2001-01-01,\n\
            Foo,Foo,armd_group,,,\n\
            Bar,Bar,government,AFX,,\n\
            Baz,Baz,leader,IRN,2020-13-01,\n\
            Baz,Bazz,leader,IRN,2021-01-01,2020-01-01\n\
            Old,Post,office,IRN,,2000-12-31\n\
            New,Post,office,IRN,2001-01-01,\n",
        ),
        ("other.csv", b"name,country\nAcme,PAK\n"),
    ]);
    let check = |name: &str| {
        let result = demarche().args(["actors", "check"]).arg(files.path().join(name)).assert();
        let output = result.get_output().clone();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code(), text)
    };
    assert_eq!(check("good.csv"), (Some(0), String::new()));
    let (code, problems) = check("bad.csv");
    assert_eq!(code, Some(1));
    let starts = [
        "line 3: 'Acme' is IND here and PAK on line 2 at one time",
        "line 4: kind 'armd_group' is not",
        "line 5: unknown country 'AFX'; did you mean Afghanistan (AFG)",
        "line 6: '2020-13-01' is not a date",
        "line 7: valid_from 2021-01-01 is after valid_to 2020-01-01",
    ];
    assert_eq!(problems.lines().count(), starts.len(), "{problems}");
    for (line, start) in problems.lines().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
    for (name, reason) in [("none.csv", "cannot read"), ("other.csv", "no column 'actor'")] {
        let (code, error) = check(name);
        assert!(code == Some(2) && error.contains(reason), "{error}");
    }
}

#[test]
fn a_register_of_one_s_own_adds_and_wins() {
    let files = folder(&[(
        "mine.csv",
        b"actor,alias,kind,country\nAcme Council,Acme Council,organization,PAK\nTaliban,Taliban,armed_group,\n",
    )]);
    let explain = |extra: &[&std::ffi::OsStr]| {
        let mut command = demarche();
        command.args(["explain", "The Taliban praised the Acme Council."]).args(extra);
        String::from_utf8(command.assert().code(0).get_output().stdout.clone()).unwrap()
    };
    let file = files.path().join("mine.csv");
    let (without, with) = (explain(&[]), explain(&["--actors".as_ref(), file.as_ref()]));
    assert!(without.contains("Taliban (government, AFG"), "{without}");
    assert!(with.contains("Taliban (armed_group, no country"), "{with}");
    assert!(with.contains("Acme Council (organization, PAK"), "{with}");
}

#[test]
fn a_pattern_tells_what_names_of_files_say() {
    let articles =
        folder(&[("Pakistan_17_2021.txt", ARTICLE.as_bytes()), ("b.txt", ARTICLE.as_bytes())]);
    let out = tempfile::tempdir().unwrap();
    let pattern = ["--name-pattern", "{author_country}_{session}_{year}"];
    run(articles.path(), out.path(), &pattern).code(0);
    let rows = table(&out.path().join("articles.csv"));
    for (name, expected) in
        [("author_country", ["PAK", ""]), ("date", ["2021", ""]), ("date_from", ["name", ""])]
    {
        assert_eq!(column(&rows, name), expected, "{name}");
    }
    for (pattern, reason) in [("{year", "lacks a }"), ("pk", "no field that is read")] {
        let result = run(articles.path(), out.path(), &["--name-pattern", pattern, "--reanalyse"]);
        let error = String::from_utf8(result.code(2).get_output().stderr.clone()).unwrap();
        assert!(error.contains(reason) && error.trim_end().lines().count() == 1, "{error}");
    }
    let pattern = ["--name-pattern", "{author_country}", "--reanalyse"];
    run(articles.path(), out.path(), &pattern).code(1);
    let failures = table(&out.path().join("failures.csv"));
    assert!(column(&failures, "reason").iter().all(|reason| reason.contains("for a country")));
}

#[test]
fn names_without_an_actor_are_listed_the_most_frequent_first() {
    let articles = folder(&[
        ("a.txt", b"Bartholomew Fenwick met Odile Marchetti in Karachi on Monday. Fenwick praised Pakistan."),
        ("b.txt", b"Bartholomew Fenwick criticised Iran on Tuesday."),
    ]);
    let out = tempfile::tempdir().unwrap();
    run(articles.path(), out.path(), &[]).code(0);
    let rows = table(&out.path().join("unresolved.csv"));
    assert_eq!(rows[0], ["name", "mentions", "articles", "example"]);
    assert_eq!(rows[1][..3], ["Bartholomew Fenwick", "2", "2"]);
    assert!(rows[1][3].starts_with("Bartholomew Fenwick met"), "{rows:?}");
    run(articles.path(), out.path(), &["--reanalyse", "--no-text"]).code(0);
    assert_eq!(table(&out.path().join("unresolved.csv"))[0], ["name", "mentions", "articles"]);
}
