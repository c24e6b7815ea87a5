//! Who walks in, who asks and who is refused, and as what they come in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, identity, invitee, join, owned};
use protocol::{
    error::ErrorCode,
    rest::{Admission, Relation, RoomKind},
    signal::{Change, Role, ServerMessage, close},
};
use room::{NewRoom, Room};

const WALK: Result<Admission, ErrorCode> = Ok(Admission::Walk);
const ASK: Result<Admission, ErrorCode> = Ok(Admission::Ask);
const OUT: Result<Admission, ErrorCode> = Err(ErrorCode::NotInvited);

/// A meeting of Olive's with a co-host and somebody invited from elsewhere.
fn meeting(kind: RoomKind) -> NewRoom {
    let invite = vec![invitee("cora@else.net", true), invitee("ivan@else.net", false)];
    NewRoom { invite, host_secret_hash: Some([7; 32]), ..owned(kind) }
}

#[test]
fn the_kind_and_who_somebody_is_decide() {
    let public = [WALK; 7];
    let private = [WALK, WALK, WALK, ASK, ASK, ASK, WALK];
    let team = [WALK, WALK, WALK, WALK, OUT, OUT, WALK];
    for (kind, expected) in [(RoomKind::Public, public), (RoomKind::Private, private), (RoomKind::Team, team)] {
        let (driver, _) = Driver::with(meeting(kind));
        let people = [
            (Some("olive@example.org"), false),
            (Some("cora@else.net"), false),
            (Some("ivan@else.net"), false),
            (Some("mate@example.org"), false),
            (Some("sam@stranger.net"), false),
            (None, false),
            (None, true),
        ];
        for ((email, host_secret), expected) in people.into_iter().zip(expected) {
            let person = email.map(identity);
            let admission = driver.room.admission(driver.now, None, person.as_ref(), host_secret);
            assert_eq!(admission, expected, "{kind:?} {email:?} {host_secret}");
        }
    }
}

#[test]
fn an_account_at_the_owners_address_is_not_the_owner_unless_it_is_theirs() {
    let room = Room::create(0, meeting(RoomKind::Private));
    let mut other = identity("other@example.org");
    other.email = "olive@example.org".parse().unwrap();
    assert_eq!(room.admission(0, None, Some(&other), false), ASK);
    assert_eq!(room.relation(&other), None);
}

#[test]
fn roles_follow_identity_and_not_who_came_first() {
    let (mut driver, _) = Driver::with(meeting(RoomKind::Public));
    let people = [
        (Some("sam@stranger.net"), Role::Participant),
        (Some("ivan@else.net"), Role::Participant),
        (Some("cora@else.net"), Role::Cohost),
        (Some("olive@example.org"), Role::Host),
        (None, Role::Participant),
    ];
    for (number, (email, role)) in (1..).zip(people) {
        let (id, _) = driver.connect_as(number, email.map(identity), None);
        driver.say(id, &join("Somebody"));
        let member = &driver.store.members[&common::person(number)];
        assert_eq!(member.role, role, "{email:?}");
        let name = email.map_or("Somebody", |email| email.split('@').next().unwrap());
        assert_eq!(member.name.as_str(), name, "signed-in people come under their own name");
    }
}

#[test]
fn a_guest_needs_a_name() {
    let mut driver = Driver::new();
    let (guest, _) = driver.connect(1);
    let nameless = join("x").replace(r#""name":"x","#, "");
    let effects = driver.say(guest, &nameless);
    assert!(matches!(effects.to(guest)[..], [ServerMessage::Error { code: ErrorCode::InvalidRequest, .. }]));
    let (ada, _) = driver.connect_signed_in(2, "ada@example.org");
    let effects = driver.say(ada, &nameless);
    assert!(matches!(effects.to(ada)[..], [ServerMessage::Welcome { .. }]));
}

#[test]
fn it_is_checked_again_on_joining_and_on_every_socket() {
    let (mut driver, _) = Driver::with(meeting(RoomKind::Private));
    let (sam, effects) = driver.connect_signed_in(1, "sam@stranger.net");
    assert!(matches!(effects.to(sam)[..], [ServerMessage::Seated { admission: Admission::Ask, .. }]));
    driver.change("olive@example.org", r#"{"kind":"team"}"#).0.unwrap();
    let effects = driver.say(sam, &join("Sam"));
    assert!(matches!(effects.to(sam)[..], [ServerMessage::Error { code: ErrorCode::NotInvited, .. }]));
    assert!(driver.store.waiting.is_empty() && driver.store.members.is_empty());
    driver.close(sam);
    let (sam, effects) = driver.connect_signed_in(1, "sam@stranger.net");
    assert!(matches!(effects.to(sam)[..], [ServerMessage::Error { code: ErrorCode::NotInvited, .. }]));
    assert_eq!(effects.closed, [(sam, close::DENIED)]);
}

#[test]
fn whoever_is_in_stays_in_when_the_kind_changes() {
    let (mut driver, _) = Driver::with(meeting(RoomKind::Public));
    let (sam, _) = driver.enter_signed_in(1, "sam@stranger.net");
    let (_, effects) = driver.change("olive@example.org", r#"{"kind":"team"}"#);
    let [ServerMessage::Change { change: Change::Room { room }, .. }] = effects.to(sam)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(room.kind, RoomKind::Team);
    driver.close(sam);
    let (sam, effects) = driver.connect_signed_in(1, "sam@stranger.net");
    assert!(matches!(effects.to(sam)[..], [ServerMessage::Welcome { .. }]));
}

#[test]
fn a_changed_list_of_cohosts_changes_who_leads() {
    let (mut driver, _) = Driver::with(meeting(RoomKind::Public));
    let (cora, _) = driver.enter_signed_in(1, "cora@else.net");
    let (ivan, _) = driver.enter_signed_in(2, "ivan@else.net");
    let (_, effects) = driver.change("olive@example.org", r#"{"cohosts":["ivan@else.net"]}"#);
    let roles: Vec<_> = effects
        .to(cora)
        .into_iter()
        .filter_map(|message| match message {
            ServerMessage::Change { change: Change::Updated { participant }, .. } => {
                Some((participant.id, participant.role))
            }
            _ => None,
        })
        .collect();
    assert_eq!(roles, [(common::person(1), Role::Participant), (common::person(2), Role::Cohost)]);
    assert!(effects.to(ivan).contains(&&ServerMessage::Lobby { waiting: Vec::new() }), "who leads learns who waits");
    let effects = driver.say(cora, &common::simple("end"));
    assert!(matches!(effects.to(cora)[..], [ServerMessage::Error { code: ErrorCode::HostOnly, .. }]));
    let effects = driver.say(ivan, &common::simple("end"));
    assert!(effects.to(ivan).contains(&&ServerMessage::Ended { reason: protocol::signal::EndReason::EndedByHost }));
}

#[test]
fn strangers_see_the_public_part_of_a_public_meeting_and_nothing_of_others() {
    let (mut driver, _) = Driver::with(meeting(RoomKind::Public));
    driver.enter_signed_in(1, "sam@stranger.net");
    let public = driver.room.details_for(None, false).unwrap();
    assert_eq!((public.code, public.relation, public.invitations), (None, None, None));
    assert_eq!(public.host_name.unwrap().as_str(), "olive");
    assert_eq!(public.participants, 1);
    for (email, relation, leads) in [
        ("olive@example.org", Relation::Owner, true),
        ("cora@else.net", Relation::Cohost, true),
        ("ivan@else.net", Relation::Invited, false),
        ("sam@stranger.net", Relation::Attended, false),
    ] {
        let details = driver.room.details_for(Some(&identity(email)), false).unwrap();
        assert_eq!(details.relation, Some(relation));
        assert!(details.code.is_some());
        assert_eq!(details.invitations.map(|invitations| invitations.len()), leads.then_some(2), "{email}");
    }
    for kind in [RoomKind::Private, RoomKind::Team] {
        let room = Room::create(0, meeting(kind));
        assert_eq!(room.details_for(None, false), Err(ErrorCode::RoomNotFound));
        let mate = identity("mate@example.org");
        assert_eq!(room.details_for(Some(&mate), false), Err(ErrorCode::RoomNotFound));
        assert!(room.details_for(None, true).unwrap().code.is_some(), "whoever has a seat has the code");
        assert!(room.details_for(Some(&identity("ivan@else.net")), false).is_ok());
    }
}
