// Generated from crates/protocol by `cargo xtask codegen`. Do not edit.

export type ErrorCode = "invalid_request" | "too_large" | "not_found" | "method_not_allowed" | "unauthorized" | "forbidden" | "invalid_credentials" | "email_not_verified" | "invalid_token" | "origin_not_allowed" | "room_not_found" | "room_ended" | "room_locked" | "room_full" | "not_invited" | "banned" | "guest_meetings_off" | "not_joined" | "already_joined" | "host_only" | "rate_limited" | "region_unavailable" | "offer_rejected" | "internal";
export type Problem = { 
/**
 * Always `about:blank`: [`Problem::code`] tells problems apart.
 */
type: string, 
/**
 * One sentence for a developer.
 */
title: string, 
/**
 * The HTTP status.
 */
status: number, 
/**
 * The stable code.
 */
code: ErrorCode, 
/**
 * What is wrong with each field, by field name; only for `invalid_request`.
 */
errors?: { [key in string]: string }, };
export type ParticipantId = string;
export type ChatId = string;
export type RoomId = string;
export type RoomCode = string;
export type AccountId = string;
export type SessionId = string;
export type CallId = string;
export type InstanceId = string;
export type RegionName = string;
export type Mid = string;
export type Rid = string;
export type DisplayName = string;
export type Title = string;
export type ChatText = string;
export type EmailAddress = string;
export type Sdp = string;
export type TimeZone = string;
export type Locale = string;
export type Color = string;
export type Picture = string;
export type Token = string;
export type NewPassword = string;
export type Password = string;
export type Moment = number;
export type RoomKind = "public" | "private" | "team";
export type RoomPhase = "created" | "waiting" | "active" | "expired" | "destroyed";
export type CreateRoom = { 
/**
 * What the meeting is about; "Meeting" when absent.
 */
title?: Title, 
/**
 * Public when absent.
 */
kind?: RoomKind, 
/**
 * When it begins; an instant meeting when absent. At most
 * [`crate::limits::SCHEDULE_DAYS`] ahead.
 */
starts_at?: Moment, 
/**
 * 1 to [`crate::limits::DURATION_MINUTES`]; 60 when absent. Only with `starts_at`.
 */
duration_minutes?: number, 
/**
 * The zone that the organiser thinks in; UTC when absent.
 */
time_zone?: TimeZone, 
/**
 * Who is invited by mail; at most [`crate::limits::INVITATIONS`].
 */
invite?: Array<EmailAddress>, 
/**
 * Who else leads the meeting, by proven address; they are invited too.
 */
cohosts?: Array<EmailAddress>, };
export type ChangeRoom = { 
/**
 * What it is about.
 */
title?: Title, 
/**
 * Who walks in.
 */
kind?: RoomKind, 
/**
 * When it begins.
 */
starts_at?: Moment, 
/**
 * As in [`CreateRoom`].
 */
duration_minutes?: number, 
/**
 * As in [`CreateRoom`].
 */
time_zone?: TimeZone, 
/**
 * More people to invite.
 */
invite?: Array<EmailAddress>, 
/**
 * People whose invitation is taken back; they get a cancellation.
 */
uninvite?: Array<EmailAddress>, 
/**
 * All co-hosts from now on.
 */
cohosts?: Array<EmailAddress>, 
/**
 * `true` ends the meeting for everyone.
 */
end?: boolean, };
export type Relation = "owner" | "cohost" | "invited" | "attended";
export type Delivery = "sending" | "sent" | "failed";
export type Invitation = { 
/**
 * Whom.
 */
email: EmailAddress, 
/**
 * Leads the meeting too.
 */
cohost: boolean, 
/**
 * Where the last mail about it is.
 */
delivery: Delivery, };
export type Admission = "walk" | "ask";
export type RoomDetails = { 
/**
 * For the API.
 */
id: RoomId, 
/**
 * For people. Absent for those who have only the id.
 */
code?: RoomCode, 
/**
 * `https://…/m/{code}`. Absent for those who have only the id.
 */
link?: string, 
/**
 * What it is about.
 */
title: Title, 
/**
 * Who walks in.
 */
kind: RoomKind, 
/**
 * Where it is in its life.
 */
phase: RoomPhase, 
/**
 * People in it now.
 */
participants: number, 
/**
 * When it was made.
 */
created_at: number, 
/**
 * When it is planned for; absent for an instant meeting.
 */
starts_at?: number, 
/**
 * How long it is planned to take; with `starts_at`.
 */
duration_minutes?: number, 
/**
 * The zone that its organiser thinks in; UTC when absent.
 */
time_zone?: TimeZone, 
/**
 * When it was over.
 */
ended_at?: number, 
/**
 * Who made it, where that was somebody with an account.
 */
host_name?: DisplayName, 
/**
 * What the person who asks is to it; absent for strangers.
 */
relation?: Relation, 
/**
 * Who is invited; only for hosts.
 */
invitations?: Array<Invitation>, };
export type CreatedRoom = { 
/**
 * The meeting.
 */
room: RoomDetails, 
/**
 * Makes whoever shows it on joining a host; only for meetings made without signing in.
 */
host_secret?: string, };
export type TakeSeat = { 
/**
 * A code or a link that ends in one.
 */
code: string, 
/**
 * A guest's name; may follow with the message `join`. Signed-in people have their own.
 */
name?: DisplayName, 
/**
 * A guest's address, when given: shown to the hosts whom they ask, and proves nothing.
 */
email?: EmailAddress, 
/**
 * From [`CreatedRoom::host_secret`].
 */
host_secret?: string, };
export type IceServer = { 
/**
 * `stun:` and `turn:` URLs.
 */
urls: Array<string>, 
/**
 * For TURN.
 */
username?: string, 
/**
 * For TURN.
 */
credential?: string, };
export type IceServers = { 
/**
 * For `RTCPeerConnection.setConfiguration`, in place of those before.
 */
ice_servers: Array<IceServer>, 
/**
 * Seconds after which to ask again; absent where there are none.
 */
ice_seconds?: number, };
export type ProbeAnswer = { 
/**
 * Its user fragment.
 */
ufrag: string, 
/**
 * The password that checks are made with.
 */
password: string, 
/**
 * Where it is, each as `RTCIceCandidate.candidate` (RFC 8839 §5.1).
 */
candidates: Array<string>, };
export type Probe = { 
/**
 * The region that would carry it, or one near to that.
 */
region: RegionName, 
/**
 * What answers there.
 */
answer: ProbeAnswer, };
export type StreamKind = "publish" | "watch";
export type MakeStream = { 
/**
 * What for.
 */
kind: StreamKind, 
/**
 * How people in the meeting see whoever comes with it.
 */
name: DisplayName, 
/**
 * How long it is good for, 60 to [`crate::limits::STREAM_SECONDS`]; that long when absent.
 */
seconds?: number, };
export type Stream = { 
/**
 * Who comes with it: their id in the meeting too.
 */
id: ParticipantId, 
/**
 * What for.
 */
kind: StreamKind, 
/**
 * Their name in the meeting.
 */
name: DisplayName, 
/**
 * When it ends, and whoever came with it goes.
 */
expires_at: number, };
export type StreamAccess = { 
/**
 * What it is for.
 */
stream: Stream, 
/**
 * The endpoint: `https://…/api/rooms/{id}/whip` or `…/whep`.
 */
url: string, 
/**
 * For `Authorization: Bearer` there.
 */
token: string, };
export type Streams = { 
/**
 * The tokens that are good now, oldest first; at most [`crate::limits::STREAMS`].
 */
streams: Array<Stream>, };
export type Seat = { 
/**
 * Opens the room's socket (see [`crate::signal::subprotocol`]), again after every loss.
 */
seat: string, 
/**
 * The meeting.
 */
room: RoomDetails, 
/**
 * Whether its holder walks in.
 */
admission: Admission, 
/**
 * `wss://…/api/rooms/{id}/signal`.
 */
signal_url: string, 
/**
 * For `RTCPeerConnection`.
 */
ice_servers: Array<IceServer>, 
/**
 * Seconds after which to ask for others (`POST /api/rooms/{id}/ice`); absent where there are none.
 */
ice_seconds?: number, 
/**
 * Names the network that the person is in, so that their browser knows it again: a keyed hash of the
 * first bits of their address (24 of IPv4, 48 of IPv6). Absent where the address is not known.
 */
network?: string, };
export type RegionHealth = { 
/**
 * Which process.
 */
instance: InstanceId, 
/**
 * Where.
 */
region: RegionName, 
/**
 * Answered its control port to the edge just now.
 */
reachable: boolean, 
/**
 * Takes no new rooms.
 */
draining: boolean, 
/**
 * Participants connected, from its last report.
 */
participants: number, 
/**
 * Since its last report.
 */
report_age_ms: number, };
export type Health = { 
/**
 * A region is alive and takes calls.
 */
ready: boolean, 
/**
 * Build of the edge.
 */
build: string, 
/**
 * The region instances it knows.
 */
regions: Array<RegionHealth>, };
export type Register = { 
/**
 * How others will see the person.
 */
name: DisplayName, 
/**
 * Where the verification link goes.
 */
email: EmailAddress, 
/**
 * For signing in.
 */
password: NewPassword, };
export type MailSent = { 
/**
 * The address that was given, as it is kept.
 */
email: EmailAddress, };
export type Verify = { 
/**
 * From the link's fragment.
 */
token: Token, };
export type MailWanted = { 
/**
 * Whose.
 */
email: EmailAddress, };
export type Login = { 
/**
 * Whose account.
 */
email: EmailAddress, 
/**
 * Its password.
 */
password: Password, };
export type ResetPassword = { 
/**
 * From the link's fragment.
 */
token: Token, 
/**
 * The new password.
 */
password: NewPassword, };
export type SignedIn = { 
/**
 * JWT for `Authorization: Bearer`.
 */
access_token: string, 
/**
 * Seconds that it is good for.
 */
expires_in: number, 
/**
 * Who is signed in.
 */
user: User, };
export type Provider = "google" | "github";
export type Providers = { 
/**
 * Those that are configured.
 */
providers: Array<Provider>, };
export type LinkProvider = { 
/**
 * From the fragment of the sign-in page that the provider's sign-in led to.
 */
token: Token, };
export type User = { 
/**
 * For the API.
 */
id: AccountId, 
/**
 * How others see them.
 */
name: DisplayName, 
/**
 * Proven.
 */
email: EmailAddress, 
/**
 * Behind their initials.
 */
color: Color, 
/**
 * Instead of their initials.
 */
picture?: Picture, 
/**
 * The language they chose.
 */
locale?: Locale, 
/**
 * Whether they can sign in with a password.
 */
has_password: boolean, 
/**
 * What else they sign in with.
 */
providers: Array<Provider>, 
/**
 * When they signed up.
 */
created_at: number, };
export type ChangeProfile = { 
/**
 * How others see the person.
 */
name?: DisplayName, 
/**
 * Behind their initials.
 */
color?: Color, 
/**
 * Instead of their initials; `null` takes it away.
 */
picture?: Picture | null | null, 
/**
 * The language they chose.
 */
locale?: Locale, };
export type ChangePassword = { 
/**
 * The password until now; not for an account that has none yet.
 */
current?: Password, 
/**
 * The password from now on.
 */
password: NewPassword, };
export type Session = { 
/**
 * For `DELETE /api/users/sessions/{id}`.
 */
id: SessionId, 
/**
 * Browser and system in words, such as "Firefox on Linux".
 */
device: string, 
/**
 * When it signed in.
 */
created_at: number, 
/**
 * When it last took a new access token.
 */
used_at: number, 
/**
 * It is the one that asks.
 */
current: boolean, };
export type Sessions = { 
/**
 * The one used last comes first.
 */
sessions: Array<Session>, };
export type Meetings = { 
/**
 * Not over; the next one first, those without a schedule before it.
 */
upcoming: Array<RoomDetails>, 
/**
 * Over; the last one first.
 */
past: Array<RoomDetails>, };
export type CallSomeone = { 
/**
 * Whom.
 */
email: EmailAddress, };
export type IncomingCall = { 
/**
 * Which ringing.
 */
id: CallId, 
/**
 * Who rings.
 */
name: DisplayName, 
/**
 * Their proven address.
 */
email: EmailAddress, 
/**
 * Where they wait.
 */
room: RoomId, 
/**
 * The same for people.
 */
code: RoomCode, 
/**
 * When it began.
 */
since: number, 
/**
 * When it stops.
 */
until: number, };
export type HomeEvent = { "type": "meetings", 
/**
 * All of them.
 */
meetings: Meetings, } | { "type": "live", 
/**
 * Which.
 */
room: RoomId, 
/**
 * Where it is in its life.
 */
phase: RoomPhase, 
/**
 * How many are in.
 */
participants: number, } | { "type": "ringing", 
/**
 * Them.
 */
call: IncomingCall, } | { "type": "rung", 
/**
 * Which.
 */
call: CallId, };
export type HomeMessage = { "type": "accept", 
/**
 * Which.
 */
call: CallId, } | { "type": "decline", 
/**
 * Which.
 */
call: CallId, };
export type Source = "microphone" | "camera" | "screen" | "screen_audio";
export type Wish = { 
/**
 * Whose.
 */
participant: ParticipantId, 
/**
 * Camera or screen.
 */
source: Source, 
/**
 * Height of the tile in device pixels; more is not useful.
 */
height: number, 
/**
 * Higher is served first; equal ones by order.
 */
priority: number, };
export type SlotTrack = { 
/**
 * Whose.
 */
participant: ParticipantId, 
/**
 * Which.
 */
source: Source, };
export type Slot = { 
/**
 * The receiving section.
 */
mid: Mid, 
/**
 * Whose track; nobody's when absent.
 */
track?: SlotTrack, };
export type PauseReason = "bandwidth" | "slots" | "codec";
export type PausedTile = { 
/**
 * Whose.
 */
participant: ParticipantId, 
/**
 * Camera or screen.
 */
source: Source, 
/**
 * Why.
 */
reason: PauseReason, };
export type WeakNetwork = { 
/**
 * Who.
 */
participant: ParticipantId, 
/**
 * How weak it is.
 */
quality: WeakQuality, };
export type WeakQuality = "fair" | "poor";
export type VideoCodec = "vp8" | "h264" | "vp9" | "av1";
export type Demand = { 
/**
 * Which track.
 */
source: Source, 
/**
 * Whether anybody sees it; nothing of it need be sent else.
 */
wanted: boolean, 
/**
 * The encodings (RFC 8851) that are seen, for a track that was offered with several; the others
 * need not be sent.
 */
layers?: Array<Rid>, 
/**
 * The codecs that everybody who sees it can decode, of those that its section was offered with,
 * lightest first; any of them may be sent. Where there is no such codec, the one that most can
 * decode. None for a track that was offered with a single one.
 */
codecs?: Array<VideoCodec>, };
export type MediaRequest = { "type": "wishes", 
/**
 * At most [`crate::limits::WISHES`].
 */
tiles: Array<Wish>, } | { "type": "keyframe", 
/**
 * The receiving section.
 */
mid: Mid, } | { "type": "ping" };
export type MediaEvent = { "type": "slots", 
/**
 * The changed ones.
 */
slots: Array<Slot>, } | { "type": "speakers", 
/**
 * Them.
 */
participants: Array<ParticipantId>, } | { "type": "paused", 
/**
 * Them; none when everything flows.
 */
tiles: Array<PausedTile>, } | { "type": "networks", 
/**
 * All of them; none when everybody's is good.
 */
weak: Array<WeakNetwork>, } | { "type": "demands", 
/**
 * The changed ones.
 */
tracks: Array<Demand>, } | { "type": "keyframe", 
/**
 * Which track.
 */
source: Source, } | { "type": "pong" } | { "type": "error", 
/**
 * Why.
 */
code: ErrorCode, 
/**
 * One sentence for a developer.
 */
message: string, };
export type TrackOffer = { 
/**
 * The media section it is sent on.
 */
mid: Mid, 
/**
 * What it carries.
 */
source: Source, };
export type MediaOffer = { 
/**
 * The offer.
 */
sdp: Sdp, 
/**
 * What the sending sections carry; at most [`crate::limits::TRACKS`].
 */
tracks: Array<TrackOffer>, };
export type ClientMessage = { "type": "join", 
/**
 * How others see the person; needed from guests, ignored for signed-in people.
 */
name?: DisplayName, 
/**
 * Whether the microphone is on.
 */
microphone: boolean, 
/**
 * Whether the camera is on.
 */
camera: boolean, 
/**
 * Can exchange media with another browser directly, see [`ServerMessage::Plan`].
 */
direct?: boolean, 
/**
 * The first media session.
 */
offer: MediaOffer, } | { "type": "media", 
/**
 * Its offer.
 */
offer: MediaOffer, } | { "type": "describe", 
/**
 * The plan.
 */
plan: number, 
/**
 * The offer of the one whose id is lower, or the other's answer.
 */
sdp: Sdp, } | { "type": "reached", 
/**
 * The plan.
 */
plan: number, 
/**
 * Whether it does.
 */
reached: boolean, } | { "type": "update", 
/**
 * Whether the microphone is on.
 */
microphone: boolean, 
/**
 * Whether the camera is on.
 */
camera: boolean, 
/**
 * Whether a screen is shared.
 */
screen?: boolean, } | { "type": "chat", 
/**
 * Chosen by the client.
 */
id: ChatId, 
/**
 * The text.
 */
text: ChatText, 
/**
 * To whom alone; to everyone when absent.
 */
to?: ParticipantId, } | { "type": "unsay", 
/**
 * Which message.
 */
sequence: number, } | { "type": "raise_hand", 
/**
 * Whether the hand is up.
 */
raised: boolean, } | { "type": "react", 
/**
 * Which.
 */
reaction: Reaction, } | { "type": "sync" } | { "type": "here" } | { "type": "leave" } | { "type": "admit", 
/**
 * Whom.
 */
participant: ParticipantId, } | { "type": "deny", 
/**
 * Whom.
 */
participant: ParticipantId, } | { "type": "admit_all" } | { "type": "stop", 
/**
 * Whose; everybody's but the hosts' when absent.
 */
participant?: ParticipantId, 
/**
 * What. `screen` takes the sound of the screen with it.
 */
source: Source, } | { "type": "permit", 
/**
 * All of it.
 */
permissions: Permissions, } | { "type": "lock", 
/**
 * Whether the meeting is locked.
 */
locked: boolean, } | { "type": "waiting_room", 
/**
 * Whether it is on.
 */
on: boolean, } | { "type": "remove", 
/**
 * Whom.
 */
participant: ParticipantId, } | { "type": "set_cohost", 
/**
 * Whom.
 */
participant: ParticipantId, 
/**
 * Whether they lead too.
 */
cohost: boolean, } | { "type": "lower_hand", 
/**
 * Whose.
 */
participant?: ParticipantId, } | { "type": "spotlight", 
/**
 * Whom.
 */
participant?: ParticipantId, } | { "type": "end" };
export type Role = "participant" | "cohost" | "host";
export type Presence = "connected" | "reconnecting";
export type Participant = { 
/**
 * Stable while the person is in.
 */
id: ParticipantId, 
/**
 * How others see them.
 */
name: DisplayName, 
/**
 * What they may do.
 */
role: Role, 
/**
 * Whether the microphone is on.
 */
microphone: boolean, 
/**
 * Whether the camera is on.
 */
camera: boolean, 
/**
 * Whether they share a screen.
 */
screen: boolean, 
/**
 * When they raised their hand, if it is up; hands are in that order.
 */
hand_raised_at?: number, 
/**
 * Whether they are there.
 */
presence: Presence, 
/**
 * When they came in.
 */
joined_at: number, 
/**
 * A program that came by WHIP or WHEP; absent for people.
 */
stream?: StreamKind, };
export type Reaction = "thumbs_up" | "clap" | "heart" | "laugh" | "wow" | "sad" | "party" | "thumbs_down";
export type Permissions = { 
/**
 * Share a screen.
 */
share: boolean, 
/**
 * Write to the chat.
 */
chat: boolean, 
/**
 * React.
 */
react: boolean, 
/**
 * Turn their own microphone on.
 */
unmute: boolean, };
export type WaitingPerson = { 
/**
 * For `admit` and `deny`.
 */
id: ParticipantId, 
/**
 * What they call themselves.
 */
name: DisplayName, 
/**
 * Their address, where they have or gave one.
 */
email?: EmailAddress, 
/**
 * The address is proven: they are signed in.
 */
verified: boolean, 
/**
 * When they asked.
 */
since: number, };
export type ChatMessage = { 
/**
 * Counts up by one from 1 in each room; the order for everybody.
 */
sequence: number, 
/**
 * The author's own name for it.
 */
id: ChatId, 
/**
 * Who said it.
 */
author: ParticipantId, 
/**
 * What they were called then (they may have left).
 */
author_name: DisplayName, 
/**
 * What they said.
 */
text: ChatText, 
/**
 * When the room got it.
 */
sent_at: number, 
/**
 * To whom alone; to everyone when absent.
 */
to?: ParticipantId, };
export type RoomSummary = { 
/**
 * What it is about.
 */
title: Title, 
/**
 * Who walks in.
 */
kind: RoomKind, 
/**
 * Where it is in its life.
 */
phase: RoomPhase, 
/**
 * Nobody new comes in.
 */
locked: boolean, 
/**
 * Those who would walk in (but the invited) must ask.
 */
waiting_room: boolean, 
/**
 * What participants may do.
 */
permissions: Permissions, 
/**
 * Whom a host shows large to everyone.
 */
spotlight?: ParticipantId, };
export type RoomState = { 
/**
 * Grows by one with every [`Change`].
 */
version: number, 
/**
 * The meeting.
 */
room: RoomSummary, 
/**
 * Who is in, in the order they came.
 */
participants: Array<Participant>, 
/**
 * The last [`crate::limits::CHAT_HISTORY`] messages, oldest first.
 */
chat: Array<ChatMessage>, };
export type Change = { "kind": "joined", 
/**
 * Them.
 */
participant: Participant, } | { "kind": "updated", 
/**
 * Them, as they are now.
 */
participant: Participant, } | { "kind": "left", 
/**
 * Them.
 */
participant: ParticipantId, } | { "kind": "room", 
/**
 * The meeting, as it is now.
 */
room: RoomSummary, } | { "kind": "said", 
/**
 * It.
 */
message: ChatMessage, } | { "kind": "unsaid", 
/**
 * Which message.
 */
sequence: number, };
export type MediaPath = "region" | "both" | "direct";
export type EndReason = "ended_by_host" | "expired";
export type ServerMessage = { "type": "seated", 
/**
 * The meeting.
 */
room: RoomSummary, 
/**
 * Who is in now (their names, in the order they came; at most ten).
 */
names: Array<DisplayName>, 
/**
 * How many are in now.
 */
participants: number, 
/**
 * Whether the person walks in.
 */
admission: Admission, } | { "type": "waiting", 
/**
 * Whether a host is in who could answer.
 */
host_present: boolean, } | { "type": "admitted" } | { "type": "denied" } | { "type": "lobby", 
/**
 * In the order they asked.
 */
waiting: Array<WaitingPerson>, } | { "type": "welcome", 
/**
 * Who they are in `state`.
 */
you: ParticipantId, 
/**
 * The room.
 */
state: RoomState, } | { "type": "answer", 
/**
 * Which media session of this person, counting from 1.
 */
epoch: number, 
/**
 * The answer.
 */
sdp: Sdp, 
/**
 * What the slots carry at first; later on the data channel.
 */
slots: Array<Slot>, } | { "type": "plan", 
/**
 * Grows with each direct connection that is tried, and with each that is given up.
 */
plan: number, 
/**
 * The path.
 */
path: MediaPath, 
/**
 * Who is at the other end of a direct connection.
 */
peer?: ParticipantId, } | { "type": "description", 
/**
 * The plan.
 */
plan: number, 
/**
 * It.
 */
sdp: Sdp, } | { "type": "direct", 
/**
 * It; its `sequence` counts with all others.
 */
message: ChatMessage, } | { "type": "reaction", 
/**
 * Who.
 */
participant: ParticipantId, 
/**
 * How.
 */
reaction: Reaction, } | { "type": "stopped", 
/**
 * What.
 */
source: Source, } | { "type": "change", 
/**
 * One more than before.
 */
version: number, 
/**
 * What changed.
 */
change: Change, } | { "type": "error", 
/**
 * Why.
 */
code: ErrorCode, 
/**
 * One sentence for a developer.
 */
message: string, 
/**
 * The `type` of the message it answers, where that could be read.
 */
about?: string, } | { "type": "check" } | { "type": "ended", 
/**
 * Why.
 */
reason: EndReason, };

export const NAME_CHARS = 64;
export const TITLE_CHARS = 120;
export const CHAT_CHARS = 2000;
export const CHAT_HISTORY = 200;
export const WISHES = 64;
export const AUDIO_SLOTS = 8;
export const VIDEO_SLOTS = 49;
export const CHANNEL = "control";
export const SUBPROTOCOL = "meridian.v1";
export const SEAT_SUBPROTOCOL_PREFIX = "meridian.seat.";
export const PING = "ping";
export const PONG = "pong";
export const CLOSE_PROTOCOL = 4000;
export const CLOSE_REPLACED = 4001;
export const CLOSE_ENDED = 4002;
export const CLOSE_RATE = 4003;
export const CLOSE_LEFT = 4004;
export const CLOSE_DENIED = 4005;
export const CLOSE_REMOVED = 4006;
export const CLOSE_SIGNED_OUT = 4010;
export const PASSWORD_CHARS_LEAST = 8;
export const PASSWORD_CHARS = 128;
export const PICTURE_BYTES = 12288;
export const INVITATIONS = 100;
export const ACCESS_SUBPROTOCOL_PREFIX = "meridian.access.";
