//! What devices are told.

use super::*;
use crate::devices::adms::command::Pin;

fn serial() -> Serial {
    Serial::parse("0316144680030").unwrap()
}

#[test]
fn the_options_of_a_device_of_today() {
    let (serial, stamp) = (serial(), Stamp::parse("98765"));
    let mut ours = Options::new(&serial, Version::parse("2.4.2"));
    ours.punches = stamp.as_ref();
    ours.utc_offset_seconds = 3_600;
    let expected = "GET OPTION FROM: 0316144680030\nATTLOGStamp=98765\nOPERLOGStamp=0\nATTPHOTOStamp=None\n\
        ErrorDelay=60\nDelay=30\nTransTimes=00:00;14:05\nTransInterval=1\n\
        TransFlag=TransData AttLog\tOpLog\nTimeZone=1\nRealtime=1\nEncrypt=None\n\
        ServerVer=2.4.1\nPushProtVer=2.4.1\n";
    assert_eq!(options(&ours), expected);
}

#[test]
fn old_firmware_gets_bits_and_old_names() {
    let serial = serial();
    let text = options(&Options::new(&serial, None));
    for line in [
        "TransFlag=1100000000",
        "Stamp=0",
        "OpStamp=0",
        "PushProtVer=2.2.14",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
}

#[test]
fn zones_are_hours_or_minutes() {
    let check = |seconds: i32, expected: i32| assert_eq!(time_zone(seconds), expected, "{seconds}");
    check(0, 0);
    check(3_600, 1);
    check(-18_000, -5);
    check(50_400, 14);
    check(19_800, 330);
    check(20_700, 345);
    check(-12_600, -210);
    check(i32::MAX, 14);
}

#[test]
fn a_poll_gets_ok_or_commands_and_never_too_many() {
    assert_eq!(poll([]), ("OK".to_owned(), 0));
    let (one, two) = (CommandId::from(7), CommandId::parse("a8").unwrap());
    let delete = Command::DeleteUser {
        pin: Pin::parse("31").unwrap(),
    };
    let (text, sent) = poll([(&one, &Command::Check), (&two, &delete)]);
    assert_eq!(
        (text.as_str(), sent),
        ("C:7:CHECK\nC:a8:DATA DELETE USERINFO PIN=31\n", 2)
    );
    let (text, sent) = poll(std::iter::repeat_n((&two, &delete), 10_000));
    assert!(text.len() <= 64 * 1_024 && sent > 1_000 && text.lines().count() == sent);
}

#[test]
fn doors_are_answered_in_their_dialect() {
    let serial = serial();
    let mut ours = Options::new(&serial, Version::parse("3.1.2"));
    ours.server_version = Version::OURS_ACCESS;
    let code = RegistryCode::parse("Uy47fxftP3").unwrap();
    let text = access_options(&code, &ours);
    assert!(
        text.starts_with("registry=ok\nRegistryCode=Uy47fxftP3\nServerVersion=3.1.2\n"),
        "{text}"
    );
    assert!(text.contains("\nPushProtVer=3.1.2\n"));
    assert!(access_push(&ours).starts_with("ServerVersion=3.1.2\n"));
    assert_eq!(registered(&code), "RegistryCode=Uy47fxftP3");
    assert_eq!(table_received("user", 3), "user=3");
    assert_eq!(accepted(2), "OK: 2");
    assert_eq!(RegistryCode::parse("a\nb"), None);
}
