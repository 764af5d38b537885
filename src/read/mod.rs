//! Reads articles from files and folders: one file a format, all into a [`Document`].
//!
//! ```text
//! sources -> reader -> Raw, Raw, ...        (in order; records and archives are streamed)
//! Raw -> document                           (a pure function, on any thread)
//! ```

mod authors;
mod bounds;
mod columns;
mod decode;
mod format;
mod html;
mod json;
mod lines;
mod markdown;
mod metadata;
mod raw;
mod reader;
mod record;
mod sources;
mod table;
mod text;
mod unpack;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

pub use authors::Authors;
pub use columns::Columns;
pub use raw::Raw;
pub(crate) use reader::panic_error;
pub use reader::{Emit, Reader};
pub use sources::{Source, sources};

use format::Format;
use raw::Body;

use crate::article::{Document, PublicationDate};

/// What a format's reader makes of a file.
#[derive(Debug, Default, PartialEq)]
struct Content {
    text: String,
    title: Option<String>,
    publisher: Option<String>,
    date: Option<PublicationDate>,
}

/// Reads one article. One longer than `max_bytes` is not read at all.
///
/// The error is the reason for its row in `failures.csv`: one line, with the remedy.
pub fn document(raw: &Raw, max_bytes: u64) -> Result<Document> {
    match &raw.body {
        Body::File { path, format, .. } => {
            let bytes = bytes(path, max_bytes)?;
            whole(&bytes, *format, &raw.name, &raw.name)
        }
        Body::Part { bytes, format, inner } => whole(bytes, *format, inner, &raw.name),
        Body::Object { bytes, columns } => {
            let content = record::object(bytes, columns)?;
            finish(content, id(&[bytes]), "", &raw.name)
        }
        Body::Row { cells, header, columns } => {
            let content = record::row(cells, header, columns)?;
            let cells: Vec<&[u8]> = cells.iter().collect();
            finish(content, id(&cells), "", &raw.name)
        }
        Body::Unreadable(reason) => bail!("{reason:#}"),
    }
}

/// Reads a file that holds one article. `name` is the file's own, without the archive it is in.
fn whole(bytes: &[u8], format: Format, name: &str, path: &str) -> Result<Document> {
    if let Some(kind) = decode::other_format(bytes) {
        bail!("it is {kind}, whatever its name says; save it as text or HTML");
    }
    let text = decode::text(bytes, format == Format::Html)?;
    let content = match format {
        Format::Text => text::read(text),
        Format::Markdown => markdown::read(&text),
        Format::Html => html::read(&text)?,
    };
    finish(content, id(&[bytes]), name, path)
}

fn finish(content: Content, id: String, name: &str, path: &str) -> Result<Document> {
    ensure!(
        content.text.contains(char::is_alphabetic),
        "there is no text in it; leave it out, or save it again with its text"
    );
    Ok(Document {
        id,
        path: path.to_owned(),
        title: content.title,
        source: content.publisher,
        author_country: metadata::author_country(name),
        date: metadata::date_of_name(name)
            .or(content.date)
            .or_else(|| metadata::date_of_text(&content.text)),
        text: content.text,
    })
}

/// The bytes of a file, unless they are more than `max_bytes`.
fn bytes(path: &Path, max_bytes: u64) -> Result<Vec<u8>> {
    let file = File::open(path).context("cannot open it; check its permissions")?;
    let length = file.metadata().context("cannot read it")?.len();
    let mut bytes = Vec::new();
    if length <= max_bytes {
        // One more than allowed tells a file that grew meanwhile.
        file.take(max_bytes + 1).read_to_end(&mut bytes).context("cannot read it")?;
    }
    let length = length.max(bytes.len() as u64);
    ensure!(
        length <= max_bytes,
        "it has {length} bytes, and {max_bytes} are the limit for one article; split it"
    );
    Ok(bytes)
}

/// The name of an article: the first 16 hexadecimal digits of the SHA-256 of its bytes; those of a
/// row are its cells, with the unit separator U+001F between them.
fn id(parts: &[&[u8]]) -> String {
    let hash = Sha256::digest(parts.join(&b'\x1f'));
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
