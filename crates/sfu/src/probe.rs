//! Lets a browser find out which ways lead here before anybody joins: answers its connectivity checks
//! (RFC 8445 §7.3) for some seconds, and nothing else.
//!
//! Nothing is kept of who asks: the fragment that they are given says until when it is good, and the
//! password is derived from it. There is no session, no room and no DTLS.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use protocol::{limits::PROBE_SECONDS, region::ProbeAnswer};
use str0m::{Candidate, config::CryptoProvider, ice::StunMessage};
use uuid::Uuid;

use crate::{ingress::Ingress, path::ENGINE_DIGITS};

/// Stands after the engine's digits where a session's fragment has another digit.
const MARK: char = 'p';
/// Digits of the time at which a fragment ends, in seconds since the engine's start.
const END_DIGITS: usize = 8;
/// Bytes of an answer to a check.
const ANSWER_BYTES: usize = 128;

/// What an engine needs to answer checks of those who have no session.
pub(crate) struct Probes {
    secret: [u8; 32],
    crypto: Arc<CryptoProvider>,
    started: Instant,
    ingress: Ingress,
}

impl fmt::Debug for Probes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probes").finish_non_exhaustive()
    }
}

impl Probes {
    pub(crate) fn new(now: Instant, crypto: Arc<CryptoProvider>) -> Self {
        let mut secret = [0; 32];
        for (half, random) in secret.chunks_mut(16).zip([Uuid::new_v4(), Uuid::new_v4()]) {
            half.copy_from_slice(random.as_bytes());
        }
        Self { secret, crypto, started: now, ingress: Ingress::PROBES }
    }

    /// What a browser needs for its checks of this engine.
    pub(crate) fn begin(&self, now: Instant, engine: u16, candidates: &[Candidate]) -> ProbeAnswer {
        let ends = self.seconds(now).saturating_add(PROBE_SECONDS);
        let ufrag = format!("{engine:04x}{MARK}{ends:0END_DIGITS$x}{}", Uuid::new_v4().simple());
        let password = self.password(&ufrag);
        let candidates = candidates.iter().map(Candidate::to_sdp_string).collect();
        ProbeAnswer { ufrag, password, candidates }
    }

    /// The answer to a check for this fragment; none where it is not of a probe, is over, or the check was
    /// not made with its password.
    pub(crate) fn answer(
        &mut self,
        now: Instant,
        source: std::net::SocketAddr,
        fragment: &str,
        check: &[u8],
    ) -> Option<Vec<u8>> {
        let digits = fragment.get(ENGINE_DIGITS..)?.strip_prefix(MARK)?.get(..END_DIGITS)?;
        let ends = u32::from_str_radix(digits, 16).ok()?;
        let left = ends.checked_sub(self.seconds(now)).filter(|left| (1..=PROBE_SECONDS).contains(left));
        if left.is_none() || !self.ingress.takes(now, check.len()) {
            return None;
        }
        let password = self.password(fragment);
        let hmac = |key: &[u8], parts: &[&[u8]]| self.crypto.sha1_hmac_provider.sha1_hmac(key, parts);
        // Unwind safe: nothing of it is looked at again.
        let answer = catch_unwind(AssertUnwindSafe(|| {
            let message = StunMessage::parse(check).ok()?;
            if !message.verify(password.as_bytes(), hmac) {
                return None;
            }
            let mut bytes = vec![0; ANSWER_BYTES];
            let reply = StunMessage::binding_reply(message.trans_id(), source);
            let length = reply.to_bytes(Some(password.as_bytes()), &mut bytes, hmac).ok()?;
            bytes.truncate(length);
            Some(bytes)
        }));
        answer.ok().flatten()
    }

    fn password(&self, fragment: &str) -> String {
        let digest = self.crypto.sha1_hmac_provider.sha1_hmac(&self.secret, &[fragment.as_bytes()]);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn seconds(&self, now: Instant) -> u32 {
        let since: Duration = now.saturating_duration_since(self.started);
        u32::try_from(since.as_secs()).unwrap_or(u32::MAX)
    }
}
