//! What the process has counted, for Prometheus. Labels are names of endpoints and classes of status: what callers
//! send makes no series.

use super::{NOTHING, error};
use crate::meter::{Durations, Meter};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Found, Turn};
use crate::world::Sandboxes;
use http::{Method, StatusCode};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{
    DescriptorEncoder, EncodeMetric, MetricEncoder, NoLabelSet, text,
};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The metrics.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint::of(
    Method::GET,
    ("/__mockpos/metrics", METRICS),
    (Evidence::Documented, NOTHING),
    read,
)
.told(|spec| spec.text(200, "application/openmetrics-text"))];

/// The row's name.
pub const METRICS: &str = "admin.metrics.read";

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What there is at this moment.
#[derive(Debug)]
struct Sample {
    meter: Arc<Meter>,
    sandboxes: u64,
    journal_bytes: u64,
    journal_limit: u64,
    journal_dropped: u64,
    state_entries: u64,
    state_limit: u64,
    process: Option<Process>,
}

/// What the system says of the process.
#[derive(Debug)]
struct Process {
    resident_bytes: u64,
    files: u64,
    cpu: Duration,
}

impl Process {
    /// None where the system tells no such things.
    fn look() -> Option<Self> {
        let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
        let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
        let page = u64::try_from(rustix::param::page_size()).ok()?;
        let cpu = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Some(Self {
            resident_bytes: pages * page,
            files: std::fs::read_dir("/proc/self/fd").ok()?.count() as u64,
            cpu: Duration::try_from(cpu).ok()?,
        })
    }
}

/// Whether they are asked for. They are read without the lock of any sandbox: the system is asked, which may take long.
pub fn is_metrics(found: &Found) -> bool {
    matches!(&found.row, Ok((row, _)) if row.name == METRICS)
}

fn read(turn: &mut Turn<'_>) -> Answer {
    Ok(metrics(turn.sandboxes, turn.meter))
}

/// What there is at this moment, as a page.
pub fn metrics(sandboxes: &Sandboxes, meter: &Arc<Meter>) -> Reply {
    let room = sandboxes.room();
    let budget = room.budget();
    let number = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
    let sample = Sample {
        meter: Arc::clone(meter),
        sandboxes: number(sandboxes.population()),
        journal_bytes: number(budget.used()),
        journal_limit: number(budget.limit()),
        journal_dropped: budget.dropped(),
        state_entries: number(room.entries()),
        state_limit: number(room.most_entries()),
        process: Process::look(),
    };
    let mut registry = Registry::default();
    registry.register_collector(Box::new(sample));
    let mut page = String::new();
    if text::encode(&mut page, &registry).is_err() {
        let hint = "ask again";
        let error_text = "the metrics cannot be written";
        return error(StatusCode::INTERNAL_SERVER_ERROR, error_text, hint);
    }
    Reply::new(StatusCode::OK, OPEN_METRICS, page)
}

impl Collector for Sample {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.calls(&mut encoder)?;
        durations(&mut encoder, &self.meter.took)?;
        let meter = &self.meter;
        let (accepted, closed) = (meter.accepted.value(), meter.closed.value());
        let gauges = [
            (
                "mockpos_connections_open",
                "Connections that are open",
                accepted.saturating_sub(closed),
            ),
            (
                "mockpos_sandboxes",
                "Sandboxes, the default one included",
                self.sandboxes,
            ),
            (
                "mockpos_journal_bytes",
                "Bytes that the journals of all sandboxes hold",
                self.journal_bytes,
            ),
            (
                "mockpos_journal_limit_bytes",
                "Bytes that they may hold",
                self.journal_limit,
            ),
            (
                "mockpos_state_entries",
                "Entries in the stores of all sandboxes",
                self.state_entries,
            ),
            (
                "mockpos_state_limit_entries",
                "Entries that there may be",
                self.state_limit,
            ),
        ];
        for (name, help, value) in gauges {
            gauge(&mut encoder, (name, help), value)?;
        }
        let counters = [
            (
                "mockpos_connections_accepted",
                "Connections that were accepted",
                accepted,
            ),
            (
                "mockpos_journal_dropped",
                "Calls that the journals no longer hold",
                self.journal_dropped,
            ),
        ];
        for (name, help, value) in counters {
            let plain = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            ConstCounter::new(value).encode(plain)?;
        }
        self.webhooks(&mut encoder)?;
        self.process
            .as_ref()
            .map_or(Ok(()), |process| process.encode(&mut encoder))
    }
}

impl Sample {
    fn calls(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Calls that were answered, by endpoint and class of status";
        let mut family =
            encoder.encode_descriptor("mockpos_calls", help, None, MetricType::Counter)?;
        for (surface, endpoint, answered) in self.meter.calls() {
            for (class, count) in answered.by_class() {
                let labels = [
                    ("surface", surface),
                    ("endpoint", endpoint),
                    ("status", class),
                ];
                count_of(&mut family, &labels[..], count)?;
            }
        }
        Ok(())
    }

    fn webhooks(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Attempts at webhooks, by what came of them";
        let name = "mockpos_webhook_attempts";
        let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
        let (taken, failed) = (&self.meter.delivered, &self.meter.undelivered);
        for (result, counter) in [("delivered", taken), ("failed", failed)] {
            count_of(&mut family, &[("result", result)][..], counter.value())?;
        }
        Ok(())
    }
}

impl Process {
    fn encode(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        gauge(
            encoder,
            ("process_resident_memory_bytes", "Resident memory"),
            self.resident_bytes,
        )?;
        gauge(
            encoder,
            ("process_open_fds", "Open file descriptors"),
            self.files,
        )?;
        let help = "Time of the processor, of user and system, in seconds";
        let plain =
            encoder.encode_descriptor("process_cpu_seconds", help, None, MetricType::Counter)?;
        ConstCounter::new(self.cpu.as_secs_f64()).encode(plain)
    }
}

fn gauge(
    encoder: &mut DescriptorEncoder<'_>,
    (name, help): (&str, &str),
    value: u64,
) -> fmt::Result {
    let plain = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    ConstGauge::new(value).encode(plain)
}

fn count_of(family: &mut MetricEncoder<'_>, labels: &[(&str, &str)], count: u64) -> fmt::Result {
    ConstCounter::new(count).encode(family.encode_family(&labels)?)
}

fn durations(encoder: &mut DescriptorEncoder<'_>, took: &Durations) -> fmt::Result {
    let name = "mockpos_answer_duration_seconds";
    let help = "From a request's head to its answer, waiting that a scenario asked for included";
    let mut plain = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
    let bound = |bound: Option<Duration>| bound.map_or(f64::INFINITY, |bound| bound.as_secs_f64());
    let buckets: Vec<_> = took
        .buckets()
        .map(|(upper, count)| (bound(upper), count))
        .collect();
    let count = buckets.iter().map(|(_, count)| count).sum();
    plain.encode_histogram::<NoLabelSet>(took.sum().as_secs_f64(), count, &buckets, None)
}
