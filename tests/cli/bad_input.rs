//! Whatever is in the folder, the run ends, and each file is an article or a failure with a reason.

use std::fs::{self, File};
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::{column, folder, manifest, run, table};

const ARTICLE: &str = "Pakistan warned the Taliban on Monday that its patience was running out.\n";

#[test]
fn a_bad_article_is_skipped_and_named() {
    let articles = folder(&[
        ("good.txt", ARTICLE.as_bytes()),
        ("empty.txt", b""),
        ("blank.txt", b" \n\t\n"),
        ("image.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0"),
        ("empty.html", b"<html><head><title>x</title></head><body></body></html>"),
        ("report.pdf", b"%PDF-1.4"),
    ]);
    let huge = File::create(articles.path().join("huge.txt")).unwrap();
    huge.set_len(200_000_000).unwrap();
    let out = tempfile::tempdir().unwrap();
    run(articles.path(), out.path(), &[]).code(1);

    let failures = table(&out.path().join("failures.csv"));
    let failed: Vec<String> = column(&failures, "path");
    for name in ["empty.txt", "blank.txt", "image.txt", "empty.html", "report.pdf", "huge.txt"] {
        assert!(failed.iter().any(|path| path.ends_with(name)), "{name} is not among {failed:?}");
    }
    assert!(column(&failures, "reason").iter().all(|reason| reason.len() > 10), "{failures:?}");
    let analysed = column(&table(&out.path().join("articles.csv")), "path");
    assert_eq!(analysed.len(), 1);
    assert!(analysed[0].ends_with("good.txt"));
}

#[test]
fn hostile_text_is_read_and_never_crashes_or_hangs() {
    let nested = format!("{}<p>{ARTICLE}</p>{}", "<div>".repeat(200_000), "</div>".repeat(200_000));
    let one_word = "a".repeat(10_000_000);
    let long_line = ARTICLE.trim_end().repeat(500);
    let articles = folder(&[
        ("good.txt", ARTICLE.as_bytes()),
        (
            "invalid.txt",
            b"Iran praised\xff\xfe the Taliban\x80\x81 on Tuesday in Tehran, officials said.\n",
        ),
        (
            "control.txt",
            "Iran\u{0}\u{1b}[31m pra\u{202e}ised the\u{200b} Taliban on Tuesday, officials said.\n"
                .as_bytes(),
        ),
        ("formula.txt", b"=HYPERLINK(\"x\") said Pakistan condemned the Taliban on Friday.\n"),
        ("nested.html", nested.as_bytes()),
        ("one_word.txt", one_word.as_bytes()),
        ("long_line.txt", long_line.as_bytes()),
        ("quotes.txt", b"\"Pakistan,\" it said, \"fears \"\"Iran\"\";\"\nChina,praises,Iran.\n"),
    ]);
    let out = tempfile::tempdir().unwrap();
    let result = run(articles.path(), out.path(), &[]);
    let code = result.get_output().status.code();
    assert!(matches!(code, Some(0 | 1)), "exit {code:?}");

    let count = |name: &str| table(&out.path().join(name)).len() - 1;
    assert_eq!(count("articles.csv") + count("failures.csv"), 8);
    assert!(count("articles.csv") >= 6);
    for name in
        ["countries.csv", "dyads.csv", "articles.csv", "mentions.csv", "pairs.csv", "failures.csv"]
    {
        let bytes = fs::read(out.path().join(name)).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let hostile = |c: char| {
            (c.is_control() && c != '\n' && c != '\r') || matches!(c, '\u{200b}' | '\u{202e}')
        };
        assert!(!text.contains(hostile), "{name} has control characters");
        for row in table(&out.path().join(name)) {
            assert!(row.iter().all(|cell| !cell.starts_with(['=', '@', '\t'])), "{name}: {row:?}");
        }
    }
}

/// A gigabyte of one word, or a hole of a gigabyte that takes no room on the disk.
#[test]
fn gigabytes_are_failures_and_take_no_memory() {
    const GIGABYTE: u64 = 1 << 30;
    let articles = folder(&[("good.txt", ARTICLE.as_bytes())]);
    let starts: [(&str, &str); 12] = [
        ("a.txt", ""),
        ("b.md", ""),
        ("c.html", "<p>"),
        ("d.jsonl", "{\"text\":\""),
        ("e.json", "[{\"text\":\""),
        ("f.csv", "text\n\""),
        ("g.eml", "Subject: a\n\n"),
        ("h.rtf", "{\\rtf1 "),
        ("i.wet", "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 1073741824\r\n\r\n"),
        ("j.pdf", "%PDF-1.4\n"),
        ("k.parquet", "PAR1"),
        ("l.docx", "PK\x03\x04"),
    ];
    for (name, start) in starts {
        let mut file = File::create(articles.path().join(name)).unwrap();
        file.write_all(start.as_bytes()).unwrap();
        file.set_len(GIGABYTE).unwrap();
    }
    for (name, start) in [("m.txt.gz", ""), ("n.jsonl.gz", "{\"text\":\"")] {
        let file = File::create(articles.path().join(name)).unwrap();
        let mut file = GzEncoder::new(file, Compression::fast());
        file.write_all(start.as_bytes()).unwrap();
        let word = [b'a'; 1 << 20];
        (0..GIGABYTE >> 20).for_each(|_| file.write_all(&word).unwrap());
        file.finish().unwrap();
    }
    let out = tempfile::tempdir().unwrap();
    run(articles.path(), out.path(), &[]).code(1);
    assert_eq!(table(&out.path().join("articles.csv")).len(), 2);
    assert_eq!(table(&out.path().join("failures.csv")).len(), 15);
    let manifest = manifest(out.path());
    // Not every system tells. A run takes some 100 MB.
    if let Some(peak) = manifest["performance"]["peak_memory_mb"].as_f64() {
        assert!(peak < 250.0, "{peak} MB");
    }
}

#[test]
fn an_article_of_nothing_but_lists_of_states_is_a_failure() {
    let states = "Pakistan, China, Iran, India, Russia, Turkey, France, Germany, Italy, Spain, Poland, \
        Ukraine, Egypt, Israel, Jordan, Iraq, Qatar, Oman, Yemen, Japan, Brazil, Mexico and Canada met. ";
    let lists = states.repeat(2000);
    let articles = folder(&[("good.txt", ARTICLE.as_bytes()), ("lists.txt", lists.as_bytes())]);
    let out = tempfile::tempdir().unwrap();
    run(articles.path(), out.path(), &[]).code(1);
    let failures = table(&out.path().join("failures.csv"));
    let reason = "it has more than 1000000 mentions and pairs of actors; split it";
    assert_eq!(column(&failures, "reason"), [reason]);
    assert_eq!(table(&out.path().join("articles.csv")).len(), 2);
}

#[test]
fn a_folder_that_links_to_itself_is_read_once() {
    let articles = folder(&[("a.txt", ARTICLE.as_bytes())]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(articles.path(), articles.path().join("again")).unwrap();
    let out = tempfile::tempdir().unwrap();
    run(articles.path(), out.path(), &[]);
    assert_eq!(column(&table(&out.path().join("articles.csv")), "path").len(), 1);
}

/// Reading the memory of a process at address 0 fails as reading from a broken disk does, with EIO.
#[cfg(target_os = "linux")]
#[test]
fn files_on_a_broken_disk_are_failures_and_the_rest_goes_on() {
    let articles = folder(&[("good.txt", ARTICLE.as_bytes()), ("last.txt", ARTICLE.as_bytes())]);
    // No .zip and no .parquet: these are read from their end, and this file has none.
    let broken = ["a.txt", "b.html", "c.pdf", "d.jsonl", "e.csv", "f.warc", "g.txt.gz", "h.tar"];
    for name in &broken {
        std::os::unix::fs::symlink("/proc/self/mem", articles.path().join(name)).unwrap();
    }
    let out = tempfile::tempdir().unwrap();
    run(articles.path(), out.path(), &["--follow-links"]).code(1);
    assert_eq!(table(&out.path().join("articles.csv")).len(), 3);
    let failures = table(&out.path().join("failures.csv"));
    let failed = column(&failures, "path");
    assert!(failed.iter().zip(&broken).all(|(path, name)| path.ends_with(name)), "{failed:?}");
    assert_eq!(failed.len(), broken.len());
    for reason in column(&failures, "reason") {
        assert!(reason.contains("Input/output error"), "{failures:?}");
    }
}

#[test]
fn copies_of_one_file_are_one_story_with_ids_of_their_own() {
    let articles = folder(&[("a.txt", ARTICLE.as_bytes()), ("b/a.txt", ARTICLE.as_bytes())]);
    let out = tempfile::tempdir().unwrap();
    run(articles.path(), out.path(), &[]).code(0);
    let rows = table(&out.path().join("articles.csv"));
    let (ids, stories) = (column(&rows, "article_id"), column(&rows, "story_id"));
    assert_ne!(ids[0], ids[1]);
    assert_eq!(stories[0], stories[1]);
    let mentions = column(&table(&out.path().join("mentions.csv")), "mention_id");
    let distinct: std::collections::BTreeSet<_> = mentions.iter().collect();
    assert_eq!(distinct.len(), mentions.len());
}
