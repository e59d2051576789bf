//! Mail: queued with the transaction, sent or kept by a job.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use chrono::TimeDelta;
use platform::jobs::Registry;
use platform::mail::{
    CalendarPart, MailState, Mailer, NewMail, SmtpConfig, find, list, queue_in_tx,
};
use sqlx::PgPool;
use testkit::TestWorld;

fn mail(world: &TestWorld, to: &str, subject: &str) -> NewMail {
    NewMail {
        id: world.deps.new_id(),
        to: to.to_owned(),
        subject: subject.to_owned(),
        text: "Your receipt".to_owned(),
        html: Some("<p>Your receipt</p>".to_owned()),
        calendar: None,
    }
}

fn registry(world: &TestWorld, url: Option<String>) -> Registry {
    let config = url.map(|url| SmtpConfig {
        url: url.into(),
        from: "Punctual <noreply@example.org>".to_owned(),
    });
    let mut registry = Registry::new();
    Mailer::new(world.db().clone(), world.deps.clock.clone(), config)
        .unwrap()
        .register(&mut registry);
    registry
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn without_a_server_mail_is_kept(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let registry = registry(&world, None);
    let mail = mail(&world, "Ada <ada@example.org>", "Hello");
    let id = mail.id;
    let mut tx = world.db().begin("test.mail").await.unwrap();
    queue_in_tx(&mut tx, mail, world.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world.drain(&registry).await, 1);
    let kept = find(&mut world.db().read().await.unwrap(), id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.state, MailState::Kept);
    assert_eq!(kept.html_body.as_deref(), Some("<p>Your receipt</p>"));
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_list_is_newest_first_and_pages(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let mut conn = world.db().read().await.unwrap();
    for number in 0..5 {
        let mail = mail(&world, "ada@example.org", &format!("mail {number}"));
        queue_in_tx(&mut conn, mail, world.now()).await.unwrap();
        world.advance(TimeDelta::seconds(number % 2));
    }
    let mut subjects = Vec::new();
    let mut after = None;
    loop {
        let page = list(&mut conn, after.as_deref(), 2).await.unwrap();
        subjects.extend(page.items.into_iter().map(|mail| mail.subject));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    subjects.sort_unstable();
    assert_eq!(
        subjects,
        ["mail 0", "mail 1", "mail 2", "mail 3", "mail 4"],
        "each once"
    );
    let first = list(&mut conn, None, 1).await.unwrap();
    assert_eq!(first.items[0].subject, "mail 4");
}

/// A mail server for one mail, which answers `RCPT` with the given line. Gives what it was sent
/// and hangs up when the mail is taken or refused.
fn mail_server(recipient: &'static str) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        stream.write_all(b"220 ready\r\n").unwrap();
        let (mut heard, mut in_data) = (String::new(), false);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return heard;
            }
            heard.push_str(&line);
            let (answer, last) = match line.trim_end() {
                "." if in_data => ("250 taken", true),
                _ if in_data => continue,
                "DATA" => {
                    in_data = true;
                    ("354 go on", false)
                }
                rcpt if rcpt.starts_with("RCPT") => (recipient, !recipient.starts_with("250")),
                _ => ("250 fine", false),
            };
            stream
                .write_all(format!("{answer}\r\n").as_bytes())
                .unwrap();
            if last {
                return heard;
            }
        }
    });
    (url, server)
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_server_gets_the_mail(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let (url, server) = mail_server("250 fine");
    let mail = mail(&world, "Ada <ada@example.org>", "Your receipt");
    let id = mail.id;
    let mut conn = world.db().read().await.unwrap();
    queue_in_tx(&mut conn, mail, world.now()).await.unwrap();
    let registry = registry(&world, Some(url));
    assert_eq!(world.drain(&registry).await, 1);
    let sent = find(&mut conn, id).await.unwrap().unwrap();
    assert_eq!(
        (sent.state, sent.sent_at),
        (MailState::Sent, Some(world.now()))
    );
    let heard = server.join().unwrap();
    assert!(heard.contains("RCPT TO:<ada@example.org>"), "{heard}");
    assert!(heard.contains("Subject: Your receipt"), "{heard}");
    assert!(heard.contains("<p>Your receipt</p>"), "{heard}");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_calendar_goes_along_as_an_alternative_and_as_a_file(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let (url, server) = mail_server("250 fine");
    let text = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n";
    let calendar = CalendarPart {
        method: "REQUEST".to_owned(),
        text: text.to_owned(),
    };
    let mail = NewMail {
        calendar: Some(calendar),
        ..mail(&world, "ada@example.org", "Invitation")
    };
    let id = mail.id;
    let mut conn = world.db().read().await.unwrap();
    queue_in_tx(&mut conn, mail, world.now()).await.unwrap();
    let registry = registry(&world, Some(url));
    assert_eq!(world.drain(&registry).await, 1);
    let sent = find(&mut conn, id).await.unwrap().unwrap();
    assert_eq!(sent.calendar_method.as_deref(), Some("REQUEST"));
    assert_eq!(sent.calendar_body.as_deref(), Some(text));
    let heard = server.join().unwrap();
    assert!(heard.contains("multipart/mixed"), "{heard}");
    assert!(heard.contains("multipart/alternative"), "{heard}");
    assert!(heard.contains("text/calendar"), "{heard}");
    assert!(heard.contains("method=REQUEST"), "{heard}");
    assert!(heard.contains("invite.ics"), "{heard}");
    assert_eq!(heard.matches("METHOD:REQUEST").count(), 2, "{heard}");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_refused_recipient_is_final_and_stays_out_of_the_queues_errors(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let (url, server) = mail_server("550 no such ada@example.org here");
    let mail = mail(&world, "ada@example.org", "Your receipt");
    let id = mail.id;
    let mut conn = world.db().read().await.unwrap();
    queue_in_tx(&mut conn, mail, world.now()).await.unwrap();
    let registry = registry(&world, Some(url));
    let (_, errors) = world.drain_with_errors(&registry).await;
    assert!(!errors[0].1.retry);
    assert!(!errors[0].1.message.contains("ada"), "{}", errors[0].1);
    let refused = find(&mut conn, id).await.unwrap().unwrap();
    assert_eq!(refused.state, MailState::Failed);
    assert!(refused.error.unwrap().contains("550"));
    server.join().unwrap();
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn an_absent_server_is_tried_again(pool: PgPool) {
    let world = testkit::world(&pool).await;
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", free.local_addr().unwrap());
    drop(free);
    let mail = mail(&world, "ada@example.org", "Your receipt");
    let id = mail.id;
    let mut conn = world.db().read().await.unwrap();
    queue_in_tx(&mut conn, mail, world.now()).await.unwrap();
    let (_, errors) = world.drain_with_errors(&registry(&world, Some(url))).await;
    assert!(errors[0].1.retry);
    let waiting = find(&mut conn, id).await.unwrap().unwrap();
    assert_eq!(waiting.state, MailState::Queued);
    assert!(waiting.error.is_some());
}
