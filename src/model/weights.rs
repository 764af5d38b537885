//! Reads the files of weights: vectors as f32, matrices as int8 rows with a scale each, or as f32.

use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

/// A row-major matrix of f32.
pub(super) struct Matrix {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) values: Vec<f32>,
}

/// A table of rows kept as int8, each with its scale: a quarter of the memory.
pub(super) struct Table {
    width: usize,
    values: Vec<i8>,
    scales: Vec<f32>,
}

/// The tensors of one or more files.
pub(super) struct Tensors<'a>(Vec<SafeTensors<'a>>);

impl<'a> Tensors<'a> {
    /// The tensors in the bytes of the files.
    pub(super) fn of(files: impl IntoIterator<Item = &'a [u8]>) -> Result<Self> {
        let read = |bytes| {
            SafeTensors::deserialize(bytes)
                .context("the model weights are no safetensors file; fetch them again")
        };
        files.into_iter().map(read).collect::<Result<_>>().map(Self)
    }

    /// A tensor of one dimension.
    pub(super) fn vector(&self, name: &str) -> Result<Vec<f32>> {
        let tensor = self.tensor(name)?;
        ensure!(tensor.shape().len() == 1, "{name} is not a vector");
        floats(&tensor).with_context(|| format!("tensor {name}"))
    }

    /// A tensor of two dimensions, `rows` x `columns`.
    pub(super) fn matrix(&self, name: &str) -> Result<Matrix> {
        let tensor = self.tensor(name)?;
        let &[rows, columns] = tensor.shape() else {
            bail!("{name} is not a matrix");
        };
        let values = match tensor.dtype() {
            Dtype::I8 => self.table(name)?.all(),
            _ => floats(&tensor).with_context(|| format!("tensor {name}"))?,
        };
        Ok(Matrix { rows, columns, values })
    }

    /// A matrix that stays int8.
    pub(super) fn table(&self, name: &str) -> Result<Table> {
        let tensor = self.tensor(name)?;
        let &[rows, width] = tensor.shape() else {
            bail!("{name} is not a matrix");
        };
        ensure!(tensor.dtype() == Dtype::I8, "{name} is {:?}, not I8", tensor.dtype());
        let scales = self.vector(&format!("{name}.scale"))?;
        ensure!(scales.len() == rows, "{name} has {rows} rows and {} scales", scales.len());
        let values = tensor.data().iter().map(|byte| byte.cast_signed()).collect();
        Ok(Table::new(width, values, scales))
    }

    /// A tensor as it is stored.
    pub(super) fn tensor(&self, name: &str) -> Result<TensorView<'_>> {
        let mut found = self.0.iter().filter_map(|file| file.tensor(name).ok());
        found.next().with_context(|| format!("the model weights lack {name}"))
    }
}

impl Matrix {
    /// The rows of all these, in order.
    pub(super) fn stacked(parts: Vec<Self>) -> Result<Self> {
        let columns = parts.first().map_or(0, |part| part.columns);
        ensure!(parts.iter().all(|part| part.columns == columns), "rows of different lengths");
        Ok(Self {
            rows: parts.iter().map(|part| part.rows).sum(),
            columns,
            values: parts.into_iter().flat_map(|part| part.values).collect(),
        })
    }
}

impl Table {
    /// Rows of `width` values, each with a scale.
    pub(super) fn new(width: usize, values: Vec<i8>, scales: Vec<f32>) -> Self {
        Self { width, values, scales }
    }

    /// The rows of all these, in order.
    pub(super) fn stacked(parts: Vec<Self>) -> Result<Self> {
        let width = parts.first().map_or(0, |part| part.width);
        ensure!(parts.iter().all(|part| part.width == width), "rows of different lengths");
        let mut all = Self { width, values: Vec::new(), scales: Vec::new() };
        for part in parts {
            all.values.extend(part.values);
            all.scales.extend(part.scales);
        }
        Ok(all)
    }

    /// Some of the columns of all rows.
    pub(super) fn columns(&self, columns: Range<usize>) -> Result<Self> {
        ensure!(columns.end <= self.width, "a layer has {} inputs", self.width);
        let rows = self.values.chunks_exact(self.width);
        Ok(Self {
            width: columns.len(),
            values: rows.flat_map(|row| &row[columns.clone()]).copied().collect(),
            scales: self.scales.clone(),
        })
    }

    /// Numbers a row.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// All rows one after the other.
    pub(super) fn values(&self) -> &[i8] {
        &self.values
    }

    /// What to multiply the values of each row with.
    pub(super) fn scales(&self) -> &[f32] {
        &self.scales
    }

    pub(super) fn rows(&self) -> usize {
        self.scales.len()
    }

    /// The int8 values of a row, and their scale.
    pub(super) fn row(&self, row: usize) -> (&[i8], f32) {
        (&self.values[row * self.width..][..self.width], self.scales[row])
    }

    fn all(&self) -> Vec<f32> {
        (0..self.rows())
            .map(|row| self.row(row))
            .flat_map(|(values, scale)| values.iter().map(move |&value| f32::from(value) * scale))
            .collect()
    }
}

fn floats(tensor: &TensorView<'_>) -> Result<Vec<f32>> {
    ensure!(tensor.dtype() == Dtype::F32, "is {:?}, not F32", tensor.dtype());
    let (chunks, _) = tensor.data().as_chunks::<4>();
    Ok(chunks.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
}
