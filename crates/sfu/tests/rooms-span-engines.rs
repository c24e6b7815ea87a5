//! A room whose people are on several engines: everyone sees and hears everyone, each layer that is
//! needed goes over a link once, and what nobody needs anywhere is not sent.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::time::Duration;

use common::{World, client::Client, layers::LAYERS, random::Random, room};
use protocol::{
    id::ParticipantId,
    media::{MediaEvent, PauseReason, Source},
};
use sfu::{EngineId, Input};

const SECOND: Duration = Duration::from_secs(1);

/// One person after the other joins room 1, each on the engine named for them.
fn join(world: &mut World, engines: &[usize]) {
    join_with(world, engines, Client::new);
}

fn join_layered(world: &mut World, engines: &[usize]) {
    join_with(world, engines, Client::with_layers);
}

type Offered = (Client, protocol::signal::MediaOffer);

fn join_with(world: &mut World, engines: &[usize], offer: fn(std::time::Instant, u32) -> Offered) {
    for engine in engines {
        let (client, offer) = offer(world.now, world.clients.len() as u32);
        world.join_at(*engine, 1, client, offer, 1);
    }
    world.run_until(60 * SECOND, |world| world.clients.iter().all(|it| it.closed || it.channel.is_some()));
}

fn wish(world: &mut World, client: usize, tiles: &[(usize, u16)]) {
    let tile = |(of, height): &(usize, u16)| (world.clients[*of].id, Source::Camera, *height, 1);
    let tiles: Vec<(ParticipantId, Source, u16, u8)> = tiles.iter().map(tile).collect();
    world.clients[client].wish_sized(&tiles);
}

/// The layer of the newest frame of somebody that is shown.
fn layer(world: &World, client: usize, of: usize) -> Option<u8> {
    let frames = world.clients[client].players.values().flat_map(|player| &player.shown);
    frames.filter(|frame| frame.publisher == of as u32).max_by_key(|frame| frame.at).map(|frame| frame.layer)
}

fn crossed(world: &World, from: usize, to: usize) -> u64 {
    world.crossed.get(&(from, to)).copied().unwrap_or(0)
}

fn speakers(world: &World, client: usize) -> Vec<ParticipantId> {
    let events = world.clients[client].events.iter().rev();
    let told = events.into_iter().find_map(|(_, event)| match event {
        MediaEvent::Speakers { participants } => Some(participants.clone()),
        _ => None,
    });
    told.unwrap_or_default()
}

/// Whose voices somebody hears in the next second.
fn heard(world: &mut World, by: usize) -> Vec<usize> {
    let count = |world: &World| -> Vec<usize> {
        (0..world.clients.len()).map(|of| world.clients[by].heard_of(of as u32)).collect()
    };
    let before = count(world);
    world.run(SECOND);
    let after = count(world);
    (0..before.len()).filter(|of| after[*of] > before[*of] + 10).collect()
}

#[test]
fn everyone_sees_and_hears_everyone_on_two_and_three_engines() {
    for engines in [2, 3] {
        let mut world = World::linked(engines);
        let places: Vec<usize> = (0..5).map(|number| number % engines).collect();
        join(&mut world, &places);
        world.run(3 * SECOND);
        for (client, of) in (0..5).flat_map(|client| (0..5).map(move |of| (client, of))) {
            let (seen, sounds) = (world.clients[client].shown_of(of).len(), world.clients[client].heard_of(of));
            if client == of as usize {
                assert_eq!((seen, sounds), (0, 0));
            } else if client < 4 || of < 4 {
                assert!(seen > 60, "{client} saw {seen} frames of {of} with {engines} engines");
                assert!(sounds > 100, "{client} heard {sounds} packets of {of} with {engines} engines");
            }
        }
        for client in &world.clients {
            for decoder in client.video.values() {
                assert!(decoder.seen.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1));
            }
        }
    }
}

#[test]
fn each_layer_goes_over_a_link_once_and_nothing_goes_around() {
    let mut world = World::linked(3);
    join(&mut world, &[0, 1, 1, 1, 2]);
    for client in 1..5 {
        world.clients[client].sends_video = false;
        world.clients[client].sends_audio = false;
    }
    world.run(2 * SECOND);
    let before = (world.engine.counters().rtp_in, world.crossed.clone());
    world.run(2 * SECOND);
    let sent = world.engine.counters().rtp_in - before.0;
    assert!(sent > 200, "{sent} packets of one camera and one voice");
    for to in [1, 2] {
        let crossed = crossed(&world, 0, to) - before.1.get(&(0, to)).copied().unwrap_or(0);
        assert!(crossed.abs_diff(sent) <= 2, "{crossed} of {sent} packets to engine {to}");
    }
    for (from, to) in [(1, 0), (1, 2), (2, 0), (2, 1)] {
        let crossed = crossed(&world, from, to) - before.1.get(&(from, to)).copied().unwrap_or(0);
        assert_eq!(crossed, 0, "what came over a link goes over no other: {from} to {to}");
    }
    assert!(world.clients[4].shown_of(0).len() > 60);
    let counters: Vec<_> = (0..3).map(|engine| world.engine_at(engine).counters()).collect();
    let (came, went): (u64, u64) =
        counters.iter().fold((0, 0), |(came, went), it| (came + it.relay_packets_in, went + it.relay_packets_out));
    assert!(went - came <= 4, "{went} went, {came} came");
}

#[test]
fn only_the_layers_that_somebody_there_shows_cross_and_the_rest_is_not_sent() {
    let mut world = World::linked(2);
    join_layered(&mut world, &[0, 1, 1]);
    for client in 1..3 {
        world.clients[client].sends_video = false;
        world.clients[client].sends_audio = false;
    }
    world.clients[0].sends_audio = false;
    wish(&mut world, 0, &[]);
    wish(&mut world, 1, &[(0, 360)]);
    wish(&mut world, 2, &[(0, 360)]);
    world.run(12 * SECOND);
    let sent = |world: &World| world.clients[0].layers.as_ref().unwrap().sent_bytes;
    let (before, crossed_before) = (sent(&world), crossed(&world, 0, 1));
    world.run(4 * SECOND);
    let after = sent(&world);
    assert_eq!((layer(&world, 1, 0), layer(&world, 2, 0)), (Some(1), Some(1)));
    assert!(after[0] > before[0] && after[1] > before[1], "the lowest is at hand, the second is shown");
    assert_eq!(after[2], before[2], "nobody shows the largest");
    // Of both that flow only the second is shown, and by two.
    let packets = crossed(&world, 0, 1) - crossed_before;
    let (least, most) = (4 * LAYERS[1].2 / 8 / 1200, 4 * LAYERS[1].2 / 8 / 500);
    assert!((least..most).contains(&packets), "{packets} packets of the second layer in 4 s");

    for client in 1..3 {
        wish(&mut world, client, &[]);
    }
    world.run(10 * SECOND);
    let (before, crossed_before) = (sent(&world), crossed(&world, 0, 1));
    world.run(2 * SECOND);
    assert_eq!((sent(&world), crossed(&world, 0, 1)), (before, crossed_before), "nobody shows it anywhere");
    // Shown again, it is there at once.
    wish(&mut world, 2, &[(0, 720)]);
    let asked = world.now;
    world.run(3 * SECOND);
    let frames = world.clients[2].players.values().flat_map(|player| &player.shown);
    let first = frames.map(|frame| frame.at).find(|at| *at > asked).unwrap();
    assert!(first - asked < Duration::from_millis(250), "after {:?}", first - asked);
    assert_eq!(layer(&world, 2, 0), Some(2));
}

#[test]
fn numbers_count_on_when_a_tile_changes_between_layers_from_another_engine() {
    let mut world = World::linked(2);
    join_layered(&mut world, &[0, 1]);
    world.clients[1].sends_video = false;
    for height in [720, 180, 360, 90, 1080] {
        wish(&mut world, 1, &[(0, height)]);
        world.run(5 * SECOND);
        let expected = LAYERS.iter().position(|(_, of, _)| *of >= height.min(720)).unwrap();
        assert_eq!(layer(&world, 1, 0), Some(expected as u8), "a tile of {height} pixels");
    }
    let slots: Vec<_> = world.clients[1].layered.values().collect();
    assert_eq!(slots.len(), 1);
    let mut switches = 0;
    for pair in slots[0].windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        assert_eq!(after.sequence, before.sequence + 1, "{before:?} {after:?}");
        let same_frame = (before.piece.layer, before.piece.frame) == (after.piece.layer, after.piece.frame);
        let picture = after.picture.unwrap().wrapping_sub(before.picture.unwrap()) & 0x7fff;
        assert_eq!(picture, u16::from(!same_frame), "{before:?} {after:?}");
        if before.piece.layer != after.piece.layer {
            switches += 1;
            assert!(after.piece.keyframe && after.piece.index == 0, "a switch begins on a keyframe: {after:?}");
        }
    }
    assert!((4..=7).contains(&switches), "{switches} switches");
    let frames: Vec<_> = world.clients[1].players.values().flat_map(|player| &player.shown).collect();
    let longest = frames.windows(2).map(|pair| pair[1].at - pair[0].at).max().unwrap();
    assert!(longest < Duration::from_millis(300), "shown without a gap but {longest:?}");
}

#[test]
fn a_layer_that_its_publisher_stops_is_replaced_on_another_engine_and_comes_back() {
    let mut requests = Vec::new();
    for engines in [[0, 0], [0, 1]] {
        let mut world = World::linked(2);
        join_layered(&mut world, &engines);
        wish(&mut world, 1, &[(0, 720)]);
        world.run(5 * SECOND);
        assert_eq!(layer(&world, 1, 0), Some(2));
        // Its own link has no room for it.
        let layers = world.clients[0].layers.as_mut().unwrap();
        layers.obeys = false;
        (0..3).for_each(|place| layers.set_active(place, place < 2));
        world.run(5 * SECOND);
        assert_eq!(layer(&world, 1, 0), Some(1));
        let before = world.clients[0].keyframe_requests.len();
        world.run(20 * SECOND);
        assert_eq!(layer(&world, 1, 0), Some(1));
        requests.push(world.clients[0].keyframe_requests.len() - before);
        world.clients[0].layers.as_mut().unwrap().set_active(2, true);
        world.run(6 * SECOND);
        assert_eq!(layer(&world, 1, 0), Some(2));
    }
    assert!(requests[1] <= requests[0] + 3, "{requests:?} requests on one engine and on two");
}

#[test]
fn the_loudest_three_and_the_speakers_are_the_same_everywhere() {
    let mut world = World::linked(3);
    let places: Vec<usize> = (0..12).map(|number| number % 3).collect();
    join(&mut world, &places);
    for client in &mut world.clients {
        client.sends_video = false;
        client.level = -60;
    }
    for loud in [2, 5, 7] {
        world.clients[loud].level = -25;
    }
    world.run(3 * SECOND);
    for (by, expected) in [(0, vec![2, 5, 7]), (1, vec![2, 5, 7]), (8, vec![2, 5, 7]), (2, vec![5, 7])] {
        assert_eq!(heard(&mut world, by), expected, "heard by {by}");
    }
    let agree = |world: &World| (1..12).all(|client| speakers(world, client) == speakers(world, 0));
    assert!(agree(&world));
    assert_eq!(speakers(&world, 0).len(), 3);
    // Three voices to each engine that has not got them, and nothing else.
    let before = world.crossed.clone();
    world.run(SECOND);
    let packets: u64 = world.crossed.values().sum::<u64>() - before.values().sum::<u64>();
    assert!((280..320).contains(&packets), "{packets} packets over all links in a second");
    // A little louder is not enough, much louder is.
    world.clients[9].level = -20;
    assert_eq!(heard(&mut world, 1), [2, 5, 7]);
    world.clients[9].level = -5;
    world.clients[5].level = -60;
    world.run(SECOND);
    for by in [0, 1, 8] {
        assert_eq!(heard(&mut world, by), [2, 7, 9], "heard by {by}");
    }
    world.run(SECOND);
    assert!(agree(&world));
    // The engine that ranks loses its last person: another goes on from where it was.
    for client in [0, 3, 6, 9] {
        world.close(1, client, 1);
    }
    world.run(2 * SECOND);
    assert!([2, 4, 5, 7, 8, 10, 11].iter().all(|client| speakers(&world, *client) == speakers(&world, 1)));
    let left: Vec<_> = [2, 7].iter().map(|client| world.clients[*client].id).collect();
    assert!(left.iter().all(|id| speakers(&world, 1).contains(id)) && speakers(&world, 1).len() == 2);
    // A room of eight hears everyone, as far as the slots reach.
    assert_eq!(heard(&mut world, 1).len(), common::client::AUDIO_SLOTS);
}

#[test]
fn what_is_withdrawn_left_or_replaced_on_one_engine_shows_on_the_other() {
    let mut world = World::linked(2);
    join(&mut world, &[0, 1]);
    world.run(2 * SECOND);
    let id = world.clients[0].id;
    let slot = world.clients[1].carries(id, Source::Camera).unwrap().to_owned();
    // A host stops the camera.
    world.grant(1, 0, 1, 1, &[Source::Microphone]);
    world.run(SECOND);
    assert_eq!(world.clients[1].carries(id, Source::Camera), None);
    assert!(world.clients[1].carries(id, Source::Microphone).is_some());
    let seen = world.clients[1].shown_of(0).len();
    assert_eq!(heard(&mut world, 1), [0]);
    assert_eq!(world.clients[1].shown_of(0).len(), seen);
    world.grant(1, 0, 1, 2, &common::ALL);
    world.run(2 * SECOND);
    assert!(world.clients[1].shown_of(0).len() > seen + 40, "permitted again, it begins with a keyframe");
    // They return with a new session.
    let (mut again, offer) = Client::new(world.now, 9);
    again.id = id;
    world.join_at(0, 1, again, offer, 2);
    world.run(3 * SECOND);
    assert!(world.clients[0].closed);
    assert_eq!(world.clients[1].carries(id, Source::Camera), Some(slot.as_str()));
    assert!(world.clients[1].shown_of(9).len() > 50);
    let sequences: Vec<u64> = world.clients[1].video[&slot].seen.iter().map(|seen| seen.sequence).collect();
    assert!(sequences.windows(2).all(|pair| pair[1] == pair[0] + 1), "numbering goes on in the slot");
    let free = |world: &World| world.clients[1].history.iter().filter(|(_, slots)| slots[&slot].is_none()).count();
    let before = free(&world);
    world.close(1, 2, 2);
    world.run(SECOND);
    assert_eq!(world.clients[1].carries(id, Source::Camera), None);
    assert_eq!(free(&world), before + 1, "freed once, not while they returned");
    assert_eq!((world.engine.counters().rooms, world.further[0].counters().rooms), (0, 1));
    // The room begins anew where it was empty.
    join(&mut world, &[0]);
    world.run(2 * SECOND);
    assert!(world.clients[1].shown_of(3).len() > 20 && world.clients[3].shown_of(1).len() > 20);
}

#[test]
fn a_link_that_loses_packets_harms_only_what_crosses_it_and_one_made_anew_heals() {
    let mut world = World::linked(2);
    join(&mut world, &[0, 0, 1]);
    world.run(2 * SECOND);
    let shown = |world: &World, client: usize, of: u32| world.clients[client].shown_of(of).len();
    world.links_fail = true;
    world.run(100 * Duration::from_millis(1));
    let before = (shown(&world, 1, 0), shown(&world, 2, 0));
    world.run(2 * SECOND);
    assert!(shown(&world, 1, 0) > before.0 + 50, "on the same engine all is well");
    assert!(shown(&world, 2, 0) <= before.1 + 3);
    world.links_fail = false;
    let before = shown(&world, 2, 0);
    world.run(3 * SECOND);
    assert!(shown(&world, 2, 0) > before + 30, "it goes on with a keyframe");
    let id = world.clients[0].id;
    // One end loses the other and finds it again; nothing of what was said meanwhile is known.
    world.input(1, Input::Unlink { peer: EngineId(0) });
    world.drain_engine();
    world.run(SECOND);
    assert_eq!(world.clients[2].carries(id, Source::Camera), None);
    assert!(world.clients[1].carries(id, Source::Camera).is_some());
    world.close(1, 1, 1);
    world.run(SECOND);
    world.input(1, Input::Link { own: EngineId(1), peer: EngineId(0) });
    world.drain_engine();
    let (here, there) = (shown(&world, 2, 0), shown(&world, 0, 2));
    world.run(3 * SECOND);
    assert!(shown(&world, 2, 0) > here + 30 && shown(&world, 0, 2) > there + 30);
    assert_eq!(world.clients[2].carries(world.clients[1].id, Source::Camera), None);
}

#[test]
fn many_on_another_engine_who_join_at_once_cost_the_publisher_few_keyframes() {
    let mut world = World::linked(2);
    join_layered(&mut world, &[0]);
    world.run(3 * SECOND);
    let (before, joined) = (world.clients[0].keyframe_requests.len(), world.now);
    for number in 1..10 {
        let (client, offer) = Client::with_layers(world.now, number);
        let index = world.join_at(1, 1, client, offer, 1);
        world.clients[index].sends_video = false;
        world.clients[index].sends_audio = false;
    }
    world.run(5 * SECOND);
    let requests = world.clients[0].keyframe_requests.len() - before;
    assert!((1..=5).contains(&requests), "{requests} requests for nine who joined");
    for client in 1..10 {
        let frames = world.clients[client].players.values().flat_map(|player| &player.shown);
        let first = frames.map(|frame| frame.at).min().unwrap();
        assert!(first - joined < Duration::from_millis(500), "{client} waited {:?}", first - joined);
    }
}

#[test]
fn a_thin_link_to_a_browser_is_divided_over_tiles_from_both_engines() {
    let mut world = World::linked(2);
    join_layered(&mut world, &[0, 0, 1]);
    let address = world.clients[2].address;
    world.network.links.insert(address, common::network::Link::new(400_000));
    wish(&mut world, 2, &[(0, 720), (1, 720)]);
    world.run(20 * SECOND);
    assert_eq!((layer(&world, 2, 0), layer(&world, 2, 1)), (Some(0), Some(0)), "both a little");
    // The two voices alone take 122 kbit/s with their headers.
    world.network.links.insert(address, common::network::Link::new(150_000));
    let told = world.clients[2].events.len();
    let is_told = |world: &World| {
        world.clients[2].events.iter().skip(told).any(|(_, event)| match event {
            MediaEvent::Paused { tiles } => tiles.iter().any(|tile| tile.reason == PauseReason::Bandwidth),
            _ => false,
        })
    };
    // What no longer fits is paused, and that is told.
    world.run_until(20 * SECOND, is_told);
    world.run(10 * SECOND);
    world.network.links.insert(address, common::network::Link::new(8_000_000));
    world.run(20 * SECOND);
    assert_eq!((layer(&world, 2, 0), layer(&world, 2, 1)), (Some(2), Some(2)));
}

#[test]
fn what_linked_engines_say_of_rooms_and_tracks_that_are_not_there_changes_nothing() {
    let mut world = World::linked(2);
    join(&mut world, &[0]);
    world.run(SECOND);
    // Another room on the other engine is its own.
    let (client, offer) = Client::new(world.now, 1);
    let mut open = sfu::Open { room: room(2), participant: client.id, epoch: 1, publish: common::ALL.to_vec(), offer };
    open.room = room(2);
    world.input(1, Input::Open(sfu::RequestId(7), Box::new(open)));
    world.drain_engine();
    world.run(2 * SECOND);
    assert_eq!(world.crossed.values().sum::<u64>(), 0);
    assert_eq!((world.engine.counters().rooms, world.further[0].counters().rooms), (1, 1));
}

/// Somebody in the room: the place of their browser, their engine, their session and its newest grant.
struct Present {
    client: usize,
    engine: usize,
    epoch: u64,
    grant: u64,
    shows: bool,
}

#[test]
fn whatever_happens_on_whichever_engine_all_end_up_with_the_same_room() {
    for seed in 1..=4 {
        let (mut world, mut random) = (World::linked(3), Random::new(seed));
        let mut people: Vec<Present> = Vec::new();
        for _ in 0..30 {
            let chosen = random.below(people.len().max(1));
            match random.below(8) {
                0..=2 if people.len() < 6 => {
                    let engine = random.below(3);
                    let (client, offer) = Client::new(world.now, world.clients.len() as u32);
                    let client = world.join_at(engine, 1, client, offer, 1);
                    people.push(Present { client, engine, epoch: 1, grant: 0, shows: true });
                }
                3 if !people.is_empty() => {
                    let Present { client, engine, epoch, .. } = people.remove(chosen);
                    until_told(&mut world, client);
                    let participant = world.clients[client].id;
                    world.input(engine, Input::Close { room: room(1), participant, epoch });
                }
                4 | 5 if !people.is_empty() => {
                    let it = &mut people[chosen];
                    (it.grant, it.shows) = (it.grant + 1, !it.shows);
                    let publish = if it.shows { common::ALL.to_vec() } else { vec![Source::Microphone] };
                    let (participant, epoch, grant) = (world.clients[it.client].id, it.epoch, it.grant);
                    let engine = it.engine;
                    world.input(engine, Input::Grant { room: room(1), participant, epoch, grant, publish });
                }
                6 if !people.is_empty() => {
                    let it = &mut people[chosen];
                    until_told(&mut world, it.client);
                    let (mut again, offer) = Client::new(world.now, world.clients.len() as u32);
                    again.id = world.clients[it.client].id;
                    (it.epoch, it.grant, it.shows) = (it.epoch + 1, 0, true);
                    it.client = world.join_at(it.engine, 1, again, offer, it.epoch);
                }
                7 => {
                    let own = random.below(3);
                    let (own, peer) = (EngineId(own as u32), EngineId(((own + 1 + random.below(2)) % 3) as u32));
                    world.input(own.0 as usize, Input::Unlink { peer });
                    world.drain_engine();
                    world.run(Duration::from_millis(random.below(300) as u64));
                    world.input(own.0 as usize, Input::Link { own, peer });
                }
                _ => {}
            }
            world.drain_engine();
            world.run(Duration::from_micros(random.below(3) as u64 * random.below(200_000) as u64));
        }
        world.run_until(60 * SECOND, |world| {
            people.iter().all(|it| world.clients[it.client].connected && world.clients[it.client].channel.is_some())
        });
        world.run(3 * SECOND);
        let shown = |world: &World, by: &Present, of: &Present| {
            world.clients[by.client].shown_of(world.clients[of.client].number).len()
        };
        let pairs = || people.iter().flat_map(|by| people.iter().map(move |of| (by, of)));
        let before: Vec<usize> = pairs().map(|(by, of)| shown(&world, by, of)).collect();
        world.run(2 * SECOND);
        for ((by, of), before) in pairs().zip(before) {
            let expected = of.shows && by.client != of.client;
            let carried = world.clients[by.client].carries(world.clients[of.client].id, Source::Camera).is_some();
            assert_eq!(
                carried, expected,
                "seed {seed}: {} at {} of {} at {}",
                by.client, by.engine, of.client, of.engine
            );
            let more = shown(&world, by, of) - before;
            assert_eq!(more > 40, expected, "seed {seed}: {more} frames at {} of {}", by.client, of.client);
        }
        for it in &people {
            let slots = world.clients[it.client].slots.values().flatten();
            let voices = slots.filter(|track| track.source == Source::Microphone).count();
            assert_eq!(voices, (people.len() - 1).min(common::client::AUDIO_SLOTS), "seed {seed}");
        }
        let sessions: u64 = (0..3).map(|engine| world.engine_at(engine).counters().sessions).sum();
        assert_eq!(sessions, people.len() as u64, "seed {seed}");
    }
}

/// Waits until a browser can be told things, goodbye among them.
fn until_told(world: &mut World, client: usize) {
    world.run_until(60 * SECOND, |world| world.clients[client].channel.is_some());
}
