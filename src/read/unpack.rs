//! Compressed files and archives, streamed, with a bound on what they unpack to.

use std::io::{self, BufRead, BufReader, Read, Seek};

use anyhow::{Context, Result, bail};
use flate2::read::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Text seldom shrinks to less than a twentieth; the bombs that hang a program shrink to less
/// than a thousandth.
const MOST_EXPANSION: u64 = 250;
/// Small files may unpack to this, whatever they shrank from: a list of zeros is no attack.
const ALWAYS_ALLOWED: u64 = 100_000_000;

/// The bytes that a file of this length may unpack to.
pub(super) fn allowance(length: u64) -> u64 {
    length.saturating_mul(MOST_EXPANSION).max(ALWAYS_ALLOWED)
}

/// A stream that fails when more comes out of it than is allowed.
pub(super) struct Bounded<'a, R> {
    source: R,
    left: &'a mut u64,
}

impl<'a, R: Read> Bounded<'a, R> {
    pub(super) fn new(source: R, left: &'a mut u64) -> Self {
        Self { source, left }
    }
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        *self.left = self.left.checked_sub(length as u64).ok_or_else(|| {
            let reason = format!(
                "it unpacks to more than {MOST_EXPANSION} times its size; \
                 unpack it yourself if you trust it"
            );
            io::Error::new(io::ErrorKind::FileTooLarge, reason)
        })?;
        Ok(length)
    }
}

/// What is in a gzip file, of one or more members.
pub(super) fn gzip(source: impl Read) -> impl Read {
    MultiGzDecoder::new(source)
}

/// What is in a zstd file, of one or more frames.
pub(super) fn zstd(source: impl Read) -> impl Read {
    Frames { source: BufReader::new(source), decoder: FrameDecoder::new(), is_in_frame: false }
}

/// The frames of a zstd file; the library reads one.
struct Frames<R> {
    source: BufReader<R>,
    decoder: FrameDecoder,
    is_in_frame: bool,
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.is_in_frame && !self.next_frame()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.source, one).map_err(io::Error::other)?;
            }
            match self.decoder.read(buffer)? {
                0 if !buffer.is_empty() => self.is_in_frame = false,
                length => return Ok(length),
            }
        }
    }
}

impl<R: Read> Frames<R> {
    /// Begins the next frame; false at the end of the file.
    fn next_frame(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.source) {
                Ok(()) => {
                    self.is_in_frame = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut self.source.by_ref().take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }
}

/// Takes a file out of an archive: its name there, and its bytes.
pub(super) type TakeEntry<'a> = dyn FnMut(&str, Result<&mut dyn Read>) -> Result<()> + 'a;

/// The files of a zip archive, in the order of its list.
pub(super) fn zip(source: impl Read + Seek, take: &mut TakeEntry) -> Result<()> {
    let mut archive = zip::ZipArchive::new(source)
        .context("it is no zip archive, or it is cut; save it again")?;
    for at in 0..archive.len() {
        let listed =
            archive.name_for_index(at).and_then(Result::ok).unwrap_or_default().into_owned();
        match archive.by_index(at) {
            Ok(entry) if entry.is_dir() => {}
            Ok(mut entry) => {
                let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
                let is_inside = entry.enclosed_name().is_some();
                take_entry(&name, is_inside, &mut entry, take)?;
            }
            Err(zip::result::ZipError::UnsupportedArchive(
                zip::result::ZipError::PASSWORD_REQUIRED,
            )) => bail!("it has a password; unpack it yourself"),
            Err(error) => {
                take(&listed, Err(anyhow::Error::new(error).context("cannot unpack it")))?;
            }
        }
    }
    Ok(())
}

/// The files of a tar archive, in order.
pub(super) fn tar(source: impl Read, take: &mut TakeEntry) -> Result<()> {
    let mut archive = tar::Archive::new(source);
    for entry in archive.entries().context("it is no tar archive")? {
        let mut entry = entry.context("it is no tar archive, or it is cut; save it again")?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let is_inside = !name.starts_with('/') && !name.split('/').any(|part| part == "..");
        take_entry(&name, is_inside, &mut entry, take)?;
    }
    Ok(())
}

fn take_entry(
    name: &str,
    is_inside: bool,
    entry: &mut dyn Read,
    take: &mut TakeEntry,
) -> Result<()> {
    let is_hidden = |part: &str| part == "__MACOSX" || (part.starts_with('.') && part.len() > 2);
    if !is_inside {
        let reason = "its name leads out of the archive; do not trust the archive";
        return take(name, Err(anyhow::anyhow!(reason)));
    }
    if name.split('/').any(is_hidden) {
        return Ok(());
    }
    take(name.trim_start_matches("./"), Ok(entry))
}
