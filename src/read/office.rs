//! Reads documents of word processors, `.docx` and `.odt`, and books, `.epub`.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use anyhow::{Context, Result};
use zip::ZipArchive;

use super::metadata::{self, Dated};
use super::xml::{self, Markup};
use super::{Content, decode, html};
use crate::article::DateFrom;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

const DOCX: Markup = Markup {
    paragraphs: &["p"],
    text: &["t"],
    spaces: &["br", "cr", "tab"],
    left_out: &["Fallback"], // what older programs show of a text box that is there twice
};

const ODT: Markup = Markup {
    paragraphs: &["p", "h"],
    text: &["p", "h"],
    spaces: &["s", "tab", "line-break"],
    left_out: &["annotation", "tracked-changes", "note"],
};

/// The text of a Word document.
pub(super) fn docx(bytes: &[u8], max_bytes: u64) -> Result<Content> {
    let mut archive = open(bytes, ".docx")?;
    let text = xml::text(xml::part(&mut archive, "word/document.xml")?, &DOCX, max_bytes)?;
    Ok(described(text, &fields(&mut archive, "docProps/core.xml"), "created"))
}

/// The text of an OpenDocument.
pub(super) fn odt(bytes: &[u8], max_bytes: u64) -> Result<Content> {
    let mut archive = open(bytes, ".odt")?;
    let text = xml::text(xml::part(&mut archive, "content.xml")?, &ODT, max_bytes)?;
    Ok(described(text, &fields(&mut archive, "meta.xml"), "creation-date"))
}

fn open<'a>(bytes: &'a [u8], kind: &str) -> Result<Archive<'a>> {
    ZipArchive::new(Cursor::new(bytes))
        .with_context(|| format!("it is no {kind}, or it is cut or has a password; save it again"))
}

fn fields(archive: &mut Archive, name: &str) -> BTreeMap<String, String> {
    xml::part(archive, name).map(xml::fields).unwrap_or_default()
}

/// A text with what its file says of it; it says when the file was made, which is not always when
/// the text was published.
fn described(text: String, fields: &BTreeMap<String, String>, made: &str) -> Content {
    let date = fields.get(made).and_then(|date| metadata::date(date));
    Content {
        text,
        title: fields.get("title").filter(|title| is_title(title)).cloned(),
        author: fields.get("creator").or(fields.get("initial-creator")).cloned(),
        made: date.map(|date| Dated { date, from: DateFrom::Properties }),
        ..Content::default()
    }
}

/// Whether this is a title, not the name of a file or of a template.
pub(super) fn is_title(title: &str) -> bool {
    let is_file_name = |title: &str| {
        let title = title.to_lowercase();
        [".doc", ".docx", ".odt", ".pdf", ".indd", ".rtf"].iter().any(|end| title.ends_with(end))
    };
    title.split_whitespace().nth(1).is_some()
        && !is_file_name(title)
        && !title.starts_with("Microsoft Word - ")
}

/// The chapters of a book, in their order.
pub(super) fn epub(bytes: &[u8], max_bytes: u64) -> Result<Content> {
    let mut archive = open(bytes, ".epub")?;
    let container = xml::elements(xml::part(&mut archive, "META-INF/container.xml")?)?;
    let package = container
        .iter()
        .find_map(|(name, attributes)| attributes.get("full-path").filter(|_| name == "rootfile"))
        .context("it names no book; save it again")?;
    let elements = xml::elements(xml::part(&mut archive, package)?)?;
    let folder = package.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let mut text = String::new();
    for chapter in chapters(&elements) {
        let mut page = Vec::new();
        xml::part(&mut archive, &format!("{folder}{chapter}"))?.read_to_end(&mut page)?;
        text.push_str(&html::all_text(&decode::text(&page, true)?)?);
        text.push_str("\n\n");
        anyhow::ensure!(
            text.len() as u64 <= max_bytes,
            "it has more than {max_bytes} bytes of text, the limit for one article; split it"
        );
    }
    let fields = fields(&mut archive, package);
    let date = fields.get("date").and_then(|date| metadata::date_in_field(date));
    Ok(Content {
        publisher: fields.get("publisher").cloned(),
        made: date.map(|date| Dated { date, from: DateFrom::Properties }),
        ..described(text, &fields, "")
    })
}

/// The files of the chapters, in reading order.
fn chapters(elements: &[(String, BTreeMap<String, String>)]) -> Vec<String> {
    let named = |name: &'static str| {
        elements.iter().filter(move |(found, _)| found == name).map(|(_, attributes)| attributes)
    };
    let files: BTreeMap<&String, &String> = named("item")
        .filter(|item| item.get("properties").is_none_or(|what| what != "nav"))
        .filter_map(|item| Some((item.get("id")?, item.get("href")?)))
        .collect();
    let order = named("itemref").filter_map(|chapter| chapter.get("idref"));
    order.filter_map(|id| files.get(id).map(|&file| file.replace("%20", " "))).collect()
}
