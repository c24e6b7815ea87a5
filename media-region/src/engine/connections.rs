//! The TCP connections of one engine: what comes on them, and what waits for them.
//!
//! Only those that can be read, or written again, are looked at. Nothing here waits; a connection
//! whose other end does not read, or says nothing, is closed.

use std::{
    collections::{HashMap, VecDeque},
    future::Future,
    io::ErrorKind,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use sfu::{TcpState, Urgency};
use socket2::SockRef;
use tokio::net::TcpStream;

use super::{backlog::Backlog, counters::Tcp};
use crate::tcp::{Incoming, Newcomer, Peer, Place};

/// Nothing was read by the other end for so long although something waits.
const STUCK_AFTER: Duration = Duration::from_secs(5);
/// Nothing came for so long. Browsers check a pair that they may use every few seconds.
const SILENT_AFTER: Duration = Duration::from_secs(30);
/// The same on a WebSocket, where browsers ask every two seconds whether anybody is there.
const SOCKET_SILENT_AFTER: Duration = Duration::from_secs(12);
/// Between looks at all of them.
const SWEEP: Duration = Duration::from_secs(1);
/// Bytes read at a time.
const READ_BYTES: usize = 64 * 1024;

/// Why a connection was closed by this end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// A frame was too long.
    Framing,
    /// It did not read what waited for it.
    Slow,
    /// Nothing came.
    Silent,
}

/// The connections of an engine by their other ends.
pub(super) struct Connections {
    open: HashMap<Peer, Connection>,
    ready: FuturesUnordered<Readiness>,
    /// Those that something was pushed to.
    touched: Vec<Peer>,
    news: VecDeque<(Peer, TcpState)>,
    opened: u64,
    sweep_due: Instant,
    buffer: Vec<u8>,
}

struct Connection {
    stream: Arc<TcpStream>,
    /// Another connection of the same other end is another.
    number: u64,
    incoming: Incoming,
    backlog: Backlog,
    /// Whether the kernel has no room, and will say when it has.
    awaits_room: bool,
    is_touched: bool,
    is_congested: bool,
    heard: Instant,
    progressed: Instant,
    _place: Place,
}

type Readiness = Pin<Box<dyn Future<Output = Ready> + Send>>;

/// A connection can be read, or written.
pub(super) struct Ready {
    peer: Peer,
    number: u64,
    can_read: bool,
}

impl Connections {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            open: HashMap::new(),
            ready: FuturesUnordered::new(),
            touched: Vec::new(),
            news: VecDeque::new(),
            opened: 0,
            sweep_due: now + SWEEP,
            buffer: vec![0; READ_BYTES],
        }
    }

    /// Whether it is one of them.
    pub(super) fn has(&self, peer: Peer) -> bool {
        self.open.contains_key(&peer)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.open.len()
    }

    /// Takes a connection over; its first frames are taken with [`Connections::incoming`].
    pub(super) fn add(&mut self, now: Instant, newcomer: Newcomer) -> std::io::Result<Peer> {
        let peer = newcomer.peer();
        let Newcomer { stream, incoming, place, .. } = newcomer;
        self.close(peer);
        self.opened += 1;
        let connection = Connection {
            stream: Arc::new(TcpStream::from_std(stream)?),
            number: self.opened,
            incoming,
            backlog: if peer.is_socket { Backlog::of_messages() } else { Backlog::default() },
            awaits_room: false,
            is_touched: false,
            is_congested: false,
            heard: now,
            progressed: now,
            _place: place,
        };
        self.ready.push(readable(peer, &connection));
        self.open.insert(peer, connection);
        Ok(peer)
    }

    /// Waits for one that is ready; for ever when there is none.
    pub(super) async fn wait(&mut self) -> Ready {
        loop {
            match self.ready.next().await {
                Some(ready) => return ready,
                None => std::future::pending().await,
            }
        }
    }

    /// Another that is ready already.
    pub(super) fn another(&mut self) -> Option<Ready> {
        self.ready.next().now_or_never()?
    }

    /// Does what a connection is ready for; says whether frames may have come, and from whom.
    pub(super) fn serve(&mut self, now: Instant, ready: &Ready, counts: &mut Tcp) -> Option<Peer> {
        let connection = self.open.get_mut(&ready.peer).filter(|one| one.number == ready.number)?;
        if !ready.can_read {
            connection.awaits_room = false;
            self.touch(ready.peer);
            return None;
        }
        match connection.stream.try_read(&mut self.buffer) {
            Ok(0) => {
                self.close(ready.peer);
                None
            }
            Ok(bytes) => {
                connection.heard = now;
                connection.incoming.push(self.buffer.get(..bytes).unwrap_or_default());
                counts.bytes_in += u64::try_from(bytes).unwrap_or(u64::MAX);
                self.ready.push(readable(ready.peer, connection));
                Some(ready.peer)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.ready.push(readable(ready.peer, connection));
                None
            }
            Err(_) => {
                self.close(ready.peer);
                None
            }
        }
    }

    /// What came on a connection, to be given back with [`Connections::give_back`].
    pub(super) fn incoming(&mut self, peer: Peer) -> Option<Incoming> {
        self.open.get_mut(&peer).map(|connection| std::mem::take(&mut connection.incoming))
    }

    /// What is left of what came on a connection.
    pub(super) fn give_back(&mut self, peer: Peer, incoming: Incoming) {
        if let Some(connection) = self.open.get_mut(&peer) {
            connection.incoming = incoming;
        }
    }

    /// Something is to be sent.
    pub(super) fn push(&mut self, now: Instant, peer: Peer, urgency: Urgency, frame: Vec<u8>, counts: &mut Tcp) {
        let Some(connection) = self.open.get_mut(&peer) else {
            counts.homeless += 1;
            return;
        };
        if connection.backlog.is_empty() {
            connection.progressed = now;
        }
        let dropped = connection.backlog.push(now, urgency, frame);
        counts.dropped_pictures += dropped.pictures;
        counts.dropped_prompt += dropped.prompt;
        if dropped.pictures > 0 {
            self.congested(peer);
        }
        self.touch(peer);
    }

    /// Hands the kernel what it takes of what waits.
    pub(super) fn flush(&mut self, now: Instant, counts: &mut Tcp) {
        for peer in std::mem::take(&mut self.touched) {
            let Some(connection) = self.open.get_mut(&peer) else { continue };
            connection.is_touched = false;
            let is_alive = connection.write(now, counts);
            if connection.awaits_room && is_alive {
                self.ready.push(writable(peer, connection));
            }
            let dropped = connection.backlog.drop_stale(now);
            counts.dropped_pictures += dropped;
            let is_clear = connection.is_congested && connection.backlog.is_empty();
            if !is_alive {
                self.close(peer);
            } else if is_clear {
                connection.is_congested = false;
                self.news.push_back((peer, TcpState::Clear));
            } else if dropped > 0 {
                self.congested(peer);
            }
        }
    }

    /// What became known of a connection, oldest first.
    pub(super) fn news(&mut self) -> Option<(Peer, TcpState)> {
        self.news.pop_front()
    }

    /// Whether something became known.
    pub(super) fn has_news(&self) -> bool {
        !self.news.is_empty()
    }

    /// When [`Connections::sweep`] is due.
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.open.is_empty()).then_some(self.sweep_due)
    }

    /// Closes those whose other ends are gone, or do not read.
    pub(super) fn sweep(&mut self, now: Instant, counts: &mut Tcp) {
        if now < self.sweep_due {
            return;
        }
        self.sweep_due = now + SWEEP;
        let over = |since: Instant, most| now.saturating_duration_since(since) >= most;
        let failed = |(peer, connection): (&Peer, &Connection)| {
            let is_stuck = !connection.backlog.is_empty() && over(connection.progressed, STUCK_AFTER);
            let silent_after = if peer.is_socket { SOCKET_SILENT_AFTER } else { SILENT_AFTER };
            let why = is_stuck.then_some(Why::Slow).or(over(connection.heard, silent_after).then_some(Why::Silent));
            Some((*peer, why?))
        };
        let failed: Vec<_> = self.open.iter().filter_map(failed).collect();
        for (peer, why) in failed {
            self.abort(peer, why, counts);
        }
        // What waits gets older also where nothing else happens.
        let waiting = self.open.iter().filter(|(_, connection)| !connection.backlog.is_empty());
        for peer in waiting.map(|(peer, _)| *peer).collect::<Vec<_>>() {
            self.touch(peer);
        }
    }

    /// Closes a connection for a fault of its other end. What waits for it is dropped.
    pub(super) fn abort(&mut self, peer: Peer, why: Why, counts: &mut Tcp) {
        match why {
            Why::Framing => counts.closed_framing += 1,
            Why::Slow => counts.closed_slow += 1,
            Why::Silent => counts.closed_silent += 1,
        }
        if let Some(connection) = self.open.get(&peer) {
            // Otherwise the kernel would keep for minutes what nobody reads. It fails for one that is gone.
            let _ = SockRef::from(&*connection.stream).set_linger(Some(Duration::ZERO));
        }
        self.close(peer);
    }

    /// Closes a connection that the core has no use for, once it was handed what waits.
    pub(super) fn disconnect(&mut self, now: Instant, peer: Peer, counts: &mut Tcp) {
        if let Some(connection) = self.open.get_mut(&peer) {
            connection.write(now, counts);
            // One that is new is not known to be writable yet, and is told why it is refused all the same.
            if let Some(chunk) = connection.backlog.chunk() {
                let _ = SockRef::from(&*connection.stream).send(chunk);
            }
            self.close(peer);
        }
    }

    fn close(&mut self, peer: Peer) {
        if let Some(connection) = self.open.remove(&peer) {
            // Whoever waits for it to be ready waits no longer. It fails for one that is closed already.
            let _ = SockRef::from(&*connection.stream).shutdown(std::net::Shutdown::Both);
            self.news.push_back((peer, TcpState::Closed));
        }
    }

    fn congested(&mut self, peer: Peer) {
        if let Some(connection) = self.open.get_mut(&peer).filter(|connection| !connection.is_congested) {
            connection.is_congested = true;
            let is_empty = connection.backlog.is_empty();
            self.news.push_back((peer, TcpState::Congested));
            if is_empty {
                // It is clear again with the next flush.
                self.touch(peer);
            }
        }
    }

    fn touch(&mut self, peer: Peer) {
        if let Some(connection) = self.open.get_mut(&peer).filter(|connection| !connection.is_touched) {
            connection.is_touched = true;
            self.touched.push(peer);
        }
    }
}

impl Connection {
    /// Hands the kernel what it takes; false when the connection is gone. Stops where it has no room, to
    /// be told when it has.
    fn write(&mut self, now: Instant, counts: &mut Tcp) -> bool {
        if self.awaits_room {
            return true;
        }
        while let Some(chunk) = self.backlog.chunk() {
            match self.stream.try_write(chunk) {
                Ok(bytes) => {
                    self.backlog.taken(bytes);
                    self.progressed = now;
                    counts.bytes_out += u64::try_from(bytes).unwrap_or(u64::MAX);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.awaits_room = true;
                    return true;
                }
                Err(_) => return false,
            }
        }
        true
    }
}

fn readable(peer: Peer, connection: &Connection) -> Readiness {
    let (stream, number) = (Arc::clone(&connection.stream), connection.number);
    Box::pin(async move {
        // An error shows again when it is read.
        let _ = stream.readable().await;
        Ready { peer, number, can_read: true }
    })
}

fn writable(peer: Peer, connection: &Connection) -> Readiness {
    let (stream, number) = (Arc::clone(&connection.stream), connection.number);
    Box::pin(async move {
        let _ = stream.writable().await;
        Ready { peer, number, can_read: false }
    })
}
