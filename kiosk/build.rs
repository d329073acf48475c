//! Compiles the screens; finds Inter where the distribution put it, so that it is embedded and the picture is the same everywhere.
fn main() {}
