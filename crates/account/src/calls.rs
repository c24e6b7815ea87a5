//! Who rings, and for how long. Whoever rings learns nothing of it: not whether anybody has the
//! address, nor whether they are there.

use mail::Letter;
use protocol::{
    Millis,
    account::{HomeEvent, IncomingCall},
    id::CallId,
    text::EmailAddress,
};

use crate::{
    Account, CALLS,
    interface::{Answer, Random, Ringing},
};

/// How long it rings.
pub const RING_MS: Millis = 40_000;

impl Account {
    pub(crate) fn ring(
        &mut self,
        now: Millis,
        random: &Random,
        email: EmailAddress,
        call: IncomingCall,
        origin: String,
    ) -> Answer {
        let call = IncomingCall { id: random.call(), since: now, until: now.saturating_add(RING_MS), ..call };
        let ringing = Ringing { call, origin };
        if self.sockets.any() && self.core.calls.len() < CALLS {
            self.outbox.send(self.sockets.ids(), HomeEvent::Ringing { call: ringing.call.clone() });
            self.core.calls.push(ringing);
        } else {
            self.write_of_missed(now, email, ringing);
        }
        Answer::Done
    }

    /// Somebody accepted or declined on one device; the others stop ringing.
    pub(crate) fn settle_call(&mut self, id: CallId) {
        if let Some(at) = self.core.calls.iter().position(|ringing| ringing.call.id == id) {
            self.core.calls.remove(at);
            self.outbox.send(self.sockets.ids(), HomeEvent::Rung { call: id });
        }
    }

    /// Calls that rang long enough.
    pub(crate) fn miss_calls(&mut self, now: Millis) {
        let (missed, ringing) = self.core.calls.drain(..).partition(|ringing| ringing.call.until <= now);
        self.core.calls = ringing;
        let missed: Vec<Ringing> = missed;
        for ringing in missed {
            self.outbox.send(self.sockets.ids(), HomeEvent::Rung { call: ringing.call.id });
            if let Some(email) = self.core.email.clone() {
                self.write_of_missed(now, email, ringing);
            }
        }
    }

    fn write_of_missed(&mut self, now: Millis, to: EmailAddress, Ringing { call, origin }: Ringing) {
        if self.core.spent.receive(now).is_ok() {
            let link = format!("{origin}/m/{}", call.code);
            self.mail(now, to, Letter::MissedCall { name: call.name, email: call.email, link, at: call.since });
        }
    }
}
