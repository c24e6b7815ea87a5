//! What each person may publish, and what the region that carries them was told of that. A host's
//! "mute" holds a source: its packets stop at the region, whatever the browser does, until its owner
//! turns it on again and may.

use protocol::{
    id::ParticipantId,
    media::Source,
    signal::{Change, Permissions, Role, ServerMessage},
};

use crate::{
    Room,
    interface::Output,
    records::{Member, OpenedSession},
};

/// All there is to publish.
pub(crate) const SOURCES: [Source; 4] = [Source::Microphone, Source::Camera, Source::Screen, Source::ScreenAudio];

impl Member {
    /// They lead the meeting.
    pub(crate) fn leads(&self) -> bool {
        self.role != Role::Participant
    }

    /// What a region lets through from them.
    pub(crate) fn publishable(&self, permissions: Permissions) -> impl Iterator<Item = Source> {
        let may_share = self.leads() || permissions.share;
        SOURCES.into_iter().filter(move |source| match source {
            Source::Screen | Source::ScreenAudio => may_share && !self.held.contains(source),
            Source::Microphone | Source::Camera => !self.held.contains(source),
        })
    }

    /// Takes sources out of what they may publish, or into it again.
    pub(crate) fn set_held(&mut self, sources: &[Source], held: bool) {
        let is_held = |source: &Source| if sources.contains(source) { held } else { self.held.contains(source) };
        self.held = SOURCES.into_iter().filter(is_held).collect();
    }

    fn has_on(&self, source: Source) -> bool {
        match source {
            Source::Microphone => self.microphone,
            Source::Camera => self.camera,
            Source::Screen => self.screen,
            Source::ScreenAudio => self.screen && !self.held.contains(&Source::ScreenAudio),
        }
    }
}

/// What goes on and off together with a source.
pub(crate) const fn together(source: Source) -> &'static [Source] {
    match source {
        Source::Microphone => &[Source::Microphone],
        Source::Camera => &[Source::Camera],
        Source::Screen => &[Source::Screen, Source::ScreenAudio],
        Source::ScreenAudio => &[Source::ScreenAudio],
    }
}

impl Room {
    /// Turns off what somebody sends. What is off already is held too: a browser may say so and send.
    pub(crate) fn stop(&mut self, whom: ParticipantId, source: Source) {
        let sources = together(source);
        let Some(member) = self.roster.find(whom).filter(|member| !sources.iter().all(|s| member.held.contains(s)))
        else {
            return;
        };
        let was_on = member.has_on(source);
        if let Some(member) = self.roster.change(whom) {
            member.set_held(sources, true);
            match source {
                Source::Microphone => member.microphone = false,
                Source::Camera => member.camera = false,
                Source::Screen => member.screen = false,
                Source::ScreenAudio => {}
            }
            let participant = member.participant();
            if was_on {
                self.outbox.send(self.sockets.of(whom), ServerMessage::Stopped { source });
            }
            if was_on && source != Source::ScreenAudio {
                self.announce(Change::Updated { participant }, None);
            }
        }
    }

    /// Nobody sends what they may not (any more): screens stop, and a microphone that its owner may
    /// not turn on is held while it is off.
    pub(crate) fn enforce_permissions(&mut self) {
        let Permissions { share, unmute, .. } = self.meeting.moderation.permissions;
        if share && unmute {
            return;
        }
        let shares = |member: &Member| !share && member.screen;
        let could_unmute =
            |member: &Member| !unmute && !member.microphone && !member.held.contains(&Source::Microphone);
        let people = self.roster.members().filter(|member| !member.leads());
        let people = people.map(|member| (member.id, shares(member), could_unmute(member)));
        for (id, shares, could_unmute) in people.filter(|(_, shares, unmute)| *shares || *unmute).collect::<Vec<_>>() {
            if shares {
                self.stop(id, Source::Screen);
            }
            if could_unmute {
                self.stop(id, Source::Microphone);
            }
        }
    }

    /// Tells regions what may be published otherwise than they know.
    pub(crate) fn grant(&mut self) {
        let permissions = self.meeting.moderation.permissions;
        let is_told_otherwise = |member: &Member| {
            let session = member.session.as_ref();
            session.is_some_and(|session| !member.publishable(permissions).eq(session.publish.iter().copied()))
        };
        let otherwise = self.roster.members().filter(|member| is_told_otherwise(member));
        for id in otherwise.map(|member| member.id).collect::<Vec<_>>() {
            self.grant_to(id);
        }
    }

    /// A region opened a session. What was permitted with it may be outdated by now, or, after a loss of
    /// memory, unknown.
    pub(crate) fn session_opened(&mut self, id: ParticipantId, epoch: u64, publish: Option<Vec<Source>>) {
        let is_known = publish.is_some();
        let Some(member) = self.roster.find(id) else {
            return;
        };
        let is_known_to_be_open = member.session.as_ref().is_some_and(|session| session.epoch == epoch);
        // Nobody carries those who are being fetched from where they stayed behind.
        if is_known_to_be_open || member.placement.is_none() {
            return;
        }
        if let Some(member) = self.roster.change(id) {
            member.session =
                Some(OpenedSession { epoch, grant: 0, publish: publish.unwrap_or_default(), silent: false });
        }
        if !is_known {
            self.grant_to(id);
        }
    }

    fn grant_to(&mut self, participant: ParticipantId) {
        let permissions = self.meeting.moderation.permissions;
        let Some(member) = self.roster.change(participant) else {
            return;
        };
        let publish: Vec<_> = member.publishable(permissions).collect();
        if let (Some(session), Some(placement)) = (&mut member.session, &member.placement) {
            session.grant = session.grant.saturating_add(1);
            session.publish.clone_from(&publish);
            let (placement, epoch, grant) = (placement.clone(), session.epoch, session.grant);
            self.outbox.act(Output::Grant { placement, participant, epoch, grant, publish });
        }
    }
}
