//! Takes a table apart: comma-separated values, or those between semicolons, tabs or bars.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use csv::ByteRecord;

use super::columns::Columns;
use super::lines::too_long;
use super::raw::{Body, Raw};
use super::reader::Emit;

/// Columns of a table.
const MAX_COLUMNS: usize = 10_000;

/// Hands over each row as `NAME#NUMBER`, from 1 for the row after the header, and tells the
/// columns that were read.
pub(super) fn read(
    mut input: BufReader<impl Read>,
    name: &str,
    asked: &Columns,
    max_bytes: u64,
    emit: &mut Emit,
) -> Result<Option<Arc<Columns>>> {
    let start = input.fill_buf().context("cannot read it; check its disk")?;
    ensure!(!is_utf_16(start), "it is UTF-16; save it as UTF-8");
    let separator = separator(start);
    let left = Rc::new(Cell::new(max_bytes));
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .from_reader(Rationed { source: input, left: Rc::clone(&left) });
    let header = Arc::new(rows.byte_headers().context("cannot read its header")?.clone());
    ensure!(
        header.len() <= MAX_COLUMNS,
        "its first line has {} cells, and a table at most {MAX_COLUMNS}; check what separates them",
        header.len()
    );
    let names: Vec<String> =
        header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let columns = Arc::new(columns(&names, asked)?);
    let mut cells = ByteRecord::new();
    for number in 1_u64.. {
        left.set(max_bytes + LOOKAHEAD);
        let is_row = rows
            .read_byte_record(&mut cells)
            .with_context(|| format!("row {number} and what follows cannot be read"))?;
        if !is_row {
            break;
        }
        let name = format!("{name}#{number}");
        emit(row(name, &mut cells, &header, &columns, max_bytes))?;
    }
    Ok(Some(columns))
}

/// The row as an article, or why it is none.
fn row(
    name: String,
    cells: &mut ByteRecord,
    header: &Arc<ByteRecord>,
    columns: &Arc<Columns>,
    max_bytes: u64,
) -> Raw {
    if cells.as_slice().len() as u64 > max_bytes {
        return Raw::unreadable(&name, too_long(max_bytes));
    }
    if cells.len() != header.len() {
        let (found, expected) = (cells.len(), header.len());
        let reason = anyhow!(
            "it has {found} cells, and the header has {expected}; put quotes around cells with \
             separators"
        );
        return Raw::unreadable(&name, reason);
    }
    let (header, columns) = (Arc::clone(header), Arc::clone(columns));
    Raw::new(name, Body::Row { cells: std::mem::take(cells), header, columns })
}

/// The columns to read in a table with these.
pub(super) fn columns(names: &[&str], asked: &Columns) -> Result<Columns> {
    let columns = asked.or_guessed(names);
    let listed = || names.join(", ");
    let Some(text) = &columns.text else {
        return Err(anyhow!(
            "no column has a usual name for a text; name one with --text-column ({})",
            listed()
        ));
    };
    ensure!(
        names.contains(&text.as_str()),
        "it has no column `{text}`; name one of its own with --text-column ({})",
        listed()
    );
    Ok(columns)
}

/// The separator that the first line has most of; a comma if it has none.
fn separator(start: &[u8]) -> u8 {
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |separator: u8| line.iter().filter(|&&byte| byte == separator).count();
    // Of two equal ones max_by_key takes the later.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|&separator| count(separator)).unwrap_or(b',')
}

fn is_utf_16(start: &[u8]) -> bool {
    start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff")
}

/// Bytes that the library may read beyond a row.
const LOOKAHEAD: u64 = 64 * 1024;

/// Fails when a row is longer than it may be: a quote that is never closed would hold the whole
/// file in memory.
struct Rationed<R> {
    source: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        let left = self.left.get().checked_sub(length as u64).ok_or_else(|| {
            io::Error::other("the row is too long for an article; a quote may not be closed")
        })?;
        self.left.set(left);
        Ok(length)
    }
}
