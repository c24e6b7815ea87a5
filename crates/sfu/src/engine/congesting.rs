//! TCP connections that carry less than is sent: a picture that waits is worth nothing, so pictures
//! stop until nothing waits, and begin anew with a keyframe. Sound goes on.

use std::time::Instant;

use super::Engine;
use crate::{SessionKey, TcpState, keyframe::Need, path::Path};

impl Engine {
    pub(super) fn tcp(&mut self, now: Instant, path: Path, state: TcpState) {
        let Some(key) = self.paths.get(&path).copied() else { return };
        match state {
            TcpState::Congested => self.congested(now, key, path),
            TcpState::Clear => self.clear(now, key, path),
            TcpState::Closed => {
                self.paths.remove(&path);
                let Some(session) = self.sessions.get_mut(key) else { return };
                session.lose(path);
                self.clear(now, key, path);
            }
        }
    }

    fn congested(&mut self, now: Instant, key: SessionKey, path: Path) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        session.congested = Some(path);
        session.connection.congested(now, true);
        let mut stopped = Vec::new();
        for slot in session.slots.iter_mut().filter(|slot| !slot.is_audio) {
            // What was dropped is not repaired: that would only wait again.
            session.connection.forget(slot.stream.ssrc, slot.carries_screen());
            slot.stop();
            stopped.extend(slot.track());
        }
        for track in stopped {
            self.listeners_changed(now, track);
        }
    }

    fn clear(&mut self, now: Instant, key: SessionKey, path: Path) {
        let Some(session) = self.sessions.get_mut(key).filter(|session| session.congested == Some(path)) else {
            return;
        };
        session.congested = None;
        session.connection.congested(now, false);
        self.start_slots(now, key, Need::Usual);
        self.touch(key);
    }
}
