//! Commands on the wire, and what comes back.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn at(day: u32, hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 10, day)
        .unwrap()
        .and_hms_opt(hour, 0, 0)
        .unwrap()
}

fn october(from: u32, to: u32) -> Period {
    Period::new(at(from, 0), at(to, 23)).unwrap()
}

#[test]
fn commands_are_written_as_devices_read_them() {
    let check = |command: Command, expected: &str| {
        assert_eq!(command.to_string(), expected);
        assert_eq!(Command::parse(expected), Some(command));
    };
    let (pin, card) = (Pin::parse("31").unwrap(), Card::parse("123456789").unwrap());
    let name = ShownName::new("Ann\tLee\nC:1:REBOOT");
    let update = Command::UpdateUser {
        pin: pin.clone(),
        name,
        card: Some(card),
    };
    check(
        update,
        "DATA UPDATE USERINFO PIN=31\tName=Ann Lee C:1:REBOOT\tPri=0\tCard=123456789",
    );
    check(Command::DeleteUser { pin }, "DATA DELETE USERINFO PIN=31");
    let period = "StartTime=2026-10-01 00:00:00\tEndTime=2026-10-31 23:00:00";
    check(
        Command::QueryPunches(october(1, 31)),
        &format!("DATA QUERY ATTLOG {period}"),
    );
    check(
        Command::VerifySum(october(1, 31)),
        &format!("VERIFY SUM ATTLOG {period}"),
    );
    for (command, text) in [
        (Command::Check, "CHECK"),
        (Command::Log, "LOG"),
        (Command::Info, "INFO"),
        (Command::Reboot, "REBOOT"),
    ] {
        check(command, text);
    }
}

#[test]
fn what_harms_cannot_be_said() {
    for text in [
        "SHELL reboot",
        "Shell",
        "PutFile http://x\t/mnt",
        "GetFile /etc/passwd",
        "CLEAR LOG",
        "CLEAR DATA",
        "CHECK\nC:1:CLEAR LOG",
        "REBOOT ",
        "DATA UPDATE USERINFO PIN=1\tName=A\tPri=14",
        "DATA UPDATE USERINFO PIN=1\tName=A\tPri=0\tPasswd=1",
        "DATA DELETE USERINFO PIN=1\n",
        "DATA DELETE USERINFO PIN=",
        "DATA QUERY ATTLOG StartTime=2026-10-02 00:00:00\tEndTime=2026-10-01 00:00:00",
        "",
    ] {
        assert_eq!(Command::parse(text), None, "{text}");
    }
    assert_eq!(Pin::parse("1\tPri=14"), Err(BadValue::Pin));
    assert_eq!(Card::parse("12a"), Err(BadValue::Card));
    assert_eq!(Period::new(at(2, 0), at(1, 0)), Err(BadValue::Period));
    assert_eq!(CommandId::parse("12345678901234567"), None);
}

#[test]
fn names_are_cut_where_a_device_cuts_them() {
    let name = |text: &str| ShownName::new(text).as_str().to_owned();
    assert_eq!(name("  Ann\u{0}\t Lee "), "Ann Lee");
    assert_eq!(
        name("Wolfeschlegelsteinhausenberger"),
        "Wolfeschlegelsteinhausen"
    );
    assert_eq!(name("Ünsal Çelik-Öztürkoğlu"), "Ünsal Çelik-Öztürko");
    assert_eq!(
        name("abcdefghijklmnopqrstuvw xyz"),
        "abcdefghijklmnopqrstuvw"
    );
    assert_eq!(name("\n\t"), "");
}

#[test]
fn results_come_in_batches() {
    let results =
        results(b"ID=7&Return=0&CMD=DATA\r\nID=8&Return=-1002&CMD=DATA\nID=9&CMD=CHECK\n");
    let all: Vec<_> = results
        .iter()
        .map(|r| (r.id.as_str(), r.code, r.command.as_str()))
        .collect();
    assert_eq!(
        all,
        [
            ("7", Some(0), "DATA"),
            ("8", Some(-1_002), "DATA"),
            ("9", None, "CHECK")
        ]
    );
    assert_eq!(results[1].words(), "this device cannot do that");
    assert!(results[0].succeeded() && !results[1].succeeded() && !results[2].succeeded());
}

#[test]
fn an_info_goes_over_many_lines() {
    let body = b"ID=7&Return=0&CMD=INFO\n~DeviceName=K40\nMAC=00:17:61:00:00:01\nTransactionCount=4711\n~SerialNumber=1\nComPwd=1\nIPAddress=1,2&3\nID=8&Return=0&CMD=CHECK\n";
    let results = results(body);
    assert_eq!(results.len(), 2);
    let details: Vec<_> = results[0]
        .details
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let expected = [
        ("DeviceName", "K40"),
        ("MAC", "00:17:61:00:00:01"),
        ("TransactionCount", "4711"),
        ("SerialNumber", "1"),
        ("IPAddress", "1,2&3"),
    ];
    assert_eq!(details, expected);
}

#[test]
fn what_a_program_printed_is_not_looked_at() {
    let body = b"ID=7\nSN=1\nReturn=0\nCMD=Shell\nFILENAME=shellout.txt\nContent=root:x\nsecret=1\n\x00\xff\nID=8&Return=0&CMD=LOG\n";
    let results = results(body);
    assert_eq!(
        (results[0].command.as_str(), results[0].code),
        ("Shell", Some(0))
    );
    assert!(!format!("{results:?}").contains("root"));
    assert_eq!(results[1].id, "8");
}

#[test]
fn a_count_of_punches_is_found_under_both_names() {
    let sum = |body: &str| {
        results(body.as_bytes())
            .first()
            .and_then(CommandResult::punch_sum)
    };
    let period = "StartTime=2026-10-01 00:00:00&EndTime=2026-10-31 23:00:00";
    let found = sum(&format!(
        "ID=7&Return=0&CMD=VERIFY SUM&{period}&AttlogSum=412"
    ))
    .unwrap();
    assert_eq!(
        (found.from, found.to, found.count),
        (Some(at(1, 0)), Some(at(31, 23)), 412)
    );
    assert_eq!(
        sum("ID=7&Return=0&CMD=VERIFY SUM&AttlogCount=3")
            .unwrap()
            .count,
        3
    );
    assert_eq!(
        sum("ID=7&Return=0&CMD=VERIFY SUM\nAttlogSum=9")
            .unwrap()
            .count,
        9
    );
    assert_eq!(sum("ID=7&Return=0&CMD=VERIFY SUM&AttlogSum=many"), None);
}

proptest! {
    #[test]
    fn a_command_comes_back_as_it_was_stored(
        pin in "[A-Za-z0-9]{1,24}", name in any::<String>(), card in prop::option::of("[0-9]{1,20}"),
    ) {
        let command = Command::UpdateUser {
            pin: Pin::parse(&pin).unwrap(),
            name: ShownName::new(&name),
            card: card.map(|card| Card::parse(&card).unwrap()),
        };
        let text = command.to_string();
        prop_assert!(!text.contains(['\n', '\r', '\0']));
        prop_assert_eq!(text.matches('\t').count(), 2 + usize::from(text.contains("\tCard=")));
        prop_assert_eq!(Command::parse(&text), Some(command));
    }

    #[test]
    fn nothing_makes_reading_results_panic(start in "(ID=[a-z0-9]{0,20}&)?", body in prop::collection::vec(any::<u8>(), 0..300)) {
        for result in results(&[start.as_bytes(), &body].concat()) {
            let _ = (result.words(), result.punch_sum());
            prop_assert!(result.id.chars().count() <= 16);
        }
    }

    #[test]
    fn only_own_commands_are_read_back(text in "(DATA|CLEAR|SHELL|CHECK|VERIFY SUM ATTLOG)[ -~\t\n]{0,60}") {
        if let Some(command) = Command::parse(&text) {
            prop_assert_eq!(command.to_string(), text);
        }
    }
}
