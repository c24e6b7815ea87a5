//! The media side of a room: who is in it and who speaks.

use std::{collections::HashMap, time::Instant};

use protocol::{
    id::{ParticipantId, RoomId},
    media::{SlotTrack, Source},
};
use slotmap::SlotMap;

use crate::{
    SessionKey,
    assignment::assign,
    loudness::rank,
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
    /// The voices that are heard where there are many, loudest first.
    loudest: Vec<SlotTrack>,
    /// The sounds that compete for slots: those voices, else all, and what comes of screens.
    competing: Vec<SlotTrack>,
    /// When loudness is looked at next; nothing while all are silent.
    pub(crate) evaluate_at: Option<Instant>,
}

/// A track that may be published.
#[derive(Debug, Clone)]
struct Granted {
    name: SlotTrack,
    key: TrackKey,
    level: f32,
}

/// What can be seen and heard in a room; made once for all who are assigned by it.
#[derive(Debug)]
pub(crate) struct Published {
    tracks: HashMap<SlotTrack, (TrackKey, f32)>,
    /// In the order their publishers came.
    cameras: Vec<SlotTrack>,
    /// Loudest first.
    sounds: Vec<(SlotTrack, f32)>,
}

impl Published {
    fn of(granted: Vec<Granted>) -> Self {
        let names = granted.iter().map(|track| &track.name);
        let cameras = names.filter(|name| name.source == Source::Camera).cloned().collect();
        let sounds = granted.iter().filter(|track| track.name.source.is_audio());
        let mut sounds: Vec<_> = sounds.map(|track| (track.name.clone(), track.level)).collect();
        sounds.sort_by(|(_, level), (_, other)| other.total_cmp(level));
        let tracks = granted.into_iter().map(|track| (track.name, (track.key, track.level))).collect();
        Self { tracks, cameras, sounds }
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
            loudest: Vec::new(),
            competing: Vec::new(),
            evaluate_at: None,
        }
    }

    /// All tracks that may be published; of many voices the loudest.
    pub(crate) fn published(&self, sessions: &SlotMap<SessionKey, Session>, tracks: &Tracks) -> Published {
        let mut granted = self.granted(sessions, tracks);
        if !self.loudest.is_empty() && voices(&granted) > SMALL_ROOM {
            granted.retain(|track| track.name.source != Source::Microphone || self.loudest.contains(&track.name));
        }
        Published::of(granted)
    }

    /// Looks at which sounds compete for slots: where there are many voices the loudest, and screens
    /// that are heard; says whether that changed. Who is heard stays so until another is clearly louder.
    pub(crate) fn update_loudest(&mut self, sessions: &SlotMap<SessionKey, Session>, tracks: &Tracks) -> bool {
        let granted = self.granted(sessions, tracks);
        let is_voice = |track: &&Granted| track.name.source == Source::Microphone;
        let voices = granted.iter().filter(is_voice).map(|track| (track.name.clone(), track.level)).collect::<Vec<_>>();
        let before = std::mem::take(&mut self.loudest);
        let mut competing: Vec<SlotTrack> = if voices.len() > SMALL_ROOM {
            self.loudest = rank(&before, voices, SLOT_MARGIN);
            self.loudest.truncate(LOUDEST);
            self.loudest.clone()
        } else {
            voices.into_iter().map(|(name, _)| name).collect()
        };
        let plays = |track: &&Granted| track.name.source == Source::ScreenAudio && track.level > IDLE_SCREEN_LEVEL;
        competing.extend(granted.iter().filter(plays).map(|track| track.name.clone()));
        let before = std::mem::replace(&mut self.competing, competing);
        before.len() != self.competing.len() || before.iter().any(|name| !self.competing.contains(name))
    }

    /// Whether more sounds compete for the slots of a session than it has.
    pub(crate) fn is_short(&self, session: &Session) -> bool {
        let others = self.competing.iter().filter(|name| name.participant != session.participant);
        others.count() > session.slots.iter().filter(|slot| slot.is_audio).count()
    }

    /// The tracks in the room, in the order their publishers came.
    pub(crate) fn tracks(&self, sessions: &SlotMap<SessionKey, Session>) -> Vec<TrackKey> {
        let members = self.members.iter().filter_map(|key| sessions.get(*key));
        members.flat_map(|session| session.tracks.iter().copied()).collect()
    }

    fn granted(&self, sessions: &SlotMap<SessionKey, Session>, tracks: &Tracks) -> Vec<Granted> {
        let keys = self.tracks(sessions).into_iter();
        let granted = keys.filter_map(|key| Some((key, tracks.get(key).filter(|track| track.granted)?)));
        granted.map(|(key, track)| Granted { name: track.name.clone(), key, level: level(track) }).collect()
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

/// What each slot of a session shall carry, in the order of its slots.
pub(crate) fn assignments(session: &Session, published: &Published) -> Vec<Assigned> {
    let is_other = |name: &&SlotTrack| name.participant != session.participant;
    let seen: Vec<SlotTrack> = match &session.wishes {
        Some(wishes) => {
            let wished = wishes.iter().map(|wish| &wish.track).filter(is_other);
            wished.filter(|wish| published.tracks.contains_key(*wish)).cloned().collect()
        }
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
