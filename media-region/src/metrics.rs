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
use sfu::Histogram;

use crate::engine::Snapshot;

/// Of [`Metrics::text`].
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Counters of the control plane and of the link to the edge.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metrics {
    requests: Family<RequestLabels, Counter>,
    tickets_refused: Family<ReasonLabels, Counter>,
    tcp_refused: Family<ReasonLabels, Counter>,
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
struct ReasonLabels {
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
        self.tickets_refused.get_or_create(&ReasonLabels { reason }).inc();
    }

    /// Counts a TCP connection that was refused before an engine had it.
    pub(crate) fn tcp_refused(&self, reason: &'static str) {
        self.tcp_refused.get_or_create(&ReasonLabels { reason }).inc();
    }

    /// Everything, with the engines as they are in `snapshots`.
    pub(crate) fn text(&self, snapshots: Vec<Snapshot>) -> Result<String, fmt::Error> {
        let mut registry = Registry::with_prefix("meridian");
        registry.register("requests", "Requests answered by the control plane", self.requests.clone());
        registry.register("tickets_refused", "Tickets refused, by reason", self.tickets_refused.clone());
        registry.register(
            "tcp_refused",
            "TCP connections refused by the listener, by reason",
            self.tcp_refused.clone(),
        );
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
    ("tcp_connections", "TCP connections of browsers now", |s| s.transport.tcp.connections),
    ("room_links", "Other engines that have people of the same rooms now, for each room", |s| s.forwarder.room_links),
    ("send_segments_limit", "Datagrams that one call may send; 1 without segmentation offload (GSO)", |s| {
        u64::try_from(s.most_segments).unwrap_or(u64::MAX)
    }),
];

const COUNTERS: &[(&str, &str, Read<u64>)] = &[
    ("datagrams_in", "Datagrams received", |s| s.forwarder.datagrams_in),
    ("bytes_in", "Bytes received", |s| s.forwarder.bytes_in),
    ("datagrams_unmatched", "Datagrams that belong to no session", |s| s.forwarder.datagrams_unmatched),
    ("datagrams_limited", "Datagrams above what one session may send", |s| s.forwarder.datagrams_limited),
    ("probes_answered", "Connectivity checks of browsers without a session that were answered", |s| {
        s.forwarder.probes_answered
    }),
    ("ice_restarts", "Times that a browser began ICE anew, in a session that went on", |s| s.forwarder.ice_restarts),
    ("datagrams_out", "Datagrams produced", |s| s.forwarder.datagrams_out),
    ("bytes_out", "Bytes produced", |s| s.forwarder.bytes_out),
    ("rtp_in", "RTP packets received from publishers", |s| s.forwarder.rtp_in),
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
    ("sound_aside", "RTP packets of sound that went past the transport of who hears it", |s| s.forwarder.sound_aside),
    ("layer_switches", "Times that a slot began to carry another layer, or anything after nothing", |s| {
        s.forwarder.layer_switches
    }),
    ("nacks_received", "Messages of subscribers that ask for lost packets", |s| s.forwarder.nacks_received),
    ("nacks_sent", "Messages that ask publishers for lost packets", |s| s.forwarder.nacks_sent),
    ("keyframe_requests_received", "Keyframe requests of subscribers (PLI, FIR)", |s| {
        s.forwarder.keyframe_requests_received
    }),
    ("keyframe_requests_sent", "Keyframe requests sent to publishers (PLI)", |s| s.forwarder.keyframe_requests_sent),
    ("keyframe_requests_coalesced", "Wishes for a keyframe that needed no request: one was under way", |s| {
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
    ("tcp_opened", "TCP connections taken over from the listener", |s| s.transport.tcp.opened),
    ("tcp_bytes_in", "Bytes received on TCP connections", |s| s.transport.tcp.bytes_in),
    ("tcp_bytes_out", "Bytes sent on TCP connections", |s| s.transport.tcp.bytes_out),
    ("messages_in", "Messages received on WebSockets", |s| s.forwarder.messages_in),
    ("messages_out", "Messages produced for WebSockets", |s| s.forwarder.messages_out),
    ("sockets_refused", "WebSockets without a good ticket", |s| s.forwarder.sockets_refused),
    ("session_events_dropped", "Session events dropped because the queue to the edge was full", |s| {
        s.transport.events_dropped
    }),
];

/// Counters with a label: name, help, the label's name, and its values.
type Labelled = (&'static str, &'static str, &'static str, &'static [(&'static str, Read<u64>)]);

const LABELLED: &[Labelled] = &[
    (
        "rtp_forwarded",
        "RTP packets written to subscribers, by what they carry",
        "kind",
        &[
            ("audio", |s| s.forwarder.forwarded.audio),
            ("camera", |s| s.forwarder.forwarded.camera),
            ("screen", |s| s.forwarder.forwarded.screen),
        ],
    ),
    (
        "rtp_dropped",
        "RTP packets not forwarded, by reason; those held, for each listener",
        "reason",
        &[
            ("unknown", |s| s.forwarder.rtp_unknown),
            ("withheld", |s| s.forwarder.rtp_withheld),
            ("limited", |s| s.forwarder.rtp_limited),
            ("malformed", |s| s.forwarder.rtp_malformed),
            ("unwanted", |s| s.forwarder.rtp_unwanted),
            ("held", |s| s.forwarder.rtp_held),
        ],
    ),
    (
        "tcp_dropped",
        "Frames for TCP connections that were dropped: pictures that waited too long, anything else of which too \
         much waited, frames for a connection that is gone",
        "kind",
        &[
            ("picture", |s| s.transport.tcp.dropped_pictures),
            ("prompt", |s| s.transport.tcp.dropped_prompt),
            ("homeless", |s| s.transport.tcp.homeless),
        ],
    ),
    (
        "tcp_closed",
        "TCP connections closed for a fault of their other end: its first frame was of nobody here, a frame was too \
         long, it did not read, nothing came",
        "reason",
        &[
            ("stranger", |s| s.transport.tcp.strangers),
            ("framing", |s| s.transport.tcp.closed_framing),
            ("slow", |s| s.transport.tcp.closed_slow),
            ("silent", |s| s.transport.tcp.closed_silent),
        ],
    ),
];

/// A histogram as it is encoded.
struct Distribution {
    sum: f64,
    count: u64,
    buckets: Vec<(f64, u64)>,
}

impl Distribution {
    /// With values so many times larger than they are told.
    #[expect(clippy::cast_precision_loss, reason = "figures for a graph; exact up to 2^53")]
    fn of<const BOUNDS: usize>(histogram: &Histogram<BOUNDS>, times: f64) -> Self {
        let bound = |bound: Option<u64>| bound.map_or(f64::INFINITY, |bound| bound as f64 / times);
        Self {
            sum: histogram.sum() as f64 / times,
            count: histogram.count(),
            buckets: histogram.buckets().map(|(at_most, count)| (bound(at_most), count)).collect(),
        }
    }
}

const MICROSECONDS: f64 = 1e6;

const DISTRIBUTIONS: &[(&str, &str, Read<Distribution>)] = &[
    ("send_batch_datagrams", "Datagrams sent in one system call", |s| Distribution::of(&s.transport.sends, 1.0)),
    ("receive_batch_datagrams", "Datagrams received in one system call", |s| {
        Distribution::of(&s.transport.receives, 1.0)
    }),
    (
        "forwarding_seconds",
        "Time from the arrival of a media packet at the kernel until all that it caused was handed to the socket",
        |s| Distribution::of(&s.transport.forwarding, MICROSECONDS),
    ),
    (
        "relay_seconds",
        "Time from handing a media packet to another engine until all that it caused there was handed to the socket",
        |s| Distribution::of(&s.transport.relaying, MICROSECONDS),
    ),
    ("estimate_bits_per_second", "What networks to subscribers were found to carry, at each measurement", |s| {
        Distribution::of(&s.forwarder.estimates, 1.0)
    }),
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
        for (name, help, label, values) in LABELLED {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            for ([engine], snapshot) in self.engines() {
                for (value, read) in *values {
                    let labels = [engine.clone(), (*label, (*value).to_owned())];
                    ConstCounter::new(read(snapshot)).encode(family.encode_family(&labels)?)?;
                }
            }
        }
        for (name, help, read) in DISTRIBUTIONS {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
            for (labels, snapshot) in self.engines() {
                let Distribution { sum, count, buckets } = read(snapshot);
                let exemplars = None::<&std::collections::HashMap<_, _>>;
                family.encode_family(&labels)?.encode_histogram::<NoLabelSet>(sum, count, &buckets, exemplars)?;
            }
        }
        Ok(())
    }
}
