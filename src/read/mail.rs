//! Reads mails, `.eml`, and web pages that a browser saved as one file, `.mhtml`.

use anyhow::{Context, Result};
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use super::metadata::{self, Dated};
use super::{Content, bounds, html};
use crate::article::DateFrom;

/// The text of a mail under its subject.
pub(super) fn eml(bytes: &[u8]) -> Result<Content> {
    let mail = parse(bytes)?;
    let plain = mail.text_bodies().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text.to_string()),
        _ => None,
    });
    let content = match (plain, mail.body_html(0)) {
        (Some(text), _) => Content { text, ..Content::default() },
        (None, Some(page)) => html::read(&page)?,
        (None, None) => Content::default(),
    };
    let title = mail.thread_name().map(str::trim).filter(|title| !title.is_empty());
    let title = title.map(str::to_owned).or(content.title);
    Ok(Content {
        text: html::under_headline(title.as_deref(), content.text),
        title,
        author: mail.from().and_then(|from| from.first()?.name()).map(str::to_owned),
        date: date(&mail).or(content.date),
        ..Content::default()
    })
}

/// The page in a file of a page and its pictures.
pub(super) fn mhtml(bytes: &[u8]) -> Result<Content> {
    let saved = parse(bytes)?;
    let page = saved.html_bodies().find_map(|part| match &part.body {
        PartType::Html(page) => Some(page.to_string()),
        _ => None,
    });
    let page = page.context("there is no page in it; save it again")?;
    let content = html::read(&page)?;
    let location = saved.header_raw("Snapshot-Content-Location").map(|url| url.trim().to_owned());
    let location = location.or_else(|| {
        saved.html_bodies().find_map(|part| part.content_location()).map(str::to_owned)
    });
    // Its own date is that of the day it was saved.
    let url = content.url.clone().or(location.filter(|url| url.starts_with("http")));
    Ok(Content { url, ..content })
}

fn parse(bytes: &[u8]) -> Result<Message<'_>> {
    bounds::check_signs(bytes, |byte| byte == b'\n')?; // each may begin a header or a part
    MessageParser::default().parse(bytes).context("it is no mail; save it again")
}

fn date(mail: &Message) -> Option<Dated> {
    let date = mail.date()?;
    let date = metadata::day(date.year, date.month, date.day)?;
    Some(Dated { date, from: DateFrom::Header })
}
