//! Everybody sees the same messages in the same order, also who comes late, and saying one twice
//! shows it once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, chat, chat_id, simple};
use protocol::{limits, signal::ServerMessage};

#[test]
fn who_comes_late_sees_what_was_said() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    driver.say(ada, &chat(1, "one"));
    driver.say(ada, &chat(2, "two"));
    let (bob, effects) = driver.enter(1);
    let Some(ServerMessage::Welcome { state, .. }) = effects.to(bob).first().copied() else { panic!("{effects:?}") };
    let texts: Vec<_> = state.chat.iter().map(|message| (message.sequence, message.text.as_str())).collect();
    assert_eq!(texts, [(1, "one"), (2, "two")]);
    assert_eq!(state.chat[0].author_name.as_str(), "Person 0");
}

#[test]
fn the_same_message_again_changes_nothing_but_another_authors_does() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    let (bob, _) = driver.enter(1);
    assert_eq!(driver.say(ada, &chat(1, "hello")).sent.len(), 2);
    let writes = driver.store.writes;
    driver.lose_memory();
    assert!(driver.say(ada, &chat(1, "hello")).sent.is_empty());
    assert_eq!(driver.store.writes, writes);
    driver.say(bob, &chat(1, "hello"));
    assert_eq!(driver.store.chat.len(), 2);
}

#[test]
fn a_message_survives_its_author_and_the_memory() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    driver.enter(1);
    driver.say(ada, &chat(7, "I must go"));
    driver.say(ada, &simple("leave"));
    driver.lose_memory();
    let (_, effects) = driver.enter(2);
    let states: Vec<_> = effects
        .sent
        .iter()
        .filter_map(|(_, message)| match message {
            ServerMessage::Welcome { state, .. } => Some(state),
            _ => None,
        })
        .collect();
    assert_eq!((states[0].chat[0].id, states[0].chat[0].author_name.as_str()), (chat_id(7), "Person 0"));
}

#[test]
fn the_history_is_bounded_and_the_numbers_go_on() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    let said = limits::CHAT_HISTORY as u64 + 50;
    for number in 0..said {
        driver.wait(50);
        let writes = driver.store.writes;
        driver.say(ada, &chat(number.into(), "x"));
        assert_eq!(driver.store.writes, writes + 2, "the message and the version");
    }
    driver.lose_memory();
    assert_eq!(driver.store.chat.len(), limits::CHAT_HISTORY);
    assert_eq!(driver.store.chat.keys().next(), Some(&51));
    driver.say(ada, &chat(9_999, "x"));
    assert_eq!(driver.store.chat.keys().last(), Some(&(said + 1)));
}
