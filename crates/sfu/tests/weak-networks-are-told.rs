//! Whoever sees or hears somebody is told when that person's network is not good, and so are they.

#![allow(clippy::indexing_slicing, reason = "a test stops at what it did not expect")]

mod common;

use std::{collections::VecDeque, time::Duration};

use common::{World, client::Client, network::Link};
use protocol::{
    id::ParticipantId,
    media::{MediaEvent, WeakNetwork, WeakQuality},
};

const SECOND: Duration = Duration::from_secs(1);

/// What a client was told last, and how often.
fn told(world: &World, client: usize) -> (Option<Vec<WeakNetwork>>, usize) {
    let events = world.clients[client].events.iter();
    let mut told: VecDeque<_> = events
        .filter_map(|(_, event)| match event {
            MediaEvent::Networks { weak } => Some(weak.clone()),
            _ => None,
        })
        .collect();
    let times = told.len();
    (told.pop_back(), times)
}

#[test]
fn a_lossy_network_is_told_to_its_owner_and_to_who_sees_them_until_it_is_good() {
    let mut world = World::fair();
    for number in 0..3 {
        let (client, offer) = Client::with_layers(world.now, number);
        // The third is in another room.
        world.join_as(if number == 2 { 2 } else { 1 }, client, offer, 1, &common::ALL);
    }
    world.run(5 * SECOND);
    assert_eq!([0, 1, 2].map(|client| told(&world, client)), [(None, 0), (None, 0), (None, 0)]);

    let address = world.clients[1].address;
    let link = Link { loss: 0.25, ..Link::new(100_000_000) };
    world.network.links.insert(address, link);
    world.run(10 * SECOND);
    let weak = |participant: ParticipantId| vec![WeakNetwork { participant, quality: WeakQuality::Poor }];
    let whose = world.clients[1].id;
    for client in [0, 1] {
        let (last, times) = told(&world, client);
        assert_eq!(last, Some(weak(whose)));
        assert!(times <= 2, "told {times} times");
    }
    assert_eq!(told(&world, 2), (None, 0));

    world.network.links.remove(&address);
    world.run(20 * SECOND);
    for client in [0, 1] {
        assert_eq!(told(&world, client).0, Some(vec![]));
    }
}
