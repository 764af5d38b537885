//! The rows of the reports that are summed up over the corpus: one struct a file, whose fields are
//! its columns. The others are views of the store.

use serde::Serialize;

use super::cell::Number;

/// A row of a report.
pub trait Row: Serialize {
    /// The file the rows are in.
    const FILE: &'static str;
    /// The columns, in order.
    const COLUMNS: &'static [&'static str];
}

macro_rules! row {
    ($(#[$doc:meta])* $name:ident in $file:literal { $($field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[allow(missing_docs)] // docs/reports.md describes each column
        pub struct $name { $(pub $field: $kind,)* }

        impl Row for $name {
            const FILE: &'static str = $file;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];
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
