//! Takes JSON Lines apart: an object a line.

use std::io::{BufRead, Read};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};

use super::columns::Columns;
use super::raw::{Body, Raw};
use super::reader::Emit;
use super::record::Fields;

/// Hands over each line that is not blank as `NAME#LINE`, and tells the columns that were read.
pub(super) fn read(
    input: &mut dyn BufRead,
    name: &str,
    asked: &Columns,
    max_bytes: u64,
    emit: &mut Emit,
) -> Result<Option<Arc<Columns>>> {
    let mut fields = Fields::new(asked);
    for number in 1_u64.. {
        let line = line(input, max_bytes)
            .with_context(|| format!("line {number} and what follows cannot be read"))?;
        let name = format!("{name}#{number}");
        match line {
            Line::End => break,
            Line::TooLong => emit(Raw::unreadable(&name, too_long(max_bytes)))?,
            Line::Whole(bytes) if bytes.trim_ascii().is_empty() => {}
            Line::Whole(bytes) => {
                let columns = fields.columns(&bytes);
                emit(Raw::new(name, Body::Object { bytes, columns }))?;
            }
        }
    }
    Ok(fields.found())
}

/// Why a record is not read.
pub(super) fn too_long(max_bytes: u64) -> anyhow::Error {
    anyhow!("it has more than {max_bytes} bytes, the limit for one article; split it")
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

enum Line {
    Whole(Vec<u8>),
    TooLong,
    End,
}

/// The next line; of one that is too long no more than the limit is ever held.
fn line(input: &mut dyn BufRead, max_bytes: u64) -> Result<Line> {
    let mut line = Vec::new();
    (&mut *input).take(max_bytes + 1).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(Line::End);
    }
    if line.len() as u64 <= max_bytes || line.ends_with(b"\n") {
        line.truncate(line.trim_ascii_end().len());
        if line.starts_with(BYTE_ORDER_MARK) {
            line.drain(..BYTE_ORDER_MARK.len());
        }
        return Ok(Line::Whole(line));
    }
    input.skip_until(b'\n')?;
    Ok(Line::TooLong)
}
