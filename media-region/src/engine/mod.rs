//! Engines: one thread, one UDP port, some TCP connections and one forwarder each; a room belongs to one
//! of them until it is too large for that.
//!
//! Everybody else speaks to an engine through [`Engine`], by messages: nothing of it is shared.

mod backlog;
mod connections;
pub(crate) mod counters;
mod driver;
mod inbox;
mod outbox;
mod placement;
mod relays;
mod unfinished;

use std::{
    io,
    net::UdpSocket,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use protocol::{
    id::{ParticipantId, RoomId},
    media::Source,
    region::{ProbeAnswer, SessionAnswer, SessionEvent},
};
use sfu::{Counters, Input, Open, OpenError, Output, Progress};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::tcp::Newcomer;
use counters::Transport;
use driver::Driver;
use placement::Placement;
use relays::Relays;

pub(crate) use relays::mesh;

/// Commands that wait for one engine; more are refused.
const COMMANDS: usize = 256;
/// How long an engine may take to answer. It is far beyond a healthy one's milliseconds.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);

/// What a core must do to run in an engine; [`sfu::Engine`], except in tests of the loop.
pub(crate) trait Forwarder {
    /// One mutation.
    fn handle(&mut self, now: Instant, input: Input<'_>);
    /// What to carry out.
    fn poll_output(&mut self) -> Option<Output>;
    /// When the next tick is due.
    fn next_deadline(&self) -> Option<Instant>;
    /// How far it is.
    fn progress(&self) -> Progress;
    /// What it did so far.
    fn counters(&self) -> Counters;
}

impl Forwarder for sfu::Engine {
    fn handle(&mut self, now: Instant, input: Input<'_>) {
        self.handle(now, input);
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.poll_output()
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.next_deadline()
    }

    fn progress(&self) -> Progress {
        self.progress()
    }

    fn counters(&self) -> Counters {
        self.counters()
    }
}

/// Why a session was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The forwarder said no.
    #[error(transparent)]
    Forwarder(OpenError),
    /// The instance takes no new rooms.
    #[error("the instance is draining and takes no new rooms")]
    Draining,
    /// The engine did not take the command, or did not answer in time.
    #[error("the engine does not answer")]
    Unresponsive,
}

/// What came of opening a session.
pub(crate) type Opened = Result<SessionAnswer, Refusal>;

/// An engine at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Snapshot {
    /// Of its forwarder.
    pub(crate) forwarder: Counters,
    /// Of its socket.
    pub(crate) transport: Transport,
    /// Datagrams that it may send in one call; 1 when the kernel lacks segmentation offload.
    pub(crate) most_segments: usize,
}

/// What a session may publish from now on; [`Input::Grant`].
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) room: RoomId,
    pub(crate) participant: ParticipantId,
    pub(crate) epoch: u64,
    pub(crate) grant: u64,
    pub(crate) publish: Vec<Source>,
}

enum Command {
    Open { open: Box<Open>, reply: oneshot::Sender<Opened> },
    Probe { reply: oneshot::Sender<ProbeAnswer> },
    Close { room: RoomId, participant: ParticipantId, epoch: u64, reply: oneshot::Sender<()> },
    Grant { grant: Grant, reply: oneshot::Sender<()> },
    Connect(Newcomer),
    Snapshot { reply: oneshot::Sender<Snapshot> },
    Drain,
    Stop,
}

/// An engine's thread has ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended {
    /// Which engine.
    pub(crate) engine: usize,
    /// It panicked.
    pub(crate) panicked: bool,
}

/// A session is over.
#[derive(Debug)]
pub(crate) struct Departure {
    engine: usize,
    room: RoomId,
    participant: ParticipantId,
    epoch: u64,
}

/// What an engine tells, and is told by, the rest of the process.
#[derive(Debug)]
pub(crate) struct Surroundings {
    /// Which engine it is.
    pub(crate) number: usize,
    /// Takes what the edge is to be told.
    pub(crate) events: mpsc::Sender<SessionEvent>,
    /// Takes the sessions that are over.
    pub(crate) departures: mpsc::UnboundedSender<Departure>,
    /// Is told of the end of the engine's thread.
    pub(crate) ended: mpsc::UnboundedSender<Ended>,
    /// Its links to the other engines.
    pub(crate) relays: Relays,
}

/// A running engine.
#[derive(Debug, Clone)]
pub(crate) struct Engine {
    commands: mpsc::Sender<Command>,
}

impl Engine {
    /// Starts a thread that forwards on `socket` until it is told to stop.
    ///
    /// # Errors
    /// When the thread or its event loop cannot be made.
    pub(crate) fn start<F: Forwarder + 'static>(
        socket: UdpSocket,
        forwarder: impl FnOnce(Instant) -> F + Send + 'static,
        surroundings: Surroundings,
    ) -> io::Result<Self> {
        let number = surroundings.number;
        let (commands, receiver) = mpsc::channel(COMMANDS);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        thread::Builder::new().name(format!("engine-{number}")).spawn(move || {
            let _ended = SayEnded { engine: number, to: surroundings.ended.clone() };
            runtime.block_on(async {
                match Driver::new(forwarder(Instant::now()), socket, surroundings) {
                    Ok(driver) => driver.run(receiver).await,
                    Err(error) => tracing::error!(engine = number, %error, "the socket of the engine is not usable"),
                }
            });
        })?;
        Ok(Self { commands })
    }

    /// Opens a session.
    ///
    /// # Errors
    /// When the engine refuses it or does not answer.
    pub(crate) async fn open(&self, open: Open) -> Opened {
        self.ask(|reply| Command::Open { open: Box::new(open), reply }).await.ok_or(Refusal::Unresponsive)?
    }

    /// Lets a browser find out which ways lead here; `None` when the engine does not answer.
    pub(crate) async fn probe(&self) -> Option<ProbeAnswer> {
        self.ask(|reply| Command::Probe { reply }).await
    }

    /// Closes a participant's sessions up to `epoch`; `None` when the engine does not answer.
    pub(crate) async fn close(&self, room: RoomId, participant: ParticipantId, epoch: u64) -> Option<()> {
        self.ask(|reply| Command::Close { room, participant, epoch, reply }).await
    }

    /// Changes what a session may publish; `None` when the engine does not answer.
    pub(crate) async fn grant(&self, grant: Grant) -> Option<()> {
        self.ask(|reply| Command::Grant { grant, reply }).await
    }

    /// Hands over a TCP connection; `None` when the engine does not take it.
    pub(crate) fn connect(&self, newcomer: Newcomer) -> Option<()> {
        self.commands.try_send(Command::Connect(newcomer)).ok()
    }

    /// What it did so far; `None` when it does not answer.
    pub(crate) async fn snapshot(&self) -> Option<Snapshot> {
        self.ask(|reply| Command::Snapshot { reply }).await
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.commands.try_send(command(reply)).ok()?;
        timeout(ANSWER_TIMEOUT, answer).await.ok()?.ok()
    }

    async fn tell(&self, command: Command) {
        // An engine that is gone, or stuck for this long, is reported by its own end.
        let _ = timeout(ANSWER_TIMEOUT, self.commands.send(command)).await;
    }
}

/// Says that the thread ended, also while it unwinds.
struct SayEnded {
    engine: usize,
    to: mpsc::UnboundedSender<Ended>,
}

impl Drop for SayEnded {
    fn drop(&mut self) {
        // Nobody listens any more when the process is ending anyway.
        let _ = self.to.send(Ended { engine: self.engine, panicked: thread::panicking() });
    }
}

/// All engines of the process; there is at least one.
#[derive(Debug, Clone)]
pub(crate) struct Engines(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    engines: Vec<Engine>,
    /// Held for a decision, never while anything is awaited; engines know nothing of it.
    placed: Mutex<Placed>,
}

#[derive(Debug)]
struct Placed {
    placement: Placement,
    departures: mpsc::UnboundedReceiver<Departure>,
}

impl Engines {
    /// These engines, of which each takes `capacity` sessions, and `share` of one room before the next is
    /// used. What is over comes from `departures`.
    pub(crate) fn new(
        engines: Vec<Engine>,
        capacity: usize,
        share: usize,
        departures: mpsc::UnboundedReceiver<Departure>,
    ) -> Self {
        let placement = Placement::new(engines.len(), capacity, share);
        Self(Arc::new(Inner { engines, placed: Mutex::new(Placed { placement, departures }) }))
    }

    /// Opens a session on the engine that takes this person.
    ///
    /// # Errors
    /// When the engine refuses it or does not answer.
    pub(crate) async fn open(&self, open: Open) -> Opened {
        let (room, participant, epoch) = (open.room.clone(), open.participant, open.epoch);
        let place = self.placed().placement.open(Instant::now(), &room, participant, epoch);
        // Settled also when the caller gives up.
        let mut settling = Settling { engines: self, room, participant, opened: None };
        let answer = self.engine(place)?.open(open).await?;
        settling.opened = Some(epoch);
        Ok(answer)
    }

    /// Lets a browser find out which ways lead here. All engines are reached by the same ones.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub(crate) async fn probe(&self) -> Result<ProbeAnswer, Refusal> {
        self.engine(0)?.probe().await.ok_or(Refusal::Unresponsive)
    }

    /// Closes a participant's sessions up to `epoch`, wherever they are.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub(crate) async fn close(&self, room: RoomId, participant: ParticipantId, epoch: u64) -> Result<(), Refusal> {
        let place = self.placed().placement.close(Instant::now(), &room, participant, epoch);
        self.engine(place)?.close(room, participant, epoch).await.ok_or(Refusal::Unresponsive)
    }

    /// Changes what a session may publish, wherever it is.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub(crate) async fn grant(&self, grant: Grant) -> Result<(), Refusal> {
        let place = self.placed().placement.of(&grant.room, grant.participant);
        self.engine(place)?.grant(grant).await.ok_or(Refusal::Unresponsive)
    }

    fn engine(&self, place: usize) -> Result<&Engine, Refusal> {
        self.0.engines.get(place).ok_or(Refusal::Unresponsive)
    }

    /// Who is where, with what is over taken into account.
    fn placed(&self) -> MutexGuard<'_, Placed> {
        let mut placed = self.0.placed.lock().unwrap_or_else(PoisonError::into_inner);
        while let Ok(Departure { engine, room, participant, epoch }) = placed.departures.try_recv() {
            placed.placement.over(Instant::now(), engine, &room, participant, epoch);
        }
        placed
    }

    /// The engine of this number, as its forwarder was told.
    pub(crate) fn numbered(&self, number: u16) -> Option<&Engine> {
        self.0.engines.get(usize::from(number))
    }

    /// One snapshot of each, in their order; `None` when any does not answer.
    pub(crate) async fn snapshots(&self) -> Option<Vec<Snapshot>> {
        let mut snapshots = Vec::with_capacity(self.0.engines.len());
        for engine in self.0.engines.iter() {
            snapshots.push(engine.snapshot().await?);
        }
        Some(snapshots)
    }

    /// Media sessions now; `None` when an engine does not answer.
    pub(crate) async fn sessions(&self) -> Option<u64> {
        Some(self.snapshots().await?.iter().map(|snapshot| snapshot.forwarder.sessions).sum())
    }

    /// Lets them refuse rooms they do not have yet.
    pub(crate) async fn drain(&self) {
        self.placed().placement.drain();
        for engine in self.0.engines.iter() {
            engine.tell(Command::Drain).await;
        }
    }

    /// Lets them close every session and end.
    pub(crate) async fn stop(&self) {
        for engine in self.0.engines.iter() {
            engine.tell(Command::Stop).await;
        }
    }
}

/// Says what came of opening a session.
struct Settling<'a> {
    engines: &'a Engines,
    room: RoomId,
    participant: ParticipantId,
    opened: Option<u64>,
}

impl Drop for Settling<'_> {
    fn drop(&mut self) {
        self.engines.placed().placement.settled(Instant::now(), &self.room, self.participant, self.opened);
    }
}

#[cfg(test)]
mod tests;
