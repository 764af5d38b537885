//! Sources -> raw articles, one after the other: files unpacked, records taken apart.

use std::any::Any;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::columns::Columns;
use super::format::{self, Format, Kind, Records, Wrapping};
use super::raw::{Body, Raw};
use super::{Source, json, lines, parquet, table, unpack, warc};

/// Takes the next raw article. Its error ends the run; then it takes no other.
pub type Emit<'a> = dyn FnMut(Raw) -> Result<()> + 'a;

/// Reads sources, and remembers which columns it found in them.
#[derive(Debug)]
pub struct Reader {
    asked: Columns,
    max_bytes: u64,
    used: BTreeMap<Arc<Columns>, usize>,
    /// How many raw articles it has handed over.
    count: u64,
}

/// What is being read.
struct Place {
    /// What the user would call it.
    name: String,
    /// Its own name, without the archive it is in and its wrappings: `news/2023.jsonl`.
    inner: String,
    is_in_archive: bool,
}

impl Reader {
    /// A reader of records with these columns, and of articles of at most so many bytes.
    pub fn new(asked: Columns, max_bytes: u64) -> Self {
        Self { asked, max_bytes, used: BTreeMap::new(), count: 0 }
    }

    /// The columns that were read, each with the number of files that have them.
    pub fn columns(&self) -> impl Iterator<Item = (&Columns, usize)> {
        self.used.iter().map(|(columns, &files)| (columns.as_ref(), files))
    }

    /// Hands over what is in a source, in its order, and tells how much it was. A source that
    /// cannot be read, not to its end, or that is empty is handed over as such.
    pub fn read(&mut self, source: &Source, emit: &mut Emit) -> Result<usize> {
        let before = self.count;
        let mut count = 0;
        let mut counting = |raw: Raw| {
            count += 1;
            emit(Raw { number: before + count, ..raw })
        };
        let reading = AssertUnwindSafe(|| self.open(source, &mut counting));
        let result = catch_unwind(reading).unwrap_or_else(|panic| Err(panic_error(&*panic)));
        result.or_else(|reason| counting(Raw::unreadable(&source.name(), reason)))?;
        if count == 0 {
            count = 1;
            let reason = anyhow!("there is no article in it; leave it out");
            emit(Raw { number: before + count, ..Raw::unreadable(&source.name(), reason) })?;
        }
        self.count = before + count;
        Ok(count as usize)
    }

    fn open(&mut self, source: &Source, emit: &mut Emit) -> Result<()> {
        let name = source.name();
        let kind = format::kind(&name);
        let at = Place { inner: name.clone(), name, is_in_archive: false };
        if source.is_standard_input() {
            let input = &mut std::io::stdin().lock();
            return self.records(Records::JsonLines, input, &at, emit);
        }
        ensure!(
            !source.leads_out,
            "it is a link to a file outside of this folder; name that file itself, or add --follow-links"
        );
        let length = length(source)?;
        let kind = match kind {
            Kind::Unknown if source.is_named => Kind::Article(Format::Text),
            kind => kind,
        };
        if let Kind::Article(format) = kind {
            let body = Body::File { path: source.path.to_path_buf(), format, length };
            return emit(Raw::new(at.name, body));
        }
        let file = File::open(&source.path).context("cannot open it; check its permissions")?;
        let mut left = unpack::allowance(length);
        match kind {
            Kind::Wrapped(Wrapping::Zip, _) => {
                unpack::zip(BufReader::new(file), &mut |name, entry| {
                    self.entry(name, entry, &at, &mut left, emit)
                })
            }
            Kind::Records(Records::Parquet) => {
                let found = parquet::read(file, &at.name, &self.asked, self.max_bytes, emit)?;
                self.remember(found);
                Ok(())
            }
            kind => self.stream(kind, &mut BufReader::new(file), at, &mut left, emit),
        }
    }

    /// Reads a file that is not on the disk as such, or of which no more than a part is held.
    fn stream(
        &mut self,
        kind: Kind,
        input: &mut dyn Read,
        at: Place,
        left: &mut u64,
        emit: &mut Emit,
    ) -> Result<()> {
        match kind {
            Kind::Article(format) => {
                let bytes = whole(input, self.max_bytes)?;
                emit(Raw::new(at.name, Body::Part { bytes, format, inner: at.inner }))
            }
            Kind::Records(records) => self.records(records, input, &at, emit),
            Kind::Wrapped(Wrapping::Gzip, within) => {
                self.unwrapped(&mut unpack::gzip(input), within, at, left, emit)
            }
            Kind::Wrapped(Wrapping::Zstd, within) => {
                self.unwrapped(&mut unpack::zstd(input), within, at, left, emit)
            }
            Kind::Wrapped(_, _) if at.is_in_archive => {
                bail!("it is an archive in an archive; unpack the outer one")
            }
            Kind::Wrapped(Wrapping::Zip, _) => bail!("it is a zip in a wrapping; unpack it"),
            Kind::Wrapped(Wrapping::Tar, _) => {
                unpack::tar(input, &mut |name, entry| self.entry(name, entry, &at, left, emit))
            }
            Kind::Unknown => bail!("{}", format::no_reader(&at.inner)),
        }
    }

    fn unwrapped(
        &mut self,
        unpacked: &mut dyn Read,
        within: String,
        at: Place,
        left: &mut u64,
        emit: &mut Emit,
    ) -> Result<()> {
        let kind = format::kind(&within);
        let mut rest = *left;
        let mut bounded = unpack::Bounded::new(unpacked, left);
        self.stream(kind, &mut bounded, Place { inner: within, ..at }, &mut rest, emit)
    }

    /// Reads a file out of an archive; one that cannot be read does not end the archive.
    fn entry(
        &mut self,
        name: &str,
        entry: Result<&mut dyn Read>,
        archive: &Place,
        left: &mut u64,
        emit: &mut Emit,
    ) -> Result<()> {
        let at = Place {
            name: format!("{}/{name}", archive.name),
            inner: name.to_owned(),
            is_in_archive: true,
        };
        let full_name = at.name.clone();
        let read = |reader: &mut Self, emit: &mut Emit| {
            let mut rest = *left;
            let mut bounded = unpack::Bounded::new(entry?, left);
            reader.stream(format::kind(name), &mut bounded, at, &mut rest, emit)
        };
        read(self, emit).or_else(|reason| emit(Raw::unreadable(&full_name, reason)))
    }

    fn records(
        &mut self,
        records: Records,
        input: &mut dyn Read,
        at: &Place,
        emit: &mut Emit,
    ) -> Result<()> {
        let mut input = BufReader::with_capacity(BUFFER, input);
        let columns = match records {
            Records::Parquet => {
                parquet::read(held(&mut input)?, &at.name, &self.asked, self.max_bytes, emit)
            }
            Records::JsonLines => {
                lines::read(&mut input, &at.name, &self.asked, self.max_bytes, emit)
            }
            Records::Json => json::read(&mut input, &at.name, &self.asked, self.max_bytes, emit),
            Records::Crawl => warc::read(&mut input, &at.name, self.max_bytes, emit).map(|()| None),
            Records::Table => table::read(input, &at.name, &self.asked, self.max_bytes, emit),
        }?;
        self.remember(columns);
        Ok(())
    }

    fn remember(&mut self, columns: Option<Arc<Columns>>) {
        if let Some(columns) = columns {
            *self.used.entry(columns).or_default() += 1;
        }
    }
}

/// A Parquet file that is no file of its own: it is read from its end.
fn held(input: &mut dyn Read) -> Result<bytes::Bytes> {
    let mut bytes = Vec::new();
    input.take(MOST_HELD + 1).read_to_end(&mut bytes).context("cannot unpack it")?;
    ensure!(bytes.len() as u64 <= MOST_HELD, "it has more than {MOST_HELD} bytes; unpack it first");
    Ok(bytes.into())
}

/// Bytes of a Parquet file in an archive.
const MOST_HELD: u64 = 100_000_000;

/// Bytes of a file of records that are held at a time, beside the record.
const BUFFER: usize = 64 * 1024;

/// The length of a source's file, if it is one.
fn length(source: &Source) -> Result<u64> {
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
    Ok(found.len())
}

/// All bytes of a file, unless they are more than the limit.
fn whole(input: &mut dyn Read, max_bytes: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(max_bytes + 1).read_to_end(&mut bytes).context("cannot unpack it")?;
    ensure!(
        bytes.len() as u64 <= max_bytes,
        "it has more than {max_bytes} bytes, the limit for one article; split it"
    );
    Ok(bytes)
}

/// The error that a panic in a stage or a library becomes.
pub(crate) fn panic_error(panic: &(dyn Any + Send)) -> anyhow::Error {
    anyhow!("a fault in demarche, please report it: {}", panic_text(panic))
}

/// What a panic says, on one line.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("unknown").replace('\n', " ")
}
