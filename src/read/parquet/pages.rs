//! Unpacks the pages of a row group, with a bound: the parquet crate knows zstd and gzip by C
//! libraries only, and believes any size that a page claims.

use std::io::{self, Read};
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use parquet::basic::Compression;
use parquet::bloom_filter::Sbbf;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{ChunkReader, Length, RowGroupReader};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::record::reader::RowIter;
use parquet::schema::types::Type;

use crate::read::unpack;

/// A file whose end is an error to whoever reads on. The parquet crate passes over numbers that are
/// not there without a complaint, as many million times as a damaged page claims to have them.
pub(super) struct Ended<R>(pub(super) R);

/// What [`Ended`] reads by.
pub(super) struct EndedReader<R>(R);

impl<R: Length> Length for Ended<R> {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl<R: ChunkReader> ChunkReader for Ended<R> {
    type T = EndedReader<R::T>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        self.0.get_read(start).map(EndedReader)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        // The crate makes room for all that a page claims to have before it reads.
        if self.len().checked_sub(start).is_none_or(|left| left < length as u64) {
            return Err(ParquetError::EOF(format!("{length} bytes at {start} are not there")));
        }
        self.0.get_bytes(start, length)
    }
}

impl<R: Read> Read for EndedReader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        match self.0.read(to)? {
            0 if !to.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            count => Ok(count),
        }
    }
}

/// A row group whose pages the parquet crate takes for plain ones, and we unpack.
pub(super) struct Group<R> {
    file: Arc<R>,
    metadata: RowGroupMetaData,
    packed: Vec<Compression>,
}

impl<R: ChunkReader> Group<R> {
    pub(super) fn new(file: Arc<R>, metadata: &RowGroupMetaData) -> anyhow::Result<Self> {
        let packed = metadata.columns().iter().map(|column| column.compression()).collect();
        let as_plain = |column: &parquet::file::metadata::ColumnChunkMetaData| {
            column.clone().into_builder().set_compression(Compression::UNCOMPRESSED).build()
        };
        let columns = metadata.columns().iter().map(as_plain).collect::<Result<_>>();
        let metadata = columns
            .and_then(|columns| {
                metadata.clone().into_builder().set_column_metadata(columns).build()
            })
            .context("its description is broken; write it again")?;
        Ok(Self { file, metadata, packed })
    }
}

impl<R: ChunkReader + 'static> RowGroupReader for Group<R> {
    fn metadata(&self) -> &RowGroupMetaData {
        &self.metadata
    }

    fn num_columns(&self) -> usize {
        self.metadata.num_columns()
    }

    fn get_column_page_reader(&self, column: usize) -> Result<Box<dyn PageReader>> {
        let rows = usize::try_from(self.metadata.num_rows())?;
        let file = Arc::clone(&self.file);
        let chunk = self.metadata.column(column);
        let pages = SerializedPageReader::new(file, chunk, rows, None)?;
        Ok(Box::new(Unpacked { pages, packed: self.packed[column] }))
    }

    fn get_column_bloom_filter(&self, _: usize) -> Option<&Sbbf> {
        None
    }

    fn get_row_iter(&self, columns: Option<Type>) -> Result<RowIter<'_>> {
        RowIter::from_row_group(columns, self)
    }
}

/// The pages of a column.
struct Unpacked<R: ChunkReader> {
    pages: SerializedPageReader<R>,
    packed: Compression,
}

impl<R: ChunkReader> Iterator for Unpacked<R> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Result<Page>> {
        self.get_next_page().transpose()
    }
}

impl<R: ChunkReader> PageReader for Unpacked<R> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.pages.get_next_page()?.map(|page| unpacked(page, self.packed)).transpose()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }
}

/// A page without its compression; the levels of the second version have none.
fn unpacked(mut page: Page, packed: Compression) -> Result<Page> {
    let plain = match &page {
        Page::DataPageV2 { is_compressed: false, .. } => return Ok(page),
        Page::DataPageV2 { rep_levels_byte_len, def_levels_byte_len, .. } => {
            *rep_levels_byte_len as usize + *def_levels_byte_len as usize
        }
        _ => 0,
    };
    let (Page::DataPage { buf, .. }
    | Page::DataPageV2 { buf, .. }
    | Page::DictionaryPage { buf, .. }) = &mut page;
    let (levels, values) = buf
        .split_at_checked(plain)
        .ok_or_else(|| ParquetError::General("a page is broken".to_owned()))?;
    let mut whole = levels.to_vec();
    unpack_values(values, packed, &mut whole)?;
    *buf = whole.into();
    Ok(page)
}

/// Adds the values that are packed in `values`.
fn unpack_values(values: &[u8], packed: Compression, whole: &mut Vec<u8>) -> Result<()> {
    let failed = |reason: String| Err(ParquetError::General(reason));
    let mut left = unpack::allowance(values.len() as u64);
    match packed {
        _ if values.is_empty() => {}
        Compression::UNCOMPRESSED => whole.extend_from_slice(values),
        Compression::SNAPPY => {
            let length = snap::raw::decompress_len(values).unwrap_or(usize::MAX) as u64;
            if length > left {
                return failed("a page unpacks to more than it may; do not trust the file".into());
            }
            let unpacked = snap::raw::Decoder::new().decompress_vec(values);
            whole.extend(unpacked.map_err(|error| ParquetError::General(error.to_string()))?);
        }
        Compression::GZIP(_) => {
            unpack::Bounded::new(unpack::gzip(values), &mut left).read_to_end(whole)?;
        }
        Compression::ZSTD(_) => {
            unpack::Bounded::new(unpack::zstd(values), &mut left).read_to_end(whole)?;
        }
        other => {
            let name = format!("{other:?}").to_lowercase();
            return failed(format!(
                "it is compressed with {name}; write it again with snappy, gzip or zstd"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn reading_on_at_the_end_is_an_error() {
        let mut reader = Ended(Bytes::from_static(b"PAR1")).get_read(2).unwrap();
        let mut rest = [0; 8];
        assert_eq!(reader.read(&mut rest).unwrap(), 2);
        assert_eq!(reader.read(&mut []).unwrap(), 0);
        assert_eq!(reader.read(&mut rest).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn more_than_there_is_has_no_room_made_for_it() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"PAR1").unwrap();
        let file = Ended(file);
        assert_eq!(file.get_bytes(1, 3).unwrap(), "AR1");
        // By itself, the crate would ask for as much memory, and panic.
        for (start, length) in [(1, 4), (5, 0), (1, usize::MAX)] {
            assert!(file.get_bytes(start, length).is_err(), "{length} at {start}");
        }
    }
}
