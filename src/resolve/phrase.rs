//! Finds the country, group or body that a phrase ties a person, an office or an organization to:
//! 'Pakistani Prime Minister Imran Khan', 'Khan, the Pakistani prime minister', 'Foreign Ministry in Tehran'.

use super::vocabulary::{is_function_word, is_role, takes_to};
use crate::article::Span;

pub(super) use super::vocabulary::{is_generic_word, is_title};

/// How a named actor may lend its country to a span beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// 'Pakistani', 'Afghan': an adjective.
    Demonym,
    /// 'Pakistani Prime Minister': holds the office itself.
    Office,
    /// 'Pakistan', 'Taliban', 'Kabul'.
    Noun,
}

/// A span whose actor is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchor {
    pub(super) span: Span,
    pub(super) form: Form,
}

/// What is tied: a person needs an office between, a body or a group does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tied {
    Person,
    Body,
}

/// The words of a stretch of text, without possessive 's and without punctuation around.
pub(super) fn words(text: &str, within: Span) -> Words<'_> {
    Words { text, at: within.start, end: within.end }
}

/// See [`words`].
#[derive(Debug, Clone)]
pub(super) struct Words<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl Iterator for Words<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let rest = &self.text[self.at..self.end];
        let start = self.at + rest.find(char::is_alphanumeric)?;
        let rest = &self.text[start..self.end];
        let mut length = rest.len();
        let mut resume = rest.len();
        let mut letters = rest.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let after = letters.peek().map_or(' ', |&(_, next)| next);
            let joins = matches!(letter, '\'' | '’' | '-' | '.') && after.is_alphanumeric();
            let possessive = joins
                && matches!(letter, '\'' | '’')
                && ends_with_s(&rest[at + letter.len_utf8()..]);
            if possessive || !(letter.is_alphanumeric() || joins) {
                length = at;
                resume = if possessive { at + letter.len_utf8() + 1 } else { at };
                break;
            }
        }
        self.at = start + resume;
        Some(Span::new(start, start + length))
    }
}

fn ends_with_s(rest: &str) -> bool {
    let mut letters = rest.chars();
    matches!(letters.next(), Some('s' | 'S')) && !letters.next().is_some_and(char::is_alphanumeric)
}

/// Which of the anchors of the sentence, in order, the phrase ties the span to.
pub(super) fn adjoining(
    text: &str,
    sentence: Span,
    span: Span,
    tied: Tied,
    anchors: &[Anchor],
) -> Option<usize> {
    let before = anchors.partition_point(|anchor| anchor.span.start < span.start);
    let left = anchors[..before].iter().enumerate().rev().take(4);
    let left = left.filter(|(_, anchor)| anchor.span.end <= span.start);
    for (index, anchor) in left {
        if leads_up(text, *anchor, span, tied, anchors) {
            return Some(index);
        }
    }
    let right = anchors.iter().enumerate().skip(before).take(3);
    let right = right.filter(|(_, anchor)| anchor.span.start >= span.end);
    for (index, anchor) in right {
        if follows(text, sentence, *anchor, span, tied) {
            return Some(index);
        }
    }
    None
}

/// 'Pakistan's military chief, Gen.' before 'Asim Munir'.
fn leads_up(text: &str, anchor: Anchor, span: Span, tied: Tied, anchors: &[Anchor]) -> bool {
    let gap = Span::new(anchor.span.end, span.start);
    let between = gap.of(text);
    if between.len() > 120 || between.contains([';', ':', '(', ')', '“', '”', '"', '—', '?', '!'])
    {
        return false;
    }
    let possessive = between.starts_with(['\'', '’']);
    let is_other = |word: &Span| {
        let after = anchors.partition_point(|other| other.span.start <= word.start);
        after > 0 && anchors[after - 1].span.contains(*word)
    };
    let parts: Vec<Span> = words(text, gap).filter(|word| !is_filler(word.of(text))).collect();
    let Some((last, _)) = parts.split_last() else {
        return !between.contains([',', '.']) && (anchor.form != Form::Noun || tied == Tied::Body);
    };
    let first = parts[0].of(text);
    let modifies = possessive || anchor.form == Form::Demonym;
    let office = words(text, anchor.span).last().map_or("", |word| word.of(text));
    let posted = anchor.form == Form::Office && takes_to(office);
    if parts.len() > 9 || !(modifies || posted || is_role(first)) {
        return false;
    }
    // 'US ambassador to Pakistan Ann Smith': the post may stand last.
    let ends_in_post = is_other(last) && parts.iter().any(|word| word.of(text) == "to");
    let last = last.of(text);
    if tied == Tied::Person && !is_role(last) && !ends_in_post {
        return false;
    }
    let mut before = if posted { office } else { "" };
    for word in &parts {
        let written = word.of(text);
        let pause = text[..word.start].trim_end().ends_with(',');
        let goes_on = match written {
            "of" | "for" | "and" => is_role(before) || before.starts_with(char::is_uppercase),
            "the" => matches!(before, "of" | "for" | "to"),
            "to" => takes_to(before),
            _ => {
                is_role(written)
                    || is_other(word)
                    || written.starts_with(char::is_uppercase)
                    || (modifies && !is_function_word(written))
            }
        };
        if !goes_on || (pause && !is_role(before)) {
            return false;
        }
        before = written;
    }
    !matches!(last, "of" | "for" | "and" | "to" | "the")
        && (!between.trim_end().ends_with(',') || is_role(last))
}

/// The possessive's s, and 'His Excellency' in letters: 'H.E.', 'H E', 'HE'.
fn is_filler(word: &str) -> bool {
    matches!(word, "s" | "H" | "E" | "H.E" | "HE")
}

/// 'of Pakistan', '(Pakistan)', ', the Pakistani prime minister' after 'Imran Khan'.
fn follows(text: &str, sentence: Span, anchor: Anchor, span: Span, tied: Tied) -> bool {
    let gap = Span::new(span.end, anchor.span.start);
    let between = gap.of(text).trim();
    if between == "(" {
        return text[anchor.span.end..].starts_with(')');
    }
    let parts: Vec<&str> = words(text, gap).map(|word| word.of(text)).collect();
    if let Some(rest) = between.strip_prefix(',') {
        return !rest.contains([',', ';', '“', '"', '('])
            && apposition(text, sentence, anchor, &parts);
    }
    if between.contains(|letter: char| letter.is_ascii_punctuation() && letter != '-')
        || parts.len() > 4
    {
        return false;
    }
    let Some((&link, rest)) = parts.split_first() else {
        return false;
    };
    let links = match tied {
        Tied::Person => link == "of",
        Tied::Body => matches!(link, "of" | "in" | "from"),
    };
    links && rest.iter().all(|word| *word == "the" || !is_function_word(word))
}

/// ', the Pakistani prime minister', ', Pakistan's envoy', ', foreign minister of Iran'.
fn apposition(text: &str, sentence: Span, anchor: Anchor, parts: &[&str]) -> bool {
    if let Some(of) = parts.iter().rposition(|word| matches!(*word, "of" | "for")) {
        let office = &parts[..of];
        if parts[of] == "for" && office.last().is_none_or(|word| takes_to(word)) {
            return false;
        }
        let to_anchor = &parts[of + 1..];
        return office.iter().any(|word| is_role(word))
            && office.iter().all(|word| {
                is_role(word)
                    || matches!(*word, "a" | "an" | "the" | "of" | "for")
                    || !is_function_word(word)
            })
            && to_anchor.iter().all(|word| *word == "the" || !is_function_word(word));
    }
    if anchor.form == Form::Office {
        return true;
    }
    let possessive = text[anchor.span.end..].starts_with(['\'', '’']);
    let leads = parts.iter().all(|word| matches!(*word, "a" | "an" | "the") || is_role(word));
    if !leads || !(possessive || anchor.form == Form::Demonym || !parts.is_empty()) {
        return false;
    }
    let rest = Span::new(anchor.span.end, sentence.end.max(anchor.span.end));
    let phrase = rest.of(text).split([',', ';', '.']).next().unwrap_or("");
    let phrase = Span::new(rest.start, rest.start + phrase.len());
    words(text, phrase)
        .map(|word| word.of(text))
        .take(5)
        .take_while(|word| !is_function_word(word))
        .any(is_role)
}

/// Whether the span stands after a word of place: 'in Kabul', 'near the Afghan border'.
pub(super) fn is_locative(text: &str, span: Span) -> bool {
    let before = text[..span.start].trim_end();
    let before = before.strip_suffix(" the").unwrap_or(before);
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
    ["in", "at", "near", "inside", "across", "around", "outside", "through", "into"]
        .iter()
        .any(|locative| locative.eq_ignore_ascii_case(word))
}

/// Whether the span is a group that fights a government: 'Taliban militants'.
pub(super) fn is_insurgent(text: &str, span: Span) -> bool {
    let after = text[span.end..].split(|letter: char| !letter.is_alphabetic()).nth(1);
    ["militants", "insurgents", "insurgency", "gunmen", "guerrillas", "rebels"]
        .iter()
        .any(|noun| after.is_some_and(|word| word == *noun))
}
