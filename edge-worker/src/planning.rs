//! What somebody wants of a meeting, checked as a whole: times, lengths, time zones, invitations. Pure.

use protocol::{
    Millis,
    error::{ErrorCode, Problem},
    limits::{DURATION_MINUTES, INVITATIONS, SCHEDULE_DAYS},
    moment::Moment,
    rest::{ChangeRoom, CreateRoom, RoomKind, Schedule},
    text::{EmailAddress, TimeZone},
};
use room::Invitee;

/// How long a meeting takes where nobody said.
pub const USUAL_MINUTES: u32 = 60;
/// How far back a meeting may begin: clocks differ, and forms stay open for a while.
const PAST_MS: Millis = 10 * 60_000;
const DAY_MS: Millis = 86_400_000;

/// When a new meeting is planned for, and who is invited besides its owner.
///
/// # Errors
/// `invalid_request` with every field that is wrong.
pub fn plan(
    now: Millis,
    owner: &EmailAddress,
    wanted: &CreateRoom,
    is_known: impl FnOnce(&TimeZone) -> bool,
) -> Result<(Option<Schedule>, Vec<Invitee>), Problem> {
    let mut problem = nothing_wrong();
    check_times(&mut problem, now, wanted.starts_at, wanted.duration_minutes, wanted.time_zone.as_ref(), is_known);
    if wanted.duration_minutes.is_some() && wanted.starts_at.is_none() {
        add(&mut problem, "duration_minutes", "is only for a meeting with starts_at");
    }
    if wanted.kind == RoomKind::Team && !room::has_own_domain(owner) {
        add(&mut problem, "kind", "needs an address of your own organisation, not of a public mail provider");
    }
    let mut invite: Vec<Invitee> = Vec::new();
    let everybody =
        wanted.cohosts.iter().map(|email| (email, true)).chain(wanted.invite.iter().map(|email| (email, false)));
    for (email, cohost) in everybody.filter(|(email, _)| *email != owner) {
        if invite.iter().all(|other| other.email != *email) {
            invite.push(Invitee { email: email.clone(), cohost });
        }
        if invite.len() > INVITATIONS {
            add(
                &mut problem,
                if cohost { "cohosts" } else { "invite" },
                "must be at most 100 addresses, with all who are invited",
            );
            break;
        }
    }
    let schedule = wanted.starts_at.map(|Moment(starts_at)| Schedule {
        starts_at,
        duration_minutes: wanted.duration_minutes.unwrap_or(USUAL_MINUTES),
        time_zone: wanted.time_zone.clone(),
    });
    done(problem).map(|()| (schedule, invite))
}

/// What somebody wants to change; what that does is the room's to decide.
///
/// # Errors
/// As [`plan`].
pub fn check_change(now: Millis, change: &ChangeRoom, is_known: impl FnOnce(&TimeZone) -> bool) -> Result<(), Problem> {
    let mut problem = nothing_wrong();
    check_times(&mut problem, now, change.starts_at, change.duration_minutes, change.time_zone.as_ref(), is_known);
    for (field, count) in [
        ("invite", change.invite.len()),
        ("uninvite", change.uninvite.len()),
        ("cohosts", change.cohosts.as_ref().map_or(0, Vec::len)),
    ] {
        if count > INVITATIONS {
            add(&mut problem, field, "must be at most 100 addresses");
        }
    }
    done(problem)
}

fn check_times(
    problem: &mut Problem,
    now: Millis,
    starts_at: Option<Moment>,
    minutes: Option<u32>,
    zone: Option<&TimeZone>,
    is_known: impl FnOnce(&TimeZone) -> bool,
) {
    if starts_at.is_some_and(|Moment(at)| at < now.saturating_sub(PAST_MS)) {
        add(problem, "starts_at", "must not be in the past");
    }
    if starts_at.is_some_and(|Moment(at)| at > now.saturating_add(SCHEDULE_DAYS * DAY_MS)) {
        add(problem, "starts_at", "must be within two years");
    }
    if minutes.is_some_and(|minutes| !(1..=DURATION_MINUTES).contains(&minutes)) {
        add(problem, "duration_minutes", "must be between 1 and 1440");
    }
    if zone.is_some_and(|zone| !is_known(zone)) {
        add(problem, "time_zone", "is not a time zone such as Europe/Berlin");
    }
}

fn nothing_wrong() -> Problem {
    Problem::new(ErrorCode::InvalidRequest, "Some fields are not valid")
}

fn add(problem: &mut Problem, field: &str, message: &str) {
    problem.errors.insert(field.to_owned(), message.to_owned());
}

fn done(problem: Problem) -> Result<(), Problem> {
    if problem.errors.is_empty() { Ok(()) } else { Err(problem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_800_000_000_000;

    fn address(text: &str) -> EmailAddress {
        text.parse().unwrap()
    }

    fn wanted() -> CreateRoom {
        serde_json::from_str("{}").unwrap()
    }

    fn planned(wanted: &CreateRoom) -> Result<(Option<Schedule>, Vec<Invitee>), Vec<String>> {
        let known = |zone: &TimeZone| zone.as_str() == "Europe/Berlin";
        plan(NOW, &address("ada@example.org"), wanted, known).map_err(|problem| problem.errors.into_keys().collect())
    }

    #[test]
    fn a_meeting_has_its_time_and_its_people_once() {
        let berlin: TimeZone = "Europe/Berlin".parse().unwrap();
        let (schedule, invite) = planned(&CreateRoom {
            starts_at: Some(Moment(NOW + 1)),
            time_zone: Some(berlin.clone()),
            invite: vec![address("b@example.org"), address("B@example.org"), address("ada@example.org")],
            cohosts: vec![address("b@example.org"), address("c@example.org")],
            ..wanted()
        })
        .unwrap();
        let expected = Schedule { starts_at: NOW + 1, duration_minutes: USUAL_MINUTES, time_zone: Some(berlin) };
        assert_eq!(schedule, Some(expected));
        let invitee = |email, cohost| Invitee { email: address(email), cohost };
        assert_eq!(invite, [invitee("b@example.org", true), invitee("c@example.org", true)]);
        assert_eq!(planned(&wanted()), Ok((None, Vec::new())));
    }

    #[test]
    fn every_wrong_field_is_named() {
        let year = 366 * DAY_MS;
        for (wanted, fields) in [
            (CreateRoom { starts_at: Some(Moment(NOW - PAST_MS - 1)), ..wanted() }, vec!["starts_at"]),
            (CreateRoom { starts_at: Some(Moment(NOW + 2 * year + 1)), ..wanted() }, vec!["starts_at"]),
            (CreateRoom { duration_minutes: Some(60), ..wanted() }, vec!["duration_minutes"]),
            (
                CreateRoom {
                    starts_at: Some(Moment(NOW)),
                    duration_minutes: Some(0),
                    time_zone: Some("Mars/Base".parse().unwrap()),
                    ..wanted()
                },
                vec!["duration_minutes", "time_zone"],
            ),
            (
                CreateRoom {
                    invite: (0..=INVITATIONS).map(|number| address(&format!("a{number}@example.org"))).collect(),
                    ..wanted()
                },
                vec!["invite"],
            ),
            (
                CreateRoom {
                    cohosts: (0..=INVITATIONS).map(|number| address(&format!("a{number}@example.org"))).collect(),
                    ..wanted()
                },
                vec!["cohosts"],
            ),
        ] {
            assert_eq!(planned(&wanted), Err(fields.into_iter().map(str::to_owned).collect()));
        }
    }

    #[test]
    fn a_team_needs_a_domain_of_its_own() {
        let team = CreateRoom { kind: RoomKind::Team, ..wanted() };
        assert!(planned(&team).is_ok());
        let refused = plan(NOW, &address("ada@gmail.com"), &team, |_| true).unwrap_err();
        assert!(refused.errors.contains_key("kind"));
    }

    #[test]
    fn a_change_is_held_to_the_same_bounds() {
        let change = ChangeRoom { duration_minutes: Some(1441), starts_at: Some(Moment(1)), ..ChangeRoom::default() };
        let problem = check_change(NOW, &change, |_| true).unwrap_err();
        assert_eq!(problem.errors.len(), 2);
        assert_eq!(check_change(NOW, &ChangeRoom { end: true, ..ChangeRoom::default() }, |_| true), Ok(()));
    }
}
