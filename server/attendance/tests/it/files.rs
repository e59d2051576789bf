//! Files of punches: looked at, told how they are to be read, taken in whole, and once.

use attendance::Error;
use model::attendance::views::{
    DayOrMonth, ImportFate, ImportReading, ImportState, PunchColumn, PunchImportPage, Separator,
};
use model::{Actor, PunchImportId};
use serde_json::json;
use sqlx::PgPool;

use crate::world::{World, world};

const TOLD: &str = "select count(*) from attendance.punch where source_kind = 'import'";

/// Two punches of Ana by address, one of a badge that is nobody's, one of a stranger, one unreadable.
const DOOR: &str = "Email,Badge,Time,Door\n\
    ana.kowalski@example.org,,2026-11-20 09:01,North\n\
    ana.kowalski@example.org,,2026-11-20 18:02,North\n\
    ,4711,2026-11-20 09:05,North\n\
    nobody@example.org,,2026-11-20 09:06,North\n\
    ana.kowalski@example.org,,noon,North\n";

impl World {
    async fn keep(&self, name: &str, text: &str) -> PunchImportId {
        let hr = self.hr();
        let kept = self.service.keep_import(&hr, name, text.as_bytes()).await;
        kept.expect("a table")
    }

    async fn file(&self, id: PunchImportId) -> PunchImportPage {
        let page = self.service.punch_import(&self.hr(), id).await;
        page.expect("it is kept")
    }

    /// Decides to take a file in, and lets the job do it.
    async fn take_in(&self, id: PunchImportId) -> PunchImportPage {
        let version = self.file(id).await.file.version;
        let started = self.service.start_import(&self.hr(), id, version).await;
        started.expect("it can be read");
        let payload = json!({ "import": id });
        let ran = self
            .registry
            .run("attendance.import_punches", payload)
            .await;
        ran.expect("the job works");
        self.file(id).await
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_look_keeps_nothing_and_says_what_each_line_becomes(pool: PgPool) {
    let world = world(pool).await;
    let id = world.keep("C:\\exports\\door.csv", DOOR).await;
    let page = world.file(id).await;
    assert_eq!(
        (page.file.name.as_str(), page.file.state),
        ("door.csv", ImportState::Kept)
    );
    let preview = page.preview.expect("nothing is decided");
    assert_eq!((preview.lines, preview.new, preview.unmatched), (5, 3, 1));
    assert_eq!(
        (preview.left_out, preview.unreadable, preview.repeated),
        (1, 1, 0)
    );
    assert_eq!(preview.badges, ["4711"]);
    assert_eq!(preview.unknown, ["nobody@example.org"]);
    let fault = &preview.faults[0];
    assert_eq!((fault.line, fault.column.as_str()), (6, "Time"));
    let fates: Vec<ImportFate> = preview.first.iter().map(|row| row.fate).collect();
    assert_eq!(
        fates,
        [
            ImportFate::New,
            ImportFate::New,
            ImportFate::Unmatched,
            ImportFate::LeftOut
        ]
    );
    assert_eq!(preview.first[0].name.as_deref(), Some("Ana Kowalski"));
    assert_eq!(preview.zone, "Europe/Berlin");
    assert_eq!(preview.columns[3].taken_for, Some(PunchColumn::Device));
    assert_eq!(preview.columns[3].samples, ["North", "North", "North"]);
    assert_eq!(world.count(TOLD).await, 0);
    // The same bytes once more are the same file, as long as nothing is decided.
    assert_eq!(world.keep("again.csv", DOOR).await, id);
    let forgotten = world.service.drop_import(&world.hr(), id).await;
    forgotten.expect("nothing was decided");
    let gone = world.service.punch_import(&world.hr(), id).await;
    assert!(matches!(gone, Err(Error::NotFound(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_file_is_taken_in_once_and_again_brings_nothing(pool: PgPool) {
    let world = world(pool).await;
    let id = world.keep("door.csv", DOOR).await;
    let page = world.take_in(id).await;
    let file = page.file;
    assert_eq!((file.state, file.rows_done), (ImportState::Done, 4));
    assert_eq!((file.accepted, file.repeated, file.unmatched), (3, 0, 1));
    assert_eq!((file.left_out, file.unreadable), (1, 1));
    assert!(page.preview.is_none());
    world.derive().await;
    let (status, counted, _) = world.day("Ana", "2026-11-20").await;
    assert_eq!((status.as_str(), counted), ("unscheduled", 541));
    let bytes = "select count(*) from attendance.punch_import where body is not null";
    assert_eq!(world.count(bytes).await, 0);
    assert_eq!(world.told("attendance.audited").await, 1);

    // A second run of the job finds it done.
    let payload = json!({ "import": id });
    let ran = world
        .registry
        .run("attendance.import_punches", payload)
        .await;
    ran.expect("the job works");

    let again = world.keep("door.csv", DOOR).await;
    assert_ne!(again, id);
    let page = world.file(again).await;
    assert_eq!(page.before.map(|(id, _)| id), Some(id));
    let preview = page.preview.expect("nothing is decided");
    assert_eq!((preview.new, preview.repeated), (0, 3));
    let file = world.take_in(again).await.file;
    assert_eq!((file.accepted, file.repeated), (0, 3));
    assert_eq!(world.count(TOLD).await, 3);
    let late = world.service.drop_import(&world.hr(), again).await;
    assert!(matches!(late, Err(Error::Decided(_))));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_cannot_be_read_is_read_as_somebody_says(pool: PgPool) {
    let world = world(pool).await;
    let text = "who;when\n4711;05/10/2026 09:00\n4711;06/10/2026 17:30\n";
    let id = world.keep("old.csv", text).await;
    let page = world.file(id).await;
    let preview = page.preview.expect("nothing is decided");
    assert!(preview.refusal.is_some());
    assert_eq!(preview.separator, Separator::Semicolon);
    let early = world
        .service
        .start_import(&world.hr(), id, page.file.version)
        .await;
    assert!(matches!(early, Err(Error::Invalid(_))));
    let mut reading = ImportReading {
        separator: Some(Separator::Semicolon),
        columns: Some(vec![Some(PunchColumn::Badge), Some(PunchColumn::DateTime)]),
        date_order: None,
        zone: Some("Asia/Kolkata".into()),
    };
    let say = async |version, reading: &ImportReading| {
        let service = &world.service;
        service
            .read_import_as(&world.hr(), id, version, reading)
            .await
    };
    say(1, &reading).await.expect("a reading");
    let late = say(1, &reading).await;
    assert!(matches!(late, Err(Error::Changed)));
    let preview = world.file(id).await.preview.expect("nothing is decided");
    assert!(preview.refusal.expect("two dates").contains("two ways"));
    reading.date_order = Some(DayOrMonth::Day);
    say(2, &reading).await.expect("a reading");
    let page = world.file(id).await;
    let preview = page.preview.expect("nothing is decided");
    assert_eq!((preview.refusal, preview.new), (None, 2));
    let days = preview
        .days
        .map(|(from, to)| (from.to_string(), to.to_string()));
    assert_eq!(days, Some(("2026-10-05".into(), "2026-10-06".into())));
    reading.zone = Some("Mars/Olympus".into());
    assert!(matches!(say(3, &reading).await, Err(Error::Invalid(_))));
    world.take_in(id).await;
    let first = "select count(*) from attendance.punch
                 where occurred_at = '2026-10-05T03:30:00Z' and zone = 'Asia/Kolkata'";
    assert_eq!(world.count(first).await, 1);
    // With another separator the file has other columns: what was said of those is forgotten.
    let other = world
        .keep("other.csv", "badge,time\n7,2026-11-02 09:00\n")
        .await;
    let reading = ImportReading {
        separator: Some(Separator::Semicolon),
        columns: Some(vec![Some(PunchColumn::Badge), Some(PunchColumn::DateTime)]),
        ..ImportReading::default()
    };
    let said = world
        .service
        .read_import_as(&world.hr(), other, 1, &reading)
        .await;
    said.expect("a reading");
    let preview = world.file(other).await.preview.expect("nothing is decided");
    assert_eq!(preview.columns.len(), 1);
    assert_eq!(preview.columns[0].taken_for, None);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_large_file_is_taken_in_whole(pool: PgPool) {
    let world = world(pool).await;
    let mut text = String::from("badge,time\n");
    for number in 0..12_000 {
        let (day, minute) = (number % 20 + 1, number / 20 % 60);
        let hour = number / 1_200 + 6;
        text.push_str(&format!(
            "{},2026-11-{day:02} {hour:02}:{minute:02}\n",
            number % 7
        ));
    }
    let id = world.keep("large.csv", &text).await;
    let file = world.take_in(id).await.file;
    assert_eq!(file.state, ImportState::Done);
    assert_eq!(
        (file.accepted + file.repeated, file.rows_total),
        (12_000, 12_000)
    );
    assert_eq!(world.count(TOLD).await, file.accepted);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_is_no_table_is_refused_and_who_may_not_sees_nothing(pool: PgPool) {
    let world = world(pool).await;
    let code = |error: Error| match error {
        Error::Invalid(problem) => problem.code,
        other => other.to_string(),
    };
    for (bytes, word) in [
        (&b"PK\x03\x04..."[..], "workbook"),
        (b"", "unreadable"),
        (b"badge,time\n", "unreadable"),
        (&vec![b'x'; (16 << 20) + 1], "too_large"),
    ] {
        let refused = world.service.keep_import(&world.hr(), "x", bytes).await;
        assert_eq!(code(refused.expect_err("no table")), word);
    }
    let id = world.keep("door.csv", DOOR).await;
    for first in ["Ana", "Marta", "Fay"] {
        let actor: Actor = world.actor(first);
        let service = &world.service;
        assert!(matches!(
            service.punch_imports(&actor).await,
            Err(Error::Forbidden(_))
        ));
        assert!(matches!(
            service.punch_import(&actor, id).await,
            Err(Error::Forbidden(_))
        ));
        let kept = service.keep_import(&actor, "x", DOOR.as_bytes()).await;
        assert!(matches!(kept, Err(Error::Forbidden(_))));
        let started = service.start_import(&actor, id, 1).await;
        assert!(matches!(started, Err(Error::Forbidden(_))));
        let dropped = service.drop_import(&actor, id).await;
        assert!(matches!(dropped, Err(Error::Forbidden(_))));
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_file_that_nobody_decides_about_is_forgotten(pool: PgPool) {
    let world = world(pool).await;
    world.keep("door.csv", DOOR).await;
    world.test.advance(chrono::TimeDelta::days(6));
    assert_eq!(
        world.service.clear_old().await.expect("a database").files,
        0
    );
    world.test.advance(chrono::TimeDelta::days(2));
    assert_eq!(
        world.service.clear_old().await.expect("a database").files,
        1
    );
    let files = world.service.punch_imports(&world.hr()).await;
    assert!(files.expect("HR may").is_empty());
}
