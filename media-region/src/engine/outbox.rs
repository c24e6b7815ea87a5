//! Datagrams on their way out, runs of one destination and length joined into one system call.
//!
//! Nothing waits here beyond one turn of the loop, and nothing is sent twice: what the kernel does
//! not take at once is dropped and counted, because a forwarder that queues turns loss into delay.

use std::{io, net::SocketAddr};

use quinn_udp::Transmit;

use super::counters::Transport;

/// The largest UDP payload over IPv4: 65535 less the IP and UDP headers.
const MOST_BYTES: usize = 65_507;

/// Where datagrams go; the socket, except in tests.
pub(crate) trait Wire {
    /// How many datagrams of one length the kernel takes in one call; 1 without segmentation offload.
    fn most_segments(&self) -> usize;

    /// Hands datagrams to the kernel without waiting.
    fn send(&self, transmit: &Transmit<'_>) -> io::Result<()>;
}

/// The run of datagrams that is being joined.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    destination: Option<SocketAddr>,
    /// Length of each datagram of the run; only the last may be shorter (Linux `UDP_SEGMENT`).
    segment: usize,
    segments: usize,
    complete: bool,
    bytes: Vec<u8>,
}

impl Outbox {
    /// Takes a datagram, and sends the run before it when it does not belong to that.
    pub(crate) fn push(
        &mut self,
        destination: SocketAddr,
        contents: &[u8],
        wire: &impl Wire,
        transport: &mut Transport,
    ) {
        if !self.accepts(destination, contents.len(), wire.most_segments()) {
            self.flush(wire, transport);
            self.destination = Some(destination);
            self.segment = contents.len();
        }
        self.bytes.extend_from_slice(contents);
        self.segments += 1;
        self.complete = contents.len() < self.segment;
    }

    /// Sends what is there.
    pub(crate) fn flush(&mut self, wire: &impl Wire, transport: &mut Transport) {
        if let Some(destination) = self.destination.take() {
            self.send(destination, wire, transport);
        }
        self.bytes.clear();
        self.segments = 0;
        self.segment = 0;
        self.complete = false;
    }

    fn accepts(&self, destination: SocketAddr, length: usize, most_segments: usize) -> bool {
        self.destination == Some(destination)
            && !self.complete
            && (1..=self.segment).contains(&length)
            && self.segments < most_segments
            && self.bytes.len() + length <= MOST_BYTES
    }

    fn send(&self, destination: SocketAddr, wire: &impl Wire, transport: &mut Transport) {
        let segment_size = (self.segments > 1).then_some(self.segment);
        let Err(error) = attempt(destination, &self.bytes, segment_size, self.segments, wire, transport) else {
            return;
        };
        if segment_size.is_none() || error.kind() == io::ErrorKind::WouldBlock {
            count_lost(&error, self.segments, transport);
            return;
        }
        // The interface refuses segmentation offload, which shows only on use; from now on
        // `most_segments` says 1.
        transport.segmentation_failures += 1;
        for contents in self.bytes.chunks(self.segment.max(1)) {
            if let Err(error) = attempt(destination, contents, None, 1, wire, transport) {
                count_lost(&error, 1, transport);
            }
        }
    }
}

fn attempt(
    destination: SocketAddr,
    contents: &[u8],
    segment_size: Option<usize>,
    segments: usize,
    wire: &impl Wire,
    transport: &mut Transport,
) -> io::Result<()> {
    wire.send(&Transmit { destination, ecn: None, contents, segment_size, src_ip: None })?;
    transport.sends.record(u64::try_from(segments).unwrap_or(u64::MAX));
    Ok(())
}

fn count_lost(error: &io::Error, segments: usize, transport: &mut Transport) {
    let lost = u64::try_from(segments).unwrap_or(u64::MAX);
    if error.kind() == io::ErrorKind::WouldBlock {
        transport.datagrams_dropped += lost;
    } else {
        transport.send_errors += lost;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    /// Remembers what it was given, and refuses what it was told to refuse.
    struct Kernel {
        offload: Cell<bool>,
        full: Cell<bool>,
        taken: RefCell<Vec<(SocketAddr, Vec<usize>)>>,
    }

    impl Kernel {
        fn new() -> Self {
            Self { offload: Cell::new(true), full: Cell::new(false), taken: RefCell::default() }
        }

        fn lengths(&self) -> Vec<Vec<usize>> {
            self.taken.borrow().iter().map(|(_, lengths)| lengths.clone()).collect()
        }
    }

    impl Wire for Kernel {
        fn most_segments(&self) -> usize {
            64
        }

        fn send(&self, transmit: &Transmit<'_>) -> io::Result<()> {
            if self.full.get() {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            if transmit.segment_size.is_some() && !self.offload.get() {
                return Err(io::Error::other("no segmentation offload"));
            }
            let segment = transmit.segment_size.unwrap_or(transmit.contents.len()).max(1);
            let lengths = transmit.contents.chunks(segment).map(<[u8]>::len).collect();
            self.taken.borrow_mut().push((transmit.destination, lengths));
            Ok(())
        }
    }

    fn address(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    fn send(kernel: &Kernel, datagrams: &[(u16, usize)]) -> Transport {
        let (mut outbox, mut transport) = (Outbox::default(), Transport::default());
        for (port, length) in datagrams {
            outbox.push(address(*port), &vec![7; *length], kernel, &mut transport);
        }
        outbox.flush(kernel, &mut transport);
        transport
    }

    #[test]
    fn a_run_of_one_destination_and_length_is_one_call() {
        let kernel = Kernel::new();
        let transport = send(&kernel, &[(1, 1000), (1, 1000), (1, 1000), (2, 1000)]);
        assert_eq!(kernel.lengths(), [vec![1000, 1000, 1000], vec![1000]]);
        assert_eq!((transport.sends.count(), transport.sends.sum()), (2, 4));
    }

    #[test]
    fn a_shorter_datagram_ends_a_run_and_a_longer_one_begins_another() {
        let kernel = Kernel::new();
        send(&kernel, &[(1, 1000), (1, 400), (1, 400), (1, 401)]);
        assert_eq!(kernel.lengths(), [vec![1000, 400], vec![400], vec![401]]);
    }

    #[test]
    fn a_run_stays_within_what_the_kernel_takes() {
        let kernel = Kernel::new();
        send(&kernel, &[(1, 100); 70]);
        assert_eq!(kernel.lengths().iter().map(Vec::len).collect::<Vec<_>>(), [64, 6]);
        let kernel = Kernel::new();
        send(&kernel, &[(1, 1300); 60]);
        assert_eq!(kernel.lengths().iter().map(Vec::len).collect::<Vec<_>>(), [50, 10]);
    }

    #[test]
    fn without_offload_each_datagram_of_the_run_still_goes_out_once() {
        let kernel = Kernel::new();
        kernel.offload.set(false);
        let transport = send(&kernel, &[(1, 1000), (1, 1000), (1, 200)]);
        assert_eq!(kernel.lengths(), [[1000], [1000], [200]]);
        assert_eq!((transport.segmentation_failures, transport.sends.sum()), (1, 3));
        assert_eq!((transport.datagrams_dropped, transport.send_errors), (0, 0));
    }

    #[test]
    fn a_full_socket_drops_and_counts_and_keeps_nothing() {
        let kernel = Kernel::new();
        kernel.full.set(true);
        let (mut outbox, mut transport) = (Outbox::default(), Transport::default());
        for _ in 0..3 {
            outbox.push(address(1), &[0; 900], &kernel, &mut transport);
        }
        outbox.flush(&kernel, &mut transport);
        assert_eq!((transport.datagrams_dropped, transport.sends.sum()), (3, 0));
        kernel.full.set(false);
        outbox.flush(&kernel, &mut transport);
        assert!(kernel.lengths().is_empty());
    }

    #[test]
    fn an_empty_datagram_never_joins_a_run() {
        let kernel = Kernel::new();
        let transport = send(&kernel, &[(1, 0), (1, 0), (1, 5)]);
        assert_eq!(transport.sends.count(), 3);
    }
}
