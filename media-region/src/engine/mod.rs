//! Engines: one thread, one UDP port, some TCP connections and one forwarder each; a room belongs to
//! one of them.
//!
//! Everybody else speaks to an engine through [`Engine`], by messages: nothing of it is shared.

mod backlog;
mod connections;
pub(crate) mod counters;
mod driver;
mod inbox;
mod outbox;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io,
    net::UdpSocket,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use protocol::{
    id::{ParticipantId, RoomId},
    media::Source,
    region::{SessionAnswer, SessionEvent},
};
use sfu::{Counters, Input, Open, OpenError, Output};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::tcp::Newcomer;
use counters::Transport;
use driver::Driver;

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
        number: usize,
        socket: UdpSocket,
        forwarder: impl FnOnce(Instant) -> F + Send + 'static,
        events: mpsc::Sender<SessionEvent>,
        ended: mpsc::UnboundedSender<Ended>,
    ) -> io::Result<Self> {
        let (commands, receiver) = mpsc::channel(COMMANDS);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        thread::Builder::new().name(format!("engine-{number}")).spawn(move || {
            let _ended = SayEnded { engine: number, to: ended };
            runtime.block_on(async {
                match Driver::new(forwarder(Instant::now()), socket, events) {
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
pub(crate) struct Engines(Arc<[Engine]>);

impl Engines {
    pub(crate) fn new(engines: Vec<Engine>) -> Self {
        Self(engines.into())
    }

    /// The engine that a room belongs to: always the same one, because their number never changes.
    pub(crate) fn of(&self, room: &RoomId) -> Option<&Engine> {
        let mut hasher = DefaultHasher::new();
        room.hash(&mut hasher);
        let count = u64::try_from(self.0.len()).ok()?;
        let place = hasher.finish().checked_rem(count)?;
        self.0.get(usize::try_from(place).ok()?)
    }

    /// The engine of this number, as its forwarder was told.
    pub(crate) fn numbered(&self, number: u16) -> Option<&Engine> {
        self.0.get(usize::from(number))
    }

    /// One snapshot of each, in their order; `None` when any does not answer.
    pub(crate) async fn snapshots(&self) -> Option<Vec<Snapshot>> {
        let mut snapshots = Vec::with_capacity(self.0.len());
        for engine in self.0.iter() {
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
        for engine in self.0.iter() {
            engine.tell(Command::Drain).await;
        }
    }

    /// Lets them close every session and end.
    pub(crate) async fn stop(&self) {
        for engine in self.0.iter() {
            engine.tell(Command::Stop).await;
        }
    }
}

#[cfg(test)]
mod tests;
