//! Reads articles from files and folders: one file a format, all into a [`Document`].

mod bounds;
mod decode;
mod html;
mod markdown;
mod metadata;
mod sources;
mod text;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

pub use sources::{Source, set_authors, sources};

use crate::article::{Document, PublicationDate};

/// What a format's reader makes of a file.
#[derive(Debug, Default, PartialEq)]
struct Content {
    text: String,
    title: Option<String>,
    publisher: Option<String>,
    date: Option<PublicationDate>,
}

/// The formats there are readers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Markdown,
    Html,
}

impl Format {
    /// The format a file's name says it has.
    fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "txt" | "text" => Some(Self::Text),
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" | "xhtml" => Some(Self::Html),
            _ => None,
        }
    }
}

/// Reads one source. A file longer than `max_bytes` is not read at all.
///
/// The error is the reason for the source's row in `failures.csv`: one line, with the remedy.
pub fn document(source: &Source, max_bytes: u64) -> Result<Document> {
    let format = format(source)?;
    let bytes = bytes(&source.path, max_bytes)?;
    if let Some(kind) = decode::other_format(&bytes) {
        bail!("it is {kind}, whatever its name says; save it as text or HTML");
    }
    let text = decode::text(&bytes, format == Format::Html)?;
    let content = match format {
        Format::Text => text::read(text),
        Format::Markdown => markdown::read(&text),
        Format::Html => html::read(&text)?,
    };
    ensure!(
        content.text.contains(char::is_alphabetic),
        "there is no text in it; leave it out, or save it again with its text"
    );
    Ok(Document {
        id: id(&bytes),
        path: source.name.clone(),
        title: content.title,
        source: content.publisher,
        author_country: source.author_country.or_else(|| metadata::author_country(&source.name)),
        date: metadata::date_of_name(&source.name)
            .or(content.date)
            .or_else(|| metadata::date_of_text(&content.text)),
        text: content.text,
    })
}

/// The format to read a source as: by its extension, or text where the user asks for the file
/// itself.
fn format(source: &Source) -> Result<Format> {
    let path = &source.path;
    let found =
        path.metadata().context("cannot read it; check that it exists and its permissions")?;
    if found.is_dir() {
        if path.is_symlink() {
            bail!("it is a link to a folder, which is not followed; name that folder itself");
        }
        path.read_dir().context("cannot read this folder; check its permissions")?;
        bail!("this folder could not be read to its end; run again");
    }
    ensure!(found.is_file(), "it is no regular file; copy what is in it to one");
    let extension = || path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match Format::of(path) {
        Some(format) => Ok(format),
        None if source.named => Ok(Format::Text),
        None if path.extension().is_none() => {
            bail!("its name has no extension; name the file itself to read it as text")
        }
        None => bail!(
            "there is no reader for .{}; save it as .txt, .md or .html, \
             or name the file itself to read it as text",
            extension()
        ),
    }
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

/// The name of an article: the first 16 hexadecimal digits of the SHA-256 of its bytes.
fn id(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
