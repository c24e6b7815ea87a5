//! What carries a session's media: a transport of WebRTC, or a WebSocket.

use std::time::Instant;

use str0m::{
    channel::ChannelId,
    media::{Mid, Rid},
    rtp::Ssrc,
    stats::PeerStats,
};

use crate::{
    bridge::{self, Bridge, Said},
    codec::{PayloadTypes, VideoCodecs},
    connection::{Connection, SendStream, Step},
    fragments::Meaning,
    outgoing::Outgoing,
    path::Path,
    sound::Sealed,
};

/// The carrier of one session.
#[derive(Debug)]
pub(crate) enum Carrier {
    /// WebRTC.
    Peer(Box<Connection>),
    /// A WebSocket.
    Socket(Box<Bridge>),
}

/// Where requests and events go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// A data channel.
    Data(ChannelId),
    /// The WebSocket itself.
    Socket,
}

impl Carrier {
    /// What a browser names it by: the user fragment, or the ticket.
    pub(crate) fn fragment(&self) -> &str {
        match self {
            Self::Peer(connection) => connection.fragment(),
            Self::Socket(bridge) => bridge.ticket(),
        }
    }

    /// The payload types of its packets.
    pub(crate) fn types(&self) -> PayloadTypes {
        match self {
            Self::Peer(connection) => PayloadTypes::negotiated(connection.rtc()),
            Self::Socket(_) => bridge::types(),
        }
    }

    /// The codecs of pictures of a section; nothing when it carries nothing that is forwarded.
    pub(crate) fn codecs(&self, section: Mid, types: &PayloadTypes) -> Option<VideoCodecs> {
        match self {
            Self::Peer(connection) => {
                let media = connection.agreed(section).filter(|media| !media.remote_pts().is_empty());
                media.map(|media| VideoCodecs::negotiated(media, types))
            }
            Self::Socket(_) => Some(bridge::codecs()),
        }
    }

    /// The stream to send on in a section; see [`Connection::set_aside`].
    pub(crate) fn set_aside(&mut self, section: Mid) -> Option<SendStream> {
        match self {
            Self::Peer(connection) => connection.set_aside(section),
            Self::Socket(bridge) => bridge.stream(section),
        }
    }

    /// The section and encoding that a stream from the browser belongs to.
    pub(crate) fn names(&mut self, stream: Ssrc) -> Option<(Mid, Option<Rid>)> {
        match self {
            Self::Peer(connection) => connection
                .guarded(|rtc| rtc.direct_api().stream_rx(&stream).map(|receiving| (receiving.mid(), receiving.rid())))
                .flatten(),
            Self::Socket(bridge) => bridge.section_of(stream).map(|mid| (mid, None)),
        }
    }

    /// See [`Connection::vouches_for`].
    pub(crate) fn vouches_for(&mut self, datagram: &[u8]) -> bool {
        match self {
            Self::Peer(connection) => connection.vouches_for(datagram),
            Self::Socket(_) => false,
        }
    }

    /// See [`Connection::meaning`].
    pub(crate) fn meaning(&self, fragment: &str) -> Meaning {
        match self {
            Self::Peer(connection) => connection.meaning(fragment),
            Self::Socket(_) => Meaning::Void,
        }
    }

    /// See [`Connection::restart`].
    pub(crate) fn restart(&mut self, fragment: &str, set_aside: &[SendStream]) -> bool {
        match self {
            Self::Peer(connection) => connection.restart(fragment, set_aside),
            Self::Socket(_) => false,
        }
    }

    /// Takes a datagram in. Drain afterwards.
    pub(crate) fn receive(&mut self, now: Instant, path: Path, datagram: &[u8]) {
        if let Self::Peer(connection) = self {
            connection.receive(now, path, datagram);
        }
    }

    /// Its WebSocket, when it is one.
    pub(crate) fn bridge(&mut self) -> Option<&mut Bridge> {
        match self {
            Self::Peer(_) => None,
            Self::Socket(bridge) => Some(bridge),
        }
    }

    /// Lets time pass. Drain afterwards.
    pub(crate) fn advance(&mut self, now: Instant) {
        match self {
            Self::Peer(connection) => connection.advance(now),
            Self::Socket(bridge) => bridge.advance(now),
        }
    }

    /// The next thing it has to say.
    pub(crate) fn poll(&mut self, idle_until: Instant) -> Step {
        match self {
            Self::Peer(connection) => connection.poll(),
            Self::Socket(bridge) => match bridge.poll() {
                Some(Said::Message(path, urgency, message)) => Step::Message(path, urgency, message),
                Some(Said::Estimate(bits)) => Step::Estimate(bits),
                Some(Said::Broken(section)) => Step::Broken(section),
                None => Step::Idle(bridge.due().unwrap_or(idle_until)),
            },
        }
    }

    /// See [`Connection::asks_after_packet`].
    pub(crate) fn asks_after_packet(&self) -> bool {
        matches!(self, Self::Peer(connection) if connection.asks_after_packet())
    }

    /// Queues a packet.
    pub(crate) fn write(&mut self, now: Instant, stream: Ssrc, packet: Outgoing) -> bool {
        match self {
            Self::Peer(connection) => connection.write(stream, packet.into()),
            Self::Socket(bridge) => bridge.write(now, stream, packet),
        }
    }

    /// See [`Connection::has_way_for_sound`].
    pub(crate) fn has_way_for_sound(&mut self) -> bool {
        match self {
            Self::Peer(connection) => connection.has_way_for_sound(),
            Self::Socket(_) => false,
        }
    }

    /// See [`Connection::seal`].
    pub(crate) fn seal(&mut self, now: Instant, stream: SendStream, packet: &Outgoing) -> Option<Sealed> {
        match self {
            Self::Peer(connection) => connection.seal(now, stream, packet),
            Self::Socket(_) => None,
        }
    }

    /// See [`Connection::report`].
    pub(crate) fn report(&mut self, now: Instant, stream: SendStream, packet: &Outgoing) -> Option<Vec<u8>> {
        match self {
            Self::Peer(connection) => connection.report(now, stream, packet),
            Self::Socket(_) => None,
        }
    }

    /// Asks the browser for a keyframe.
    pub(crate) fn request_keyframe(&mut self, stream: Ssrc) -> bool {
        match self {
            Self::Peer(connection) => connection.request_keyframe(stream),
            Self::Socket(bridge) => bridge.request_keyframe(stream),
        }
    }

    /// See [`Connection::begin`].
    pub(crate) fn begin(&mut self, stream: SendStream, paced: bool) {
        if let Self::Peer(connection) = self {
            connection.begin(stream, paced);
        }
    }

    /// What was sent on a stream does not go on.
    pub(crate) fn forget(&mut self, stream: Ssrc, paced: bool) {
        match self {
            Self::Peer(connection) => connection.forget(stream, paced),
            Self::Socket(bridge) => bridge.stop(stream),
        }
    }

    /// More waits for it than goes out, or that is over.
    pub(crate) fn congested(&mut self, now: Instant, is_congested: bool) {
        if let Self::Socket(bridge) = self {
            bridge.congested(now, is_congested);
        }
    }

    /// See [`Connection::measured`].
    pub(crate) fn measured(&mut self, now: Instant, measured: &PeerStats) -> bool {
        match self {
            Self::Peer(connection) => connection.measured(now, measured),
            Self::Socket(_) => false,
        }
    }

    /// Forgets what was sent on a stream, which goes on: what comes is kept for as long as it now is.
    pub(crate) fn keep_anew(&mut self, stream: Ssrc) {
        if let Self::Peer(connection) = self {
            connection.forget(stream, false);
        }
    }

    /// See [`Connection::measure_anew`].
    pub(crate) fn measure_anew(&mut self) -> bool {
        match self {
            Self::Peer(connection) => connection.measure_anew(),
            Self::Socket(_) => false,
        }
    }

    /// See [`Connection::aim_for`].
    pub(crate) fn aim_for(&mut self, least: u64, wanted: u64) {
        if let Self::Peer(connection) = self {
            connection.aim_for(least, wanted);
        }
    }

    /// Says something that is no media; false when it cannot be said now.
    pub(crate) fn say(&mut self, channel: Channel, text: &str) -> bool {
        match (self, channel) {
            (Self::Peer(connection), Channel::Data(channel)) => connection.say(channel, text),
            (Self::Socket(bridge), Channel::Socket) => bridge.say(text),
            _ => false,
        }
    }

    /// Begins to close. Drain afterwards, then drop it.
    pub(crate) fn close(&mut self) {
        match self {
            Self::Peer(connection) => connection.close(),
            Self::Socket(bridge) => bridge.close(),
        }
    }
}
