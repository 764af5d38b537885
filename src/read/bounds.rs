//! Turns away what would take a parser quadratic time or all the memory, before it sees it.

use anyhow::{Result, ensure};

/// Elements in elements. Browsers give up at 512.
const MAX_DEPTH: usize = 1_000;
/// Attributes of one element: each is compared with all before it.
const MAX_ATTRIBUTES: usize = 2_000;
/// Elements of a page, and stray brackets; the longest articles have a hundredth.
const MAX_ELEMENTS: usize = 200_000;
/// Entities such as `&nbsp;`: each is a piece of text of its own.
const MAX_ENTITIES: usize = 100_000;

/// Signs of Markdown, JSON or RTF, lines of a mail: parsers take 20 to 150 bytes for each, and texts
/// of 20 MB have a tenth.
const MAX_SIGNS: usize = 2_000_000;

/// An error if a text has more of some signs than any text for people.
pub(super) fn check_signs(text: &[u8], is_sign: impl Fn(u8) -> bool) -> Result<()> {
    let count = text.iter().filter(|&&byte| is_sign(byte)).count();
    ensure!(count <= MAX_SIGNS, "it has more than {MAX_SIGNS} signs of markup; split it");
    Ok(())
}

/// An error if the page is nested or crowded as no page for people is.
pub(super) fn check_page(page: &str) -> Result<()> {
    let entities = page.bytes().filter(|&byte| byte == b'&').count();
    ensure!(
        entities <= MAX_ENTITIES,
        "the page has more than {MAX_ENTITIES} entities; save its text instead"
    );
    let mut nesting = Nesting::default();
    let mut elements = 0;
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let tag = Tag::read(rest);
        elements += usize::from(tag.as_ref().is_none_or(|tag| !tag.closes));
        ensure!(
            elements <= MAX_ELEMENTS,
            "the page has more than {MAX_ELEMENTS} elements; save its text instead"
        );
        rest = match tag {
            Some(tag) => {
                nesting.step(&tag)?;
                after(rest, &tag)
            }
            None => after_comment(rest),
        };
    }
    Ok(())
}

/// What follows a tag, and the text of a script or the like.
fn after<'a>(rest: &'a str, tag: &Tag) -> &'a str {
    let rest = &rest[tag.length..];
    if tag.closes || !tag.is(&["script", "style", "textarea", "title"]) {
        return rest;
    }
    let mut ends = rest.match_indices("</");
    let name = |at: usize| rest.get(at + 2..at + 2 + tag.name.len());
    ends.find(|&(at, _)| name(at).is_some_and(|name| name.eq_ignore_ascii_case(tag.name)))
        .map_or("", |(at, _)| &rest[at..])
}

/// What follows a comment, if one starts here.
fn after_comment(rest: &str) -> &str {
    match rest.strip_prefix("!--") {
        Some(comment) => comment.split_once("-->").map_or("", |(_, after)| after),
        None => rest,
    }
}

/// A tag, read as loosely as browsers do.
struct Tag<'a> {
    name: &'a str,
    /// Whether it is `</name>`.
    closes: bool,
    /// Whether it ends in `/>`.
    is_single: bool,
    attributes: usize,
    /// Bytes up to and with the `>`.
    length: usize,
}

impl<'a> Tag<'a> {
    /// The tag after a `<`; `None` if none starts there.
    fn read(text: &'a str) -> Option<Self> {
        let closes = text.starts_with('/');
        let name_start = usize::from(closes);
        let after = &text[name_start..];
        if !after.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let is_end = |c: char| c.is_ascii_whitespace() || c == '/' || c == '>';
        let name = &after[..after.find(is_end).unwrap_or(after.len())];
        let (attributes, length) = Self::attributes(text, name_start + name.len());
        let is_single = text[..length].ends_with("/>");
        Some(Self { name, closes, is_single, attributes, length })
    }

    /// How many attributes follow in a tag, and where it ends.
    fn attributes(text: &str, start: usize) -> (usize, usize) {
        let (mut quote, mut attributes, mut in_attribute) = (None, 0, false);
        let mut length = start;
        let mut last = b' ';
        for &byte in &text.as_bytes()[length..] {
            length += 1;
            match (quote, byte) {
                (Some(mark), _) if byte == mark => quote = None,
                (Some(_), _) => {}
                (None, b'>') => break,
                (None, b'"' | b'\'') if last == b'=' => quote = Some(byte),
                (None, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/') => in_attribute = false,
                (None, _) if !in_attribute => {
                    attributes += 1;
                    in_attribute = true;
                }
                (None, _) => {}
            }
            if quote.is_none() && !byte.is_ascii_whitespace() {
                last = byte;
            }
        }
        (attributes, length)
    }

    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| name.eq_ignore_ascii_case(self.name))
    }
}

/// How deep the tags so far have led, at most.
#[derive(Default)]
struct Nesting {
    depth: usize,
    in_drawing: bool,
}

impl Nesting {
    fn step(&mut self, tag: &Tag) -> Result<()> {
        if tag.is(&["svg", "math"]) {
            self.in_drawing = !tag.closes;
        } else if tag.is(&BREAK_OUT) {
            self.in_drawing = false;
        }
        let is_leaf = tag.is(&NOT_NESTED) || (self.in_drawing && tag.is_single);
        if !is_leaf {
            self.depth = if tag.closes { self.depth.saturating_sub(1) } else { self.depth + 1 };
        }
        ensure!(
            self.depth <= MAX_DEPTH,
            "the page has more than {MAX_DEPTH} elements in each other; save its text instead"
        );
        ensure!(
            tag.attributes <= MAX_ATTRIBUTES,
            "an element of the page has more than {MAX_ATTRIBUTES} attributes; save its text instead"
        );
        Ok(())
    }
}

/// Elements that have no end tag or close by themselves.
const NOT_NESTED: [&str; 33] = [
    "area", "base", "body", "br", "col", "dd", "dt", "embed", "head", "hr", "html", "iframe",
    "img", "input", "li", "link", "meta", "option", "p", "param", "script", "source", "style",
    "tbody", "td", "textarea", "tfoot", "th", "thead", "title", "tr", "track", "wbr",
];

/// The commonest elements of HTML that end a drawing.
const BREAK_OUT: [&str; 16] = [
    "b",
    "blockquote",
    "body",
    "center",
    "div",
    "dl",
    "em",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "table",
    "ul",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_for_people_pass() {
        let paragraph = "<p>text<p class=x>more <b>bold</b> &amp; <br> <img src=\"a>b\"/> <i>x</i>";
        let list = "<ul><li>one<li>two</ul><table><tr><td>1<td>2</table>";
        let drawing = "<svg><path d='m 1'/><g><circle r=1 /></g></svg>";
        let script = "<script>if (a<b) document.write('<div><div>')</script>";
        let page = [paragraph, list, drawing, script, "<!-- <div> -->"].concat().repeat(3_000);
        check_page(&page).unwrap();
    }

    #[test]
    fn pages_that_would_hang_a_parser_do_not() {
        for (page, expected) in [
            ("<div>".repeat(1_001), "more than 1000 elements in each other"),
            ("<DIV/>".repeat(1_001), "more than 1000 elements in each other"),
            (format!("<svg>{}", "<div/>".repeat(1_001)), "more than 1000 elements in each other"),
            (format!("<a {}>", "b ".repeat(2_001)), "more than 2000 attributes"),
            ("<p>".repeat(200_001), "more than 200000 elements"),
            ("<".repeat(200_001), "more than 200000 elements"),
            ("&".repeat(100_001), "more than 100000 entities"),
        ] {
            let error = check_page(&page).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
