//! Takes out of a page what its marks say is no part of the article: captions, offers, questions of
//! consent, links to other articles, readers' comments.

use dom_query::{Document, NodeRef};

/// Takes it out, before the article is looked for: what is left out here cannot be taken for it.
pub(super) fn take_out(page: &Document) {
    page.select("script, style, noscript, template").remove(); // their text would count
    let Some(body) = page.body() else { return };
    take_out_next_articles(page);
    let page_length = body.normalized_char_count();
    take_out_lists_of_others(page, page_length);
    let mut inside = vec![body];
    while let Some(element) = inside.pop() {
        for child in element.element_children() {
            if is_beside(&child, page_length) {
                child.remove_from_parent();
            } else {
                inside.push(child);
            }
        }
    }
}

/// Takes out the articles that a page goes on with where its own ends.
fn take_out_next_articles(page: &Document) {
    let articles = page.select("article:has(h1)");
    let mut articles = articles.nodes().iter();
    let Some(own) = articles.next() else { return };
    for next in articles.filter(|next| !next.ancestors_it(None).any(|outer| outer.id == own.id)) {
        next.remove_from_parent();
    }
}

/// What stands above lists of other articles.
const HEADINGS: [&str; 22] = [
    "also read",
    "around the web",
    "editor's picks",
    "features",
    "key events",
    "latest",
    "latest news",
    "more on this",
    "more on this story",
    "most popular",
    "most read",
    "most viewed",
    "read more",
    "read next",
    "recommended",
    "related",
    "related articles",
    "related content",
    "related stories",
    "top stories",
    "trending",
    "you may also like",
];

/// The part of a page's text that such a list may be with all that it is in.
const LONGEST_LIST: f64 = 0.5;

fn take_out_lists_of_others(page: &Document, page_length: usize) {
    for heading in page.select("h2, h3, h4, h5, h6").nodes() {
        let text = heading.text().trim().trim_end_matches(':').to_lowercase().replace('’', "'");
        let Some(list) = heading.parent().filter(|_| HEADINGS.contains(&text.as_str())) else {
            continue;
        };
        let is_apart = list.find(&["h1"]).is_empty()
            && (list.normalized_char_count() as f64) < LONGEST_LIST * page_length as f64;
        let after = heading.next_element_sibling().filter(|next| next.is("ul, ol"));
        match (is_apart, after) {
            (true, _) => list.remove_from_parent(),
            (false, Some(list)) => {
                list.remove_from_parent();
                heading.remove_from_parent();
            }
            (false, None) => {}
        }
    }
}

/// Elements that are never prose.
const ELEMENTS: [&str; 7] =
    ["amp-ad", "amp-consent", "amp-sidebar", "button", "dialog", "figcaption", "nav"];

/// Words that name what stands beside an article where a class or id begins with them.
const NAMES: [&str; 27] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "breadcrumb",
    "breadcrumbs",
    "cmp",
    "comment",
    "comments",
    "consent",
    "cookie",
    "cookies",
    "didomi",
    "disqus",
    "footnotes",
    "gdpr",
    "newsletter",
    "onetrust",
    "outbrain",
    "paywall",
    "qc",
    "recirc",
    "related",
    "respond",
    "sharedaddy",
    "taboola",
    "usercentrics",
];

/// Words that do so anywhere in a class or id, if the element is short.
const HINTS: [&str; 24] = [
    "audio",
    "banner",
    "bio",
    "caption",
    "contact",
    "credit",
    "donate",
    "endnotes",
    "experts",
    "gallery",
    "player",
    "popular",
    "promo",
    "pullquote",
    "share",
    "sharing",
    "signup",
    "social",
    "sponsored",
    "subscribe",
    "tags",
    "toc",
    "topics",
    "trending",
];

/// Words for the article: sites also mark it as one with comments, or with a paywall.
const ARTICLE: [&str; 9] =
    ["article", "content", "entry", "main", "page", "post", "story", "text", "wrapper"];

/// The part of a page's text from which an element is not short.
const SHORT: f64 = 0.25;

fn is_beside(element: &NodeRef, page_length: usize) -> bool {
    let name = element.node_name().unwrap_or_default();
    if ELEMENTS.contains(&&*name) || (&*name == "sup" && is_reference(element)) {
        return true;
    }
    if &*name == "time" && element.has_attr("datetime") {
        return element.parent().is_none_or(|parent| !parent.has_name("p"));
    }
    let marks = [element.class(), element.id_attr()].map(Option::unwrap_or_default);
    let marks = marks.iter().flat_map(|mark| mark.split_ascii_whitespace());
    let (mut is_named, mut is_hinted, mut is_article) = (false, false, false);
    for mark in marks {
        for (n, word) in mark.split(['-', '_', ':']).map(str::to_ascii_lowercase).enumerate() {
            let is_name = NAMES.contains(&&*word);
            is_named |= is_name && n == 0;
            is_hinted |= is_name || HINTS.contains(&&*word);
            is_article |= ARTICLE.contains(&&*word);
        }
    }
    if !is_hinted || !element.find(&["h1"]).is_empty() {
        return false;
    }
    let is_short = || (element.normalized_char_count() as f64) < SHORT * page_length as f64;
    (is_named && !is_article) || is_short()
}

/// Whether a raised piece of text is the number of a note.
fn is_reference(element: &NodeRef) -> bool {
    let text = element.text();
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || " []()*,".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of a page that stay.
    fn left(body: &str) -> String {
        let page = Document::from(format!("<html><body>{body}</body></html>").as_str());
        take_out(&page);
        page.text().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_stands_beside_the_article_is_left_out() {
        let article = format!("<p>{}</p>", "Kabul fell. ".repeat(50));
        let text = "Kabul fell. ".repeat(50);
        for beside in [
            "<div class='post-share'>Copy link</div>",
            "<div id='cookie-consent'><p>We and our partners</p></div>",
            "<ol class='comments-area'><li class='comment'><p>Nonsense!</p></ol>",
            "<figure><img src='a.jpg'><figcaption>Lorries</figcaption></figure>",
            "<h3>Related stories</h3><ul><li>Iran</ul>",
            "<section><h2>Top stories:</h2><div>Iran</div></section>",
            "<sup><a href='#n'>[17]</a></sup>",
            "<time datetime='2023-08-21'>9:05</time>",
            "<script>a()</script>",
        ] {
            assert_eq!(left(&format!("<main>{article}{beside}</main>")), text.trim(), "{beside}");
        }
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        for body in [
            "<div class='article paywall'><p>Kabul fell.</p></div>",
            "<div class='comments-open post'><p>Kabul fell.</p></div>",
            "<div id='share'><h1>Kabul fell.</h1></div>",
            "<p>Kabul fell on <time datetime='2021-08-15'>Sunday</time>.</p>",
            "<p>E = mc<sup>two</sup></p>",
            "<article><h1>Kabul fell.</h1><article><h1>Part two</h1></article></article>",
        ] {
            let page = Document::from(body);
            let words = page.text().split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(left(body), words, "{body}");
        }
    }

    #[test]
    fn the_next_article_is_another() {
        let next = "<div><article><h1>Iran</h1><p>Tehran rose.</p></article></div>";
        let own = "<article><h1>Kabul</h1><p>Kabul fell.</p></article>";
        assert_eq!(left(&format!("{own}{next}")), "KabulKabul fell.");
    }
}
