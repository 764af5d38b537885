//! The rows of the reports: one struct a file, whose fields are its columns.

use serde::Serialize;

use super::cell::{Number, Text};

/// A row of a report.
pub trait Row: Serialize {
    /// The file the rows are in.
    const FILE: &'static str;
    /// The columns, in order.
    const COLUMNS: &'static [&'static str];
}

/// The column of a field: `type` is a word of Rust's, so its field is `type_`.
const fn column(field: &'static str) -> &'static str {
    match field.as_bytes() {
        b"type_" => "type",
        _ => field,
    }
}

macro_rules! row {
    ($(#[$doc:meta])* $name:ident in $file:literal { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[allow(missing_docs)] // docs/reports.md describes each column
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }

        impl Row for $name {
            const FILE: &'static str = $file;
            const COLUMNS: &'static [&'static str] = &[$(column(stringify!($field))),*];
        }
    };
}

row! {
    /// A country of interest.
    CountryRow in "countries.csv" {
        focus: String, iso2: String, iso3: String, cow: String, name: String, role: &'static str,
        articles: usize, stories: usize, mentions: u32,
        sentiment: Number, sentiment_lo: Number, sentiment_hi: Number,
        n_positive: u32, n_neutral: u32, n_negative: u32,
        stance_to_focus: Number, stance_to_focus_lo: Number, stance_to_focus_hi: Number,
        n_favor_to_focus: u32, n_neutral_to_focus: u32, n_against_to_focus: u32,
        stance_from_focus: Number, stance_from_focus_lo: Number, stance_from_focus_hi: Number,
        n_favor_from_focus: u32, n_neutral_from_focus: u32, n_against_from_focus: u32,
        vcp: u32, mcp: u32, vcf: u32, mcf: u32,
    }
}

row! {
    /// An ordered pair of countries in a period.
    DyadRow in "dyads.csv" {
        source_iso3: String, target_iso3: String, source_cow: String, target_cow: String,
        period: String, articles: usize, stories: usize, pairs: u32,
        n_favor: u32, n_neutral: u32, n_against: u32,
        stance: Number, stance_lo: Number, stance_hi: Number,
        vcp: u32, mcp: u32, vcf: u32, mcf: u32,
    }
}

row! {
    /// An article.
    ArticleRow in "articles.csv" {
        article_id: String, path: Text, title: Text, source: Text, author_country: String,
        date: String, language: String, words: usize, sentences: usize, windows: usize,
        story_id: String, mentions: usize, pairs: usize,
        author: Text, url: Text, date_from: &'static str, skipped: &'static str,
        similarity: Number,
    }
}

row! {
    /// A story.
    StoryRow in "stories.csv" {
        story_id: String, title: Text, articles: usize, first_date: String, sources: Text,
        share_of_copies: Number,
    }
}

row! {
    /// A mention.
    MentionRow in "mentions.csv" {
        mention_id: String, article_id: String, sentence: usize, start: usize, end: usize,
        text: Text, type_: &'static str, actor: Text, iso3: String, via: &'static str, score: Number,
        p_negative: Number, p_neutral: Number, p_positive: Number,
    }
}

row! {
    /// A holder and a target in a sentence.
    PairRow in "pairs.csv" {
        pair_id: String, article_id: String, date: String, sentence: usize,
        holder_mention: String, target_mention: String, holder_iso3: String, target_iso3: String,
        stance: &'static str, p_against: Number, p_neutral: Number, p_favor: Number,
        quad: &'static str, p_quad: Number,
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<Text>,
    }
}

row! {
    /// A name that could not be resolved.
    UnresolvedRow in "unresolved.csv" {
        name: Text, mentions: usize, articles: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        example: Option<Text>,
    }
}

row! {
    /// An article that failed.
    FailureRow in "failures.csv" {
        path: Text, stage: &'static str, reason: Text,
    }
}
