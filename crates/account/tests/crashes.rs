//! The object is lost after any number of its outputs: neither the account nor its mail is, and
//! whoever got no answer can ask again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use account::{Answer, Input, Output, Question};
use common::{Device, Driver, ORIGIN, RIGHT, WRONG, email, meeting, password, secret_of};
use mail::Letter;
use protocol::{
    account::Provider,
    error::ErrorCode,
    rest::{Relation, RoomDetails},
};

const NEW: &str = "another one";

/// The world after the cut, once everything went out that goes out by itself.
struct After {
    driver: Driver,
    /// The person saw the answer.
    answered: bool,
    /// What arrived, also before the cut.
    letters: Vec<Letter>,
    errands: usize,
}

impl After {
    fn secrets(&self) -> Vec<String> {
        let with_secret = |letter: &&Letter| matches!(letter, Letter::Verification { .. } | Letter::Reset { .. });
        self.letters.iter().filter(with_secret).map(secret_of).collect()
    }

    fn notices(&self) -> usize {
        self.letters.iter().filter(|letter| matches!(letter, Letter::AccountChanged { .. })).count()
    }
}

fn outputs(driver: &mut Driver, input: Input) -> Vec<Output> {
    driver.account.handle(driver.now, input);
    std::iter::from_fn(|| driver.account.poll_output()).collect()
}

/// Asks, and loses the object after each number of outputs. `then` must always find a way on.
fn cut(driver: &Driver, question: &Question, then: impl Fn(After)) {
    let mut whole = driver.clone();
    let random = whole.random();
    let all = outputs(&mut whole, Input::Asked { id: 7, random, question: question.clone() });
    assert!(all.iter().filter(|output| matches!(output, Output::Save(_))).count() > 0, "something happens");
    for survived in 0..=all.len() {
        let mut driver = driver.clone();
        driver.random();
        let before = driver.apply(all[..survived].to_vec());
        driver.wait(1);
        driver.account = driver.restored();
        let restored: Vec<_> = std::iter::from_fn(|| driver.account.poll_output()).collect();
        driver.apply(restored);
        let woken = outputs(&mut driver, Input::Woken);
        let after = driver.apply(woken);
        driver.check();
        // A mail that was handed out may have arrived; that it did is lost with the object.
        let letters = before.posts.into_iter().chain(after.posts).map(|(_, mail)| mail.letter).collect();
        let errands = before.errands.len() + after.errands.len();
        driver.deliver();
        then(After { driver, answered: before.answer.is_some(), letters, errands });
    }
}

fn sign_up() -> Question {
    let name = "Ada".parse().unwrap();
    Question::Register { name, email: email(), password: password(RIGHT), origin: ORIGIN.into() }
}

/// Whether one of these secrets proves the address.
fn verified(driver: &mut Driver, secrets: &[String]) -> bool {
    secrets.iter().any(|secret| driver.verify(secret).answer.unwrap().is_ok())
}

#[test]
fn signing_up() {
    cut(&Driver::new(), &sign_up(), |after| {
        let secrets = after.secrets();
        let mut driver = after.driver;
        if !verified(&mut driver, &secrets) {
            assert!(!after.answered, "a person who reads that a mail comes gets it");
            let secret = secret_of(driver.register(RIGHT).letter());
            assert!(driver.verify(&secret).answer.unwrap().is_ok());
        }
        assert!(driver.login(RIGHT).answer.unwrap().is_ok());
    });
}

#[test]
fn signing_up_where_there_is_an_account() {
    let (driver, device) = Driver::signed_up();
    cut(&driver, &sign_up(), |mut after| {
        let told = after.letters.iter().any(|letter| matches!(letter, Letter::AlreadyRegistered { .. }));
        assert!(told || !after.answered);
        assert!(after.driver.profile(&device).answer.unwrap().is_ok());
        assert!(after.driver.login(RIGHT).answer.unwrap().is_ok());
    });
}

#[test]
fn proving_the_address() {
    let mut driver = Driver::new();
    let secret = secret_of(driver.register(RIGHT).letter());
    driver.deliver();
    cut(&driver, &Question::Verify { secret: secret.clone() }, |after| {
        let mut driver = after.driver;
        if driver.login(RIGHT).answer.unwrap().is_err() {
            assert!(!after.answered);
            assert!(driver.verify(&secret).answer.unwrap().is_ok());
            assert!(driver.login(RIGHT).answer.unwrap().is_ok());
        }
    });
}

#[test]
fn sending_the_verification_again() {
    let mut driver = Driver::new();
    let first = secret_of(driver.register(RIGHT).letter());
    driver.deliver();
    cut(&driver, &Question::Resend { email: email(), origin: ORIGIN.into() }, |after| {
        let mut secrets = after.secrets();
        let arrived = !secrets.is_empty();
        secrets.push(first.clone());
        assert!(arrived || !after.answered);
        let mut driver = after.driver;
        assert!(verified(&mut driver, &secrets), "the old link or the new one");
        assert!(driver.login(RIGHT).answer.unwrap().is_ok());
    });
}

#[test]
fn asking_for_a_reset_and_using_it() {
    let (mut driver, device) = Driver::signed_up();
    cut(&driver, &Question::Forgot { email: email(), origin: ORIGIN.into() }, |after| {
        let secrets = after.secrets();
        let mut driver = after.driver;
        if !secrets.iter().any(|secret| driver.reset(secret, NEW).answer.unwrap().is_ok()) {
            assert!(!after.answered);
            let secret = secret_of(driver.forgot().letter());
            assert!(driver.reset(&secret, NEW).answer.unwrap().is_ok());
        }
        assert!(driver.login(NEW).answer.unwrap().is_ok());
    });

    let secret = secret_of(driver.forgot().letter());
    driver.deliver();
    let question = Question::Reset { secret: secret.clone(), password: password(NEW), origin: ORIGIN.into() };
    cut(&driver, &question, |after| {
        let mut notices = after.notices();
        let mut driver = after.driver;
        if driver.login(NEW).answer.unwrap().is_err() {
            assert!(!after.answered);
            notices += driver.reset(&secret, NEW).posts.len();
            assert!(driver.login(NEW).answer.unwrap().is_ok());
        }
        assert!(notices > 0, "the holder is told");
        assert_eq!(driver.refresh(&device).code(), ErrorCode::Unauthorized, "no old device stays in");
        assert_eq!(driver.login(RIGHT).code(), ErrorCode::InvalidCredentials);
    });
}

#[test]
fn changing_the_password() {
    let (mut driver, device) = Driver::signed_up();
    let other = driver.login(RIGHT).signed_in();
    let question = Question::ChangePassword {
        session: device.session,
        current: Some(password(RIGHT)),
        password: password(NEW),
        origin: ORIGIN.into(),
    };
    cut(&driver, &question, |after| {
        let mut notices = after.notices();
        let mut driver = after.driver;
        if driver.login(NEW).answer.unwrap().is_err() {
            assert!(!after.answered);
            notices += driver.change_password(&device, Some(RIGHT), NEW).posts.len();
        }
        assert!(notices > 0);
        assert_eq!(driver.refresh(&other).code(), ErrorCode::Unauthorized);
        assert!(driver.refresh(&device).answer.unwrap().is_ok());
        assert!(driver.login(NEW).answer.unwrap().is_ok());
    });
}

#[test]
fn signing_in_and_staying_so() {
    let (driver, device) = Driver::signed_up();
    let question = Question::Login { password: password(RIGHT), device: "Firefox".into() };
    cut(&driver, &question, |mut after| assert!(after.driver.login(RIGHT).answer.unwrap().is_ok()));
    let question = Question::Refresh { session: device.session, secret: device.secret.clone() };
    cut(&driver, &question, |mut after| {
        // Whoever got no new secret shows the old one: it works, or the person signs in again.
        if after.driver.refresh(&device).answer.unwrap().is_err() {
            assert!(after.driver.login(RIGHT).answer.unwrap().is_ok());
        }
    });
}

#[test]
fn coming_from_a_provider() {
    let mut driver = Driver::new();
    driver.tell(meeting(1), 1);
    let question = Question::Provided {
        provider: Provider::Google,
        subject: "42".into(),
        name: "Ada".parse().unwrap(),
        email: email(),
        device: "Firefox".into(),
    };
    cut(&driver, &question, |mut after| {
        let device = after.driver.ask(question.clone()).signed_in();
        assert_eq!(after.driver.meetings(&device).upcoming.len(), 1);
        assert!(after.driver.store.sessions.len() <= 2);
    });
}

#[test]
fn wrong_passwords_count_once_they_are_answered() {
    let (mut driver, _) = Driver::signed_up();
    (1..account::LOCK_AFTER).for_each(|_| drop(driver.login(WRONG)));
    let question = Question::Login { password: password(WRONG), device: "Firefox".into() };
    cut(&driver, &question, |mut after| {
        if after.answered {
            assert_eq!(after.driver.login(RIGHT).code(), ErrorCode::RateLimited);
        }
    });
}

#[test]
fn going_for_good() {
    let (mut driver, device) = Driver::signed_up();
    driver.tell(RoomDetails { relation: Some(Relation::Owner), ..meeting(1) }, 1);
    driver.tell(meeting(2), 1);
    driver.forgot();
    driver.connect(device.session);
    cut(&driver, &Question::Delete { session: device.session }, |after| {
        let After { mut driver, answered, mut errands, .. } = after;
        if let Ok(Answer::SignedIn { session, refresh_secret, .. }) = driver.login(RIGHT).answer.unwrap() {
            assert!(!answered);
            errands += driver.delete(&Device { session, secret: refresh_secret }).errands.len();
        }
        assert!(errands >= 2, "every meeting is told");
        assert!(driver.store.core.as_ref().is_none_or(|core| core.holder.is_none() && core.email.is_none()));
        assert!(driver.open.is_empty() && driver.store.sessions.is_empty());
        driver.deliver();
        assert!(driver.store.meetings.is_empty() && driver.store.errands.is_empty() && driver.store.mails.is_empty());
    });
}

#[test]
fn leaving_a_full_index() {
    let (mut driver, _) = Driver::signed_up();
    for number in 0..u32::try_from(protocol::limits::MEETINGS).unwrap() {
        driver.tell(meeting(number), 1);
    }
    let question = Question::Meeting { email: email(), details: Box::new(meeting(900)), revision: 1 };
    cut(&driver, &question, |After { driver, answered, errands, .. }| {
        let rows = &driver.store.meetings;
        assert!(errands > 0 || rows.contains_key(&common::room_id(0)), "in the index, or told");
        assert!(!answered || rows.contains_key(&common::room_id(900)));
    });
}

#[test]
fn ringing() {
    let question = Question::Ring { email: email(), call: common::call(), origin: ORIGIN.into() };
    let missed = |letters: &[Letter]| letters.iter().any(|letter| matches!(letter, Letter::MissedCall { .. }));
    cut(&Driver::new(), &question, |after| assert!(missed(&after.letters) || !after.answered));
    let (mut driver, device) = Driver::signed_up();
    driver.connect(device.session);
    cut(&driver, &question, |after| {
        let After { mut driver, answered, mut letters, .. } = after;
        driver.wait(account::RING_MS);
        letters.extend(driver.wake().posts.into_iter().map(|(_, mail)| mail.letter));
        assert!(missed(&letters) || !answered);
    });
    // The mail of a call that nobody took, cut off as well.
    driver.ring();
    driver.now += account::RING_MS;
    let mut whole = driver.clone();
    let all = outputs(&mut whole, Input::Woken);
    for survived in 0..=all.len() {
        let mut driver = driver.clone();
        let mut posts = driver.apply(all[..survived].to_vec()).posts;
        driver.account = driver.restored();
        let woken = outputs(&mut driver, Input::Woken);
        posts.extend(driver.apply(woken).posts);
        assert!(!posts.is_empty(), "after {survived} outputs");
    }
}
