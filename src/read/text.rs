//! Reads plain text.

use super::Content;

/// The text as it is: headline and paragraphs are found when it is cleaned.
pub(super) fn read(text: String) -> Content {
    Content { text, ..Content::default() }
}
