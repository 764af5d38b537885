//! A PDF that makes its parser hang, crash or fill the memory costs one file.
#![allow(clippy::unwrap_used)] // the lint allows it in test functions, not in their helpers

use std::fs;
use std::path::Path;
use std::time::Duration;

use demarche::read::{self, Columns, Isolation, Reader};

#[test]
fn a_pdf_that_hangs_crashes_or_explodes_is_a_failure() {
    let program = assert_cmd::cargo::cargo_bin!("demarche").to_owned();
    let time_limit = Duration::from_secs(10);
    read::isolate(Isolation { program, time_limit, memory_mb: 150 });
    let words = format!("BT /T 9 Tf 90 Tc 9 9 Td ({}) Tj ET", "Kabul fell. ".repeat(1_000));
    let crashed = "its parser crashed or ran out of memory; ";
    for (what, bytes, expected) in [
        ("forms in forms, without end", forms(1, "/F0 Do", "/F0 Do"), crashed),
        ("forms in forms, a million million of them", forms(12, CALLS, "0 0 m"), "it took longer"),
        ("as many words far apart", forms(12, CALLS, &words), crashed),
        ("a good one", good(), ""),
    ] {
        let reason = reason(&bytes);
        assert!(
            reason.contains(expected) && reason.is_empty() == expected.is_empty(),
            "{what}: {reason}"
        );
    }
}

/// The next form ten times.
const CALLS: &str = "/F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do";

/// A PDF whose page draws a form, each of which does what `inner` says, the last what `last` says.
/// `/F` is the form after it, `/F0` the first.
fn forms(count: usize, inner: &str, last: &str) -> Vec<u8> {
    const FIRST: usize = 5;
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {} 0 R \
             /Resources << /XObject << /F {FIRST} 0 R >> /Font << /T 4 0 R >> >> >>",
            FIRST + count
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    for n in 0..count {
        let content = if n + 1 == count { last } else { inner };
        let next = FIRST + (n + 1).min(count - 1);
        objects.push(format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Length {} \
             /Resources << /XObject << /F {next} 0 R /F0 {FIRST} 0 R >> /Font << /T 4 0 R >> >> >>\n\
             stream\n{content}\nendstream",
            content.len()
        ));
    }
    objects.push("<< /Length 5 >>\nstream\n/F Do\nendstream".to_owned());
    file(&objects)
}

/// The objects with their table.
fn file(objects: &[String]) -> Vec<u8> {
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (n, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let start = file.len();
    let trailer = format!("trailer\n<< /Size {} /Root 1 0 R >>", objects.len() + 1);
    file.push_str(&format!("{table}{trailer}\nstartxref\n{start}\n%%EOF\n"));
    file.into_bytes()
}

fn good() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/libreoffice.pdf")).unwrap()
}

/// Why the PDF cannot be read; empty if it can.
fn reason(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.pdf"), bytes).unwrap();
    let sources = read::sources(&[folder.path().to_owned()], read::Links::Stay).unwrap();
    let mut reason = String::new();
    let mut reader = Reader::new(Columns::default(), 1_000_000);
    reader
        .read(&sources.iter().next().unwrap(), &mut |raw| {
            let read = read::document(&raw, 1_000_000);
            reason = read.err().map(|error| format!("{error:#}")).unwrap_or_default();
            Ok(())
        })
        .unwrap();
    reason
}
