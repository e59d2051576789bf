//! Cursors of lists that are ordered by an instant, newest first, and an id to break ties.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The cursor behind a row: microseconds and id.
pub(crate) fn write(at: DateTime<Utc>, id: Uuid) -> String {
    format!("{}-{}", at.timestamp_micros(), id.simple())
}

/// Reads a cursor; nothing for none and for one that is damaged.
pub(crate) fn read(cursor: Option<&str>) -> Option<(DateTime<Utc>, Uuid)> {
    let (micros, id) = cursor?.rsplit_once('-')?;
    let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
    Some((at, Uuid::parse_str(id).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_noise_does_not() {
        let at = DateTime::from_timestamp_micros(-1_234_567).expect("a legal instant");
        let id = Uuid::from_u128(7);
        assert_eq!(read(Some(&write(at, id))), Some((at, id)));
        for noise in ["", "-", "1-2", "x-00000000000000000000000000000007"] {
            assert_eq!(read(Some(noise)), None, "{noise:?}");
        }
    }
}
