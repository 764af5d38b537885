//! An article's name -> what it says of the article, by a pattern of the user's.

use anyhow::{Context, Result, bail, ensure};
use regex::{Captures, Regex};
use serde::{Serialize, Serializer};

use super::metadata;
use super::raw::Raw;
use crate::article::{DateFrom, Document, PublicationDate};
use crate::gazetteer::Gazetteer;

/// What names of files are made of, such as `{author_country}_{session}_{year}`.
#[derive(Debug, Clone)]
pub struct NamePattern {
    written: String,
    regex: Regex,
}

/// The fields that are read, and what they look like; any other matches anything.
const FIELDS: [(&str, &str); 7] = [
    ("author_country", ANYTHING),
    ("date", ANYTHING),
    ("year", r"\d{4}"),
    ("month", r"\d\d?"),
    ("day", r"\d\d?"),
    ("source", ANYTHING),
    ("title", ANYTHING),
];
const ANYTHING: &str = "[^/]+?";

impl PartialEq for NamePattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Serialize for NamePattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written)
    }
}

impl NamePattern {
    /// A pattern of the whole name of a file without its extension; with `/` in it, of the end of
    /// its path.
    ///
    /// # Errors
    /// The pattern has none of the fields, one of them twice, or a bracket without its other half.
    pub fn new(written: &str) -> Result<Self> {
        let mut regex = String::from("(?:^|/)");
        let mut found = Vec::new();
        let mut rest = written;
        while let Some((before, after)) = rest.split_once('{') {
            let (field, after) = after
                .split_once('}')
                .with_context(|| format!("name_pattern '{written}' lacks a }}"))?;
            ensure!(!before.contains('}'), "name_pattern '{written}' has a }} without its {{");
            ensure!(!found.contains(&field), "name_pattern '{written}' has {{{field}}} twice");
            regex.push_str(&regex::escape(before));
            match FIELDS.iter().find(|(name, _)| *name == field) {
                Some((name, looks)) => regex.push_str(&format!("(?<{name}>{looks})")),
                None => regex.push_str(ANYTHING),
            }
            found.push(field);
            rest = after;
        }
        regex.push_str(&regex::escape(rest));
        regex.push('$');
        if !FIELDS.iter().any(|(name, _)| found.contains(name)) {
            let names = FIELDS.map(|(name, _)| format!("{{{name}}}")).join(", ");
            bail!("name_pattern '{written}' has no field that is read; use some of {names}");
        }
        let regex = Regex::new(&regex).context("name_pattern is too long; shorten it")?;
        Ok(Self { written: written.to_owned(), regex })
    }

    /// Writes into a document what the name of its file says; nothing if the name is another, or
    /// the article is a record.
    ///
    /// # Errors
    /// A part of the name is no country or no date.
    pub fn apply(&self, raw: &Raw, document: &mut Document, gazetteer: &Gazetteer) -> Result<()> {
        let Some(name) = raw.file_name() else { return Ok(()) };
        let Some(found) = self.regex.captures(without_extension(name)) else { return Ok(()) };
        let text = |field| found.name(field).map(|part| part.as_str());
        if let Some(part) = text("author_country") {
            let country = gazetteer.country(part);
            document.author_country =
                Some(country.context("name_pattern takes part of its name for a country")?);
        }
        if let Some(date) = date(&found)? {
            document.date = Some(date);
            document.origin.date_from = Some(DateFrom::Name);
        }
        document.source = text("source").map(str::to_owned).or(document.source.take());
        document.title = text("title").map(str::to_owned).or(document.title.take());
        Ok(())
    }
}

/// The date in a name, if the pattern asks for one.
fn date(found: &Captures) -> Result<Option<PublicationDate>> {
    let text = |field| found.name(field).map(|part| part.as_str());
    let written = match (text("date"), text("year")) {
        (Some(date), _) => date.to_owned(),
        (None, Some(year)) => {
            let two_digits = |part: &str| format!("-{part:0>2}");
            let month = text("month").map(two_digits);
            let day = text("day").map(two_digits).filter(|_| month.is_some());
            format!("{year}{}{}", month.unwrap_or_default(), day.unwrap_or_default())
        }
        _ => return Ok(None),
    };
    metadata::date_in_field(&written.replace('_', "-"))
        .with_context(|| format!("name_pattern takes '{written}' in its name for a date"))
        .map(Some)
}

fn without_extension(name: &str) -> &str {
    let file = name.rfind('/').map_or(0, |slash| slash + 1);
    match name[file..].rfind('.') {
        Some(dot) if dot > 0 => &name[..file + dot],
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::super::raw::Body;
    use super::*;
    use crate::article::Origin;

    /// Country, date, source and title of an article in a file of this name.
    fn read(pattern: &str, name: &str) -> Result<String> {
        let mut document = Document {
            id: String::new(),
            path: name.to_owned(),
            title: None,
            source: None,
            author_country: None,
            date: None,
            origin: Origin::default(),
            text: String::new(),
        };
        let body = Body::Part {
            bytes: Vec::new(),
            format: super::super::format::Format::Text,
            inner: name.to_owned(),
        };
        let gazetteer = Gazetteer::built_in()?;
        NamePattern::new(pattern)?.apply(&Raw::new(name, body), &mut document, &gazetteer)?;
        let date = document.date.map(|date| date.to_string()).unwrap_or_default();
        let country = document.author_country.map(|c| c.to_string()).unwrap_or_default();
        let [source, title] = [document.source, document.title].map(Option::unwrap_or_default);
        Ok([country, date, source, title].join(" "))
    }

    #[test]
    fn a_pattern_reads_the_names_that_fit_it() {
        for (pattern, name, expected) in [
            ("{author_country}_{session}_{year}", "un/PAK_76_2021.txt", "PAK 2021  "),
            ("{author_country}_{session}_{year}", "un/PAK-76-2021.txt", "   "),
            ("{author_country}_{session}_{year}", "un/x/PAK_76.2_2021.txt", "PAK 2021  "),
            (
                "{date}_{source}_{title}",
                "2023-08-21_Dawn_On melons_1.html",
                " 2023-08-21 Dawn On melons_1",
            ),
            ("{source}/{year}/{month}/{day}-{n}", "a/Dawn/2023/8/3-17.txt", " 2023-08-03 Dawn "),
            ("{author_country}/{any}", "Iran/a.txt", "IRN   "),
            ("[{source}]", "[Dawn].txt", "  Dawn "),
            ("{year}{month}{day}", "20230821.txt", " 2023-08-21  "),
        ] {
            assert_eq!(read(pattern, name).unwrap(), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn what_cannot_be_meant_has_a_reason() {
        for (pattern, name, expected) in [
            ("{author_country}_{n}", "Atlantis_1.txt", "unknown country 'Atlantis'"),
            ("{year}-{month}", "2023-13.txt", "takes '2023-13' in its name for a date"),
            ("{session}", "a.txt", "no field that is read; use some of {author_country}, "),
            ("{year}_{year}", "a.txt", "has {year} twice"),
            ("{year", "a.txt", "lacks a }"),
        ] {
            let error = format!("{:#}", read(pattern, name).unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
    }
}
