//! Reads articles from files and folders: one file a format, all into a [`Document`].
//!
//! ```text
//! sources -> reader -> Raw, Raw, ...        (in order; records and archives are streamed)
//! Raw -> document                           (a pure function, on any thread)
//! ```

mod bounds;
mod columns;
mod contained;
mod decode;
mod format;
mod html;
mod json;
mod lines;
mod listing;
mod mail;
mod markdown;
mod metadata;
mod names;
mod office;
mod parquet;
mod pages;
mod pdf;
mod raw;
mod reader;
mod record;
mod rtf;
mod sources;
mod surroundings;
mod table;
mod text;
mod unpack;
mod warc;
mod xml;

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};
use sha2::{Digest, Sha256};

pub use columns::Columns;
pub use contained::{Isolation, isolate, serve};
pub use listing::Sources;
pub use names::NamePattern;
pub use raw::Raw;
pub(crate) use reader::panic_error;
pub use reader::{Emit, Reader};
pub use sources::{Links, Source, sources};

use format::Format;
use metadata::Dated;
use raw::Body;

use crate::article::{DateFrom, Document, Origin};
use crate::store::Fingerprint;

/// What a format's reader makes of a file.
#[derive(Debug, Default, PartialEq)]
struct Content {
    text: String,
    title: Option<String>,
    publisher: Option<String>,
    author: Option<String>,
    url: Option<String>,
    /// When it was published.
    date: Option<Dated>,
    /// When the file was made: the last resort.
    made: Option<Dated>,
}

/// Reads one article. One longer than `max_bytes` is not read at all.
///
/// The error is the reason for its row in `failures.csv`: one line, with the remedy.
pub fn document(raw: &Raw, max_bytes: u64) -> Result<Document> {
    open(raw, max_bytes)?.document(max_bytes)
}

/// The bytes of an article, of which nothing is understood yet.
#[derive(Debug)]
pub struct Opened<'a> {
    raw: &'a Raw,
    bytes: Cow<'a, [u8]>,
    hash: [u8; 32],
}

/// Takes up the bytes of an article, unless they are more than `max_bytes`.
///
/// The error is the reason for its row in `failures.csv`: one line, with the remedy.
pub fn open(raw: &Raw, max_bytes: u64) -> Result<Opened<'_>> {
    let bytes = match &raw.body {
        Body::File { path, .. } => Cow::Owned(bytes(path, max_bytes)?),
        Body::Part { bytes, .. } | Body::Object { bytes, .. } | Body::Page { bytes, .. } => {
            Cow::Borrowed(&bytes[..])
        }
        // The unit separator stands between the cells.
        Body::Row { cells, .. } => Cow::Owned(cells.iter().collect::<Vec<_>>().join(&b'\x1f')),
        Body::Unreadable(reason) => bail!("{reason:#}"),
    };
    Ok(Opened { raw, hash: Sha256::digest(&bytes).into(), bytes })
}

impl Opened<'_> {
    /// Of the bytes and all else, beside the name and the settings, that decides what is read.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hash = Sha256::new_with_prefix(self.hash);
        match &self.raw.body {
            Body::Object { columns, .. } => feed(&mut hash, columns.all()),
            Body::Row { header, columns, .. } => {
                feed(&mut hash, header.iter().map(Some));
                feed(&mut hash, columns.all());
            }
            Body::Page { format, url, modified, .. } => {
                let format = format!("{format:?}");
                let parts = [Some(&format), url.as_ref(), modified.as_ref()];
                feed(&mut hash, parts.into_iter());
            }
            Body::File { .. } | Body::Part { .. } | Body::Unreadable(_) => {}
        }
        let hash: [u8; 32] = hash.finalize().into();
        *hash.first_chunk().expect("it is longer than its half")
    }

    /// Reads the article. What unpacks to more than `max_bytes` is not read.
    ///
    /// The error is as of [`open`].
    pub fn document(self, max_bytes: u64) -> Result<Document> {
        let Self { raw, bytes, hash } = self;
        let (content, name) = match &raw.body {
            Body::File { format, .. } => (content(&bytes, *format, max_bytes)?, raw.name.as_str()),
            Body::Part { format, inner, .. } => {
                (content(&bytes, *format, max_bytes)?, inner.as_str())
            }
            Body::Object { columns, .. } => (record::object(&bytes, columns)?, ""),
            Body::Row { cells, header, columns } => (record::row(cells, header, columns)?, ""),
            Body::Page { format, url, modified, .. } => {
                let mut content = content(&bytes, *format, max_bytes)?;
                content.url = url.clone().or(content.url);
                let modified = modified.as_deref().and_then(metadata::date);
                content.made = modified.map(|date| Dated { date, from: DateFrom::Http });
                (content, "")
            }
            Body::Unreadable(reason) => bail!("{reason:#}"),
        };
        finish(content, id(&hash), name, &raw.name)
    }
}

/// Adds parts to a hash, each with its length, so that no two lists of them are taken for one.
fn feed(hash: &mut Sha256, parts: impl Iterator<Item = Option<impl AsRef<[u8]>>>) {
    for part in parts {
        let part = part.as_ref().map(AsRef::as_ref);
        hash.update(part.map_or(u64::MAX, |part| part.len() as u64).to_le_bytes());
        hash.update(part.unwrap_or_default());
    }
}

/// Reads the bytes of a file that holds one article.
fn content(bytes: &[u8], format: Format, max_bytes: u64) -> Result<Content> {
    let text = |is_html: bool| match decode::other_format(bytes) {
        Some(kind) => Err(anyhow!("it is {kind}")),
        None => decode::text(bytes, is_html),
    };
    let content = match format {
        Format::Text => text::read(text(false)?),
        Format::Markdown => markdown::read(&text(false)?)?,
        Format::Html => html::read(&text(true)?)?,
        Format::Mhtml => mail::mhtml(bytes)?,
        Format::Mail => mail::eml(bytes)?,
        Format::Docx => office::docx(bytes, max_bytes)?,
        Format::Odt => office::odt(bytes, max_bytes)?,
        Format::Epub => office::epub(bytes, max_bytes)?,
        Format::Rtf => rtf::read(bytes)?,
        Format::Pdf => pdf::read(bytes)?,
    };
    Ok(content)
}

/// An article of this content. `name` is the file's own, without the archive it is in; a record
/// has none.
fn finish(content: Content, id: String, name: &str, path: &str) -> Result<Document> {
    ensure!(
        content.text.contains(char::is_alphabetic),
        "there is no text in it; leave it out, or save it again with its text"
    );
    let date = date(&content, name);
    let site = content.url.as_deref().and_then(metadata::site);
    Ok(Document {
        id,
        path: path.to_owned(),
        title: content.title,
        source: content.publisher.or(site),
        author_country: metadata::author_country(name),
        date: date.map(|dated| dated.date),
        origin: Origin {
            author: content.author.or_else(|| metadata::author_of_text(&content.text)),
            url: content.url,
            date_from: date.map(|dated| dated.from),
        },
        text: content.text,
    })
}

/// The date of publication: as the file's name says, or its content, or its address; the date it
/// was made on only where there is no other.
fn date(content: &Content, name: &str) -> Option<Dated> {
    let dated = |from| move |date| Dated { date, from };
    let of_url = || {
        let (_, address) = content.url.as_deref()?.split_once("://")?;
        metadata::date_of_name(address)
    };
    metadata::date_of_name(name)
        .map(dated(DateFrom::Name))
        .or(content.date)
        .or_else(|| of_url().map(dated(DateFrom::Url)))
        .or_else(|| metadata::date_of_text(&content.text).map(dated(DateFrom::Text)))
        .or(content.made)
}

/// The bytes of a file, unless they are more than `max_bytes`.
fn bytes(path: &Path, max_bytes: u64) -> Result<Vec<u8>> {
    let file = File::open(path).context("cannot open it; check its permissions")?;
    let length = file.metadata().context("cannot read it")?.len();
    let mut bytes = Vec::new();
    if length <= max_bytes {
        // One more than allowed tells a file that grew meanwhile.
        file.take(max_bytes + 1)
            .read_to_end(&mut bytes)
            .context("cannot read it; check its disk")?;
    }
    let length = length.max(bytes.len() as u64);
    ensure!(
        length <= max_bytes,
        "it has {length} bytes, and {max_bytes} are the limit for one article; split it"
    );
    Ok(bytes)
}

/// The name of an article: the first 16 hexadecimal digits of the SHA-256 of its bytes.
fn id(hash: &[u8; 32]) -> String {
    format!("{:016x}", u64::from_be_bytes(*hash.first_chunk().expect("it is longer than that")))
}

#[cfg(test)]
mod tests;
