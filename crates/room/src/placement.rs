//! Which media region instance carries a new room: a pure function.

use crate::interface::{Coordinates, Instance};
use protocol::id::InstanceId;

/// Instances this much further away than the nearest are as good as it, in kilometres: about 2 ms
/// of round trip in fibre, less than what a busy instance costs.
pub const EQUALLY_NEAR_KM: f64 = 200.0;

/// Mean radius of the Earth in kilometres (IUGG R₁).
const EARTH_RADIUS_KM: f64 = 6_371.0;

/// The nearest instance that takes new rooms, the least loaded among equally near ones, and the
/// first by id among equally loaded ones. Where nobody knows where the person is, the least loaded.
/// `except` is not chosen.
#[must_use]
pub fn choose<'a>(
    instances: &'a [Instance],
    person: Option<Coordinates>,
    except: Option<&InstanceId>,
) -> Option<&'a Instance> {
    let takes_rooms = |instance: &&Instance| {
        !instance.draining && instance.participants < instance.capacity && Some(&instance.id) != except
    };
    let candidates = instances.iter().filter(takes_rooms);
    let person = person.filter(|place| place.latitude.is_finite() && place.longitude.is_finite());
    let Some(person) = person else {
        return candidates.min_by(by_load);
    };
    let distances: Vec<(f64, &Instance)> =
        candidates.map(|instance| (distance_km(person, instance.location), instance)).collect();
    let nearest = distances.iter().map(|(distance, _)| *distance).min_by(f64::total_cmp)?;
    distances
        .into_iter()
        .filter(|(distance, _)| *distance <= nearest + EQUALLY_NEAR_KM)
        .map(|(_, instance)| instance)
        .min_by(by_load)
}

/// Great-circle distance in kilometres; infinite when it is unknown.
#[must_use]
pub fn distance_km(a: Coordinates, b: Coordinates) -> f64 {
    let (latitude_a, latitude_b) = (a.latitude.to_radians(), b.latitude.to_radians());
    let half_chord = ((latitude_b - latitude_a) / 2.0).sin().powi(2)
        + latitude_a.cos() * latitude_b.cos() * ((b.longitude - a.longitude).to_radians() / 2.0).sin().powi(2);
    // Rounding can push antipodes a hair above 1, where the arc sine is undefined.
    let distance = 2.0 * EARTH_RADIUS_KM * half_chord.sqrt().min(1.0).asin();
    if half_chord.is_finite() { distance } else { f64::INFINITY }
}

fn by_load(a: &&Instance, b: &&Instance) -> std::cmp::Ordering {
    // participants/capacity compared without division.
    let share_a = u64::from(a.participants) * u64::from(b.capacity);
    let share_b = u64::from(b.participants) * u64::from(a.capacity);
    share_a.cmp(&share_b).then_with(|| a.id.cmp(&b.id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FRANKFURT: Coordinates = Coordinates { latitude: 50.12, longitude: 8.68 };
    const PARIS: Coordinates = Coordinates { latitude: 48.86, longitude: 2.35 };
    const TOKYO: Coordinates = Coordinates { latitude: 35.62, longitude: 139.74 };
    const SYDNEY: Coordinates = Coordinates { latitude: -33.87, longitude: 151.21 };
    const LOS_ANGELES: Coordinates = Coordinates { latitude: 33.94, longitude: -118.41 };

    fn instance(id: &str, location: Coordinates, participants: u32) -> Instance {
        Instance {
            id: id.parse().unwrap(),
            region: "any".parse().unwrap(),
            location,
            control_url: format!("https://{id}.example"),
            participants,
            capacity: 100,
            draining: false,
        }
    }

    fn chosen(instances: &[Instance], person: Option<Coordinates>) -> Option<&str> {
        choose(instances, person, None).map(|instance| instance.id.as_str())
    }

    #[test]
    fn distances_are_those_of_the_globe() {
        for (a, b, km) in [(FRANKFURT, PARIS, 479.0), (FRANKFURT, TOKYO, 9_360.0), (SYDNEY, LOS_ANGELES, 12_060.0)] {
            let distance = distance_km(a, b);
            assert!((distance - km).abs() < 0.01 * km, "{distance} km, expected about {km}");
        }
        assert!(distance_km(FRANKFURT, FRANKFURT) < 1e-6);
    }

    #[test]
    fn the_nearest_is_chosen_also_across_the_date_line() {
        let instances = [instance("fra", FRANKFURT, 99), instance("nrt", TOKYO, 0), instance("lax", LOS_ANGELES, 0)];
        assert_eq!(chosen(&instances, Some(PARIS)), Some("fra"));
        let honolulu = Coordinates { latitude: 21.3, longitude: -157.9 };
        assert_eq!(chosen(&instances, Some(honolulu)), Some("lax"));
        let east_of_fiji = Coordinates { latitude: 30.0, longitude: -179.0 };
        assert_eq!(chosen(&instances, Some(east_of_fiji)), Some("nrt"));
    }

    #[test]
    fn load_decides_only_among_equally_near_ones_and_then_the_id() {
        let beside = Coordinates { latitude: 50.9, longitude: 8.9 };
        let mut instances = vec![instance("b", FRANKFURT, 50), instance("a", beside, 20), instance("c", TOKYO, 0)];
        assert_eq!(chosen(&instances, Some(FRANKFURT)), Some("a"));
        instances.push(instance("0", FRANKFURT, 20));
        assert_eq!(chosen(&instances, Some(FRANKFURT)), Some("0"));
    }

    #[test]
    fn load_is_a_share_of_the_capacity() {
        let mut large = instance("large", FRANKFURT, 60);
        large.capacity = 1_000;
        let small = instance("small", FRANKFURT, 10);
        assert_eq!(chosen(&[small, large], None), Some("large"));
    }

    #[test]
    fn draining_full_and_excluded_ones_take_nothing() {
        let mut draining = instance("draining", FRANKFURT, 0);
        draining.draining = true;
        let full = instance("full", FRANKFURT, 100);
        let far = instance("far", SYDNEY, 99);
        let instances = [draining, full, far];
        assert_eq!(chosen(&instances, Some(FRANKFURT)), Some("far"));
        assert_eq!(choose(&instances, Some(FRANKFURT), Some(&"far".parse().unwrap())), None);
        assert_eq!(chosen(&[], None), None);
    }

    #[test]
    fn a_place_that_is_no_number_counts_as_unknown() {
        let nowhere = Coordinates { latitude: f64::NAN, longitude: 0.0 };
        let instances = [instance("a", FRANKFURT, 9), instance("b", nowhere, 3)];
        assert_eq!(chosen(&instances, Some(nowhere)), Some("b"));
        assert_eq!(chosen(&instances, Some(FRANKFURT)), Some("a"));
    }

    proptest! {
        #[test]
        fn the_order_of_the_list_does_not_matter(
            places in proptest::collection::vec((-90.0..90.0f64, -180.0..180.0f64, 0..120u32, any::<bool>()), 1..8),
            person in proptest::option::of((-90.0..90.0f64, -180.0..180.0f64)),
        ) {
            let mut instances: Vec<_> = places.iter().enumerate().map(|(at, (latitude, longitude, participants, draining))| Instance {
                draining: *draining,
                ..instance(&format!("i{at}"), Coordinates { latitude: *latitude, longitude: *longitude }, *participants)
            }).collect();
            let person = person.map(|(latitude, longitude)| Coordinates { latitude, longitude });
            let forwards = chosen(&instances, person).map(str::to_owned);
            instances.reverse();
            prop_assert_eq!(chosen(&instances, person), forwards.as_deref());
            let healthy = instances.iter().any(|i| !i.draining && i.participants < i.capacity);
            prop_assert_eq!(forwards.is_some(), healthy);
        }
    }
}
