//! Whatever happens in whatever order, the account is what the plain model says, storage holds it,
//! and it costs the same whoever asks.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use std::collections::BTreeSet;

use account::{ConnectionId, Input, Question};
use common::{
    DAY, Device, Driver, Effects, HOUR, ORIGIN, START, email, meeting,
    model::{Holder, Kind, Meeting, Model, Said, Told, Waiting},
    room_id, secret_of,
};
use mail::{EntryId, Verdict};
use proptest::prelude::*;
use protocol::{
    Millis,
    account::Provider,
    error::ErrorCode,
    id::{CallId, SessionId},
    rest::{Relation, RoomDetails, RoomPhase},
};
use uuid::Uuid;

#[derive(Debug, Clone)]
enum Step {
    Register(u8),
    /// The n-th secret that was ever mailed, counted from the newest.
    Verify(usize),
    Resend,
    Login(u8),
    Provided(u8),
    Link(usize, u8),
    /// The n-th secret that a device ever got, counted from the newest.
    Refresh(usize),
    Logout(usize),
    Forgot,
    Reset(usize, u8),
    ChangePassword(usize, Option<u8>, u8),
    List(usize),
    Revoke(usize, Option<usize>),
    Delete(usize),
    Spend(usize, u32, u32),
    Meeting {
        room: u32,
        revision: u64,
        relation: Relation,
        over: bool,
        starts: Option<Millis>,
    },
    Gone(u32, u64),
    Live(u32, u32),
    Ring,
    Receive(u32),
    Open(usize),
    /// The n-th socket that is open, counted from the newest.
    Close(usize),
    Answer(usize, usize),
    Garbage(usize),
    Arrives,
    Fails,
    Wait(Millis),
    /// The clock is set back.
    Back(Millis),
    Wake,
    Sleep,
    LoseMemory,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let near = 0..3usize;
    let word = 0..2u8;
    let relation = prop_oneof![
        1 => Just(Relation::Owner),
        1 => Just(Relation::Cohost),
        2 => Just(Relation::Invited),
        1 => Just(Relation::Attended)
    ];
    let people = prop_oneof![
        4 => word.clone().prop_map(Step::Register),
        6 => near.clone().prop_map(Step::Verify),
        1 => Just(Step::Resend),
        10 => word.clone().prop_map(Step::Login),
        2 => word.clone().prop_map(Step::Provided),
        1 => (near.clone(), word.clone()).prop_map(|(device, subject)| Step::Link(device, subject)),
        6 => near.clone().prop_map(Step::Refresh),
        1 => near.clone().prop_map(Step::Logout),
        2 => Just(Step::Forgot),
        2 => (near.clone(), word.clone()).prop_map(|(secret, new)| Step::Reset(secret, new)),
        2 => (near.clone(), proptest::option::of(word.clone()), word).prop_map(|(device, current, new)| {
            Step::ChangePassword(device, current, new)
        }),
        2 => near.clone().prop_map(Step::List),
        2 => (near.clone(), proptest::option::of(near.clone())).prop_map(|(device, which)| Step::Revoke(device, which)),
        1 => near.clone().prop_map(Step::Delete),
        2 => (near.clone(), 0..40u32, 0..120u32).prop_map(|(device, made, mails)| Step::Spend(device, made, mails)),
    ];
    let meetings = prop_oneof![
        6 => (0..4u32, 0..6u64, relation, prop::bool::weighted(0.3), proptest::option::of(0..40u64)).prop_map(
            |(room, revision, relation, over, days)| {
                Step::Meeting { room, revision, relation, over, starts: days.map(|days| START + days * DAY) }
            }
        ),
        2 => (0..4u32, 0..6u64).prop_map(|(room, revision)| Step::Gone(room, revision)),
        3 => (0..4u32, 0..3u32).prop_map(|(room, people)| Step::Live(room, people)),
    ];
    let pages = prop_oneof![
        3 => Just(Step::Ring),
        2 => (1..40u32).prop_map(Step::Receive),
        6 => near.clone().prop_map(Step::Open),
        2 => near.clone().prop_map(Step::Close),
        3 => (near.clone(), near.clone()).prop_map(|(socket, call)| Step::Answer(socket, call)),
        1 => near.prop_map(Step::Garbage),
    ];
    let world = prop_oneof![
        4 => Just(Step::Arrives),
        2 => Just(Step::Fails),
        3 => (0..60_000u64).prop_map(Step::Wait),
        2 => (0..2 * HOUR).prop_map(Step::Wait),
        1 => (0..20 * DAY).prop_map(Step::Wait),
        1 => (0..5_000u64).prop_map(Step::Back),
        2 => Just(Step::Wake),
        4 => Just(Step::Sleep),
        2 => Just(Step::LoseMemory),
        1 => Just(Step::Restart),
    ];
    prop_oneof![5 => people, 2 => meetings, 3 => pages, 3 => world]
}

fn word(number: u8) -> String {
    format!("password {number}")
}

fn nth<T: Clone>(list: &[T], from_the_newest: usize) -> Option<T> {
    list.iter().rev().nth(from_the_newest).cloned()
}

fn provided(subject: String) -> Question {
    let (name, device) = ("Ada".parse().unwrap(), "Safari".into());
    Question::Provided { provider: Provider::Google, subject, name, email: email(), device }
}

struct Run {
    driver: Driver,
    model: Model,
    mailed: Vec<String>,
    devices: Vec<Device>,
    calls: Vec<CallId>,
    posted: BTreeSet<EntryId>,
}

impl Run {
    fn new() -> Self {
        let (mailed, devices, calls) = (Vec::new(), Vec::new(), Vec::new());
        Self { driver: Driver::new(), model: Model::default(), mailed, devices, calls, posted: BTreeSet::new() }
    }

    fn device(&self, from_the_newest: usize) -> Device {
        let nobody = Device { session: SessionId(Uuid::nil()), secret: "none".into() };
        nth(&self.devices, from_the_newest).unwrap_or(nobody)
    }

    fn secret(&self, from_the_newest: usize) -> String {
        nth(&self.mailed, from_the_newest).unwrap_or_else(|| "none".into())
    }

    fn socket(&self, from_the_newest: usize) -> Option<ConnectionId> {
        nth(&self.model.sockets, from_the_newest).map(|(id, ..)| id)
    }

    /// Carries a step out, in the account and in the model.
    fn step(&mut self, step: &Step) {
        let now = self.driver.now;
        match step {
            Step::Wait(time) => return self.driver.wait(*time),
            Step::Back(time) => {
                self.driver.now -= time;
                return;
            }
            Step::LoseMemory => {
                self.driver.restart();
                self.model.live.clear();
                self.model.sockets.iter_mut().for_each(|(.., mistakes)| *mistakes = 0);
                return;
            }
            Step::Restart => {
                self.driver.restart_alone();
                self.model.live.clear();
                self.model.watched.clear();
                self.model.sockets.clear();
                return;
            }
            Step::Sleep => {
                if let Some(at) = self.driver.account.next_deadline() {
                    self.driver.now = now.max(at);
                }
                let now = self.driver.now;
                self.model.age(now);
                let effects = self.driver.wake();
                return self.compare(&effects, None, 0);
            }
            Step::Arrives => return self.arrives(),
            Step::Fails => return self.fails(),
            _ => {}
        }
        if let Step::Close(socket) = step {
            let Some(id) = self.socket(*socket) else { return };
            self.model.sockets.retain(|(other, ..)| *other != id);
            self.model.age(now);
            let effects = self.driver.disconnect(id);
            return self.compare(&effects, None, 0);
        }
        self.model.age(now);
        if let Some((effects, said, hashes)) = self.asked(now, step) {
            return self.compare(&effects, Some(said), hashes);
        }
        let effects = self.happened(now, step);
        self.compare(&effects, None, 0);
    }

    /// A question, what it led to, what the model says, and how many hashes it costs.
    #[expect(clippy::too_many_lines, reason = "one arm for each question")]
    fn asked(&mut self, now: Millis, step: &Step) -> Option<(Effects, Said, u64)> {
        let ok = |checked: Result<(), Said>, said: Said| checked.map_or_else(|refused| refused, |()| said);
        Some(match step {
            Step::Register(password) => {
                let effects = self.driver.register(&word(*password));
                let known = self.model.holder.is_some();
                if !self.model.link(now, if known { Kind::Already } else { Kind::Verification }) {
                    return Some((effects, Said::Done, 0));
                }
                let secret = if known { "never mailed".into() } else { self.newest_secret(&effects) };
                self.model.waiting.push(Waiting { password: word(*password), secret, until: now + DAY });
                let from = self.model.waiting.len().saturating_sub(3);
                self.model.waiting.drain(..from);
                (effects, Said::Done, 1)
            }
            Step::Verify(n) => {
                let secret = self.secret(*n);
                let found = self.model.waiting.iter().find(|waiting| waiting.secret == secret).cloned();
                let effects = self.driver.verify(&secret);
                let Some(found) = found else { return Some((effects, Said::No(ErrorCode::InvalidToken), 0)) };
                self.model.waiting.clear();
                self.model.holder = Some(Holder { password: Some(found.password), subject: None });
                (effects, Said::Address, 0)
            }
            Step::Resend => {
                let effects = self.driver.resend();
                if !self.model.waiting.is_empty() && self.model.count(now, 0, 10) {
                    let (known, several) = (self.model.holder.is_some(), self.model.waiting.len() > 1);
                    let secret = if known { "never mailed".into() } else { self.newest_secret(&effects) };
                    if !known {
                        self.model.write(if several { Kind::Reset } else { Kind::Verification });
                    }
                    if !several {
                        (self.model.waiting[0].secret, self.model.waiting[0].until) = (secret, now + DAY);
                    } else if !known {
                        self.model.reset = Some((secret, now + HOUR));
                    }
                }
                (effects, Said::Done, 0)
            }
            Step::Login(password) => {
                let effects = self.driver.login(&word(*password));
                let shown = word(*password);
                let kept = self.model.holder.as_ref().and_then(|holder| holder.password.clone());
                let waits = self.model.waiting.last().is_some_and(|waiting| waiting.password == shown);
                let looked_at = now >= self.model.locked_until;
                let said = if looked_at && waits && kept.as_ref() != Some(&shown) {
                    Said::No(ErrorCode::EmailNotVerified)
                } else {
                    match self.model.try_password(now, &shown, kept.as_ref()) {
                        Err(said) => said,
                        Ok(()) => self.signed_in(now, &effects),
                    }
                };
                (effects, said, if looked_at { 2 } else { 0 })
            }
            Step::Provided(subject) => {
                let subject = subject.to_string();
                let effects = self.driver.ask(provided(subject.clone()));
                let said = match &self.model.holder {
                    Some(holder) if holder.subject.as_ref() != Some(&subject) => Said::ProofNeeded,
                    known => {
                        if known.is_none() {
                            self.model.holder = Some(Holder { password: None, subject: Some(subject) });
                            self.model.waiting.clear();
                        }
                        self.signed_in(now, &effects)
                    }
                };
                (effects, said, 0)
            }
            Step::Link(device, subject) => {
                let (session, subject) = (self.device(*device).session, subject.to_string());
                let (provider, origin) = (Provider::Google, ORIGIN.into());
                let effects = self.driver.ask(Question::Link { session, provider, subject: subject.clone(), origin });
                let checked = self.model.signed_in(session);
                if checked.is_ok() {
                    let holder = self.model.holder.as_mut().unwrap();
                    if holder.subject.replace(subject.clone()) != Some(subject) {
                        self.model.link(now, Kind::Changed);
                    }
                }
                (effects, ok(checked, Said::User), 0)
            }
            Step::Refresh(n) => {
                let device = self.device(*n);
                let effects = self.driver.refresh(&device);
                let said = match self.model.sessions.iter_mut().find(|session| session.id == device.session) {
                    Some(session) if session.secret == device.secret => {
                        let next = effects.signed_in();
                        (session.secret, session.used) = (next.secret.clone(), now);
                        self.devices.push(next);
                        Said::SignedIn
                    }
                    _ => {
                        self.model.sign_out(|id| id == device.session);
                        Said::No(ErrorCode::Unauthorized)
                    }
                };
                (effects, said, 0)
            }
            Step::Logout(n) => {
                let Device { session, secret } = self.device(*n);
                let effects = self.driver.ask(Question::Logout { session, secret });
                self.model.sign_out(|id| id == session);
                (effects, Said::Done, 0)
            }
            Step::Forgot => {
                let effects = self.driver.forgot();
                let somebody = self.model.holder.is_some() || !self.model.waiting.is_empty();
                if somebody && self.model.link(now, Kind::Reset) {
                    self.model.reset = Some((self.newest_secret(&effects), now + HOUR));
                }
                (effects, Said::Done, 0)
            }
            Step::Reset(n, password) => {
                let secret = self.secret(*n);
                let effects = self.driver.reset(&secret, &word(*password));
                if self.model.reset.as_ref().is_none_or(|(good, _)| *good != secret) {
                    return Some((effects, Said::No(ErrorCode::InvalidToken), 0));
                }
                let subject = self.model.holder.take().and_then(|holder| holder.subject);
                self.model.holder = Some(Holder { password: Some(word(*password)), subject });
                self.model.waiting.clear();
                self.model.reset = None;
                (self.model.wrong, self.model.wrong_at, self.model.locked_until) = (0, 0, 0);
                self.model.sign_out(|_| true);
                self.model.link(now, Kind::Changed);
                (effects, Said::Address, 1)
            }
            Step::ChangePassword(device, current, new) => {
                let device = self.device(*device);
                let current = current.map(word);
                let effects = self.driver.change_password(&device, current.as_deref(), &word(*new));
                let (said, hashes) = self.change_password(now, &device, current.as_deref(), &word(*new));
                (effects, said, hashes)
            }
            Step::List(device) => {
                let session = self.device(*device).session;
                let effects = self.driver.ask(Question::Sessions { session });
                let mut sessions = self.model.sessions.clone();
                sessions.sort_by_key(|session| std::cmp::Reverse((session.used, session.since, session.id)));
                let said = Said::Sessions(sessions.iter().map(|session| session.id).collect());
                (effects, ok(self.model.signed_in(session), said), 0)
            }
            Step::Revoke(device, which) => {
                let session = self.device(*device).session;
                let which = which.map(|which| self.device(which).session);
                let effects = self.driver.ask(Question::Revoke { session, which });
                let said = match (self.model.signed_in(session), which) {
                    (Err(said), _) => said,
                    (Ok(()), Some(which)) if self.model.signed_in(which).is_err() => Said::No(ErrorCode::NotFound),
                    (Ok(()), which) => {
                        self.model.sign_out(|id| which.map_or(id != session, |which| id == which));
                        Said::Done
                    }
                };
                (effects, said, 0)
            }
            Step::Delete(device) => {
                let device = self.device(*device);
                let effects = self.driver.delete(&device);
                let checked = self.model.signed_in(device.session);
                if checked.is_ok() {
                    self.model.sign_out(|_| true);
                    let left = std::mem::take(&mut self.model);
                    self.model.told = left.told;
                    self.model.errands = left.errands;
                    self.model.errands.extend(left.meetings.into_iter().map(|meeting| (meeting.room, 0)));
                }
                (effects, ok(checked, Said::Done), 0)
            }
            Step::Spend(device, meetings, mails) => {
                let (session, meetings, mails) = (self.device(*device).session, *meetings, *mails);
                let effects = self.driver.ask(Question::Spend { session, meetings, mails });
                let said = self.spend(now, session, meetings, mails);
                (effects, said, 0)
            }
            Step::Meeting { room, revision, relation, over, starts } => {
                let details = RoomDetails {
                    relation: Some(*relation),
                    phase: if *over { RoomPhase::Expired } else { RoomPhase::Created },
                    ended_at: over.then_some(START + DAY),
                    starts_at: *starts,
                    ..meeting(*room)
                };
                let effects = self.driver.tell(details, *revision);
                let over = over.then_some(START + DAY);
                let told = Meeting {
                    room: room_id(*room),
                    revision: *revision,
                    relation: *relation,
                    made: START,
                    starts: *starts,
                    over,
                };
                let said = self.model.told_of(told, now);
                (effects, said, 0)
            }
            Step::Gone(room, revision) => {
                let (room, revision) = (room_id(*room), *revision);
                let effects = self.driver.ask(Question::MeetingGone { room: room.clone(), revision });
                self.model.drop_meetings(|meeting| meeting.room == room && meeting.revision <= revision);
                (effects, Said::Done, 0)
            }
            Step::Live(room, participants) => {
                let (room, participants, phase) = (room_id(*room), *participants, RoomPhase::Active);
                let effects = self.driver.ask(Question::Live { room: room.clone(), phase, participants });
                let watching = self.model.watched.contains(&room);
                if watching && !self.model.live.contains(&(room.clone(), participants)) {
                    self.model.live.retain(|(other, _)| *other != room);
                    self.model.live.push((room.clone(), participants));
                    self.model.tell_all(&Told::Live(room, participants));
                }
                (effects, Said::Watching(watching), 0)
            }
            Step::Ring => {
                let effects = self.driver.ring();
                if self.model.sockets.is_empty() || self.model.calls.len() >= 3 {
                    self.model.link(now, Kind::Missed);
                } else {
                    let call = self.driver.store.core.as_ref().unwrap().calls.last().unwrap().call.id;
                    self.calls.push(call);
                    self.model.calls.push((call, now + 40_000));
                    self.model.tell_all(&Told::Ringing(call));
                }
                (effects, Said::Done, 0)
            }
            Step::Receive(letters) => {
                let effects = self.driver.wake();
                self.compare(&effects, None, 0);
                for _ in 1..*letters {
                    let fits = self.model.count(now, 3, 60);
                    assert_eq!(self.driver.receive().answer.unwrap().is_ok(), fits);
                }
                let effects = self.driver.receive();
                let said = if self.model.count(now, 3, 60) {
                    Said::Done
                } else {
                    Said::Later(self.model.counts[3].unwrap().0 + HOUR - now)
                };
                (effects, said, 0)
            }
            _ => return None,
        })
    }

    /// Something else than a question.
    fn happened(&mut self, now: Millis, step: &Step) -> Effects {
        match step {
            Step::Open(device) => {
                let session = self.device(*device).session;
                let (id, effects) = self.driver.connect(session);
                if self.model.signed_in(session).is_err() {
                    self.model.tell(id, Told::Closed(4010));
                } else {
                    self.model.sockets.push((id, session, 0));
                    let list = self.model.list();
                    self.model.tell(id, list);
                    for (call, _) in self.model.calls.clone() {
                        self.model.tell(id, Told::Ringing(call));
                    }
                }
                effects
            }
            Step::Answer(socket, call) => {
                let (Some(id), Some(call)) = (self.socket(*socket), nth(&self.calls, *call)) else {
                    return self.driver.wake();
                };
                if self.model.calls.iter().any(|(ringing, _)| *ringing == call) {
                    self.model.calls.retain(|(ringing, _)| *ringing != call);
                    self.model.tell_all(&Told::Rung(call));
                }
                self.driver.say(id, &format!(r#"{{"type":"accept","call":"{}"}}"#, call.0))
            }
            Step::Garbage(socket) => {
                let Some(id) = self.socket(*socket) else { return self.driver.wake() };
                let known = self.model.sockets.iter_mut().find(|(known, ..)| *known == id).unwrap();
                known.2 += 1;
                if known.2 == 5 {
                    self.model.sockets.retain(|(other, ..)| *other != id);
                    self.model.tell(id, Told::Closed(1007));
                }
                self.driver.say(id, "{")
            }
            Step::Wake => self.driver.wake(),
            other => panic!("{other:?} at {now}"),
        }
    }

    fn signed_in(&mut self, now: Millis, effects: &Effects) -> Said {
        self.devices.push(effects.signed_in());
        self.model.learn_session(now, effects);
        Said::SignedIn
    }

    fn change_password(&mut self, now: Millis, device: &Device, current: Option<&str>, new: &str) -> (Said, u64) {
        if let Err(said) = self.model.signed_in(device.session) {
            return (said, 0);
        }
        let kept = self.model.holder.as_ref().unwrap().password.clone();
        let mut hashes = 1;
        if kept.is_some() {
            let Some(current) = current else { return (Said::No(ErrorCode::InvalidCredentials), 0) };
            let looked_at = u64::from(now >= self.model.locked_until);
            if let Err(said) = self.model.try_password(now, current, kept.as_ref()) {
                return (said, looked_at);
            }
            hashes = 2;
        }
        self.model.holder.as_mut().unwrap().password = Some(new.to_owned());
        self.model.reset = None;
        self.model.sign_out(|id| id != device.session);
        self.model.link(now, Kind::Changed);
        (Said::Done, hashes)
    }

    fn spend(&mut self, now: Millis, session: SessionId, meetings: u32, mails: u32) -> Said {
        if let Err(said) = self.model.signed_in(session) {
            return said;
        }
        if self.model.meetings_made + meetings > 60 || self.model.mails_caused + mails > 200 {
            return Said::Later(self.model.hour.unwrap_or(now) + HOUR - now);
        }
        if meetings + mails > 0 {
            self.model.hour.get_or_insert(now);
            self.model.meetings_made += meetings;
            self.model.mails_caused += mails;
        }
        Said::User
    }

    /// The secret in the mail that was just written.
    fn newest_secret(&mut self, effects: &Effects) -> String {
        let (_, mail) = effects.posts.last().expect("a mail went out");
        let secret = secret_of(&mail.letter);
        self.mailed.push(secret.clone());
        secret
    }

    fn arrives(&mut self) {
        let now = self.driver.now;
        self.model.age(now);
        let effects = self.driver.wake();
        self.compare(&effects, None, 0);
        self.driver.deliver();
        self.model.mails.clear();
        self.model.errands.clear();
        self.model.is(&self.driver);
    }

    fn fails(&mut self) {
        let now = self.driver.now;
        self.model.age(now);
        let effects = self.driver.wake();
        self.compare(&effects, None, 0);
        let verdict = Verdict::Failed;
        for id in self.driver.store.mails.keys().copied().collect::<Vec<_>>() {
            self.driver.input(Input::Posted { id, verdict });
        }
        for id in self.driver.store.errands.keys().copied().collect::<Vec<_>>() {
            self.driver.input(Input::Done { id, verdict });
        }
        self.model.deliveries_failed();
        self.model.is(&self.driver);
    }

    fn compare(&mut self, effects: &Effects, said: Option<Said>, hashes: u64) {
        self.model.end();
        assert_eq!(effects.answer.as_ref().map(Said::of), said);
        assert_eq!(effects.hashes, hashes);
        let written = effects.posts.iter().filter(|(id, _)| self.posted.insert(*id));
        let mut letters: Vec<_> = written.map(|(_, mail)| Kind::of(&mail.letter)).collect();
        let mut expected = std::mem::take(&mut self.model.letters);
        letters.sort();
        expected.sort();
        assert_eq!(letters, expected);
        let mut told: Vec<_> = effects.sent.iter().map(|(id, event)| (*id, Told::of(event))).collect();
        told.extend(effects.closed.iter().map(|(id, code)| (*id, Told::Closed(*code))));
        let mut expected = std::mem::take(&mut self.model.told);
        told.sort();
        expected.sort();
        assert_eq!(told, expected);
        self.model.is(&self.driver);
    }
}

fn run(steps: &[Step]) {
    let mut run = Run::new();
    for step in steps {
        run.step(step);
        // Sockets may say so many messages in a while: how many is another test's subject.
        run.driver.wait(1_000);
    }
    // Whatever it was, nothing is left of it once everybody went.
    run.driver.wait(HOUR);
    if let Some(Holder { password, subject }) = run.model.holder.clone() {
        let effects = match (password, subject) {
            (Some(password), _) => run.driver.login(&password),
            (None, subject) => run.driver.ask(provided(subject.unwrap())),
        };
        run.driver.delete(&effects.signed_in());
    }
    while run.driver.account.next_deadline().is_some() {
        run.driver.sleep();
        run.driver.deliver();
    }
    assert_eq!(run.driver.store, common::Store::default());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_account_is_what_the_model_says(steps in proptest::collection::vec(step(), 1..120)) {
        run(&steps);
    }
}
