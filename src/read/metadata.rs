//! Finds dates, the author and the author's country, in names of files and in first lines.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

use crate::article::{Country, DateFrom, Precision, PublicationDate};

/// A date, and where it is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dated {
    pub(super) date: PublicationDate,
    pub(super) from: DateFrom,
}

/// The date in a file's name, else in those of its folders, the nearest first: `2023-08-21`,
/// `20230821`, `2023/08/21`, `2023-08`, a folder `2023`, or the year of [`author_country`]'s names.
pub(super) fn date_of_name(name: &str) -> Option<PublicationDate> {
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:^|[^0-9])(?<year>(?:19|20)\d\d)(?<first>[-_./]?)(?<month>0[1-9]|1[0-2])(?<second>[-_./]?)(?<day>0[1-9]|[12]\d|3[01])(?:[^0-9]|$)",
        )
    });
    static MONTH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:^|[^0-9])(?<year>(?:19|20)\d\d)[-_/](?<month>0[1-9]|1[0-2])(?:[^0-9_-]|[_-][^0-9]|$)",
        )
    });
    static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|/)(?<year>(?:19|20)\d\d)/"));
    last(&DAY, name)
        .or_else(|| last(&MONTH, name))
        .or_else(|| speech(name).and_then(|(_, year)| known(year, None, None)))
        .or_else(|| last(&YEAR, name))
}

/// The date of the last match in a name. The mark after one date may be the mark before the next.
fn last(date: &Regex, name: &str) -> Option<PublicationDate> {
    let mut found = None;
    let mut start = 0;
    while let Some(captures) = date.captures_at(name, start) {
        found = numbers(&captures).or(found);
        start = captures.name("year")?.end();
    }
    found
}

/// The country a speech is given for, where the name is as in the United Nations General Debate
/// corpus: `PAK_76_2021.txt` is Pakistan's in the 76th session, 2021.
pub(super) fn author_country(name: &str) -> Option<Country> {
    speech(name).map(|(country, _)| country)
}

/// Country and year in the name of a speech.
fn speech(name: &str) -> Option<(Country, i16)> {
    static SPEECH: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?:^|/)([A-Z]{3})_\d{1,3}_((?:19|20)\d\d)(?:\.[a-z]+)?$"));
    let found = SPEECH.captures(name)?;
    Some((found[1].parse().ok()?, found[2].parse().ok()?))
}

/// The date in the first lines of a text, where it says when the text was published: 'Published:
/// 2023-08-21', a line with little but a date, 'KABUL, Aug. 21, 2023 (Reuters)'. Only whole dates
/// count, and not those in sentences.
pub(super) fn date_of_text(text: &str) -> Option<PublicationDate> {
    static DATELINE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^[A-Z][A-Z.'’ -]{2,30},[^.,:;]{0,30}?,?\s(.{6,20}?\d{4})\s?(?:\(|—|–|-|:)")
    });
    let first_lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(8);
    for line in first_lines {
        let line: String = line.chars().take(200).collect();
        if line.len() <= LONGEST_DATE_LINE && !line.ends_with(['.', '?', '!', ':', ',']) {
            if let Some(date) = date(&line) {
                return Some(date);
            }
        } else if let Some(dateline) = DATELINE.captures(&line) {
            return date(&dateline[1]);
        }
    }
    None
}

/// Bytes of a line with a date, a weekday, the time, and the author's name.
const LONGEST_DATE_LINE: usize = 90;

/// The date in a field for dates: as in texts, or less exact (`2023-08`, `2023`), without marks
/// (`20230821T1015`), or in seconds since 1970, or thousandths, millionths or billionths of them.
pub(super) fn date_in_field(value: &str) -> Option<PublicationDate> {
    static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?<year>(?:19|20)\d\d)(?:-?(?<month>0[1-9]|1[0-2])(?:(?<day>[0-3]\d)(?:T.*)?)?)?$",
        )
    });
    let value = value.trim();
    let plain = || numbers(&NUMBERS.captures(value)?);
    date(value).or_else(plain).or_else(|| date_of_seconds(value))
}

/// The day, in UTC, of a number of seconds since 1970, or of thousandths, millionths or billionths
/// of them; from 1973 on, so that a year or a page number is none.
fn date_of_seconds(value: &str) -> Option<PublicationDate> {
    let number: f64 = value.parse().ok()?;
    let units = [1.0, 1e3, 1e6, 1e9];
    let seconds = units.map(|unit| number / unit).into_iter().find(|s| (1e8..1e11).contains(s))?;
    let day = jiff::Timestamp::from_second(seconds as i64).ok()?;
    let day = day.to_zoned(jiff::tz::TimeZone::UTC).date();
    known(day.year(), Some(day.month()), Some(day.day()))
}

/// The first whole date in a text: `2023-08-21` (a time may follow), `August 21, 2023`,
/// `21 Aug. 2023`.
pub(super) fn date(text: &str) -> Option<PublicationDate> {
    static ISO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:^|[^0-9])(?<year>\d{4})(?<first>[-/.])(?<month>\d\d?)(?<second>[-/.])(?<day>\d\d?)(?:[^0-9]|$)",
        )
    });
    static MONTH_FIRST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b([a-z]{3,9})\.? (\d\d?)(?:st|nd|rd|th)?,? (\d{4})\b"));
    static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(\d\d?)(?:st|nd|rd|th)?(?: of)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})\b")
    });
    let iso = || numbers(&ISO.captures(text)?);
    let month_first = || {
        let found = MONTH_FIRST.captures(text)?;
        known(found[3].parse().ok()?, month(&found[1]), found[2].parse().ok())
    };
    let day_first = || {
        let found = DAY_FIRST.captures(text)?;
        known(found[3].parse().ok()?, month(&found[2]), found[1].parse().ok())
    };
    iso().or_else(month_first).or_else(day_first).filter(|date| date.precision == Precision::Day)
}

/// The month of that name, or of the first letters of it.
fn month(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_lowercase();
    let at = MONTHS.iter().position(|month| name.len() >= 3 && month.starts_with(&name))?;
    i8::try_from(at + 1).ok()
}

/// The date that year, month and day of a match make, if the marks between them are the same.
fn numbers(found: &Captures) -> Option<PublicationDate> {
    let part = |name| found.name(name).map(|part| part.as_str());
    if part("first") != part("second") {
        return None;
    }
    let number = |name| part(name)?.parse().ok();
    known(part("year")?.parse().ok()?, number("month"), number("day"))
}

/// The date of a year, month and day.
pub(super) fn day(year: u16, month: u8, day: u8) -> Option<PublicationDate> {
    known(year.try_into().ok()?, month.try_into().ok(), day.try_into().ok())
}

/// The author in the first lines: `By A. Writer and B. Writer`.
pub(super) fn author_of_text(text: &str) -> Option<String> {
    static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
        let name = r"(?:\p{Lu}[\p{L}.'’-]*)(?: (?:\p{Lu}[\p{L}.'’-]*|al|bin|de|van|von|ul))+";
        pattern(&format!(r"^(?:[Bb]y|BY) ({name}(?:(?:,| and|, and) {name})*)\s*(?:[|·—–,(].*)?$"))
    });
    let first_lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(8);
    let mut short = first_lines.filter(|line| line.len() <= LONGEST_DATE_LINE);
    short.find_map(|line| Some(BYLINE.captures(line)?[1].to_owned()))
}

/// The name of the site in an address: `www.paper.example/a` is of `paper.example`.
pub(super) fn site(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#', ':']).next()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    host.contains('.').then(|| host.to_owned())
}

/// The date of which this much is known: the last day it can mean. Before 1900 and in the future
/// is no date.
fn known(year: i16, month: Option<i8>, day: Option<i8>) -> Option<PublicationDate> {
    let (day, precision) = match (month, day) {
        (Some(month), Some(day)) => (Date::new(year, month, day), Precision::Day),
        (Some(month), None) => {
            (Date::new(year, month, 1).map(Date::last_of_month), Precision::Month)
        }
        (None, None) => (Date::new(year, 12, 31), Precision::Year),
        (None, Some(_)) => return None,
    };
    let day = day.ok()?;
    let first = match precision {
        Precision::Day => day,
        Precision::Month => day.first_of_month(),
        Precision::Year => day.first_of_year(),
    };
    (year >= 1900 && first <= *TOMORROW).then_some(PublicationDate { day, precision })
}

/// The last day that it can be anywhere on earth.
static TOMORROW: LazyLock<Date> = LazyLock::new(|| {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    now.tomorrow().unwrap_or(now)
});

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(date: Option<PublicationDate>) -> String {
        date.map_or_else(String::new, |date| date.to_string())
    }

    #[test]
    fn names_tell_dates() {
        for (name, expected) in [
            ("news/2023-08-21-kabul.txt", "2023-08-21"),
            ("news/20230821.txt", "2023-08-21"),
            ("news/2023/08/21/kabul.html", "2023-08-21"),
            ("2021-01-01/2023-08-21.txt", "2023-08-21"),
            ("news/2023_08/17.txt", "2023-08"),
            ("news/kabul 2023-08.txt", "2023-08"),
            ("Session 76 - 2021/PAK_76_2021.txt", "2021"),
            ("archive/2021/kabul.txt", "2021"),
            ("news/2023-02-30.txt", ""),
            ("news/320230821.txt", ""),
            ("news/2023-2037.txt", ""),
            ("news/agenda-2030.txt", ""),
            ("news/resolution 2593.txt", ""),
        ] {
            assert_eq!(shown(date_of_name(name)), expected, "{name}");
        }
    }

    #[test]
    fn fields_tell_dates_in_many_ways() {
        for (value, expected) in [
            ("2023-08-21T10:15:00Z", "2023-08-21"),
            ("Mon, 21 Aug 2023 10:15:00 +0000", "2023-08-21"),
            ("20230821T101500", "2023-08-21"),
            ("2023-08", "2023-08"),
            ("2023", "2023"),
            ("1692612900", "2023-08-21"),
            ("1692612900000", "2023-08-21"),
            ("1692612900.5", "2023-08-21"),
            ("1692612900000000", "2023-08-21"),
            ("1692612900000000000", "2023-08-21"),
            ("3023-08-21", ""),
            ("2999-01-01", ""),
            ("1899-12-31", ""),
            ("17", ""),
            ("yesterday", ""),
        ] {
            assert_eq!(shown(date_in_field(value)), expected, "{value}");
        }
    }

    #[test]
    fn bylines_and_addresses_tell_authors_and_sites() {
        let author = |text| author_of_text(text);
        assert_eq!(
            author("The title\nBy Ann de Writer and B. O’Brien | 2023").as_deref(),
            Some("Ann de Writer and B. O’Brien")
        );
        for text in ["By Monday they had left.", "By the river", "Written by hand"] {
            assert_eq!(author(text), None, "{text}");
        }
        assert_eq!(site("https://www.Paper.example/a?b").as_deref(), Some("paper.example"));
        assert_eq!(site("paper"), None);
    }

    #[test]
    fn a_date_that_is_not_exact_is_the_last_day_it_can_mean() {
        let last_day = |name| date_of_name(name).map(|date| date.day.to_string());
        assert_eq!(last_day("PAK_76_2021.txt").as_deref(), Some("2021-12-31"));
        assert_eq!(last_day("2024-02/a.txt").as_deref(), Some("2024-02-29"));
    }

    #[test]
    fn only_the_names_of_speeches_tell_the_author_s_country() {
        let country = |name| author_country(name).map(|country| country.to_string());
        assert_eq!(country("un/PAK_76_2021.txt").as_deref(), Some("PAK"));
        for name in ["PAK_76.txt", "PAK-76-2021.txt", "xPAK_76_2021.txt", "pak_76_2021.txt"] {
            assert_eq!(country(name), None, "{name}");
        }
    }

    #[test]
    fn first_lines_tell_dates_and_sentences_do_not() {
        for (text, expected) in [
            ("The title\n\nPublished: 2023-08-21\n\nText.", "2023-08-21"),
            ("The title\nAugust 21, 2023\nText.", "2023-08-21"),
            ("By A. Writer | 21 August 2023", "2023-08-21"),
            ("Mon, 21 Aug. 2023, 10:15 GMT", "2023-08-21"),
            ("2023-08-21T10:15:00+04:30", "2023-08-21"),
            (
                "KABUL, Aug. 21, 2023 (Reuters) - The Taliban said on Monday they would not go.",
                "2023-08-21",
            ),
            (
                "KABUL, Afghanistan, August 21, 2023 — The Taliban said they would not go, and more.",
                "2023-08-21",
            ),
            ("KABUL, Aug. 21 (Reuters) - The Taliban said so.", ""),
            ("The Taliban took Kabul on August 15, 2021.", ""),
            (
                "Since 27 September 1996 the Taliban have held the town, which they took by night from the army",
                "",
            ),
            ("Founded on 1 May 1756", ""),
            ("Resolution of Foobar 21, 2023", ""),
        ] {
            assert_eq!(shown(date_of_text(text)), expected, "{text}");
        }
    }
}
