//! Many articles in one file: JSON, tables, archives, good and broken.

use std::io::Write;

use super::{LIMIT, folder, raws, sources};
use crate::article::Document;
use crate::read::{Columns, Raw, Reader, document};

/// What a file of this name and content holds: names, and the text or the reason.
fn read(name: &str, bytes: &[u8]) -> Vec<(String, Result<Document, String>)> {
    read_within(name, bytes, LIMIT)
}

fn read_within(name: &str, bytes: &[u8], max: u64) -> Vec<(String, Result<Document, String>)> {
    let folder = folder(&[(name, bytes)]);
    let root = format!("{}/", folder.path().display());
    let source = &sources(&[folder.path().to_owned()]).unwrap()[0];
    let read_one = |raw: &Raw| {
        let read = document(raw, max).map_err(|reason| format!("{reason:#}"));
        (raw.name.replace(&root, ""), read)
    };
    raws(source, max).iter().map(read_one).collect()
}

fn texts(name: &str, bytes: &[u8]) -> Vec<(String, String)> {
    let shown =
        |read: Result<Document, String>| read.map_or_else(|reason| reason, |read| read.text);
    read(name, bytes).into_iter().map(|(name, read)| (name, shown(read))).collect()
}

/// Checks names and the starts of texts or reasons.
fn check(name: &str, bytes: &[u8], expected: &[(&str, &str)]) {
    let found = read(name, bytes);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    let expected_names: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, expected_names, "{found:?}");
    for ((name, found), (_, expected)) in found.iter().zip(expected) {
        let shown = match found {
            Ok(document) => &document.text,
            Err(reason) => reason,
        };
        assert!(shown.starts_with(expected), "{name}: {shown}");
        assert!(found.is_ok() || !shown.contains('\n'), "{name}: {shown}");
    }
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tarred(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        // Header::set_path refuses `..`, which is what is to be tested.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        writer.append(&header, *bytes).unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn a_line_is_an_article_and_a_broken_one_costs_itself() {
    let lines = b"\xef\xbb\xbf{\"title\": \"One\", \"body\": \"Kabul fell.\", \"date\": \"2021-08-15T10:00:00Z\"}\n\
        {\"body\": \"Iran\n\
        \n\
        [1, 2]\n\
        {\"title\": \"No text\"}\n\
        {\"body\": \"<p>Iran was</p><p>glad.</p>\", \"date\": 1629072000}";
    check(
        "dump.jsonl",
        lines,
        &[
            ("dump.jsonl#1", "One\n\nKabul fell."),
            ("dump.jsonl#2", "it is no JSON object (EOF while parsing a string"),
            ("dump.jsonl#4", "it is no JSON object (invalid type: sequence"),
            ("dump.jsonl#5", "there is no text in `body`; "),
            ("dump.jsonl#6", "Iran was"),
        ],
    );
    let found = read("dump.jsonl", lines);
    let date = |at: usize| {
        let (_, read) = &found[at];
        read.as_ref().unwrap().date.unwrap().to_string()
    };
    assert_eq!(found[0].1.as_ref().unwrap().title.as_deref(), Some("One"));
    assert_eq!([date(0), date(4)], ["2021-08-15", "2021-08-16"]);
}

#[test]
fn a_list_of_objects_is_read_as_its_objects() {
    let list = br#"[{"text": ["Kabul fell.", "Iran was glad."], "source": {"name": "The Paper"}},
        {"text": "}{"}, {"text": "Iran "#;
    let found = read("a.json", list);
    let first = found[0].1.as_ref().unwrap();
    assert_eq!(first.text, "Kabul fell.\n\nIran was glad.");
    assert_eq!(first.source.as_deref(), Some("The Paper"));
    assert!(found[1].1.as_ref().unwrap_err().starts_with("there is no text in `text`; "));
    assert_eq!(found[2].0, "a.json#3");
    assert!(found[2].1.as_ref().unwrap_err().starts_with("the file ends in the middle of it; "));
}

#[test]
fn a_row_is_an_article_and_a_ragged_one_costs_itself() {
    let table = "Headline;Full Text;Date\n\
        One;\"Kabul fell; Iran \"\"was\"\" glad.\";2021-08-15\n\
        Two;Iran;2021-08-16;more\n\
        Three;;2021-08-17\n\
        Four;Kabul \0fell.;\n";
    check(
        "dump.csv",
        table.as_bytes(),
        &[
            ("dump.csv#1", "One\n\nKabul fell; Iran \"was\" glad."),
            ("dump.csv#2", "it has 4 cells, and the header has 3; "),
            ("dump.csv#3", "there is no text in `Full Text`; "),
            ("dump.csv#4", "Four\n\nKabul \0fell."),
        ],
    );
    check("a.tsv", b"title\tcontent\nOne\tKabul fell.\n", &[("a.tsv#1", "One\n\nKabul fell.")]);
    check(
        "a.csv",
        b"id,words\n1,Kabul\n",
        &[(
            "a.csv",
            "no column has a usual name for a text; name one with --text-column (id, words)",
        )],
    );
    let wide = format!("{}text\n", "a,".repeat(10_000));
    let reason = "its first line has 10001 cells, and a table at most 10000; ";
    check("a.csv", wide.as_bytes(), &[("a.csv", reason)]);
    check("a.csv", b"", &[("a.csv", "no column has a usual name for a text; ")]);
    check("a.csv", b"text\n", &[("a.csv", "there is no article in it; ")]);
    check("b.csv", b"\xff\xfet\0e\0", &[("b.csv", "it is UTF-16; save it as UTF-8")]);
}

#[test]
fn texts_of_nothing_but_markup_cost_themselves() {
    let list = format!("{{\"text\":\"Kabul fell.\",\"n\":[0{}]}}\n", ",0".repeat(2_000_000));
    let reason = "it has more than 2000000 signs of markup; split it";
    for (name, text) in [
        ("a.md", "[".repeat(2_000_001)),
        ("a.jsonl", list),
        ("a.eml", "A: b\n".repeat(2_000_001)),
        ("a.rtf", format!("{{\\rtf1 {}", "{".repeat(2_000_000))),
    ] {
        let found = read(name, text.as_bytes());
        assert_eq!(found[0].1.as_ref().unwrap_err(), reason);
    }
}

#[test]
fn a_record_over_the_limit_is_passed_over_and_the_rest_is_read() {
    let long = "x".repeat(100_000);
    for (name, text) in [
        ("a.jsonl", format!("{{\"text\":\"{long}\"}}\n{{\"text\":\"Kabul fell.\"}}\n")),
        ("a.json", format!("[{{\"text\":\"{long}\"}},{{\"text\":\"Kabul fell.\"}}]")),
        ("a.csv", format!("text\n{long}\nKabul fell.\n")),
    ] {
        let found = read_within(name, text.as_bytes(), 50_000);
        let reason = found[0].1.as_ref().unwrap_err();
        assert!(reason.starts_with("it has more than 50000 bytes, "), "{reason}");
        assert_eq!(found[1].1.as_ref().unwrap().text, "Kabul fell.", "{name}");
    }
    let open_quote = format!("text\nKabul fell.\n\"{}", "word\n".repeat(100_000));
    let found = read_within("a.csv", open_quote.as_bytes(), 50_000);
    assert_eq!(found.len(), 2);
    let reason = found[1].1.as_ref().unwrap_err();
    assert!(reason.contains("a quote may not be closed"), "{reason}");
}

#[test]
fn a_parquet_file_in_an_archive_is_read_too() {
    let file = include_bytes!("../../../tests/formats/dump.parquet");
    check("a.zip", &zipped(&[("b.parquet", file)]), &[("a.zip/b.parquet#1", "What Islamabad")]);
    check("a.parquet.gz", &gzipped(file), &[("a.parquet.gz#1", "What Islamabad")]);
}

#[test]
fn a_parquet_file_with_a_changed_byte_ends_in_text_or_a_reason() {
    let file = include_bytes!("../../../tests/formats/dump.parquet");
    for at in (0..file.len()).step_by(61) {
        let mut changed = file.to_vec();
        changed[at] ^= 0x55;
        for (_, read) in read("a.parquet", &changed) {
            let shown = read.map_or_else(|reason| reason, |document| document.text);
            assert!(!shown.is_empty(), "byte {at}");
        }
    }
}

#[test]
fn files_in_archives_are_read_and_named_after_them() {
    let lines = b"{\"text\": \"Kabul fell.\"}\n{\"text\": \"Iran was glad.\"}\n";
    let files: &[(&str, &[u8])] = &[
        ("2023/08/21/a.txt", b"Kabul fell."),
        ("b.jsonl.gz", &gzipped(lines)),
        ("../c.txt", b"Kabul fell."),
        ("d.png", b"\x89PNG"),
        ("__MACOSX/a.txt", b"\0"),
        ("e.zip", b"PK\x03\x04"),
    ];
    for (archive, bytes) in [
        ("all.zip", zipped(files)),
        ("all.tar", tarred(files)),
        ("all.tar.gz", gzipped(&tarred(files))),
        ("all.tgz", gzipped(&tarred(files))),
    ] {
        let inner = |name: &str| format!("{archive}/{name}");
        let expected = [
            (inner("2023/08/21/a.txt"), "Kabul fell."),
            (inner("b.jsonl.gz#1"), "Kabul fell."),
            (inner("b.jsonl.gz#2"), "Iran was glad."),
            (inner("../c.txt"), "its name leads out of the archive; "),
            (inner("d.png"), "there is no reader for .png; "),
            (inner("e.zip"), "it is an archive in an archive; "),
        ];
        let expected: Vec<(&str, &str)> =
            expected.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        check(archive, &bytes, &expected);
        let first = read(archive, &bytes).swap_remove(0).1.unwrap();
        assert_eq!(first.date.unwrap().to_string(), "2023-08-21");
    }
}

#[test]
fn compressed_files_are_read_and_broken_ones_say_so() {
    let lines = b"{\"text\": \"Kabul fell.\"}\n{\"text\": \"Iran was glad.\"}\n";
    let twice = [gzipped(lines), gzipped(lines)].concat();
    assert_eq!(texts("a.jsonl.gz", &twice).len(), 4);
    check("a.txt.gz", &gzipped(b"Kabul fell."), &[("a.txt.gz", "Kabul fell.")]);
    let many = lines.repeat(10_000);
    let mut cut = gzipped(&many);
    cut.truncate(cut.len() - 20);
    let found = texts("a.jsonl.gz", &cut);
    let (name, reason) = found.last().unwrap();
    assert_eq!(name, "a.jsonl.gz");
    assert!(reason.contains("and what follows cannot be read"), "{reason}");
    check("a.txt.gz", &gzipped(b"Kabul fell.")[..12], &[("a.txt.gz", "cannot unpack it: ")]);
    check("a.zip", b"PK\x03\x04 cut", &[("a.zip", "it is no zip archive, or it is cut; ")]);
    check("a.tar", b"no archive", &[("a.tar", "it is no tar archive, or it is cut; ")]);
    check("a.txt.zst", b"no zstd", &[("a.txt.zst", "cannot unpack it: ")]);
}

#[test]
fn a_bomb_costs_itself() {
    let zeros = vec![b'0'; 150_000_000];
    let bomb = gzipped(&zeros);
    let expected = "line 1 and what follows cannot be read: it unpacks to more than 250 times ";
    check("a.jsonl.gz", &bomb, &[("a.jsonl.gz", expected)]);
    check("a.txt.gz", &bomb, &[("a.txt.gz", "it has more than 30000000 bytes, ")]);
    let expected: &[(&str, &str)] =
        &[("a.zip/bomb.txt", "it has more than 30000000 bytes, "), ("a.zip/b.txt", "Kabul fell.")];
    check("a.zip", &zipped(&[("bomb.txt", &zeros), ("b.txt", b"Kabul fell.")]), expected);
}

#[test]
fn the_columns_that_were_read_are_told() {
    let folder = folder(&[
        ("a.jsonl", b"{\"maintext\": \"Kabul fell.\"}\n"),
        ("b.jsonl", b"{\"maintext\": \"Iran was glad.\", \"words\": \"Other.\"}\n"),
    ]);
    let found = sources(&[folder.path().to_owned()]).unwrap();
    let columns = |asked: Columns| {
        let mut reader = Reader::new(asked, LIMIT);
        for source in &found {
            assert_eq!(reader.read(source, &mut |_| Ok(())).unwrap(), 1);
        }
        let read = reader.columns().map(|(columns, files)| (columns.describe(), files));
        read.collect::<Vec<_>>()
    };
    assert_eq!(columns(Columns::default()), [("text from `maintext`".to_owned(), 2)]);
    let asked = Columns { text: Some("words".into()), ..Columns::default() };
    assert_eq!(columns(asked), [("text from `words`".to_owned(), 1)]);
}
