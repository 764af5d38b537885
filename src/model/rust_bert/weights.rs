//! Tensors of safetensors files -> variables of libtorch, in f32.

use anyhow::{Context, Result, bail, ensure};
use safetensors::tensor::Dtype;
use tch::{Kind, Tensor};

use crate::model::weights::Tensors;

/// Makes a variable the tensor of that name. No file is written on the way: rust-bert's own loader
/// takes only paths, and knows no int8.
pub(super) fn put(tensors: &Tensors<'_>, name: &str, variable: &Tensor) -> Result<()> {
    let tensor = read(tensors, name).with_context(|| format!("cannot take weights {name}"))?;
    let (found, wanted) = (tensor.size(), variable.size());
    ensure!(found == wanted, "weights {name} are {found:?}; config.json makes them {wanted:?}");
    let tensor = tensor.f_to_device(variable.device())?;
    variable.shallow_clone().f_set_data(&tensor)?;
    Ok(())
}

fn read(tensors: &Tensors<'_>, name: &str) -> Result<Tensor> {
    let stored = tensors.tensor(name)?;
    let shape: Vec<i64> =
        stored.shape().iter().map(|&size| i64::try_from(size)).collect::<Result<_, _>>()?;
    let kind = match stored.dtype() {
        Dtype::F32 => Kind::Float,
        Dtype::F16 => Kind::Half,
        Dtype::BF16 => Kind::BFloat16,
        Dtype::I8 => {
            let values = tensors.matrix(name)?.values;
            return Ok(Tensor::f_from_slice(&values)?.f_reshape(&shape)?);
        }
        other => bail!("they are {other:?}; float32, float16, bfloat16 or int8 can be read"),
    };
    Ok(Tensor::f_from_data_size(stored.data(), &shape, kind)?.f_to_kind(Kind::Float)?)
}
