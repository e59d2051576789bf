use super::*;
use crate::attendance::case::Case;

fn punches(json: &str) -> Read {
    let text = format!(r#"{{"zone":"Europe/Berlin","punches":[{json}]}}"#);
    let case = Case::from_json(&text).expect("a case");
    read(&case.input)
}

#[test]
fn names_are_given_by_time_and_spare_those_in_use() {
    let read = punches(
        r#"{"at":"2026-11-23T18:00:00Z"}, {"at":"2026-11-23T09:00:00Z"},
           {"at":"2026-11-23T12:00:00Z","id":"p1"}"#,
    );
    let names: Vec<&str> = read.outs.iter().map(|out| out.id.as_str()).collect();
    assert_eq!(names, ["p2", "p1", "p4"]);
}

#[test]
fn a_copy_with_a_name_gives_it_to_the_others() {
    let read =
        punches(r#"{"at":"2026-11-23T18:00:00Z"}, {"at":"2026-11-23T18:00:00Z","id":"mine"}"#);
    assert_eq!(read.punches.len(), 1);
    assert_eq!(read.outs[0].id, "mine");
    assert_eq!(read.outs[1].duplicate_of.as_deref(), Some("mine"));
}

#[test]
fn a_resend_does_not_make_a_punch_late() {
    // Received again months later, it is still the one that came at once.
    let read = punches(
        r#"{"at":"2026-11-23T18:00:00Z","receivedAt":"2027-06-01T00:00:00Z"},
           {"at":"2026-11-23T18:00:00Z","receivedAt":"2026-11-23T18:00:02Z"}"#,
    );
    assert_eq!(read.punches.len(), 1);
}

#[test]
fn the_order_of_the_device_chooses_in_a_row_of_doubtful_times() {
    let readings = |json: &str| -> Vec<String> {
        let outs = punches(json).outs.into_iter();
        outs.map(|out| out.effective_at.format("%H:%M%:z").to_string())
            .collect()
    };
    // The device sent these one after the other.
    let sent = r#"{"local":"2026-10-25T02:50:00"}, {"local":"2026-10-25T02:10:00"},
                  {"local":"2026-10-25T02:40:00"}"#;
    assert_eq!(
        readings(sent),
        ["02:50+02:00", "02:10+01:00", "02:40+01:00"]
    );
    let turned = r#"{"local":"2026-10-25T02:40:00","sequence":9},
                    {"local":"2026-10-25T02:50:00","sequence":7},
                    {"local":"2026-10-25T02:10:00","sequence":8}"#;
    assert_eq!(readings(turned), readings(sent));
}

#[test]
fn a_year_in_which_nobody_works_is_quarantined() {
    let read = punches(
        r#"{"at":"1899-12-31T23:59:59Z"}, {"at":"9999-12-31T23:59:59Z"},
           {"local":"2200-01-02T00:00:00"}, {"at":"1999-12-31T23:59:59Z"}"#,
    );
    assert_eq!(read.punches.len(), 1);
    let flags: Vec<_> = read.outs.iter().map(|out| out.flags.clone()).collect();
    let (old, future) = (vec![Flag::OldTime], vec![Flag::FutureTime]);
    assert_eq!(flags, [old, Vec::new(), future.clone(), future]);
}
