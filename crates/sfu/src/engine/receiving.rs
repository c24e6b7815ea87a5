//! Which session a datagram belongs to.
//!
//! By its address, which a session owns once it has proven itself there with STUN; a STUN request
//! names its session. Never by asking one session after the other. What belongs to nobody is
//! counted and dropped, without an answer.

use std::{net::SocketAddr, time::Instant};

use protocol::region::SessionEventKind;

use super::Engine;
use crate::{SessionKey, fragments::Meaning, stun};

/// Bytes of the longest datagram that is looked at. The Internet carries no longer ones whole.
const DATAGRAM_BYTES: usize = 2000;

impl Engine {
    pub(super) fn datagram(&mut self, now: Instant, source: SocketAddr, contents: &[u8]) {
        self.counters.datagrams_in += 1;
        self.counters.bytes_in += u64::try_from(contents.len()).unwrap_or(0);
        let Some(key) = self.owner(now, source, contents) else {
            self.counters.datagrams_unmatched += 1;
            return;
        };
        let Some(session) = self.sessions.get_mut(key) else { return };
        let is_back = session.liveness.hear(now);
        let takes = session.takes(now, contents);
        if takes {
            session.connection.receive(now, source, contents);
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

    fn owner(&mut self, now: Instant, source: SocketAddr, contents: &[u8]) -> Option<SessionKey> {
        if contents.len() > DATAGRAM_BYTES {
            return None;
        }
        let known = self.addresses.get(&source).copied();
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
            holder.addresses.retain(|address| *address != source);
        }
        let forgotten = self.sessions.get_mut(key)?.add_address(source);
        if let Some(forgotten) = forgotten {
            self.addresses.remove(&forgotten);
        }
        self.addresses.insert(source, key);
        Some(key)
    }
}
