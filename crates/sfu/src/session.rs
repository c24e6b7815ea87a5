//! One browser's media session: its transport, what it publishes, what it receives.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    time::Instant,
};

use protocol::{
    id::ParticipantId,
    media::{PausedTile, SlotTrack},
    region::{SessionEvent, SessionEventKind},
};
use str0m::{media::Mid, rtp::Ssrc};

use crate::{
    Open, RoomKey, Urgency,
    bandwidth::Bandwidth,
    bridge::Bridge,
    carrier::Carrier,
    codec::PayloadTypes,
    connection::{Connection, Identity},
    control::{Control, WishedTile},
    ingress::Ingress,
    liveness::Liveness,
    offer::{self, TrackSection},
    outstanding::Outstanding,
    packet,
    path::Path,
    quality::Quality,
    repairs::Repairs,
    slot::Slot,
    stun,
    track::{Publisher, TrackKey, Tracks},
};

/// Paths on which one session may be reached.
const PATHS: usize = 8;
/// Streams that a session may send over its life. A browser needs a dozen; the transport remembers each.
const STREAMS: usize = 64;
/// Incoming streams that are looked up without asking the transport.
const KNOWN_STREAMS: usize = 32;

/// Where an incoming stream belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) track: TrackKey,
    pub(crate) layer: usize,
    /// Whether the layer came on another stream before.
    pub(crate) is_another_stream: bool,
}

/// A media session.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) room: RoomKey,
    pub(crate) participant: ParticipantId,
    pub(crate) epoch: u64,
    pub(crate) connection: Carrier,
    /// Where it was heard from, oldest first.
    pub(crate) paths: VecDeque<Path>,
    /// Where its media came from last.
    chosen: Option<Path>,
    /// Where more waits than goes out: no pictures are sent until that is over.
    pub(crate) congested: Option<Path>,
    pub(crate) types: PayloadTypes,
    /// What it publishes, or would if it may.
    pub(crate) tracks: Vec<TrackKey>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) control: Control,
    /// It has no data channel to ask or to be told on, and is sent what goes on: who speaks, and screens.
    pub(crate) follows: bool,
    /// The tiles it asked for, in the order to serve them; the region chooses until it asks.
    pub(crate) wishes: Option<Vec<WishedTile>>,
    /// Tiles that it asked for and that got no slot.
    pub(crate) unplaced: Vec<SlotTrack>,
    /// Tiles that it was told get no picture.
    pub(crate) paused: Vec<PausedTile>,
    /// The network to it.
    pub(crate) bandwidth: Bandwidth,
    /// How good its network is, and what it was told of others'.
    pub(crate) quality: Quality,
    pub(crate) liveness: Liveness,
    /// When its transport has something to do.
    pub(crate) transport_due: Instant,
    /// The earliest time that the engine will look at it.
    pub(crate) scheduled: Option<Instant>,
    /// Whether it waits for the end of the batch.
    pub(crate) touched: bool,
    /// The newest grant that was taken.
    pub(crate) newest_grant: u64,
    /// How often packets were asked for again.
    pub(crate) repairs: Repairs,
    /// What its transport has to send.
    pub(crate) outstanding: Outstanding,
    /// Whether its sound goes past the transport; decided with its first packet. Once it does not it never
    /// does again.
    pub(crate) sounds_aside: Option<bool>,
    /// How much may come from it.
    ingress: Ingress,
    /// The streams that were let in.
    sent_on: HashSet<u32>,
    streams: HashMap<Ssrc, Option<(TrackKey, usize)>>,
}

/// A session that was made of an offer.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) session: Session,
    /// What the browser is told.
    pub(crate) answer: protocol::text::Sdp,
    /// What it offers to publish.
    pub(crate) tracks: Vec<TrackSection>,
}

impl Session {
    /// Makes a session of an offer, and the answer to it. Where there are layers to choose from, its
    /// network is measured: its own, which others like it send too, or those of `room_has_layers`.
    ///
    /// # Errors
    /// When the offer cannot be answered; the text says why.
    pub(crate) fn open(
        now: Instant,
        identity: &Identity,
        room: RoomKey,
        open: &Open,
        room_has_layers: bool,
    ) -> Result<Opened, String> {
        let sections = offer::sections(&open.offer)?;
        let has_choices = room_has_layers || sections.tracks.iter().any(|track| track.layers.len() > 1);
        let is_socket = offer::is_for_socket(&open.offer.sdp);
        // What a WebSocket carries is always looked at: it loses nothing, and would be later and later.
        let measures = is_socket || (has_choices && sections.has_feedback);
        let (mut connection, answer) = if is_socket {
            let (bridge, answer) = Bridge::answer(now, identity.config(), &sections)?;
            (Carrier::Socket(Box::new(bridge)), answer)
        } else {
            let (connection, answer) = Connection::answer(now, identity, &open.offer.sdp, measures)?;
            (Carrier::Peer(Box::new(connection)), answer)
        };
        let types = connection.types();
        let mut slots = Vec::with_capacity(sections.slots.len());
        for section in sections.slots {
            let name = Mid::from(section.mid.as_str());
            let Some(codecs) = connection.codecs(name, &types) else {
                return Err(format!("section {} has no codec that is forwarded", section.mid));
            };
            let stream =
                connection.set_aside(name).ok_or_else(|| format!("section {} cannot be sent on", section.mid))?;
            slots.push(Slot::new(section, stream, codecs));
        }
        let session = Self {
            room,
            participant: open.participant,
            epoch: open.epoch,
            connection,
            paths: VecDeque::new(),
            chosen: None,
            congested: None,
            types,
            tracks: Vec::new(),
            slots,
            control: Control::new(now),
            follows: !sections.has_channel,
            wishes: None,
            unplaced: Vec::new(),
            paused: Vec::new(),
            bandwidth: Bandwidth::new(measures),
            quality: Quality::default(),
            liveness: Liveness::new(now),
            transport_due: now,
            scheduled: None,
            touched: false,
            newest_grant: 0,
            repairs: Repairs::default(),
            outstanding: Outstanding::default(),
            sounds_aside: None,
            ingress: Ingress::SESSION,
            sent_on: HashSet::new(),
            streams: HashMap::new(),
        };
        Ok(Opened { session, answer, tracks: sections.tracks })
    }

    /// An event to tell the edge.
    pub(crate) fn event(&self, room: &protocol::id::RoomId, kind: SessionEventKind) -> SessionEvent {
        SessionEvent { room: room.clone(), participant: self.participant, epoch: self.epoch, kind }
    }

    /// When something is to be done without anything coming in.
    pub(crate) fn due(&self) -> Instant {
        let others = [self.bandwidth.due, self.bandwidth.starts_due].into_iter().flatten();
        others.fold(self.transport_due.min(self.liveness.due()), Instant::min)
    }

    /// Whether pictures can go out to it now.
    pub(crate) fn takes_pictures(&self) -> bool {
        self.liveness.is_connected() && self.congested.is_none()
    }

    /// Notes a path; returns one that is forgotten for it.
    pub(crate) fn add_path(&mut self, path: Path) -> Option<Path> {
        self.paths.push_back(path);
        let forgotten = if self.paths.len() > PATHS { self.paths.pop_front() } else { None };
        self.chosen = self.chosen.filter(|chosen| Some(*chosen) != forgotten);
        forgotten
    }

    /// A path is gone.
    pub(crate) fn lose(&mut self, path: Path) {
        self.paths.retain(|held| *held != path);
        self.chosen = self.chosen.filter(|chosen| *chosen != path);
    }

    /// Takes what came on a path in.
    pub(crate) fn receive(&mut self, now: Instant, path: Path, contents: &[u8]) {
        if !stun::is_stun(contents) {
            self.chosen = Some(path);
        }
        self.connection.receive(now, path, contents);
    }

    /// Forgets the pictures that went out: what comes is kept for repair for as long as fits the network now.
    pub(crate) fn keep_anew(&mut self) {
        for slot in self.slots.iter().filter(|slot| slot.has_begun && !slot.is_audio && !slot.carries_screen()) {
            self.connection.keep_anew(slot.stream.ssrc);
        }
    }

    /// Where a packet goes: a check's answer back to where it came from, everything else to where the
    /// browser sends. It chooses among the paths (RFC 8445 §8.1.1), and may choose anew at any time; to
    /// this end, which knows no candidates of it, a relay is as good as the way past it.
    pub(crate) fn way(&self, path: Path, packet: &[u8]) -> Path {
        if stun::is_stun(packet) { path } else { self.chosen.unwrap_or(path) }
    }

    /// Where what does not come from the transport goes.
    pub(crate) fn own_way(&self) -> Option<Path> {
        self.chosen.or(self.paths.back().copied())
    }

    /// How long a packet that goes out may wait: what is no sound, nor says anything of the transport, are
    /// pictures.
    pub(crate) fn urgency(&self, packet: &[u8]) -> Urgency {
        let payload_type = packet.get(1).filter(|_| packet::stream(packet).is_some()).map(|byte| byte & 0x7f);
        let encoding = |payload_type: u8| self.types.encoding(payload_type.into());
        let is_sound = |number| encoding(number).is_some_and(|encoding| encoding.codec().video().is_none());
        if payload_type.is_none_or(is_sound) { Urgency::Prompt } else { Urgency::Picture }
    }

    /// Whether a datagram from it is looked at: there are not too many, nor too many streams.
    pub(crate) fn takes(&mut self, now: Instant, datagram: &[u8]) -> bool {
        if !self.ingress.takes(now, datagram.len()) {
            return false;
        }
        let Some(stream) = packet::stream(datagram).filter(|stream| !self.sent_on.contains(stream)) else {
            return true;
        };
        self.sent_on.len() < STREAMS && self.sent_on.insert(stream)
    }

    /// Whether a message of so many bytes from it is looked at.
    pub(crate) fn takes_message(&mut self, now: Instant, bytes: usize) -> bool {
        self.ingress.takes(now, bytes)
    }

    /// Where a packet of a stream belongs; nothing when it is of no track that was offered.
    pub(crate) fn origin(&mut self, tracks: &mut Tracks, stream: Ssrc) -> Option<Origin> {
        let known = self.streams.get(&stream).copied();
        let (track, layer) = known.unwrap_or_else(|| self.find_origin(tracks, stream))?;
        let followed = tracks.get_mut(track)?.layers.get_mut(layer)?;
        let is_another_stream = followed.stream != Some(stream);
        if is_another_stream {
            followed.reset(stream);
        }
        Some(Origin { track, layer, is_another_stream })
    }

    fn find_origin(&mut self, tracks: &mut Tracks, stream: Ssrc) -> Option<(TrackKey, usize)> {
        let (mid, rid) = self.connection.names(stream)?;
        let comes_on = |key: &&TrackKey| {
            let publisher = tracks.get(**key).map(|track| track.publisher);
            matches!(publisher, Some(Publisher::Session { mid: its, .. }) if its == mid)
        };
        let found = self.tracks.iter().find(comes_on).copied().and_then(|key| {
            let layer = tracks.get_mut(key)?.layer(rid, stream)?;
            Some((key, layer))
        });
        // A browser may name streams at will; the list must not grow with them.
        if self.streams.len() >= KNOWN_STREAMS {
            self.streams.clear();
        }
        self.streams.insert(stream, found);
        found
    }
}
