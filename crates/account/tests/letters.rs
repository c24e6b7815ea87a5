//! Letters that others cause: bounded for each address, whether or not it has an account.

mod common;

use account::{Answer, LETTERS_PER_HOUR};
use common::{Driver, HOUR, MINUTE, Store};

#[test]
fn an_address_gets_sixty_letters_of_others_in_an_hour() {
    let (known, _) = Driver::signed_up();
    for mut driver in [known, Driver::new()] {
        let began = driver.now;
        for letter in 0..LETTERS_PER_HOUR {
            // Letters about meetings and missed calls together.
            let effects = if letter % 6 == 5 { driver.ring() } else { driver.receive() };
            assert_eq!(effects.answer(), Answer::Done);
            assert_eq!(effects.posts.len(), usize::from(letter % 6 == 5));
            driver.deliver();
            driver.wait(1_000);
        }
        driver.restart_alone();
        for wait in [0, MINUTE] {
            driver.wait(wait);
            let effects = driver.receive();
            assert_eq!(effects.wait(), began + HOUR - driver.now, "to the millisecond");
            assert!(effects.saved.is_empty());
            assert!(driver.ring().posts.is_empty());
        }
        driver.now = began + HOUR - 1;
        assert_eq!(driver.receive().wait(), 1);
        driver.wait(1);
        assert_eq!(driver.receive().answer(), Answer::Done);
    }
}

#[test]
fn letters_to_a_stranger_are_forgotten_when_their_hour_is_over() {
    let mut driver = Driver::new();
    assert_eq!(driver.receive().answer(), Answer::Done);
    driver.wait(MINUTE);
    driver.receive();
    assert_eq!(driver.account.next_deadline(), Some(common::START + HOUR));
    driver.sleep();
    assert_eq!(driver.store, Store::default());
    assert_eq!(driver.account.next_deadline(), None);
}

#[test]
fn letters_of_others_use_up_nothing_else() {
    let (mut driver, _) = Driver::signed_up();
    (0..100).for_each(|_| drop(driver.receive()));
    assert_eq!(driver.forgot().posts.len(), 1);
    assert_eq!(driver.register(common::WRONG).posts.len(), 1);
}
