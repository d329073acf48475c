//! An error as a person reads it: with its causes, each said once.

use std::error::Error;

/// The error and its causes on one line. A cause that an outer text has said already is left out.
#[must_use]
pub fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{said}")]
    struct Step {
        said: &'static str,
        source: Option<Box<Step>>,
    }

    #[test]
    fn each_cause_is_said_once() {
        let inner = Step { said: "the disk is full", source: None };
        let middle = Step { said: "can't write: the disk is full", source: Some(Box::new(inner)) };
        let outer = Step { said: "the import failed", source: Some(Box::new(middle)) };
        assert_eq!(told(&outer), "the import failed: can't write: the disk is full");
    }
}
