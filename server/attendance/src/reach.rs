//! Which days a change of terms, holidays or sites reaches: those that are known, and open.

use chrono::NaiveDate;
use model::PersonId;
use sqlx::PgConnection;

use crate::store::roster;
use crate::store::terms::{self, By, SpanRow};

/// A stretch of days of somebody, both ends among them.
pub(crate) type Stretch = (PersonId, NaiveDate, NaiveDate);

/// The known days on which people have certain terms, where the period is open.
pub(crate) async fn open_days(
    conn: &mut PgConnection,
    by: &By<'_>,
) -> Result<Vec<Stretch>, sqlx::Error> {
    let spans = terms::spans(conn, by).await?;
    let known: Vec<Stretch> = spans.iter().filter_map(known).collect();
    let first = known.iter().map(|(_, from, _)| *from).min();
    let last = known.iter().map(|(.., to)| *to).max();
    let Some((first, last)) = first.zip(last) else {
        return Ok(Vec::new());
    };
    let locked = roster::locked(conn, first, last).await?;
    let open = known.into_iter();
    Ok(open.flat_map(|stretch| without(stretch, &locked)).collect())
}

/// The known days of one person from a day on, locked ones as well.
pub(crate) async fn days_from(
    conn: &mut PgConnection,
    person: PersonId,
    from: NaiveDate,
) -> Result<Option<Stretch>, sqlx::Error> {
    let spans = terms::spans(conn, &By::Person(person)).await?;
    let first = spans.iter().filter_map(|span| span.first_known).min();
    let last = spans.iter().filter_map(|span| span.last_known).max();
    let stretch = first.zip(last);
    let stretch = stretch.map(|(first, last)| (person, first.max(from), last));
    Ok(stretch.filter(|(_, from, to)| from <= to))
}

/// The part of some terms of which anything is known.
fn known(span: &SpanRow) -> Option<Stretch> {
    let from = span.first_known?.max(span.from_day);
    let last = span.last_known?;
    let last = match span.until {
        Some(until) => last.min(until.pred_opt()?),
        None => last,
    };
    (from <= last).then_some((span.employee_id, from, last))
}

/// A stretch without what is locked; the locked ones come in order, each with the first day after it.
fn without(stretch: Stretch, locked: &[(NaiveDate, NaiveDate)]) -> Vec<Stretch> {
    let (person, mut from, to) = stretch;
    let mut open = Vec::new();
    for (begins, until) in locked {
        if *until <= from || to < *begins {
            continue;
        }
        if let Some(last) = begins.pred_opt().filter(|last| from <= *last) {
            open.push((person, from, last));
        }
        from = *until;
    }
    if from <= to {
        open.push((person, from, to));
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, number).expect("a date")
    }

    #[test]
    fn what_is_locked_is_cut_out_of_a_stretch() {
        let person = PersonId(uuid::Uuid::nil());
        let locked = [(day(5), day(10)), (day(10), day(12)), (day(20), day(25))];
        let open = |from, to| {
            let open = without((person, day(from), day(to)), &locked);
            let days = open.into_iter().map(|(_, from, to)| (from, to));
            days.collect::<Vec<_>>()
        };
        let expected = vec![(day(1), day(4)), (day(12), day(19)), (day(25), day(28))];
        assert_eq!(open(1, 28), expected);
        assert_eq!(open(6, 11), vec![]);
        assert_eq!(open(11, 13), vec![(day(12), day(13))]);
        assert_eq!(open(1, 4), vec![(day(1), day(4))]);
    }
}
