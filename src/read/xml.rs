//! Reads the XML of office documents: paragraphs of text, and the fields of a description.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek};

use anyhow::{Context, Result, ensure};
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;

/// How a kind of XML marks text. All names are without their prefixes.
pub(super) struct Markup {
    /// Elements that are paragraphs.
    pub(super) paragraphs: &'static [&'static str],
    /// Elements whose text counts.
    pub(super) text: &'static [&'static str],
    /// Elements that are a space or a line break.
    pub(super) spaces: &'static [&'static str],
    /// Elements that are left out with all that is in them: notes, comments, what was deleted.
    pub(super) left_out: &'static [&'static str],
}

/// A file of a zip archive that is an office document.
pub(super) fn part<'a>(
    archive: &'a mut ZipArchive<impl Read + Seek>,
    name: &str,
) -> Result<BufReader<impl Read + 'a>> {
    let part = archive.by_name(name).with_context(|| format!("it has no {name}; save it again"))?;
    Ok(BufReader::new(part.take(LONGEST_PART)))
}

/// Bytes of XML that are read: markup takes some twenty times the text.
const LONGEST_PART: u64 = 200_000_000;

/// The paragraphs of a document, with a blank line between, at most `max_bytes` of them.
pub(super) fn text(part: BufReader<impl Read>, markup: &Markup, max_bytes: u64) -> Result<String> {
    let mut reader = quick_xml::Reader::from_reader(part);
    let mut buffer = Vec::new();
    let mut text = String::new();
    let (mut inside, mut left_out) = (0_usize, 0_usize);
    let is = |names: &[&str], name: &str| names.contains(&name);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).context("its XML is broken; save it again")? {
            Event::Start(tag) if is(markup.left_out, tag.local_name().as_ref()) => left_out += 1,
            Event::End(tag) if is(markup.left_out, tag.local_name().as_ref()) => {
                left_out = left_out.saturating_sub(1);
            }
            Event::Eof => break,
            _ if left_out > 0 => {}
            Event::Start(tag) | Event::Empty(tag)
                if is(markup.spaces, tag.local_name().as_ref()) =>
            {
                text.push(' ');
            }
            Event::Start(tag) => {
                inside += usize::from(is(markup.text, tag.local_name().as_ref()));
                // A text box stands in the middle of the paragraph that it is tied to.
                if is(markup.paragraphs, tag.local_name().as_ref()) {
                    end_paragraph(&mut text);
                }
            }
            Event::End(tag) => {
                let is_text = is(markup.text, tag.local_name().as_ref());
                inside = inside.saturating_sub(usize::from(is_text));
                if is(markup.paragraphs, tag.local_name().as_ref()) {
                    end_paragraph(&mut text);
                }
            }
            Event::Text(piece) if inside > 0 => text.push_str(&piece.xml10_content()),
            Event::CData(piece) if inside > 0 => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) if inside > 0 => push_reference(&mut text, &reference),
            _ => {}
        }
        ensure!(
            text.len() as u64 <= max_bytes,
            "it has more than {max_bytes} bytes of text, the limit for one article; split it"
        );
    }
    Ok(text)
}

fn end_paragraph(text: &mut String) {
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push_str("\n\n");
    }
}

/// `&amp;`, `&#8217;`; entities that a document defines itself are left out.
fn push_reference(text: &mut String, reference: &BytesRef) {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        text.push(character);
    } else {
        text.push_str(resolve_predefined_entity(reference).unwrap_or_default());
    }
}

/// The text of each element that has one, by its name without the prefix; of several the first.
pub(super) fn fields(part: BufReader<impl Read>) -> BTreeMap<String, String> {
    let mut reader = quick_xml::Reader::from_reader(part);
    let mut buffer = Vec::new();
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    let (mut name, mut value) = (String::new(), String::new());
    // A description is a help, not the article: what is broken in it is left out.
    while let Ok(event) = reader.read_event_into(&mut buffer) {
        match event {
            Event::Start(tag) => {
                name = tag.local_name().as_ref().to_owned();
                value.clear();
            }
            Event::Text(piece) => value.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) => push_reference(&mut value, &reference),
            Event::End(_) => {
                let value = std::mem::take(&mut value).trim().to_owned();
                if !value.is_empty() && value.len() <= LONGEST_FIELD {
                    fields.entry(std::mem::take(&mut name)).or_insert(value);
                }
            }
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    fields
}

/// Bytes of a title or a name.
const LONGEST_FIELD: usize = 1_000;

/// The attributes of each element, by names without prefixes, in order.
pub(super) fn elements(
    part: BufReader<impl Read>,
) -> Result<Vec<(String, BTreeMap<String, String>)>> {
    let mut reader = quick_xml::Reader::from_reader(part);
    let mut buffer = Vec::new();
    let mut elements = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).context("its XML is broken; save it again")? {
            Event::Start(tag) | Event::Empty(tag) => elements.push(element(&tag)),
            Event::Eof => return Ok(elements),
            _ => {}
        }
        buffer.clear();
    }
}

fn element(tag: &BytesStart) -> (String, BTreeMap<String, String>) {
    let name = tag.local_name().as_ref().to_owned();
    let attributes = tag.attributes().flatten().filter_map(|attribute| {
        let key = attribute.key.local_name().as_ref().to_owned();
        Some((key, attribute.normalized_value(XmlVersion::Explicit1_0).ok()?.into_owned()))
    });
    (name, attributes.collect())
}
