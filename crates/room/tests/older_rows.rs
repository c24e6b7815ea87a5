//! Rows that were stored before meetings had owners, guests, times and hosts with something to decide
//! still make a room.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{START, identity, person};
use protocol::{
    rest::Admission,
    signal::{Permissions, RoomSummary, ServerMessage},
};
use room::{Connection, ConnectionId, Input, Meeting, Member, Moderation, Output, Room, Said, Stored};

const MEETING: &str = r#"{"id":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "code":"bcd-efgh-jkm","title":"Weekly","kind":"public","phase":"active","host_secret_hash":null,
    "created_at":1800000000000,"phase_since":1800000000000,"version":4,"placement":null,"regroup_at":null,
    "epoch_floor":0}"#;
const MEMBER: &str = r#"{"id":"00000000-0000-0000-0000-000000001001","name":"Ada","role":"host","microphone":true,
    "camera":true,"joined_at":1800000000000,"epoch":1,"placement":null,"presence":"connected","leaves_at":null}"#;
const CHAT: &str = r#"{"sequence":1,"id":"00000000-0000-0000-0000-000000000001",
    "author":"00000000-0000-0000-0000-000000001001","author_name":"Ada","text":"hello","sent_at":1800000000000}"#;

#[test]
fn an_older_meeting_goes_on() {
    let meeting: Meeting = serde_json::from_str(MEETING).unwrap();
    let member: Member = serde_json::from_str(MEMBER).unwrap();
    let said: Said = serde_json::from_str(CHAT).unwrap();
    assert_eq!(*meeting.moderation, Moderation::default());
    assert!(member.held.is_empty() && member.session.is_none() && !member.cohost);
    let stored = Stored {
        meeting,
        members: vec![member],
        chat: vec![said],
        waiting: Vec::new(),
        guests: Vec::new(),
        watchers: Vec::new(),
        mails: Vec::new(),
        errands: Vec::new(),
    };
    let old = r#"{"id":5,"participant":"00000000-0000-0000-0000-000000001001","host":true,"location":null}"#;
    let connection: Connection = serde_json::from_str(old).unwrap();
    let mut room = Room::restore(START, stored, vec![connection]);
    assert_eq!(room.poll_output(), None, "nothing changed for anybody");
    assert_eq!(room.admission(START, None, Some(&identity("ada@example.org")), false), Ok(Admission::Walk));
    let sync = Input::Received { connection: ConnectionId(5), text: common::simple("sync") };
    room.handle(START, sync);
    let Some(Output::Send { message: ServerMessage::Welcome { you, state }, .. }) = room.poll_output() else {
        panic!()
    };
    let RoomSummary { locked, waiting_room, permissions, spotlight, .. } = state.room;
    assert_eq!((locked, waiting_room, permissions, spotlight), (false, false, Permissions::default(), None));
    assert!(!state.participants[0].screen && state.participants[0].hand_raised_at.is_none());
    assert_eq!((you, state.chat.len(), state.chat[0].text.as_str()), (person(1), 1, "hello"));
}

#[test]
fn a_half_written_decision_is_read_as_nothing_decided() {
    let moderation: Moderation = serde_json::from_str(r#"{"locked":true}"#).unwrap();
    assert_eq!(moderation, Moderation { locked: true, ..Moderation::default() });
}
