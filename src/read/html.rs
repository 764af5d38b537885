//! Reads web pages: the article without what surrounds it.

use anyhow::{Context, Result, bail};
use dom_smoothie::{Config, Readability, TextMode};

use super::{Content, bounds, metadata};
use crate::article::PublicationDate;

/// The article of a page, its headline first; where no article can be told from the rest of the
/// page, all of its text.
pub(super) fn read(page: &str) -> Result<Content> {
    bounds::check(page)?;
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let mut readability =
        Readability::new(page, None, Some(config)).context("cannot read the page")?;
    let date = date(&readability);
    let found = readability.get_article_metadata(readability.parse_json_ld());
    let text = match readability.parse() {
        Ok(article) if article.text_content.contains(char::is_alphabetic) => {
            article.text_content.to_string()
        }
        _ => whole_text(page),
    };
    if !text.contains(char::is_alphabetic) {
        bail!("there is no text in the page, maybe a script loads it; save it from a browser");
    }
    let title = Some(found.title).filter(|title| !title.trim().is_empty());
    Ok(Content {
        text: under_headline(title.as_deref(), text),
        title,
        publisher: found.site_name,
        date: found.published_time.as_deref().and_then(metadata::date).or(date),
    })
}

/// The date in the page's own marks, for pages whose metadata has none.
fn date(readability: &Readability) -> Option<PublicationDate> {
    const MARKS: [(&str, &str); 7] = [
        ("meta[itemprop='datePublished']", "content"),
        ("meta[name='date']", "content"),
        ("meta[name='pubdate']", "content"),
        ("meta[name='DC.date.issued']", "content"),
        ("[itemprop='datePublished']", "datetime"),
        ("time[pubdate]", "datetime"),
        ("time[datetime]", "datetime"),
    ];
    MARKS.iter().find_map(|(mark, attribute)| {
        let value = readability.doc.select(mark).attr(attribute)?;
        metadata::date(&value)
    })
}

/// All text of a page but that of scripts, forms and menus.
fn whole_text(page: &str) -> String {
    let document = Readability::from(page).doc;
    document.select("head, script, style, noscript, template, nav, form, iframe, svg").remove();
    document.formatted_text().to_string()
}

/// The text with the headline as its first paragraph, which readability takes out.
fn under_headline(title: Option<&str>, text: String) -> String {
    match title.map(str::trim) {
        Some(title) if !text.trim_start().starts_with(title) => format!("{title}\n\n{text}"),
        _ => text,
    }
}
