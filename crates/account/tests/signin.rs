//! Passwords: right ones, wrong ones, and for how long an address is locked.

mod common;

use account::{FAILURES_KEPT_MS, LOCK_AFTER, PasswordCost};
use common::{CHEAP, Driver, HOUR, MINUTE, RIGHT, SECOND, Store, WRONG, secret_of};
use protocol::error::ErrorCode;

#[test]
fn every_address_costs_two_hashes_and_gets_the_same_refusal() {
    let (known, _) = Driver::signed_up();
    let mut waiting = Driver::new();
    waiting.register(RIGHT);
    waiting.register(RIGHT);
    let mut no_password = known.clone();
    no_password.store.core.as_mut().unwrap().holder.as_mut().unwrap().password_hash = None;
    no_password.restart();
    for mut driver in [known, waiting, no_password, Driver::new()] {
        let effects = driver.login(WRONG);
        assert_eq!((effects.code(), effects.hashes), (ErrorCode::InvalidCredentials, 2));
        assert!(effects.posts.is_empty());
    }
}

/// Wrong passwords lock, longer each time, to the millisecond; `right` tells what the right one leads to.
fn locks(mut driver: Driver, right: impl Fn(&mut Driver)) {
    for _ in 0..LOCK_AFTER {
        assert_eq!(driver.login(WRONG).code(), ErrorCode::InvalidCredentials);
    }
    for seconds in [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600] {
        let lock = seconds * SECOND;
        for (passed, password) in [(0, RIGHT), (1, WRONG), (lock / 2, RIGHT), (lock - 1, RIGHT)] {
            let mut then = driver.clone();
            then.wait(passed);
            let effects = then.login(password);
            assert_eq!((effects.wait(), effects.hashes), (lock - passed, 0), "no password is looked at");
            assert!(effects.saved.is_empty(), "and none counts");
        }
        driver.wait(lock);
        right(&mut driver.clone());
        assert_eq!(driver.login(WRONG).code(), ErrorCode::InvalidCredentials);
    }
}

#[test]
fn ten_wrong_passwords_lock_for_a_growing_time() {
    let (driver, _) = Driver::signed_up();
    locks(driver, |driver| {
        assert!(driver.login(RIGHT).answer.unwrap().is_ok());
        for _ in 1..LOCK_AFTER {
            assert_eq!(driver.login(WRONG).code(), ErrorCode::InvalidCredentials);
        }
        assert!(driver.login(RIGHT).answer.unwrap().is_ok(), "the right one cleared the count");
    });
}

#[test]
fn an_address_without_account_is_locked_alike() {
    locks(Driver::new(), |driver| assert_eq!(driver.login(RIGHT).code(), ErrorCode::InvalidCredentials));
}

#[test]
fn a_lock_survives_a_restart() {
    let (mut driver, _) = Driver::signed_up();
    (0..LOCK_AFTER).for_each(|_| drop(driver.login(WRONG)));
    driver.wait(10 * SECOND);
    driver.restart_alone();
    assert_eq!(driver.login(RIGHT).wait(), 20 * SECOND);
}

#[test]
fn wrong_passwords_are_forgotten_a_day_after_the_last() {
    let mut driver = Driver::new();
    driver.login(WRONG);
    driver.wait(HOUR);
    driver.login(WRONG);
    assert_eq!(driver.account.next_deadline(), Some(driver.now + FAILURES_KEPT_MS));
    driver.wait(FAILURES_KEPT_MS - 1);
    driver.wake();
    assert_eq!(driver.store.core.as_ref().unwrap().failures.count, 2);
    driver.wait(1);
    driver.wake();
    assert_eq!(driver.store, Store::default(), "nothing is kept of a stranger");
    assert_eq!(driver.account.next_deadline(), None);
}

#[test]
fn changing_the_password_needs_the_current_one_and_is_locked_too() {
    let (mut driver, device) = Driver::signed_up();
    let other = driver.login(RIGHT).signed_in();
    assert_eq!(driver.change_password(&device, None, "another one").code(), ErrorCode::InvalidCredentials);
    for _ in 0..LOCK_AFTER {
        let effects = driver.change_password(&device, Some(WRONG), "another one");
        assert_eq!(effects.code(), ErrorCode::InvalidCredentials);
    }
    assert_eq!(driver.change_password(&device, Some(RIGHT), "another one").wait(), 30 * SECOND);
    assert_eq!(driver.login(RIGHT).wait(), 30 * SECOND, "one count for both");
    driver.wait(30 * SECOND);
    let effects = driver.change_password(&device, Some(RIGHT), "another one");
    assert!(matches!(effects.letter(), mail::Letter::AccountChanged { .. }));
    assert_eq!(driver.refresh(&other).code(), ErrorCode::Unauthorized, "other devices are signed out");
    assert!(driver.refresh(&device).answer.unwrap().is_ok());
    assert_eq!(driver.login(RIGHT).code(), ErrorCode::InvalidCredentials);
    assert!(driver.login("another one").answer.unwrap().is_ok());
}

#[test]
fn a_changed_password_makes_a_mailed_reset_link_useless() {
    let (mut driver, device) = Driver::signed_up();
    let secret = secret_of(driver.forgot().letter());
    driver.change_password(&device, Some(RIGHT), "another one");
    assert_eq!(driver.reset(&secret, "a thief's one").code(), ErrorCode::InvalidToken);
}

#[test]
fn who_has_no_password_sets_one() {
    let (mut driver, device) = Driver::signed_up();
    driver.store.core.as_mut().unwrap().holder.as_mut().unwrap().password_hash = None;
    driver.restart();
    assert_eq!(driver.login(RIGHT).code(), ErrorCode::InvalidCredentials);
    assert!(driver.change_password(&device, None, "a first one").answer.unwrap().is_ok());
    assert!(driver.login("a first one").answer.unwrap().is_ok());
}

#[test]
fn a_right_password_is_hashed_anew_where_todays_hash_costs_more() {
    let (mut driver, _) = Driver::signed_up();
    let hash = |driver: &Driver| driver.store.core.clone().unwrap().holder.unwrap().password_hash.unwrap();
    assert!(hash(&driver).contains("$m=8,t=1,p=1$"));
    driver.cost = PasswordCost { passes: 2, ..CHEAP };
    driver.restart();
    assert_eq!(driver.login(WRONG).hashes, 2);
    assert!(hash(&driver).contains("$m=8,t=1,p=1$"), "not for a wrong one");
    assert_eq!(driver.login(RIGHT).hashes, 3);
    assert!(hash(&driver).contains("$m=8,t=2,p=1$"));
    assert_eq!(driver.login(RIGHT).hashes, 2);
    assert!(driver.login(RIGHT).answer.unwrap().is_ok());
}

#[test]
fn what_nobody_chose_costs_what_production_does() {
    let mut driver = Driver::new();
    driver.cost = PasswordCost::PRODUCTION;
    driver.account = account::Account::new(common::account_id());
    driver.register(RIGHT);
    let kept = driver.store.core.as_ref().unwrap().pending[0].password_hash.clone();
    assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    assert_eq!(driver.login(RIGHT).code(), ErrorCode::EmailNotVerified);
    assert_eq!(driver.login(WRONG).code(), ErrorCode::InvalidCredentials);
}

#[test]
fn a_reset_changes_the_password_and_signs_every_device_out() {
    let (mut driver, device) = Driver::signed_up();
    let (socket, _) = driver.connect(device.session);
    (0..LOCK_AFTER).for_each(|_| drop(driver.login(WRONG)));
    let first = secret_of(driver.forgot().letter());
    let effects = driver.forgot();
    assert!(matches!(effects.letter(), mail::Letter::Reset { link, .. } if link.contains("/reset#token=")));
    let second = secret_of(effects.letter());
    assert_eq!(driver.reset(&first, "another one").code(), ErrorCode::InvalidToken, "replaced");
    let effects = driver.reset(&second, "another one");
    assert_eq!(effects.answer(), account::Answer::Address(common::email()));
    assert_eq!(effects.closed, [(socket, protocol::account::close::SIGNED_OUT)]);
    assert!(matches!(effects.letter(), mail::Letter::AccountChanged { .. }));
    assert_eq!(driver.reset(&second, "yet another").code(), ErrorCode::InvalidToken, "good once");
    assert_eq!(driver.refresh(&device).code(), ErrorCode::Unauthorized);
    assert!(driver.login("another one").answer.unwrap().is_ok(), "the lock-out is over");
    assert_eq!(driver.login(RIGHT).code(), ErrorCode::InvalidCredentials);
}

#[test]
fn a_reset_link_counts_for_an_hour() {
    let (mut driver, _) = Driver::signed_up();
    let secret = secret_of(driver.forgot().letter());
    let mut late = driver.clone();
    driver.wait(60 * MINUTE - 1);
    assert!(driver.reset(&secret, "another one").answer.unwrap().is_ok());
    late.wait(60 * MINUTE);
    assert_eq!(late.reset(&secret, "another one").code(), ErrorCode::InvalidToken);
}

#[test]
fn a_reset_proves_the_address_of_who_waits_for_a_verification() {
    let mut driver = Driver::new();
    let pending = secret_of(driver.register(WRONG).letter());
    let secret = secret_of(driver.forgot().letter());
    assert!(driver.reset(&secret, RIGHT).answer.unwrap().is_ok());
    assert!(driver.login(RIGHT).answer.unwrap().is_ok());
    assert_eq!(driver.verify(&pending).code(), ErrorCode::InvalidToken);
    assert_eq!(driver.login(WRONG).code(), ErrorCode::InvalidCredentials);
}

#[test]
fn nobody_silences_the_notice_of_a_change() {
    let (mut driver, device) = Driver::signed_up();
    let mails = (0..20).map(|_| driver.forgot().posts.len()).sum::<usize>();
    assert_eq!(mails, 10);
    assert_eq!(driver.change_password(&device, Some(RIGHT), "a thief's one").posts.len(), 1);
}

#[test]
fn nobody_shuts_out_the_way_back() {
    let (mut driver, _) = Driver::signed_up();
    for _ in 0..20 {
        driver.register(WRONG);
        driver.resend();
        driver.ring();
        driver.login("a guess");
    }
    assert!(driver.login(RIGHT).wait() > 0);
    let secret = secret_of(driver.forgot().letter());
    assert!(driver.reset(&secret, "another one").answer.unwrap().is_ok());
    assert!(driver.login("another one").answer.unwrap().is_ok());
}
