//! Which devices are signed in. Each holds one secret that is exchanged at every use, so that a
//! stolen one is noticed as soon as both have used theirs.

use protocol::{
    Millis,
    account::{Session, close},
    error::ErrorCode,
    id::SessionId,
    limits,
};

use crate::{
    Account,
    interface::{Answer, ConnectionId, Output, Random, Refusal, StoredSession},
    secret,
};

/// How long a device stays signed in without being used.
pub const SESSION_MS: Millis = limits::SESSION_DAYS * 24 * 3_600_000;

/// Characters of a device's description.
const DEVICE_CHARS: usize = 120;

impl Account {
    /// One more device.
    pub(crate) fn sign_in(&mut self, now: Millis, random: &Random, device: String) -> Result<Answer, Refusal> {
        if self.sessions.len() >= limits::SESSIONS {
            let unused = self.sessions.values().min_by_key(|session| used(session));
            let unused = unused.map(|session| session.id);
            self.sign_out(unused.as_slice());
        }
        let refresh_secret = random.secret();
        let session = StoredSession {
            id: random.session(),
            device: device.chars().take(DEVICE_CHARS).collect(),
            hash: secret::hash(&refresh_secret),
            created_at: now,
            used_at: now,
        };
        let user = self.user()?;
        let id = session.id;
        self.sessions.insert(id, session);
        Ok(Answer::SignedIn { user, session: id, refresh_secret })
    }

    pub(crate) fn refresh(
        &mut self,
        now: Millis,
        random: &Random,
        id: SessionId,
        shown: &str,
    ) -> Result<Answer, Refusal> {
        self.signed_in(id)?;
        let newest = self.sessions.get(&id).filter(|session| secret::matches(&session.hash, shown));
        let Some(session) = newest.cloned() else {
            // Somebody shows a secret that was exchanged already: two hold what one was given.
            self.sign_out(&[id]);
            return Err(ErrorCode::Unauthorized.into());
        };
        let user = self.user()?;
        let refresh_secret = random.secret();
        let hash = secret::hash(&refresh_secret);
        self.sessions.insert(id, StoredSession { hash, used_at: now, ..session });
        Ok(Answer::SignedIn { user, session: id, refresh_secret })
    }

    /// Whichever secret the cookie holds: an old one would revoke the session as well.
    pub(crate) fn logout(&mut self, id: SessionId) -> Answer {
        self.sign_out(&[id]);
        Answer::Done
    }

    pub(crate) fn list_sessions(&self, asking: SessionId) -> Result<Answer, Refusal> {
        self.signed_in(asking)?;
        let mut sessions: Vec<&StoredSession> = Vec::new();
        for session in self.sessions.values() {
            let place = sessions.partition_point(|other| used(other) > used(session));
            sessions.insert(place, session);
        }
        let shown = sessions.into_iter().map(|session| Session {
            id: session.id,
            device: session.device.clone(),
            created_at: session.created_at,
            used_at: session.used_at,
            current: session.id == asking,
        });
        Ok(Answer::Sessions(shown.collect()))
    }

    pub(crate) fn revoke(&mut self, asking: SessionId, which: Option<SessionId>) -> Result<Answer, Refusal> {
        self.signed_in(asking)?;
        let revoked = match which {
            Some(id) if self.sessions.get(&id).is_none() => return Err(ErrorCode::NotFound.into()),
            Some(id) => vec![id],
            None => self.sessions.keys_where(|session| session.id != asking),
        };
        self.sign_out(&revoked);
        Ok(Answer::Done)
    }

    /// These devices are signed out, and their home pages closed.
    pub(crate) fn sign_out(&mut self, devices: &[SessionId]) {
        for id in devices {
            self.sessions.remove(id);
        }
        let closed = self.sockets.take_of(|session| devices.contains(&session));
        self.close_signed_out(closed);
    }

    pub(crate) fn close_signed_out(&mut self, connections: impl IntoIterator<Item = ConnectionId>) {
        for connection in connections {
            let reason = "the device is no longer signed in";
            self.outbox.act(Output::Close { connection, code: close::SIGNED_OUT, reason });
        }
    }
}

/// By what devices are told apart when some go first.
const fn used(session: &StoredSession) -> (Millis, Millis, SessionId) {
    (session.used_at, session.created_at, session.id)
}
