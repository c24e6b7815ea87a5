//! What can happen to a room, at random.

use mail::Verdict;
use proptest::{option, prelude::*};
use protocol::{
    media::Source,
    region::SessionEventKind,
    rest::{RoomKind, Schedule},
    signal::Permissions,
};
use room::NewRoom;

use super::{
    START, invitee,
    model::{Ask, Edit, Say, addresses, starts_at},
    owned,
};

pub const SEATS: u8 = 7;

#[derive(Debug, Clone)]
pub enum Step {
    Open(u8),
    /// The n-th socket that ever was, counted from the newest.
    Close(usize),
    Say(usize, Say),
    Fleet(u8),
    /// The n-th call that was ever made, counted from the newest.
    Region(usize, RegionSays),
    Event {
        person: u8,
        epoch: Epoch,
        instance: u8,
        kind: SessionEventKind,
    },
    Ask(Ask),
    /// The n-th mail that was ever handed out, counted from the newest.
    Posted(usize, Verdict),
    /// The n-th errand, likewise.
    Done(usize, Verdict),
    Reported(u8, bool),
    Wait(u64),
    Back(u64),
    Wake(Alarm),
    LoseMemory,
    Restart(u8),
}

#[derive(Debug, Clone, Copy)]
pub enum RegionSays {
    Taken,
    Unavailable,
    Rejected,
}

#[derive(Debug, Clone, Copy)]
pub enum Epoch {
    Current,
    Other(u64),
}

#[derive(Debug, Clone, Copy)]
pub enum Alarm {
    Early,
    Due,
    Late(u64),
}

pub fn say() -> impl Strategy<Value = Say> {
    prop_oneof![
        8 => Just(Say::Join),
        2 => Just(Say::Media),
        1 => any::<bool>().prop_map(Say::Describe),
        3 => (any::<bool>(), any::<bool>()).prop_map(|(current, reached)| Say::Reached(current, reached)),
        3 => any::<[bool; 3]>().prop_map(|[microphone, camera, screen]| Say::Update(microphone, camera, screen)),
        4 => (0..6u128, option::weighted(0.4, 0..SEATS)).prop_map(|(id, to)| Say::Chat(id, to)),
        2 => (0..10u64).prop_map(Say::Unsay),
        2 => any::<bool>().prop_map(Say::Hand),
        2 => Just(Say::React),
        1 => Just(Say::Sync),
        1 => Just(Say::Here),
        2 => Just(Say::Leave),
        3 => (0..SEATS).prop_map(Say::Admit),
        1 => (0..SEATS).prop_map(Say::Deny),
        1 => Just(Say::AdmitAll),
        3 => (option::weighted(0.7, 0..SEATS), source()).prop_map(|(whom, source)| Say::Stop(whom, source)),
        2 => any::<[bool; 4]>().prop_map(|[share, chat, react, unmute]| {
            Say::Permit(Permissions { share, chat, react, unmute })
        }),
        2 => any::<bool>().prop_map(Say::Lock),
        2 => any::<bool>().prop_map(Say::WaitingRoom),
        1 => (0..SEATS).prop_map(Say::Remove),
        3 => (0..SEATS, any::<bool>()).prop_map(|(whom, cohost)| Say::SetCohost(whom, cohost)),
        1 => option::of(0..SEATS).prop_map(Say::LowerHand),
        1 => option::of(0..SEATS).prop_map(Say::Spotlight),
        1 => Just(Say::End),
        1 => garbage().prop_map(Say::Garbage),
    ]
}

pub fn source() -> impl Strategy<Value = Source> {
    prop_oneof![Just(Source::Microphone), Just(Source::Camera), Just(Source::Screen), Just(Source::ScreenAudio)]
}

pub fn garbage() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        Just(String::new()),
        Just(
            r#"{"type":"join","name":"","microphone":true,"camera":true,"offer":{"sdp":"v=0","tracks":[]}}"#.to_owned()
        ),
        Just(r#"{"type":"chat","id":"00000000-0000-0000-0000-000000000001","text":" "}"#.to_owned()),
        Just(r#"{"type":"end""#.to_owned()),
        Just(r#"{"type":"welcome"}"#.to_owned()),
    ]
}

pub fn kind() -> impl Strategy<Value = RoomKind> {
    prop_oneof![Just(RoomKind::Public), Just(RoomKind::Private), Just(RoomKind::Team)]
}

/// Seats of people who are signed in, the owner first of all.
pub fn signed_in() -> impl Strategy<Value = u8> {
    prop_oneof![3 => Just(1), 3 => 2..5u8]
}

/// From a day ago to a month ahead, or too far.
pub fn starts_in() -> impl Strategy<Value = i64> {
    prop_oneof![4 => -90_000_000..2_600_000_000_i64, 1 => Just(63_244_800_000), 1 => Just(63_244_800_001)]
}

pub fn edit() -> impl Strategy<Value = Edit> {
    let nothing = Edit::default;
    let all = (option::of(any::<bool>()), option::of(kind()), option::of(starts_in()), any::<[u8; 3]>(), any::<bool>());
    prop_oneof![
        2 => any::<bool>().prop_map(move |title| Edit { title: Some(title), ..nothing() }),
        5 => kind().prop_map(move |kind| Edit { kind: Some(kind), ..nothing() }),
        2 => starts_in().prop_map(move |starts_in| Edit { starts_in: Some(starts_in), ..nothing() }),
        3 => any::<u8>().prop_map(move |invite| Edit { invite, ..nothing() }),
        2 => any::<u8>().prop_map(move |uninvite| Edit { uninvite, ..nothing() }),
        2 => any::<u8>().prop_map(move |cohosts| Edit { cohosts: Some(cohosts), ..nothing() }),
        1 => Just(Edit { end: true, ..Edit::default() }),
        1 => all.prop_map(|(title, kind, starts_in, [invite, uninvite, cohosts], end)| Edit {
            title, kind, starts_in, invite, uninvite, cohosts: Some(cohosts), end
        }),
    ]
}

pub fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        20 => (signed_in(), edit()).prop_map(|(by, edit)| Ask::Change(by, edit)),
        1 => signed_in().prop_map(Ask::Delete),
        1 => Just(Ask::Destroy),
        2 => (1..5u8).prop_map(Ask::Forget),
        5 => (1..5u8, any::<bool>()).prop_map(|(person, watch)| Ask::Watch(person, watch)),
    ]
}

pub fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![3 => Just(Verdict::Delivered), 2 => Just(Verdict::Failed), 1 => Just(Verdict::Refused)]
}

/// What a meeting begins as: whether somebody owns it, its kind, who is invited, when, and by letter.
pub fn beginning() -> impl Strategy<Value = NewRoom> {
    let schedule = option::of(0..200_000_000_i64);
    (any::<bool>(), kind(), any::<u8>(), schedule, any::<bool>()).prop_map(
        |(has_owner, kind, mask, starts_in, letters)| {
            let schedule = starts_in.map(|starts_in| {
                let starts_at = starts_at(START, starts_in);
                Schedule { starts_at, duration_minutes: 60, time_zone: None }
            });
            let invite = addresses(mask).into_iter().map(|email| invitee(email, false)).collect();
            let room = owned(kind);
            let (owner, kind) = if has_owner { (room.owner, kind) } else { (None, RoomKind::Public) };
            NewRoom { owner, kind, schedule, invite, letters, host_secret_hash: Some([7; 32]), ..super::new_room() }
        },
    )
}

/// A run: some come in and are carried, then anything happens.
pub fn run() -> impl Strategy<Value = Vec<Step>> {
    let steps = proptest::collection::vec(step(), 1..120);
    (0..SEATS, any::<bool>(), steps).prop_map(|(arrivals, direct, steps)| {
        let arrive =
            |number| [Step::Open(number), Step::Say(0, Say::Join), Step::Fleet(0), Step::Region(0, RegionSays::Taken)];
        // Two of them talk directly before anything else happens, where the meeting lets both in.
        let reach = |socket| Step::Say(socket, Say::Reached(true, true));
        let meet = [Step::Wake(Alarm::Due), reach(0), reach(1)];
        let (arrivals, meet) = if direct { (2, Some(meet)) } else { (arrivals, None) };
        (0..arrivals).flat_map(arrive).chain(meet.into_iter().flatten()).chain(steps).collect()
    })
}

pub fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        Just(SessionEventKind::Connected),
        Just(SessionEventKind::Silent),
        Just(SessionEventKind::Back),
        Just(SessionEventKind::Closed),
    ];
    let epoch = prop_oneof![4 => Just(Epoch::Current), 1 => (0..4u64).prop_map(Epoch::Other)];
    let region = prop_oneof![
        4 => Just(RegionSays::Taken),
        2 => Just(RegionSays::Unavailable),
        1 => Just(RegionSays::Rejected),
    ];
    let alarm =
        prop_oneof![1 => Just(Alarm::Early), 4 => Just(Alarm::Due), 1 => (1..100_000_000u64).prop_map(Alarm::Late)];
    prop_oneof![
        5 => (0..SEATS).prop_map(Step::Open),
        2 => (0..8usize).prop_map(Step::Close),
        30 => (0..6usize, say()).prop_map(|(socket, say)| Step::Say(socket, say)),
        3 => (0..4u8).prop_map(Step::Fleet),
        5 => (0..5usize, region).prop_map(|(call, says)| Step::Region(call, says)),
        4 => (0..SEATS, epoch, 0..3u8, kind)
            .prop_map(|(person, epoch, instance, kind)| Step::Event { person, epoch, instance, kind }),
        6 => ask().prop_map(Step::Ask),
        4 => (0..6usize, verdict()).prop_map(|(mail, verdict)| Step::Posted(mail, verdict)),
        4 => (0..6usize, verdict()).prop_map(|(errand, verdict)| Step::Done(errand, verdict)),
        3 => (1..5u8, any::<bool>()).prop_map(|(person, watching)| Step::Reported(person, watching)),
        3 => (0..20_000u64).prop_map(Step::Wait),
        1 => (0..90_000_000u64).prop_map(Step::Wait),
        1 => (0..5_000u64).prop_map(Step::Back),
        3 => alarm.prop_map(Step::Wake),
        1 => Just(Step::LoseMemory),
        1 => any::<u8>().prop_map(Step::Restart),
    ]
}
