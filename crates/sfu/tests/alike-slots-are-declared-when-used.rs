//! Slots that are alike are answered as one to the transport, and work like any other once they carry
//! something.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::{collections::BTreeSet, time::Duration};

use common::{ALL, World, client::Client};
use protocol::signal::MediaOffer;

/// Four people join with what `offered` makes of their offers, and are there for a while.
fn call(offered: impl Fn(MediaOffer) -> MediaOffer) -> World {
    let mut world = World::fair();
    for number in 0..4 {
        let (client, offer) = Client::with_slots(world.now, number, 4, 9);
        world.join_as(1, client, offered(offer), 1, &ALL);
    }
    world.run_until(Duration::from_secs(60), |world| world.clients.iter().all(|client| client.channel.is_some()));
    world.run(Duration::from_secs(5));
    for (me, other) in (0..4).flat_map(|me| (0..4).map(move |other| (me, other))).filter(|(me, other)| me != other) {
        let client = &world.clients[me];
        let (shown, heard) = (client.shown_of(other as u32).len(), client.heard_of(other as u32));
        assert!(shown > 140, "{me} saw {shown} frames of {other}");
        assert!(heard > 200, "{me} heard {heard} packets of {other}");
    }
    world
}

/// Whether sound came with transport-wide numbers.
fn numbered(world: &World) -> BTreeSet<bool> {
    let sound = world.clients.iter().flat_map(|client| client.audio.values().flatten());
    sound.map(|seen| seen.is_numbered).collect()
}

/// An offer without the transport-wide numbers in its sections for sound, as Firefox makes it.
fn without_numbered_sound(offer: MediaOffer) -> MediaOffer {
    let mut is_sound = false;
    let kept = |line: &&str| {
        is_sound = if line.starts_with("m=") { line.starts_with("m=audio") } else { is_sound };
        !(is_sound && line.contains("transport-wide-cc"))
    };
    let sdp: String = offer.sdp.as_str().split_inclusive('\n').filter(kept).collect();
    MediaOffer { sdp: sdp.parse().unwrap(), ..offer }
}

#[test]
fn every_slot_works_and_all_is_numbered_transport_wide() {
    assert_eq!(numbered(&call(|offer| offer)), BTreeSet::from([true]));
}

#[test]
fn what_a_browser_does_not_number_is_not_numbered_on_any_slot() {
    assert_eq!(numbered(&call(without_numbered_sound)), BTreeSet::from([false]));
}

#[test]
fn every_section_is_answered_in_its_place_with_streams_of_its_own() {
    let (_, offer) = Client::with_slots(std::time::Instant::now(), 7, 3, 5);
    let mids = |sdp: &str| -> Vec<String> {
        sdp.lines().filter_map(|line| line.strip_prefix("a=mid:")).map(str::to_owned).collect()
    };
    let asked = mids(offer.sdp.as_str());
    let mut world = World::fair();
    let (client, _) = Client::new(world.now, 7);
    let open = sfu::Open { room: common::room(1), participant: client.id, epoch: 1, publish: ALL.to_vec(), offer };
    let answer = world.open(open).unwrap();
    assert_eq!(mids(answer.sdp.as_str()), asked);
    let streams = |prefix: &str| -> Vec<String> {
        let lines = answer.sdp.as_str().lines().filter_map(|line| line.strip_prefix(prefix));
        lines.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
    };
    let named: BTreeSet<String> = streams("a=ssrc:").into_iter().collect();
    assert_eq!(named.len(), 3 + 2 * 5, "a stream for each slot, and one of repairs for each picture");
    let tracks = streams("a=msid:").into_iter().collect::<BTreeSet<_>>();
    assert!(tracks.len() >= 8, "{tracks:?}");
}
