//! Reads Markdown: the text without the markup.

use anyhow::Result;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::metadata::Dated;
use super::{Content, bounds, metadata};
use crate::article::DateFrom;

/// What may start something other than text.
const SIGNS: &[u8] = b"\n!#&()*+-<>[\\]^_`|~";

/// The text of a Markdown file; its title is the first heading, or the one its front matter names.
pub(super) fn read(source: &str) -> Result<Content> {
    bounds::check_signs(source.as_bytes(), |byte| SIGNS.contains(&byte))?;
    let mut reader = Reader::default();
    for event in Parser::new_ext(source, options()) {
        reader.read(event);
    }
    let named = |key: &str| front_matter(&reader.front_matter, key);
    Ok(Content {
        title: named("title").or(reader.title),
        publisher: named("source").or_else(|| named("publisher")),
        author: named("author").or_else(|| named("authors")),
        url: named("url"),
        date: named("date").and_then(|date| {
            let date = metadata::date_in_field(&date)?;
            Some(Dated { date, from: DateFrom::FrontMatter })
        }),
        made: None,
        text: reader.text,
    })
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
}

/// The text as far as it is read.
#[derive(Default)]
struct Reader {
    text: String,
    title: Option<String>,
    front_matter: String,
    heading: Option<usize>,
    in_front_matter: bool,
    /// How deep in images and code, whose words are not the article's.
    skipping: usize,
}

impl Reader {
    fn read(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.in_front_matter => self.front_matter.push_str(&text),
            Event::Text(text) | Event::Code(text) if self.skipping == 0 => {
                self.text.push_str(&text)
            }
            Event::SoftBreak | Event::HardBreak => self.text.push(' '),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.text.push(' '),
            Event::Rule => self.paragraph(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag) {
        match tag {
            Tag::MetadataBlock(_) => self.in_front_matter = true,
            Tag::Image { .. } | Tag::CodeBlock(_) => self.skipping += 1,
            Tag::Heading { level: HeadingLevel::H1 | HeadingLevel::H2, .. }
                if self.title.is_none() =>
            {
                self.paragraph();
                self.heading = Some(self.text.len());
            }
            _ if is_block(&tag.to_end()) => self.paragraph(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::MetadataBlock(_) => self.in_front_matter = false,
            TagEnd::Image | TagEnd::CodeBlock => self.skipping = self.skipping.saturating_sub(1),
            TagEnd::TableCell => self.text.push(' '),
            _ => {}
        }
        if let Some(start) = self.heading.filter(|_| matches!(tag, TagEnd::Heading(_))) {
            self.heading = None;
            let title = self.text[start..].trim();
            self.title = (!title.is_empty()).then(|| title.to_owned());
        }
        if is_block(&tag) {
            self.paragraph();
        }
    }

    /// Ends the paragraph, if one is begun.
    fn paragraph(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push_str("\n\n");
        }
    }
}

fn is_block(tag: &TagEnd) -> bool {
    !matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::TableCell
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_)
    )
}

/// The value of a plain key of the front matter.
fn front_matter(block: &str, key: &str) -> Option<String> {
    let value = block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    let value = value.trim().trim_matches(['"', '\'']).trim();
    (!value.is_empty()).then(|| value.to_owned())
}
