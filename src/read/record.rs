//! A record, a JSON object or a row of a table -> what it says of its article.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use csv::ByteRecord;
use serde_json::{Map, Value};

use super::columns::Columns;
use super::metadata::Dated;
use super::{Content, bounds, decode, html, metadata};
use crate::article::DateFrom;

/// The fields to read in the objects of one file: guessed from the first object that has a text.
pub(super) struct Fields<'a> {
    asked: &'a Columns,
    found: Option<Arc<Columns>>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(asked: &'a Columns) -> Self {
        Self { asked, found: None }
    }

    /// The fields to read in this object.
    pub(super) fn columns(&mut self, bytes: &[u8]) -> Arc<Columns> {
        if let Some(found) = &self.found {
            return Arc::clone(found);
        }
        let Ok(object) = parse(bytes) else {
            return Arc::new(self.asked.clone());
        };
        let names: Vec<&str> = object.keys().map(String::as_str).collect();
        let columns = Arc::new(self.asked.or_guessed(&names));
        if columns.text.as_deref().is_some_and(|text| field(&object, text).is_some()) {
            self.found = Some(Arc::clone(&columns));
        }
        columns
    }

    /// The fields that were read in the file, if there was a text in it.
    pub(super) fn found(self) -> Option<Arc<Columns>> {
        self.found
    }
}

fn parse(bytes: &[u8]) -> Result<Map<String, Value>> {
    bounds::check_signs(bytes, |byte| matches!(byte, b',' | b'[' | b'{'))?;
    serde_json::from_slice(bytes)
        .map_err(|error| anyhow::anyhow!("it is no JSON object ({error}); mend it"))
}

/// What a JSON object says.
pub(super) fn object(bytes: &[u8], columns: &Columns) -> Result<Content> {
    let object = parse(bytes)?;
    let Some(text) = &columns.text else {
        let names: Vec<&str> = object.keys().take(20).map(String::as_str).collect();
        bail!(
            "no field has a usual name for a text; name one with --text-column ({})",
            names.join(", ")
        );
    };
    content(columns, text, |name| field(&object, name).and_then(shown))
}

/// What a row of a table says.
pub(super) fn row(cells: &ByteRecord, header: &ByteRecord, columns: &Columns) -> Result<Content> {
    let text = columns.text.as_ref().context("no column has the text")?;
    let cell = |name: &str| {
        let at = header.iter().position(|title| title == name.as_bytes())?;
        let cell = cells.get(at)?;
        let lossy = || String::from_utf8_lossy(cell).into_owned();
        Some(decode::text(cell, false).unwrap_or_else(|_| lossy()))
    };
    content(columns, text, cell)
}

fn content(
    columns: &Columns,
    text: &str,
    value: impl Fn(&str) -> Option<String>,
) -> Result<Content> {
    let found = value(text).filter(|text| text.contains(char::is_alphabetic));
    let found = found.with_context(|| {
        format!("there is no text in `{text}`; leave it out, or name another with --text-column")
    })?;
    let cell = |name: &Option<String>| {
        value(name.as_ref()?).map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty())
    };
    let mut content = match is_html(&found) {
        true => html::read(&found)?,
        false => Content { text: found, ..Content::default() },
    };
    content.title = cell(&columns.title).or(content.title);
    content.text = html::under_headline(content.title.as_deref(), content.text);
    // Some call the address the source.
    let source = cell(&columns.source);
    let source = source.and_then(|source| metadata::site(&source).or(Some(source)));
    content.publisher = source.or(content.publisher);
    content.url = cell(&columns.url).or(content.url);
    content.author = cell(&columns.author).or(content.author);
    let date = cell(&columns.date).and_then(|date| metadata::date_in_field(&date));
    content.date = date.map(|date| Dated { date, from: DateFrom::Column }).or(content.date);
    Ok(content)
}

/// Whether a text is a page or a part of one.
fn is_html(text: &str) -> bool {
    const TAGS: [&str; 6] = ["</p>", "</div>", "</body>", "<br>", "<br/>", "<br />"];
    text.match_indices('<').any(|(at, _)| TAGS.iter().any(|tag| text[at..].starts_with(tag)))
}

/// The value of a field; `article.body` is the field `body` of the object `article`.
fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| {
        let (outer, inner) = name.split_once('.')?;
        field(object.get(outer)?.as_object()?, inner)
    })
}

/// A value as text: paragraphs of a list, the name of an object that has one.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(parts) => {
            let parts: Vec<String> = parts.iter().filter_map(shown).collect();
            Some(parts.join("\n\n"))
        }
        Value::Object(object) => object.get("name").and_then(shown),
        Value::Null | Value::Bool(_) => None,
    }
}
