//! One article in every format, as its usual program makes it; `tests/formats/README.md` says how.

use std::path::{Path, PathBuf};

use super::{LIMIT, raws, reason, sources};
use crate::article::Document;
use crate::read::document;
use crate::{clean, segment};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats")
}

/// The articles in a file of the folder.
fn read(name: &str) -> Vec<Document> {
    let source = &sources(&[folder().join(name)]).unwrap()[0];
    let read_one = |raw| document(raw, LIMIT).unwrap_or_else(|reason| panic!("{name}: {reason:#}"));
    raws(source, LIMIT).iter().map(read_one).collect()
}

/// What the model would read of it.
fn sentences(document: &Document) -> Vec<String> {
    let text = clean::clean(&document.text).text;
    segment::sentences(&text).into_iter().map(|sentence| sentence.of(&text).to_owned()).collect()
}

#[test]
fn an_article_has_the_same_sentences_in_all_formats() {
    let expected = sentences(&read("article.txt")[0]);
    assert!(expected.len() > 20);
    for name in [
        "article.txt.gz",
        "page.html",
        "page.mhtml",
        "article.docx",
        "article.odt",
        "article.epub",
        "article.rtf",
        "article.eml",
        "libreoffice.pdf",
        "chromium.pdf",
        "two-columns.pdf",
        "dump.jsonl",
        "dump.jsonl.zst",
        "dump.json",
        "dump.csv",
        "dump.tsv",
        "dump.parquet",
        "pages-v2.parquet",
        "crawl.warc.gz",
        "crawl.wet",
        "all.zip",
        "all.tar.gz",
    ] {
        let documents = read(name);
        assert_eq!(documents.len(), 1, "{name}");
        let found = sentences(&documents[0]);
        let differs = found.iter().zip(&expected).find(|(found, expected)| found != expected);
        assert_eq!(differs, None, "{name}");
        assert_eq!(found.len(), expected.len(), "{name}: {found:#?}");
    }
}

#[test]
fn title_date_author_source_and_address_are_found_where_the_format_has_them() {
    let url = "https://institute.example/asia/what-islamabad-was-promised";
    for (name, date, from, author, source, address) in [
        ("page.html", "2023-08-21", "json-ld", "A. Writer", "The Institute", url),
        ("page.mhtml", "", "", "", "The Institute", url), // Chromium leaves scripts out
        ("crawl.warc.gz", "2023-08-21", "json-ld", "A. Writer", "The Institute", url),
        ("crawl.wet", "", "", "", "institute.example", url),
        ("dump.jsonl", "2023-08-21", "column", "", "The Institute", url),
        ("dump.csv", "2023-08-21", "column", "", "The Institute", url),
        ("dump.parquet", "2023-08-21", "column", "", "The Institute", url),
        ("pages-v2.parquet", "2023-08-21", "column", "", "The Institute", url),
        ("article.eml", "2023-08-21", "header", "A. Writer", "", ""),
        ("all.zip", "2023-08-21", "name", "", "", ""),
    ] {
        let document = &read(name)[0];
        let origin = &document.origin;
        let found = (
            document.date.map(|date| date.to_string()).unwrap_or_default(),
            origin.date_from.map_or("", |from| from.label()),
            origin.author.as_deref().unwrap_or_default(),
            document.source.as_deref().unwrap_or_default(),
            origin.url.as_deref().unwrap_or_default(),
        );
        assert_eq!(found, (date.to_owned(), from, author, source, address), "{name}");
    }
    for (name, author) in [
        ("article.odt", Some("A. Writer")),
        ("article.rtf", None),
        ("article.docx", None), // LibreOffice writes the author into .odt only
        ("libreoffice.pdf", None),
    ] {
        let document = &read(name)[0];
        assert_eq!(document.title.as_deref(), Some("What Islamabad Was Promised"), "{name}");
        assert_eq!(document.origin.author.as_deref(), author, "{name}");
    }
}

#[test]
fn documents_that_cannot_be_read_say_why() {
    let file = |name: &str| std::fs::read(folder().join(name)).unwrap();
    let docx = file("article.docx");
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    for (name, bytes, expected) in [
        ("a.pdf", file("bad/encrypted.pdf"), "it is encrypted; export it without a password"),
        ("a.pdf", file("bad/scan.pdf"), "its pages are pictures without text; "),
        ("a.pdf", file("bad/cut.pdf"), "it is broken "),
        ("a.pdf", b"%PDF-1.7".to_vec(), "it is broken "),
        ("a.pdf", b"Kabul fell.".to_vec(), "it is broken "),
        ("a.docx", b"Kabul fell.".to_vec(), "it is no .docx, or it is cut or has a password; "),
        ("a.docx", half(&docx), "it is no .docx, or it is cut or has a password; "),
        ("a.docx", file("article.odt"), "it has no word/document.xml; save it again"),
        ("a.odt", docx.clone(), "it has no content.xml; save it again"),
        ("a.epub", docx, "it has no META-INF/container.xml; save it again"),
        ("a.rtf", b"Kabul fell.".to_vec(), "it is no RTF; save it again"),
        ("a.eml", Vec::new(), "it is no mail; save it again"),
        ("a.mhtml", b"Subject: a\n\nKabul fell.".to_vec(), "there is no page in it; "),
        (
            "a.warc",
            b"Kabul fell.".to_vec(),
            "record 1 and what follows cannot be read: it is no WARC",
        ),
        ("a.parquet", file("bad/no-text.parquet"), "no column has a usual name for a text; "),
        (
            "a.parquet",
            file("bad/lz4.parquet"),
            "row 1 and what follows cannot be read: Parquet error: it is compressed with lz4",
        ),
        (
            "a.parquet",
            file("bad/damaged.parquet"),
            "and what follows cannot be read: the file is damaged",
        ),
        ("a.parquet", half(&file("dump.parquet")), "it is no Parquet file, or it is cut; "),
        ("a.warc.gz", half(&file("crawl.warc.gz")), " and what follows cannot be read: "),
    ] {
        let reason = reason(name, &bytes);
        assert!(reason.contains(expected), "{name}: {reason}");
    }
}

#[test]
fn a_pdf_without_its_table_is_read_or_says_why() {
    let bytes = std::fs::read(folder().join("bad/broken-xref.pdf")).unwrap();
    match super::read("a.pdf", &bytes) {
        Ok(document) => assert!(document.text.contains("Islamabad")),
        Err(reason) => assert!(format!("{reason:#}").contains("it is broken"), "{reason:#}"),
    }
}

#[test]
fn any_cut_of_any_document_ends_in_text_or_a_reason() {
    for name in [
        "article.docx",
        "article.odt",
        "article.epub",
        "article.rtf",
        "article.eml",
        "page.mhtml",
        "libreoffice.pdf",
        "chromium.pdf",
    ] {
        let bytes = std::fs::read(folder().join(name)).unwrap();
        for part in 1..8 {
            let cut = &bytes[..bytes.len() * part / 8];
            if let Err(reason) = super::read(name, cut) {
                assert!(!format!("{reason:#}").contains('\n'), "{name}: {reason:#}");
            }
        }
    }
}
