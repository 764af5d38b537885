//! Tells lines that belong to the page from lines that belong to the article.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::lines::Line;
use super::paragraphs::Gap;

/// A line that is not of the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clutter {
    /// Of a web page: navigation, credits, sharing.
    Web,
    /// Of a printed page: its number, the sign of the document.
    Page,
}

impl Clutter {
    /// What leaving the line out leaves between its neighbours.
    pub(super) fn gap(self) -> Gap {
        match self {
            Self::Web => Gap::Blank,
            Self::Page => Gap::Page,
        }
    }
}

/// What kind of clutter the line is, if it is; `gap` is what is before it.
pub(super) fn kind(
    line: &Line,
    gap: Gap,
    previous: Option<&Line>,
    next: Option<&Line>,
) -> Option<Clutter> {
    if line.text.len() > LONGEST {
        return None;
    }
    let blank_before = previous.is_none() || gap > Gap::None;
    let blank_after = next.is_none_or(|next| next.blanks > 0);
    if is_page_sign(line.text) || (is_number(line.text) && (blank_before || blank_after)) {
        return Some(Clutter::Page);
    }
    let inside = previous.is_some_and(|previous| !blank_before && !previous.is_ended());
    let goes_on = next.is_some_and(|next| next.blanks == 0 && next.starts_small());
    let is_web = is_rule(line.text)
        || (!inside && !goes_on && (is_button(line.text) || is_notice(line.text)))
        || (!inside && !goes_on && !line.ends_a_sentence() && is_label(line.text));
    is_web.then_some(Clutter::Web)
}

/// Bytes of the longest line that is looked at: a cookie notice.
const LONGEST: usize = 400;

/// A page number by itself.
fn is_number(text: &str) -> bool {
    text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Page numbers that say so, and the job numbers, symbols and notes on the interpretation of
/// United Nations documents.
fn is_page_sign(text: &str) -> bool {
    static SIGNS: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?ix) ^(?:
            page\s\d{1,4}(?:\s(?:of|/)\s\d{1,4})?
            | [-–—]\s?\d{1,4}\s?[-–—]
            | (?:\d{1,3}(?:/\d{1,3})?\s+)? \d\d-\d{5} (?:\s\(E\))? (?:\s+\d{1,3}(?:/\d{1,3})?)?
            | (?:\d\d/\d\d/\d{4}\s+)? A/\d\d/PV\.\d{1,3} (?:\s+\d\d/\d\d/\d{4})?
            | \(spoke\ in\ \w+ (?:;\ [\w\ ]+)? \)
        )$";
        Regex::new(pattern).expect("a constant pattern")
    });
    text.len() <= LONGEST_SIGN && SIGNS.is_match(text)
}

/// Bytes of the longest page sign: a note on the interpretation.
const LONGEST_SIGN: usize = 80;

/// A line drawn with dashes or stars.
fn is_rule(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric)
}

/// What is written on buttons, tabs and over forms and lists of links; compared in small letters,
/// without counts and punctuation.
fn is_button(text: &str) -> bool {
    if text.len() > LONGEST_BUTTON {
        return false;
    }
    let words = text.to_lowercase();
    let words = words.trim_matches(|c: char| !c.is_alphabetic());
    let are_networks = || words.split([' ', ',', '|', '·', '/']).all(is_network);
    BUTTONS.contains(&words) || (words.len() > 1 && are_networks())
}

/// Bytes of the longest row of buttons: all networks.
const LONGEST_BUTTON: usize = 150;

fn is_network(word: &str) -> bool {
    const NETWORKS: [&str; 13] = [
        "",
        "facebook",
        "twitter",
        "x",
        "linkedin",
        "whatsapp",
        "telegram",
        "reddit",
        "pinterest",
        "instagram",
        "youtube",
        "email",
        "print",
    ];
    NETWORKS.contains(&word)
}

const BUTTONS: [&str; 62] = [
    "accept",
    "accept all",
    "accept all cookies",
    "accept cookies",
    "ad",
    "advertisement",
    "advertisements",
    "all rights reserved",
    "back to top",
    "cancel reply",
    "comment",
    "comments",
    "copy link",
    "follow us",
    "follow us on",
    "leave a comment",
    "leave a reply",
    "like this",
    "load more",
    "log in",
    "manage cookies",
    "menu",
    "more from this author",
    "more stories",
    "most popular",
    "most read",
    "newsletter",
    "newsletters",
    "next",
    "next article",
    "next post",
    "no comments",
    "no comments yet",
    "post comment",
    "post navigation",
    "previous",
    "previous article",
    "previous post",
    "print this article",
    "read more",
    "read next",
    "recommended",
    "related",
    "related articles",
    "related content",
    "related news",
    "related posts",
    "related stories",
    "search",
    "share",
    "share this",
    "share this article",
    "share this post",
    "share this story",
    "shares",
    "show comments",
    "sign in",
    "sign up",
    "skip to content",
    "skip to main content",
    "subscribe",
    "tweet",
];

/// Sentences of the site, not of the article.
fn is_notice(text: &str) -> bool {
    static NOTICES: LazyLock<RegexSet> = LazyLock::new(|| {
        RegexSet::new([
            r"(?i)^(?:we|(?:this|our) (?:web)?site) uses? (?:\w+ )?cookies\b",
            r"(?i)^by (?:continuing|using|clicking|browsing)\b.{0,120}\bcookies\b",
            r"(?i)^your email address will not be published\b",
            r"(?i)^required fields are marked\b",
            r"(?i)^save my name, email,? and website in this browser\b",
            r"(?i)^click to (?:share|email|print)\b.{0,60}$",
            r"(?i)^share (?:this )?(?:on|via|with) (?:facebook|twitter|x|linkedin|whatsapp|email)\b.{0,20}$",
            r"(?i)^(?:subscribe|sign up) (?:to|for) (?:our|the|my)\b.{0,40}\bnewsletters?\b.{0,20}$",
            r"(?i)^(?:©|\(c\)|copyright\b).{0,10}(?:19|20)\d\d\b.{0,80}$",
        ])
        .expect("constant patterns")
    });
    NOTICES.is_match(text)
}

/// Breadcrumbs, credits and links, by what they start with; only for lines that are no sentence.
fn is_label(text: &str) -> bool {
    static LABELS: LazyLock<RegexSet> = LazyLock::new(|| {
        RegexSet::new([
            r"(?i)^(?:home|homepage|front page)\s*[>»›→/|]\s*\S",
            r"^[^>»›→]{1,40}(?:\s[>»›→]\s[^>»›→]{1,40})+\s[>»›→]\s",
            r"(?i)^(?:also |further )?read(?: (?:more|next|also|now))?:\s",
            r"(?i)^(?:related(?: (?:article|story|content|news))?|see also|more on this|watch|listen)s?:\s",
            r"(?i)^[\[(]?(?:(?:cover |featured |file |lead )?(?:photo|image|picture|photograph)s?)?\s?(?:credit|courtesy|source)s?(?: of)?:\s",
            r"(?i)^[\[(]?(?:cover |featured |file |lead )?(?:photo|image|picture|photograph)s?:\s",
            // A name after 'by', not 'photos by the thousand'.
            r"^[\[(]?(?i:photo(?:graph)?s?|image|picture) (?i:by|via|courtesy of):? \p{Lu}[\p{L}.'’-]*(?:[ ,/|]+(?:(?i:and|via|for|of|the|de|al|bin) )*[\p{Lu}(][\p{L}.'’)-]*){0,9}[\])]?$",
            // 'Mohammad Noori/Anadolu Agency'.
            r"^[\[(]?(?:\p{Lu}[\p{L}.'’-]*\s?){1,4}\s?/\s?(?:AFP|AP|AP Photo|Anadolu|Anadolu Agency|EPA|EPA-EFE|Getty|Getty Images|Reuters|REUTERS|Shutterstock|Xinhua)(?: (?:via|/) [\p{L} ]{2,20})?[\])]?$",
        ])
        .expect("constant patterns")
    });
    LABELS.is_match(text)
}
