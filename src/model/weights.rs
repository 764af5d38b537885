//! Reads `model.safetensors`: vectors as f32, matrices as int8 rows with a scale each, or as f32.

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

/// The tensors of a weights file.
pub(super) struct Tensors<'a>(SafeTensors<'a>);

impl<'a> Tensors<'a> {
    /// The tensors in the bytes of a weights file.
    pub(super) fn of(bytes: &'a [u8]) -> Result<Self> {
        SafeTensors::deserialize(bytes)
            .map(Self)
            .context("the model weights are no safetensors file; fetch them again")
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

    /// A matrix whose rows are looked up one by one.
    pub(super) fn table(&self, name: &str) -> Result<Table> {
        let tensor = self.tensor(name)?;
        let &[rows, width] = tensor.shape() else {
            bail!("{name} is not a matrix");
        };
        ensure!(tensor.dtype() == Dtype::I8, "{name} is {:?}, not I8", tensor.dtype());
        let scales = self.vector(&format!("{name}.scale"))?;
        ensure!(scales.len() == rows, "{name} has {rows} rows and {} scales", scales.len());
        let values = tensor.data().iter().map(|byte| byte.cast_signed()).collect();
        Ok(Table { width, values, scales })
    }

    fn tensor(&self, name: &str) -> Result<TensorView<'_>> {
        self.0.tensor(name).with_context(|| format!("the model weights lack {name}"))
    }
}

impl Table {
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
