//! A line of a gold file -> a labelled sentence. `docs/gold.md` describes the format.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Error, Result, bail};
use serde::Deserialize;

use crate::article::{Kind, Quad, Sign, Span};
use crate::report::Text;

/// A sentence with the labels its source has; `None` where a task was not labelled.
#[derive(Debug, Clone, PartialEq)]
pub struct Gold {
    /// The sentence.
    pub text: String,
    /// Named entities: span and type as the source calls it.
    pub entities: Option<Vec<(Span, String)>>,
    /// Targets and the sentiment toward them.
    pub sentiment: Option<Vec<(Span, Sign)>>,
    /// Holders, targets, and what the first thinks of the second.
    pub stance: Option<Vec<(Span, Span, Sign)>>,
    /// Sources, targets, and what the first does to the second.
    pub relation: Option<Vec<(Span, Span, Quad)>>,
    /// Actors: span, country codes (none: an actor without a country), kind.
    pub mentions: Option<Vec<(Span, Vec<String>, Kind)>>,
    /// The year of the document.
    pub year: Option<i16>,
    /// Code of the country for which the author speaks.
    pub speaker: Option<String>,
}

/// Reads a file of labelled sentences; an error names the line.
pub fn read(path: &Path) -> Result<Vec<Gold>> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut sentences = Vec::new();
    for (n, line) in BufReader::new(file).lines().enumerate() {
        let place = || format!("{} line {}", path.display(), n + 1);
        let line = line.with_context(place)?;
        if !line.trim().is_empty() {
            // What an error quotes may have lines of its own.
            let one_line = |error| Error::msg(Text::new(&format!("{error:#}")).as_str().to_owned());
            sentences.push(parse(&line).map_err(one_line).with_context(place)?);
        }
    }
    Ok(sentences)
}

#[derive(Deserialize)]
struct Line {
    text: String,
    entities: Option<Vec<EntityLabel>>,
    sentiment: Option<Vec<SentimentLabel>>,
    stance: Option<Vec<StanceLabel>>,
    relation: Option<Vec<RelationLabel>>,
    mentions: Option<Vec<MentionLabel>>,
    year: Option<String>,
    speaker: Option<String>,
}

#[derive(Deserialize)]
struct EntityLabel {
    start: usize,
    end: usize,
    r#type: String,
}

#[derive(Deserialize)]
struct SentimentLabel {
    start: usize,
    end: usize,
    label: String,
}

#[derive(Deserialize)]
struct StanceLabel {
    holder: (usize, usize),
    target: (usize, usize),
    label: String,
}

#[derive(Deserialize)]
struct RelationLabel {
    source: (usize, usize),
    target: (usize, usize),
    quad: String,
}

#[derive(Deserialize)]
struct MentionLabel {
    start: usize,
    end: usize,
    country: String,
    kind: String,
}

fn parse(line: &str) -> Result<Gold> {
    let line: Line = serde_json::from_str(line).context("not a gold object")?;
    let offsets = Offsets::new(&line.text);
    let span = |start, end| offsets.span(start, end);
    Ok(Gold {
        entities: each(line.entities, |e| Ok((span(e.start, e.end)?, e.r#type)))?,
        sentiment: each(line.sentiment, |s| Ok((span(s.start, s.end)?, sentiment(&s.label)?)))?,
        stance: each(line.stance, |s| {
            let (holder, target) = (span(s.holder.0, s.holder.1)?, span(s.target.0, s.target.1)?);
            Ok((holder, target, stance(&s.label)?))
        })?,
        relation: each(line.relation, |r| {
            let (source, target) = (span(r.source.0, r.source.1)?, span(r.target.0, r.target.1)?);
            Ok((source, target, quad(&r.quad)?))
        })?,
        mentions: each(line.mentions, |m| {
            Ok((span(m.start, m.end)?, countries(&m.country), kind(&m.kind)?))
        })?,
        year: line
            .year
            .map(|year| year.parse().with_context(|| format!("year '{year}' is no year")))
            .transpose()?,
        speaker: line.speaker,
        text: line.text,
    })
}

fn each<T, U>(
    labels: Option<Vec<T>>,
    convert: impl FnMut(T) -> Result<U>,
) -> Result<Option<Vec<U>>> {
    labels.map(|labels| labels.into_iter().map(convert).collect()).transpose()
}

/// Byte offsets of the code points of a text.
struct Offsets(Vec<usize>);

impl Offsets {
    fn new(text: &str) -> Self {
        Self(text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect())
    }

    fn span(&self, start: usize, end: usize) -> Result<Span> {
        match (self.0.get(start), self.0.get(end)) {
            (Some(&start), Some(&end)) if start < end => Ok(Span::new(start, end)),
            _ => bail!(
                "span {start}..{end} is empty or leaves the text of {} characters",
                self.0.len() - 1
            ),
        }
    }
}

fn sentiment(label: &str) -> Result<Sign> {
    sign(label, ["negative", "neutral", "positive"])
}

fn stance(label: &str) -> Result<Sign> {
    sign(label, ["against", "neutral", "favor"])
}

fn sign(label: &str, names: [&str; 3]) -> Result<Sign> {
    let signs = [Sign::Negative, Sign::Neutral, Sign::Positive];
    match names.iter().position(|name| *name == label) {
        Some(n) => Ok(signs[n]),
        None => bail!("label '{label}' is none of {}", names.join(", ")),
    }
}

fn quad(label: &str) -> Result<Quad> {
    Quad::ALL.into_iter().find(|quad| quad.label() == label).with_context(|| {
        format!("quad '{label}' is none of {}", Quad::ALL.map(Quad::label).join(", "))
    })
}

fn kind(label: &str) -> Result<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.label() == label).with_context(|| {
        format!("kind '{label}' is none of {}", Kind::ALL.map(Kind::label).join(", "))
    })
}

/// `KAZ+KGZ` is two countries, `-` none.
fn countries(codes: &str) -> Vec<String> {
    let mut countries: Vec<String> =
        codes.split('+').filter(|code| *code != "-").map(str::to_owned).collect();
    countries.sort();
    countries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_code_points() {
        let gold = parse(
            r#"{"text": "é Iran", "sentiment": [{"start": 2, "end": 6, "label": "negative"}]}"#,
        )
        .unwrap();
        let (span, sign) = gold.sentiment.unwrap()[0];
        assert_eq!((span.of(&gold.text), sign), ("Iran", Sign::Negative));
        assert_eq!(gold.stance, None);
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said() {
        for (line, reason) in [
            ("nonsense", "not a gold object"),
            (
                r#"{"text": "a", "sentiment": [{"start": 0, "end": 2, "label": "neutral"}]}"#,
                "leaves the text",
            ),
            (
                r#"{"text": "a", "sentiment": [{"start": 0, "end": 1, "label": "bad"}]}"#,
                "label 'bad' is none of",
            ),
            (
                r#"{"text": "ab", "relation": [{"source": [0, 1], "target": [1, 2], "quad": "x"}]}"#,
                "quad 'x'",
            ),
        ] {
            let error = format!("{:#}", parse(line).unwrap_err());
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn several_countries_are_joined_by_plus_and_none_is_a_dash() {
        assert_eq!(countries("UZB+KAZ"), ["KAZ", "UZB"]);
        assert_eq!(countries("-"), [""; 0]);
    }
}
