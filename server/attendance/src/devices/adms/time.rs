//! Times as devices write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};

/// A time of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceTime {
    /// What its clock showed. Only the zone it hangs in says which instant that was.
    Local(NaiveDateTime),
    /// An instant: a few firmwares send seconds since 1970.
    Instant(DateTime<Utc>),
}

impl DeviceTime {
    /// Reads `2026-10-05 06:58:10`, with `T`, `/` or no seconds too, or seconds (or milliseconds)
    /// since 1970 of this century.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return instant(text).map(Self::Instant);
        }
        local(text).map(Self::Local)
    }

    /// The instant, when the time or an offset sent with it tells.
    pub fn instant(self, utc_offset_seconds: Option<i32>) -> Option<DateTime<Utc>> {
        match self {
            Self::Instant(at) => Some(at),
            Self::Local(local) => {
                let offset = chrono::TimeDelta::seconds(utc_offset_seconds?.into());
                local.checked_sub_signed(offset).map(|utc| utc.and_utc())
            }
        }
    }
}

fn instant(digits: &str) -> Option<DateTime<Utc>> {
    /// 2000-01-01 and 2100-01-01. Outside of these the number is something else.
    const CENTURY: std::ops::Range<i64> = 946_684_800..4_102_444_800;
    let number: i64 = digits.parse().ok()?;
    let seconds = if digits.len() == 13 {
        number / 1_000
    } else {
        number
    };
    CENTURY
        .contains(&seconds)
        .then(|| Utc.timestamp_opt(seconds, 0).single())
        .flatten()
}

/// A date and a time of day, of the years 1970 to 2199.
pub(super) fn local(text: &str) -> Option<NaiveDateTime> {
    let (day, time) = text.split_once([' ', 'T'])?;
    let separator = if day.contains('/') { '/' } else { '-' };
    let [year, month, day] = numbers(day, separator)?;
    let time = time.trim();
    let [hour, minute, second] = numbers(time, ':').or_else(|| {
        let [hour, minute] = numbers(time, ':')?;
        Some([hour, minute, 0])
    })?;
    let year = i32::try_from(year)
        .ok()
        .filter(|year| (1970..2200).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(hour, minute, second)
}

fn numbers<const N: usize>(text: &str, separator: char) -> Option<[u32; N]> {
    let mut out = [0; N];
    let mut parts = text.split(separator);
    for slot in &mut out {
        let part = parts.next()?;
        let plain = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        *slot = plain.then(|| part.parse().ok()).flatten()?;
    }
    parts.next().is_none().then_some(out)
}

/// A time as it stands in a command.
pub(super) fn written(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let got = DeviceTime::parse(text).map(|time| match time {
            DeviceTime::Local(local) => written(local),
            DeviceTime::Instant(at) => format!("{}Z", written(at.naive_utc())),
        });
        assert_eq!(got.as_deref(), expected, "{text}");
    }

    #[test]
    fn times_are_read_as_written_and_never_guessed() {
        check("2026-10-05 06:58:10", Some("2026-10-05 06:58:10"));
        check(" 2026-1-5T6:08 ", Some("2026-01-05 06:08:00"));
        check("2026/10/05 06:58:10", Some("2026-10-05 06:58:10"));
        check("1791183490", Some("2026-10-05 06:58:10Z"));
        check("1791183490000", Some("2026-10-05 06:58:10Z"));
        for wrong in [
            "",
            "2026-10-05",
            "2026-02-30 10:00:00",
            "2026-10-05 24:00:00",
            "05-10-2026 06:58:10",
            "2000-00-00 00:00:00",
            "12345",
            "99999999999999999999",
            "2026-10-05 6h58",
            "２０26-10-05 06:58:10",
            "2026-10-05 06:58:10:11",
            "2026-10-05 +6:58:10",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn an_offset_makes_an_instant_of_a_local_time() {
        let time = DeviceTime::parse("2026-10-25 02:30:00").unwrap();
        let at = |offset| time.instant(offset).map(|at| at.to_rfc3339());
        assert_eq!(
            at(Some(7_200)).as_deref(),
            Some("2026-10-25T00:30:00+00:00")
        );
        assert_eq!(
            at(Some(-16_200)).as_deref(),
            Some("2026-10-25T07:00:00+00:00")
        );
        assert_eq!(at(None), None);
    }
}
