//! Takes web crawls apart: the pages of `.warc`, the texts of `.wet`.

use std::io::{self, BufRead, Read};

use anyhow::{Context, Result, bail, ensure};

use super::format::Format;
use super::lines::too_long;
use super::raw::{Body, Raw};
use super::reader::Emit;
use super::unpack;

/// Hands over each page as `NAME#NUMBER`, the number of its record from 1. Records that are no
/// text (requests, pictures, pages that were not found) are passed over.
pub(super) fn read(
    input: &mut dyn BufRead,
    name: &str,
    max_bytes: u64,
    emit: &mut Emit,
) -> Result<()> {
    for number in 1_u64.. {
        let record = record(input, max_bytes)
            .with_context(|| format!("record {number} and what follows cannot be read"))?;
        let Some(record) = record else { break };
        let name = format!("{name}#{number}");
        match page(record, max_bytes) {
            Ok(Some(body)) => emit(Raw::new(name, body))?,
            Ok(None) => {}
            Err(reason) => emit(Raw::unreadable(&name, reason))?,
        }
    }
    Ok(())
}

/// A record: its headers and its block, of which no more than one byte over the limit is held.
struct Record {
    headers: Headers,
    block: Vec<u8>,
}

fn record(input: &mut dyn BufRead, max_bytes: u64) -> Result<Option<Record>> {
    let head = head(input)?;
    if head.is_empty() {
        return Ok(None);
    }
    ensure!(head.starts_with(b"WARC/"), "it is no WARC record; fetch the file again");
    let headers = Headers::parse(&head)?;
    let length: u64 = headers
        .value("content-length")
        .and_then(|length| length.trim().parse().ok())
        .context("the record does not say how long it is")?;
    let mut block = Vec::new();
    let held = length.min(max_bytes + 1);
    (&mut *input).take(held).read_to_end(&mut block)?;
    ensure!(block.len() as u64 == held, "the file is cut; fetch it again");
    io::copy(&mut (&mut *input).take(length - held), &mut io::sink())?;
    Ok(Some(Record { headers, block }))
}

/// Bytes of the longest head of a record.
const LONGEST_HEAD: u64 = 64 * 1024;

/// The lines up to a blank one; nothing at the end of the file.
fn head(input: &mut dyn BufRead) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut input = input.take(LONGEST_HEAD);
    loop {
        let start = head.len();
        let is_end = input.read_until(b'\n', &mut head)? == 0;
        let is_blank = head[start..].trim_ascii().is_empty();
        if is_blank && !is_end && start == 0 {
            head.clear(); // between two records
        } else if is_blank {
            ensure!(input.limit() > 0, "a head is too long");
            return Ok(head);
        }
    }
}

/// Fields of a head, with names in lower case.
struct Headers(Vec<(String, String)>);

impl Headers {
    /// The fields after the first line.
    fn parse(head: &[u8]) -> Result<Self> {
        let first = head.iter().position(|&byte| byte == b'\n').map_or(head.len(), |at| at + 1);
        let mut fields = [httparse::EMPTY_HEADER; 100];
        let rest = [&head[first..], b"\r\n\r\n"].concat();
        httparse::parse_headers(&rest, &mut fields).context("a head is broken")?;
        let fields = fields.iter().filter(|field| !field.name.is_empty());
        Ok(Self(
            fields
                .map(|field| {
                    let value = String::from_utf8_lossy(field.value).into_owned();
                    (field.name.to_lowercase(), value)
                })
                .collect(),
        ))
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// The page or text in a record, if there is one.
fn page(record: Record, max_bytes: u64) -> Result<Option<Body>> {
    let Record { headers, block } = record;
    let url = headers.value("warc-target-uri").map(|url| url.trim_matches(['<', '>']).to_owned());
    let is_too_long = block.len() as u64 > max_bytes;
    let (format, bytes, modified) = match headers.value("warc-type") {
        Some("conversion") => (Some(Format::Text), block, None),
        Some("resource") => (format(headers.value("content-type")), block, None),
        Some("response") => match response(block, max_bytes)? {
            Some(response) => response,
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    let Some(format) = format else { return Ok(None) };
    if is_too_long {
        return Err(too_long(max_bytes));
    }
    Ok(Some(Body::Page { bytes, format, url, modified }))
}

/// The format, body and date of change of an answer that has what was asked for.
type Answer = (Option<Format>, Vec<u8>, Option<String>);

fn response(block: Vec<u8>, max_bytes: u64) -> Result<Option<Answer>> {
    let mut input = &block[..];
    let head = head(&mut input)?;
    let status = head.split(|&byte| byte == b' ').nth(1).unwrap_or_default();
    if !head.starts_with(b"HTTP/") || !status.starts_with(b"2") {
        return Ok(None);
    }
    let headers = Headers::parse(&head)?;
    let Some(format) = format(headers.value("content-type")) else { return Ok(None) };
    let modified = headers.value("last-modified").map(str::to_owned);
    let is_chunked = headers.value("transfer-encoding").is_some_and(|how| how.trim() == "chunked");
    // Crawlers often store the joined body under the headers of the chunked one.
    let joined = if is_chunked { join_chunks(input) } else { None };
    let body = joined.unwrap_or_else(|| input.to_vec());
    let body = match headers.value("content-encoding").map(str::trim) {
        Some("gzip" | "x-gzip") if body.starts_with(b"\x1f\x8b") => {
            let mut unpacked = Vec::new();
            unpack::gzip(&body[..]).take(max_bytes + 1).read_to_end(&mut unpacked)?;
            if unpacked.len() as u64 > max_bytes {
                return Err(too_long(max_bytes));
            }
            unpacked
        }
        Some("br") if std::str::from_utf8(&body).is_err() => {
            bail!("the page is compressed with br; crawl without it")
        }
        _ => body,
    };
    Ok(Some((Some(format), body, modified)))
}

fn format(content_type: Option<&str>) -> Option<Format> {
    let kind = content_type?.split(';').next()?.trim().to_lowercase();
    match kind.as_str() {
        "text/html" | "application/xhtml+xml" => Some(Format::Html),
        "text/plain" => Some(Format::Text),
        "application/pdf" => Some(Format::Pdf),
        _ => None,
    }
}

/// The body without the lengths of its chunks; `None` if it has none.
fn join_chunks(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::new();
    loop {
        let (start, length) = match httparse::parse_chunk_size(body).ok()? {
            httparse::Status::Complete(found) => found,
            httparse::Status::Partial => return None,
        };
        let length = usize::try_from(length).ok()?;
        if length == 0 {
            return Some(joined);
        }
        let end = start.checked_add(length)?;
        joined.extend_from_slice(body.get(start..end)?);
        body = body.get(end..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined() {
        let body = b"5\r\nKabul\r\n6;x=1\r\n fell.\r\n0\r\n\r\n";
        assert_eq!(join_chunks(body).unwrap(), b"Kabul fell.");
        assert_eq!(join_chunks(b"<p>Kabul fell.</p>"), None);
    }

    #[test]
    fn what_is_no_warc_says_so() {
        let error = read(&mut &b"Kabul fell.\n\n"[..], "a", 100, &mut |_| Ok(())).unwrap_err();
        assert!(format!("{error:#}").contains("it is no WARC record"), "{error:#}");
        let cut = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 10\r\n\r\nabc";
        let error = read(&mut &cut[..], "a", 100, &mut |_| Ok(())).unwrap_err();
        assert!(format!("{error:#}").contains("the file is cut"), "{error:#}");
    }
}
