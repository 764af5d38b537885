//! Which field of a record is what: as the user says, else by the usual names.

use serde::{Deserialize, Serialize};

/// The names of the fields to read; where one is `None`, there is none, or it is to be guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The text of the article, plain or HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Its headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The day it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The publisher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its address on the web.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
}

// Names in the exports of scrapers (trafilatura, news-please, newspaper, Scrapy), of news
// archives and of data sets; the surest first.
const TEXT: [&str; 18] = [
    "text",
    "body",
    "content",
    "maintext",
    "article_text",
    "full_text",
    "fulltext",
    "articlebody",
    "article_body",
    "body_text",
    "article_content",
    "story_text",
    "article",
    "story",
    "main_text",
    "plain_text",
    "raw_text",
    "html",
];
const TITLE: [&str; 6] = ["title", "headline", "article_title", "head", "hed", "heading"];
const DATE: [&str; 18] = [
    "date",
    "date_publish",
    "publish_date",
    "published",
    "published_at",
    "date_published",
    "publication_date",
    "datepublished",
    "pubdate",
    "pub_date",
    "published_date",
    "publishedat",
    "article_date",
    "datetime",
    "time",
    "timestamp",
    "created_at",
    "created",
];
const SOURCE: [&str; 14] = [
    "source",
    "sitename",
    "site_name",
    "publisher",
    "outlet",
    "media",
    "media_name",
    "source_name",
    "newspaper",
    "publication",
    "source_domain",
    "domain",
    "hostname",
    "site",
];
const URL: [&str; 7] = ["url", "link", "uri", "web_url", "source_url", "article_url", "href"];
const AUTHOR: [&str; 5] = ["author", "authors", "byline", "writer", "creator"];

impl Columns {
    /// These columns, and those of `below` where none is named here.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            text: self.text.or(below.text),
            title: self.title.or(below.title),
            date: self.date.or(below.date),
            source: self.source.or(below.source),
            url: self.url.or(below.url),
            author: self.author.or(below.author),
        }
    }

    /// These columns, and for each that the user did not name the first of its usual names that
    /// the record has.
    pub(super) fn or_guessed(&self, names: &[&str]) -> Self {
        let choose = |asked: &Option<String>, usual: &[&str]| {
            asked.clone().or_else(|| guess(names, usual).map(str::to_owned))
        };
        Self {
            text: choose(&self.text, &TEXT),
            title: choose(&self.title, &TITLE),
            date: choose(&self.date, &DATE),
            source: choose(&self.source, &SOURCE),
            url: choose(&self.url, &URL),
            author: choose(&self.author, &AUTHOR),
        }
    }

    /// All of them, in one order.
    pub(super) fn all(&self) -> impl Iterator<Item = Option<&str>> {
        let all = [&self.text, &self.title, &self.date, &self.source, &self.url, &self.author];
        all.into_iter().map(Option::as_deref)
    }

    /// The names of those that have one.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.all().flatten()
    }

    /// What is read from where, for a person: ``text from `body`, title from `headline` ``.
    pub fn describe(&self) -> String {
        let parts = [
            ("text", &self.text),
            ("title", &self.title),
            ("date", &self.date),
            ("source", &self.source),
            ("URL", &self.url),
            ("author", &self.author),
        ];
        let known = parts
            .iter()
            .filter_map(|(what, name)| name.as_ref().map(|name| format!("{what} from `{name}`")));
        known.collect::<Vec<_>>().join(", ")
    }
}

/// The first of the usual names that is among the names, whatever its case and the marks in it.
fn guess<'a>(names: &[&'a str], usual: &[&str]) -> Option<&'a str> {
    let plain = |name: &str| name.trim().to_lowercase().replace([' ', '-', '.'], "_");
    usual.iter().find_map(|usual| names.iter().copied().find(|name| plain(name) == *usual))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_are_known_and_the_user_s_win() {
        let names = ["id", "Headline", "Full Text", "Publication-Date", "link"];
        let guessed = Columns::default().or_guessed(&names);
        let expected = "text from `Full Text`, title from `Headline`, date from `Publication-Date`, \
             URL from `link`";
        assert_eq!(guessed.describe(), expected);
        let asked = Columns { text: Some("id".into()), ..Columns::default() };
        assert_eq!(asked.or_guessed(&names).text.as_deref(), Some("id"));
    }
}
