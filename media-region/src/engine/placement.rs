//! Which engine takes whom: a decision, without I/O.
//!
//! A room has a home, always the same engine. It takes the first people of the room, up to a share;
//! further ones go to an engine that carries the room already and has less than its share, else to the
//! one with the fewest sessions; once all have their share, to the one with the fewest of the room.
//! Whoever was placed stays there, also with a new session, and is remembered until no ticket can name
//! an earlier session of theirs: each engine knows by itself which of its session numbers were used.

use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    time::{Duration, Instant},
};

use protocol::{
    id::{ParticipantId, RoomId},
    limits,
};

/// How long people are remembered who have no session. No ticket that could name one lives longer.
const REMEMBERED: Duration = Duration::from_secs(2 * limits::TICKET_SECONDS);

type Person = (RoomId, ParticipantId);

/// Where everybody is.
#[derive(Debug)]
pub(crate) struct Placement {
    /// Sessions of a room that one engine takes before the next is used.
    share: usize,
    /// Sessions that one engine takes.
    capacity: usize,
    /// Sessions of each engine.
    loads: Vec<usize>,
    /// Sessions of each room on each engine.
    rooms: HashMap<RoomId, Vec<usize>>,
    people: HashMap<Person, Place>,
    /// Who has no session, in the order they were left with none.
    left: VecDeque<(Instant, Person)>,
    draining: bool,
}

#[derive(Debug)]
struct Place {
    engine: usize,
    /// Sessions that are being opened.
    under_way: usize,
    /// The session that is open.
    open: Option<u64>,
    /// Every session up to this one is over, or was closed before it opened.
    over: u64,
    /// When it was left without a session.
    left: Option<Instant>,
}

impl Place {
    fn is_taken(&self) -> bool {
        self.under_way > 0 || self.open.is_some()
    }
}

impl Placement {
    /// Nobody is anywhere. There is at least one engine.
    pub(crate) fn new(engines: usize, capacity: usize, share: usize) -> Self {
        Self {
            share,
            capacity,
            loads: vec![0; engines.max(1)],
            rooms: HashMap::new(),
            people: HashMap::new(),
            left: VecDeque::new(),
            draining: false,
        }
    }

    /// From now on rooms get no engine that they do not have yet.
    pub(crate) fn drain(&mut self) {
        self.draining = true;
    }

    /// A session is to be opened: on which engine. [`Placement::settled`] says what came of it.
    pub(crate) fn open(&mut self, now: Instant, room: &RoomId, participant: ParticipantId, epoch: u64) -> usize {
        self.forget(now);
        let person = (room.clone(), participant);
        let known = self.people.get(&person);
        let stays = known.filter(|place| place.is_taken() || epoch <= place.over || self.has_room(place.engine));
        let engine = stays.map_or_else(|| self.choose(room), |place| place.engine);
        self.change(now, &person, engine, |place| {
            place.engine = engine;
            place.under_way += 1;
        });
        engine
    }

    /// What came of [`Placement::open`]: the number of the session that is open.
    pub(crate) fn settled(&mut self, now: Instant, room: &RoomId, participant: ParticipantId, opened: Option<u64>) {
        let person = (room.clone(), participant);
        let Some(engine) = self.people.get(&person).map(|place| place.engine) else { return };
        self.change(now, &person, engine, |place| {
            place.under_way = place.under_way.saturating_sub(1);
            place.open = place.open.max(opened).filter(|open| *open > place.over);
        });
    }

    /// Every session up to this one is to be closed: on which engine. One that is not open yet will be
    /// sent there too.
    pub(crate) fn close(&mut self, now: Instant, room: &RoomId, participant: ParticipantId, epoch: u64) -> usize {
        self.forget(now);
        let person = (room.clone(), participant);
        let known = self.people.get(&person).map(|place| place.engine);
        let engine = known.unwrap_or_else(|| self.choose(room));
        self.over(now, engine, room, participant, epoch);
        engine
    }

    /// Every session up to this one is over.
    pub(crate) fn over(&mut self, now: Instant, engine: usize, room: &RoomId, participant: ParticipantId, epoch: u64) {
        let person = (room.clone(), participant);
        if self.people.get(&person).is_some_and(|place| place.engine != engine) {
            return;
        }
        self.change(now, &person, engine, |place| {
            place.over = place.over.max(epoch);
            place.open = place.open.filter(|open| *open > place.over);
        });
    }

    /// The engine that somebody was placed on, else the home of their room.
    pub(crate) fn of(&self, room: &RoomId, participant: ParticipantId) -> usize {
        let known = self.people.get(&(room.clone(), participant));
        known.map_or_else(|| self.home(room), |place| place.engine)
    }

    /// Changes a place, made on `engine` if there is none, and counts what that changes.
    fn change(&mut self, now: Instant, person: &Person, engine: usize, change: impl FnOnce(&mut Place)) {
        let new = || Place { engine, under_way: 0, open: None, over: 0, left: None };
        let place = self.people.entry(person.clone()).or_insert_with(new);
        let was_taken = place.is_taken();
        change(place);
        let (engine, is_taken) = (place.engine, place.is_taken());
        place.left = (!is_taken).then_some(now);
        if !is_taken {
            self.left.push_back((now, person.clone()));
        }
        if was_taken == is_taken {
            return;
        }
        let engines = self.loads.len();
        let room = self.rooms.entry(person.0.clone()).or_insert_with(|| vec![0; engines]);
        for count in [self.loads.get_mut(engine), room.get_mut(engine)].into_iter().flatten() {
            *count = if is_taken { count.saturating_add(1) } else { count.saturating_sub(1) };
        }
        if room.iter().all(|count| *count == 0) {
            self.rooms.remove(&person.0);
        }
    }

    fn forget(&mut self, now: Instant) {
        while let Some((left, person)) = self.left.pop_front() {
            if now.saturating_duration_since(left) < REMEMBERED {
                self.left.push_front((left, person));
                return;
            }
            if self.people.get(&person).is_some_and(|place| place.left == Some(left)) {
                self.people.remove(&person);
            }
        }
    }

    fn choose(&self, room: &RoomId) -> usize {
        let home = self.home(room);
        let of_room = self.rooms.get(room);
        let rank = |engine: usize| {
            let here = of_room.and_then(|room| room.get(engine)).copied().unwrap_or(0);
            let is_open = self.has_room(engine) && (!self.draining || here > 0);
            let (has_share, beyond) = (here >= self.share, here.saturating_sub(self.share));
            let distance = (engine + self.loads.len() - home) % self.loads.len();
            (!is_open, has_share, beyond, engine != home, here == 0, self.loads.get(engine).copied(), distance)
        };
        (0..self.loads.len()).min_by_key(|engine| rank(*engine)).unwrap_or(home)
    }

    fn has_room(&self, engine: usize) -> bool {
        self.loads.get(engine).is_some_and(|load| *load < self.capacity)
    }

    fn home(&self, room: &RoomId) -> usize {
        let mut hasher = DefaultHasher::new();
        room.hash(&mut hasher);
        let engines = u64::try_from(self.loads.len()).unwrap_or(1).max(1);
        usize::try_from(hasher.finish() % engines).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(number: u32) -> RoomId {
        format!("{number:064x}").parse().unwrap()
    }

    fn person(number: u128) -> ParticipantId {
        ParticipantId(uuid::Uuid::from_u128(number))
    }

    fn join(placement: &mut Placement, now: Instant, room: &RoomId, number: u128, epoch: u64) -> usize {
        let engine = placement.open(now, room, person(number), epoch);
        placement.settled(now, room, person(number), Some(epoch));
        engine
    }

    #[test]
    fn a_room_has_one_home_and_rooms_spread() {
        let (mut placement, now) = (Placement::new(4, 500, 64), Instant::now());
        let mut rooms = [0; 4];
        for number in 0..400 {
            let home = join(&mut placement, now, &room(number), 1, 1);
            assert_eq!(join(&mut placement, now, &room(number), 2, 1), home);
            rooms[home] += 1;
        }
        assert!(rooms.iter().all(|count| *count > 50), "{rooms:?}");
    }

    #[test]
    fn a_large_room_fills_one_engine_after_the_other_and_then_all_evenly() {
        let (mut placement, now, large) = (Placement::new(3, 500, 4), Instant::now(), room(1));
        let places: Vec<usize> = (0..24).map(|number| join(&mut placement, now, &large, number, 1)).collect();
        let home = placement.home(&large);
        assert!(places[..4].iter().all(|place| *place == home));
        assert!(places[4..8].iter().all(|place| *place == places[4]) && places[4] != home);
        assert!(places[8..12].iter().all(|place| *place == places[8]) && ![home, places[4]].contains(&places[8]));
        assert_eq!(placement.loads, [8, 8, 8]);
        // Who comes back keeps their place, and it is counted once.
        assert_eq!(join(&mut placement, now, &large, 5, 2), places[5]);
        assert_eq!(placement.loads, [8, 8, 8]);
        // A place that came free on the home is taken first.
        for number in 0..24 {
            let epoch = if number == 5 { 2 } else { 1 };
            placement.over(now, places[usize::try_from(number).unwrap()], &large, person(number), epoch);
        }
        assert_eq!((placement.loads.as_slice(), placement.rooms.len()), ([0, 0, 0].as_slice(), 0));
        assert_eq!(join(&mut placement, now, &large, 100, 1), home);
    }

    #[test]
    fn a_full_engine_is_passed_over_and_the_emptier_one_is_next() {
        let (mut placement, now) = (Placement::new(3, 3, 64), Instant::now());
        let home = |placement: &Placement, of: usize| (0..).map(room).find(|it| placement.home(it) == of).unwrap();
        let (first, second) = (home(&placement, 0), home(&placement, 1));
        assert_eq!(join(&mut placement, now, &second, 50, 1), 1);
        let places: Vec<usize> = (0..4).map(|number| join(&mut placement, now, &first, number, 1)).collect();
        assert_eq!(places, [0, 0, 0, 2]);
    }

    #[test]
    fn people_are_sought_where_they_were_until_no_ticket_names_them() {
        let (mut placement, mut now, large) = (Placement::new(2, 500, 1), Instant::now(), room(1));
        let home = join(&mut placement, now, &large, 1, 1);
        let away = join(&mut placement, now, &large, 2, 1);
        assert_ne!(home, away);
        placement.over(now, away, &large, person(2), 1);
        placement.over(now, home, &large, person(1), 1);
        // The home has room again, and still the same number must meet the engine that knows it.
        assert_eq!(placement.open(now, &large, person(2), 1), away);
        placement.settled(now, &large, person(2), None);
        now += REMEMBERED;
        assert_eq!(placement.open(now, &large, person(2), 1), home);
    }

    #[test]
    fn a_close_before_its_open_meets_it_on_the_same_engine() {
        let (mut placement, now, large) = (Placement::new(2, 500, 1), Instant::now(), room(1));
        let home = join(&mut placement, now, &large, 1, 1);
        let away = placement.close(now, &large, person(2), 1);
        assert_ne!(away, home);
        placement.over(now, home, &large, person(1), 1);
        assert_eq!(placement.open(now, &large, person(2), 1), away);
        assert_eq!(placement.of(&large, person(2)), away);
        assert_eq!(placement.of(&large, person(9)), home, "nobody is sought at home");
    }

    #[test]
    fn what_is_over_before_its_answer_was_heard_is_not_counted() {
        let (mut placement, now, large) = (Placement::new(2, 500, 1), Instant::now(), room(1));
        let engine = placement.open(now, &large, person(1), 3);
        placement.over(now, engine, &large, person(1), 3);
        placement.settled(now, &large, person(1), Some(3));
        assert_eq!(placement.loads, [0, 0]);
        let refused = placement.open(now, &large, person(2), 1);
        placement.settled(now, &large, person(2), None);
        assert_eq!((refused, placement.loads.as_slice()), (engine, [0, 0].as_slice()));
    }

    #[test]
    fn while_draining_a_room_stays_on_the_engines_it_has() {
        let (mut placement, now, large) = (Placement::new(3, 500, 1), Instant::now(), room(1));
        let places = [join(&mut placement, now, &large, 1, 1), join(&mut placement, now, &large, 2, 1)];
        placement.drain();
        for number in 3..9 {
            assert!(places.contains(&join(&mut placement, now, &large, number, 1)));
        }
    }
}
