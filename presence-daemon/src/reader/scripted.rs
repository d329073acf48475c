//! Readers without hardware: they are always there, and their taps come from `presence-daemon tap`.

use super::{Reader, ReaderError, ReaderEvent, Stop};
use voisins_shared::name::ReaderName;

/// The scripted readers of the config.
#[derive(Debug)]
pub struct ScriptedReaders {
    untold: Vec<ReaderName>,
}

impl ScriptedReaders {
    /// Readers of these names.
    #[must_use]
    pub fn new(names: Vec<ReaderName>) -> Self {
        Self { untold: names }
    }
}

impl Reader for ScriptedReaders {
    fn next_event(&mut self, stop: &Stop) -> Result<Option<ReaderEvent>, ReaderError> {
        match self.untold.pop() {
            Some(reader) => Ok(Some(ReaderEvent::Ready { reader })),
            None => {
                stop.wait();
                Ok(None)
            }
        }
    }
}
