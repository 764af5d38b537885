//! What a file is, by its name: a format with one article, one with many records, or a wrapping.

/// Formats with one article a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Markdown,
    Html,
    Mhtml,
    Mail,
    Docx,
    Odt,
    Epub,
    Rtf,
    Pdf,
}

/// Formats with many articles a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Records {
    /// A JSON object a line.
    JsonLines,
    /// A list of objects, or objects one after the other.
    Json,
    /// A table whose first row names the columns.
    Table,
    /// A table kept by columns.
    Parquet,
    /// Web pages with the headers they came with.
    Crawl,
}

/// What other files are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapping {
    Gzip,
    Zstd,
    Zip,
    Tar,
}

/// What a name says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Article(Format),
    Records(Records),
    /// The wrapping, and the name of what is in it.
    Wrapped(Wrapping, String),
    /// There is no reader for it.
    Unknown,
}

/// The kind of the file with this name, its last extension first: `dump.jsonl.gz` is a gzip of
/// `dump.jsonl`.
pub(super) fn kind(name: &str) -> Kind {
    let Some((stem, extension)) = split(name) else { return Kind::Unknown };
    let within = |wrapping| Kind::Wrapped(wrapping, stem.to_owned());
    match extension.as_str() {
        "txt" | "text" => Kind::Article(Format::Text),
        "md" | "markdown" => Kind::Article(Format::Markdown),
        "html" | "htm" | "xhtml" => Kind::Article(Format::Html),
        "mhtml" | "mht" => Kind::Article(Format::Mhtml),
        "eml" => Kind::Article(Format::Mail),
        "docx" => Kind::Article(Format::Docx),
        "odt" => Kind::Article(Format::Odt),
        "epub" => Kind::Article(Format::Epub),
        "rtf" => Kind::Article(Format::Rtf),
        "pdf" => Kind::Article(Format::Pdf),
        "warc" | "wet" => Kind::Records(Records::Crawl),
        "jsonl" | "ndjson" => Kind::Records(Records::JsonLines),
        "json" => Kind::Records(Records::Json),
        "csv" | "tsv" => Kind::Records(Records::Table),
        "parquet" => Kind::Records(Records::Parquet),
        "gz" => within(Wrapping::Gzip),
        "zst" => within(Wrapping::Zstd),
        "tgz" => Kind::Wrapped(Wrapping::Gzip, format!("{stem}.tar")),
        "zip" => within(Wrapping::Zip),
        "tar" => within(Wrapping::Tar),
        _ => Kind::Unknown,
    }
}

/// The extension of a name, in lower case.
pub(super) fn extension(name: &str) -> Option<String> {
    split(name).map(|(_, extension)| extension)
}

/// A name without its extension, and that.
fn split(name: &str) -> Option<(&str, String)> {
    let file = name.rsplit('/').next()?;
    let (stem, extension) = file.rsplit_once('.')?;
    (!stem.is_empty())
        .then(|| (&name[..name.len() - extension.len() - 1], extension.to_lowercase()))
}

/// What to do with a file that has no reader.
pub(super) fn no_reader(name: &str) -> String {
    match extension(name) {
        None => "its name has no extension; name the file itself to read it as text".to_owned(),
        Some(extension) => format!(
            "there is no reader for .{extension}; save it as .txt, .html or .docx, \
             or name the file itself to read it as text"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_extension_is_the_outermost_wrapping() {
        let jsonl = Kind::Wrapped(Wrapping::Gzip, "a/dump.JSONL".to_owned());
        assert_eq!(kind("a/dump.JSONL.gz"), jsonl);
        assert_eq!(kind("a/dump.JSONL"), Kind::Records(Records::JsonLines));
        assert_eq!(kind("all.tgz"), Kind::Wrapped(Wrapping::Gzip, "all.tar".to_owned()));
        for name in ["README", ".txt", "a.b/README", "a.unknown"] {
            assert_eq!(kind(name), Kind::Unknown, "{name}");
        }
    }
}
