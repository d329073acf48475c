//! How the daemon is, as numbers for Prometheus (OpenMetrics): no name, no id of anybody. What is counted is counted here; what is, is
//! asked for when somebody reads.

use crate::pipeline::TapOutcome;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use std::time::Duration;
use voisins_shared::payload::{Count, ReaderState, ReaderStatus};

/// The type of what [`Metrics::encoded`] gives.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Label = [(&'static str, String); 1];
type Labels = [(&'static str, &'static str); 2];

/// Counters, and the names of all that is told.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    taps: Family<Label, Counter>,
    commit: Histogram,
    tap: Histogram,
    present: Family<Labels, Gauge>,
    came_today: Gauge,
    needs: Gauge,
    readers: Family<Label, Gauge>,
    broker: Gauge,
    outbox: Gauge,
    database: Gauge,
    clock: Gauge,
    evacuation: Gauge,
}

/// What is, when somebody asks.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Snapshot<'a> {
    pub members: Count,
    pub guests: Count,
    pub came_today: u32,
    pub needs: usize,
    pub readers: Vec<&'a ReaderStatus>,
    pub broker_connected: bool,
    /// Documents that the broker has not acknowledged.
    pub outbox: usize,
    pub database_bytes: u64,
    pub clock_known: bool,
    pub evacuation: bool,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("voisins");
        let version: Family<Label, Gauge> = Family::default();
        version.get_or_create(&[("version", env!("CARGO_PKG_VERSION").to_owned())]).set(1);
        registry.register("build_info", "Which program this is", version);
        // 0.1 ms to 1.6 s: a commit on a good disk is below one, on a worn card some hundred
        let buckets = || Histogram::new(exponential_buckets(0.0001, 2.0, 15));
        let this = Self {
            taps: Family::default(),
            commit: buckets(),
            tap: buckets(),
            present: Family::default(),
            came_today: Gauge::default(),
            needs: Gauge::default(),
            readers: Family::default(),
            broker: Gauge::default(),
            outbox: Gauge::default(),
            database: Gauge::default(),
            clock: Gauge::default(),
            evacuation: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("taps", "Cards presented, by what came of it", this.taps.clone());
        let commits = "What writing a decision to disk took";
        registry.register_with_unit("commit", commits, Unit::Seconds, this.commit.clone());
        let taps = "What a tap took, from the reader's word until all were told";
        registry.register_with_unit("tap", taps, Unit::Seconds, this.tap.clone());
        registry.register("present", "People here, by whether they tapped lately", this.present.clone());
        registry.register("came_today", "People whose visit began today", this.came_today.clone());
        registry.register("needs_open", "Needs that are open, those for the coordination only included", this.needs.clone());
        registry.register("reader_up", "Whether a reader reads cards", this.readers.clone());
        registry.register("broker_connected", "Whether the MQTT broker is connected", this.broker.clone());
        registry.register("outbox_documents", "Documents that the broker has not acknowledged yet", this.outbox.clone());
        registry.register_with_unit("database", "Size of the database", Unit::Bytes, this.database.clone());
        registry.register("clock_known", "Whether the wall clock can be trusted", this.clock.clone());
        registry.register("evacuation", "Whether everybody is asked to leave the building", this.evacuation.clone());
        Self { registry, ..this }
    }
}

impl Metrics {
    /// A card was presented, and all were told after `took`.
    pub fn tapped(&self, outcome: TapOutcome, took: Duration) {
        self.taps.get_or_create(&[("outcome", outcome.word().to_owned())]).inc();
        self.tap.observe(took.as_secs_f64());
    }

    /// A decision was written to disk.
    pub fn committed(&self, took: Duration) {
        self.commit.observe(took.as_secs_f64());
    }

    /// All of it as OpenMetrics.
    #[must_use]
    pub fn encoded(&self, now: &Snapshot<'_>) -> String {
        for (who, count) in [("members", now.members), ("guests", now.guests)] {
            for (seen, count) in [("lately", count.fresh), ("earlier", count.passed)] {
                self.present.get_or_create(&[("who", who), ("seen", seen)]).set(i64::from(count));
            }
        }
        for reader in &now.readers {
            let up = i64::from(reader.state == ReaderState::Ready);
            self.readers.get_or_create(&[("reader", reader.reader.as_str().to_owned())]).set(up);
        }
        for (gauge, value) in [
            (&self.came_today, u64::from(now.came_today)),
            (&self.needs, now.needs as u64),
            (&self.broker, u64::from(now.broker_connected)),
            (&self.outbox, now.outbox as u64),
            (&self.database, now.database_bytes),
            (&self.clock, u64::from(now.clock_known)),
            (&self.evacuation, u64::from(now.evacuation)),
        ] {
            gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        }
        let mut text = String::new();
        // a String takes whatever is written to it
        let _ = encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use voisins_shared::name::ReaderName;
    use voisins_shared::payload::V;

    #[test]
    fn what_is_counted_and_what_is_are_told_together() {
        let metrics = Metrics::default();
        for outcome in [TapOutcome::CheckedIn, TapOutcome::Seen, TapOutcome::CheckedIn] {
            metrics.tapped(outcome, Duration::from_millis(2));
        }
        metrics.committed(Duration::from_micros(700));
        let reader = ReaderName::new("porte").unwrap();
        let porte = ReaderStatus { v: V, reader, state: ReaderState::Absent, reason: None, beside: None };
        let text = metrics.encoded(&Snapshot {
            members: Count { fresh: 4, passed: 2 },
            guests: Count { fresh: 1, passed: 0 },
            came_today: 9,
            needs: 3,
            readers: vec![&porte],
            broker_connected: true,
            outbox: 0,
            database_bytes: 4096,
            clock_known: true,
            evacuation: false,
        });
        for line in [
            "voisins_taps_total{outcome=\"checked_in\"} 2",
            "voisins_taps_total{outcome=\"seen\"} 1",
            "voisins_tap_seconds_count 3",
            "voisins_commit_seconds_bucket{le=\"0.0008\"} 1",
            "voisins_present{who=\"members\",seen=\"lately\"} 4",
            "voisins_present{who=\"guests\",seen=\"lately\"} 1",
            "voisins_came_today 9",
            "voisins_needs_open 3",
            "voisins_reader_up{reader=\"porte\"} 0",
            "voisins_broker_connected 1",
            "voisins_outbox_documents 0",
            "voisins_database_bytes 4096",
            "voisins_evacuation 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(text.contains("voisins_build_info{version=") && text.ends_with("# EOF\n"));
    }
}
