//! Programs that publish into the meeting by WHIP (RFC 9725) or watch it by WHEP. Each comes with a
//! token that a host asked for, has no socket, and is in the meeting as long as the region has its
//! session, at most until its token ends. Everybody sees it among the participants.

use protocol::{
    Millis,
    error::ErrorCode,
    id::ParticipantId,
    limits,
    media::Source,
    region::SessionEventKind,
    rest::{Stream, StreamKind},
    signal::{Change, MediaOffer, Presence, Role},
};

use crate::{
    Room,
    admission::Visitor,
    interface::{Answer, Asker, Coordinates, Output},
    publishing::SOURCES,
    records::Member,
};

/// How long a program is there whose region does not hear it, or not yet, in milliseconds. The region
/// gives up before; this is for a region that is gone too.
pub const SILENT_STREAM_MS: Millis = 60_000;

/// What a program sends that comes in, and when its region must have heard it.
struct On {
    microphone: bool,
    camera: bool,
    heard_by: Millis,
}

impl Room {
    /// Whether a participant is a program.
    pub(crate) fn is_stream(&self, id: ParticipantId) -> bool {
        self.roster.find(id).is_some_and(|member| member.stream.is_some())
    }

    /// Whoever has a token comes in with it, past lock and waiting room: a host gave it to them.
    pub(crate) fn make_stream(&mut self, now: Millis, by: &Asker, stream: Stream) -> Result<Answer, ErrorCode> {
        self.may_stream(by)?;
        self.expire_streams(now);
        if self.meeting.streams.len() >= limits::STREAMS {
            return Err(ErrorCode::RoomFull);
        }
        self.meeting.streams.push(stream);
        self.unsaved.meeting = true;
        Ok(Answer::Done)
    }

    /// The tokens that are good.
    pub(crate) fn streams(&mut self, now: Millis, by: &Asker) -> Result<Answer, ErrorCode> {
        self.may_stream(by)?;
        self.expire_streams(now);
        Ok(Answer::Streams(self.meeting.streams.clone()))
    }

    /// A token is taken back.
    pub(crate) fn drop_stream(&mut self, now: Millis, by: &Asker, id: ParticipantId) -> Result<Answer, ErrorCode> {
        self.may_stream(by)?;
        if self.meeting.streams.iter().all(|stream| stream.id != id) {
            return Err(ErrorCode::NotFound);
        }
        self.revoke_stream(now, id);
        Ok(Answer::Done)
    }

    /// A token is good no longer, and whoever came with it is out.
    pub(crate) fn revoke_stream(&mut self, now: Millis, id: ParticipantId) {
        self.meeting.streams.retain(|stream| stream.id != id);
        self.unsaved.meeting = true;
        self.remove_member(now, id);
    }

    /// A program offers a media session: its first, or one in place of the last.
    pub(crate) fn open_stream(
        &mut self,
        now: Millis,
        id: ParticipantId,
        kind: StreamKind,
        offer: MediaOffer,
        location: Option<Coordinates>,
    ) -> Result<Answer, ErrorCode> {
        if self.over().is_some() {
            return Err(ErrorCode::RoomEnded);
        }
        let is_good = |stream: &&Stream| stream.id == id && stream.kind == kind && stream.expires_at > now;
        let stream = self.meeting.streams.iter().find(is_good).cloned().ok_or(ErrorCode::Unauthorized)?;
        let offers = |source| offer.tracks.iter().any(|track| track.source == source);
        let (microphone, camera) = (offers(Source::Microphone), offers(Source::Camera));
        let heard_by = now.saturating_add(SILENT_STREAM_MS);
        match self.roster.change(id) {
            Some(member) => {
                // What a host turned off stays off.
                member.microphone = microphone && !member.held.contains(&Source::Microphone);
                member.camera = camera && !member.held.contains(&Source::Camera);
                (member.presence, member.leaves_at) = (Presence::Connected, Some(heard_by));
                let participant = member.participant();
                self.announce(Change::Updated { participant }, None);
            }
            None => self.admit_stream(now, stream, On { microphone, camera, heard_by })?,
        }
        self.open_session_from(now, id, offer, location, "stream");
        let epoch = self.roster.find(id).map(|member| member.epoch);
        // Where no region takes it, it is out again, and what it waits for says so.
        Ok(Answer::Streaming(epoch.unwrap_or(self.meeting.epoch_floor)))
    }

    fn admit_stream(&mut self, now: Millis, stream: Stream, on: On) -> Result<(), ErrorCode> {
        if self.roster.len() >= limits::ROOM_PARTICIPANTS {
            return Err(ErrorCode::RoomFull);
        }
        let Stream { id, kind, name, .. } = stream;
        let is_sent =
            |source: &Source| kind == StreamKind::Publish && matches!(source, Source::Microphone | Source::Camera);
        let member = Member {
            id,
            name,
            role: Role::Participant,
            microphone: on.microphone,
            camera: on.camera,
            screen: false,
            hand_raised_at: None,
            cohost: false,
            held: SOURCES.into_iter().filter(|source| !is_sent(source)).collect(),
            joined_at: self.roster.joining_at(now),
            identity: None,
            direct: false,
            stream: Some(kind),
            epoch: self.meeting.epoch_floor,
            session: None,
            placement: None,
            presence: Presence::Connected,
            leaves_at: Some(on.heard_by),
        };
        let participant = member.participant();
        self.roster.insert(member);
        self.occupied(now);
        self.announce(Change::Joined { participant }, None);
        Ok(())
    }

    /// Whether a program's session is there; where it is told to, that one ends.
    pub(crate) fn stream_session(
        &mut self,
        now: Millis,
        id: ParticipantId,
        epoch: u64,
        ends: bool,
    ) -> Result<Answer, ErrorCode> {
        let is_it = |member: &Member| member.stream.is_some() && member.epoch == epoch;
        if !self.roster.find(id).is_some_and(is_it) {
            return Err(ErrorCode::NotFound);
        }
        if ends {
            self.remove_member(now, id);
        }
        Ok(Answer::Done)
    }

    /// A region says something of a program's session, which is all that is known of it.
    pub(crate) fn stream_happened(&mut self, now: Millis, id: ParticipantId, kind: SessionEventKind) {
        match kind {
            SessionEventKind::Connected | SessionEventKind::Back => {
                self.note_silence(id, false);
                self.set_presence(id, Presence::Connected, None);
            }
            SessionEventKind::Silent => {
                self.note_silence(id, true);
                self.set_presence(id, Presence::Reconnecting, Some(now.saturating_add(SILENT_STREAM_MS)));
            }
            SessionEventKind::Closed => self.remove_member(now, id),
        }
    }

    /// No region takes a program's offer: it is told, and out.
    pub(crate) fn fail_stream(&mut self, now: Millis, id: ParticipantId, code: ErrorCode, message: &str) {
        if let Some(member) = self.roster.find(id).filter(|member| member.stream.is_some()) {
            let (epoch, result) = (member.epoch, Err((code, message.to_owned())));
            self.outbox.act(Output::Streamed { stream: id, epoch, result });
            self.remove_member(now, id);
        }
    }

    /// Tokens whose time is over.
    pub(crate) fn expire_streams(&mut self, now: Millis) {
        let over = self.meeting.streams.iter().filter(|stream| stream.expires_at <= now);
        for id in over.map(|stream| stream.id).collect::<Vec<_>>() {
            self.revoke_stream(now, id);
        }
    }

    /// When the first token ends that somebody is in with; of others nobody needs to know.
    pub(crate) fn end_of_streams(&self) -> Option<Millis> {
        let used = self.meeting.streams.iter().filter(|stream| self.roster.find(stream.id).is_some());
        used.map(|stream| stream.expires_at).min()
    }

    /// Tokens are for those who lead the meeting, in it or not.
    fn may_stream(&self, by: &Asker) -> Result<(), ErrorCode> {
        if self.over().is_some() {
            return Err(ErrorCode::RoomEnded);
        }
        if self.is_banned(by.participant, by.identity.as_ref()) {
            return Err(ErrorCode::Banned);
        }
        let leads_inside = by.participant.and_then(|id| self.roster.find(id)).is_some_and(Member::leads);
        let leads = leads_inside || self.role_of(Visitor::new(by.identity.as_ref(), by.host)) != Role::Participant;
        if leads { Ok(()) } else { Err(ErrorCode::Forbidden) }
    }
}
