//! Whatever happens in whatever order, the room is what the plain model says, storage holds it, and
//! every browser sees it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{
    Driver, START, chat, identity, instance, invitee, join, media,
    model::{Ask, Edit, Model, PEOPLE, Say, Told, addresses, starts_at},
    owned, person, simple, update,
};
use mail::{EntryId, Verdict};
use proptest::{option, prelude::*};
use protocol::{
    error::ErrorCode,
    id::ParticipantId,
    moment::Moment,
    region::{SessionEvent, SessionEventKind},
    rest::{Admission, ChangeRoom, RoomKind, RoomPhase, Schedule},
    signal::ServerMessage,
};
use room::{ConnectionId, Input, Instance, NewRoom, OpenSessionCall, Placement, Question, RegionFailure};

const SEATS: u8 = 7;

#[derive(Debug, Clone)]
enum Step {
    Open(u8),
    /// The n-th socket that ever was, counted from the newest.
    Close(usize),
    Say(usize, Say),
    Fleet(u8),
    /// The n-th call that was ever made, counted from the newest.
    Region(usize, RegionSays),
    Event {
        person: u8,
        epoch: Epoch,
        instance: u8,
        kind: SessionEventKind,
    },
    Ask(Ask),
    /// The n-th mail that was ever handed out, counted from the newest.
    Posted(usize, Verdict),
    /// The n-th errand, likewise.
    Done(usize, Verdict),
    Reported(u8, bool),
    Wait(u64),
    Back(u64),
    Wake(Alarm),
    LoseMemory,
    Restart(u8),
}

#[derive(Debug, Clone, Copy)]
enum RegionSays {
    Taken,
    Unavailable,
    Rejected,
}

#[derive(Debug, Clone, Copy)]
enum Epoch {
    Current,
    Other(u64),
}

#[derive(Debug, Clone, Copy)]
enum Alarm {
    Early,
    Due,
    Late(u64),
}

fn say() -> impl Strategy<Value = Say> {
    prop_oneof![
        6 => Just(Say::Join),
        2 => Just(Say::Media),
        2 => any::<(bool, bool)>().prop_map(|(microphone, camera)| Say::Update(microphone, camera)),
        4 => (0..6u128).prop_map(Say::Chat),
        1 => Just(Say::Sync),
        1 => Just(Say::Here),
        2 => Just(Say::Leave),
        3 => (0..SEATS).prop_map(Say::Admit),
        1 => (0..SEATS).prop_map(Say::Deny),
        1 => Just(Say::End),
        2 => garbage().prop_map(Say::Garbage),
    ]
}

fn garbage() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        Just(String::new()),
        Just(
            r#"{"type":"join","name":"","microphone":true,"camera":true,"offer":{"sdp":"v=0","tracks":[]}}"#.to_owned()
        ),
        Just(r#"{"type":"chat","id":"00000000-0000-0000-0000-000000000001","text":" "}"#.to_owned()),
        Just(r#"{"type":"end""#.to_owned()),
        Just(r#"{"type":"welcome"}"#.to_owned()),
    ]
}

fn kind() -> impl Strategy<Value = RoomKind> {
    prop_oneof![Just(RoomKind::Public), Just(RoomKind::Private), Just(RoomKind::Team)]
}

/// Seats of people who are signed in, the owner first of all.
fn signed_in() -> impl Strategy<Value = u8> {
    prop_oneof![3 => Just(1), 3 => 2..5u8]
}

/// From a day ago to a month ahead, or too far.
fn starts_in() -> impl Strategy<Value = i64> {
    prop_oneof![4 => -90_000_000..2_600_000_000_i64, 1 => Just(63_244_800_000), 1 => Just(63_244_800_001)]
}

fn edit() -> impl Strategy<Value = Edit> {
    let nothing = Edit::default;
    let all = (option::of(any::<bool>()), option::of(kind()), option::of(starts_in()), any::<[u8; 3]>(), any::<bool>());
    prop_oneof![
        2 => any::<bool>().prop_map(move |title| Edit { title: Some(title), ..nothing() }),
        5 => kind().prop_map(move |kind| Edit { kind: Some(kind), ..nothing() }),
        2 => starts_in().prop_map(move |starts_in| Edit { starts_in: Some(starts_in), ..nothing() }),
        3 => any::<u8>().prop_map(move |invite| Edit { invite, ..nothing() }),
        2 => any::<u8>().prop_map(move |uninvite| Edit { uninvite, ..nothing() }),
        2 => any::<u8>().prop_map(move |cohosts| Edit { cohosts: Some(cohosts), ..nothing() }),
        1 => Just(Edit { end: true, ..Edit::default() }),
        1 => all.prop_map(|(title, kind, starts_in, [invite, uninvite, cohosts], end)| Edit {
            title, kind, starts_in, invite, uninvite, cohosts: Some(cohosts), end
        }),
    ]
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        20 => (signed_in(), edit()).prop_map(|(by, edit)| Ask::Change(by, edit)),
        1 => signed_in().prop_map(Ask::Delete),
        1 => Just(Ask::Destroy),
        2 => (1..5u8).prop_map(Ask::Forget),
        5 => (1..5u8, any::<bool>()).prop_map(|(person, watch)| Ask::Watch(person, watch)),
    ]
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![3 => Just(Verdict::Delivered), 2 => Just(Verdict::Failed), 1 => Just(Verdict::Refused)]
}

/// What a meeting begins as: whether somebody owns it, its kind, who is invited, when, and by letter.
fn beginning() -> impl Strategy<Value = NewRoom> {
    let schedule = option::of(0..200_000_000_i64);
    (any::<bool>(), kind(), any::<u8>(), schedule, any::<bool>()).prop_map(
        |(has_owner, kind, mask, starts_in, letters)| {
            let schedule = starts_in.map(|starts_in| {
                let starts_at = starts_at(START, starts_in);
                Schedule { starts_at, duration_minutes: 60, time_zone: None }
            });
            let invite = addresses(mask).into_iter().map(|email| invitee(email, false)).collect();
            let room = owned(kind);
            let (owner, kind) = if has_owner { (room.owner, kind) } else { (None, RoomKind::Public) };
            NewRoom { owner, kind, schedule, invite, letters, host_secret_hash: Some([7; 32]), ..common::new_room() }
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        Just(SessionEventKind::Connected),
        Just(SessionEventKind::Silent),
        Just(SessionEventKind::Back),
        Just(SessionEventKind::Closed),
    ];
    let epoch = prop_oneof![4 => Just(Epoch::Current), 1 => (0..4u64).prop_map(Epoch::Other)];
    let region = prop_oneof![
        4 => Just(RegionSays::Taken),
        2 => Just(RegionSays::Unavailable),
        1 => Just(RegionSays::Rejected),
    ];
    let alarm =
        prop_oneof![1 => Just(Alarm::Early), 4 => Just(Alarm::Due), 1 => (1..100_000_000u64).prop_map(Alarm::Late)];
    prop_oneof![
        5 => (0..SEATS).prop_map(Step::Open),
        2 => (0..8usize).prop_map(Step::Close),
        20 => (0..6usize, say()).prop_map(|(socket, say)| Step::Say(socket, say)),
        3 => (0..4u8).prop_map(Step::Fleet),
        5 => (0..5usize, region).prop_map(|(call, says)| Step::Region(call, says)),
        4 => (0..SEATS, epoch, 0..3u8, kind)
            .prop_map(|(person, epoch, instance, kind)| Step::Event { person, epoch, instance, kind }),
        6 => ask().prop_map(Step::Ask),
        4 => (0..6usize, verdict()).prop_map(|(mail, verdict)| Step::Posted(mail, verdict)),
        4 => (0..6usize, verdict()).prop_map(|(errand, verdict)| Step::Done(errand, verdict)),
        3 => (1..5u8, any::<bool>()).prop_map(|(person, watching)| Step::Reported(person, watching)),
        3 => (0..20_000u64).prop_map(Step::Wait),
        1 => (0..90_000_000u64).prop_map(Step::Wait),
        1 => (0..5_000u64).prop_map(Step::Back),
        3 => alarm.prop_map(Step::Wake),
        1 => Just(Step::LoseMemory),
        1 => any::<u8>().prop_map(Step::Restart),
    ]
}

/// A room beside its model.
struct Run {
    driver: Driver,
    model: Model,
    sockets: Vec<ConnectionId>,
    calls: Vec<OpenSessionCall>,
    posts: Vec<EntryId>,
    errands: Vec<EntryId>,
}

impl Run {
    fn new(new: &NewRoom) -> Self {
        let (driver, effects) = Driver::with(new.clone());
        let model = Model::new(START, new);
        let (sockets, calls, posts, errands) = Default::default();
        let mut run = Self { driver, model, sockets, calls, posts, errands };
        run.compare(&effects, None);
        run
    }

    fn step(&mut self, step: &Step) {
        // Enough for the dearest message, so that no run is about the rate bound.
        self.driver.wait(250);
        match step {
            Step::Wait(milliseconds) => self.driver.wait(*milliseconds),
            Step::Back(milliseconds) => self.driver.now -= milliseconds,
            Step::LoseMemory => {
                let effects = self.driver.lose_memory();
                self.model.restart(self.driver.now, |_| true);
                self.compare(&effects, None);
            }
            Step::Restart(mask) => {
                let survives = |id: ConnectionId| (id.0 >> 7).to_le_bytes()[0] & mask != 0;
                let effects = self.driver.restart(survives);
                self.model.restart(self.driver.now, survives);
                self.compare(&effects, None);
            }
            _ => self.input(step),
        }
        match self.driver.store.load() {
            Some(stored) => {
                self.model.is(&stored);
                let regroup = stored.meeting.regroup_at;
                assert_eq!(self.driver.room.next_deadline(), self.model.deadline().into_iter().chain(regroup).min());
                let instances: BTreeSet<_> =
                    stored.members.iter().filter_map(|member| Some(&member.placement.as_ref()?.instance)).collect();
                assert!(instances.len() <= 1 || regroup.is_some(), "nobody stays apart for good");
            }
            None => assert!(self.model.forgotten),
        }
    }

    fn input(&mut self, step: &Step) {
        if let Step::Wake(alarm) = step {
            let due = self.driver.room.next_deadline().unwrap_or(self.driver.now);
            self.driver.now = match alarm {
                Alarm::Early => self.driver.now,
                Alarm::Due => self.driver.now.max(due),
                Alarm::Late(by) => self.driver.now.max(due + by),
            };
        }
        let now = self.driver.now;
        let was_in: Vec<_> = self.model.people.iter().map(|known| known.id).collect();
        let carried = self.carried();
        let phase = self.model.phase;
        if let Step::Close(nth) = step
            && let Some(id) = self.sockets.iter().rev().nth(*nth)
        {
            self.model.disconnect(now, *id);
        }
        self.model.time(now);
        let mut answer = None;
        let effects = match step {
            Step::Open(number) => {
                let identity = PEOPLE[usize::from(*number)].map(identity);
                let (id, effects) = self.driver.connect_as(*number, identity, None);
                self.sockets.push(id);
                self.model.connect(id, person(*number));
                effects
            }
            Step::Close(nth) => {
                let Some(id) = self.sockets.iter().rev().nth(*nth).copied() else { return self.nothing() };
                self.driver.close(id)
            }
            Step::Say(nth, say) => {
                let Some(id) = self.sockets.iter().rev().nth(*nth).copied() else { return self.nothing() };
                self.model.say(now, id, say);
                let text = self.text(id, say);
                self.driver.say(id, &text)
            }
            Step::Fleet(which) => self.driver.instances(&fleet(*which)),
            Step::Region(nth, says) => {
                let Some(call) = self.calls.iter().rev().nth(*nth).cloned() else { return self.nothing() };
                let (participant, epoch) = (call.participant, call.epoch);
                let result = match says {
                    RegionSays::Taken => Ok(common::answer()),
                    RegionSays::Unavailable => Err(RegionFailure::Unavailable),
                    RegionSays::Rejected => Err(RegionFailure::Rejected("no".into())),
                };
                if result.is_ok() {
                    self.model.answered(participant, epoch);
                }
                self.driver.input(Input::Opened { participant, epoch, result })
            }
            Step::Event { person: number, epoch, instance, kind } => {
                self.event(person(*number), *epoch, *instance, *kind)
            }
            Step::Wake(_) => {
                self.model.wake(now);
                self.driver.woken()
            }
            Step::Ask(ask) => {
                answer = Some(self.model.ask(now, ask));
                self.driver.input(Input::Asked { id: 7, question: question(now, ask) })
            }
            Step::Posted(nth, verdict) => {
                let Some(id) = self.posts.iter().rev().nth(*nth).copied() else { return self.nothing() };
                if let Some(entry) = self.driver.store.mails.get(&id) {
                    self.model.posted(now, entry.item.to.as_str(), *verdict);
                }
                self.driver.input(Input::Posted { id, verdict: *verdict })
            }
            Step::Done(nth, verdict) => {
                let Some(id) = self.errands.iter().rev().nth(*nth).copied() else { return self.nothing() };
                if let Some(entry) = self.driver.store.errands.get(&id) {
                    self.model.done(now, entry.item.email().as_str(), *verdict);
                }
                self.driver.input(Input::Done { id, verdict: *verdict })
            }
            Step::Reported(number, watching) => {
                let email = PEOPLE[usize::from(*number)].expect("somebody who is signed in");
                if !self.model.is_reporting(email) {
                    return self.nothing();
                }
                self.model.reported(email, *watching);
                self.driver.reported(email, *watching)
            }
            Step::Wait(_) | Step::Back(_) | Step::LoseMemory | Step::Restart(_) => return,
        };
        self.compare(&effects, answer);
        // Only a host ends a meeting, and nothing else does while somebody is in.
        if self.model.phase == RoomPhase::Destroyed && phase != RoomPhase::Destroyed {
            assert!(matches!(step, Step::Say(_, Say::End) | Step::Ask(_)));
        }
        assert!(self.model.phase != RoomPhase::Expired || was_in.is_empty());
        for gone in was_in.into_iter().filter(|id| self.model.person(*id).is_none()) {
            if let Some((placement, epoch)) = carried.get(&gone) {
                let close = (placement.clone(), gone, *epoch);
                assert!(effects.session_closes.contains(&close), "who is out is not carried on");
            }
        }
        self.calls.extend(effects.opens);
    }

    fn carried(&self) -> BTreeMap<ParticipantId, (Placement, u64)> {
        let members = self.driver.store.members.values();
        members.filter_map(|member| Some((member.id, (member.placement.clone()?, member.epoch)))).collect()
    }

    fn nothing(&mut self) {
        // The model let time pass; so does the room.
        let effects = self.driver.instances(&fleet(0));
        self.compare(&effects, None);
        self.calls.extend(effects.opens);
    }

    fn event(&mut self, participant: ParticipantId, epoch: Epoch, from: u8, kind: SessionEventKind) -> common::Effects {
        let known = self.driver.store.members.get(&participant).cloned();
        let epoch = match epoch {
            Epoch::Current => known.as_ref().map_or(1, |member| member.epoch),
            Epoch::Other(epoch) => epoch,
        };
        let from = names()[usize::from(from)].parse().expect("an id");
        let carried = known.is_some_and(|member| {
            member.epoch == epoch && member.placement.is_some_and(|placement| placement.instance == from)
        });
        if carried {
            match kind {
                SessionEventKind::Silent | SessionEventKind::Closed => {
                    self.model.unheard(self.driver.now, participant);
                }
                SessionEventKind::Connected | SessionEventKind::Back => self.model.heard(participant),
            }
        }
        let event = SessionEvent { room: common::new_room().id, participant, epoch, kind };
        self.driver.input(Input::Happened { instance: from, event })
    }

    fn text(&self, id: ConnectionId, say: &Say) -> String {
        match say {
            Say::Join => join(&format!("P {}", self.person_of(id))),
            Say::Media => media(),
            Say::Update(microphone, camera) => update(*microphone, *camera),
            Say::Chat(id) => chat(*id, "hello"),
            Say::Sync => simple("sync"),
            Say::Here => simple("here"),
            Say::Leave => simple("leave"),
            Say::Admit(whom) => format!(r#"{{"type":"admit","participant":"{}"}}"#, person(*whom).0),
            Say::Deny(whom) => format!(r#"{{"type":"deny","participant":"{}"}}"#, person(*whom).0),
            Say::End => simple("end"),
            Say::Garbage(text) => text.clone(),
        }
    }

    fn person_of(&self, id: ConnectionId) -> u128 {
        self.driver.open.get(&id).map(|connection| connection.participant.0.as_u128()).unwrap_or_default()
    }

    /// Everybody was told what the model says, and nobody anything else.
    fn compare(&mut self, effects: &common::Effects, answer: Option<Result<(), ErrorCode>>) {
        let (posts, errands, reports) = self.model.settle(self.driver.now);
        let sorted = |mut to: Vec<String>| {
            to.sort();
            to
        };
        assert_eq!(sorted(effects.posts.iter().map(|(_, mail)| mail.to.to_string()).collect()), posts);
        assert_eq!(sorted(effects.errands.iter().map(|(_, errand)| errand.email().to_string()).collect()), errands);
        let mut told: Vec<_> = effects.reports.clone();
        told.sort_by(|a, b| a.0.cmp(&b.0));
        let account = |(email, phase, people): (String, RoomPhase, u32)| (identity(&email).account, phase, people);
        assert_eq!(told, reports.into_iter().map(account).collect::<Vec<_>>());
        let answers: Vec<_> =
            effects.answers.iter().map(|answer| answer.as_ref().map(|_| ()).map_err(|code| *code)).collect();
        assert_eq!(answers, answer.into_iter().collect::<Vec<_>>());
        self.posts.extend(effects.posts.iter().map(|(id, _)| *id));
        self.errands.extend(effects.errands.iter().map(|(id, _)| *id));
        let replies = effects.sent.iter().filter_map(|(id, message)| {
            let told = match message {
                ServerMessage::Change { .. } => return None,
                // What came of offers is for the tests of sessions.
                ServerMessage::Error { code: ErrorCode::RegionUnavailable | ErrorCode::OfferRejected, .. } => {
                    return None;
                }
                ServerMessage::Error { code, .. } => Told::Error(format!("{code:?}")),
                ServerMessage::Seated { admission, .. } => Told::Seated(*admission == Admission::Walk),
                ServerMessage::Welcome { .. } => Told::Welcome,
                ServerMessage::Answer { epoch, .. } => Told::Answer(*epoch),
                ServerMessage::Check => Told::Check,
                ServerMessage::Waiting { host_present } => Told::Waiting(*host_present),
                ServerMessage::Admitted => Told::Admitted,
                ServerMessage::Denied => Told::Denied,
                ServerMessage::Lobby { waiting } => Told::Lobby(waiting.iter().map(|person| person.id).collect()),
                ServerMessage::Ended { .. } => Told::Ended,
            };
            Some((*id, told))
        });
        let closes = effects.closed.iter().map(|(id, code)| (*id, Told::Closed(*code)));
        let mut told: Vec<_> = replies.chain(closes).collect();
        told.sort();
        assert_eq!(told, self.model.told());
    }
}

fn question(now: u64, ask: &Ask) -> Question {
    let who = |number: &u8| identity(PEOPLE[usize::from(*number)].expect("somebody who is signed in"));
    let emails =
        |mask: u8| addresses(mask).into_iter().map(|email| email.parse().expect("an address")).collect::<Vec<_>>();
    match ask {
        Ask::Change(by, edit) => {
            let change = ChangeRoom {
                title: edit.title.map(|title| if title { "One" } else { "Two" }.parse().expect("a title")),
                kind: edit.kind,
                starts_at: edit.starts_in.map(|starts_in| Moment(starts_at(now, starts_in))),
                invite: emails(edit.invite),
                uninvite: emails(edit.uninvite),
                cohosts: edit.cohosts.map(emails),
                end: edit.end,
                ..ChangeRoom::default()
            };
            Question::Change { by: who(by), change: Box::new(change) }
        }
        Ask::Delete(by) => Question::Delete { by: who(by) },
        Ask::Destroy => Question::Destroy,
        Ask::Forget(person) => Question::ForgetPerson { account: who(person).account, email: who(person).email },
        Ask::Watch(person, watch) => Question::Watch { account: who(person).account, watch: *watch },
    }
}

fn names() -> [&'static str; 3] {
    ["fra-1", "nrt-1", "lax-1"]
}

fn fleet(which: u8) -> Vec<Instance> {
    let mut instances =
        vec![instance("fra-1", 50.1, 8.7), instance("nrt-1", 35.6, 139.7), instance("lax-1", 33.9, -118.4)];
    match which {
        1 => instances[0].draining = true,
        2 => drop(instances.remove(0)),
        3 => instances.clear(),
        _ => {}
    }
    instances
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, max_shrink_iters: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn the_room_is_the_model(new in beginning(), steps in proptest::collection::vec(step(), 1..120)) {
        let mut run = Run::new(&new);
        for step in &steps {
            run.step(step);
        }
    }
}
