//! A view of the store -> the rows of its report.

use anyhow::Result;
use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::Store;
use crate::report::{Number, Table};

/// Reports that are views of the store, with whether their last column is a sentence.
pub const VIEWS: [(&str, bool); 6] = [
    ("articles", false),
    ("stories", false),
    ("mentions", false),
    ("pairs", true),
    ("unresolved", true),
    ("failures", false),
];

impl Store {
    /// The columns of a view, without the sentence where that is not kept.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn columns(&self, view: &str, has_text: bool) -> Result<Vec<String>> {
        let all = self.connection.prepare(&format!("SELECT * FROM {view}"))?;
        let mut columns: Vec<String> = all.column_names().map(str::to_owned).collect();
        if has_text && !self.keep_text {
            columns.pop();
        }
        Ok(columns)
    }

    /// Copies the rows of a view.
    ///
    /// # Errors
    /// The store cannot be read, or the table not be written.
    pub fn copy(&self, view: &str, columns: usize, table: &mut Table) -> Result<()> {
        let mut all = self.connection.prepare(&format!("SELECT * FROM {view}"))?;
        let mut rows = all.query([])?;
        let mut record = csv::ByteRecord::new();
        while let Some(row) = rows.next()? {
            record.clear();
            for column in 0..columns {
                push(&mut record, row, column)?;
            }
            table.push_record(&record)?;
        }
        Ok(())
    }
}

fn push(record: &mut csv::ByteRecord, row: &Row, column: usize) -> Result<()> {
    match row.get_ref(column)? {
        ValueRef::Null => record.push_field(b""),
        ValueRef::Integer(number) => record.push_field(number.to_string().as_bytes()),
        ValueRef::Real(number) => record.push_field(Number(Some(number)).to_string().as_bytes()),
        ValueRef::Text(text) | ValueRef::Blob(text) => record.push_field(text),
    }
    Ok(())
}
