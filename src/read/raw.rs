//! Something that should become an article: a file, a file out of an archive, or a record.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Error;

use super::columns::Columns;
use super::format::Format;

/// An article that is still to be read, or the reason why it cannot be.
#[derive(Debug)]
pub struct Raw {
    /// What the user would call it: `a/b.html`, `all.zip/b.html`, `dump.jsonl#17`.
    pub name: String,
    /// Which of all that a reader has handed over, from 1.
    pub number: u64,
    pub(super) body: Body,
}

/// What there is to read.
#[derive(Debug)]
pub(super) enum Body {
    /// A file of its own, opened only when it is read.
    File { path: PathBuf, format: Format, length: u64 },
    /// A file out of an archive, with its name there.
    Part { bytes: Vec<u8>, format: Format, inner: String },
    /// A JSON object.
    Object { bytes: Vec<u8>, columns: Arc<Columns> },
    /// A row of a table.
    Row { cells: csv::ByteRecord, header: Arc<csv::ByteRecord>, columns: Arc<Columns> },
    /// A page of a crawl, with where it was and when it changed last.
    Page { bytes: Vec<u8>, format: Format, url: Option<String>, modified: Option<String> },
    /// Nothing can be read of it.
    Unreadable(Error),
}

impl Raw {
    pub(super) fn new(name: impl Into<String>, body: Body) -> Self {
        Self { name: name.into(), number: 0, body }
    }

    /// Nothing can be read of what has this name.
    pub(super) fn unreadable(name: &str, reason: Error) -> Self {
        Self::new(name, Body::Unreadable(reason))
    }

    /// The name of the file it is, without the archive it is in; none of a record.
    pub(super) fn file_name(&self) -> Option<&str> {
        match &self.body {
            Body::File { .. } => Some(&self.name),
            Body::Part { inner, .. } => Some(inner),
            _ => None,
        }
    }

    /// Bytes that reading it takes, about.
    pub fn length(&self) -> u64 {
        match &self.body {
            Body::File { length, .. } => *length,
            Body::Part { bytes, .. } | Body::Object { bytes, .. } | Body::Page { bytes, .. } => {
                bytes.len() as u64
            }
            Body::Row { cells, .. } => cells.as_slice().len() as u64,
            Body::Unreadable(_) => 0,
        }
    }
}
