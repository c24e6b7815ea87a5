//! Signing up and proving the address: one account for one address, and answers that do not tell
//! whether there was one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use account::{Answer, PENDING, Question, VERIFICATION_MS};
use common::{DAY, Driver, HOUR, ORIGIN, RIGHT, START, WRONG, email, password, secret_of};
use mail::Letter;
use protocol::{account::Provider, error::ErrorCode, rest::Relation};

#[test]
fn who_signs_up_proves_the_address_and_is_somebody() {
    let mut driver = Driver::new();
    let effects = driver.register(RIGHT);
    assert_eq!(effects.answer(), Answer::Done);
    assert_eq!(effects.posts[0].1.to, email());
    let Letter::Verification { name, link } = effects.letter() else { panic!("{:?}", effects.posts) };
    assert_eq!(name.as_str(), "Ada");
    assert!(link.starts_with("https://meet.example/verify#token="), "{link}");
    let secret = secret_of(effects.letter());
    assert_eq!(driver.login(RIGHT).code(), ErrorCode::EmailNotVerified);
    assert_eq!(driver.login(WRONG).code(), ErrorCode::InvalidCredentials);
    assert_eq!(driver.verify(&secret).answer(), Answer::Address(email()));
    assert_eq!(driver.verify(&secret).code(), ErrorCode::InvalidToken, "a link is good once");
    let effects = driver.login(RIGHT);
    let Answer::SignedIn { user, .. } = effects.answer() else { panic!("{effects:?}") };
    assert_eq!((user.name.as_str(), user.email, user.has_password), ("Ada", email(), true));
    assert_eq!((user.created_at, user.providers), (START, vec![]));
}

#[test]
fn no_password_and_no_secret_is_stored() {
    let mut driver = Driver::new();
    let secret = secret_of(driver.register(RIGHT).letter());
    driver.deliver();
    driver.verify(&secret);
    let device = driver.login(RIGHT).signed_in();
    driver.deliver();
    let rows = format!("{:?}", driver.store);
    assert!(rows.contains("$argon2id$"));
    for text in [RIGHT, &secret, &device.secret] {
        assert!(!rows.contains(text));
    }
}

#[test]
fn a_link_counts_for_a_day() {
    let mut driver = Driver::new();
    let secret = secret_of(driver.register(RIGHT).letter());
    let mut late = driver.clone();
    driver.wait(VERIFICATION_MS - 1);
    assert!(driver.verify(&secret).answer.unwrap().is_ok());
    late.wait(VERIFICATION_MS);
    assert_eq!(late.verify(&secret).code(), ErrorCode::InvalidToken);
}

#[test]
fn two_simultaneous_sign_ups_are_one_account() {
    let mut driver = Driver::new();
    let first = secret_of(driver.register("first password").letter());
    let second = secret_of(driver.register("second password").letter());
    assert_eq!(driver.verify(&first).answer(), Answer::Address(email()));
    assert_eq!(driver.verify(&second).code(), ErrorCode::InvalidToken, "the other sign-up is over");
    assert!(driver.login("first password").answer.unwrap().is_ok());
    assert_eq!(driver.login("second password").code(), ErrorCode::InvalidCredentials);
}

#[test]
fn the_newest_sign_ups_wait_and_each_link_has_its_own_password() {
    let mut driver = Driver::new();
    let secrets: Vec<_> =
        (0..=PENDING).map(|n| secret_of(driver.register(&format!("password {n}")).letter())).collect();
    assert_eq!(driver.store.core.as_ref().unwrap().pending.len(), PENDING);
    assert_eq!(driver.verify(&secrets[0]).code(), ErrorCode::InvalidToken);
    assert!(driver.verify(&secrets[1]).answer.unwrap().is_ok());
    assert!(driver.login("password 1").answer.unwrap().is_ok());
}

#[test]
fn whoever_signs_up_again_learns_it_by_mail_only() {
    let (mut known, device) = Driver::signed_up();
    let mut unknown = Driver::new();
    unknown.now = known.now;
    let (a, b) = (known.register(WRONG), unknown.register(WRONG));
    assert_eq!((a.answer(), a.hashes), (b.answer(), b.hashes));
    assert_eq!(a.hashes, 1);
    let Letter::AlreadyRegistered { signin_link, reset_link, .. } = a.letter() else { panic!("{:?}", a.posts) };
    assert_eq!(signin_link, &format!("{ORIGIN}/signin"));
    assert_eq!(reset_link, &format!("{ORIGIN}/reset"));
    assert!(matches!(b.letter(), Letter::Verification { .. }));
    assert!(known.profile(&device).answer.unwrap().is_ok());
    assert!(known.login(RIGHT).answer.unwrap().is_ok());
    assert_eq!(known.login(WRONG).code(), ErrorCode::EmailNotVerified, "the password is what it was");
}

#[test]
fn resend_and_forgot_do_not_tell_who_is_known() {
    let (known, _) = Driver::signed_up();
    let mut waiting = Driver::new();
    waiting.now = known.now;
    waiting.register(RIGHT);
    let mut unknown = Driver::new();
    unknown.now = known.now;
    for asked in [Driver::resend, Driver::forgot] {
        let answers = [&known, &waiting, &unknown].map(|driver| {
            let effects = asked(&mut driver.clone());
            (effects.answer(), effects.hashes)
        });
        assert_eq!(answers, [(); 3].map(|()| (Answer::Done, 0)));
    }
    let unknown_asked = unknown.forgot();
    assert!(unknown_asked.posts.is_empty() && unknown_asked.saved.is_empty(), "nothing is kept of strangers");
    assert!(unknown.resend().posts.is_empty());
    assert!(known.clone().resend().posts.is_empty());
}

#[test]
fn a_link_that_is_sent_again_replaces_the_one_before() {
    let mut driver = Driver::new();
    let first = secret_of(driver.register(RIGHT).letter());
    driver.deliver();
    driver.wait(HOUR);
    let second = secret_of(driver.resend().letter());
    assert_eq!(driver.verify(&first).code(), ErrorCode::InvalidToken);
    driver.wait(VERIFICATION_MS - 1);
    assert!(driver.verify(&second).answer.unwrap().is_ok());
}

#[test]
fn sending_again_never_mails_one_of_several_sign_ups() {
    let mut driver = Driver::new();
    let own = secret_of(driver.register(RIGHT).letter());
    driver.register(WRONG);
    driver.deliver();
    let effects = driver.resend();
    let Letter::Reset { .. } = effects.letter() else { panic!("{:?}", effects.posts) };
    let secret = secret_of(effects.letter());
    let mut other = driver.clone();
    assert!(other.verify(&own).answer.unwrap().is_ok(), "a link stays bound to its own sign-up");
    assert!(other.login(RIGHT).answer.unwrap().is_ok());
    assert_eq!(driver.verify(&secret).code(), ErrorCode::InvalidToken);
    assert!(driver.reset(&secret, "a third password").answer.unwrap().is_ok());
    assert_eq!(driver.verify(&own).code(), ErrorCode::InvalidToken, "the sign-ups are over");
    assert!(driver.login("a third password").answer.unwrap().is_ok());
    for password in [RIGHT, WRONG] {
        assert_eq!(driver.login(password).code(), ErrorCode::InvalidCredentials);
    }
}

#[test]
fn an_address_gets_ten_sign_ups_and_ten_resets_in_an_hour_and_the_answers_do_not_change() {
    let mut driver = Driver::new();
    let mut mails = [0; 3];
    for round in 0..60 {
        let effects = match round % 3 {
            0 => driver.register(RIGHT),
            1 => driver.resend(),
            _ => driver.forgot(),
        };
        assert_eq!(effects.answer(), Answer::Done);
        mails[round % 3] += effects.posts.len();
    }
    assert_eq!(mails, [5, 5, 10]);
    driver.deliver();
    driver.wait(HOUR - 1);
    assert!(driver.resend().posts.is_empty() && driver.forgot().posts.is_empty());
    driver.wait(1);
    assert_eq!((driver.resend().posts.len(), driver.forgot().posts.len()), (1, 1));
}

#[test]
fn a_sign_up_above_the_bound_costs_no_hash() {
    let (known, _) = Driver::signed_up();
    for mut driver in [known, Driver::new()] {
        let hashes: u64 = (0..100).map(|_| driver.register(WRONG).hashes).sum();
        assert_eq!(hashes, 10);
    }
}

#[test]
fn sign_ups_whose_link_is_not_mailed_drive_out_none_whose_link_was() {
    let mut driver = Driver::new();
    (0..9).for_each(|_| drop(driver.register(WRONG)));
    let secret = secret_of(driver.register(RIGHT).letter());
    (0..20).for_each(|_| drop(driver.register(WRONG)));
    assert!(driver.verify(&secret).answer.unwrap().is_ok());
    assert!(driver.login(RIGHT).answer.unwrap().is_ok());
}

#[test]
fn a_reset_link_goes_with_the_sign_up_that_it_was_for() {
    let mut driver = Driver::new();
    driver.register(RIGHT);
    driver.wait(VERIFICATION_MS - HOUR / 2);
    let secret = secret_of(&driver.forgot().posts.last().unwrap().1.letter);
    driver.wait(HOUR / 2);
    driver.wake();
    assert_eq!(driver.store.core.as_ref().unwrap().reset, None);
    driver.register(WRONG);
    assert_eq!(driver.reset(&secret, RIGHT).code(), ErrorCode::InvalidToken);
}

#[test]
fn an_unproven_address_is_forgotten() {
    let mut driver = Driver::new();
    driver.register(RIGHT);
    driver.deliver();
    assert!(!driver.store.load().eq(&account::Stored::default()));
    while driver.account.next_deadline().is_some() {
        driver.sleep();
    }
    assert_eq!(driver.store, common::Store::default());
    assert_eq!(driver.now, START + DAY);
}

fn provided(driver: &mut Driver, provider: Provider, subject: &str) -> common::Effects {
    let (subject, name, device) = (subject.into(), "Ada at work".parse().unwrap(), "Safari on iOS".into());
    driver.ask(Question::Provided { provider, subject, name, email: email(), device })
}

#[test]
fn a_provider_proves_the_address_and_is_asked_for_proof_where_there_is_an_account() {
    let mut driver = Driver::new();
    let pending = secret_of(driver.register(RIGHT).letter());
    let effects = provided(&mut driver, Provider::Google, "42");
    let Answer::SignedIn { user, .. } = effects.answer() else { panic!("{effects:?}") };
    assert_eq!((user.name.as_str(), user.has_password, user.providers), ("Ada at work", false, vec![Provider::Google]));
    assert_eq!(driver.verify(&pending).code(), ErrorCode::InvalidToken, "sign-ups before are over");
    assert_eq!(driver.login(RIGHT).code(), ErrorCode::InvalidCredentials);
    assert!(matches!(provided(&mut driver, Provider::Google, "42").answer(), Answer::SignedIn { .. }));
    assert_eq!(provided(&mut driver, Provider::Google, "43").answer(), Answer::ProofNeeded);
    assert_eq!(provided(&mut driver, Provider::Github, "42").answer(), Answer::ProofNeeded);
    assert_eq!(provided(&mut driver, Provider::Github, "").code(), ErrorCode::InvalidRequest);
    assert_eq!(provided(&mut driver, Provider::Github, &"4".repeat(256)).code(), ErrorCode::InvalidRequest);
}

#[test]
fn a_provider_is_connected_by_somebody_signed_in_who_is_told() {
    let (mut driver, device) = Driver::signed_up();
    assert_eq!(provided(&mut driver, Provider::Github, "7").answer(), Answer::ProofNeeded);
    let link = |driver: &mut Driver, subject: &str| {
        let (provider, origin) = (Provider::Github, ORIGIN.into());
        driver.ask(Question::Link { session: device.session, provider, subject: subject.into(), origin })
    };
    let effects = link(&mut driver, "7");
    assert!(matches!(effects.letter(), Letter::AccountChanged { .. }));
    let Answer::User(user) = effects.answer() else { panic!("{effects:?}") };
    assert_eq!((user.providers, user.has_password), (vec![Provider::Github], true));
    assert!(matches!(provided(&mut driver, Provider::Github, "7").answer(), Answer::SignedIn { .. }));
    assert!(link(&mut driver, "7").posts.is_empty(), "nothing changed");
    link(&mut driver, "8");
    assert_eq!(provided(&mut driver, Provider::Github, "7").answer(), Answer::ProofNeeded, "replaced");
    assert!(matches!(provided(&mut driver, Provider::Github, "8").answer(), Answer::SignedIn { .. }));
}

#[test]
fn invitations_wait_for_whoever_signs_up() {
    let mut driver = Driver::new();
    driver.tell(common::meeting(1), 1);
    let secret = secret_of(driver.register(RIGHT).letter());
    driver.verify(&secret);
    let device = driver.login(RIGHT).signed_in();
    let meetings = driver.meetings(&device);
    assert_eq!(meetings.upcoming.len(), 1);
    assert_eq!(meetings.upcoming[0].relation, Some(Relation::Invited));
}

#[test]
fn a_colour_belongs_to_the_address() {
    let colours: Vec<_> = (0..2)
        .map(|_| {
            let (driver, _) = Driver::signed_up();
            driver.store.core.unwrap().holder.unwrap().color
        })
        .collect();
    assert_eq!(colours[0], colours[1]);
}

#[test]
fn passwords_are_not_in_debug_output() {
    let question = Question::Login { password: password(RIGHT), device: String::new() };
    assert!(!format!("{question:?}").contains(RIGHT));
}

#[test]
fn a_reset_of_who_waited_in_vain_is_not_one_of_who_comes_next() {
    let mut driver = Driver::new();
    driver.register(RIGHT);
    driver.deliver();
    driver.wait(DAY - 1_000);
    let secret = secret_of(driver.forgot().letter());
    driver.wait(1_000);
    // Nothing woke the account in between.
    assert!(provided(&mut driver, Provider::Google, "1").answer.unwrap().is_ok());
    assert_eq!(driver.reset(&secret, RIGHT).code(), ErrorCode::InvalidToken);
}
