//! Terms of employment as HR edits them, sites, and whom a change of either concerns.

use chrono::NaiveDate;
use model::attendance::views::Site;
use model::{PersonId, PolicyId, SiteId};
use sqlx::PgConnection;

/// A stretch of days on which a person has certain terms, and between which days of theirs anything
/// is known.
pub struct SpanRow {
    pub employee_id: PersonId,
    /// The first day of the terms.
    pub from_day: NaiveDate,
    /// The first day of other terms.
    pub until: Option<NaiveDate>,
    /// The first day that is derived or planned.
    pub first_known: Option<NaiveDate>,
    /// The last one.
    pub last_known: Option<NaiveDate>,
}

/// By what terms are looked for.
pub enum By<'a> {
    /// The policy.
    Policy(PolicyId),
    /// The region of their holidays.
    Region(&'a str),
    /// The place of work.
    Site(SiteId),
    /// The person.
    Person(PersonId),
}

/// Who has certain terms, and when, by person and day.
pub async fn spans(conn: &mut PgConnection, by: &By<'_>) -> Result<Vec<SpanRow>, sqlx::Error> {
    let (policy, region, site, person) = match by {
        By::Policy(id) => (Some(id.0), None, None, None),
        By::Region(region) => (None, Some(*region), None, None),
        By::Site(id) => (None, None, Some(id.0), None),
        By::Person(id) => (None, None, None, Some(id.0)),
    };
    sqlx::query_as!(
        SpanRow,
        r#"with terms as (
             select employee_id, from_day, policy_id, region, site_id,
                 lead(from_day) over (partition by employee_id order by from_day) as until
             from attendance.employment
             where $4::uuid is null or employee_id = $4
         )
         select t.employee_id as "employee_id: PersonId", t.from_day, t.until,
             least(
                 (select min(work_date) from attendance.day d where d.employee_id = t.employee_id),
                 (select min(work_date) from attendance.roster_day r
                  where r.employee_id = t.employee_id)
             ) as first_known,
             greatest(
                 (select max(work_date) from attendance.day d where d.employee_id = t.employee_id),
                 (select max(work_date) from attendance.roster_day r
                  where r.employee_id = t.employee_id)
             ) as last_known
         from terms t
         where ($1::uuid is null or t.policy_id = $1)
           and ($2::text is null or t.region = $2)
           and ($3::uuid is null or t.site_id = $3)
         order by t.employee_id, t.from_day"#,
        policy,
        region,
        site,
        person,
    )
    .fetch_all(conn)
    .await
}

/// Terms that are about to be written.
pub struct NewTerms<'a> {
    pub employee: PersonId,
    pub from_day: NaiveDate,
    pub policy: PolicyId,
    pub region: Option<&'a str>,
    pub site: Option<SiteId>,
    pub manager: Option<PersonId>,
    pub team: &'a str,
}

/// Writes terms from a day on; those that began on the same day give way.
pub async fn keep(conn: &mut PgConnection, terms: &NewTerms<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.employment
             (employee_id, from_day, policy_id, region, site_id, manager_id, team)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (employee_id, from_day) do update
         set policy_id = excluded.policy_id, region = excluded.region, site_id = excluded.site_id,
             manager_id = excluded.manager_id, team = excluded.team",
        terms.employee.0,
        terms.from_day,
        terms.policy.0,
        terms.region,
        terms.site.map(|id| id.0),
        terms.manager.map(|id| id.0),
        terms.team,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Terms as HR reads them, with the names of what they name, and whose they are.
pub struct KeptRow {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub number: Option<String>,
    pub version: i32,
    /// The first day of employment, where it is said.
    pub employed_from: Option<NaiveDate>,
    /// The last one.
    pub employed_until: Option<NaiveDate>,
    pub from_day: Option<NaiveDate>,
    pub policy_id: Option<PolicyId>,
    pub policy_name: Option<String>,
    pub team: Option<String>,
    pub manager_id: Option<PersonId>,
    pub manager_name: Option<String>,
    pub manager_email: Option<String>,
    pub site_id: Option<SiteId>,
    pub site_name: Option<String>,
    pub region: Option<String>,
}

/// Those who are still there, by name, after the one with id `after`, each with the terms of a day.
/// `search` is part of a name or address, or a number.
pub async fn listed(
    conn: &mut PgConnection,
    search: Option<&str>,
    after: Option<PersonId>,
    day: NaiveDate,
    limit: i64,
) -> Result<Vec<KeptRow>, sqlx::Error> {
    sqlx::query_as!(
        KeptRow,
        r#"select e.id as "id: PersonId", e.name, e.email, e.number,
             e.terms_version as version, e.employed_from, e.employed_until,
             t.from_day as "from_day?", t.policy_id as "policy_id?: PolicyId",
             p.name as "policy_name?", t.team as "team?",
             m.id as "manager_id?: PersonId", m.name as "manager_name?",
             m.email as "manager_email?", s.id as "site_id?: SiteId", s.name as "site_name?",
             t.region as "region?"
         from attendance.employee e
         left join lateral (
             select *
             from attendance.employment
             where employee_id = e.id
             order by from_day <= $3 desc, abs(from_day - $3)
             limit 1
         ) t on true
         left join attendance.policy p on p.id = t.policy_id
         left join attendance.employee m on m.id = t.manager_id
         left join attendance.site s on s.id = t.site_id
         where e.active
           and ($1::text is null
                or strpos(lower(e.name), lower($1)) > 0
                or strpos(lower(e.email), lower($1)) > 0
                or e.number = $1)
           and ($2::uuid is null
                or (lower(e.name) collate "C", e.id) > (
                    select lower(a.name) collate "C", a.id
                    from attendance.employee a
                    where a.id = $2
                ))
         order by lower(e.name) collate "C", e.id
         limit $4"#,
        search,
        after.map(|id| id.0),
        day,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// All terms of somebody, the last first.
pub async fn of_person(conn: &mut PgConnection, id: PersonId) -> Result<Vec<KeptRow>, sqlx::Error> {
    sqlx::query_as!(
        KeptRow,
        r#"select e.id as "id: PersonId", e.name, e.email, e.number,
             e.terms_version as version, e.employed_from, e.employed_until,
             t.from_day as "from_day?", t.policy_id as "policy_id?: PolicyId",
             p.name as "policy_name?", t.team as "team?",
             m.id as "manager_id?: PersonId", m.name as "manager_name?",
             m.email as "manager_email?", s.id as "site_id?: SiteId", s.name as "site_name?",
             t.region as "region?"
         from attendance.employee e
         left join attendance.employment t on t.employee_id = e.id
         left join attendance.policy p on p.id = t.policy_id
         left join attendance.employee m on m.id = t.manager_id
         left join attendance.site s on s.id = t.site_id
         where e.id = $1
         order by t.from_day desc
         limit 500"#,
        id.0,
    )
    .fetch_all(conn)
    .await
}

/// Counts a change of somebody's number or terms; false if the version that was seen, where one was,
/// is not the last.
pub async fn claim_change(
    conn: &mut PgConnection,
    id: PersonId,
    seen: Option<i32>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.employee
         set terms_version = terms_version + 1
         where id = $1 and ($2::integer is null or terms_version = $2)",
        id.0,
        seen,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives somebody a number, or takes it away.
pub async fn set_number(
    conn: &mut PgConnection,
    id: PersonId,
    number: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update attendance.employee
         set number = $2
         where id = $1 and number is distinct from $2",
        id.0,
        number,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Says from when until when somebody is employed, as far as that is known; false if it was said
/// already.
pub async fn set_employed(
    conn: &mut PgConnection,
    id: PersonId,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.employee
         set employed_from = $2, employed_until = $3
         where id = $1 and (employed_from, employed_until) is distinct from ($2, $3)",
        id.0,
        from,
        until,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes back the terms that begin on a day; false if none do.
pub async fn take_back(
    conn: &mut PgConnection,
    id: PersonId,
    from_day: NaiveDate,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "delete from attendance.employment
         where employee_id = $1 and from_day = $2",
        id.0,
        from_day,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Regions with holidays, and what they are called.
pub async fn regions(conn: &mut PgConnection) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select region, name
         from attendance.holiday_calendar
         order by name, region
         limit 1000"
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.region, row.name)).collect())
}

/// Terms that there are, by name.
pub async fn policies(conn: &mut PgConnection) -> Result<Vec<(PolicyId, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id as "id: PolicyId", name
         from attendance.policy
         order by lower(name), id
         limit 1000"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Whether everything that terms name is there.
pub struct Found {
    pub person: bool,
    pub policy: bool,
    pub region: bool,
    pub site: bool,
    pub manager: bool,
}

/// Looks for everything that terms name.
pub async fn look(conn: &mut PgConnection, terms: &NewTerms<'_>) -> Result<Found, sqlx::Error> {
    sqlx::query_as!(
        Found,
        r#"select
             exists (select 1 from attendance.employee where id = $1) as "person!",
             exists (select 1 from attendance.policy where id = $2) as "policy!",
             $3::text is null
                 or exists (select 1 from attendance.holiday_calendar where region = $3)
                 as "region!",
             $4::uuid is null or exists (select 1 from attendance.site where id = $4) as "site!",
             $5::uuid is null
                 or exists (select 1 from attendance.employee where id = $5 and active)
                 as "manager!""#,
        terms.employee.0,
        terms.policy.0,
        terms.region,
        terms.site.map(|id| id.0),
        terms.manager.map(|id| id.0),
    )
    .fetch_one(conn)
    .await
}

/// Every site, by name.
pub async fn sites(conn: &mut PgConnection) -> Result<Vec<Site>, sqlx::Error> {
    sqlx::query_as!(
        Site,
        r#"select id as "id: SiteId", name, zone
         from attendance.site
         order by lower(name), id
         limit 1000"#
    )
    .fetch_all(conn)
    .await
}

pub async fn insert_site(conn: &mut PgConnection, site: &Site) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into attendance.site (id, name, zone)
         values ($1, $2, $3)",
        site.id.0,
        site.name,
        site.zone,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes a site; false if there is none.
pub async fn update_site(conn: &mut PgConnection, site: &Site) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update attendance.site
         set name = $2, zone = $3
         where id = $1",
        site.id.0,
        site.name,
        site.zone,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
