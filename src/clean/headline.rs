//! Finds the headline among the first lines, and the lines that only say it again.

use super::lines::Line;
use super::{clutter, paragraphs::Gap};

/// The headline of a text.
#[derive(Debug, Default)]
pub(super) struct Headline {
    /// Its words.
    pub(super) title: Option<String>,
    /// Where its line starts in the raw text.
    start: Option<usize>,
    /// Where lines start that say it again.
    repeated: Vec<usize>,
}

/// How many lines are looked at: menus, breadcrumbs, the date and the author come before the text.
const LOOKED_AT: usize = 12;

impl Headline {
    /// The headline: the line said twice, else the first line if it reads like one.
    pub(super) fn find<'a>(lines: impl Iterator<Item = Line<'a>>) -> Self {
        let first: Vec<Line> = lines.take(LOOKED_AT).collect();
        Self::said_twice(&first).or_else(|| Self::first(&first)).unwrap_or_default()
    }

    /// Whether this is the line of the headline.
    pub(super) fn is(&self, line: &Line) -> bool {
        self.start == Some(line.start)
    }

    /// Whether the line says the headline again.
    pub(super) fn repeated_by(&self, line: &Line) -> bool {
        self.repeated.contains(&line.start)
    }

    /// A line that others among the first repeat, alone or with the site's name after it.
    fn said_twice(first: &[Line]) -> Option<Self> {
        // Most lines begin like no other: only the rest are compared.
        let starts: Vec<_> = first.iter().map(start).collect();
        let alike =
            |line: &usize| starts.iter().filter(|&other| *other == starts[*line]).count() > 1;
        let small: Vec<(usize, String)> = (0..first.len())
            .filter(alike)
            .map(|line| (line, opening(&first[line]).to_lowercase()))
            .collect();
        let said_again = |(line, headline): &(usize, String)| -> Vec<usize> {
            let again = small.iter().filter(|(n, other)| n != line && repeats(other, headline));
            again.map(|&(n, _)| first[n].start).collect()
        };
        let (headline, repeated) = small
            .iter()
            .filter(|(line, _)| first[*line].text.len() <= LONGEST)
            .map(|line| (&first[line.0], said_again(line)))
            .find(|(line, again)| !again.is_empty() && reads_like_one(line))?;
        Some(Self::at(headline, repeated))
    }

    /// The first line that is no clutter, if it stands alone.
    fn first(first: &[Line]) -> Option<Self> {
        let is_text = |line: &Line| clutter::kind(line, Gap::Blank, None, None).is_none();
        let at = first.iter().position(is_text)?;
        let next = first.get(at + 1)?;
        let alone = next.blanks > 0 && !next.starts_small();
        (alone && reads_like_one(&first[at])).then(|| Self::at(&first[at], vec![]))
    }

    fn at(line: &Line, repeated: Vec<usize>) -> Self {
        let title = line.text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { title: Some(title), start: Some(line.start), repeated }
    }
}

/// As much of a line as can be a headline with the name of a site, and one character more.
fn opening<'a>(line: &Line<'a>) -> &'a str {
    &line.text[..line.text.ceil_char_boundary(LONGEST + LONGEST_SITE + 1)]
}

/// The first three characters in small letters: a headline has two words, so no fewer.
fn start(line: &Line) -> [Option<char>; 3] {
    let mut small = line.text.chars().flat_map(char::to_lowercase);
    [small.next(), small.next(), small.next()]
}

/// Whether a line says what the headline says: the same words, or these and the name of a site.
/// Both are in small letters.
fn repeats(line: &str, headline: &str) -> bool {
    let site = line.strip_prefix(headline).map(str::trim_start);
    site.is_some_and(|site| {
        site.is_empty()
            || (site.starts_with(['|', '-', '–', '—', '·', '»']) && site.len() <= LONGEST_SITE)
    })
}

/// Bytes of a site's name with the mark before it.
const LONGEST_SITE: usize = 60;

/// Whether a line could be a headline: some words, and no end of a sentence.
fn reads_like_one(line: &Line) -> bool {
    line.text.len() <= LONGEST
        && (2..=30).contains(&line.text.split_whitespace().count())
        && !line.text.trim_end_matches(['*', '_']).ends_with(['.', ',', ':', ';', '…', '-'])
        && line.text.starts_with(|c: char| !c.is_lowercase())
        && line.text.chars().any(char::is_lowercase)
        && clutter::kind(line, Gap::Blank, None, None).is_none()
        && !is_salutation(line.text)
}

/// Bytes of the longest headline.
const LONGEST: usize = 250;

/// Whether a speech starts like this.
fn is_salutation(text: &str) -> bool {
    const ADDRESSED: [&str; 8] = [
        "president",
        "chairman",
        "secretary-general",
        "gentlemen",
        "excellencies",
        "friends",
        "delegates",
        "colleagues",
    ];
    let text = text.to_lowercase();
    let last = text
        .trim_end_matches(|c: char| !c.is_alphanumeric())
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    ADDRESSED.contains(&last)
}
