//! TypeScript declarations of everything a browser sees.

use ts_rs::{Config, TS};

use crate::{account, error, id, media, moment, region, rest, signal, text};

macro_rules! declarations {
    ($config:expr; $($type:ty),+ $(,)?) => {
        [$(format!("export {}\n", <$type as TS>::decl($config))),+].concat()
    };
}

/// The text of `web/src/protocol.ts`.
#[must_use]
pub fn declarations() -> String {
    let config = &Config::new().with_large_int("number");
    let types = declarations!(config;
        error::ErrorCode, error::Problem,
        id::ParticipantId, id::ChatId, id::RoomId, id::RoomCode, id::AccountId, id::SessionId, id::CallId, id::InstanceId, id::RegionName, id::Mid, id::Rid,
        text::DisplayName, text::Title, text::ChatText, text::EmailAddress, text::Sdp,
        text::TimeZone, text::Locale, text::Color, text::Picture, text::Token, text::NewPassword, text::Password, moment::Moment,
        rest::RoomKind, rest::RoomPhase, rest::CreateRoom, rest::ChangeRoom, rest::Relation, rest::Delivery, rest::Invitation, rest::Admission, rest::RoomDetails, rest::CreatedRoom,
        rest::TakeSeat, rest::IceServer, rest::IceServers, region::ProbeAnswer, rest::Probe, rest::StreamKind, rest::MakeStream, rest::Stream, rest::StreamAccess, rest::Streams, rest::Seat, rest::RegionHealth, rest::Health,
        account::Register, account::MailSent, account::Verify, account::MailWanted, account::Login,
        account::ResetPassword, account::SignedIn, account::Provider, account::Providers, account::LinkProvider,
        account::User, account::ChangeProfile, account::ChangePassword, account::Session, account::Sessions,
        account::Meetings, account::CallSomeone, account::IncomingCall, account::HomeEvent, account::HomeMessage,
        media::Source, media::Wish, media::SlotTrack, media::Slot, media::PauseReason, media::PausedTile, media::WeakNetwork, media::WeakQuality, media::VideoCodec, media::Demand, media::MediaRequest, media::MediaEvent,
        signal::TrackOffer, signal::MediaOffer, signal::ClientMessage, signal::Role, signal::Presence,
        signal::Participant, signal::Reaction, signal::Permissions, signal::WaitingPerson, signal::ChatMessage, signal::RoomSummary, signal::RoomState,
        signal::Change, signal::MediaPath, signal::EndReason, signal::ServerMessage,
    );
    let constants = constants();
    format!("// Generated from crates/protocol by `cargo xtask codegen`. Do not edit.\n\n{types}\n{constants}")
}

fn constants() -> String {
    use crate::limits;
    let number = |name: &str, value: usize| format!("export const {name} = {value};\n");
    let string = |name: &str, value: &str| format!("export const {name} = {value:?};\n");
    [
        number("NAME_CHARS", limits::NAME_CHARS),
        number("TITLE_CHARS", limits::TITLE_CHARS),
        number("CHAT_CHARS", limits::CHAT_CHARS),
        number("CHAT_HISTORY", limits::CHAT_HISTORY),
        number("WISHES", limits::WISHES),
        number("AUDIO_SLOTS", limits::AUDIO_SLOTS),
        number("VIDEO_SLOTS", limits::VIDEO_SLOTS),
        string("CHANNEL", media::CHANNEL),
        string("SUBPROTOCOL", signal::SUBPROTOCOL),
        string("SEAT_SUBPROTOCOL_PREFIX", signal::SEAT_SUBPROTOCOL_PREFIX),
        string("PING", signal::PING),
        string("PONG", signal::PONG),
        number("CLOSE_PROTOCOL", signal::close::PROTOCOL.into()),
        number("CLOSE_REPLACED", signal::close::REPLACED.into()),
        number("CLOSE_ENDED", signal::close::ENDED.into()),
        number("CLOSE_RATE", signal::close::RATE.into()),
        number("CLOSE_LEFT", signal::close::LEFT.into()),
        number("CLOSE_DENIED", signal::close::DENIED.into()),
        number("CLOSE_REMOVED", signal::close::REMOVED.into()),
        number("CLOSE_SIGNED_OUT", account::close::SIGNED_OUT.into()),
        number("PASSWORD_CHARS_LEAST", limits::PASSWORD_CHARS_LEAST),
        number("PASSWORD_CHARS", limits::PASSWORD_CHARS),
        number("PICTURE_BYTES", limits::PICTURE_BYTES),
        number("INVITATIONS", limits::INVITATIONS),
        string("ACCESS_SUBPROTOCOL_PREFIX", account::ACCESS_SUBPROTOCOL_PREFIX),
    ]
    .concat()
}
