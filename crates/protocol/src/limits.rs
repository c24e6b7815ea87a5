//! Every bound in one place. Documents, tests and both ends read these.

/// Characters in a person's name, after trimming.
pub const NAME_CHARS: usize = 64;
/// Characters in a meeting's title, after trimming.
pub const TITLE_CHARS: usize = 120;
/// Characters in one chat message, after trimming.
pub const CHAT_CHARS: usize = 2_000;
/// Bytes in an e-mail address (RFC 5321 §4.5.3.1.3).
pub const EMAIL_BYTES: usize = 254;
/// Fewest characters in a password.
pub const PASSWORD_CHARS_LEAST: usize = 8;
/// Most characters in a password.
pub const PASSWORD_CHARS: usize = 128;
/// Bytes in a profile picture, as a `data:` URL.
pub const PICTURE_BYTES: usize = 12 * 1024;
/// Addresses that one meeting invites.
pub const INVITATIONS: usize = 100;
/// Longest scheduled meeting, in minutes.
pub const DURATION_MINUTES: u32 = 24 * 60;
/// How far ahead a meeting can be scheduled, in days.
pub const SCHEDULE_DAYS: u64 = 2 * 366;
/// People who wait to be let in.
pub const WAITING_PEOPLE: usize = 100;
/// Devices that are signed in to one account; the one not used for longest makes room.
pub const SESSIONS: usize = 20;
/// Meetings in an account's index; those over for longest make room.
pub const MEETINGS: usize = 200;
/// Seconds that an access token is good for.
pub const ACCESS_SECONDS: u64 = 10 * 60;
/// Days that a device stays signed in without being used.
pub const SESSION_DAYS: u64 = 30;
/// Bytes in a session description. A client's offer with every slot is about 90 kB, and so is its answer.
pub const SDP_BYTES: usize = 112 * 1024;
/// `m=` lines in an offer: sends, slots and the data channel.
pub const SDP_MEDIA_LINES: usize = 64;
/// Bytes in one message on the room's socket, either direction counted as UTF-8.
pub const SOCKET_MESSAGE_BYTES: usize = 128 * 1024;
/// Bytes in one message on the `control` data channel.
pub const DATA_CHANNEL_MESSAGE_BYTES: usize = 16 * 1024;
/// Bytes in the body of a REST request.
pub const REST_BODY_BYTES: usize = 16 * 1024;
/// Bytes in the body of a request between edge and region.
pub const REGION_BODY_BYTES: usize = 256 * 1024;
/// People in one room.
pub const ROOM_PARTICIPANTS: usize = 500;
/// Chat messages that a room keeps and a joiner receives.
pub const CHAT_HISTORY: usize = 200;
/// Receive slots for audio that a client may offer.
pub const AUDIO_SLOTS: usize = 8;
/// Receive slots for video that a client may offer.
pub const VIDEO_SLOTS: usize = 49;
/// Tiles that one set of wishes may name.
pub const WISHES: usize = 64;
/// Tracks that one participant may publish.
pub const TRACKS: usize = 4;
/// Seconds that a ticket for a region is good for.
pub const TICKET_SECONDS: u64 = 60;
/// Seconds for which a region answers the connectivity checks of a browser that has not joined.
pub const PROBE_SECONDS: u32 = 15;
/// Addresses that a region names to it.
pub const PROBE_CANDIDATES: usize = 8;
/// Bytes of each text about a probe.
pub const PROBE_TEXT_BYTES: usize = 256;
/// Seconds that a seat token is good for.
pub const SEAT_SECONDS: u64 = 24 * 60 * 60;
/// Tokens of a meeting for programs that publish into it or watch it.
pub const STREAMS: usize = 20;
/// Seconds that such a token is good for, at most and where nobody says.
pub const STREAM_SECONDS: u32 = 24 * 60 * 60;
/// Bytes in the description that such a program offers; theirs have a few sections.
pub const STREAM_SDP_BYTES: usize = 32 * 1024;
/// Seconds between two reports of a region instance to the edge.
pub const REPORT_SECONDS: u64 = 3;
/// Seconds without a report after which an instance counts as gone.
pub const REPORT_EXPIRY_SECONDS: u64 = 12;
/// Seconds that the credentials of a relay (TURN) are good for.
pub const ICE_SECONDS: u32 = 4 * 60 * 60;
/// Relays that a browser is told of, and addresses of each.
pub const ICE_SERVERS: usize = 8;
/// Bytes of each text about a relay.
pub const ICE_TEXT_BYTES: usize = 512;
