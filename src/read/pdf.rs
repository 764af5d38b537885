//! Reads the text layer of a PDF: lines with their places, without running heads.

use anyhow::{Context, Result, anyhow, bail, ensure};
use flate2::read::ZlibDecoder;
use pdf_extract::{Dictionary, Document, MediaBox, Object, OutputDev, OutputError, Transform};

use super::metadata::{self, Dated};
use super::{Content, contained, office, pages, unpack};
use crate::article::DateFrom;
use contained::Answer;
use pages::{Line, Page};

/// The text of a PDF, its lines as they are set.
pub(super) fn read(bytes: &[u8]) -> Result<Content> {
    let Answer { text, title, author, made } =
        contained::pdf(bytes).context("cannot read the PDF")?;
    let made = made.as_deref().and_then(metadata::date);
    let made = made.map(|date| Dated { date, from: DateFrom::Properties });
    Ok(Content { text, title, author, made, ..Content::default() })
}

/// Parses a PDF: what is broken in it may take any time and memory, or panic.
pub(super) fn parse(bytes: &[u8]) -> Result<Answer> {
    let mut document = Document::load_mem(bytes).map_err(|error| match error {
        pdf_extract::Error::InvalidPassword => anyhow!(LOCKED),
        error => anyhow!("it is broken ({error}); export it again, or save it as text"),
    })?;
    if document.is_encrypted() && document.decrypt("").is_err() {
        bail!(LOCKED);
    }
    check_expansion(&document, bytes.len() as u64)?;
    spell_out_widths(&mut document);
    let mut setter = Setter::default();
    pdf_extract::output_doc(&document, &mut setter)
        .map_err(|error| anyhow!("it is broken ({error}); export it again, or save it as text"))?;
    ensure!(!setter.pages.is_empty(), "it has no pages; export it again");
    let has_text = setter.pages.iter().any(|page| !page.lines.is_empty());
    ensure!(has_text, "its pages are pictures without text; have the text recognised (OCR) first");
    Ok(described(&document, pages::text(setter.pages)))
}

const LOCKED: &str = "it is encrypted; export it without a password";

/// An error if the streams that are read unpack to more than a file of this length may.
fn check_expansion(document: &Document, length: u64) -> Result<()> {
    let mut left = unpack::allowance(length);
    let is_picture = |dictionary: &Dictionary| {
        dictionary.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image")
    };
    for object in document.objects.values() {
        let Ok(stream) = object.as_stream() else { continue };
        if is_picture(&stream.dict) || stream.dict.get(b"Filter").is_err() {
            continue;
        }
        let mut bounded = unpack::Bounded::new(ZlibDecoder::new(&stream.content[..]), &mut left);
        let unpacked = std::io::copy(&mut bounded, &mut std::io::sink());
        // What is no deflate, or broken, is for the parser to tell.
        if let Err(reason) = unpacked
            && reason.kind() == std::io::ErrorKind::FileTooLarge
        {
            return Err(reason.into());
        }
    }
    Ok(())
}

/// Lists the width of each character where a font gives one width for a range of them: pdf-extract
/// (0.12) passes ranges over, and takes what follows a digit or a comma for a word apart.
fn spell_out_widths(document: &mut Document) {
    let widths = |font: &Dictionary| {
        let widths = font.get_deref(b"W", document).and_then(Object::as_array).ok()?;
        Some(Object::Array(spelled_out(widths)))
    };
    let fonts = document.objects.iter().filter_map(|(&id, object)| {
        let font = object.as_dict().ok().filter(|font| font.has_type(b"Font"))?;
        Some((id, widths(font)?))
    });
    for (id, widths) in fonts.collect::<Vec<_>>() {
        if let Some(Ok(font)) = document.objects.get_mut(&id).map(Object::as_dict_mut) {
            font.set("W", widths);
        }
    }
}

/// `first [w w w]` as it is, `first last w` as `first [w w ...]`.
fn spelled_out(widths: &[Object]) -> Vec<Object> {
    let mut spelled_out = Vec::new();
    let mut rest = widths;
    loop {
        match rest {
            [first, list @ Object::Array(_), after @ ..] => {
                spelled_out.extend([first.clone(), list.clone()]);
                rest = after;
            }
            [first, last, width, after @ ..] => {
                if let (Ok(from), Ok(to)) = (first.as_i64(), last.as_i64()) {
                    let count = (to - from + 1).clamp(0, CHARACTERS) as usize;
                    let list = Object::Array(vec![width.clone(); count]);
                    spelled_out.extend([first.clone(), list]);
                }
                rest = after;
            }
            _ => return spelled_out,
        }
    }
}

/// Characters of a font: their numbers have two bytes.
const CHARACTERS: i64 = 1 << 16;

/// The text with title, author and date of making.
fn described(document: &Document, text: String) -> Answer {
    let info = document.trailer.get(b"Info").ok().and_then(|info| {
        let id = info.as_reference().ok()?;
        document.get_dictionary(id).ok()
    });
    let field = |name: &[u8]| {
        let value = pdf_extract::decode_text_string(info?.get(name).ok()?).ok()?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    // D:20230821093000Z
    let date = field(b"CreationDate")
        .and_then(|date| metadata::date_in_field(date.trim_start_matches("D:").get(..8)?));
    Answer {
        text,
        title: field(b"Title").filter(|title| office::is_title(title)),
        author: field(b"Author"),
        made: date.map(|date| date.to_string()),
    }
}

/// Sets characters in lines.
#[derive(Default)]
struct Setter {
    pages: Vec<Page>,
    sets_spaces: bool,
}

impl OutputDev for Setter {
    fn begin_page(
        &mut self,
        _: u32,
        media_box: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.pages.push(Page { height: media_box.ury - media_box.lly, lines: Vec::new() });
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        // Stamps and captions up the side of a page.
        let is_turned = place.m12.abs() > place.m11.abs();
        let Some(page) = self.pages.last_mut().filter(|_| !is_turned) else { return Ok(()) };
        self.sets_spaces |= text == " ";
        let size = (font_size * place.m22).abs();
        let (x, y) = (place.m31, place.m32);
        let right = x + width * (font_size * place.m11).abs();
        match page.lines.last_mut().filter(|line| line.goes_on_at(x, y, size)) {
            Some(line) => line.push(text, x, right, size, self.sets_spaces),
            None => page.lines.push(Line::new(text, x, right, y, size)),
        }
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        if let Some(page) = self.pages.last_mut() {
            page.lines.retain(|line| !line.text.trim().is_empty());
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
