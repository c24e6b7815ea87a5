//! A meeting room as a state machine: who is in, what they may do, what they say, how long it
//! lives and which media region carries it.
//!
//! It decides and does no I/O. The driver hands it one [`Input`] with [`Room::handle`], then drains
//! [`Room::poll_output`] and carries each [`Output`] out, then asks [`Room::next_deadline`] and sees
//! to it that [`Input::Woken`] comes no earlier than that. Time is an argument: milliseconds since
//! the epoch, because `std::time` panics on wasm32.
//!
//! The driver can lose this value at any moment. Whatever must survive is in [`Output::Save`] before
//! anyone is told of it, and [`Room::restore`] makes an equal room from what was saved and the
//! sockets that are still open. Only this lives in memory alone: how each socket behaves, who
//! reacted when, the list of instances, offers on their way to a region (a client offers again by itself), and which mails,
//! errands and reports are on their way (they are handed out again).
//!
//! | module | decides |
//! |---|---|
//! | `inbound` | whether a text is a message |
//! | `rate` | whether a socket says too much |
//! | `conversation` | what a message does |
//! | `presence` | who is there, who is missed, who is gone |
//! | `moderation` | what hosts decide while it goes on |
//! | `publishing` | what each may send, and what regions are told of it |
//! | `signs` | hands and reactions |
//! | `admission` | who walks in, asks or is refused, and as what they come |
//! | `lobby` | who waits for a host, and for how long |
//! | `guests` | who belongs to it by their address |
//! | `questions` | what is changed from outside, and by whom |
//! | `letters` | what those who are invited are written |
//! | `index` | what lists of meetings must know |
//! | `watching` | what home pages are told while they are open |
//! | `lifecycle` | how long the meeting lives |
//! | `sessions`, [`placement`] | which instance carries whom |
//! | `topology` | whether two people alone exchange media directly |
//! | `streams` | which programs publish or watch without a socket, and for how long |
//! | `stream_offer` | what such a program offers |
//! | `details` | nothing: what each may see of it |
//! | `interface`, `records` | nothing: what goes in, comes out and is stored |
//! | `roster`, `chat`, `sockets`, `outbox`, `deliveries` | nothing: they hold the state |

mod admission;
mod chat;
mod conversation;
mod deliveries;
mod details;
mod guests;
mod inbound;
mod index;
mod interface;
mod letters;
mod lifecycle;
mod lobby;
mod moderation;
mod outbox;
pub mod placement;
mod presence;
mod publishing;
mod questions;
mod rate;
mod records;
mod roster;
mod sessions;
mod signs;
mod sockets;
mod stream_offer;
mod streams;
mod topology;
mod watching;

pub use admission::has_own_domain;
pub use guests::ATTENDEES;
pub use interface::{
    Answer, Asker, Connection, ConnectionId, Coordinates, Errand, Identity, Input, Instance, Invitee, NewRoom,
    OpenSessionCall, Output, Placement, Question, QuestionId, RegionFailure,
};
pub use lifecycle::{EMPTY_MS, REMEMBERED_MS, is_plausible, planned_end};
pub use lobby::ADMITTED_MS;
pub use moderation::BANS;
pub use presence::{CHECKED_MS, HEARD_MS, KEPT_MS, MISSED_MS, RESTARTED_MS, SEATED_PEOPLE};
pub use questions::{DURATION_MINUTES, is_news};
pub use rate::{MESSAGE_BURST, MESSAGES_PER_SECOND, MISTAKES_BEFORE_CLOSE, REFUSALS_BEFORE_CLOSE};
pub use records::{Guest, Meeting, Member, Moderation, OpenedSession, Record, Said, Stored, Waiting};
pub use sessions::{INSTANCES_FRESH_MS, REGROUP_MS};
pub use signs::{REACTION_WINDOW_MS, REACTIONS};
pub use stream_offer::stream_offer;
pub use streams::SILENT_STREAM_MS;
pub use topology::{AGAIN_MS, LOSSES, QUIET_MS, TRIED_MS, Topology};
pub use watching::WATCHERS;

use chat::Chat;
use deliveries::Deliveries;
use guests::Guests;
use index::Index;
use lobby::Lobby;
use mail::{Mail, Notice};
use outbox::Outbox;
use protocol::{
    Millis,
    id::ParticipantId,
    rest::RoomPhase,
    signal::{Change, RoomState, RoomSummary, ServerMessage},
};
use roster::Roster;
use sessions::Sessions;
use signs::Reactions;
use sockets::Sockets;
use watching::Watchers;

/// A meeting room.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    meeting: Meeting,
    roster: Roster,
    chat: Chat,
    sockets: Sockets,
    sessions: Sessions,
    reactions: Reactions,
    lobby: Lobby,
    guests: Guests,
    watchers: Watchers,
    mails: Deliveries<Mail>,
    errands: Deliveries<Errand>,
    index: Index,
    outbox: Outbox,
    unsaved: Unsaved,
    /// The meeting's row as it is stored: what changed and changed back is not written.
    saved: Option<Meeting>,
    forgotten: bool,
}

/// What the next commit stores besides the members that changed.
#[derive(Debug, Clone, PartialEq, Default)]
struct Unsaved {
    meeting: bool,
    chat: Vec<Said>,
    /// Takes everything else with it.
    end: Option<Record>,
}

impl Room {
    /// A new meeting. Its first outputs save it.
    #[must_use]
    pub fn create(now: Millis, new: NewRoom) -> Self {
        let meeting = Meeting {
            id: new.id,
            code: new.code,
            title: new.title,
            kind: new.kind,
            phase: RoomPhase::Created,
            host_secret_hash: new.host_secret_hash,
            created_at: now,
            phase_since: now,
            version: 0,
            placement: None,
            regroup_at: None,
            epoch_floor: 0,
            owner: new.owner,
            schedule: new.schedule,
            sequence: 0,
            revision: 0,
            next_entry: 1,
            origin: new.origin,
            moderation: Box::default(),
            topology: Box::default(),
            streams: Vec::new(),
        };
        let mut room = Self::with(meeting);
        room.unsaved.meeting = true;
        let invited = room.invite(&new.invite);
        for email in invited.iter().filter(|_| new.letters) {
            room.write(now, email, Notice::Invitation);
        }
        room.commit(now);
        room
    }

    /// The room that was saved, with the sockets that are open now.
    #[must_use]
    pub fn restore(now: Millis, stored: Stored, connections: Vec<Connection>) -> Self {
        let mut room = Self::with(stored.meeting);
        room.saved = Some(room.meeting.clone());
        room.roster = Roster::restore(stored.members);
        room.chat = Chat::restore(stored.chat);
        room.sockets = Sockets::restore(now, connections);
        room.lobby = Lobby::restore(stored.waiting, room.has_host());
        room.guests = Guests::restore(stored.guests);
        room.watchers = Watchers::restore(stored.watchers);
        room.mails = Deliveries::restore(stored.mails);
        room.errands = Deliveries::restore(stored.errands);
        room.resume_life(now);
        room.resume_presence(now);
        room.resume_lobby(now);
        room.commit(now);
        room
    }

    /// One mutation.
    pub fn handle(&mut self, now: Millis, input: Input) {
        // Before time passes, because what time brings is not told to a socket that is closed.
        if let Input::Disconnected(connection) = input {
            self.disconnected(now, connection);
        }
        self.age(now);
        match input {
            Input::Connected(connection) => self.connected(now, connection),
            Input::Received { connection, text } => self.received(now, connection, &text),
            Input::Disconnected(_) => {}
            Input::Instances(instances) => self.instances_known(now, instances),
            Input::Opened { participant, epoch, result } => self.opened(now, participant, epoch, result),
            Input::Happened { instance, event } => self.happened(now, &instance, &event),
            Input::Asked { id, question } => self.asked(now, id, question),
            Input::Posted { id, verdict } => {
                self.posted(now, id, verdict);
                self.age(now);
            }
            Input::Done { id, verdict } => {
                self.done(now, id, verdict);
                self.age(now);
            }
            Input::Reported { account, watching } => self.reported(&account, watching),
            Input::Woken => {
                self.dismiss_overdue(now);
                self.dismiss_waiting(now);
                self.expire_streams(now);
                self.regroup(now);
                self.try_directly(now);
            }
        }
        self.commit(now);
    }

    /// What to carry out, oldest first; drain after every [`Room::handle`], [`Room::create`] and [`Room::restore`].
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outbox.pop()
    }

    /// When [`Input::Woken`] is due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Millis> {
        let deadlines = [
            self.roster.next_departure(),
            self.lobby.next_departure(),
            self.end_of_phase(),
            self.meeting.regroup_at,
            self.meeting.topology.due_at,
            self.end_of_streams(),
            self.mails.next_due(),
            self.errands.next_due(),
        ];
        deadlines.into_iter().flatten().min()
    }

    /// Whether this is the hash of the host secret (compared in constant time).
    #[must_use]
    pub fn is_host_secret(&self, hash: &[u8; 32]) -> bool {
        let Some(expected) = &self.meeting.host_secret_hash else {
            return false;
        };
        let difference = expected.iter().zip(hash).fold(0, |difference, (a, b)| difference | (a ^ b));
        // Without this the compiler may stop at the first difference.
        std::hint::black_box(difference) == 0
    }

    /// What storage holds once every [`Output::Save`] was carried out. None once it was forgotten.
    #[must_use]
    pub fn stored(&self) -> Option<Stored> {
        (!self.forgotten).then(|| Stored {
            meeting: self.meeting.clone(),
            members: self.roster.members().cloned().collect(),
            chat: self.chat.rows(),
            waiting: self.lobby.all().cloned().collect(),
            guests: self.guests.all().cloned().collect(),
            watchers: self.watchers.accounts(),
            mails: self.mails.entries(),
            errands: self.errands.entries(),
        })
    }

    fn with(meeting: Meeting) -> Self {
        Self {
            meeting,
            roster: Roster::default(),
            chat: Chat::default(),
            sockets: Sockets::default(),
            sessions: Sessions::default(),
            reactions: Reactions::default(),
            lobby: Lobby::default(),
            guests: Guests::default(),
            watchers: Watchers::default(),
            mails: Deliveries::default(),
            errands: Deliveries::default(),
            index: Index::default(),
            outbox: Outbox::default(),
            unsaved: Unsaved::default(),
            saved: None,
            forgotten: false,
        }
    }

    /// The room is at its next version; everybody who is in learns why, except one person, who is
    /// told otherwise.
    fn announce(&mut self, change: Change, except: Option<ParticipantId>) {
        self.meeting.version = self.meeting.version.saturating_add(1);
        self.unsaved.meeting = true;
        let others = self.roster.members().filter(|member| Some(member.id) != except);
        let to = others.flat_map(|member| self.sockets.of(member.id)).collect();
        self.outbox.send(to, ServerMessage::Change { version: self.meeting.version, change });
    }

    fn summary(&self) -> RoomSummary {
        let Moderation { locked, permissions, spotlight, .. } = *self.meeting.moderation;
        RoomSummary {
            title: self.meeting.title.clone(),
            kind: self.meeting.kind,
            phase: self.meeting.phase,
            locked,
            waiting_room: self.has_waiting_room(),
            permissions,
            spotlight,
        }
    }

    /// Everything that somebody may know.
    fn state(&self, reader: ParticipantId) -> RoomState {
        RoomState {
            version: self.meeting.version,
            room: self.summary(),
            participants: self.roster.in_order().into_iter().map(Member::participant).collect(),
            chat: self.chat.messages(reader),
        }
    }

    fn people(&self) -> u32 {
        u32::try_from(self.roster.len()).unwrap_or(u32::MAX)
    }

    /// Everything that the input changed is saved, and what follows from it handed out.
    fn commit(&mut self, now: Millis) {
        if !self.forgotten {
            self.enforce_permissions();
            self.follow_topology(now);
            self.grant();
            self.tell_lobby();
            self.update_index(now);
            for entry in self.mails.take_due(now) {
                self.outbox.act(Output::Post { id: entry.id, mail: entry.item });
            }
            for entry in self.errands.take_due(now) {
                self.outbox.act(Output::Errand { id: entry.id, errand: entry.item });
            }
            self.report();
        }
        let Unsaved { meeting, chat, end } = std::mem::take(&mut self.unsaved);
        let mut records = Vec::new();
        if meeting && self.saved.as_ref() != Some(&self.meeting) {
            self.saved = Some(self.meeting.clone());
            records.push(Record::Meeting(self.meeting.clone()));
        }
        records.extend(self.roster.take_unsaved());
        records.extend(self.lobby.take_unsaved());
        records.extend(self.guests.take_unsaved());
        records.extend(self.watchers.take_unsaved());
        records.extend(self.take_unsaved_mails());
        records.extend(self.take_unsaved_errands());
        records.extend(chat.into_iter().map(Record::Chat));
        if self.forgotten {
            // No row is left that any of this could be written to.
            records.clear();
        }
        records.extend(end);
        self.outbox.commit(records);
    }
}
