//! What may stand in a cell: numbers with a fixed number of digits, text safe to open.

use std::fmt;

use serde::{Serialize, Serializer};

/// A number with four digits after the point; an empty cell where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub Option<f64>);

impl From<f32> for Number {
    fn from(value: f32) -> Self {
        Self(Some(f64::from(value)))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(value) = self.0 else { return Ok(()) };
        let text = format!("{value:.4}");
        // -0.00001 must not be told from 0.
        f.write_str(if text == "-0.0000" { "0.0000" } else { &text })
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Text from an article or a file name, made safe for spreadsheets, terminals and readers of CSV.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Text(String);

impl Text {
    /// One line of printable characters; an apostrophe before what would start a formula.
    pub fn new(text: &str) -> Self {
        let mut safe = String::with_capacity(text.len() + 1);
        if text.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r']) {
            safe.push('\'');
        }
        safe.extend(text.chars().map(|c| if is_hostile(c) { ' ' } else { c }));
        Self(safe)
    }

    /// The safe text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters, line separators, and the marks that turn or hide text.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_starts_a_formula() {
        for (text, safe) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("  @SUM(A1)", "'  @SUM(A1)"),
            ("-1", "'-1"),
            ("+49", "'+49"),
            ("\t=1", "' =1"),
            ("Kabul", "Kabul"),
        ] {
            assert_eq!(Text::new(text).as_str(), safe);
        }
    }

    #[test]
    fn no_text_breaks_a_line_or_speaks_to_a_terminal() {
        assert_eq!(Text::new("a\nb\x1b[31m\u{202E}c\u{2028}").as_str(), "a b [31m c ");
    }

    #[test]
    fn numbers_have_four_digits_and_no_negative_zero() {
        let cell = |value| serde_json::to_string(&Number(value)).unwrap();
        assert_eq!(cell(Some(-0.000_01)), "\"0.0000\"");
        assert_eq!(cell(Some(1.0 / 3.0)), "\"0.3333\"");
        assert_eq!(cell(None), "\"\"");
    }
}
