//! What a table of punches may look like.

use proptest::prelude::*;

use super::*;

fn file(text: &str) -> Preview {
    read(text.as_bytes(), &Choices::default()).unwrap()
}

fn refused(text: &str) -> Refusal {
    read(text.as_bytes(), &Choices::default()).unwrap_err()
}

/// What a table with one badge and one time comes to.
fn time(text: &str) -> String {
    let preview = file(&format!("Badge\tPunch time\n7\t{text}\n"));
    match (&preview.rows[..], &preview.errors[..]) {
        ([row], []) => match row.utc_offset_seconds {
            Some(offset) => format!("{} {offset}", row.local),
            None => row.local.to_string(),
        },
        ([], [error]) => format!("{:?}", error.reason),
        _ => panic!("one row, one outcome: {preview:?}"),
    }
}

#[test]
fn a_table_of_a_spreadsheet_is_read() {
    let text = "sep=;\r\nMitarbeiter-Nr.;Personalnummer;Datum;Uhrzeit;Richtung;Zeitzone;Gerät\r\n\
                x;4711;05.10.2026;06:58;Kommen;Europe/Berlin;Tor 2\r\n\
                \r\n\
                x;4711;05.10.2026;17:02:30;Gehen;;\r\n";
    let preview = file(text);
    assert_eq!(
        (preview.error_count, preview.rows.len()),
        (0, 2),
        "{preview:?}"
    );
    assert_eq!(preview.delimiter, Delimiter::Semicolon);
    assert_eq!(preview.date_order, None);
    assert_eq!(preview.columns[0].1, None);
    let row = &preview.rows[0];
    assert_eq!(row.who, Who::EmployeeNumber("4711".into()));
    assert_eq!(row.local.to_string(), "2026-10-05 06:58:00");
    assert_eq!(row.direction, Direction::In);
    assert_eq!(row.zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(row.device.as_deref(), Some("Tor 2"));
    assert_eq!(row.line, 3);
    assert_eq!(
        row.raw,
        "x;4711;05.10.2026;06:58;Kommen;Europe/Berlin;Tor 2"
    );
    assert_eq!(
        (preview.rows[1].line, preview.rows[1].direction),
        (5, Direction::Out)
    );
}

#[test]
fn times_are_read_in_the_forms_that_mean_one_thing() {
    let check = |text: &str, expected: &str| assert_eq!(time(text), expected, "{text}");
    check("2026-10-05 06:58:10", "2026-10-05 06:58:10");
    check("2026-10-05T06:58:10.250+02:00", "2026-10-05 06:58:10 7200");
    check("2026-10-05T06:58Z", "2026-10-05 06:58:00 0");
    check("2026-10-05 06:58 -0330", "2026-10-05 06:58:00 -12600");
    check("20261005 06:58", "2026-10-05 06:58:00");
    check("2026/10/5 6:58", "2026-10-05 06:58:00");
    check("5.10.2026, 06:58", "2026-10-05 06:58:00");
    check("05-Oct-2026 12:05 AM", "2026-10-05 00:05:00");
    check("October 5, 2026 12:05 pm", "2026-10-05 12:05:00");
    check("5 OCT 2026 11:05 p.m.", "2026-10-05 23:05:00");
    check("13/10/2026 06:58", "2026-10-13 06:58:00");
    check("10/13/2026 06:58", "2026-10-13 06:58:00");
    check("05.10.26 06:58", "ShortYear");
    check("2026-02-30 06:58", "NotADate");
    check("31.11.2026 06:58", "NotADate");
    check("0026-10-05 06:58", "NotADate");
    check("yesterday 06:58", "NotADate");
    check("2026-10-05", "NotATime");
    check("2026-10-05 24:00", "NotATime");
    check("2026-10-05 13:05 PM", "NotATime");
    check("2026-10-05 6:5:4:3", "NotATime");
    check("2026-10-05 06:58 +20:00", "NotATime");
}

#[test]
fn a_date_of_two_days_waits_for_a_choice() {
    let text =
        "email,date,time\nann@example.com,05/10/2026,07:00\nann@example.com,06/10/2026,07:00\n";
    let example = "05/10/2026".to_owned();
    assert_eq!(refused(text), Refusal::AmbiguousDates { example });
    let chosen = |order| {
        let choices = Choices {
            date_order: Some(order),
            ..Choices::default()
        };
        read(text.as_bytes(), &choices).unwrap().rows[0]
            .local
            .to_string()
    };
    assert_eq!(chosen(DateOrder::DayFirst), "2026-10-05 07:00:00");
    assert_eq!(chosen(DateOrder::MonthFirst), "2026-05-10 07:00:00");

    // One day past the twelfth tells of all of them.
    let decided = file(&format!("{text}ann@example.com,13/10/2026,07:00\n"));
    assert_eq!(decided.date_order, Some(DateOrder::DayFirst));
    assert_eq!(decided.rows[0].local.to_string(), "2026-10-05 07:00:00");

    // A file that says both says nothing.
    let both =
        format!("{text}ann@example.com,13/10/2026,07:00\nann@example.com,10/14/2026,07:00\n");
    assert!(matches!(refused(&both), Refusal::AmbiguousDates { .. }));
}

#[test]
fn an_error_names_its_line_and_its_column() {
    let text = "Badge,E-Mail,Timestamp,In/Out,TZ\n\
                7,,2026-10-05 07:00,in,\n\
                ,,2026-10-05 07:00,in,\n\
                ,ann,2026-10-05 07:00,in,\n\
                8,,2026-10-05,in,\n\
                8,,2026-10-05 07:00,sideways,\n\
                8,,2026-10-05 07:00,in,+2 hours\n\
                9\n";
    let preview = file(text);
    let errors: Vec<String> = preview.errors.iter().map(ToString::to_string).collect();
    let expected = [
        "line 3, column “Badge”: a value is missing",
        "line 4, column “E-Mail”: this is not an e-mail address",
        "line 5, column “Timestamp”: this is not a time of day; 17:05, 17:05:30 and 5:05 PM are read",
        "line 6, column “In/Out”: this is not a direction; in, out, break out and break in are read",
        "line 7, column “TZ”: this is not a time zone; Europe/Berlin and +02:00 are read",
        "line 8, column “Timestamp”: a value is missing",
    ];
    assert_eq!(errors, expected);
    assert_eq!((preview.rows.len(), preview.error_count), (1, 6));
}

#[test]
fn a_forgotten_quotation_mark_swallows_no_rows_in_silence() {
    let text = "badge,time,device\n7,2026-10-05 07:00,\"Gate\n8,2026-10-05 07:01,Gate\n";
    let preview = file(text);
    assert_eq!(preview.rows, []);
    assert_eq!(preview.errors[0].reason, RowFault::NotClosed);
}

#[test]
fn a_file_without_the_needed_columns_is_refused_in_words() {
    assert_eq!(refused(""), Refusal::Empty);
    assert_eq!(refused("badge,time\n\n"), Refusal::Empty);
    assert_eq!(refused("name,time\nAnn,07:00\n"), Refusal::NoWho);
    assert_eq!(refused("badge,date\n7,2026-10-05\n"), Refusal::NoTime);
    assert_eq!(
        refused("badge,pin,time\n7,7,2026-10-05 07:00\n"),
        Refusal::Twice(Column::Badge)
    );
    let large = vec![b'x'; MAX_BYTES + 1];
    assert_eq!(read(&large, &Choices::default()), Err(Refusal::TooLarge));
}

#[test]
fn columns_can_be_chosen_where_the_header_does_not_tell() {
    let text = "wer,wann,was\n7,2026-10-05 07:00,4\n";
    let columns = vec![
        Some(Column::Badge),
        Some(Column::DateTime),
        Some(Column::Direction),
    ];
    let choices = Choices {
        columns: Some(columns),
        ..Choices::default()
    };
    let preview = read(text.as_bytes(), &choices).unwrap();
    assert_eq!(preview.rows[0].who, Who::Badge("7".into()));
    assert_eq!(preview.rows[0].direction, Direction::In);
}

#[test]
fn other_encodings_are_read() {
    let text = "badge,time,device\n7,2026-10-05 07:00,Büro\n";
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    for bytes in [utf16, latin, marked] {
        let preview = read(&bytes, &Choices::default()).unwrap();
        assert_eq!(preview.rows[0].device.as_deref(), Some("Büro"));
    }
}

#[test]
fn zones_are_names_or_offsets() {
    let check = |text: &str, expected: Option<(Option<&str>, Option<i32>)>| {
        let zone = columns::zone(text).ok();
        let got = zone
            .as_ref()
            .map(|zone| (zone.name.as_deref(), zone.utc_offset_seconds));
        assert_eq!(got, expected, "{text}");
    };
    check("", Some((None, None)));
    check("Asia/Kolkata", Some((Some("Asia/Kolkata"), None)));
    check("UTC", Some((None, Some(0))));
    check("GMT+5", Some((None, Some(18_000))));
    check("+05:45", Some((None, Some(20_700))));
    check("Europe/Berlin'; --", None);
}

proptest! {
    #[test]
    fn rows_and_errors_add_up_whatever_a_file_holds(
        rows in prop::collection::vec(("[0-9a-z ]{0,6}", "[0-9:/. TZ+-]{0,20}", "[a-z0-9]{0,6}"), 1..30),
    ) {
        let mut text = "badge;date time;direction\n".to_owned();
        let mut whole = 0;
        for (badge, time, direction) in &rows {
            text += &format!("{badge};{time};{direction}\n");
            let empty = [badge, time, direction].iter().all(|value| value.trim().is_empty());
            whole += usize::from(!empty);
        }
        let choices = Choices { date_order: Some(DateOrder::DayFirst), ..Choices::default() };
        match read(text.as_bytes(), &choices) {
            Ok(preview) => prop_assert_eq!(preview.rows.len() + preview.error_count, whole),
            Err(refusal) => prop_assert_eq!((refusal, whole), (Refusal::Empty, 0)),
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes, &Choices::default());
        let headed = [b"badge,time,zone\n", &bytes[..]].concat();
        let _ = read(&headed, &Choices::default());
    }
}
