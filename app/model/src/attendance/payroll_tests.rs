use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn november() -> DateRange {
    DateRange::new(date("2026-11-01"), date("2026-11-30"))
}

fn payee(number: &str, name: &str) -> Payee {
    Payee {
        id: PersonId(Uuid::nil()),
        number: number.to_owned(),
        name: name.to_owned(),
    }
}

fn bucket(hundredths: u16, minutes: i64) -> Bucket {
    Bucket {
        multiplier: Multiplier::from_hundredths(hundredths),
        minutes,
    }
}

fn worked(on: &str, minutes: i64, overtime: &[Bucket]) -> PayDay {
    PayDay {
        worked_minutes: minutes,
        expected_minutes: 480,
        balance_minutes: minutes - 480,
        overtime: overtime.to_vec(),
        ..PayDay::empty(date(on))
    }
}

fn ana() -> Row {
    let days = [
        worked("2026-11-24", 600, &[bucket(100, 480), bucket(150, 120)]),
        worked(
            "2026-11-23",
            780,
            &[bucket(100, 480), bucket(150, 240), bucket(200, 60)],
        ),
        PayDay {
            leave_paid_minutes: 480,
            ..PayDay::empty(date("2026-11-25"))
        },
        PayDay {
            holiday_work_minutes: 300,
            worked_minutes: 300,
            balance_minutes: 300,
            unapproved_minutes: 30,
            ..PayDay::empty(date("2026-11-26"))
        },
        // Of another period.
        worked("2026-12-01", 480, &[bucket(150, 60)]),
    ];
    let adjustments = [
        Adjustment {
            work_date: date("2026-10-30"),
            minutes: 490,
        },
        Adjustment {
            work_date: date("2026-10-12"),
            minutes: -90,
        },
    ];
    row(
        payee("007", "Ana, née Maier"),
        november(),
        &days,
        &adjustments,
    )
}

#[test]
fn a_row_adds_up_its_days() {
    let row = ana();
    assert_eq!(row.worked.minutes(), 1680);
    let days = [
        ("2026-11-23", 780),
        ("2026-11-24", 600),
        ("2026-11-26", 300),
    ];
    assert_eq!(
        row.worked.days(),
        days.map(|(on, minutes)| (date(on), minutes))
    );
    assert_eq!((row.expected.minutes(), row.balance.minutes()), (960, 720));
    let overtime: Vec<_> = row
        .overtime
        .iter()
        .map(|(m, t)| (m.to_string(), t.minutes()))
        .collect();
    assert_eq!(overtime, [("1.5".to_owned(), 360), ("2.0".to_owned(), 60)]);
    assert_eq!(
        (row.leave_paid.minutes(), row.leave_unpaid.minutes()),
        (480, 0)
    );
    assert_eq!(
        (row.holiday_work.minutes(), row.unapproved.minutes()),
        (300, 30)
    );
    assert_eq!(row.adjustments.minutes(), 400);
    let days = [("2026-10-12", -90), ("2026-10-30", 490)];
    assert_eq!(
        row.adjustments.days(),
        days.map(|(on, minutes)| (date(on), minutes))
    );
}

const HEADER: &str = "employee_number,employee_name,period_from,period_until,worked_minutes,\
    expected_minutes,balance_minutes,overtime_1.5_minutes,overtime_2.0_minutes,\
    overtime_unapproved_minutes,leave_paid_minutes,leave_unpaid_minutes,holiday_work_minutes,\
    adjustment_minutes";

#[test]
fn the_columns_are_always_the_same() {
    assert_eq!(csv(&totals_sheet(&[])), format!("{HEADER}\r\n"));
    let line = "007,\"Ana, née Maier\",2026-11-01,2026-11-30,1680,960,720,360,60,30,480,0,300,400";
    assert_eq!(
        csv(&totals_sheet(&[ana()])),
        format!("{HEADER}\r\n{line}\r\n")
    );
}

#[test]
fn further_multipliers_come_last() {
    let days = [worked("2026-11-23", 600, &[bucket(125, 120)])];
    let ben = row(payee("8", "Ben"), november(), &days, &[]);
    let text = csv(&totals_sheet(&[ana(), ben]));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], format!("{HEADER},overtime_1.25_minutes"));
    assert!(lines[1].ends_with(",400,0"));
    assert_eq!(
        lines[2],
        "8,Ben,2026-11-01,2026-11-30,600,480,120,0,0,0,0,0,0,0,120"
    );
}

#[test]
fn every_total_is_traced_to_its_days() {
    let text = csv(&days_sheet(&[ana()]));
    let lines: Vec<_> = text.lines().collect();
    let header = "employee_number,employee_name,period_from,period_until,total,work_date,minutes";
    assert_eq!(lines[0], header);
    let who = "007,\"Ana, née Maier\",2026-11-01,2026-11-30";
    assert_eq!(lines[1], format!("{who},worked_minutes,2026-11-23,780"));
    assert!(lines.contains(&format!("{who},overtime_1.5_minutes,2026-11-24,120").as_str()));
    assert!(lines.contains(&format!("{who},adjustment_minutes,2026-10-12,-90").as_str()));
}

#[test]
fn no_name_is_a_formula() {
    let names = [
        ("=1+1", "'=1+1"),
        ("+49 30 123", "'+49 30 123"),
        ("-Ben", "'-Ben"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "\"'\t=1\""),
        ("＝1", "'＝1"),
        (
            "=HYPERLINK(\"x\",\"y\")",
            "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"",
        ),
        ("Ann-Marie", "Ann-Marie"),
        ("O'Neil", "O'Neil"),
        ("two\nlines", "\"two\nlines\""),
    ];
    for (name, expected) in names {
        let sheet = Sheet {
            name: "Names".to_owned(),
            header: vec!["name".to_owned()],
            rows: vec![vec![Cell::Text(name.to_owned())]],
        };
        assert_eq!(csv(&sheet), format!("name\r\n{expected}\r\n"));
    }
}

#[test]
fn a_row_is_read_as_written() {
    let json = serde_json::to_value(ana()).expect("JSON");
    assert_eq!(json["overtime"]["1.5"]["minutes"], 360);
    assert_eq!(
        json["leavePaid"]["days"][0],
        serde_json::json!(["2026-11-25", 480])
    );
    assert_eq!(serde_json::from_value::<Row>(json).expect("a row"), ana());
    let cell = serde_json::to_value(Cell::Minutes(-5)).expect("JSON");
    assert_eq!(cell, serde_json::json!({"type": "minutes", "value": -5}));
}

/// Reads CSV back, as RFC 4180 says.
fn read(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut inside = false;
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if inside && signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            '"' => inside = !inside,
            ',' if !inside => row.push(std::mem::take(&mut cell)),
            '\r' if !inside => {}
            '\n' if !inside => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    rows
}

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        "[ =+@\\-'\",;\t\r\na-cä＝]{0,8}".prop_map(Cell::Text),
        any::<i32>().prop_map(|minutes| Cell::Minutes(minutes.into())),
    ]
}

proptest! {
    #[test]
    fn csv_loses_nothing_and_computes_nothing(
        rows in prop::collection::vec(prop::collection::vec(any_cell(), 3), 0..8),
    ) {
        let header = ["a", "b", "c"].map(str::to_owned).to_vec();
        let name = "Any".to_owned();
        let back = read(&csv(&Sheet { name, header, rows: rows.clone() }));
        prop_assert_eq!(back.len(), rows.len() + 1);
        for (row, read) in rows.iter().zip(&back[1..]) {
            prop_assert_eq!(read.len(), 3);
            for (cell, read) in row.iter().zip(read) {
                match cell {
                    Cell::Text(words) => {
                        let guarded = format!("'{words}");
                        prop_assert!(read == words || *read == guarded);
                        prop_assert!(!read.trim_start().starts_with(['=', '+', '-', '@', '＝']));
                    }
                    Cell::Minutes(minutes) => prop_assert_eq!(read, &minutes.to_string()),
                    Cell::Date(_) => prop_assert!(false, "no dates here"),
                }
            }
        }
    }

    #[test]
    fn totals_are_the_sums_of_their_days(
        days in prop::collection::vec((0u64..60, -600i64..900, 0i64..300), 0..40),
    ) {
        let first = date("2026-10-15");
        let days: Vec<_> = days
            .into_iter()
            .map(|(day, minutes, overtime)| {
                let on = (first + chrono::Days::new(day)).to_string();
                worked(&on, minutes, &[bucket(150, overtime)])
            })
            .collect();
        let row = row(payee("1", "Ana"), november(), &days, &[]);
        let within = days.iter().filter(|day| november().contains(day.date));
        let sum = |minutes: fn(&PayDay) -> i64| within.clone().map(minutes).sum::<i64>();
        prop_assert_eq!(row.worked.minutes(), sum(|day| day.worked_minutes));
        prop_assert_eq!(row.balance.minutes(), sum(|day| day.balance_minutes));
        let overtime = &row.overtime[&Multiplier::ONE_AND_A_HALF];
        prop_assert_eq!(overtime.minutes(), sum(|day| day.overtime[0].minutes));
        for total in [&row.worked, &row.balance, overtime] {
            let days = total.days();
            prop_assert_eq!(days.iter().map(|(_, m)| m).sum::<i64>(), total.minutes());
            prop_assert!(days.iter().all(|(date, _)| november().contains(*date)));
        }
    }
}
