//! Networks for as many threads as ask at a time, all on one set of weights.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use tch::nn::{Path, VarStore};
use tch::{Device, Tensor};

use super::weights;
use crate::model::weights::Tensors;

/// Builds a network whose weights are those at the path.
type Build<N> = Box<dyn Fn(&Path<'_>) -> Result<N> + Send + Sync>;

/// Networks that wait for work.
///
/// A tch tensor may move to another thread, but two threads must not use it at once: each thread
/// that computes takes a network of its own, and there are as many as ever computed at a time. The
/// numbers in them are the same memory.
pub(super) struct Pool<N> {
    idle: Mutex<Vec<N>>,
    weights: Mutex<BTreeMap<String, Tensor>>,
    device: Device,
    build: Build<N>,
}

impl<N: Send> Pool<N> {
    /// A pool with one network, on weights from files.
    ///
    /// # Errors
    /// The files lack a tensor, or it has other sizes than the network.
    pub(super) fn fill(
        tensors: &Tensors<'_>,
        device: Device,
        build: impl Fn(&Path<'_>) -> Result<N> + Send + Sync + 'static,
    ) -> Result<Self> {
        let store = VarStore::new(device);
        let network = build(&store.root())?;
        let variables = variables(&store);
        for (name, variable) in &variables {
            weights::put(tensors, name, variable)?;
        }
        Ok(Self {
            idle: Mutex::new(vec![network]),
            weights: Mutex::new(variables),
            device,
            build: Box::new(build),
        })
    }

    /// Lets a network work.
    pub(super) fn with<T>(&self, work: impl FnOnce(&N) -> Result<T>) -> Result<T> {
        // The threads are ours: libtorch computes on the one that asks, as rten does. It keeps
        // the number a thread.
        tch::set_num_threads(1);
        let idle = guard(&self.idle).pop();
        let network = match idle {
            Some(network) => network,
            None => self.another()?,
        };
        let result = tch::no_grad(|| work(&network));
        guard(&self.idle).push(network);
        result
    }

    /// One more network on the same weights.
    fn another(&self) -> Result<N> {
        let store = VarStore::new(self.device);
        let network = (self.build)(&store.root())?;
        let weights = guard(&self.weights);
        for (name, mut variable) in variables(&store) {
            variable.f_set_data(&weights[&name])?;
        }
        Ok(network)
    }
}

/// The weights by name: in this order, so that of several faults the same one is told each time.
fn variables(store: &VarStore) -> BTreeMap<String, Tensor> {
    store.variables().into_iter().collect()
}

/// What a thread that panicked has left is whole: nothing is done while the lock is held that could.
fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
