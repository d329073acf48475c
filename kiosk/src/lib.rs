//! x
pub mod board;
pub mod clock;
pub mod view_model;
#[allow(missing_docs)]
mod generated { slint::include_modules!(); }
