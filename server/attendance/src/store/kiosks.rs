//! Rows of `attendance.device` that are kiosks: how they are set up, and by which secret they are known.

use chrono::{DateTime, Utc};
use model::attendance::views::DeviceState;
use model::{DeviceId, SiteId};
use sqlx::PgConnection;

/// A kiosk on the page of devices.
#[derive(Clone, Debug)]
pub struct KioskRow {
    pub id: DeviceId,
    pub name: String,
    pub site: Option<String>,
    pub zone: String,
    pub state: DeviceState,
    pub signed_in: bool,
    pub setup_until: Option<DateTime<Utc>>,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub punches: i64,
    pub version: i32,
}

/// All kiosks, by name.
pub async fn listed(conn: &mut PgConnection) -> Result<Vec<KioskRow>, sqlx::Error> {
    sqlx::query_as!(
        KioskRow,
        r#"select d.id as "id: DeviceId", d.name, s.name as "site?", d.zone,
                d.state as "state: DeviceState", d.secret_hash is not null as "signed_in!",
                d.setup_until, d.last_seen_at, d.punches, d.version
         from attendance.device d
         left join attendance.site s on s.id = d.site_id
         where d.kind = 'kiosk'
         order by lower(d.name) collate "C", d.id
         limit 5000"#
    )
    .fetch_all(conn)
    .await
}

/// A new kiosk, with the code that sets it up.
#[derive(Clone, Debug)]
pub struct NewKiosk<'a> {
    pub id: DeviceId,
    /// Fills the place of a serial number.
    pub serial: &'a str,
    pub name: &'a str,
    pub site: Option<SiteId>,
    pub zone: &'a str,
    pub setup_hash: &'a [u8],
    pub setup_until: DateTime<Utc>,
    pub now: DateTime<Utc>,
}

/// Makes a kiosk.
pub async fn insert(conn: &mut PgConnection, new: &NewKiosk<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.device
             (id, kind, serial, name, site_id, zone, state, setup_hash, setup_until,
              trusts_direction, created_at)
         values ($1, 'kiosk', $2, $3, $4, $5, 'active', $6, $7, true, $8)",
        new.id.0,
        new.serial,
        new.name,
        new.site.map(|site| site.0),
        new.zone,
        new.setup_hash,
        new.setup_until,
        new.now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A kiosk as people may change it.
#[derive(Clone, Debug)]
pub struct KeptRow {
    pub name: String,
    pub state: DeviceState,
    pub version: i32,
}

/// A kiosk by id, locked.
pub async fn find_locked(
    conn: &mut PgConnection,
    id: DeviceId,
) -> Result<Option<KeptRow>, sqlx::Error> {
    sqlx::query_as!(
        KeptRow,
        r#"select name, state as "state: DeviceState", version
         from attendance.device
         where id = $1 and kind = 'kiosk'
         for no key update"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// Blocks a kiosk, or listens to it again.
pub async fn set_state(
    conn: &mut PgConnection,
    id: DeviceId,
    state: DeviceState,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.device
         set state = $2, version = version + 1
         where id = $1 and kind = 'kiosk'",
        id.0,
        state.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives a kiosk a new set-up code. Whichever tablet was signed in as it no longer is.
pub async fn renew(
    conn: &mut PgConnection,
    id: DeviceId,
    setup_hash: &[u8],
    until: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.device
         set setup_hash = $2, setup_until = $3, secret_hash = null, version = version + 1
         where id = $1 and kind = 'kiosk'",
        id.0,
        setup_hash,
        until,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A kiosk that is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub id: DeviceId,
    pub name: String,
    pub zone: String,
}

/// Uses a set-up code up: from now on the kiosk is known by the secret. One statement, so that of two
/// tablets with one code only one becomes the kiosk.
pub async fn set_up(
    conn: &mut PgConnection,
    setup_hash: &[u8],
    secret_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<SignedIn>, sqlx::Error> {
    sqlx::query_as!(
        SignedIn,
        r#"update attendance.device
         set secret_hash = $2, setup_hash = null, setup_until = null,
             installed_at = coalesce(installed_at, $3)
         where kind = 'kiosk' and state = 'active' and setup_hash = $1 and setup_until > $3
         returning id as "id: DeviceId", name, zone"#,
        setup_hash,
        secret_hash,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// The kiosk that is known by a secret, unless it is blocked.
pub async fn signed_in(
    conn: &mut PgConnection,
    secret_hash: &[u8],
) -> Result<Option<SignedIn>, sqlx::Error> {
    sqlx::query_as!(
        SignedIn,
        r#"select id as "id: DeviceId", name, zone
         from attendance.device
         where kind = 'kiosk' and state = 'active' and secret_hash = $1"#,
        secret_hash,
    )
    .fetch_optional(conn)
    .await
}

/// Counts a punch; false when the kiosk was blocked or signed out meanwhile.
pub async fn count_punch(
    conn: &mut PgConnection,
    id: DeviceId,
    secret_hash: &[u8],
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.device
         set punches = punches + 1
         where id = $1 and kind = 'kiosk' and state = 'active' and secret_hash = $2",
        id.0,
        secret_hash,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
