//! The loop over real loopback sockets, with scripted forwarders in it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what must hold"
)]

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use protocol::{region::SessionEventKind, signal::MediaOffer};
use tokio::net::UdpSocket;

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

/// Answers a datagram with as many datagrams of 1000 bytes as its first byte says, on the tick
/// after it; opens everything; counts ticks that came by deadline.
#[derive(Default)]
struct Fountain {
    counters: Counters,
    pending: Vec<(SocketAddr, u8)>,
    outputs: VecDeque<Output>,
    deadline: Option<Instant>,
}

impl Forwarder for Fountain {
    fn handle(&mut self, now: Instant, input: Input<'_>) {
        match input {
            Input::Datagram { source, contents } => {
                self.counters.datagrams_in += 1;
                match contents.first() {
                    Some(b'!') => panic!("asked to"),
                    Some(b'?') => self.deadline = Some(now + Duration::from_millis(20)),
                    Some(count) => self.pending.push((source, *count)),
                    None => {}
                }
            }
            Input::Tick => {
                if self.deadline.is_some_and(|deadline| deadline <= now) {
                    self.deadline = None;
                    self.counters.rooms += 1;
                }
                for (destination, count) in std::mem::take(&mut self.pending) {
                    let contents = || Output::Transmit { destination, contents: vec![count; 1000] };
                    self.outputs.extend((0..count).map(|_| contents()));
                }
            }
            Input::Open(id, open) => {
                self.counters.sessions += 1;
                self.outputs
                    .push_back(Output::Opened(id, Ok(SessionAnswer { sdp: open.offer.sdp, slots: Vec::new() })));
            }
            Input::Close { room, participant, epoch } => {
                self.counters.sessions = self.counters.sessions.saturating_sub(1);
                let kind = SessionEventKind::Closed;
                self.outputs.push_back(Output::Event(SessionEvent { room, participant, epoch, kind }));
            }
            Input::Grant { .. } => self.counters.grants += 1,
            Input::Probe(_) | Input::Frame { .. } | Input::Tcp { .. } => {}
            Input::Socket { .. } | Input::Message { .. } => {}
            Input::Link { .. } | Input::Unlink { .. } | Input::Relayed { .. } => {}
        }
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.deadline
    }

    fn progress(&self) -> Progress {
        Progress::default()
    }

    fn counters(&self) -> Counters {
        self.counters
    }
}

struct Running {
    engine: Engine,
    address: SocketAddr,
    events: mpsc::Receiver<SessionEvent>,
    ended: mpsc::UnboundedReceiver<Ended>,
}

fn start() -> Running {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    let address = socket.local_addr().unwrap();
    let (event, events) = mpsc::channel(2);
    let (end, ended) = mpsc::unbounded_channel();
    let (departures, _) = mpsc::unbounded_channel();
    let relays = mesh(1).pop().unwrap();
    let surroundings = Surroundings { number: 3, events: event, departures, ended: end, relays };
    let engine = Engine::start(socket, |_| Fountain::default(), surroundings).unwrap();
    Running { engine, address, events, ended }
}

fn open(room: char) -> Open {
    Open {
        room: room.to_string().repeat(64).parse().unwrap(),
        participant: ParticipantId(uuid::Uuid::from_u128(1)),
        epoch: 1,
        publish: Vec::new(),
        offer: MediaOffer { sdp: "v=0\r\n".parse().unwrap(), tracks: Vec::new() },
    }
}

#[tokio::test]
async fn what_one_tick_produces_for_one_peer_leaves_in_few_calls() {
    let running = start();
    let peer = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    peer.send_to(&[48], running.address).await.unwrap();
    let mut buffer = [0; 2048];
    for _ in 0..48 {
        let (length, source) = timeout(PATIENCE, peer.recv_from(&mut buffer)).await.unwrap().unwrap();
        assert_eq!((length, source, buffer[0]), (1000, running.address, 48));
    }
    let snapshot = running.engine.snapshot().await.unwrap();
    assert_eq!(snapshot.transport.sends.sum(), 48);
    let expected = 48_u64.div_ceil(u64::try_from(snapshot.most_segments).unwrap());
    if snapshot.transport.segmentation_failures == 0 {
        assert_eq!(snapshot.transport.sends.count(), expected);
    }
    assert_eq!((snapshot.transport.datagrams_dropped, snapshot.transport.send_errors), (0, 0));
}

#[tokio::test]
async fn a_deadline_brings_a_tick_without_any_datagram() {
    let running = start();
    let peer = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    peer.send_to(b"?", running.address).await.unwrap();
    timeout(PATIENCE, async { while running.engine.snapshot().await.unwrap().forwarder.rooms == 0 {} })
        .await
        .expect("the tick comes");
}

#[tokio::test]
async fn commands_are_answered_while_datagrams_pour_in() {
    let running = start();
    let (address, flood) = (running.address, UdpSocket::bind("127.0.0.1:0").await.unwrap());
    let flooding = tokio::spawn(async move {
        loop {
            let _ = flood.send_to(&[0; 100], address).await;
            tokio::task::yield_now().await;
        }
    });
    for _ in 0..50 {
        timeout(Duration::from_secs(2), running.engine.snapshot()).await.unwrap().unwrap();
    }
    flooding.abort();
    assert!(running.engine.snapshot().await.unwrap().forwarder.datagrams_in > 0);
}

#[tokio::test]
async fn a_draining_engine_keeps_its_rooms_and_takes_no_others() {
    let mut running = start();
    running.engine.open(open('a')).await.unwrap();
    running.engine.tell(Command::Drain).await;
    assert_eq!(running.engine.open(open('b')).await, Err(Refusal::Draining));
    running.engine.open(Open { epoch: 2, ..open('a') }).await.unwrap();
    let Open { room, participant, .. } = open('a');
    running.engine.close(room, participant, 2).await.unwrap();
    assert_eq!(running.events.recv().await.unwrap().kind, SessionEventKind::Closed);
    assert_eq!(running.engine.open(open('a')).await, Err(Refusal::Draining));
}

#[tokio::test]
async fn stopping_closes_every_session_first() {
    let mut running = start();
    running.engine.open(open('a')).await.unwrap();
    running.engine.open(open('b')).await.unwrap();
    running.engine.tell(Command::Stop).await;
    let end = timeout(PATIENCE, running.ended.recv()).await.unwrap().unwrap();
    assert_eq!((end.engine, end.panicked), (3, false));
    for _ in 0..2 {
        assert_eq!(running.events.recv().await.unwrap().kind, SessionEventKind::Closed);
    }
    assert_eq!(running.events.recv().await, None);
}

#[tokio::test]
async fn a_full_queue_of_events_drops_and_counts_and_never_waits() {
    let running = start();
    for epoch in 1..=5 {
        let Open { room, participant, .. } = open('a');
        running.engine.close(room, participant, epoch).await.unwrap();
    }
    assert_eq!(running.engine.snapshot().await.unwrap().transport.events_dropped, 3);
}

#[tokio::test]
async fn a_panic_says_so_and_the_engine_answers_no_more() {
    let mut running = start();
    let peer = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    peer.send_to(b"!", running.address).await.unwrap();
    let end = timeout(PATIENCE, running.ended.recv()).await.unwrap().unwrap();
    assert_eq!((end.engine, end.panicked), (3, true));
    assert!(running.engine.snapshot().await.is_none());
    assert_eq!(running.engine.open(open('a')).await, Err(Refusal::Unresponsive));
}
