//! What a corpus is made of: formats, records, languages, and what the user leaves out.

use std::fs;

use crate::{column, demarche, folder, manifest, repo, run, table};

const ENGLISH: &str = "Pakistan warned the Taliban on Monday. Iran praised Pakistan.";
const GERMAN: &str = "Die Taliban haben am Montag erklärt, dass sie keinen Angriff auf Pakistan \
    von afghanischem Boden aus dulden würden. In Islamabad hieß es, man habe das schon oft gehört, \
    und die Grenze bei Torkham bleibe geschlossen, bis den Worten auch Taten folgten. Händler auf \
    beiden Seiten klagten, dass ihnen das Obst auf den Lastwagen verderbe.";

#[test]
fn an_article_has_the_same_figures_in_all_formats() {
    let formats = repo("tests/formats");
    let out = tempfile::tempdir().unwrap();
    let is_made = |name: &String| !["make.py", "README.md", "bad"].contains(&name.as_str());
    let names = fs::read_dir(&formats).unwrap().map(|entry| entry.unwrap().file_name());
    let names: Vec<String> =
        names.map(|name| name.into_string().unwrap()).filter(is_made).collect();
    assert!(names.len() >= 20, "{names:?}");
    let mut command = demarche();
    command.arg("run").args(names.iter().map(|name| formats.join(name)));
    command.args(["--focus", "AF", "--quiet", "--out"]).arg(out.path()).assert().code(0);
    let articles = table(&out.path().join("articles.csv"));
    assert_eq!(articles.len() - 1, names.len());
    for figure in ["words", "sentences", "windows", "mentions", "pairs", "story_id"] {
        let mut values = column(&articles, figure);
        values.dedup();
        assert_eq!(values.len(), 1, "{figure}: {values:?}");
    }
    let stories = table(&out.path().join("stories.csv"));
    assert_eq!(column(&stories, "articles"), [names.len().to_string()]);
}

#[test]
fn standard_input_is_json_lines() {
    let lines = format!(
        "{{\"maintext\": \"{ENGLISH}\"}}\n{{broken\n{{\"maintext\": \"{ENGLISH} Now.\"}}\n"
    );
    let out = tempfile::tempdir().unwrap();
    let mut command = demarche();
    command.args(["run", "-", "--focus", "AF", "--out"]).arg(out.path());
    let result = command.write_stdin(lines).assert().code(1);
    assert_eq!(column(&table(&out.path().join("articles.csv")), "path"), ["'-#1", "'-#3"]);
    assert_eq!(column(&table(&out.path().join("failures.csv")), "path"), ["'-#2"]);
    let screen = String::from_utf8(result.get_output().stdout.clone()).unwrap();
    assert!(screen.contains("records of 1 file: text from `maintext`"), "{screen}");
    let manifest = manifest(out.path());
    assert_eq!(manifest["columns"][0]["text"], "maintext");
    assert_eq!(manifest["columns"][0]["files"], 1);
}

#[test]
fn an_article_in_another_language_is_listed_and_not_analysed() {
    let articles = folder(&[("de.txt", GERMAN.as_bytes()), ("en.txt", ENGLISH.as_bytes())]);
    let out = tempfile::tempdir().unwrap();
    run(articles.path(), out.path(), &[]).code(0);
    let listed = table(&out.path().join("articles.csv"));
    assert_eq!(column(&listed, "language")[0], "deu");
    assert_eq!(column(&listed, "skipped"), ["language", ""]);
    assert_eq!(column(&listed, "story_id")[0], "");
    assert_eq!(column(&listed, "windows")[0], "0");
    let of_german = column(&listed, "article_id")[0].clone();
    let mentions = table(&out.path().join("mentions.csv"));
    assert!(!column(&mentions, "article_id").contains(&of_german));
    run(articles.path(), out.path(), &["--reanalyse", "--language", "any"]).code(0);
    assert_eq!(column(&table(&out.path().join("articles.csv")), "skipped"), ["", ""]);
}

#[test]
fn filters_leave_articles_out_and_count_them() {
    let record = |date: &str, source: &str, text: &str| {
        format!("{{\"text\": \"{text}\", \"date\": \"{date}\", \"source\": \"{source}\"}}\n")
    };
    let lines = [
        record("2021-08-14", "The Paper", ENGLISH),
        record("2021-08-15", "The Paper", ENGLISH),
        record("2021-12-31", "The Other", ENGLISH),
        record("2022-01-01", "The Paper", ENGLISH),
        record("", "The Paper", ENGLISH),
        record("2021-09-01", "The Paper", "Iran praised the harvest of melons."),
    ];
    let articles = folder(&[("dump.jsonl", lines.concat().as_bytes())]);
    let out = tempfile::tempdir().unwrap();
    let filters = ["--since", "2021-08-15", "--until", "2021", "--source", "paper,web", "--match"];
    let filters = [&filters[..], &["(?i)TALIBAN"]].concat();
    run(articles.path(), out.path(), &filters).code(0);
    let taken = table(&out.path().join("articles.csv"));
    assert_eq!(column(&taken, "date"), ["2021-08-15"]);
    let manifest = manifest(out.path());
    let expected = serde_json::json!(
        {"since": 1, "until": 1, "undated": 1, "source": 1, "match": 1});
    assert_eq!(manifest["left_out"], expected);
    assert_eq!(manifest["config"]["selection"]["until"], "2021-12-31");
}

#[test]
fn filters_that_cannot_work_say_why() {
    let articles = folder(&[("a.txt", ENGLISH.as_bytes())]);
    let out = articles.path().join("out");
    for (arguments, reason) in [
        (["--since", "15/8/2021"], "write it as 2021-08-15"),
        (["--match", "("], "match is no regular expression: ("),
        (["--top", "5"], "name it with --similar-to"),
        (["--similar-to", "nowhere"], "cannot compare with nowhere: cannot find nowhere"),
    ] {
        let result = run(articles.path(), &out, &arguments).code(2);
        let error = String::from_utf8(result.get_output().stderr.clone()).unwrap();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn similar_articles_are_taken_and_the_others_counted() {
    let articles = folder(&[
        (
            "border.txt",
            b"Pakistan closed the Torkham crossing after shots were fired at the border.",
        ),
        ("gate.txt", b"Clashes at the frontier: Islamabad shuts the gate to Afghan lorries."),
        ("gate2.txt", b"Clashes at the frontier: Islamabad shuts the gate to Afghan lorries."),
        ("ball.txt", b"The goalkeeper saved two penalties, and the club went to the final."),
        ("broken.txt", b""),
    ]);
    let example = articles.path().join("border.txt");
    let example = example.to_str().unwrap();
    let (out, again) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    run(articles.path(), out.path(), &["--similar-to", example]).code(1);
    let rows = table(&out.path().join("articles.csv"));
    let similarities = column(&rows, "similarity");
    assert_eq!(similarities.len(), 3);
    assert_eq!(similarities[0], "1.0000");
    assert_eq!(similarities[1], similarities[2]);
    let left_out = |out: &std::path::Path| {
        let manifest = manifest(out);
        manifest["left_out"]["similar"].clone()
    };
    assert_eq!(left_out(out.path()), 1);
    // Of two that are equal the first.
    let settings = articles.path().join("settings.toml");
    fs::write(&settings, format!("similar_to = {example:?}\ntop = 7")).unwrap();
    let top = ["--top", "2", "--config", settings.to_str().unwrap(), "--threads", "3"];
    run(articles.path(), again.path(), &top).code(1);
    let nearest = column(&table(&again.path().join("articles.csv")), "path");
    assert!(nearest[0].ends_with("border.txt") && nearest[1].ends_with("gate.txt"), "{nearest:?}");
    assert_eq!((nearest.len(), left_out(again.path())), (2, 2.into()));
    let both = ["--similar-to", example, "--top", "2", "--min-similarity", "0.5", "--reanalyse"];
    run(articles.path(), out.path(), &both).code(2);
    let mut piped = demarche();
    piped.args(["run", "-", "--focus", "AF", "--similar-to", example, "--top", "2", "--out"]);
    let result = piped.arg(again.path()).arg("--reanalyse").write_stdin("{}").assert().code(2);
    let error = String::from_utf8(result.get_output().stderr.clone()).unwrap();
    assert!(error.contains("standard input can be read only once"), "{error}");
}
