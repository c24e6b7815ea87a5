//! Which sockets are open and who is behind each.

use protocol::{Millis, id::ParticipantId};
use sorted::Map;

use crate::{
    interface::{Connection, ConnectionId},
    rate::Conduct,
};

/// An open socket.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Socket {
    pub(crate) connection: Connection,
    pub(crate) conduct: Conduct,
}

/// The open sockets. A person has one, except in the moment between two of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Sockets {
    open: Map<ConnectionId, Socket>,
    by_participant: Map<ParticipantId, Vec<ConnectionId>>,
}

impl Sockets {
    /// The sockets that are open now.
    pub(crate) fn restore(now: Millis, connections: Vec<Connection>) -> Self {
        let mut sockets = Self::default();
        for connection in connections {
            sockets.insert(now, connection);
        }
        sockets
    }

    /// A socket opened.
    pub(crate) fn insert(&mut self, now: Millis, connection: Connection) {
        self.remove(connection.id);
        self.by_participant.entry(connection.participant).or_default().push(connection.id);
        self.open.insert(connection.id, Socket { connection, conduct: Conduct::new(now) });
    }

    /// A socket is no more.
    pub(crate) fn remove(&mut self, id: ConnectionId) -> Option<Connection> {
        let Socket { connection, .. } = self.open.remove(&id)?;
        if let Some(ids) = self.by_participant.get_mut(&connection.participant) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.by_participant.remove(&connection.participant);
            }
        }
        Some(connection)
    }

    /// All are closed.
    pub(crate) fn clear(&mut self) -> Vec<ConnectionId> {
        self.by_participant.clear();
        std::mem::take(&mut self.open).into_keys().collect()
    }

    /// It, to read.
    pub(crate) fn find(&self, id: ConnectionId) -> Option<&Connection> {
        self.open.get(&id).map(|socket| &socket.connection)
    }

    /// All, to read.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Connection> {
        self.open.values().map(|socket| &socket.connection)
    }

    /// How it behaves.
    pub(crate) fn conduct(&mut self, id: ConnectionId) -> Option<&mut Conduct> {
        self.open.get_mut(&id).map(|socket| &mut socket.conduct)
    }

    /// A person's sockets.
    pub(crate) fn of(&self, participant: ParticipantId) -> Vec<ConnectionId> {
        self.by_participant.get(&participant).cloned().unwrap_or_default()
    }

    /// Whether a person has one.
    pub(crate) fn has(&self, participant: ParticipantId) -> bool {
        self.by_participant.contains_key(&participant)
    }

    /// How many people have one.
    pub(crate) fn people(&self) -> usize {
        self.by_participant.len()
    }
}
