//! Takes a JSON file apart: a list of objects, or objects one after the other.

use std::io::BufRead;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};

use super::columns::Columns;
use super::lines::too_long;
use super::raw::{Body, Raw};
use super::reader::Emit;
use super::record::Fields;

/// Hands over each value of the list, or of the file, as `NAME#NUMBER`, from 1, and tells the
/// columns that were read.
pub(super) fn read(
    input: &mut dyn BufRead,
    name: &str,
    asked: &Columns,
    max_bytes: u64,
    emit: &mut Emit,
) -> Result<Option<Arc<Columns>>> {
    let mut fields = Fields::new(asked);
    let mut values = Values::default();
    let mut number = 0_u64;
    loop {
        let buffer = input
            .fill_buf()
            .with_context(|| format!("what follows the record {number} cannot be read"))?;
        if buffer.is_empty() {
            break;
        }
        let length = buffer.len();
        let mut rest = buffer;
        while let Some(value) = values.next(&mut rest, max_bytes) {
            number += 1;
            let name = format!("{name}#{number}");
            let body = match value {
                Some(bytes) => Body::Object { columns: fields.columns(&bytes), bytes },
                None => Body::Unreadable(too_long(max_bytes)),
            };
            emit(Raw::new(name, body))?;
        }
        input.consume(length);
    }
    if values.is_within_one() {
        let reason = anyhow!("the file ends in the middle of it; fetch the file again");
        emit(Raw::unreadable(&format!("{name}#{}", number + 1), reason))?;
    }
    Ok(fields.found())
}

/// Finds where values begin and end.
#[derive(Default)]
struct Values {
    /// The bytes of the value so far.
    value: Vec<u8>,
    is_too_long: bool,
    depth: usize,
    is_in_list: bool,
    is_in_text: bool,
    is_escaped: bool,
    has_begun: bool,
}

impl Values {
    /// The next value that ends in the bytes, which are used up to there; `Some(None)` is one that
    /// is too long.
    fn next(&mut self, bytes: &mut &[u8], max_bytes: u64) -> Option<Option<Vec<u8>>> {
        let mut from = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if !self.is_within_one() {
                if self.begins(byte) {
                    from = at;
                } else {
                    from = at + 1;
                    continue;
                }
            }
            if self.ends(byte) {
                self.hold(&bytes[from..=at], max_bytes);
                *bytes = &bytes[at + 1..];
                let value = std::mem::take(&mut self.value);
                let is_too_long = std::mem::take(&mut self.is_too_long);
                return Some((!is_too_long).then_some(value));
            }
        }
        if self.is_within_one() {
            self.hold(&bytes[from..], max_bytes);
        }
        None
    }

    fn is_within_one(&self) -> bool {
        self.depth > 0
    }

    /// Whether a byte between values begins one; anything that is neither list nor object is
    /// passed over.
    fn begins(&mut self, byte: u8) -> bool {
        let begins_file = !self.has_begun;
        self.has_begun |= byte.is_ascii_graphic(); // a byte order mark begins nothing
        if byte == b'[' && begins_file && !self.is_in_list {
            self.is_in_list = true;
            return false;
        }
        byte == b'{' || byte == b'['
    }

    /// Whether a byte of a value is its last.
    fn ends(&mut self, byte: u8) -> bool {
        if self.is_in_text {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.is_in_text = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.is_in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth -= 1,
            _ => {}
        }
        self.depth == 0
    }

    fn hold(&mut self, bytes: &[u8], max_bytes: u64) {
        if self.value.len() as u64 + bytes.len() as u64 > max_bytes {
            self.is_too_long = true;
            self.value = Vec::new();
        }
        if !self.is_too_long {
            self.value.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, piece: usize) -> Vec<Option<String>> {
        let mut splitter = Values::default();
        let mut found = Vec::new();
        for mut bytes in text.as_bytes().chunks(piece) {
            while let Some(value) = splitter.next(&mut bytes, 20) {
                found.push(value.map(|value| String::from_utf8(value).unwrap()));
            }
        }
        found
    }

    #[test]
    fn lists_and_rows_of_values_are_taken_apart_however_the_bytes_arrive() {
        for (text, expected) in [
            (r#" [{"a":"}\""}, {"b":[1]}]"#, vec![Some(r#"{"a":"}\""}"#), Some(r#"{"b":[1]}"#)]),
            ("{\"a\":1}\n{\"b\":2}", vec![Some(r#"{"a":1}"#), Some(r#"{"b":2}"#)]),
            (r#"[{"a":"a text that is too long"},{"b":2}]"#, vec![None, Some(r#"{"b":2}"#)]),
            ("[]", vec![]),
            ("\"text\" 7", vec![]),
            ("[{\"a\": 1}", vec![Some("{\"a\": 1}")]),
        ] {
            let expected: Vec<_> = expected.iter().map(|v| v.map(str::to_owned)).collect();
            for piece in [1, 3, 1000] {
                assert_eq!(values(text, piece), expected, "{text} in pieces of {piece}");
            }
        }
    }
}
