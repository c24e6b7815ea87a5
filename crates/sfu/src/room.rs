//! The media side of a room: who is in it and who speaks.

use std::{collections::HashMap, time::Instant};

use protocol::{
    id::{ParticipantId, RoomId},
    media::{SlotTrack, Source, WeakQuality},
};
use slotmap::SlotMap;

use crate::{
    EngineId, SessionKey,
    assignment::assign,
    loudness::rank,
    relay::Ranking,
    session::Session,
    track::{Track, TrackKey, Tracks},
};

/// How much louder one must be to pass another in the list of speakers, in dB.
const SPEAKER_MARGIN: f32 = 6.0;
/// How much louder one must be to take an audio slot from another, in dB.
const SLOT_MARGIN: f32 = 10.0;
/// What the sound of a screen counts for: it goes before every voice.
const SCREEN_LEVEL: f32 = 1000.0;
/// The same while nothing comes: it gives way to every voice. Browsers offer it before they share.
const IDLE_SCREEN_LEVEL: f32 = -SCREEN_LEVEL;
/// With more voices than this only the loudest are heard.
const SMALL_ROOM: usize = 8;
/// Voices that are heard then.
const LOUDEST: usize = 3;
/// People named as speaking at once.
const SPEAKERS: usize = 16;

/// A room with media sessions on this engine.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) id: RoomId,
    /// Its sessions, in the order their participants came.
    pub(crate) members: Vec<SessionKey>,
    /// Who speaks, loudest first.
    pub(crate) speakers: Vec<ParticipantId>,
    /// The engines where it has people too, in the order of their names.
    pub(crate) links: Vec<RoomLink>,
    /// The voices that are heard where there are many, loudest first.
    loudest: Vec<SlotTrack>,
    /// The sounds that compete for slots: those voices, else all, and what comes of screens.
    competing: Vec<SlotTrack>,
    /// When loudness is looked at next; nothing while all are silent.
    pub(crate) evaluate_at: Option<Instant>,
}

/// A room's people on another engine.
#[derive(Debug)]
pub(crate) struct RoomLink {
    pub(crate) peer: EngineId,
    /// What they publish.
    pub(crate) tracks: Vec<TrackKey>,
    /// Whose network is weak.
    pub(crate) weak: HashMap<ParticipantId, WeakQuality>,
    /// Who speaks, as that engine said last.
    pub(crate) ranking: Option<Ranking>,
}

impl RoomLink {
    pub(crate) fn new(peer: EngineId) -> Self {
        Self { peer, tracks: Vec::new(), weak: HashMap::new(), ranking: None }
    }

    /// Whether everything was told that there is to tell of it: who speaks comes last. Slots are assigned
    /// only then, once for all.
    pub(crate) fn is_told_all(&self) -> bool {
        self.ranking.is_some()
    }
}

/// What of a ranking is news.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RankingChange {
    pub(crate) speakers: bool,
    pub(crate) loudest: bool,
}

/// What of who is heard is news.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LoudestChange {
    /// Whose voices are the loudest.
    pub(crate) loudest: bool,
    /// Which sounds compete for slots.
    pub(crate) competing: bool,
}

/// A track that may be published.
#[derive(Debug, Clone)]
struct Granted {
    name: SlotTrack,
    key: TrackKey,
    level: f32,
    /// Of a camera: something of it comes, or would if somebody saw it.
    is_on: bool,
}

/// What can be seen and heard in a room; made once for all who are assigned by it.
#[derive(Debug)]
pub(crate) struct Published {
    tracks: HashMap<SlotTrack, (TrackKey, f32)>,
    /// In the order their publishers came.
    cameras: Vec<SlotTrack>,
    /// Those of them of which something comes, or would if somebody saw them.
    on: Vec<SlotTrack>,
    /// Loudest first.
    sounds: Vec<(SlotTrack, f32)>,
}

impl Published {
    fn of(granted: Vec<Granted>) -> Self {
        let cameras = granted.iter().filter(|track| track.name.source == Source::Camera);
        let on = cameras.clone().filter(|track| track.is_on).map(|track| track.name.clone()).collect();
        let cameras = cameras.map(|track| track.name.clone()).collect();
        let sounds = granted.iter().filter(|track| track.name.source.is_audio());
        let mut sounds: Vec<_> = sounds.map(|track| (track.name.clone(), track.level)).collect();
        sounds.sort_by(|(_, level), (_, other)| other.total_cmp(level));
        let tracks = granted.into_iter().map(|track| (track.name, (track.key, track.level))).collect();
        Self { tracks, cameras, on, sounds }
    }

    /// The sounds that somebody with these in so many slots may be to hear: no other gets a slot.
    fn audible(&self, session: &Session, carried: &[SlotTrack]) -> Vec<(SlotTrack, f32)> {
        let slots = session.slots.iter().filter(|slot| slot.is_audio).count();
        let known = carried.iter().filter_map(|name| Some((name.clone(), self.tracks.get(name)?.1)));
        let is_new = |name: &SlotTrack| name.participant != session.participant && !carried.contains(name);
        known.chain(self.sounds.iter().filter(|(name, _)| is_new(name)).take(slots).cloned()).collect()
    }
}

/// What one slot shall carry.
pub(crate) type Assigned = Option<(SlotTrack, TrackKey)>;

impl Room {
    pub(crate) fn new(id: RoomId) -> Self {
        Self {
            id,
            members: Vec::new(),
            speakers: Vec::new(),
            links: Vec::new(),
            loudest: Vec::new(),
            competing: Vec::new(),
            evaluate_at: None,
        }
    }

    /// Its people on another engine, if any are known there.
    pub(crate) fn link(&self, peer: EngineId) -> Option<&RoomLink> {
        self.links.iter().find(|link| link.peer == peer)
    }

    /// The same, to be changed.
    pub(crate) fn link_mut(&mut self, peer: EngineId) -> Option<&mut RoomLink> {
        self.links.iter_mut().find(|link| link.peer == peer)
    }

    /// Who is heard and who speaks, as it stands here.
    pub(crate) fn ranking(&self) -> Ranking {
        Ranking { loudest: self.loudest.clone(), speakers: self.speakers.clone() }
    }

    /// Who is heard and who speaks, as the engine says that leads.
    pub(crate) fn adopt(&mut self, ranking: Ranking) -> RankingChange {
        let change = RankingChange {
            speakers: self.speakers != ranking.speakers,
            loudest: !are_the_same(&self.loudest, &ranking.loudest),
        };
        (self.speakers, self.loudest) = (ranking.speakers, ranking.loudest);
        change
    }

    /// All tracks that may be published; of many voices the loudest.
    pub(crate) fn published(
        &self,
        now: Instant,
        sessions: &SlotMap<SessionKey, Session>,
        tracks: &Tracks,
    ) -> Published {
        let mut granted = self.granted(sessions, tracks);
        for track in granted.iter_mut().filter(|track| track.name.source == Source::Camera) {
            track.is_on = tracks.get(track.key).is_some_and(|track| track.is_on(now));
        }
        if !self.loudest.is_empty() && voices(&granted) > SMALL_ROOM {
            granted.retain(|track| track.name.source != Source::Microphone || self.loudest.contains(&track.name));
        }
        Published::of(granted)
    }

    /// Looks at which sounds compete for slots: where there are many voices the loudest, and screens
    /// that are heard; says what of it changed. Who is heard stays so until another is clearly louder;
    /// it is ranked here where this engine `leads`.
    pub(crate) fn update_loudest(
        &mut self,
        sessions: &SlotMap<SessionKey, Session>,
        tracks: &Tracks,
        leads: bool,
    ) -> LoudestChange {
        let granted = self.granted(sessions, tracks);
        let is_voice = |track: &&Granted| track.name.source == Source::Microphone;
        let voices = granted.iter().filter(is_voice).map(|track| (track.name.clone(), track.level)).collect::<Vec<_>>();
        let is_large = voices.len() > SMALL_ROOM;
        let ranked = if !leads {
            false
        } else {
            let mut loudest = if is_large { rank(&self.loudest, voices.clone(), SLOT_MARGIN) } else { Vec::new() };
            loudest.truncate(LOUDEST);
            let before = std::mem::replace(&mut self.loudest, loudest);
            !are_the_same(&before, &self.loudest)
        };
        let mut competing: Vec<SlotTrack> = if is_large && !self.loudest.is_empty() {
            self.loudest.clone()
        } else {
            voices.into_iter().map(|(name, _)| name).collect()
        };
        let plays = |track: &&Granted| track.name.source == Source::ScreenAudio && track.level > IDLE_SCREEN_LEVEL;
        competing.extend(granted.iter().filter(plays).map(|track| track.name.clone()));
        let before = std::mem::replace(&mut self.competing, competing);
        LoudestChange { loudest: ranked, competing: !are_the_same(&before, &self.competing) }
    }

    /// Whether more sounds compete for the slots of a session than it has.
    pub(crate) fn is_short(&self, session: &Session) -> bool {
        let others = self.competing.iter().filter(|name| name.participant != session.participant);
        others.count() > session.slots.iter().filter(|slot| slot.is_audio).count()
    }

    /// The tracks in the room, in the order their publishers came: those of this engine, then the others.
    pub(crate) fn tracks(&self, sessions: &SlotMap<SessionKey, Session>) -> Vec<TrackKey> {
        let mut tracks = self.own_tracks(sessions);
        tracks.extend(self.links.iter().flat_map(|link| &link.tracks));
        tracks
    }

    /// The tracks whose publishers are on this engine.
    pub(crate) fn own_tracks(&self, sessions: &SlotMap<SessionKey, Session>) -> Vec<TrackKey> {
        let members = self.members.iter().filter_map(|key| sessions.get(*key));
        members.flat_map(|session| session.tracks.iter().copied()).collect()
    }

    fn granted(&self, sessions: &SlotMap<SessionKey, Session>, tracks: &Tracks) -> Vec<Granted> {
        let keys = self.tracks(sessions).into_iter();
        let granted = keys.filter_map(|key| Some((key, tracks.get(key).filter(|track| track.granted)?)));
        granted
            .map(|(key, track)| Granted { name: track.name.clone(), key, level: level(track), is_on: false })
            .collect()
    }

    /// Looks at who speaks; says whether that changed.
    pub(crate) fn update_speakers(&mut self, sessions: &SlotMap<SessionKey, Session>, tracks: &Tracks) -> bool {
        let keys = self.tracks(sessions).into_iter();
        let speaks =
            |track: &&Track| track.source() == Source::Microphone && track.granted && track.loudness.is_speaking();
        let speaking = keys.filter_map(|key| tracks.get(key).filter(speaks));
        let candidates = speaking.map(|track| (track.name.participant, track.loudness.level()));
        let mut speakers = rank(&self.speakers, candidates.collect(), SPEAKER_MARGIN);
        speakers.truncate(SPEAKERS);
        let changed = speakers != self.speakers;
        self.speakers = speakers;
        changed
    }
}

/// Whether two lists name the same, in any order.
fn are_the_same(one: &[SlotTrack], other: &[SlotTrack]) -> bool {
    one.len() == other.len() && one.iter().all(|name| other.contains(name))
}

fn voices(granted: &[Granted]) -> usize {
    granted.iter().filter(|track| track.name.source == Source::Microphone).count()
}

/// What a track counts for where there are fewer audio slots than sounds.
fn level(track: &Track) -> f32 {
    match track.source() {
        Source::ScreenAudio if track.loudness.is_speaking() => SCREEN_LEVEL,
        Source::ScreenAudio => IDLE_SCREEN_LEVEL,
        _ => track.loudness.standing(),
    }
}

/// The tiles that a session asked for, that somebody publishes, and that got no slot.
pub(crate) fn unplaced(session: &Session, published: &Published, assigned: &[Assigned]) -> Vec<SlotTrack> {
    let wishes = session.wishes.as_deref().unwrap_or_default().iter().map(|wish| &wish.track);
    let is_placed = |wish: &SlotTrack| assigned.iter().flatten().any(|(name, _)| name == wish);
    let is_published = |wish: &SlotTrack| published.tracks.contains_key(wish);
    let others = wishes.filter(|wish| wish.participant != session.participant);
    others.filter(|wish| is_published(wish) && !is_placed(wish)).cloned().collect()
}

/// What is sent to somebody who asks for nothing: cameras that are on, of them who speaks as long as they
/// do, then whoever was seen before, then the others in the order they came.
fn followed(session: &Session, published: &Published, speakers: &[ParticipantId]) -> Vec<SlotTrack> {
    let is_seen = |name: &SlotTrack| session.slots.iter().any(|slot| slot.assigned() == Some(name));
    let mut cameras: Vec<&SlotTrack> =
        published.cameras.iter().filter(|name| name.participant != session.participant).collect();
    cameras.sort_by_key(|name| {
        let place = speakers.iter().position(|speaker| *speaker == name.participant);
        (!published.on.contains(*name), place.is_none(), !is_seen(name), place)
    });
    cameras.into_iter().take(session.slots.len()).cloned().collect()
}

/// What each slot of a session shall carry, in the order of its slots.
pub(crate) fn assignments(session: &Session, published: &Published, speakers: &[ParticipantId]) -> Vec<Assigned> {
    let is_other = |name: &&SlotTrack| name.participant != session.participant;
    let seen: Vec<SlotTrack> = match &session.wishes {
        Some(wishes) => {
            let wished = wishes.iter().map(|wish| &wish.track).filter(is_other);
            wished.filter(|wish| published.tracks.contains_key(*wish)).cloned().collect()
        }
        None if session.follows => followed(session, published, speakers),
        // No more than there are slots.
        None => published.cameras.iter().filter(is_other).take(session.slots.len()).cloned().collect(),
    };
    let carried: Vec<SlotTrack> =
        session.slots.iter().filter(|slot| slot.is_audio).filter_map(|slot| slot.assigned().cloned()).collect();
    let heard = rank(&carried, published.audible(session, &carried), SLOT_MARGIN);

    let place = |is_audio: bool, wanted: &[SlotTrack]| {
        let current: Vec<Option<SlotTrack>> = session
            .slots
            .iter()
            .filter(|slot| slot.is_audio == is_audio)
            .map(|slot| slot.assigned().cloned())
            .collect();
        assign(&current, wanted).into_iter()
    };
    let (mut audio, mut video) = (place(true, &heard), place(false, &seen));
    session
        .slots
        .iter()
        .map(|slot| {
            let name = if slot.is_audio { audio.next() } else { video.next() }.flatten()?;
            let (key, _) = *published.tracks.get(&name)?;
            Some((name, key))
        })
        .collect()
}
