//! No text has an effect that is not a message, and nobody may shout for long.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, chat, join, simple};
use proptest::prelude::*;
use protocol::{
    error::ErrorCode,
    limits,
    signal::{ServerMessage, close},
};

fn refusal(effects: &common::Effects) -> Option<ErrorCode> {
    effects.sent.iter().find_map(|(_, message)| match message {
        ServerMessage::Error { code, .. } => Some(*code),
        _ => None,
    })
}

proptest! {
    #[test]
    fn arbitrary_text_is_refused_without_effect(text in prop_oneof!["\\PC*", "[\\[\\]{}\",:a-z0-9\\\\]{0,60}", r#"\{"type":"(join|media|update|chat)",.{0,40}\}"#]) {
        let mut driver = Driver::new();
        let (id, _) = driver.enter(0);
        let before = driver.store.load();
        let effects = driver.say(id, &text);
        prop_assert_eq!(refusal(&effects), Some(ErrorCode::InvalidRequest));
        prop_assert_eq!(driver.store.load(), before);
    }

    #[test]
    fn a_damaged_message_never_panics(at in 0..200usize, with: char, cut in 0..200usize) {
        let mut driver = Driver::new();
        let (id, _) = driver.connect(0);
        let mut text: Vec<char> = join("Ada").chars().collect();
        let at = at % text.len();
        text[at] = with;
        let text: String = text.into_iter().take(cut).collect();
        driver.say(id, &text);
    }
}

#[test]
fn a_text_that_is_too_long_is_too_large() {
    let mut driver = Driver::new();
    let (id, _) = driver.enter(0);
    let effects = driver.say(id, &" ".repeat(limits::SOCKET_MESSAGE_BYTES + 1));
    assert_eq!(refusal(&effects), Some(ErrorCode::TooLarge));
    assert_eq!(driver.store.chat.len(), 0);
}

#[test]
fn what_breaks_the_protocol_again_and_again_is_closed() {
    let mut driver = Driver::new();
    let (id, _) = driver.enter(0);
    for _ in 1..room::MISTAKES_BEFORE_CLOSE {
        assert!(driver.say(id, "nonsense").closed.is_empty());
    }
    assert_eq!(driver.say(id, "nonsense").closed, [(id, close::PROTOCOL)]);
    assert!(driver.say(id, &simple("sync")).sent.is_empty(), "nothing more is heard on it");
    driver.wake();
    assert!(driver.store.members.is_empty());
}

#[test]
fn shouting_is_refused_then_closed_and_disturbs_nobody() {
    let mut driver = Driver::new();
    let (quiet, _) = driver.enter(1);
    let (loud, _) = driver.enter(0);
    driver.wait(10_000);
    for number in 0..u128::from(room::MESSAGE_BURST) {
        assert_eq!(refusal(&driver.say(loud, &chat(number, "!"))), None);
    }
    for number in 1_000..1_000 + u128::from(room::REFUSALS_BEFORE_CLOSE) {
        let effects = driver.say(loud, &chat(number, "!"));
        assert_eq!(refusal(&effects), Some(ErrorCode::RateLimited));
        assert!(effects.to(quiet).is_empty());
    }
    assert_eq!(driver.say(loud, &chat(9_999, "!")).closed, [(loud, close::RATE)]);
    assert_eq!(driver.store.chat.len() as u64, room::MESSAGE_BURST);
    assert_eq!(refusal(&driver.say(quiet, &chat(1, "?"))), None);
}

#[test]
fn waiting_a_second_earns_twenty_messages() {
    let mut driver = Driver::new();
    let (id, _) = driver.enter(0);
    driver.wait(10_000);
    for number in 0..u128::from(room::MESSAGE_BURST) {
        driver.say(id, &chat(number, "!"));
    }
    driver.wait(1_000);
    let passed = (100..150).filter(|number| refusal(&driver.say(id, &chat(*number, "!"))).is_none()).count();
    assert_eq!(passed as u64, room::MESSAGES_PER_SECOND);
}

#[test]
fn a_full_state_costs_more_than_a_line() {
    let mut driver = Driver::new();
    let (id, _) = driver.enter(0);
    driver.wait(10_000);
    let states = (0..room::MESSAGE_BURST).filter(|_| !driver.say(id, &simple("sync")).to(id).is_empty()).count();
    let refused = (0..10).filter(|_| refusal(&driver.say(id, &simple("sync"))).is_some()).count();
    assert!(states as u64 <= room::MESSAGE_BURST, "{states}");
    assert_eq!(refused, 10);
}

#[test]
fn a_ping_that_reaches_the_room_is_no_mistake() {
    let mut driver = Driver::new();
    let (id, _) = driver.enter(0);
    for _ in 0..20 {
        assert!(driver.say(id, protocol::signal::PING).sent.is_empty());
    }
}
