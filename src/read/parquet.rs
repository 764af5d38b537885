//! Takes Parquet files apart, a row group after the other.

mod pages;

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use csv::ByteRecord;
use jiff::ToSpan;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaDataReader;
use parquet::file::reader::ChunkReader;
use parquet::record::reader::TreeBuilder;
use parquet::record::{Field, Row};
use parquet::schema::types::{SchemaDescriptor, Type};

use super::columns::Columns;
use super::lines::too_long;
use super::raw::{Body, Raw};
use super::reader::{Emit, panic_text};
use super::table;
use pages::{Ended, Group};

/// Rows that are decoded together: a library's thousand could be gigabytes.
const BATCH: usize = 16;

/// Hands over each row as `NAME#NUMBER`, from 1, and tells the columns that were read. The others
/// are not touched.
pub(super) fn read<R: ChunkReader + 'static>(
    file: R,
    name: &str,
    asked: &Columns,
    max_bytes: u64,
    emit: &mut Emit,
) -> Result<Option<Arc<Columns>>> {
    let file = Arc::new(Ended(file));
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&*file)
        .context("it is no Parquet file, or it is cut; fetch it again")?;
    let schema = metadata.file_metadata().schema();
    let names: Vec<&str> = schema.get_fields().iter().map(|field| field.name()).collect();
    let columns = Arc::new(table::columns(&names, asked)?);
    let wanted = wanted(schema, &columns)?;
    let header: Vec<&str> = wanted.get_fields().iter().map(|field| field.name()).collect();
    let header = Arc::new(ByteRecord::from(header));
    let wanted = Arc::new(SchemaDescriptor::new(Arc::new(wanted)));
    let mut number = 0_u64;
    for group in metadata.row_groups() {
        let group = Group::new(Arc::clone(&file), group)?;
        let tree = TreeBuilder::new().with_batch_size(BATCH);
        let mut rows = contained(number, || tree.as_iter(Arc::clone(&wanted), &group))?;
        while let Some(row) = contained(number, || rows.next().transpose())? {
            number += 1;
            let name = format!("{name}#{number}");
            let cells = cells(&row);
            emit(match cells.as_slice().len() as u64 > max_bytes {
                true => Raw::unreadable(&name, too_long(max_bytes)),
                false => {
                    let (header, columns) = (Arc::clone(&header), Arc::clone(&columns));
                    Raw::new(name, Body::Row { cells, header, columns })
                }
            })?;
        }
    }
    Ok(Some(columns))
}

/// What the library says after so many rows. It panics on some damaged pages: that is an error too.
fn contained<T>(rows: u64, read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T> {
    let place = || format!("row {} and what follows cannot be read", rows + 1);
    match panic::catch_unwind(AssertUnwindSafe(read)) {
        Ok(read) => read.with_context(place),
        Err(panic) => {
            let said = panic_text(&*panic);
            Err(anyhow!("the file is damaged ({said}); write it again")).with_context(place)
        }
    }
}

/// The schema with only the columns that are read.
fn wanted(schema: &Type, columns: &Columns) -> Result<Type> {
    let is_wanted = |name: &str| columns.names().any(|wanted| wanted == name);
    let fields = schema.get_fields().iter().filter(|field| is_wanted(field.name()));
    Type::group_type_builder(schema.name())
        .with_fields(fields.cloned().collect())
        .build()
        .context("its schema is broken; write it again")
}

fn cells(row: &Row) -> ByteRecord {
    row.get_column_iter().map(|(_, field)| shown(field).unwrap_or_default()).collect()
}

/// A value as text; parts of a list are paragraphs.
fn shown(field: &Field) -> Option<String> {
    let at = |time: Result<jiff::Timestamp, jiff::Error>| time.ok().map(|time| time.to_string());
    match field {
        Field::Str(text) => Some(text.clone()),
        Field::Bytes(bytes) => Some(String::from_utf8_lossy(bytes.data()).into_owned()),
        Field::Short(number) => Some(number.to_string()),
        Field::Int(number) => Some(number.to_string()),
        Field::Long(number) => Some(number.to_string()),
        Field::UShort(number) => Some(number.to_string()),
        Field::UInt(number) => Some(number.to_string()),
        Field::ULong(number) => Some(number.to_string()),
        Field::Double(number) => Some(number.to_string()),
        Field::Date(days) => {
            let day = jiff::civil::date(1970, 1, 1).checked_add(i64::from(*days).days());
            day.ok().map(|day| day.to_string())
        }
        Field::TimestampMillis(time) => at(jiff::Timestamp::from_millisecond(*time)),
        Field::TimestampMicros(time) => at(jiff::Timestamp::from_microsecond(*time)),
        Field::ListInternal(list) => {
            let parts: Vec<String> = list.elements().iter().filter_map(shown).collect();
            Some(parts.join("\n\n"))
        }
        Field::Group(row) => row
            .get_column_iter()
            .find_map(|(name, field)| (name == "name").then(|| shown(field))?),
        _ => None,
    }
}
