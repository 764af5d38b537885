//! Reads rich text, `.rtf`.

use anyhow::{Result, ensure};
use encoding_rs::{Encoding, WINDOWS_1252};

use super::{Content, bounds};

/// The text of a document. What is unknown is passed over, as the format asks of its readers.
pub(super) fn read(source: &[u8]) -> Result<Content> {
    ensure!(source.starts_with(b"{\\rtf"), "it is no RTF; save it again");
    bounds::check_signs(source, |byte| byte == b'{')?;
    let mut reader = Reader::new();
    let mut tokens = Tokens { rest: source };
    while let Some(token) = tokens.next() {
        reader.take(token);
    }
    let [text, title, author] = reader.finish();
    let filled = |field: String| Some(field.trim().to_owned()).filter(|field| !field.is_empty());
    Ok(Content { text, title: filled(title), author: filled(author), ..Content::default() })
}

/// A piece of RTF.
enum Token<'a> {
    Open,
    Close,
    /// `\name` with its number.
    Word(&'a str, Option<i32>),
    /// `\*` and the like.
    Symbol(u8),
    /// A byte of text, or `\'hh`.
    Byte(u8),
}

struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let (&first, rest) = self.rest.split_first()?;
            self.rest = rest;
            match first {
                b'{' => return Some(Token::Open),
                b'}' => return Some(Token::Close),
                b'\r' | b'\n' => {}
                b'\\' => return self.control(),
                byte => return Some(Token::Byte(byte)),
            }
        }
    }

    /// What follows a backslash.
    fn control(&mut self) -> Option<Token<'a>> {
        let (&first, rest) = self.rest.split_first()?;
        if first == b'\'' {
            let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
            self.rest = rest.get(2..).unwrap_or_default();
            let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            return Some(Token::Byte(byte.unwrap_or(b'?')));
        }
        if !first.is_ascii_alphabetic() {
            self.rest = rest;
            return Some(match first {
                b'\\' | b'{' | b'}' => Token::Byte(first),
                symbol => Token::Symbol(symbol),
            });
        }
        let name = self.while_(|byte| byte.is_ascii_alphabetic());
        let number = self.while_(|byte| byte.is_ascii_digit() || byte == b'-').parse().ok();
        self.rest = self.rest.strip_prefix(b" ").unwrap_or(self.rest);
        if let ("bin", Some(length)) = (name, number) {
            self.rest = self.rest.get(usize::try_from(length).unwrap_or(0)..).unwrap_or_default();
        }
        Some(Token::Word(name, number))
    }

    fn while_(&mut self, is_part: impl Fn(u8) -> bool) -> &'a str {
        let end = self.rest.iter().position(|&byte| !is_part(byte)).unwrap_or(self.rest.len());
        let (part, rest) = self.rest.split_at(end);
        self.rest = rest;
        std::str::from_utf8(part).unwrap_or_default()
    }
}

/// Where the text of a group goes.
#[derive(Clone, Copy, PartialEq)]
enum Goal {
    Text,
    Title,
    Author,
    Nowhere,
}

#[derive(Clone, Copy)]
struct Group {
    goal: Goal,
    /// How many characters after `\u` are there for older programs.
    substitutes: usize,
}

struct Reader {
    groups: Vec<Group>,
    group: Group,
    encoding: &'static Encoding,
    /// Bytes that are not decoded yet.
    bytes: Vec<u8>,
    /// UTF-16 that is not decoded yet.
    units: Vec<u16>,
    to_skip: usize,
    /// Text, title, author.
    found: [String; 3],
}

impl Reader {
    fn new() -> Self {
        Self {
            groups: Vec::new(),
            group: Group { goal: Goal::Text, substitutes: 1 },
            encoding: WINDOWS_1252,
            bytes: Vec::new(),
            units: Vec::new(),
            to_skip: 0,
            found: Default::default(),
        }
    }

    fn take(&mut self, token: Token) {
        match token {
            Token::Open => {
                self.decode();
                self.groups.push(self.group);
            }
            Token::Close => {
                self.decode();
                self.group = self.groups.pop().unwrap_or(self.group);
            }
            Token::Byte(_) if self.to_skip > 0 => self.to_skip -= 1,
            Token::Byte(byte) => {
                self.decode_units();
                self.bytes.push(byte);
            }
            Token::Symbol(b'*') => self.group.goal = Goal::Nowhere,
            Token::Symbol(b'~') => self.push(" "),
            Token::Symbol(b'_') => self.push("-"),
            Token::Symbol(b'\r' | b'\n') => self.push("\n\n"),
            Token::Symbol(_) => {}
            Token::Word("u", Some(unit)) => {
                self.decode_bytes();
                self.units.push(unit as u16); // numbers over 32,767 are written as negative ones
                self.to_skip = self.group.substitutes;
            }
            Token::Word(name, number) => self.word(name, number),
        }
    }

    fn word(&mut self, name: &str, number: Option<i32>) {
        match name {
            "par" | "sect" | "page" | "row" => self.push("\n\n"),
            "line" | "tab" | "cell" => self.push(" "),
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            "bullet" => self.push("•"),
            "uc" => self.group.substitutes = number.and_then(|n| n.try_into().ok()).unwrap_or(1),
            "ansicpg" => {
                let label = format!("windows-{}", number.unwrap_or(1252));
                self.encoding = Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252);
            }
            "title" if self.is_in_description() => self.group.goal = Goal::Title,
            "author" if self.is_in_description() => self.group.goal = Goal::Author,
            // Style sheets and the like begin their group.
            _ if NO_TEXT.contains(&name) => self.group.goal = Goal::Nowhere,
            _ => {}
        }
    }

    fn is_in_description(&self) -> bool {
        self.group.goal == Goal::Nowhere
    }

    fn push(&mut self, text: &str) {
        self.decode();
        self.to_skip = 0;
        match self.group.goal {
            Goal::Text => self.found[0].push_str(text),
            Goal::Title => self.found[1].push_str(text),
            Goal::Author => self.found[2].push_str(text),
            Goal::Nowhere => {}
        }
    }

    fn decode(&mut self) {
        self.decode_bytes();
        self.decode_units();
    }

    fn decode_bytes(&mut self) {
        if !self.bytes.is_empty() {
            let bytes = std::mem::take(&mut self.bytes);
            let (text, _) = self.encoding.decode_without_bom_handling(&bytes);
            self.push(&text);
        }
    }

    fn decode_units(&mut self) {
        if !self.units.is_empty() {
            let units = std::mem::take(&mut self.units);
            let to_skip = self.to_skip;
            self.push(&String::from_utf16_lossy(&units));
            self.to_skip = to_skip;
        }
    }

    fn finish(mut self) -> [String; 3] {
        self.decode();
        self.found
    }
}

/// Groups that hold no text of the article.
const NO_TEXT: [&str; 16] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "footnote",
    "fldinst",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_without_styles_notes_and_pictures() {
        let source = br"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}{\info{\title One \'d0}{\author A. Writer}}
{\*\generator Word;}{\header Top}\pard Kabul\'92s {\b gam}ble {\footnote not here}fell\par
{\pict\bin5 }}}}}}\uc1\u1050?\u-10179?\u-8704?\~a\\b\{c\}\line d\emdash e}";
        let content = read(source).unwrap();
        assert_eq!(content.text, "Kabul’s gamble fell\n\nК\u{1f600} a\\b{c} d—e");
        assert_eq!(content.title.as_deref(), Some("One Р"));
        assert_eq!(content.author.as_deref(), Some("A. Writer"));
    }

    #[test]
    fn broken_rich_text_is_read_as_far_as_it_goes() {
        for source in
            ["{\\rtf1", "{\\rtf1 a}}}} b", "{\\rtf1 a\\'", "{\\rtf1 a\\u", "{\\rtf1\\bin99999 a"]
        {
            assert!(read(source.as_bytes()).is_ok(), "{source}");
        }
        assert!(read(b"Kabul").is_err());
    }
}
