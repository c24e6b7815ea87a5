//! A source that was taken away stops at the region, whatever its browser does, and comes back whole.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::time::Duration;

use common::{ALL, World, client::Client, random::Random, room};
use protocol::{
    id::ParticipantId,
    media::{MediaEvent, Source},
};
use sfu::Input;

const WITHOUT_VOICE: [Source; 3] = [Source::Camera, Source::Screen, Source::ScreenAudio];
const WITHOUT_PICTURE: [Source; 3] = [Source::Microphone, Source::Screen, Source::ScreenAudio];

/// More than the way from the region to a browser.
const UNDER_WAY: Duration = Duration::from_millis(60);

fn last_speakers(world: &World, client: usize) -> Option<&[ParticipantId]> {
    world.clients[client].events.iter().rev().find_map(|(_, event)| match event {
        MediaEvent::Speakers { participants } => Some(participants.as_slice()),
        _ => None,
    })
}

fn assert_continuous(world: &World) {
    for client in &world.clients {
        let sounds = client.audio.values().map(|seen| seen.iter().map(|seen| seen.sequence).collect::<Vec<_>>());
        let pictures =
            client.video.values().map(|decoder| decoder.seen.iter().map(|seen| seen.sequence).collect::<Vec<_>>());
        for sequences in sounds.chain(pictures) {
            assert!(sequences.windows(2).all(|pair| pair[1] == pair[0] + 1), "numbering goes on in the slot");
        }
    }
}

#[test]
fn a_muted_voice_reaches_nobody_and_everything_else_goes_on() {
    let mut world = World::fair();
    world.join_all(1, 3);
    world.run(Duration::from_secs(1));
    let id = world.clients[0].id;
    let muted = world.now;
    let unsaid = world.clients[0].next_voice();
    world.grant(1, 0, 1, 1, &WITHOUT_VOICE);
    world.run(UNDER_WAY);
    for listener in [1, 2] {
        assert_eq!(world.clients[listener].carries(id, Source::Microphone), None);
    }
    let before: Vec<(usize, usize)> =
        [1, 2].map(|of| (world.clients[of].shown_of(0).len(), world.clients[of].heard_of(3 - of as u32))).into();
    let withheld = world.counters().rtp_withheld;
    world.run(Duration::from_secs(3));
    for (listener, (shown, heard)) in [1, 2].into_iter().zip(before) {
        let client = &world.clients[listener];
        let voice = client.seen_of(0, false);
        assert!(voice.last().unwrap().piece.frame < unsaid, "nothing that was said since");
        assert!(voice.iter().all(|seen| seen.at < muted + UNDER_WAY));
        assert!(client.shown_of(0).len() > shown + 80, "the picture of the same person goes on");
        assert!(client.heard_of(3 - listener as u32) > heard + 140, "so do the others");
    }
    assert!(world.clients[0].heard_of(1) > 190, "who is muted hears everybody");
    assert!((145..=155).contains(&(world.counters().rtp_withheld - withheld)), "each packet is counted");
    assert_eq!((world.counters().grants, world.counters().grants_ignored), (1, 0));

    let first = world.clients[0].next_voice();
    let granted = world.now;
    world.grant(1, 0, 1, 2, &ALL);
    world.run(Duration::from_secs(1));
    for listener in [1, 2] {
        let again = world.clients[listener].seen_of(0, false).into_iter().find(|seen| seen.at > granted).unwrap();
        assert!(again.at - granted < Duration::from_millis(100), "heard again at once");
        // What is on its way when the grant comes counts as said after it.
        assert!(again.piece.frame + 2 >= first, "{} was said while muted, {first} is the first", again.piece.frame);
    }
    assert_continuous(&world);
}

#[test]
fn a_picture_that_was_taken_away_comes_back_with_a_keyframe() {
    let mut world = World::fair();
    world.join_all(1, 3);
    world.run(Duration::from_secs(1));
    let id = world.clients[0].id;
    let unseen = world.clients[0].sent.len() as u32;
    world.grant(1, 0, 1, 1, &WITHOUT_PICTURE);
    let asked = world.clients[0].keyframe_requests.len();
    world.run(Duration::from_secs(3));
    // Neither newcomers nor those who miss the picture make the region ask for one.
    world.join_all(1, 1);
    world.run(Duration::from_secs(2));
    assert_eq!(world.clients[0].keyframe_requests.len(), asked);
    for viewer in [1, 2, 3] {
        let seen = world.clients[viewer].seen_of(0, true);
        assert!(seen.iter().all(|seen| seen.piece.frame < unseen), "nothing since");
        assert_eq!(world.clients[viewer].carries(id, Source::Camera), None);
    }
    assert!(world.clients[3].shown_of(1).len() > 30, "other pictures are there");

    let (granted, first) = (world.now, world.clients[0].sent.len() as u32);
    world.grant(1, 0, 1, 2, &ALL);
    world.run(Duration::from_secs(1));
    assert!((1..=2).contains(&(world.clients[0].keyframe_requests.len() - asked)), "asked once for all three");
    for viewer in [1, 2, 3] {
        let client = &world.clients[viewer];
        let again = client.seen_of(0, true).into_iter().find(|seen| seen.at > granted).unwrap();
        assert!(again.piece.keyframe && again.piece.index == 0, "it starts where a decoder can");
        assert!(again.piece.frame >= first, "with a frame from after");
        let shown = client.shown_of(0).into_iter().find(|(_, at)| *at > granted).unwrap().1;
        assert!(shown - granted < Duration::from_millis(250), "shown after {:?}", shown - granted);
        assert!(client.shown_of(0).len() > 20);
    }
    assert_continuous(&world);
}

#[test]
fn a_quick_off_and_on_replays_nothing_from_before() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.run(Duration::from_secs(1));
    // A keyframe has just passed, fresh enough to start newcomers with.
    world.join_all(1, 1);
    world.run(Duration::from_millis(200));
    let frames = world.clients[0].sent.len() as u32;
    world.grant(1, 0, 1, 1, &WITHOUT_PICTURE);
    let off = world.now;
    world.run(Duration::from_millis(100));
    world.grant(1, 0, 1, 2, &ALL);
    world.run(Duration::from_secs(2));
    for viewer in [1, 2] {
        let seen = world.clients[viewer].seen_of(0, true);
        let again = seen.iter().find(|seen| seen.at > off + UNDER_WAY).unwrap();
        assert!(again.piece.keyframe && again.piece.frame > frames, "{:?}", again.piece);
    }
    assert_continuous(&world);
}

#[test]
fn who_is_muted_is_nobodys_speaker() {
    let mut world = World::fair();
    world.join_all(1, 3);
    world.clients[1].level = -20;
    world.run(Duration::from_secs(2));
    let id = world.clients[1].id;
    assert_eq!(last_speakers(&world, 0), Some([id].as_slice()));
    world.grant(1, 1, 1, 1, &WITHOUT_VOICE);
    world.run(UNDER_WAY);
    for client in 0..3 {
        assert_eq!(last_speakers(&world, client), Some([].as_slice()), "forgotten at once");
    }
    let told = world.clients[0].events.len();
    world.run(Duration::from_secs(3));
    assert_eq!(world.clients[0].events.len(), told, "speaking on changes nothing");
    world.grant(1, 1, 1, 2, &ALL);
    world.run(Duration::from_secs(1));
    assert_eq!(last_speakers(&world, 0), Some([id].as_slice()));
}

#[test]
fn the_slot_of_a_muted_voice_goes_to_the_next() {
    let mut world = World::fair();
    let (listener, offer) = Client::with_slots(world.now, 0, 1, 1);
    world.join_as(1, listener, offer, 1, &ALL);
    world.join_all(1, 2);
    world.clients[1].level = -20;
    world.clients[2].level = -40;
    world.run(Duration::from_secs(2));
    let (loud, quiet) = (world.clients[1].id, world.clients[2].id);
    assert!(world.clients[0].carries(loud, Source::Microphone).is_some());
    world.grant(1, 1, 1, 1, &WITHOUT_VOICE);
    world.run(UNDER_WAY);
    assert!(world.clients[0].carries(quiet, Source::Microphone).is_some(), "without waiting for the next look");
    world.run(Duration::from_secs(2));
    assert!(world.clients[0].carries(quiet, Source::Microphone).is_some());
    assert_continuous(&world);
}

#[test]
fn what_was_never_permitted_may_be_later() {
    let mut world = World::fair();
    let (client, offer) = Client::new(world.now, 0);
    world.join_as(1, client, offer, 1, &[]);
    world.join_all(1, 1);
    world.run(Duration::from_secs(2));
    assert_eq!((world.clients[1].shown_of(0).len(), world.clients[1].heard_of(0)), (0, 0));
    world.grant(1, 0, 1, 1, &ALL);
    world.run(Duration::from_secs(1));
    assert!(world.clients[1].shown_of(0).len() > 15 && world.clients[1].heard_of(0) > 40);
}

#[test]
fn an_old_grant_changes_nothing() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.grant(1, 0, 1, 5, &WITHOUT_VOICE);
    for old in [0, 1, 4, 5] {
        world.grant(1, 0, 1, old, &ALL);
    }
    assert_eq!((world.counters().grants, world.counters().grants_ignored), (1, 4));
    world.run(UNDER_WAY);
    let heard = world.clients[1].heard_of(0);
    world.run(Duration::from_secs(1));
    assert_eq!(world.clients[1].heard_of(0), heard);
    world.grant(1, 0, 1, 6, &ALL);
    world.run(Duration::from_secs(1));
    assert!(world.clients[1].heard_of(0) > heard + 40);
}

#[test]
fn a_new_session_counts_its_grants_anew() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.grant(1, 0, 1, u64::MAX, &ALL);
    let (mut again, offer) = Client::new(world.now, 2);
    again.id = world.clients[0].id;
    world.join_as(1, again, offer, 2, &ALL);
    world.run(Duration::from_secs(2));
    assert!(world.clients[1].heard_of(2) > 50);
    world.grant(1, 0, 1, u64::MAX, &[]);
    world.grant(1, 0, 2, 1, &WITHOUT_VOICE);
    world.run(UNDER_WAY);
    let (heard, shown) = (world.clients[1].heard_of(2), world.clients[1].shown_of(2).len());
    world.run(Duration::from_secs(1));
    assert_eq!(world.clients[1].heard_of(2), heard, "the grant for this session counts");
    assert!(world.clients[1].shown_of(2).len() > shown + 20, "the one for the session before does not");
}

#[test]
fn a_grant_for_nobody_is_harmless() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.run(Duration::from_secs(1));
    let nobody = ParticipantId(uuid::Uuid::from_u128(99));
    let somebody = world.clients[0].id;
    for (number, participant, epoch) in
        [(9, somebody, 1), (1, nobody, 1), (1, somebody, 0), (1, somebody, 2), (1, somebody, u64::MAX)]
    {
        let publish = Vec::new();
        world.engine.handle(world.now, Input::Grant { room: room(number), participant, epoch, grant: 1, publish });
        assert!(world.engine.poll_output().is_none(), "nobody is told anything");
    }
    world.close(1, 1, 1);
    world.grant(1, 1, 1, 2, &ALL);
    assert_eq!((world.counters().grants, world.counters().grants_ignored), (0, 6));
    assert_eq!((world.counters().sessions, world.counters().rooms), (1, 1));
    // Nor does it stand in the way of a session that opens later.
    let (mut again, offer) = Client::new(world.now, 3);
    again.id = somebody;
    world.join_as(1, again, offer, 2, &ALL);
    world.run(Duration::from_secs(1));
    assert_eq!(world.counters().rtp_withheld, 0);
}

#[test]
fn whatever_is_said_the_newest_counts() {
    for seed in 0..4 {
        let mut world = World::new(seed, common::network::Weather::FAIR);
        world.join_all(1, 3);
        let mut random = Random::new(seed + 100);
        let mut newest = (0, ALL.to_vec());
        for _ in 0..200 {
            let publish: Vec<Source> = (0..random.below(7)).map(|_| ALL[random.below(ALL.len())]).collect();
            let (room, epoch, grant) =
                (1 + random.below(8) as u64 / 7, random.below(8) as u64 / 6, random.below(60) as u64);
            world.grant(room, 0, 1 - epoch, grant, &publish);
            if room == 1 && epoch == 0 && grant > newest.0 {
                newest = (grant, publish);
            }
            world.run(Duration::from_millis(random.below(40) as u64));
        }
        world.run(UNDER_WAY);
        let flows =
            |world: &World| [1, 2].map(|of| [false, true].map(|video| world.clients[of].seen_of(0, video).len()));
        let before = flows(&world);
        world.run(Duration::from_secs(2));
        let after = flows(&world);
        for listener in [0, 1] {
            for (kind, source) in [Source::Microphone, Source::Camera].into_iter().enumerate() {
                let flowed = after[listener][kind] > before[listener][kind];
                assert_eq!(flowed, newest.1.contains(&source), "seed {seed}: {source:?} after {newest:?}");
            }
        }
        assert!(world.clients[2].heard_of(1) > 50);
        assert_continuous(&world);
    }
}
