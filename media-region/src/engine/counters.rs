//! What an engine's socket did so far, for `/metrics`.

use sfu::Histogram;

/// Counters of one engine's socket since its start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Transport {
    /// Datagrams handed to the kernel in one call.
    pub(crate) sends: Batches,
    /// Datagrams taken from the kernel in one call, over all its buffers.
    pub(crate) receives: Batches,
    /// How long media packets took.
    pub(crate) forwarding: Durations,
    /// How long media packets took from another engine.
    pub(crate) relaying: Durations,
    /// Buffers they came in; fewer than datagrams when the kernel joined some (GRO).
    pub(crate) receive_buffers: u64,
    /// Calls that failed to receive.
    pub(crate) receive_errors: u64,
    /// Datagrams dropped because the socket's buffer was full.
    pub(crate) datagrams_dropped: u64,
    /// Datagrams that the kernel refused to send for another reason.
    pub(crate) send_errors: u64,
    /// Runs of datagrams that were sent one by one because segmentation offload failed.
    pub(crate) segmentation_failures: u64,
    /// RTP packets for linked engines that did not take them at once.
    pub(crate) relay_packets_dropped: u64,
    /// Session events dropped because the queue to the edge was full.
    pub(crate) events_dropped: u64,
    /// Of its TCP connections.
    pub(crate) tcp: Tcp,
}

/// Counters of one engine's TCP connections since its start.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tcp {
    /// Connections now.
    pub(crate) connections: u64,
    /// Connections taken over from the listener.
    pub(crate) opened: u64,
    /// Bytes in, with lengths.
    pub(crate) bytes_in: u64,
    /// Bytes out, with lengths.
    pub(crate) bytes_out: u64,
    /// Pictures dropped because they waited too long or were too many.
    pub(crate) dropped_pictures: u64,
    /// Other frames dropped because too many waited.
    pub(crate) dropped_prompt: u64,
    /// Frames for a connection that is gone.
    pub(crate) homeless: u64,
    /// Connections whose first frame the forwarder refused.
    pub(crate) strangers: u64,
    /// Connections closed for a frame that was too long.
    pub(crate) closed_framing: u64,
    /// Connections closed because their other end did not read.
    pub(crate) closed_slow: u64,
    /// Connections closed because nothing came.
    pub(crate) closed_silent: u64,
}

/// How many datagrams each call carried.
pub(crate) type Batches = Histogram<11>;

/// Microseconds from the arrival of a media packet at the kernel, or from another engine's handing it over,
/// until all that it caused was handed to the socket.
pub(crate) type Durations = Histogram<13>;

impl Default for Transport {
    fn default() -> Self {
        let batches = Batches::new(&[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
        let durations =
            Durations::new(&[50, 100, 250, 500, 1000, 1500, 2000, 3000, 5000, 10_000, 25_000, 100_000, 500_000]);
        Self {
            sends: batches,
            receives: batches,
            forwarding: durations,
            relaying: durations,
            receive_buffers: 0,
            receive_errors: 0,
            datagrams_dropped: 0,
            send_errors: 0,
            segmentation_failures: 0,
            relay_packets_dropped: 0,
            events_dropped: 0,
            tcp: Tcp::default(),
        }
    }
}
