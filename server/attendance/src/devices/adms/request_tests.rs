//! Requests as devices of many ages make them.

use proptest::prelude::*;

use super::*;

fn read<'a>(method: &'a str, target: &'a str, body: &'a [u8]) -> Result<Received<'a>, Refusal> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Received::read(&RawRequest {
        method,
        path,
        query,
        body,
    })
}

fn get(target: &str) -> Request<'_> {
    read("GET", target, b"").unwrap().request
}

fn post<'a>(target: &'a str, body: &'a [u8]) -> Request<'a> {
    read("POST", target, body).unwrap().request
}

#[test]
fn a_handshake_is_known_however_it_is_spelled() {
    let full = "/iclock/cdata?SN=0316144680030&options=all&pushver=2.4.1&DeviceType=att&language=69&pushcommkey=4a95";
    let Request::Hello(hello) = get(full) else {
        panic!("a handshake");
    };
    assert_eq!(hello.version, Some(Version::OURS));
    assert_eq!(hello.language, Some(69));
    assert_eq!(hello.comm_key.as_ref().map(CommKey::expose), Some("4a95"));
    for target in [
        "/iclock/cdata?sn=1&option=all",
        "/iclock/cdata.aspx?Sn=1&OPTIONS=all",
        "/iclock/iclock/cdata?SN=1",
        "//ICLOCK/CData/?SN=1&options=all",
    ] {
        assert!(matches!(get(target), Request::Hello(_)), "{target}");
    }
    let Request::Hello(door) = get("/iclock/cdata?SN=1&options=all&pushver=3.1.2&DeviceType=acc")
    else {
        panic!("a handshake");
    };
    assert_eq!(door.kind, DeviceKind::Access);
}

#[test]
fn punches_come_with_and_without_a_stamp() {
    let body = b"31\t2026-10-05 06:58:10\t0\t1\r\n";
    let stamp = |target| match post(target, body) {
        Request::Punches { stamp, body: read } => {
            assert_eq!(read, &body[..]);
            stamp.map(|stamp| stamp.to_string())
        }
        other => panic!("punches: {other:?}"),
    };
    assert_eq!(
        stamp("/iclock/cdata?SN=1&table=ATTLOG&Stamp=98765").as_deref(),
        Some("98765")
    );
    assert_eq!(
        stamp("/iclock/fdata?SN=1&table=attlog&OpStamp=7").as_deref(),
        Some("7")
    );
    assert_eq!(stamp("/iclock/cdata?SN=1&table=ATTLOG"), None);
    assert_eq!(
        stamp("/iclock/cdata?SN=1&table=ATTLOG&Stamp=1%0d%0aDelay=2"),
        None
    );
}

#[test]
fn old_forms_are_unpacked() {
    let body = |bytes: &'static [u8]| match post("/iclock/cdata?SN=1&table=ATTLOG", bytes) {
        Request::Punches { body, .. } => String::from_utf8(body.into_owned()).unwrap(),
        other => panic!("punches: {other:?}"),
    };
    assert_eq!(
        body(b"data=31%092026-10-05+06%3A58%3A10%090%0A"),
        "31\t2026-10-05 06:58:10\t0\n"
    );
    // Not encoded, though it is called a form: a plus stays one.
    assert_eq!(
        body(b"DATA=31\t2026-10-05 06:58:10\t\t\t\t\t\t\t\t\t+7200\n"),
        "31\t2026-10-05 06:58:10\t\t\t\t\t\t\t\t\t+7200\n"
    );
    assert_eq!(body(b"31\tdata=\n"), "31\tdata=\n");

    let all = b"SN=ESSL9&table=ATTLOG&Stamp=5&data=31%092026-10-05 06:58:10";
    let received = read("POST", "/iclock/cdata", all).unwrap();
    assert_eq!(received.serial.as_str(), "ESSL9");
    let stamp = Stamp::parse("5");
    assert!(matches!(received.request, Request::Punches { stamp: s, .. } if s == stamp));
}

#[test]
fn what_is_not_kept_is_still_answered() {
    let other = |target: &'static str, body: &'static [u8]| match post(target, body) {
        Request::Other { table, bytes } => (table, bytes),
        other => panic!("not kept: {other:?}"),
    };
    assert_eq!(
        other("/iclock/cdata?SN=1&table=BIODATA&Stamp=1", b"BIODATA Pin=1"),
        ("BIODATA".into(), 13)
    );
    assert_eq!(
        other(
            "/iclock/fdata?SN=1",
            b"PIN=x.jpg\nsize=3\nCMD=uploadphoto\0\xff\xd8\xff"
        )
        .0,
        "fdata"
    );
    assert_eq!(
        other(
            "/iclock/cdata?SN=1&table=OPERLOG&ContentType=tgz",
            b"\x1f\x8b"
        ),
        ("OPERLOG".into(), 2)
    );
    assert_eq!(
        other("/iclock/cdata?SN=1&type=PostVerifyData", b"1").0,
        "PostVerifyData"
    );
    assert!(matches!(
        get("/iclock/cdata?SN=1&table=RemoteAtt&PIN=3"),
        Request::Other { .. }
    ));
    let settings = post(
        "/iclock/cdata?SN=1&table=options",
        b"FingerFunOn=1,~DeviceName=K40,ComPwd=0,FaceFunOn=0",
    );
    let expected = [
        ("FingerFunOn", "1"),
        ("DeviceName", "K40"),
        ("FaceFunOn", "0"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(settings, Request::Settings(expected.to_vec()));
}

#[test]
fn polls_pings_and_results_are_told_apart() {
    assert_eq!(get("/iclock/getrequest?SN=1"), Request::Poll { info: None });
    let Request::Poll { info: Some(info) } =
        get("/iclock/getrequest?SN=1&INFO=Ver%202.0.12-2015,12,24,4711,10.0.0.7")
    else {
        panic!("a poll that tells something");
    };
    assert_eq!(info.firmware.as_deref(), Some("Ver 2.0.12-2015"));
    assert_eq!(info.punches, Some(4711));
    assert_eq!(get("/iclock/ping?SN=1"), Request::Ping);
    let Request::Results(results) = post("/iclock/devicecmd?SN=1", b"ID=7&Return=0&CMD=DATA\n")
    else {
        panic!("results");
    };
    assert_eq!(results[0].id, "7");
}

#[test]
fn doors_speak_their_own_dialect() {
    let registry = post(
        "/iclock/registry?SN=1",
        b"DeviceType=acc,~DeviceName=InBio,FirmVer=1",
    );
    assert!(matches!(registry, Request::AccessRegistry { settings } if settings.len() == 3));
    assert_eq!(post("/iclock/push?SN=1", b""), Request::AccessPush);
    assert!(matches!(
        post("/iclock/cdata?SN=1&table=rtlog", b"x"),
        Request::AccessEvents { .. }
    ));
    let table =
        |target: &'static str| match post(target, b"user uid=1\tpin=3\tpassword=9\nuser uid=2\n") {
            Request::AccessTable { name, count, body } => (name, count, body.len()),
            other => panic!("a table: {other:?}"),
        };
    assert_eq!(
        table("/iclock/cdata?SN=1&table=tabledata&tablename=user&count=2"),
        ("user".into(), 2, 0)
    );
    assert_eq!(
        table("/iclock/querydata?SN=1&type=tabledata&tablename=user"),
        ("user".into(), 2, 0)
    );
    assert_eq!(
        table("/iclock/cdata?SN=1&table=tabledata&tablename=transaction&count=2").2,
        39
    );
    let odd = "/iclock/cdata?SN=1&table=tabledata&tablename=a%0ab&count=2";
    assert!(matches!(post(odd, b""), Request::Other { .. }));
}

#[test]
fn what_is_no_device_is_refused() {
    let check = |method, target, refusal: Refusal| {
        let got = read(method, target, b"").map(|received| received.request);
        assert_eq!(got, Err(refusal), "{method} {target}");
    };
    check("GET", "/iclock/cdata", Refusal::NoSerial);
    check("GET", "/iclock/cdata?SN=", Refusal::NoSerial);
    check(
        "GET",
        "/iclock/cdata?SN=a%2Fb",
        Refusal::BadSerial(BadSerial),
    );
    check("GET", "/cdata?SN=1", Refusal::Path);
    check("GET", "/iclock?SN=1", Refusal::Path);
    check("GET", "/admin/iclock/cdata?SN=1", Refusal::Path);
    check("GET", "/iclock/iclock/iclock/cdata?SN=1", Refusal::Path);
    check("GET", "/iclock/login?SN=1", Refusal::Path);
    check("PUT", "/iclock/cdata?SN=1", Refusal::Method);
    check("GET", "/iclock/devicecmd?SN=1", Refusal::Method);
    assert_eq!(Refusal::NoSerial.status(), 400);
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(
        verb in "(cdata|fdata|devicecmd|registry|querydata|getrequest|[a-z]{0,8})",
        query in "(SN=[a-z0-9]{1,4}&)?[ -~]{0,60}",
        body in prop::collection::vec(any::<u8>(), 0..200),
        table in "(ATTLOG|OPERLOG|options|rtlog|tabledata)",
    ) {
        let path = format!("/iclock/{verb}");
        let query = format!("{query}&table={table}");
        for method in ["GET", "POST"] {
            let _ = Received::read(&RawRequest { method, path: &path, query: &query, body: &body });
        }
    }

    #[test]
    fn a_form_gives_back_what_was_put_in(lines in "[0-9]{1,5}\t[ -~]{0,30}") {
        let encoded: String = lines.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let body = format!("data={encoded}");
        let received = read("POST", "/iclock/cdata?SN=1&table=ATTLOG", body.as_bytes()).unwrap();
        let Request::Punches { body, .. } = received.request else {
            panic!("punches");
        };
        prop_assert_eq!(&body[..], lines.as_bytes());
    }
}
