//! Offers that ask for too much, or for nonsense, are refused with a reason and have no effect.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use common::{World, client::Client, room};
use protocol::{
    limits,
    media::Source,
    signal::{MediaOffer, TrackOffer},
    text::Sdp,
};
use sfu::{Open, OpenError};

fn open(world: &mut World, offer: MediaOffer) -> Result<(), OpenError> {
    let (client, _) = Client::new(world.now, 7);
    let open = Open { room: room(1), participant: client.id, epoch: 1, publish: common::ALL.to_vec(), offer };
    world.open(open).map(|_| ())
}

fn refused(sdp: &str, tracks: Vec<TrackOffer>) -> String {
    let mut world = World::fair();
    let outcome = open(&mut world, MediaOffer { sdp: sdp.parse().unwrap(), tracks });
    assert_eq!(world.counters().sessions, 0);
    assert_eq!(world.counters().rooms, 0);
    match outcome {
        Err(OpenError::Offer(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

fn offer(audio: usize, video: usize) -> MediaOffer {
    Client::with_slots(std::time::Instant::now(), 7, audio, video).1
}

#[test]
fn as_many_slots_as_the_limits_say_are_taken_and_no_more() {
    let mut world = World::fair();
    assert_eq!(open(&mut world, offer(limits::AUDIO_SLOTS, limits::VIDEO_SLOTS)), Ok(()));
    let refuse = |audio, video| refused(offer(audio, video).sdp.as_str(), Vec::new());
    assert!(refuse(limits::AUDIO_SLOTS + 1, 1).contains("audio slots"));
    assert!(refuse(1, limits::VIDEO_SLOTS + 1).contains("video slots"));
}

#[test]
fn a_thousand_sections_do_not_even_parse() {
    let text = offer(1, 1).sdp.as_str().to_owned();
    let section = text.split("m=").nth(2).unwrap();
    let many = format!("{text}{}", format!("m={section}").repeat(1000));
    assert!(many.parse::<Sdp>().is_err());
    let small = format!("v=0\r\n{}", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n".repeat(limits::SDP_MEDIA_LINES));
    assert!(refused(&small, Vec::new()).contains("sections"));
}

#[test]
fn tracks_must_be_what_the_sections_say() {
    let offer = offer(1, 1);
    let microphone = offer.tracks[0].mid.clone();
    let track = |source| TrackOffer { mid: microphone.clone(), source };
    assert!(refused(offer.sdp.as_str(), vec![track(Source::Camera)]).contains("sends"));
    assert!(refused(offer.sdp.as_str(), vec![track(Source::Microphone), track(Source::ScreenAudio)]).contains("twice"));
    let many = vec![track(Source::Microphone); limits::TRACKS + 1];
    assert!(refused(offer.sdp.as_str(), many).contains("tracks"));
}

#[test]
fn what_is_no_description_of_a_call_is_refused() {
    let good = offer(1, 1).sdp.as_str().to_owned();
    let without = |attribute: &str| {
        good.lines().filter(|line| !line.starts_with(attribute)).fold(String::new(), |text, line| text + line + "\r\n")
    };
    refused("v=0\r\n", Vec::new());
    refused("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", Vec::new());
    for attribute in ["a=ice-ufrag", "a=fingerprint", "m=application", "a=mid", "s=", "o="] {
        refused(&without(attribute), Vec::new());
    }
    // Only codecs that nobody here forwards.
    refused(&good.replace("VP8/90000", "H261/90000"), Vec::new());
    refused(&good.replace("m=video", "m=text"), Vec::new());
}

#[test]
fn contradictory_payload_types_end_nothing_but_the_offer() {
    // One number for a voice and a picture codec, both demanded: the transport below panics at it.
    let good = offer(1, 1).sdp.as_str().replace("a=sendonly", "a=recvonly");
    let contradictory = good.replace("a=rtpmap:96 VP8", "a=rtpmap:111 VP8").replace("SAVPF 96", "SAVPF 111");
    assert_ne!(good, contradictory);
    let mut world = World::fair();
    world.join_all(1, 2);
    let outcome = open(&mut world, MediaOffer { sdp: contradictory.parse().unwrap(), tracks: Vec::new() });
    assert!(matches!(outcome, Err(OpenError::Offer(_))), "{outcome:?}");
    assert_eq!(world.counters().sessions, 2);
    world.run(std::time::Duration::from_secs(2));
    assert!(world.clients[0].shown_of(1).len() > 50, "the others go on");
}

#[test]
fn mutilated_offers_never_panic() {
    let good = offer(2, 2).sdp.as_str().to_owned();
    let mut random = common::random::Random::new(5);
    let mut taken = 0;
    for _ in 0..150 {
        let mut bytes = good.clone().into_bytes();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            match random.below(3) {
                0 => bytes[at] = (32 + random.below(95)) as u8,
                1 => drop(bytes.drain(at..(at + random.below(40)).min(bytes.len()))),
                _ => {
                    let piece = bytes[at..(at + random.below(60)).min(bytes.len())].to_vec();
                    let to = random.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
            }
        }
        let Ok(sdp) = String::from_utf8_lossy(&bytes).into_owned().parse::<Sdp>() else { continue };
        let mut world = World::fair();
        taken += usize::from(open(&mut world, MediaOffer { sdp, tracks: Vec::new() }).is_ok());
    }
    assert!(taken < 150, "some are refused");
}
