//! Whatever comes in: an answer or an error, never a panic.

use chrono::{DateTime, Duration, Utc};
use model::zone::Zone;
use proptest::collection::vec;
use proptest::prelude::*;
use scheduling::ical::reply::replies;
use scheduling::ical::{busy, calendar, decode, expand};

const WHOLE: &str = "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:me@x.org\r\nBEGIN:VTIMEZONE\r\n\
TZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n\
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\n\
TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\n\
END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:s\r\nSEQUENCE:1\r\nDTSTAMP:20260101T000000Z\r\n\
DTSTART;TZID=Own:20260105T090000\r\nDTEND;TZID=\"W. Europe Standard Time\":20260105T100000\r\n\
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20271231T235959Z\r\nEXDATE;TZID=Own:20260119T090000\r\n\
RDATE;VALUE=PERIOD:20260120T090000Z/PT3H\r\nATTENDEE;CUTYPE=ROOM;PARTSTAT=DECLINED:mailto:r@x.org\r\n\
SUMMARY:Ein l\u{e4}ngerer\r\n  Text\\, gefaltet\r\nBEGIN:VALARM\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n\
END:VEVENT\r\nBEGIN:VEVENT\r\nUID:s\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Own:20260216T090000\r\n\
DTSTART;VALUE=DATE:20260217\r\nDURATION:P1DT2H\r\nEND:VEVENT\r\nBEGIN:VFREEBUSY\r\n\
FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260301T090000Z/PT1H,20260302T090000Z/20260302T100000Z\r\n\
END:VFREEBUSY\r\nEND:VCALENDAR\r\n";

/// Words that a damaged file may have in the wrong place.
const WORDS: &[&str] = &[
    "BEGIN:VEVENT\n",
    "END:VEVENT\n",
    "END:VCALENDAR\n",
    "\n ",
    ";",
    ":",
    "\"",
    ",",
    "\\",
    "=",
    "99999999",
    "-",
    "+",
    "Z",
    "T",
    "/",
    "P",
    "0",
    "FREQ=SECONDLY",
    "COUNT=4294967296",
    "INTERVAL=0",
    "BYSETPOS=-366",
    "BYWEEKNO=53",
    "BYYEARDAY=366",
    "UNTIL=00010101",
    "P99999999999W",
    "-PT1W1D",
    "00000000T000000",
    "99991231T235960Z",
    "00010101",
    "RRULE:FREQ=YEARLY\n",
    "RDATE:99991231T235959\n",
    "DTSTART:00010101T000000\n",
    "DTEND:99991231T235959Z\n",
    "TZID=Pacific/Apia",
    "VALUE=DATE",
    "ENCODING=BASE64",
    "ENCODING=QUOTED-PRINTABLE",
    "CHARSET=utf-7",
    "\u{feff}",
    "\u{0}",
    "\r",
    "data:;base64,",
    "TZOFFSETTO:-9999\n",
    "\u{1f4a9}",
];

/// Reads a text in every way we have; an hour of limits must not be needed either.
fn read_all(text: &str) {
    let from: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().expect("an instant");
    let zone = Zone::named("Europe/Berlin").expect("a known zone");
    let _ = busy(text, from, from + Duration::days(60), &zone);
    let _ = expand::expand(text, &zone, 50);
    let _ = calendar(text);
    let mail = format!("From: a@b.c\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n{text}");
    let _ = replies(mail.as_bytes());
}

/// One change of a text: at some place, so much is cut, and something else put in.
fn change() -> impl Strategy<Value = (prop::sample::Index, usize, String)> {
    let word = prop::sample::select(WORDS).prop_map(str::to_owned);
    let put = prop_oneof![4 => word, 1 => "\\PC{0,4}", 1 => "[0-9]{1,8}"];
    (any::<prop::sample::Index>(), 0..12usize, put)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damage_never_panics(changes in vec(change(), 1..8)) {
        let mut text: Vec<char> = WHOLE.chars().collect();
        for (place, cut, put) in changes {
            let at = place.index(text.len() + 1).min(text.len());
            let end = (at + cut).min(text.len());
            text.splice(at..end, put.chars());
        }
        read_all(&text.into_iter().collect::<String>());
    }

    #[test]
    fn soup_never_panics(bytes in vec(any::<u8>(), 0..400), words in vec(prop::sample::select(WORDS), 0..20)) {
        read_all(&decode(&bytes));
        read_all(&format!("BEGIN:VEVENT\n{}", words.concat()));
        let _ = replies(&bytes);
    }
}

#[test]
fn the_extremes_of_time_do_not_panic() {
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    for zone in ["UTC", "Pacific/Apia", "Pacific/Kiritimati"] {
        let zone = Zone::named(zone).expect("a known zone");
        assert!(busy(WHOLE, first, last, &zone).is_ok());
    }
}
