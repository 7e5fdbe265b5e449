//! Requests that are being answered just now; in memory, because after a restart none is.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A source and the name it gave a request.
type Name = (String, String);

/// Which requests are being answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running(Arc<Mutex<HashSet<Name>>>);

impl Running {
    /// Begins a request; none when the same one is being answered already.
    pub(super) fn begin(&self, name: Name) -> Option<UntilAnswered> {
        let first = self.names().insert(name.clone());
        first.then(|| UntilAnswered(self.clone(), name))
    }

    fn names(&self) -> MutexGuard<'_, HashSet<Name>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered; over when dropped.
#[derive(Debug)]
pub(super) struct UntilAnswered(Running, Name);

impl Drop for UntilAnswered {
    fn drop(&mut self) {
        self.0.names().remove(&self.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_until_it_is_answered() {
        let running = Running::default();
        let name = |source: &str| (source.to_owned(), "k".to_owned());
        let first = running.begin(name("a"));

        assert!(first.is_some() && running.begin(name("a")).is_none());
        assert!(running.begin(name("b")).is_some());
        drop(first);
        assert!(running.begin(name("a")).is_some());
    }
}
