//! Whoever asks what anyone may ask cannot tell whether an address has an account: not by answers, not
//! by what they cost, and not by when an address is locked or what it has used up.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use account::{Failures, Pending, Question};
use common::{DAY, Device, Driver, Effects, HOUR, MINUTE, RIGHT, WRONG, secret_of};
use proptest::prelude::*;
use protocol::{Millis, error::ErrorCode};

#[derive(Debug, Clone)]
enum Step {
    Register(u8),
    Login(u8),
    Forgot,
    Resend,
    Wait(Millis),
    /// The holder does something of their own.
    Own,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..3u8).prop_map(Step::Register),
        8 => (0..3u8).prop_map(Step::Login),
        2 => Just(Step::Forgot),
        3 => Just(Step::Resend),
        2 => (0..MINUTE).prop_map(Step::Wait),
        2 => (0..HOUR + MINUTE).prop_map(Step::Wait),
        1 => (0..DAY + HOUR).prop_map(Step::Wait),
        1 => Just(Step::Own),
        1 => Just(Step::Restart),
    ]
}

/// Somebody's account, and an address that nobody has used, at the same time.
struct Pair {
    known: Driver,
    device: Device,
    unknown: Driver,
}

impl Pair {
    fn new(has_password: bool) -> Self {
        let (mut known, device) = Driver::signed_up();
        if !has_password {
            known.store.core.as_mut().unwrap().holder.as_mut().unwrap().password_hash = None;
            known.restart();
        }
        let mut unknown = Driver::new();
        unknown.now = known.now;
        Self { known, device, unknown }
    }

    fn step(&mut self, step: &Step) {
        let word = |number: &u8| format!("password {number}");
        self.compare(|driver| match step {
            Step::Register(number) => Some(driver.register(&word(number))),
            Step::Login(number) => Some(driver.login(&word(number))),
            Step::Forgot => Some(driver.forgot()),
            Step::Resend => Some(driver.resend()),
            Step::Wait(time) => {
                driver.wait(*time);
                None
            }
            Step::Restart => {
                driver.restart_alone();
                None
            }
            Step::Own => None,
        });
        if let Step::Own = step {
            drop(self.known.ask(Question::Spend { session: self.device.session, meetings: 1, mails: 1 }));
            drop(self.known.profile(&self.device));
        }
    }

    /// The same is done at both, and looks the same.
    fn compare(&mut self, what: impl Fn(&mut Driver) -> Option<Effects>) {
        let [known, unknown] = [&mut self.known, &mut self.unknown].map(|driver| {
            let effects = what(driver);
            driver.wake();
            driver.deliver();
            let seen = effects.map(|effects| (effects.answer.clone(), effects.hashes));
            let core = driver.store.core.as_ref();
            let failures = core.map_or_else(Failures::default, |core| core.failures);
            let waiting: Vec<_> = core.map_or(&[][..], |core| &core.pending).iter().map(until).collect();
            (seen, failures, waiting)
        });
        assert_eq!(known, unknown);
    }
}

fn until(pending: &Pending) -> Millis {
    pending.token.expires_at
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_tells_who_is_known(
        has_password in any::<bool>(),
        steps in proptest::collection::vec(step(), 1..80),
    ) {
        let mut pair = Pair::new(has_password);
        for step in &steps {
            pair.step(step);
        }
    }
}

#[test]
fn the_password_of_a_sign_up_is_answered_alike_for_every_address() {
    let mut pair = Pair::new(true);
    pair.step(&Step::Register(0));
    for driver in [&mut pair.known, &mut pair.unknown] {
        let effects = driver.login("password 0");
        assert_eq!((effects.code(), effects.hashes), (ErrorCode::EmailNotVerified, 2));
        let effects = driver.login(WRONG);
        assert_eq!((effects.code(), effects.hashes), (ErrorCode::InvalidCredentials, 2));
        assert_eq!(driver.store.core.as_ref().unwrap().failures.count, 1);
        assert_eq!(driver.login("password 0").code(), ErrorCode::EmailNotVerified);
        assert_eq!(driver.store.core.as_ref().unwrap().failures.count, 1, "neither counted nor forgotten");
    }
    assert!(pair.known.login(RIGHT).answer.unwrap().is_ok(), "the holder's own counts");
    assert_eq!(pair.known.store.core.as_ref().unwrap().failures, Failures::default());
}

#[test]
fn a_sign_up_with_a_known_address_is_never_verified_or_resent() {
    let mut pair = Pair::new(true);
    let mails = (0..2).map(|_| pair.known.register(WRONG).posts.len()).sum::<usize>();
    assert_eq!(mails, 2, "each says that there is an account");
    assert!(pair.known.resend().posts.is_empty());
    let core = pair.known.store.core.as_ref().unwrap();
    assert_eq!(core.pending.len(), 2);
    assert_eq!(core.reset, None, "nothing was mailed that could be used");
    pair.known.wait(DAY);
    pair.known.wake();
    assert!(pair.known.store.core.as_ref().unwrap().pending.is_empty());
}

#[test]
fn a_reset_ends_the_sign_ups_of_others_for_every_address() {
    let mut pair = Pair::new(true);
    pair.step(&Step::Register(0));
    for driver in [&mut pair.known, &mut pair.unknown] {
        let secret = secret_of(driver.forgot().letter());
        driver.reset(&secret, "another one").answer();
        assert_eq!(driver.login("password 0").code(), ErrorCode::InvalidCredentials);
        assert!(driver.login("another one").answer.unwrap().is_ok());
    }
}
