//! Which articles the user wants: by date, source and words.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Error, Result};
use jiff::civil::Date;
use regex::Regex;
use serde::{Deserialize, Serialize, Serializer};

use crate::article::Document;
use crate::similar::Similar;

/// What an article must be to be analysed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Selection {
    /// Published on this day or later.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub since: Option<Date>,
    /// Published on this day or earlier.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub until: Option<Date>,
    /// Of a source whose name has one of these in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// With a match of this pattern in its title or text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// About the same matter as some others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similar: Option<Similar>,
}

fn as_text<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    date.map(|date| date.to_string()).serialize(serializer)
}

/// A day, month or year, as the user writes it: `2021-08-15`, `2021-08`, `2021`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Days {
    first: Date,
    last: Date,
}

impl Days {
    /// Its first day.
    pub fn first(self) -> Date {
        self.first
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.last
    }
}

impl FromStr for Days {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let remedy = || format!("{text} is no date; write it as 2021-08-15, 2021-08 or 2021");
        let rest = match text.len() {
            4 => "-01-01",
            7 => "-01",
            _ => "",
        };
        let first: Date = format!("{text}{rest}").parse().with_context(remedy)?;
        let last = match text.len() {
            4 => first.last_of_year(),
            7 => first.last_of_month(),
            _ => first,
        };
        Ok(Self { first, last })
    }
}

impl TryFrom<String> for Days {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

/// Why an article is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Criterion {
    /// It was published before.
    Since,
    /// It was published after.
    Until,
    /// It has no date, and one is asked for.
    Undated,
    /// It is of another source.
    Source,
    /// It has no match of the pattern.
    Match,
    /// It is about another matter than the examples.
    Similar,
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = match self {
            Self::Since => "since",
            Self::Until => "until",
            Self::Undated => "undated",
            Self::Source => "source",
            Self::Match => "match",
            Self::Similar => "similar",
        };
        f.write_str(label)
    }
}

/// A selection that is ready for use.
#[derive(Debug, Clone)]
pub struct Filter {
    selection: Selection,
    pattern: Option<Regex>,
}

impl Filter {
    /// The error says what is wrong with the pattern.
    pub fn new(selection: Selection) -> Result<Self> {
        let compile = |pattern: &String| {
            Regex::new(pattern).map_err(|error| {
                let what = error.to_string();
                let what = what.lines().last().unwrap_or_default().trim();
                anyhow::anyhow!("match is no regular expression: {pattern}: {what}")
            })
        };
        let pattern = selection.pattern.as_ref().map(compile).transpose()?;
        Ok(Self { selection, pattern })
    }

    /// Why an article is left out, judged by what its file says of it; an inexact date counts as
    /// the last day that it can mean.
    pub fn by_origin(&self, document: &Document) -> Option<Criterion> {
        let Selection { since, until, sources, .. } = &self.selection;
        match document.date.map(|date| date.day) {
            None if since.is_some() || until.is_some() => return Some(Criterion::Undated),
            Some(day) if since.is_some_and(|since| day < since) => return Some(Criterion::Since),
            Some(day) if until.is_some_and(|until| day > until) => return Some(Criterion::Until),
            _ => {}
        }
        let source = document.source.as_deref().unwrap_or_default().to_lowercase();
        let is_wanted = |wanted: &String| source.contains(&wanted.to_lowercase());
        (!sources.is_empty() && !sources.iter().any(is_wanted)).then_some(Criterion::Source)
    }

    /// Why an article is left out, judged by its words.
    pub fn by_text(&self, document: &Document) -> Option<Criterion> {
        let pattern = self.pattern.as_ref()?;
        let title = document.title.as_deref().unwrap_or_default();
        let is_match = pattern.is_match(title) || pattern.is_match(&document.text);
        (!is_match).then_some(Criterion::Match)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Origin, Precision, PublicationDate};

    fn document(day: Option<&str>, source: &str) -> Document {
        Document {
            id: String::new(),
            path: String::new(),
            title: Some("On melons".into()),
            source: Some(source.into()),
            author_country: None,
            date: day.map(|day| PublicationDate {
                day: day.parse().unwrap(),
                precision: Precision::Day,
            }),
            origin: Origin::default(),
            text: "Kabul fell.".into(),
        }
    }

    #[test]
    fn days_are_written_as_far_as_they_are_known() {
        let days = |text: &str| {
            let days: Days = text.parse().unwrap();
            format!("{} {}", days.first(), days.last())
        };
        assert_eq!(days("2021"), "2021-01-01 2021-12-31");
        assert_eq!(days("2024-02"), "2024-02-01 2024-02-29");
        assert_eq!(days("2021-08-15"), "2021-08-15 2021-08-15");
        for text in ["15/8/2021", "2021-13", "21", "", "2021-8-1"] {
            assert!(text.parse::<Days>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_article_is_left_out_for_the_first_reason_there_is() {
        let filter = |selection: Selection| Filter::new(selection).unwrap();
        let dates = filter(Selection {
            since: Some("2021-08-15".parse().unwrap()),
            until: Some("2021-12-31".parse().unwrap()),
            sources: vec!["paper".into()],
            ..Selection::default()
        });
        for (day, source, expected) in [
            (Some("2021-08-15"), "The Paper", None),
            (Some("2021-08-14"), "The Paper", Some(Criterion::Since)),
            (Some("2022-01-01"), "Other", Some(Criterion::Until)),
            (None, "The Paper", Some(Criterion::Undated)),
            (Some("2021-12-31"), "Other", Some(Criterion::Source)),
        ] {
            assert_eq!(dates.by_origin(&document(day, source)), expected, "{day:?} {source}");
        }
        let words = |pattern: &str| {
            filter(Selection { pattern: Some(pattern.into()), ..Selection::default() })
                .by_text(&document(None, ""))
        };
        assert_eq!(words("Kab.l"), None);
        assert_eq!(words("(?i)MELON"), None);
        assert_eq!(words("Herat"), Some(Criterion::Match));
        let error = Filter::new(Selection { pattern: Some("(".into()), ..Selection::default() });
        let error = error.unwrap_err().to_string();
        assert!(error.starts_with("match is no regular expression: (: "), "{error}");
    }
}
