//! A room of five hundred costs each newcomer one state and everybody else one small message.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{START, join, new_room, person};
use protocol::{error::ErrorCode, limits, signal::ServerMessage};
use room::{Connection, ConnectionId, Input, Output, Record, Room};

/// Bytes of the largest change that a join can be: a name of 64 four-byte characters, an id, a role.
const CHANGE_BYTES: usize = 640;

#[derive(Default)]
struct Cost {
    changes: usize,
    change_bytes: usize,
    welcomes: usize,
    rows: usize,
}

fn drain(room: &mut Room) -> Cost {
    let mut cost = Cost::default();
    while let Some(output) = room.poll_output() {
        match output {
            Output::Send { to, message: message @ ServerMessage::Change { .. } } => {
                let bytes = serde_json::to_string(&message).unwrap().len();
                assert!(bytes <= CHANGE_BYTES, "{bytes} bytes");
                cost.changes += to.len();
                cost.change_bytes += bytes * to.len();
            }
            Output::Send { to, message: ServerMessage::Welcome { .. } } => cost.welcomes += to.len(),
            Output::Save(Record::Meeting(_) | Record::Member(_)) => cost.rows += 1,
            _ => {}
        }
    }
    cost
}

fn arrive(room: &mut Room, number: usize) -> ConnectionId {
    let id = ConnectionId(number as u64);
    let mut connection =
        Connection { id, participant: person(0), host: number == 0, identity: None, email: None, location: None };
    connection.participant.0 = uuid::Uuid::from_u128(number as u128);
    room.handle(START, Input::Connected(connection));
    drain(room);
    id
}

#[test]
fn each_join_is_one_message_of_bounded_size_to_each_of_the_others() {
    let mut room = Room::create(START, new_room());
    drain(&mut room);
    let mut total = 0;
    for number in 0..limits::ROOM_PARTICIPANTS {
        let connection = arrive(&mut room, number);
        let name = "\u{1f600}".repeat(limits::NAME_CHARS);
        room.handle(START, Input::Received { connection, text: join(&name) });
        let cost = drain(&mut room);
        assert_eq!((cost.changes, cost.welcomes), (number, 1));
        assert_eq!(cost.rows, 2, "the meeting's row and the newcomer's");
        total += cost.change_bytes;
    }
    let pairs = limits::ROOM_PARTICIPANTS * (limits::ROOM_PARTICIPANTS - 1) / 2;
    assert!(total <= pairs * CHANGE_BYTES, "{total} bytes for {pairs} messages");
    println!("{} joins: {total} bytes of changes, {} each", limits::ROOM_PARTICIPANTS, total / pairs);

    assert_eq!(room.admission(START, None, None, false), Err(ErrorCode::RoomFull));
    let connection = arrive(&mut room, limits::ROOM_PARTICIPANTS);
    room.handle(START, Input::Received { connection, text: join("Late") });
    assert!(
        std::iter::from_fn(|| room.poll_output()).any(|output| matches!(
            output,
            Output::Send { message: ServerMessage::Error { code: ErrorCode::RoomFull, about, .. }, .. } if about.as_deref() == Some("join")
        )),
        "nobody fits any more"
    );
    assert_eq!(room.details_for(None, true).unwrap().participants as usize, limits::ROOM_PARTICIPANTS);
}

#[test]
fn people_at_the_door_are_bounded_too_and_do_not_hear_the_meeting() {
    let mut room = Room::create(START, new_room());
    let first = arrive(&mut room, 0);
    for number in 1..room::SEATED_PEOPLE {
        arrive(&mut room, number);
    }
    room.handle(START, Input::Received { connection: first, text: join("Ada") });
    let cost = drain(&mut room);
    assert_eq!((cost.changes, cost.welcomes), (0, 1));

    let id = ConnectionId(9_999);
    room.handle(
        START,
        Input::Connected(Connection {
            id,
            participant: person(9),
            host: false,
            identity: None,
            email: None,
            location: None,
        }),
    );
    let outputs: Vec<_> = std::iter::from_fn(|| room.poll_output()).collect();
    assert!(matches!(outputs.last(), Some(Output::Close { connection, .. }) if *connection == id), "{outputs:?}");
    // Whoever is in always comes back.
    let again = Connection {
        id: ConnectionId(10_000),
        participant: protocol::id::ParticipantId(uuid::Uuid::from_u128(0)),
        host: true,
        identity: None,
        email: None,
        location: None,
    };
    room.handle(START, Input::Connected(again));
    assert_eq!(drain(&mut room).welcomes, 1);
}

#[test]
fn what_hosts_turn_off_for_everybody_is_told_once_for_each_who_had_it_on() {
    let mut room = Room::create(START, new_room());
    let people = limits::ROOM_PARTICIPANTS;
    let mut host = ConnectionId(0);
    for number in 0..people {
        let connection = arrive(&mut room, number);
        host = if number == 0 { connection } else { host };
        room.handle(START, Input::Received { connection, text: join("Ada") });
        drain(&mut room);
        if number >= 20 {
            let text = common::update(false, true);
            room.handle(START, Input::Received { connection, text });
            drain(&mut room);
        }
    }
    let mut changes = |text: String| {
        room.handle(START, Input::Received { connection: host, text });
        drain(&mut room).changes
    };
    assert_eq!(changes(common::permit(true, false, true, false)), people, "the meeting changed, nobody in it");
    let mute = || common::about("stop", None, r#","source":"microphone""#);
    assert_eq!(changes(mute()), 19 * people);
    assert_eq!(changes(mute()), 0);
}
