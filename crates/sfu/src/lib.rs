//! The forwarder over str0m: who gets which packets.
//!
//! An [`Engine`] carries the media sessions of whole rooms on one UDP port. It decides and does no
//! I/O: the driver hands it one [`Input`] with [`Engine::handle`], then drains
//! [`Engine::poll_output`], then asks [`Engine::next_deadline`]. Time is an argument.
//!
//! A room may span engines that are linked ([`Input::Link`]): each tells the others what its people
//! publish, and carries over what somebody there listens to, once ([`Output::Relay`]).
//!
//! One datagram in leads to no timer work: the driver ends each batch of datagrams with
//! [`Input::Tick`], and only then are the touched sessions advanced and their packets released.

mod alike;
mod allocation;
mod assembling;
mod assignment;
mod av1;
mod bandwidth;
mod bridge;
mod carrier;
mod codec;
mod common_codecs;
mod connection;
mod control;
mod engine;
mod epochs;
mod fragments;
pub mod framing;
mod h264;
mod histogram;
mod ingress;
mod keeping;
mod keyframe;
mod keying;
mod layer;
mod liveness;
mod losses;
mod loudness;
mod numbering;
mod offer;
mod outgoing;
mod outstanding;
mod packet;
mod path;
mod picture;
pub mod piece;
mod pressure;
mod probe;
mod quality;
mod rate;
mod relay;
mod repairs;
mod room;
mod session;
mod slot;
mod sound;
mod srtp;
pub mod stun;
mod track;
mod vp8;
mod vp9;
pub mod websocket;

use std::net::SocketAddr;

use protocol::{
    id::{ParticipantId, RoomId},
    media::Source,
    region::{ProbeAnswer, SessionAnswer, SessionEvent},
    signal::MediaOffer,
};

pub use engine::Engine;
pub use histogram::Histogram;
pub use path::{addressee, bearer};
pub use picture::starts_keyframe;
pub use relay::{EngineId, RelayMessage};

/// What an engine must know of its surroundings.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address in the candidates of every answer, and the destination of every datagram in,
    /// whatever the socket is bound to.
    pub advertised: SocketAddr,
    /// The same for TCP connections (RFC 6544), which browsers make; none where they are not taken.
    pub advertised_tcp: Option<SocketAddr>,
    /// Where browsers open a WebSocket for media; none where they are not taken.
    pub socket_url: Option<String>,
    /// Which of the engines behind one TCP listener it is; [`addressee`] finds it again.
    pub number: u16,
    /// Media sessions that it takes.
    pub capacity: usize,
    /// People of one room here with whom the room is large: sound goes past their transports then.
    pub large_room: usize,
}

/// What [`Config::large_room`] is where nobody says otherwise. From about there on most of what is sent are
/// voices.
pub const LARGE_ROOM: usize = 30;

/// Names a request of the driver in its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId(pub u64);

/// Opens a media session.
#[derive(Debug, Clone)]
pub struct Open {
    /// The room.
    pub room: RoomId,
    /// Who.
    pub participant: ParticipantId,
    /// Which session of theirs; it replaces every lower one.
    pub epoch: u64,
    /// What they may publish, until [`Input::Grant`] says otherwise; other tracks of the offer are
    /// received and dropped.
    pub publish: Vec<Source>,
    /// The browser's offer.
    pub offer: MediaOffer,
}

/// Why a session was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The description cannot be answered; the text says why.
    #[error("offer rejected: {0}")]
    Offer(String),
    /// This session number, or a higher one, was opened already.
    #[error("the session number is not new")]
    Stale,
    /// The engine has as many sessions as it takes.
    #[error("no capacity left")]
    Full,
}

/// One thing that happens to an engine.
#[derive(Debug)]
pub enum Input<'a> {
    /// Open a session; answered by [`Output::Opened`].
    Open(RequestId, Box<Open>),
    /// Let a browser that has no session find out which ways lead here; answered by [`Output::Probing`].
    Probe(RequestId),
    /// Close the sessions of a participant up to this number. None of them opens any more, also when it
    /// was not open yet.
    Close {
        /// The room.
        room: RoomId,
        /// Who.
        participant: ParticipantId,
        /// Up to which session of theirs.
        epoch: u64,
    },
    /// What a session may publish from now on. Packets of everything else are dropped, its tracks
    /// leave the slots of others, and it is nobody's speaker. An older `grant` changes nothing, nor does
    /// one for a session that is not open: the edge grants once it knows the answer to its offer.
    Grant {
        /// The room.
        room: RoomId,
        /// Who.
        participant: ParticipantId,
        /// Which session of theirs.
        epoch: u64,
        /// Counts up within the session.
        grant: u64,
        /// What may be published.
        publish: Vec<Source>,
    },
    /// A datagram came.
    Datagram {
        /// From where.
        source: SocketAddr,
        /// Its bytes; anything.
        contents: &'a [u8],
    },
    /// A frame came on a TCP connection (RFC 4571), which its other end names. A connection whose frame
    /// belongs to nobody is answered with [`Output::Disconnect`].
    Frame {
        /// From where.
        source: SocketAddr,
        /// Its bytes; anything.
        contents: &'a [u8],
    },
    /// Something is known of a TCP connection.
    Tcp {
        /// The other end of it.
        peer: SocketAddr,
        /// Whether it is a WebSocket.
        is_socket: bool,
        /// What.
        state: TcpState,
    },
    /// A WebSocket was opened, with this ticket. A wrong one is answered with [`Output::Disconnect`].
    Socket {
        /// Its other end.
        peer: SocketAddr,
        /// As the answer to the offer named it.
        ticket: &'a str,
    },
    /// A message came on a WebSocket.
    Message {
        /// Its other end.
        peer: SocketAddr,
        /// What came.
        message: websocket::Message<'a>,
    },
    /// Another engine can be reached from now on with [`Output::Relay`]. Both ends are told, and what
    /// the link lost before is told anew.
    Link {
        /// What the other calls this engine.
        own: EngineId,
        /// The other.
        peer: EngineId,
    },
    /// An engine can be reached no longer. What its people publish is gone until it is linked again.
    Unlink {
        /// Which.
        peer: EngineId,
    },
    /// A linked engine said something.
    Relayed {
        /// Which.
        peer: EngineId,
        /// What.
        message: RelayMessage,
    },
    /// A batch of datagrams ended, or the deadline passed.
    Tick,
}

/// What the driver knows of a TCP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TcpState {
    /// What waits for it is older than a picture may be, and the pictures of that were dropped. No more
    /// go to it until it is [`TcpState::Clear`].
    Congested,
    /// Nothing waits for it any more. Pictures begin anew, with keyframes.
    Clear,
    /// It is gone.
    Closed,
}

/// How long a frame may wait for its TCP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Sound, and what keeps the session up: goes before pictures, and is dropped last.
    Prompt,
    /// Pictures, and repairs of them: of no use when late.
    Picture,
}

/// One thing that the driver carries out, in order.
#[derive(Debug)]
pub enum Output {
    /// Send a datagram.
    Transmit {
        /// To where. Runs of the same destination and length are worth sending as one.
        destination: SocketAddr,
        /// Its bytes.
        contents: Vec<u8>,
    },
    /// Send a frame on a TCP connection (RFC 4571), or a message on a WebSocket; nowhere when it is gone.
    Frame {
        /// The other end of the connection.
        destination: SocketAddr,
        /// Whether it is a message for a WebSocket, with all that goes before it.
        is_message: bool,
        /// How long it may wait.
        urgency: Urgency,
        /// Its bytes, without the length.
        contents: Vec<u8>,
    },
    /// Close a TCP connection once what waits for it was sent: it belongs to nobody, or no longer.
    Disconnect {
        /// The other end of it.
        peer: SocketAddr,
        /// Whether it is a WebSocket.
        is_socket: bool,
    },
    /// What came of [`Input::Open`].
    Opened(RequestId, Result<SessionAnswer, OpenError>),
    /// What came of [`Input::Probe`].
    Probing(RequestId, ProbeAnswer),
    /// Tell the edge.
    Event(SessionEvent),
    /// Tell a linked engine. What cannot be sent at once may be dropped if [`RelayMessage::is_packet`].
    Relay {
        /// Which.
        peer: EngineId,
        /// What.
        message: RelayMessage,
    },
}

/// How far an engine is. What an input began is done once as much is done as was begun after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// What was begun since its start.
    pub begun: u64,
    /// How much of that is done.
    pub done: u64,
}

/// Counters of an engine since its start, for `/metrics`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Media sessions now.
    pub sessions: u64,
    /// Rooms now.
    pub rooms: u64,
    /// Linked engines that have people of the same rooms now, for each room.
    pub room_links: u64,
    /// Datagrams in.
    pub datagrams_in: u64,
    /// Bytes in.
    pub bytes_in: u64,
    /// Datagrams that belong to no session.
    pub datagrams_unmatched: u64,
    /// Datagrams of a session above what one may send, or of more streams than one may have.
    pub datagrams_limited: u64,
    /// Connectivity checks of browsers without a session that were answered.
    pub probes_answered: u64,
    /// Times that a browser began ICE anew, in a session that went on.
    pub ice_restarts: u64,
    /// Datagrams out.
    pub datagrams_out: u64,
    /// Bytes out.
    pub bytes_out: u64,
    /// Messages in, on WebSockets.
    pub messages_in: u64,
    /// Messages out, on WebSockets.
    pub messages_out: u64,
    /// WebSockets without a good ticket.
    pub sockets_refused: u64,
    /// RTP packets received from publishers.
    pub rtp_in: u64,
    /// RTP packets written to subscribers.
    pub rtp_forwarded: u64,
    /// The same by what they carry.
    pub forwarded: ByKind,
    /// Those of them that are sound and went past the transport of who hears it.
    pub sound_aside: u64,
    /// RTP packets dropped: no permission, no slot, waiting for a keyframe.
    pub rtp_dropped: u64,
    /// Those of them that are of no track that was offered.
    pub rtp_unknown: u64,
    /// Those of them that belong to a source which may not be published.
    pub rtp_withheld: u64,
    /// Those of them that were more than their track may send.
    pub rtp_limited: u64,
    /// Those of them whose payload is not what its type says.
    pub rtp_malformed: u64,
    /// Those of them that nobody listens to, here or on a linked engine.
    pub rtp_unwanted: u64,
    /// Those of them that one of the listeners could not take yet: it waits for a keyframe or for another
    /// layer, was not told yet, is not connected, or gets fewer temporal layers. Counted for each.
    pub rtp_held: u64,
    /// RTP packets taken from linked engines.
    pub relay_packets_in: u64,
    /// RTP packets handed to linked engines.
    pub relay_packets_out: u64,
    /// Lost packets that subscribers asked for (NACK), by message; learned with a delay of seconds.
    pub nacks_received: u64,
    /// Messages that asked publishers for lost packets; learned with a delay of seconds.
    pub nacks_sent: u64,
    /// Keyframe requests from subscribers.
    pub keyframe_requests_received: u64,
    /// Grants taken.
    pub grants: u64,
    /// Grants that changed nothing: older than one taken, or for a session that is not open.
    pub grants_ignored: u64,
    /// Times that a slot began to carry another layer, or anything after nothing.
    pub layer_switches: u64,
    /// Keyframe requests sent to publishers.
    pub keyframe_requests_sent: u64,
    /// Keyframe requests answered by one already under way.
    pub keyframe_requests_coalesced: u64,
    /// What networks to subscribers were found to carry, in bits a second, each time one was measured.
    pub estimates: Estimates,
}

/// Estimates by their upper bound in bits a second.
pub type Estimates = Histogram<10>;

impl Default for Estimates {
    fn default() -> Self {
        Self::new(&[
            50_000, 100_000, 200_000, 400_000, 800_000, 1_600_000, 3_200_000, 6_400_000, 12_800_000, 25_600_000,
        ])
    }
}

/// Packets by what they carry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ByKind {
    /// Voices, and the sound of screens.
    pub audio: u64,
    /// Cameras.
    pub camera: u64,
    /// Screens.
    pub screen: u64,
}

impl ByKind {
    fn count(&mut self, source: Source) {
        let count = match source {
            Source::Microphone | Source::ScreenAudio => &mut self.audio,
            Source::Camera => &mut self.camera,
            Source::Screen => &mut self.screen,
        };
        *count += 1;
    }
}

/// Why a packet goes no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dropped {
    Unknown,
    Withheld,
    Limited,
    Malformed,
    Unwanted,
    Held,
}

impl Counters {
    fn dropped(&mut self, why: Dropped) {
        self.rtp_dropped += 1;
        let count = match why {
            Dropped::Unknown => &mut self.rtp_unknown,
            Dropped::Withheld => &mut self.rtp_withheld,
            Dropped::Limited => &mut self.rtp_limited,
            Dropped::Malformed => &mut self.rtp_malformed,
            Dropped::Unwanted => &mut self.rtp_unwanted,
            Dropped::Held => &mut self.rtp_held,
        };
        *count += 1;
    }
}

/// Whether a datagram is an RTP packet (RFC 7983 §7, RFC 5761 §4).
#[must_use]
pub fn is_media(datagram: &[u8]) -> bool {
    packet::stream(datagram).is_some()
}

slotmap::new_key_type! {
    /// Names a session within the engine, and never another after it.
    struct SessionKey;
    /// Names a room within the engine, and never another after it.
    struct RoomKey;
}
