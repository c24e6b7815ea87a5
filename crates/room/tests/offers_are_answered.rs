//! As long as the room keeps its memory, the last offer of everybody gets one answer or one error,
//! whatever regions and fleet do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use std::collections::VecDeque;

use common::{Driver, Effects, answer, instance, join, media};
use proptest::prelude::*;
use protocol::{error::ErrorCode, signal::ServerMessage};
use room::{ConnectionId, Input, Instance, OpenSessionCall, RegionFailure};

#[derive(Debug, Clone)]
enum Step {
    Offer(usize),
    Fleet(u8),
    Region { nth: usize, says: u8 },
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..3usize).prop_map(Step::Offer),
        2 => (0..8u8).prop_map(Step::Fleet),
        5 => (0..3usize, 0..4u8).prop_map(|(nth, says)| Step::Region { nth, says }),
        1 => (0..15_000u64).prop_map(Step::Wait),
    ]
}

/// Each bit is an instance that lives.
fn fleet(mask: u8) -> Vec<Instance> {
    let all = [instance("fra", 50.1, 8.7), instance("nrt", 35.6, 139.7), instance("lax", 33.9, -118.4)];
    all.into_iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1).map(|(_, instance)| instance).collect()
}

struct Run {
    driver: Driver,
    sockets: Vec<ConnectionId>,
    joined: [bool; 3],
    unanswered: [bool; 3],
    calls: VecDeque<OpenSessionCall>,
    asked: bool,
}

impl Run {
    fn new() -> Self {
        let mut driver = Driver::new();
        let sockets = (0..3).map(|number| driver.connect(number).0).collect();
        Self { driver, sockets, joined: [false; 3], unanswered: [false; 3], calls: VecDeque::new(), asked: false }
    }

    fn offer(&mut self, at: usize) {
        self.unanswered[at] = true;
        let text = if std::mem::replace(&mut self.joined[at], true) { media() } else { join("Ada") };
        let effects = self.driver.say(self.sockets[at], &text);
        self.take(effects);
    }

    fn fleet(&mut self, mask: u8) {
        self.asked = false;
        let effects = self.driver.instances(&fleet(mask));
        self.take(effects);
    }

    fn region(&mut self, nth: usize, says: u8) {
        let Some(call) = self.calls.remove(nth) else { return };
        let result = match says {
            0 => Err(RegionFailure::Rejected("no".into())),
            1 | 2 => Err(RegionFailure::Unavailable),
            _ => Ok(answer()),
        };
        let input = Input::Opened { participant: call.participant, epoch: call.epoch, result };
        let effects = self.driver.input(input);
        self.take(effects);
    }

    fn take(&mut self, effects: Effects) {
        self.asked |= effects.needs_instances;
        for (to, message) in &effects.sent {
            let at = self.sockets.iter().position(|socket| socket == to).unwrap();
            if let ServerMessage::Answer { .. }
            | ServerMessage::Error { code: ErrorCode::RegionUnavailable | ErrorCode::OfferRejected, .. } = message
            {
                assert!(std::mem::take(&mut self.unanswered[at]), "two answers to one offer");
            }
        }
        self.calls.extend(effects.opens);
    }
}

/// Panics unless everybody's last offer gets one answer.
fn run(steps: Vec<Step>) {
    let mut run = Run::new();
    for step in steps {
        run.driver.wait(250);
        match step {
            Step::Offer(at) => run.offer(at),
            Step::Fleet(mask) => run.fleet(mask),
            Step::Region { nth, says } => run.region(nth, says),
            Step::Wait(milliseconds) => run.driver.wait(milliseconds),
        }
    }
    // The driver brings everything that it was asked for; each offer is tried twice at most.
    for _ in 0..4 {
        if run.asked {
            run.fleet(7);
        }
        while !run.calls.is_empty() {
            run.region(0, 1);
        }
    }
    assert_eq!(run.unanswered, [false; 3]);
    assert!(!run.asked);
}

proptest! {
    #[test]
    fn once(steps in proptest::collection::vec(step(), 1..60)) {
        run(steps);
    }
}

/// One list moves the room for one person and back for the other: its row is then as it was stored.
#[test]
fn a_room_that_moves_and_moves_back_at_once_writes_nothing() {
    run(vec![
        Step::Fleet(1),
        Step::Offer(0),
        Step::Offer(1),
        Step::Fleet(4),
        Step::Wait(3745),
        Step::Region { nth: 0, says: 0 },
        Step::Offer(0),
        Step::Offer(0),
        Step::Wait(5006),
    ]);
}
