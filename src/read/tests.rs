//! What is read of good and bad files.

mod formats;
mod records;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use tempfile::TempDir;

use super::{Columns, Links, Raw, Reader, Source};
use crate::article::Document;

/// Bytes allowed for one article in these tests.
const LIMIT: u64 = 30_000_000;

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// What a source holds.
fn raws(source: &Source, max_bytes: u64) -> Vec<Raw> {
    let mut raws = Vec::new();
    let mut reader = Reader::new(Columns::default(), max_bytes);
    reader
        .read(source, &mut |raw| {
            raws.push(raw);
            Ok(())
        })
        .unwrap();
    raws
}

/// The only article of a source.
fn document(source: &Source, max_bytes: u64) -> Result<Document> {
    let raws = raws(source, max_bytes);
    assert_eq!(raws.len(), 1, "{raws:?}");
    super::document(&raws[0], max_bytes)
}

fn sources(paths: &[PathBuf]) -> Result<Vec<Source>> {
    super::sources(paths, Links::Stay).map(|found| found.iter().collect())
}

fn names(folder: &Path, paths: &[PathBuf]) -> Vec<String> {
    let root = format!("{}/", folder.display());
    let found = sources(paths).unwrap();
    found.into_iter().map(|source| source.name().replace(&root, "")).collect()
}

fn read(name: &str, bytes: &[u8]) -> Result<Document> {
    let folder = folder(&[(name, bytes)]);
    let found = sources(&[folder.path().to_owned()]).unwrap();
    document(&found[0], LIMIT)
}

fn reason(name: &str, bytes: &[u8]) -> String {
    let error = format!("{:#}", read(name, bytes).unwrap_err());
    assert!(!error.contains('\n'), "{error}");
    error
}

#[test]
fn folders_are_read_to_the_bottom_and_sorted() {
    let folder = folder(&[
        ("b.txt", b"b"),
        ("a/z.md", b"z"),
        ("a-b.html", b"x"),
        ("B.TXT", b"B"),
        (".git/config.txt", b"hidden"),
        (".DS_Store", b"hidden"),
        ("c.wps", b"wps"),
    ]);
    let root = folder.path().to_owned();
    let expected = ["B.TXT", "a-b.html", "a/z.md", "b.txt", "c.wps"];
    assert_eq!(names(&root, std::slice::from_ref(&root)), expected);
}

#[test]
fn a_file_named_twice_is_read_once() {
    let folder = folder(&[("a/one.txt", b"one"), ("a/two.log", b"two")]);
    let root = folder.path().to_owned();
    let paths = [root.clone(), root.join("a"), root.join("a/one.txt"), root.join("a/two.log")];
    assert_eq!(names(&root, &paths), ["a/one.txt", "a/two.log"]);
    let found = sources(&paths).unwrap();
    assert!(found.iter().all(|source| source.is_named));
    assert!(document(&found[1], LIMIT).is_ok(), "a file the user names is read as text");
    let in_folder = sources(&[root]).unwrap();
    let error = document(&in_folder[1], LIMIT).unwrap_err().to_string();
    assert!(error.starts_with("there is no reader for .log; "), "{error}");
}

#[test]
fn a_path_that_does_not_exist_is_an_error() {
    let error = sources(&[PathBuf::from("no/such/folder")]).unwrap_err().to_string();
    assert_eq!(error, "cannot find no/such/folder; check the path");
}

#[cfg(unix)]
#[test]
fn links_neither_loop_nor_lead_out() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("far.txt", b"far away")]);
    let folder = folder(&[("a/near.txt", b"near")]);
    let root = folder.path().to_owned();
    symlink(&root, root.join("a/loop")).unwrap();
    symlink(outside.path().join("far.txt"), root.join("link.txt")).unwrap();
    symlink(root.join("gone.txt"), root.join("broken.txt")).unwrap();
    symlink(root.join("a/near.txt"), root.join("same.txt")).unwrap();
    assert_eq!(
        names(&root, std::slice::from_ref(&root)),
        ["a/loop", "a/near.txt", "broken.txt", "link.txt"]
    );
    let found = sources(std::slice::from_ref(&root)).unwrap();
    let error = |at: usize| format!("{:#}", document(&found[at], LIMIT).unwrap_err());
    assert!(error(0).contains("link to a folder"), "{}", error(0));
    assert!(error(2).contains("cannot read it"), "{}", error(2));
    assert!(error(3).contains("link to a file outside"), "{}", error(3));
    let followed = super::sources(&[root], Links::Follow).unwrap();
    let followed: Vec<Source> = followed.iter().collect();
    assert_eq!(document(&followed[3], LIMIT).unwrap().text, "far away");
}

#[test]
fn encodings_are_found_out() {
    let text = "The café’s owner said “no” in Zürich.";
    let utf_16 = |big: bool| -> Vec<u8> {
        let bytes = |unit: u16| {
            if big { unit.to_be_bytes() } else { unit.to_le_bytes() }
        };
        text.encode_utf16().flat_map(bytes).collect()
    };
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let with_mark = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    for (kind, bytes) in [
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8 with a mark", with_mark(b"\xef\xbb\xbf", text.as_bytes())),
        ("UTF-16LE", utf_16(false)),
        ("UTF-16BE", utf_16(true)),
        ("UTF-16LE with a mark", with_mark(b"\xff\xfe", &utf_16(false))),
        ("UTF-16BE with a mark", with_mark(b"\xfe\xff", &utf_16(true))),
        ("Windows-1252", windows.to_vec()),
    ] {
        assert_eq!(read("a.txt", &bytes).unwrap().text, text, "{kind}");
    }
}

#[test]
fn a_few_wrong_bytes_do_not_spoil_a_file() {
    let text = "Zürich, Genève, São Paulo, Kraków and Malmö met.";
    let mut bytes = text.as_bytes().to_vec();
    bytes.extend(b" \xff\0\x1b The end.");
    let read = read("a.txt", &bytes).unwrap().text;
    assert_eq!(read, format!("{text} \u{fffd}\0\u{1b} The end."));
}

#[test]
fn what_cannot_be_read_has_a_reason_and_a_remedy() {
    let noise: Vec<u8> =
        (0..20_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for (name, bytes, expected) in [
        ("a.txt", &b""[..], "there is no text in it; "),
        ("a.txt", b" \n\t 123 ... \n", "there is no text in it; "),
        ("a.txt", &noise, "it is binary, not text; "),
        ("a.txt", &[0; 4000], "it is binary, not text; "),
        ("a.txt", b"%PDF-1.7 and text", "it is a PDF, whatever its name says; "),
        ("a.wps", b"PK", "there is no reader for .wps; "),
        ("README", b"text", "its name has no extension; "),
        ("a.html", b"<html><script>var text = 1;</script></html>", "there is no text in the page"),
    ] {
        let reason = reason(name, bytes);
        assert!(reason.starts_with(expected), "{name}: {reason}");
        assert!(reason.contains("; "), "no remedy: {reason}");
    }
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let folder = folder(&[("a.txt", &[b'a'; 101])]);
    let source = &sources(&[folder.path().to_owned()]).unwrap()[0];
    let error = document(source, 100).unwrap_err().to_string();
    assert_eq!(error, "it has 101 bytes, and 100 are the limit for one article; split it");
    assert!(document(source, 101).is_ok());
}

#[test]
fn the_name_of_an_article_is_the_hash_of_its_bytes() {
    assert_eq!(read("a.txt", b"abc").unwrap().id, "ba7816bf8f01cfea");
}

#[test]
fn a_speech_says_whose_it_is_and_of_which_year() {
    let speech = read("Session 76 - 2021/PAK_76_2021.txt", b"Mr. President, we met.").unwrap();
    assert_eq!(speech.author_country.unwrap().iso3(), "PAK");
    assert_eq!(speech.date.unwrap().to_string(), "2021");
}

#[test]
fn markdown_loses_its_markup() {
    let source = "---\ntitle: \"Kabul’s *gamble*\"\ndate: 2023-08-21\nsource: The Institute\n---\n\
        # Kabul's gamble\n\nThe **Taliban** took\n[the town](http://a.b/c).\n\n![a photo](x.jpg)\n\n\
        - trade\n- transit\n\n| who | what |\n|---|---|\n| Iran | water |\n\n```\ncode\n```\n\
        Pakistan & Iran met.<br>They <b>left</b>.\n";
    let document = read("a.md", source.as_bytes()).unwrap();
    assert_eq!(document.title.as_deref(), Some("Kabul’s *gamble*"));
    assert_eq!(document.source.as_deref(), Some("The Institute"));
    assert_eq!(document.date.unwrap().to_string(), "2023-08-21");
    let paragraphs: Vec<&str> =
        document.text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).collect();
    let expected = [
        "Kabul's gamble",
        "The Taliban took the town.",
        "trade",
        "transit",
        "who what",
        "Iran water",
        "Pakistan & Iran met. They left.",
    ];
    assert_eq!(paragraphs, expected);
}

/// A page as news sites make them.
fn page(body: &str) -> String {
    format!(
        "<!doctype html><html><head><title>Kabul’s gamble | The Institute</title>\
         <meta property=\"og:site_name\" content=\"The Institute\">\
         <script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\
         \"@type\":\"NewsArticle\",\"headline\":\"Kabul’s gamble\",\
         \"datePublished\":\"2023-08-21T23:30:00-05:00\"}}</script></head><body>\
         <nav><a href=\"/\">Home</a> <a href=\"/asia\">Asia</a></nav>{body}\
         <footer>© 2023 The Institute. Follow us</footer></body></html>"
    )
}

#[test]
fn a_page_is_read_without_what_surrounds_the_article() {
    let sentence = "Tehran and Islamabad, which share long borders with Afghanistan, told the \
                    Taliban that they would close the crossings, <b>unless</b> attacks ended.";
    let paragraphs = format!("<p>{sentence}</p>").repeat(6);
    let body = format!(
        "<main><article><h1>Kabul’s gamble</h1>{paragraphs}<ul><li>Trade</li><li>Transit</li></ul>\
         <p>First line<br>second line</p></article></main><aside><a href=x>Most read</a></aside>"
    );
    let document = read("a.html", page(&body).as_bytes()).unwrap();
    assert_eq!(document.title.as_deref(), Some("Kabul’s gamble"));
    assert_eq!(document.source.as_deref(), Some("The Institute"));
    assert_eq!(document.date.unwrap().to_string(), "2023-08-21");
    assert!(document.text.starts_with("Kabul’s gamble\n\nTehran and Islamabad"));
    assert_eq!(document.text.matches("crossings, unless attacks ended.\n").count(), 6);
    assert!(document.text.contains("Trade\nTransit\n"), "{}", document.text);
    assert!(document.text.contains("First line\nsecond line"));
    for clutter in ["Home", "Follow us", "Most read"] {
        assert!(!document.text.contains(clutter), "{clutter}");
    }
}

#[test]
fn a_page_in_another_encoding_says_so() {
    let page = "<html><head><meta charset=\"windows-1251\"></head><body><p>\u{41a}\u{430}\u{431}\
                \u{443}\u{43b} is Kabul.</p></body></html>";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(page);
    assert!(read("a.html", &bytes).unwrap().text.contains("Кабул is Kabul."));
}

#[test]
fn a_page_with_little_on_it_is_read_whole() {
    let document = read("a.html", b"<p>Kabul fell.</p><p>Iran was glad.</p>").unwrap();
    assert_eq!(
        document.text.split_whitespace().collect::<Vec<_>>().join(" "),
        "Kabul fell. Iran was glad."
    );
}

#[test]
fn no_page_hangs_or_overflows_the_stack() {
    let article = "<p>The Taliban took the town, and Iran was not glad.</p>".repeat(20);
    for (what, page) in [
        ("nested tags", "<div>".repeat(200_000) + &article),
        (
            "nested quotes",
            "<blockquote>".repeat(200_000) + &article + &"</blockquote>".repeat(200_000),
        ),
        ("nested tables", "<table><tr><td>".repeat(100_000) + &article),
        ("open fonts", "<font size=1><p>".repeat(100_000) + &article),
        ("single tags", "<div/>".repeat(200_000) + &article),
        ("a drawing", format!("<svg>{}</svg>{article}", "<div/>".repeat(200_000))),
        ("many paragraphs", "<p>a</p>".repeat(190_000) + &article),
        ("a tag of 10 MB", format!("<a href=\"{}\">a</a>{article}", "x".repeat(10_000_000))),
        ("a name of 10 MB", format!("<{}>{article}", "x".repeat(10_000_000))),
        ("an open tag of 10 MB", format!("{article}<a {}", "x ".repeat(5_000_000))),
        ("many attributes", format!("<a {}>a</a>{article}", "x=1 y ".repeat(500_000))),
        ("an open comment", format!("{article}<!--{}", "<!--".repeat(1_000_000))),
        ("an open script", format!("{article}<script>{}", "</".repeat(1_000_000))),
        ("brackets", "<".repeat(5_000_000) + &article),
        ("entities", "&amp;&#x41;&nosuch;".repeat(300_000)),
        ("one line of 10 MB", format!("<p>{}</p>", "word ".repeat(2_000_000))),
    ] {
        let started = Instant::now();
        let _ = read("a.html", page.as_bytes());
        let took = started.elapsed();
        // Twenty times what the slowest takes here.
        assert!(took < Duration::from_secs(60), "{what} took {took:?}");
    }
}

#[test]
fn a_source_is_named_as_the_user_would() {
    let source = Source::new(Path::new("a.txt"), true);
    let error = format!("{:#}", document(&source, LIMIT).unwrap_err());
    assert!(error.starts_with("cannot read it; check that it exists"), "{error}");
}
