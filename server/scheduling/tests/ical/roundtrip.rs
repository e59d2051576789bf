//! What we write, we read as we meant it.

use chrono::{NaiveDateTime, TimeZone, Utc};
use model::scheduling::meeting::Response;
use model::zone::Zone;
use scheduling::ical::expand::expand;
use scheduling::ical::reply::replies;
use scheduling::ical::write::{Guest, MeetingText, Method, Part, Party, Role, write};
use scheduling::ical::{busy, calendar};

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a local time")
}

fn party(name: &str, email: &str) -> Party {
    Party {
        name: name.into(),
        email: email.into(),
    }
}

fn weekly() -> MeetingText {
    let guest = Guest {
        party: party("Größe, \"Ada\"; Ünal", "ada@example.org"),
        role: Role::Required,
        answer: Response::NeedsAction,
        wants_reply: true,
    };
    MeetingText {
        method: Method::Request,
        uid: "0199-weekly@punctual.example".into(),
        sequence: 3,
        stamp: Utc
            .with_ymd_and_hms(2026, 3, 1, 8, 0, 0)
            .single()
            .expect("an instant"),
        zone: "Europe/Berlin".into(),
        organizer: party("Olga", "olga@example.org"),
        parts: vec![Part {
            original: None,
            following: false,
            start: local("2026-03-16 09:00"),
            end: local("2026-03-16 10:00"),
            rule: Some("FREQ=WEEKLY;COUNT=40".into()),
            excluded: vec![local("2026-04-06 09:00")],
            summary: "Jour fixe; Büro, Küche".into(),
            description: "Zeile eins\nZeile zwei \\ mit allem, was dazugehört, ".repeat(5),
            location: "Raum 4".into(),
            url: "https://punctual.example/m/1".into(),
            tentative: false,
            cancelled: false,
            guests: vec![guest],
            reminders_minutes: vec![15],
        }],
    }
}

/// The starts of a text in UTC. Its zone is renamed first, so that only its definition can tell.
fn starts(text: &str) -> Vec<String> {
    let renamed = text.replace("Europe/Berlin", "Our own zone");
    let (named, none) = expand(text, &Zone::utc(), 1_000).expect("our own text");
    let (defined, _) = expand(&renamed, &Zone::utc(), 1_000).expect("our own text");
    assert!(none.is_empty(), "{none:?}");
    let utc = |all: &[scheduling::ical::expand::Occurrence]| -> Vec<String> {
        all.iter()
            .map(|one| one.start.with_timezone(&Utc).format("%F %R").to_string())
            .collect()
    };
    assert_eq!(utc(&named), utc(&defined));
    utc(&named)
}

#[test]
fn nine_oclock_stays_nine_oclock_across_both_changes() {
    let text = write(&weekly()).expect("a known zone");
    let starts = starts(&text);
    assert_eq!(starts.len(), 39);
    assert_eq!(
        starts[..4],
        [
            "2026-03-16 08:00",
            "2026-03-23 08:00",
            "2026-03-30 07:00",
            "2026-04-13 07:00"
        ]
    );
    assert!(starts.contains(&"2026-10-19 07:00".to_owned()));
    assert!(starts.contains(&"2026-10-26 08:00".to_owned()));
}

#[test]
fn a_series_without_end_keeps_its_zone_for_ever() {
    let mut meeting = weekly();
    meeting.parts[0].rule = Some("FREQ=WEEKLY".into());
    let starts = starts(&write(&meeting).expect("a known zone"));
    assert_eq!(starts.len(), 999);
    assert!(starts.contains(&"2040-07-09 07:00".to_owned()));
    assert!(starts.contains(&"2040-12-10 08:00".to_owned()));
}

#[test]
fn the_end_of_a_rule_is_an_instant() {
    for (until, written) in [
        // A day counts to its end, by the clock of the meeting.
        ("20260330", "20260330T215959Z"),
        ("20261214", "20261214T225959Z"),
        ("20260330T090000", "20260330T070000Z"),
        ("20260330T070000Z", "20260330T070000Z"),
    ] {
        let mut meeting = weekly();
        meeting.parts[0].rule = Some(format!("FREQ=WEEKLY;UNTIL={until};BYDAY=MO"));
        let text = write(&meeting).expect("a known zone");
        let whole = text.replace("\r\n ", "");
        let line = whole
            .lines()
            .find(|line| line.starts_with("RRULE:FREQ=WEEKLY"));
        let line = line.expect("a rule");
        assert!(line.contains(&format!("UNTIL={written}")), "{line}");
        let last = starts(&text).pop().expect("some times");
        assert!(until.starts_with(&last.replace('-', "")[..8]), "{last}");
    }
}

#[test]
fn our_text_keeps_to_the_form() {
    let text = write(&weekly()).expect("a known zone");
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{line}");
        assert!(!line.contains(['\r', '\n']), "{line}");
    }
    let whole = text.replace("\r\n ", "");
    for part in [
        "METHOD:REQUEST\r\n",
        "UID:0199-weekly@punctual.example\r\n",
        "DTSTAMP:20260301T080000Z\r\n",
        "SEQUENCE:3\r\n",
        "DTSTART;TZID=Europe/Berlin:20260316T090000\r\n",
        "EXDATE;TZID=Europe/Berlin:20260406T090000\r\n",
        "SUMMARY:Jour fixe\\; Büro\\, Küche\r\n",
        "RSVP=TRUE;CN=\"Größe, 'Ada'; Ünal\":mailto:ada@example.org\r\n",
        "ORGANIZER;CN=\"Olga\":mailto:olga@example.org\r\n",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n",
    ] {
        assert!(whole.contains(part), "{part} is not in\n{whole}");
    }
}

#[test]
fn a_moved_instance_and_a_cancelled_one_take_the_place_of_theirs() {
    let mut meeting = weekly();
    meeting.parts[0].rule = Some("FREQ=WEEKLY;COUNT=3".into());
    meeting.parts[0].excluded.clear();
    let changed = Part {
        rule: None,
        ..meeting.parts[0].clone()
    };
    meeting.parts.push(Part {
        original: Some(local("2026-03-23 09:00")),
        start: local("2026-03-24 14:00"),
        end: local("2026-03-24 15:00"),
        ..changed.clone()
    });
    meeting.parts.push(Part {
        original: Some(local("2026-03-30 09:00")),
        start: local("2026-03-30 09:00"),
        end: local("2026-03-30 10:00"),
        cancelled: true,
        ..changed
    });
    let text = write(&meeting).expect("a known zone");
    assert_eq!(starts(&text), ["2026-03-16 08:00", "2026-03-24 13:00"]);
}

#[test]
fn a_cancelled_meeting_is_not_busy() {
    let meeting = MeetingText {
        method: Method::Cancel,
        ..weekly()
    };
    let text = write(&meeting).expect("a known zone");
    let (from, to) = (meeting.stamp, meeting.stamp + chrono::Duration::days(400));
    let found = busy(&text, from, to, &Zone::utc()).expect("our own text");
    assert_eq!(found.busy, []);
    assert_eq!(
        calendar(&text).expect("our own text").method.as_deref(),
        Some("CANCEL")
    );
}

#[test]
fn every_zone_can_be_written_and_read() {
    for name in model::zone::names() {
        let mut meeting = weekly();
        meeting.zone.clone_from(&name);
        meeting.parts[0].rule = Some("FREQ=WEEKLY;INTERVAL=5;COUNT=30".into());
        let text = write(&meeting).expect("a known zone");
        let renamed = text
            .replace(&format!("TZID={name}"), "TZID=x")
            .replace(&format!("TZID:{name}"), "TZID:x");
        let all = |text: &str| expand(text, &Zone::utc(), 100).expect("our own text").0;
        let instants = |text: &str| -> Vec<i64> {
            all(text).iter().map(|one| one.start.timestamp()).collect()
        };
        assert_eq!(instants(&text), instants(&renamed), "{name}");
    }
}

const REPLY: &str = "From: \"Ada\" <Ada@Example.org>\r\nTo: olga@example.org\r\nSubject: Accepted\r\n\
MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
--b\r\nContent-Type: text/plain\r\n\r\nYes\r\n\
--b\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:0199-weekly@punctual.example\r\nSEQUENCE:3\r\n\
DTSTAMP:20260302T090000Z\r\nRECURRENCE-ID;TZID=3DW. Europe Standard Time:20260330T090000\r\n\
COMMENT:Gerne\\, bis dann=\r\n!\r\n\
ATTENDEE;CN=3DAda;PARTSTAT=3DACCEPTED:MAILTO:ada@example.org\r\n\
END:VEVENT\r\nEND:VCALENDAR\r\n--b--\r\n";

#[test]
fn an_answer_by_mail_is_understood() {
    let all = replies(REPLY.as_bytes()).expect("an answer");
    assert_eq!(all.len(), 1);
    let reply = &all[0];
    assert_eq!(reply.uid, "0199-weekly@punctual.example");
    assert_eq!((reply.sequence, reply.answer), (3, Response::Accepted));
    assert_eq!(reply.attendee, "ada@example.org");
    assert_eq!(reply.sender.as_deref(), Some("ada@example.org"));
    assert_eq!(reply.comment.as_deref(), Some("Gerne, bis dann!"));
    assert_eq!(
        reply.stamp.map(|at| at.to_rfc3339()).as_deref(),
        Some("2026-03-02T09:00:00+00:00")
    );
    let berlin = Zone::named("Europe/Berlin").expect("a known zone");
    assert_eq!(reply.original_in(&berlin), Some(local("2026-03-30 09:00")));
}

#[test]
fn other_mail_is_no_answer() {
    for mail in [
        "",
        "From: a@b\r\n\r\nhello",
        &REPLY.replace("REPLY", "REQUEST"),
        &REPLY
            .replace("PARTSTAT=3DACCEPTED;", "")
            .replace("ACCEPTED", "DELEGATED"),
    ] {
        assert!(replies(mail.as_bytes()).is_err(), "{mail}");
    }
}
