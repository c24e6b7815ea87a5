//! Where a request comes from, and which of Cloudflare's places is near to that.
//!
//! Only as good as needed to choose a region: a wrong guess costs latency, nothing else.

mod places;

use axum::http::HeaderMap;
use room::Coordinates;
use serde_json::Value;

/// Header that overrides where a request seems to come from; only in development.
pub const DEVELOPMENT_HEADER: &str = "x-dev-location";

/// What Cloudflare says about a request. Each part can be missing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hints {
    /// Of the network that the request comes from.
    pub coordinates: Option<Coordinates>,
    /// Airport code of the data centre that took the request, such as `FRA`.
    pub colo: Option<String>,
    /// ISO 3166-1 alpha-2, such as `DE`.
    pub country: Option<String>,
    /// Two letters, such as `EU`.
    pub continent: Option<String>,
}

impl Hints {
    /// The best guess that the hints allow.
    #[must_use]
    pub fn coordinates(&self) -> Option<Coordinates> {
        self.coordinates
            .filter(is_on_earth)
            .or_else(|| places::find(places::COLOS, self.colo.as_deref()?))
            .or_else(|| places::find(places::COUNTRIES, self.country.as_deref()?))
            .or_else(|| places::find(places::CONTINENTS, self.continent.as_deref()?))
    }
}

/// What [`DEVELOPMENT_HEADER`] says, where it is there and well formed.
#[must_use]
pub fn from_development_header(headers: &HeaderMap) -> Option<Coordinates> {
    parse(headers.get(DEVELOPMENT_HEADER)?.to_str().ok()?)
}

/// Coordinates written as `LAT,LON` in degrees.
#[must_use]
pub fn parse(text: &str) -> Option<Coordinates> {
    let (latitude, longitude) = text.split_once(',')?;
    let place = Coordinates { latitude: degrees(latitude.trim())?, longitude: degrees(longitude.trim())? };
    Some(place).filter(is_on_earth)
}

/// An angle in decimals, as JSON writes numbers: the standard library's own reader of numbers with a
/// fraction would be 12 kB more of the Worker.
#[must_use]
pub fn degrees(text: &str) -> Option<f64> {
    serde_json::from_str::<Value>(text).ok()?.as_f64()
}

/// Whether both angles are finite and in their ranges.
#[must_use]
pub fn is_on_earth(place: &Coordinates) -> bool {
    (-90.0..=90.0).contains(&place.latitude) && (-180.0..=180.0).contains(&place.longitude)
}

/// The location hint for a Durable Object that is used from here.
#[must_use]
pub fn object_hint(place: Coordinates) -> &'static str {
    places::OBJECT_HINTS
        .iter()
        .min_by(|(_, one), (_, other)| nearness(place, *one).total_cmp(&nearness(place, *other)))
        .map_or("enam", |(hint, _)| hint)
}

/// Grows with the great-circle distance (it is the haversine of the angle between the two).
fn nearness(one: Coordinates, (latitude, longitude): (f64, f64)) -> f64 {
    let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
    half(one.latitude, latitude)
        + one.latitude.to_radians().cos() * latitude.to_radians().cos() * half(one.longitude, longitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_hint_that_is_there_counts() {
        let mut hints = Hints {
            coordinates: Some(Coordinates { latitude: 48.1, longitude: 11.6 }),
            colo: Some("FRA".into()),
            country: Some("DE".into()),
            continent: Some("EU".into()),
        };
        assert_eq!(hints.coordinates().unwrap().latitude, 48.1);
        hints.coordinates = Some(Coordinates { latitude: f64::NAN, longitude: 0.0 });
        assert_eq!(hints.coordinates().unwrap().latitude, 50.0);
        hints.colo = Some("ZZZ".into());
        assert_eq!(hints.coordinates().unwrap().latitude, 51.0);
        hints.country = None;
        assert!(hints.coordinates().is_some());
        hints.continent = None;
        assert_eq!(hints.coordinates(), None);
    }

    #[test]
    fn a_developers_location_is_two_numbers_on_earth() {
        assert_eq!(parse("50.1, 8.7"), Some(Coordinates { latitude: 50.1, longitude: 8.7 }));
        for bad in ["", "50", "50,", "91,0", "0,181", "NaN,0", "inf,0", "1,2,3"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_object_is_made_near_its_creator() {
        for (place, hint) in [
            ("52.5,13.4", "weur"),
            ("50.4,30.5", "eeur"),
            ("37.8,-122.4", "wnam"),
            ("40.7,-74.0", "enam"),
            ("-23.5,-46.6", "sam"),
            ("35.7,139.7", "apac-ne"),
            ("1.3,103.8", "apac-se"),
            ("-33.9,151.2", "oc"),
            ("25.2,55.3", "me"),
            ("-26.2,28.0", "afr"),
            ("19.1,72.9", "apac"),
            ("-36.8,174.8", "oc"),
            ("21.3,-157.9", "wnam"),
        ] {
            assert_eq!(object_hint(parse(place).unwrap()), hint, "{place}");
        }
    }

    #[test]
    fn every_place_is_on_earth_and_listed_once() {
        for table in [places::COLOS, places::COUNTRIES, places::CONTINENTS] {
            for (name, latitude, longitude) in table {
                let place = Coordinates { latitude: f64::from(*latitude), longitude: f64::from(*longitude) };
                assert!(is_on_earth(&place), "{name}");
                assert_eq!(table.iter().filter(|(other, ..)| other == name).count(), 1, "{name}");
            }
        }
    }
}
