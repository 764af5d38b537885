//! The types that pass between the stages, from a document to an analysed article.

mod actor;
mod judgement;

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use serde::{Deserialize, Serialize};

use crate::filter::Days;
pub use actor::{Actor, Country, Kind, Via};

pub use judgement::{Polarity, Quad, Relation, Sign};

/// A stretch of the cleaned text: byte offsets, end exclusive, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start, end }
    }

    /// The text the span covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// Whether the spans share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies within this span.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The span moved right by `by` bytes.
    pub fn shifted(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }
}

/// How exactly an article is dated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// Only the year is known.
    Year,
    /// The year and month are known.
    Month,
    /// The day is known.
    Day,
}

/// When an article was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicationDate {
    /// The day; the last day it can mean where only the year or month is known,
    /// so that 'the government in 2021' is the one the year ended with.
    pub day: civil::Date,
    /// How much of `day` is known.
    pub precision: Precision,
}

impl fmt::Display for PublicationDate {
    /// ISO 8601, no more exact than is known: `2021`, `2021-09` or `2021-09-24`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.precision {
            Precision::Year => write!(f, "{:04}", self.day.year()),
            Precision::Month => write!(f, "{:04}-{:02}", self.day.year(), self.day.month()),
            Precision::Day => write!(f, "{}", self.day),
        }
    }
}

impl FromStr for PublicationDate {
    type Err = anyhow::Error;

    /// Reads what [`Display`](fmt::Display) wrote.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let precision = match text.len() {
            4 => Precision::Year,
            7 => Precision::Month,
            _ => Precision::Day,
        };
        Ok(Self { day: text.parse::<Days>()?.last(), precision })
    }
}

/// Where the date of an article was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // docs/reading.md says what each is
pub enum DateFrom {
    Name,
    JsonLd,
    OpenGraph,
    Meta,
    Time,
    Column,
    FrontMatter,
    Header,
    Url,
    Text,
    Properties,
    Http,
}

impl DateFrom {
    /// The name in `articles.csv`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::JsonLd => "json-ld",
            Self::OpenGraph => "opengraph",
            Self::Meta => "meta",
            Self::Time => "time",
            Self::Column => "column",
            Self::FrontMatter => "front-matter",
            Self::Header => "header",
            Self::Url => "url",
            Self::Text => "text",
            Self::Properties => "properties",
            Self::Http => "http",
        }
    }
}

/// What else a file says of where its article is from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Who wrote it.
    pub author: Option<String>,
    /// Its address on the web.
    pub url: Option<String>,
    /// Where its date was found; `None` if it has none.
    pub date_from: Option<DateFrom>,
}

/// One article as read from its file, before cleaning.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// The first 16 hexadecimal digits of the SHA-256 of the file's bytes.
    pub id: String,
    /// Where it was found, as the user would name it, with `/` between folders.
    pub path: String,
    /// The headline, where the format marks one.
    pub title: Option<String>,
    /// The publisher or site, where the format names one.
    pub source: Option<String>,
    /// The country for which the author speaks, where the file says so.
    pub author_country: Option<Country>,
    /// The date of publication.
    pub date: Option<PublicationDate>,
    /// Author, address, and where the date was found.
    pub origin: Origin,
    /// The decoded text, line breaks as in the file.
    pub text: String,
}

/// What the entity tagger calls a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs)] // the names are the labels of the training data
pub enum EntityType {
    Person,
    Organization,
    Location,
    Facility,
    Norp,
    Misc,
    Date,
    Money,
    Product,
}

impl EntityType {
    /// The label as in the gold files and reports.
    pub fn label(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Organization => "Organization",
            Self::Location => "Location",
            Self::Facility => "Facility",
            Self::Norp => "NORP",
            Self::Misc => "Misc",
            Self::Date => "Date",
            Self::Money => "Money",
            Self::Product => "Product",
        }
    }

    /// The type with this label.
    pub fn from_label(label: &str) -> Option<Self> {
        use EntityType::{
            Date, Facility, Location, Misc, Money, Norp, Organization, Person, Product,
        };
        [Person, Organization, Location, Facility, Norp, Misc, Date, Money, Product]
            .into_iter()
            .find(|kind| kind.label() == label)
    }
}

/// A named entity the model found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Which sentence of the article, from 0.
    pub sentence: usize,
    /// Where in the cleaned text.
    pub span: Span,
    /// What it is.
    pub entity_type: EntityType,
    /// The model's probability of that type, the mean over the words.
    pub score: f32,
}

/// A span that names somebody, and who that is where it could be resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Which sentence of the article, from 0.
    pub sentence: usize,
    /// Where in the cleaned text.
    pub span: Span,
    /// What the tagger calls it; the type a name of the register has where the tagger was silent.
    pub entity_type: EntityType,
    /// Whom it means; `None` is unresolved.
    pub actor: Option<Actor>,
}

/// A reference with what its sentence expresses toward it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Who is named where.
    pub reference: Reference,
    /// Target sentiment.
    pub sentiment: Polarity,
}

/// A holder and a target in one sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Index of the holder in [`Article::mentions`].
    pub holder: usize,
    /// Index of the target in [`Article::mentions`].
    pub target: usize,
    /// What the holder thinks of the target.
    pub stance: Polarity,
    /// What the holder does to the target.
    pub relation: Relation,
}

/// One analysed article: the end of the pipeline for a document.
#[derive(Debug, Clone)]
pub struct Article {
    /// The document, its text replaced by the cleaned one.
    pub document: Document,
    /// ISO 639-3 code of the language, where it could be told.
    pub language: Option<&'static str>,
    /// The cosine of it and the most similar of the user's examples, if there are any.
    pub similarity: Option<f32>,
    /// The sentences, in order.
    pub sentences: Vec<Span>,
    /// Windows the model read: as many as sentences, and more where sentences are long.
    pub windows: usize,
    /// Mentions, by place in the text.
    pub mentions: Vec<Mention>,
    /// Pairs, by sentence, holder and target.
    pub pairs: Vec<Pair>,
}

impl Article {
    /// Words of the cleaned text, split at white space.
    pub fn words(&self) -> usize {
        self.document.text.split_whitespace().count()
    }
}
