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
    Driver, START, about, chat, describe, direct, identity, instance, join, join_able, media,
    model::{Ask, Model, PEOPLE, Say, Told, addresses, starts_at},
    permit, person, reached, sharing, simple,
    steps::{Alarm, Epoch, RegionSays, Step, beginning, run},
};
use mail::EntryId;
use proptest::prelude::*;
use protocol::{
    error::ErrorCode,
    id::ParticipantId,
    moment::Moment,
    region::{SessionEvent, SessionEventKind},
    rest::{Admission, ChangeRoom, RoomPhase},
    signal::{Permissions, ServerMessage},
};
use room::{ConnectionId, Input, Instance, NewRoom, OpenSessionCall, Placement, Question, RegionFailure};

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
        self.model.hearable = self.heard();
        self.model.direct = self.directly();
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
                let others = regroup.into_iter().chain(stored.meeting.topology.due_at);
                assert_eq!(self.driver.room.next_deadline(), self.model.deadline().into_iter().chain(others).min());
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
            assert!(matches!(step, Step::Say(_, Say::End) | Step::Ask(_) | Step::Done(_, mail::Verdict::Refused)));
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

    /// Who talks directly.
    fn directly(&self) -> Option<(ParticipantId, ParticipantId)> {
        let topology = &self.driver.store.meeting.as_ref()?.topology;
        let [first, second] = topology.people[..] else { return None };
        topology.direct.then_some((first, second))
    }

    /// The plan that is good, or the one before.
    fn plan(&self, current: bool) -> u64 {
        let plan = self.driver.store.meeting.as_ref().map_or(0, |meeting| meeting.topology.plan);
        if current { plan } else { plan.saturating_sub(1) }
    }

    /// Whom a region said to hear last, or somebody directly.
    fn heard(&self) -> BTreeSet<ParticipantId> {
        let members = self.driver.store.members.values();
        let is_heard = |member: &&room::Member| {
            member.session.as_ref().is_some_and(|session| session.epoch == member.epoch && !session.silent)
        };
        let directly = self.directly().into_iter().flat_map(|(first, second)| [first, second]);
        members.filter(is_heard).map(|member| member.id).chain(directly).collect()
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
        let opened = known.as_ref().is_some_and(|member| member.session.as_ref().is_some_and(|it| it.epoch == epoch));
        let carried = known.is_some_and(|member| {
            member.epoch == epoch && member.placement.is_some_and(|placement| placement.instance == from)
        });
        if carried {
            match kind {
                SessionEventKind::Silent | SessionEventKind::Closed => {
                    self.model.unheard(self.driver.now, participant);
                }
                SessionEventKind::Connected | SessionEventKind::Back => {
                    self.model.heard(self.driver.now, participant, opened)
                }
            }
        }
        let event = SessionEvent { room: common::new_room().id, participant, epoch, kind };
        self.driver.input(Input::Happened { instance: from, event })
    }

    fn text(&self, id: ConnectionId, say: &Say) -> String {
        match say {
            // One of them has a browser that cannot.
            Say::Join if self.person_of(id) == person(6).0.as_u128() => join(&format!("P {}", self.person_of(id))),
            Say::Join => join_able(&format!("P {}", self.person_of(id))),
            Say::Media => media(),
            Say::Describe(current) => describe(self.plan(*current)),
            Say::Reached(current, is_reached) => reached(self.plan(*current), *is_reached),
            Say::Update(microphone, camera, screen) => sharing(*microphone, *camera, *screen),
            Say::Chat(id, None) => chat(*id, "hello"),
            Say::Chat(id, Some(to)) => direct(*id, "psst", *to),
            Say::Unsay(sequence) => about("unsay", None, &format!(r#","sequence":{sequence}"#)),
            Say::Hand(raised) => about("raise_hand", None, &format!(r#","raised":{raised}"#)),
            Say::React => about("react", None, r#","reaction":"clap""#),
            Say::Sync => simple("sync"),
            Say::Here => simple("here"),
            Say::Leave => simple("leave"),
            Say::Admit(whom) => format!(r#"{{"type":"admit","participant":"{}"}}"#, person(*whom).0),
            Say::Deny(whom) => format!(r#"{{"type":"deny","participant":"{}"}}"#, person(*whom).0),
            Say::AdmitAll => simple("admit_all"),
            Say::Stop(whom, source) => {
                let source = serde_json::to_string(source).expect("a word");
                about("stop", *whom, &format!(r#","source":{source}"#))
            }
            Say::Permit(permissions) => {
                let Permissions { share, chat, react, unmute } = *permissions;
                permit(share, chat, react, unmute)
            }
            Say::Lock(locked) => about("lock", None, &format!(r#","locked":{locked}"#)),
            Say::WaitingRoom(on) => about("waiting_room", None, &format!(r#","on":{on}"#)),
            Say::Remove(whom) => about("remove", Some(*whom), ""),
            Say::SetCohost(whom, cohost) => about("set_cohost", Some(*whom), &format!(r#","cohost":{cohost}"#)),
            Say::LowerHand(whose) => about("lower_hand", *whose, ""),
            Say::Spotlight(whom) => about("spotlight", *whom, ""),
            Say::End => simple("end"),
            Say::Garbage(text) => text.clone(),
        }
    }

    fn person_of(&self, id: ConnectionId) -> u128 {
        self.driver.open.get(&id).map(|connection| connection.participant.0.as_u128()).unwrap_or_default()
    }

    /// Everybody was told what the model says, and nobody anything else.
    fn compare(&mut self, effects: &common::Effects, answer: Option<Result<(), ErrorCode>>) {
        if self.directly().is_none() {
            self.model.parted(self.driver.now);
        }
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
                // Plans are for the tests of topology, and for the browsers of the driver.
                ServerMessage::Change { .. } | ServerMessage::Plan { .. } | ServerMessage::Description { .. } => {
                    return None;
                }
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
                ServerMessage::Direct { message } => Told::Direct(message.sequence),
                ServerMessage::Reaction { participant, .. } => Told::Reaction(*participant),
                ServerMessage::Stopped { source } => Told::Stopped(*source),
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
    #![proptest_config(ProptestConfig { cases: 1_000, max_shrink_iters: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn the_room_is_the_model(new in beginning(), steps in run()) {
        let mut run = Run::new(&new);
        for step in &steps {
            run.step(step);
        }
    }
}
