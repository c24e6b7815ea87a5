//! Session events on their way to the edge: in order, in batches, tried again until taken.
//!
//! The queue is bounded; when the edge is away for long, the oldest events go first, because the
//! room asks people themselves when it hears nothing.

use std::{collections::VecDeque, time::Duration};

use protocol::{
    id::InstanceId,
    region::{RegionEvents, SessionEvent},
};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use super::Edge;
use crate::metrics::{Metrics, ResultLabels};

/// Events in one call, as `RegionEvents` says.
const BATCH: usize = 500;
/// Events that wait while the edge is away.
const QUEUE: usize = 20_000;
/// Events that wait between engines and this queue.
pub(crate) const CHANNEL: usize = 4096;

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Tells the edge of every event until the engines are gone and the queue is empty.
pub(crate) async fn send(edge: Edge, instance: InstanceId, metrics: Metrics, mut events: mpsc::Receiver<SessionEvent>) {
    let mut queue = Queue::default();
    let mut incoming = Vec::with_capacity(BATCH);
    let mut pause = FIRST_PAUSE;
    let mut not_before = Instant::now();
    let mut open = true;
    while open || !queue.0.is_empty() {
        tokio::select! {
            biased;
            count = events.recv_many(&mut incoming, BATCH), if open => {
                open = count > 0;
                let lost = queue.extend(incoming.drain(..));
                count_as("given_up", lost, &metrics);
                // Whatever else is there already belongs to the same call.
                if open && !events.is_empty() { continue; }
            }
            () = sleep_until(not_before), if !queue.0.is_empty() => {}
        }
        if queue.0.is_empty() || Instant::now() < not_before {
            continue;
        }
        let batch = RegionEvents { instance: instance.clone(), events: queue.first() };
        match edge.post("/api/regions/events", &batch).await {
            Ok(()) => {
                count_as("taken", queue.taken(batch.events.len()), &metrics);
                pause = FIRST_PAUSE;
            }
            Err(error) if error.passing() => {
                tracing::debug!(%error, "events not taken");
                not_before = Instant::now() + pause;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            Err(error) => {
                tracing::error!(%error, events = batch.events.len(), "the edge calls these events malformed; given up");
                count_as("given_up", queue.taken(batch.events.len()), &metrics);
            }
        }
    }
}

fn count_as(result: &'static str, events: usize, metrics: &Metrics) {
    let events = u64::try_from(events).unwrap_or(u64::MAX);
    metrics.events.get_or_create(&ResultLabels { result }).inc_by(events);
}

#[derive(Debug, Default)]
struct Queue(VecDeque<SessionEvent>);

impl Queue {
    /// Adds events and says how many of the oldest had to go for them.
    fn extend(&mut self, events: impl Iterator<Item = SessionEvent>) -> usize {
        self.0.extend(events);
        let lost = self.0.len().saturating_sub(QUEUE);
        self.0.drain(..lost);
        lost
    }

    fn first(&self) -> Vec<SessionEvent> {
        self.0.iter().take(BATCH).cloned().collect()
    }

    fn taken(&mut self, count: usize) -> usize {
        self.0.drain(..count.min(self.0.len())).count()
    }
}

#[cfg(test)]
mod tests {
    use protocol::{id::ParticipantId, region::SessionEventKind};

    use super::*;

    fn event(epoch: u64) -> SessionEvent {
        SessionEvent {
            room: "a".repeat(64).parse().unwrap(),
            participant: ParticipantId(uuid::Uuid::nil()),
            epoch,
            kind: SessionEventKind::Connected,
        }
    }

    #[test]
    fn a_full_queue_loses_its_oldest_events_and_says_how_many() {
        let mut queue = Queue::default();
        let many = u64::try_from(QUEUE).unwrap() + 3;
        assert_eq!(queue.extend((0..many).map(event)), 3);
        let first = queue.first();
        assert_eq!((first.len(), first[0].epoch), (BATCH, 3));
        assert_eq!(queue.taken(BATCH), BATCH);
        assert_eq!(queue.first()[0].epoch, 503);
    }
}
