//! One way to log: on stderr, so that stdout carries results only. `VOISINS_LOG=debug` shows more.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging at `INFO`, or as `$VOISINS_LOG` says (the syntax of `tracing_subscriber::EnvFilter`). Under systemd the journal
/// writes the time itself, so ours is left out.
pub fn init() {
    let filter = EnvFilter::try_from_env("VOISINS_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).with_ansi(false);
    // a second call (tests) is no error: the first one holds
    let _ = if std::env::var_os("JOURNAL_STREAM").is_some() {
        builder.without_time().finish().try_init()
    } else {
        builder.finish().try_init()
    };
}
