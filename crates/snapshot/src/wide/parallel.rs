//! Tasks of one step on several threads.

use super::WideError;
use std::{
    num::NonZeroUsize,
    panic::resume_unwind,
    sync::{Mutex, PoisonError},
    thread,
};

/// One column's part of a step.
pub(super) type Task<'a> = Box<dyn FnOnce() -> Result<(), WideError> + Send + 'a>;

/// Runs the tasks on so many threads; the first failed one in their order is the failure.
pub(super) fn run(threads: NonZeroUsize, tasks: Vec<Task<'_>>) -> Result<(), WideError> {
    if threads.get() == 1 || tasks.len() == 1 {
        return tasks.into_iter().try_for_each(|task| task());
    }
    let workers = threads.get().min(tasks.len());
    let queue = Mutex::new(tasks.into_iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let mut failures = Vec::new();
        while let Some((place, task)) = next() {
            failures.extend(task().err().map(|failure| (place, failure)));
        }
        failures
    };
    let failures = thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut failures = work();
        for other in others {
            failures.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        failures
    });
    match failures.into_iter().min_by_key(|(place, _)| *place) {
        Some((_, failure)) => Err(failure),
        None => Ok(()),
    }
}
