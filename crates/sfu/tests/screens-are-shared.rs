//! A screen and its sound are tracks of their own, offered before anything is shared.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::time::Duration;

use common::{
    ALL, World,
    client::{AUDIO_SLOTS, Client, SCREEN},
    network::Link,
};
use protocol::media::Source;

/// Joins this many who could share, and waits until they are connected.
fn join_all(world: &mut World, count: u32) {
    for number in 0..count {
        let (client, offer) = Client::with_screen(world.now, number);
        world.join_as(1, client, offer, 1, &ALL);
    }
    world.run_until(Duration::from_secs(60), |world| {
        world.clients.iter().all(|client| client.connected && client.channel.is_some())
    });
}

#[test]
fn a_screen_is_seen_by_those_who_wish_it() {
    let mut world = World::fair();
    join_all(&mut world, 3);
    world.run(Duration::from_secs(1));
    world.clients[0].sends_screen = true;
    world.run(Duration::from_secs(1));
    let id = world.clients[0].id;
    assert_eq!(world.clients[1].carries(id, Source::Screen), None, "the region itself chooses cameras");
    let wished = world.now;
    world.clients[1].wish(&[(id, Source::Screen), (id, Source::Camera)]);
    world.run(Duration::from_secs(2));
    let shown = world.clients[1].shown_of(SCREEN);
    assert!(shown[0].1 - wished < Duration::from_millis(200), "after {:?}", shown[0].1 - wished);
    assert!(shown.len() > 50);
    assert_eq!(world.clients[2].shown_of(SCREEN), []);
    assert!(world.clients[1].shown_of(0).len() > 80, "the person is seen beside it");
    assert_eq!(world.clients[0].screen_requests.len(), 1, "the screen is asked for a keyframe");
    assert!(world.clients[1].heard_of(SCREEN) > 20 && world.clients[2].heard_of(SCREEN) > 20, "all hear it");
}

#[test]
fn a_lost_picture_of_a_screen_is_asked_for_at_the_screen() {
    let mut world = World::fair();
    join_all(&mut world, 2);
    world.clients[0].sends_screen = true;
    let id = world.clients[0].id;
    world.clients[1].wish(&[(id, Source::Screen), (id, Source::Camera)]);
    world.run(Duration::from_secs(2));
    let before = (world.clients[0].screen_requests.len(), world.clients[0].keyframe_requests.len());
    let mid = str0m::media::Mid::from(world.clients[1].carries(id, Source::Screen).unwrap());
    let mut direct = world.clients[1].rtc.direct_api();
    direct.stream_rx_by_mid(mid, None).unwrap().request_keyframe(str0m::media::KeyframeRequestKind::Pli);
    world.run(Duration::from_secs(1));
    let after = (world.clients[0].screen_requests.len(), world.clients[0].keyframe_requests.len());
    assert_eq!(after, (before.0 + 1, before.1));
}

#[test]
fn several_screens_at_once_have_a_slot_each() {
    let mut world = World::fair();
    join_all(&mut world, 3);
    let ids: Vec<_> = world.clients.iter().map(|client| client.id).collect();
    for sharer in [0, 1] {
        world.clients[sharer].sends_screen = true;
    }
    world.clients[2].wish(&[(ids[0], Source::Screen), (ids[1], Source::Screen), (ids[0], Source::Camera)]);
    world.run(Duration::from_secs(2));
    for sharer in [0, 1] {
        assert!(world.clients[2].shown_of(sharer + SCREEN).len() > 45);
    }
    world.grant(1, 0, 1, 1, &[Source::Microphone, Source::Camera]);
    world.run(Duration::from_millis(60));
    let seen = |world: &World, of: u32| {
        (world.clients[2].seen_of(of + SCREEN, true).len(), world.clients[2].seen_of(of + SCREEN, false).len())
    };
    let before = [seen(&world, 0), seen(&world, 1)];
    world.run(Duration::from_secs(1));
    let after = [seen(&world, 0), seen(&world, 1)];
    assert_eq!(before[0], after[0], "neither picture nor sound of the first");
    assert!(after[1].0 > before[1].0 + 20 && after[1].1 > before[1].1 + 20, "the second goes on");
    assert!(world.clients[2].shown_of(0).len() > 60, "so does the camera of the first");
}

#[test]
fn pages_of_text_come_over_a_slow_link_before_faces_while_voices_go_on() {
    let mut world = World::fair();
    for (client, offer) in
        [Client::with_layers(world.now, 0), Client::with_screen(world.now, 1), Client::with_layers(world.now, 2)]
    {
        world.join_as(1, client, offer, 1, &ALL);
    }
    world.run_until(Duration::from_secs(60), |world| world.clients.iter().all(|client| client.channel.is_some()));
    world.clients[1].sends_video = false;
    world.clients[1].sends_audio = false;
    world.clients[0].redundant = true;
    let address = world.clients[2].address;
    world.network.links.insert(address, Link::new(500_000));
    let ids: Vec<_> = world.clients.iter().map(|client| client.id).collect();
    world.clients[2].wish_sized(&[(ids[1], Source::Screen, 1080, 2), (ids[0], Source::Camera, 180, 1)]);
    world.run(Duration::from_secs(10));
    // 80 kB, which take the link 1.3 s.
    world.clients[1].page = Some(80);
    world.clients[1].sends_screen = true;
    let (began, first_voice) = (world.now, world.clients[0].next_voice());
    world.run(Duration::from_secs(30));
    let pages: Vec<_> = world.clients[2].shown_of(1 + SCREEN).iter().map(|(_, at)| *at - began).collect();
    println!("pages shown after {pages:?}");
    // The picture of a page that lost a part waits for the next; mostly five or six come.
    assert!(pages.len() >= 3, "of six pages came {pages:?}");
    assert!(pages[0] < Duration::from_secs(5), "the first at {pages:?}");
    let voices = first_voice..world.clients[0].next_voice() - 50;
    let sent = voices.len();
    let heard = voices.filter(|frame| world.clients[2].heard.contains(&(0, *frame))).count();
    println!("{heard} of {sent} voice packets heard");
    assert!(heard * 100 >= sent * 93, "{heard} of {sent} voice packets");
}

#[test]
fn the_sound_of_a_screen_is_heard_before_all_voices_while_it_sounds() {
    let mut world = World::fair();
    let voices = AUDIO_SLOTS as u32 + 2;
    join_all(&mut world, voices);
    for client in &mut world.clients {
        client.sends_video = false;
        client.level = -15;
    }
    world.run(Duration::from_secs(2));
    let voices_heard = |world: &World| {
        let carries = |of: usize| world.clients[0].carries(world.clients[of].id, Source::Microphone).is_some();
        (1..voices as usize).filter(|of| carries(*of)).count()
    };
    assert_eq!(voices_heard(&world), AUDIO_SLOTS, "screens that could be shared take no voice's slot");
    let sharer = voices as usize - 1;
    let began = world.now;
    world.clients[sharer].sends_screen = true;
    world.run_until(Duration::from_secs(2), |world| world.clients[0].heard_of(voices - 1 + SCREEN) > 0);
    assert!(world.now - began < Duration::from_millis(700), "heard after {:?}", world.now - began);
    world.run(Duration::from_secs(3));
    assert!(world.clients[0].heard_of(voices - 1 + SCREEN) > 80, "it has no level and is heard all the same");
    assert_eq!(voices_heard(&world), AUDIO_SLOTS - 1);
    world.clients[sharer].sends_screen = false;
    world.run(Duration::from_secs(3));
    assert_eq!(voices_heard(&world), AUDIO_SLOTS, "a screen that fell silent gives its slot back");
}
