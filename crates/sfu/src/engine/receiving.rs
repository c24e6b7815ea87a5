//! Which session a datagram belongs to.
//!
//! By its path, which a session owns once it has proven itself there with STUN; a STUN request
//! names its session. Never by asking one session after the other. What belongs to nobody is
//! counted and dropped, without an answer; but checks of those who look for a way before they join are
//! answered (`probe`).

use std::time::Instant;

use protocol::region::SessionEventKind;
use str0m::net::Protocol;

use super::{Engine, bridging::is_connection};
use crate::{Output, RequestId, SessionKey, Urgency, fragments::Meaning, path::Path, stun};

/// Bytes of the longest datagram that is looked at. The Internet carries no longer ones whole.
const DATAGRAM_BYTES: usize = crate::framing::FRAME_BYTES;

impl Engine {
    pub(super) fn datagram(&mut self, now: Instant, path: Path, contents: &[u8]) {
        self.counters.datagrams_in += 1;
        self.counters.bytes_in += u64::try_from(contents.len()).unwrap_or(0);
        let Some(key) = self.owner(now, path, contents) else {
            if self.answer_probe(now, path, contents) {
                return;
            }
            self.counters.datagrams_unmatched += 1;
            // Whoever connects must say at once who they are.
            if !self.paths.contains_key(&path) {
                self.forget_path(path);
            }
            return;
        };
        let Some(session) = self.sessions.get_mut(key) else { return };
        let is_back = session.liveness.hear(now);
        let takes = session.takes(now, contents);
        if takes {
            session.receive(now, path, contents);
        } else {
            self.counters.datagrams_limited += 1;
        }
        if is_back {
            self.tell_edge(key, SessionEventKind::Back);
        }
        if takes {
            self.settle(now, key);
        }
        self.schedule(key);
    }

    pub(super) fn probe(&mut self, now: Instant, request: RequestId) {
        // Without an address nobody can be told one; who asks then finds no way.
        let candidates = self.identity.candidates().unwrap_or_default();
        let answer = self.probes.begin(now, self.config.number, &candidates);
        self.outputs.push_back(Output::Probing(request, answer));
    }

    /// Answers a check of somebody without a session; false when it is none.
    fn answer_probe(&mut self, now: Instant, path: Path, contents: &[u8]) -> bool {
        if contents.len() > DATAGRAM_BYTES {
            return false;
        }
        let Some(username) = stun::username(contents) else { return false };
        let Some(answer) = self.probes.answer(now, path.address, username.local, contents) else { return false };
        self.counters.probes_answered += 1;
        self.transmit(path, Urgency::Prompt, answer);
        true
    }

    fn owner(&mut self, now: Instant, path: Path, contents: &[u8]) -> Option<SessionKey> {
        if contents.len() > DATAGRAM_BYTES {
            return None;
        }
        let known = self.paths.get(&path).copied();
        if !stun::is_stun(contents) {
            return known;
        }
        // This end is ICE-lite (RFC 8445 §2.5): it only ever answers binding requests.
        let username = stun::username(contents)?;
        let key = *self.fragments.get(username.local)?;
        let session = self.sessions.get_mut(key)?;
        let meaning = session.connection.meaning(username.remote);
        if known == Some(key) && meaning == Meaning::Current {
            return known;
        }
        if meaning == Meaning::Void || !session.connection.vouches_for(contents) {
            return None;
        }
        if meaning == Meaning::New {
            let set_aside = session.slots.iter().filter(|slot| !slot.has_begun).map(|slot| slot.stream);
            if !session.connection.restart(username.remote, &set_aside.collect::<Vec<_>>()) {
                return None;
            }
            self.counters.ice_restarts += 1;
            self.settle(now, key);
        }
        if known == Some(key) {
            return known;
        }
        // An address that is in use belongs to who uses it, even when another session vouches: the
        // source of a datagram can be forged. Behind a translator it may change hands later.
        if let Some(holder) = known.and_then(|holder| self.sessions.get_mut(holder)) {
            if !holder.liveness.is_silent(now) {
                return None;
            }
            holder.lose(path);
        }
        let forgotten = self.sessions.get_mut(key)?.add_path(path);
        if let Some(forgotten) = forgotten {
            self.forget_path(forgotten);
        }
        self.paths.insert(path, key);
        Some(key)
    }

    /// A path belongs to nobody any more; nor does a connection that it is.
    pub(super) fn forget_path(&mut self, path: Path) {
        self.paths.remove(&path);
        if is_connection(path) {
            let is_socket = path.protocol == Protocol::Tls;
            self.outputs.push_back(Output::Disconnect { peer: path.address, is_socket });
        }
    }
}
