//! Points in time as people and programs write them.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, Error as _},
};

use crate::Millis;

const EXPECTED: &str = "a date and time such as 2026-11-21T10:00:00Z, or milliseconds since 1970";
const DAY_MS: i64 = 86_400_000;

/// Milliseconds since the epoch. Travels as that number; a text with date, time and offset (RFC
/// 3339) is understood too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(type = "number"))]
#[serde(transparent)]
pub struct Moment(pub Millis);

/// A moment on the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// From 1970 on.
    pub year: u32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
}

impl Moment {
    /// The moment in a text such as `2026-11-21T10:00:00+01:00`; nothing where it is none, or
    /// before 1970.
    #[must_use]
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let number = |range: std::ops::Range<usize>| -> Option<i64> {
            let digits = text.get(range)?;
            digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        let mark = |place: usize, allowed: &[u8]| text.as_bytes().get(place).filter(|b| allowed.contains(b)).copied();
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
        mark(4, b"-").and(mark(7, b"-")).and(mark(10, b"Tt ")).and(mark(13, b":")).and(mark(16, b":"))?;
        let last = days_in(year, month)?;
        if !(1..=last).contains(&day) || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let rest = text.get(19..)?;
        let fraction = rest.strip_prefix('.').map(|rest| rest.bytes().take_while(u8::is_ascii_digit).count());
        if fraction == Some(0) {
            return None;
        }
        let zone_at = 19 + fraction.map_or(0, |digits| digits + 1);
        let millis = fraction.map_or(Some(0), |digits| {
            let kept = text.get(20..20 + digits.min(3))?;
            format!("{kept:0<3}").parse().ok()
        })?;
        let zone = text.get(zone_at..)?;
        let offset_minutes = match zone.as_bytes().first()? {
            b'Z' | b'z' if zone.len() == 1 => 0,
            sign @ (b'+' | b'-') if zone.len() == 6 => {
                mark(zone_at + 3, b":")?;
                let (hours, minutes) = (number(zone_at + 1..zone_at + 3)?, number(zone_at + 4..zone_at + 6)?);
                if hours > 23 || minutes > 59 {
                    return None;
                }
                let offset = hours * 60 + minutes;
                if *sign == b'-' { -offset } else { offset }
            }
            _ => return None,
        };
        let seconds = (hour * 60 + minute - offset_minutes) * 60 + second.min(59);
        Millis::try_from(days_since_epoch(year, month, day) * DAY_MS + seconds * 1_000 + millis).ok().map(Self)
    }

    /// The same on the calendar, to the second.
    #[must_use]
    pub fn civil(self) -> Civil {
        let (days, rest) = (self.0 / 86_400_000, self.0 % 86_400_000 / 1_000);
        // Counted in eras of 400 years that begin in March, so that the leap day is a year's last.
        let days = days + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Civil {
            year: small(year),
            month: small(month),
            day: small(day),
            hour: small(rest / 3_600),
            minute: small(rest / 60 % 60),
            second: small(rest % 60),
        }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;

        impl de::Visitor<'_> for Written {
            type Value = Option<Moment>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(EXPECTED)
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Some(Moment(number)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Moment::from_rfc3339(text))
            }
        }

        let moment = deserializer.deserialize_any(Written)?;
        // Later ones cannot be told apart by a JavaScript number.
        moment.filter(|moment| moment.0 < 1 << 53).ok_or_else(|| D::Error::custom(format!("must be {EXPECTED}")))
    }
}

fn days_in(year: i64, month: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + (153 * month + 2) / 5 + day - 1;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_with_offsets_are_the_same_moment() {
        let moment = Some(Moment(1_795_255_200_000));
        for text in [
            "2026-11-21T10:00:00Z",
            "2026-11-21T11:00:00+01:00",
            "2026-11-21t05:00:00.000-05:00",
            "2026-11-21 10:00:00z",
        ] {
            assert_eq!(Moment::from_rfc3339(text), moment, "{text}");
        }
        assert_eq!(Moment::from_rfc3339("1970-01-01T00:00:00.0129Z"), Some(Moment(12)));
        assert_eq!(Moment::from_rfc3339("2000-02-29T00:00:00Z").map(|m| m.civil().day), Some(29));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "tomorrow",
            "2026-11-21",
            "2026-11-21T10:00:00",
            "2026-02-29T10:00:00Z",
            "2026-13-01T10:00:00Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T10:00:00.Z",
            "2026-11-21T10:00:00+1:00",
            "2026-11-21T10:00:00Zx",
            "1969-12-31T23:59:59Z",
            "２026-11-21T10:00:00Z",
        ] {
            assert_eq!(Moment::from_rfc3339(text), None, "{text}");
        }
        assert!(serde_json::from_str::<Moment>("-1").is_err());
        assert!(serde_json::from_str::<Moment>("1e30").is_err());
        assert!(serde_json::from_str::<Moment>("[]").is_err());
    }

    proptest! {
        #[test]
        fn a_moment_on_the_calendar_leads_back(seconds in 0_u64..8_000_000_000) {
            let moment = Moment(seconds * 1_000);
            let Civil { year, month, day, hour, minute, second } = moment.civil();
            let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
            prop_assert_eq!(Moment::from_rfc3339(&text), Some(moment));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = Moment::from_rfc3339(&text);
        }
    }
}
