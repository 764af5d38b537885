//! Turns the bytes of a file into text, whatever its encoding.

use anyhow::{Result, bail};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// What a file is that only pretends to be text, by its first bytes, with what to do.
pub(super) fn other_format(bytes: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(&[u8], &str); 6] = [
        (b"%PDF-", "a PDF, whatever its name says; name it .pdf"),
        (b"PK\x03\x04", "a zip archive or office document; name it .zip, .docx, .odt or .epub"),
        (b"\xd0\xcf\x11\xe0", "an old office document; save it as .docx"),
        (b"{\\rtf", "an RTF document, whatever its name says; name it .rtf"),
        (b"\x1f\x8b", "compressed with gzip; let its name end in .gz"),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd; let its name end in .zst"),
    ];
    SIGNATURES.iter().find(|(start, _)| bytes.starts_with(start)).map(|&(_, kind)| kind)
}

/// The text of a file: by its byte order mark, as UTF-16 or UTF-8 if it looks like that, by what
/// an HTML page says of itself, else as the encoding `chardetng` takes it for.
///
/// Bytes that are wrong in the encoding become U+FFFD; an error is only what is no text at all.
pub(super) fn text(bytes: &[u8], is_html: bool) -> Result<String> {
    let declared = || {
        if is_html { declared_encoding(bytes) } else { None }
    };
    let encoding = Encoding::for_bom(bytes)
        .map(|(encoding, _)| encoding)
        .or_else(|| utf_16(bytes))
        .or_else(|| looks_like_utf_8(bytes).then_some(UTF_8))
        .or_else(declared)
        .unwrap_or_else(|| guess(bytes));
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    if is_binary(&text) {
        bail!("it is binary, not text; save it as text or HTML");
    }
    Ok(text.into_owned())
}

/// UTF-16 without a byte order mark: in European text every other byte is zero.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(4096)];
    let zeros = |offset: usize| start.iter().skip(offset).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), start.len() / 2);
    let mostly = |many: usize, few: usize| pairs > 1 && many * 10 > pairs * 6 && few * 50 <= pairs;
    if mostly(odd, even) {
        Some(UTF_16LE)
    } else if mostly(even, odd) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether the bytes are UTF-8, but for a few: a file that was cut, or joined from several.
fn looks_like_utf_8(bytes: &[u8]) -> bool {
    let (mut right, mut wrong) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    wrong == 0 || right > 4 * wrong
}

/// The encoding in a page's `<meta charset>`, which has to be among its first bytes.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let (_, after) = start.split_once("charset=")?;
    let label = after.trim_start_matches(['"', '\'', ' ']);
    let label = label.split(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c)).next()?;
    Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Whether too many characters are none a text has: control characters, and bytes that no
/// encoding explains. Of random bytes every tenth is one.
fn is_binary(text: &str) -> bool {
    let is_odd = |c: char| {
        c == char::REPLACEMENT_CHARACTER
            || (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1b}'))
    };
    let odd = text.chars().filter(|&c| is_odd(c)).count();
    odd * 20 > text.chars().count()
}
