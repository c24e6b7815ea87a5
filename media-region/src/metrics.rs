//! `/metrics`: counters of the engines and of the control plane as OpenMetrics text, which
//! Prometheus reads.
//!
//! Whether batching works shows in `meridian_send_batch_datagrams` and
//! `meridian_receive_batch_datagrams` (datagrams for each system call), in
//! `meridian_receive_buffers_total` (fewer than datagrams: the kernel joined some, GRO) and in
//! `meridian_send_segments_limit` (1: the kernel lacks GSO).

use std::fmt;

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _, NoLabelSet, text::encode},
    metrics::{MetricType, counter::ConstCounter, counter::Counter, family::Family, gauge::ConstGauge},
    registry::Registry,
};

use crate::engine::{Snapshot, counters::Batches};

/// Of [`Metrics::text`].
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Counters of the control plane and of the link to the edge.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metrics {
    requests: Family<RequestLabels, Counter>,
    tickets_refused: Family<TicketLabels, Counter>,
    /// Reports that the edge took, and those it did not.
    pub(crate) reports: Family<ResultLabels, Counter>,
    /// Session events that the edge took, and those given up.
    pub(crate) events: Family<ResultLabels, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TicketLabels {
    reason: &'static str,
}

/// Whether the edge took something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct ResultLabels {
    pub(crate) result: &'static str,
}

impl Metrics {
    /// Counts an answered request.
    pub(crate) fn request(&self, route: String, status: u16) {
        self.requests.get_or_create(&RequestLabels { route, status }).inc();
    }

    /// Counts a refused ticket.
    pub(crate) fn ticket_refused(&self, reason: &'static str) {
        self.tickets_refused.get_or_create(&TicketLabels { reason }).inc();
    }

    /// Everything, with the engines as they are in `snapshots`.
    pub(crate) fn text(&self, snapshots: Vec<Snapshot>) -> Result<String, fmt::Error> {
        let mut registry = Registry::with_prefix("meridian");
        registry.register("requests", "Requests answered by the control plane", self.requests.clone());
        registry.register("tickets_refused", "Tickets refused, by reason", self.tickets_refused.clone());
        registry.register("reports", "Reports to the edge, by result", self.reports.clone());
        registry.register("session_events", "Session events to the edge, by result", self.events.clone());
        registry.register_collector(Box::new(Scrape(snapshots)));
        let mut text = String::new();
        encode(&mut text, &registry)?;
        Ok(text)
    }
}

#[derive(Debug)]
struct Scrape(Vec<Snapshot>);

type Read<T> = fn(&Snapshot) -> T;

const GAUGES: &[(&str, &str, Read<u64>)] = &[
    ("sessions", "Media sessions now", |s| s.forwarder.sessions),
    ("rooms", "Rooms now", |s| s.forwarder.rooms),
    ("send_segments_limit", "Datagrams that one call may send; 1 without segmentation offload (GSO)", |s| {
        u64::try_from(s.most_segments).unwrap_or(u64::MAX)
    }),
];

const COUNTERS: &[(&str, &str, Read<u64>)] = &[
    ("datagrams_in", "Datagrams received", |s| s.forwarder.datagrams_in),
    ("bytes_in", "Bytes received", |s| s.forwarder.bytes_in),
    ("datagrams_unmatched", "Datagrams that belong to no session", |s| s.forwarder.datagrams_unmatched),
    ("datagrams_limited", "Datagrams above what one session may send", |s| s.forwarder.datagrams_limited),
    ("datagrams_out", "Datagrams produced", |s| s.forwarder.datagrams_out),
    ("bytes_out", "Bytes produced", |s| s.forwarder.bytes_out),
    ("rtp_in", "RTP packets received from publishers", |s| s.forwarder.rtp_in),
    ("rtp_forwarded", "RTP packets written to subscribers", |s| s.forwarder.rtp_forwarded),
    ("rtp_dropped", "RTP packets not forwarded", |s| s.forwarder.rtp_dropped),
    ("rtp_withheld", "RTP packets of sources that may not be published", |s| s.forwarder.rtp_withheld),
    ("rtp_limited", "RTP packets above what one track may send", |s| s.forwarder.rtp_limited),
    ("relay_packets_in", "RTP packets taken from other engines that carry the same room", |s| {
        s.forwarder.relay_packets_in
    }),
    ("relay_packets_out", "RTP packets handed to other engines that carry the same room", |s| {
        s.forwarder.relay_packets_out
    }),
    ("relay_packets_dropped", "RTP packets that another engine did not take at once", |s| {
        s.transport.relay_packets_dropped
    }),
    ("grants", "Changes of what a session may publish", |s| s.forwarder.grants),
    ("grants_ignored", "Grants for sessions that are not open, or older than one taken", |s| {
        s.forwarder.grants_ignored
    }),
    ("layer_switches", "Times that a slot began to carry another layer, or anything after nothing", |s| {
        s.forwarder.layer_switches
    }),
    ("keyframe_requests_sent", "Keyframe requests sent to publishers", |s| s.forwarder.keyframe_requests_sent),
    ("keyframe_requests_coalesced", "Keyframe requests answered by one under way", |s| {
        s.forwarder.keyframe_requests_coalesced
    }),
    ("receive_buffers", "Kernel buffers that datagrams came in; fewer than datagrams when GRO joins them", |s| {
        s.transport.receive_buffers
    }),
    ("receive_errors", "Calls that failed to receive", |s| s.transport.receive_errors),
    ("send_dropped", "Datagrams dropped because the socket's buffer was full", |s| s.transport.datagrams_dropped),
    ("send_errors", "Datagrams that the kernel refused to send", |s| s.transport.send_errors),
    ("send_segmentation_failures", "Runs sent one by one because segmentation offload failed", |s| {
        s.transport.segmentation_failures
    }),
    ("session_events_dropped", "Session events dropped because the queue to the edge was full", |s| {
        s.transport.events_dropped
    }),
];

const BATCHES: &[(&str, &str, Read<Batches>)] = &[
    ("send_batch_datagrams", "Datagrams sent in one system call", |s| s.transport.sends),
    ("receive_batch_datagrams", "Datagrams received in one system call", |s| s.transport.receives),
];

impl Scrape {
    /// The engines with their label.
    fn engines(&self) -> impl Iterator<Item = ([(&'static str, String); 1], &Snapshot)> {
        self.0.iter().enumerate().map(|(engine, snapshot)| ([("engine", engine.to_string())], snapshot))
    }
}

impl Collector for Scrape {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for (name, help, read) in GAUGES {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            for (labels, snapshot) in self.engines() {
                ConstGauge::new(read(snapshot)).encode(family.encode_family(&labels)?)?;
            }
        }
        for (name, help, read) in COUNTERS {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            for (labels, snapshot) in self.engines() {
                ConstCounter::new(read(snapshot)).encode(family.encode_family(&labels)?)?;
            }
        }
        for (name, help, read) in BATCHES {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
            for (labels, snapshot) in self.engines() {
                let batches = read(snapshot);
                #[expect(clippy::cast_precision_loss, reason = "a sum for a graph; exact up to 2^53")]
                let sum = batches.datagrams() as f64;
                let exemplars = None::<&std::collections::HashMap<_, _>>;
                family.encode_family(&labels)?.encode_histogram::<NoLabelSet>(
                    sum,
                    batches.calls(),
                    &batches.buckets(),
                    exemplars,
                )?;
            }
        }
        Ok(())
    }
}
