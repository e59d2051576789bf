//! The world of a conversation with a device: what its lines with `!` do and check. Whoever plays a
//! conversation says only how a request is carried.

use attendance::Attendance;
use attendance::devices::adms::Command;
use chrono::{DateTime, Utc};
use model::{Actor, DeviceId};
use sqlx::PgPool;
use testkit::TestWorld;

use crate::conversation::{self, Captures, Exchange, Step};

/// A device, its server and the clock of both.
pub struct Terminal {
    pub test: TestWorld,
    pub service: Attendance,
    pub pool: PgPool,
}

impl Terminal {
    /// Plays a conversation. `carry` takes a request, its path with the query, and its body, and gives
    /// the status and the body of the answer.
    pub async fn play<F>(&self, name: &str, text: &str, carry: F)
    where
        F: AsyncFn(&Exchange, &str, &[u8]) -> (u16, String),
    {
        let mut captures = Captures::default();
        let steps = conversation::read(text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let mut serial = String::new();
        for step in steps {
            match step {
                Step::World { line, text } => {
                    let text = captures.fill(&text).replace("\\t", "\t");
                    let done = self.change(&text, &mut serial).await;
                    done.unwrap_or_else(|wrong| panic!("{name}, line {line}: {wrong}"));
                }
                Step::Exchange(exchange) => {
                    let (target, body) = (exchange.target(&captures), exchange.body(&captures));
                    let (status, answer) = carry(&exchange, &target, &body).await;
                    let checked = exchange.check(status, &answer, &mut captures);
                    checked.unwrap_or_else(|wrong| panic!("{name}, {wrong}"));
                }
            }
        }
    }

    async fn change(&self, text: &str, serial: &mut String) -> Result<(), String> {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        let field = |name: &str| {
            let fields = rest.split(' ').filter_map(|field| field.split_once('='));
            fields
                .filter(|(found, _)| *found == name)
                .map(|(_, value)| value)
                .next()
        };
        match verb {
            "device" => {
                let found = field("SN").ok_or("a device has a serial number")?;
                found.clone_into(serial);
                self.device(found, field("zone").unwrap_or("UTC")).await;
                Ok(())
            }
            "now" => {
                let to: DateTime<Utc> = rest.parse().map_err(|_| "no instant")?;
                self.test.advance(to - self.test.now());
                Ok(())
            }
            "queue" => {
                let command = Command::parse(rest).ok_or("no command of ours")?;
                let device = self.find(serial).await.ok_or("there is no device")?;
                let actor = Actor::system("test");
                let asked = self.service.ask_device(&actor, device, &command);
                asked.await.map_err(|error| error.to_string())
            }
            "done" => {
                let (id, code) = rest.split_once(' ').ok_or("done has an id and a code")?;
                same("the result", self.result(id).await, Some(code.to_owned()))
            }
            "stored" => {
                let wanted = |name| {
                    field(name)
                        .and_then(|number| number.parse().ok())
                        .unwrap_or(0)
                };
                let (punches, garbage) = (self.count(PUNCHES).await, self.count(GARBAGE).await);
                same("punches", punches, wanted("punches"))?;
                same("garbage", garbage, wanted("garbage"))
            }
            "alarm" => same("alarms", self.alarms(rest).await >= 1, true),
            "pending" => same(
                "the state",
                self.state(rest).await.as_deref(),
                Some("pending"),
            ),
            _ => Err(format!("the world knows no {verb}")),
        }
    }

    /// A device that is listened to.
    pub async fn device(&self, serial: &str, zone: &str) -> DeviceId {
        let id: DeviceId = self.test.deps.new_id();
        sqlx::query(
            "insert into attendance.device
                 (id, kind, serial, name, zone, state, installed_at, created_at)
             values ($1, 'adms', $2, $2, $3, 'active', $4, $4)",
        )
        .bind(id.0)
        .bind(serial)
        .bind(zone)
        .bind(self.test.now())
        .execute(&self.pool)
        .await
        .expect("a new device");
        self.service.refresh_devices().await.expect("a database");
        id
    }

    pub async fn find(&self, serial: &str) -> Option<DeviceId> {
        sqlx::query_scalar("select id from attendance.device where serial = $1")
            .bind(serial)
            .fetch_optional(&self.pool)
            .await
            .expect("a database")
            .map(DeviceId)
    }

    /// What a query without parameters counts.
    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query)
            .fetch_one(&self.pool)
            .await
            .expect("a database")
    }

    async fn result(&self, id: &str) -> Option<String> {
        let code: Option<Option<i64>> = sqlx::query_scalar(
            "select code from attendance.device_command
             where id = $1 and state in ('done', 'failed')",
        )
        .bind(id.parse::<i64>().ok()?)
        .fetch_optional(&self.pool)
        .await
        .expect("a database");
        Some(code??.to_string())
    }

    pub async fn alarms(&self, kind: &str) -> i64 {
        sqlx::query_scalar("select count(*) from attendance.device_alarm where kind = $1")
            .bind(kind)
            .fetch_one(&self.pool)
            .await
            .expect("a database")
    }

    pub async fn state(&self, serial: &str) -> Option<String> {
        sqlx::query_scalar("select state from attendance.device where serial = $1")
            .bind(serial)
            .fetch_optional(&self.pool)
            .await
            .expect("a database")
    }
}

pub const PUNCHES: &str = "select count(*) from attendance.punch";
pub const GARBAGE: &str = "select count(*) from attendance.device_line";

fn same<T: PartialEq + std::fmt::Debug>(what: &str, is: T, should: T) -> Result<(), String> {
    if is == should {
        Ok(())
    } else {
        Err(format!("{what}: {is:?} and not {should:?}"))
    }
}
