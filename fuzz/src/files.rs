//! Bytes -> a file -> articles, by all readers.

use std::fs;
use std::io::{Cursor, Write};

use demarche::read::{self, Columns, Raw, Reader, Source};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Bytes of an article: enough for all structure, and bombs are told soon.
const MAX_BYTES: u64 = 1_000_000;

/// Where a book names its package.
const CONTAINER: &[u8] =
    br#"<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>"#;

/// Reads a file of this name to its end, each article in it too.
pub(crate) fn read(name: &str, bytes: &[u8]) {
    each(name, &packed(name, bytes), |raw| match read::document(raw, MAX_BYTES) {
        Ok(document) => assert!(document.text.contains(char::is_alphabetic)),
        Err(reason) => assert_ne!(format!("{reason:#}"), ""),
    });
}

/// Hands over what is in a file.
pub(crate) fn each(name: &str, bytes: &[u8], mut take: impl FnMut(&Raw)) {
    let path = crate::scratch().join(name);
    fs::write(&path, bytes).expect("a writable folder");
    let mut emit = |raw: Raw| {
        take(&raw);
        Ok(())
    };
    let mut reader = Reader::new(Columns::default(), MAX_BYTES);
    let count = reader.read(&Source::new(&path, false), &mut emit).expect("no article ends it");
    assert!(count > 0, "each file is an article or a failure");
}

/// Documents that are zip archives are given as one, or as the XML in it: no fuzzer finds its way
/// through compression and sums to the XML by itself.
fn packed(name: &str, bytes: &[u8]) -> Vec<u8> {
    let is_packed = bytes.starts_with(b"PK");
    match name {
        "a.docx" if !is_packed => {
            archive(&[("word/document.xml", bytes), ("docProps/core.xml", bytes)])
        }
        "a.odt" if !is_packed => archive(&[("content.xml", bytes), ("meta.xml", bytes)]),
        "a.epub" if !is_packed => {
            let page = b"<html><body><p>Iran praised Pakistan.</p></body></html>";
            archive(&[("META-INF/container.xml", CONTAINER), ("a.opf", bytes), ("a.xhtml", page)])
        }
        _ => bytes.to_vec(),
    }
}

/// A zip archive of these files.
pub(crate) fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in files {
        archive.start_file(*name, options).expect("a name that fits");
        archive.write_all(bytes).expect("memory takes all");
    }
    archive.finish().expect("memory takes all").into_inner()
}
