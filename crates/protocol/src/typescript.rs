//! TypeScript declarations of everything a browser sees.

use ts_rs::{Config, TS};

use crate::{error, id, media, rest, signal, text};

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
        id::ParticipantId, id::ChatId, id::RoomId, id::RoomCode, id::InstanceId, id::RegionName, id::Mid,
        text::DisplayName, text::Title, text::ChatText, text::EmailAddress, text::Sdp,
        rest::RoomKind, rest::RoomPhase, rest::CreateRoom, rest::RoomDetails, rest::CreatedRoom,
        rest::TakeSeat, rest::IceServer, rest::Seat, rest::RegionHealth, rest::Health,
        media::Source, media::Wish, media::SlotTrack, media::Slot, media::MediaRequest, media::MediaEvent,
        signal::TrackOffer, signal::MediaOffer, signal::ClientMessage, signal::Role, signal::Presence,
        signal::Participant, signal::ChatMessage, signal::RoomSummary, signal::RoomState,
        signal::Change, signal::EndReason, signal::ServerMessage,
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
    ]
    .concat()
}
