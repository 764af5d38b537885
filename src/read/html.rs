//! Reads web pages: the article without what surrounds it.

use anyhow::{Context, Result, bail};
use dom_smoothie::{Config, Metadata, Readability, TextMode};

use super::metadata::Dated;
use super::{Content, bounds, metadata, surroundings};
use crate::article::DateFrom;

/// The article of a page, its headline first; where no article can be told from the rest of the
/// page, all of its text.
pub(super) fn read(page: &str) -> Result<Content> {
    bounds::check_page(page)?;
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let mut readability =
        Readability::new(page, None, Some(config)).context("cannot read the page")?;
    let date = marked_date(&readability);
    let url = canonical_url(&readability);
    let heading = readability.doc.select("h1").iter().next().map(|heading| heading.text());
    let structured = readability.parse_json_ld();
    let date = published(structured.as_ref(), DateFrom::JsonLd).or_else(|| {
        published(Some(&readability.get_article_metadata(None)), DateFrom::OpenGraph).or(date)
    });
    let found = readability.get_article_metadata(structured);
    surroundings::take_out(&readability.doc);
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
    let title = title.map(|title| without_site(title, heading.as_deref()));
    Ok(Content {
        text: under_headline(title.as_deref(), text),
        title,
        publisher: found.site_name,
        author: found.byline.map(|author| author.trim().to_owned()).filter(|a| !a.is_empty()),
        url: found.url.filter(|url| url.starts_with("http")).or(url),
        date,
        ..Content::default()
    })
}

/// The heading of a page instead of a title that says it and then the site's name.
fn without_site(title: String, heading: Option<&str>) -> String {
    match heading.map(str::trim) {
        Some(heading) if !heading.is_empty() && title.starts_with(heading) => heading.to_owned(),
        _ => title,
    }
}

/// The date of publication in a page's description of itself.
fn published(found: Option<&Metadata>, from: DateFrom) -> Option<Dated> {
    let date = metadata::date(found?.published_time.as_deref()?)?;
    Some(Dated { date, from })
}

/// The date in the page's own marks, for pages that do not describe themselves.
fn marked_date(readability: &Readability) -> Option<Dated> {
    const MARKS: [(&str, &str, DateFrom); 7] = [
        ("meta[itemprop='datePublished']", "content", DateFrom::Meta),
        ("meta[name='date']", "content", DateFrom::Meta),
        ("meta[name='pubdate']", "content", DateFrom::Meta),
        ("meta[name='DC.date.issued']", "content", DateFrom::Meta),
        ("[itemprop='datePublished']", "datetime", DateFrom::Time),
        ("time[pubdate]", "datetime", DateFrom::Time),
        ("time[datetime]", "datetime", DateFrom::Time),
    ];
    MARKS.iter().find_map(|&(mark, attribute, from)| {
        let value = readability.doc.select(mark).attr(attribute)?;
        Some(Dated { date: metadata::date(&value)?, from })
    })
}

/// Where the page says that it belongs.
fn canonical_url(readability: &Readability) -> Option<String> {
    const MARKS: [(&str, &str); 2] =
        [("link[rel='canonical']", "href"), ("meta[property='og:url']", "content")];
    MARKS.iter().find_map(|(mark, attribute)| {
        let url = readability.doc.select(mark).attr(attribute)?;
        url.starts_with("http").then(|| url.to_string())
    })
}

/// All text of a page, such as a chapter of a book.
pub(super) fn all_text(page: &str) -> Result<String> {
    bounds::check_page(page)?;
    Ok(whole_text(page))
}

/// All text of a page but that of scripts, forms and menus.
fn whole_text(page: &str) -> String {
    let document = Readability::from(page).doc;
    document.select("head, nav, form, iframe, svg").remove();
    surroundings::take_out(&document);
    document.formatted_text().to_string()
}

/// The text with the headline as its first paragraph, which readability takes out.
pub(super) fn under_headline(title: Option<&str>, text: String) -> String {
    match title.map(str::trim) {
        Some(title) if !text.trim_start().starts_with(title) => format!("{title}\n\n{text}"),
        _ => text,
    }
}
