//! Public sample files: every one is read, and its lines add up to what was counted by hand.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use model::settlement::{FileFormat, ParsedDetail, ParsedFile, ParsedStatement};
use rust_decimal::Decimal;

use crate::{amounts, try_read};

fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("PUNCTUAL_SAMPLES").map(PathBuf::from);
    let folder = given
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples"));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: there are no sample files at {}", folder.display());
    None
}

fn read(path: &str) -> Option<ParsedFile> {
    let content = std::fs::read(folder()?.join(path)).expect("a sample file");
    Some(try_read(&content).unwrap_or_else(|error| panic!("{path}: {error}")))
}

fn sum(statement: &ParsedStatement) -> String {
    let amounts = statement
        .lines
        .iter()
        .map(|l| Decimal::from_str(&l.amount).expect("a decimal"));
    amounts.sum::<Decimal>().to_string()
}

/// Account, opening, closing, sum of lines, balanced; then line number and amount of each line.
type Expected<'a> = (
    &'a str,
    Option<&'a str>,
    Option<&'a str>,
    &'a str,
    Option<bool>,
    &'a [(u64, &'a str, usize)],
);

fn check(path: &str, expected: Expected<'_>) {
    let Some(file) = read(path) else {
        return;
    };
    let (account, opening, closing, total, balanced, lines) = expected;
    let [statement] = file.statements.as_slice() else {
        panic!("{path}: {file:?}")
    };
    assert_eq!(file.format, FileFormat::Camt);
    assert_eq!(statement.account.as_deref(), Some(account), "{path}");
    assert_eq!(statement.opening_balance.as_deref(), opening, "{path}");
    assert_eq!(statement.closing_balance.as_deref(), closing, "{path}");
    assert_eq!(sum(statement), total, "{path}");
    assert_eq!(statement.balanced, balanced, "{path}");
    let got: Vec<(u64, &str, usize)> = statement
        .lines
        .iter()
        .map(|line| (line.line, line.amount.as_str(), line.details.len()))
        .collect();
    assert_eq!(got, lines, "{path}");
}

#[test]
fn camt_053_version_2() {
    let lines = [
        (60, "-2.00", 1),
        (158, "-3.00", 1),
        (219, "1.00", 1),
        (260, "-6.00", 2),
    ];
    let iban = "DE14740618130000033626";
    check(
        "camt/053/valid_example.xml",
        (
            iban,
            Some("33.06"),
            Some("23.06"),
            "-10.00",
            Some(true),
            &lines,
        ),
    );
    let lines = [
        (60, "-2.00", 1),
        (157, "-3.00", 1),
        (218, "1.00", 1),
        (259, "-6.00", 2),
    ];
    let path = "camt/053/valid_example_with_debit.xml";
    check(
        path,
        (
            iban,
            Some("-33.06"),
            Some("23.06"),
            "-10.00",
            Some(false),
            &lines,
        ),
    );
}

#[test]
fn camt_053_with_a_batch() {
    let lines = [
        (115, "-4753.74", 0),
        (148, "2688.00", 1),
        (208, "5000.00", 1),
    ];
    let path = "camt/053/valid_example_with_batch.xml";
    let account = "NL18INGB00012345678";
    check(
        path,
        (
            account,
            Some("7329.80"),
            Some("23038.20"),
            "2934.26",
            Some(false),
            &lines,
        ),
    );
    let Some(file) = read(path) else { return };
    let batch = &file.statements[0].lines[0];
    assert_eq!(batch.batch_id.as_deref(), Some("O0OpeAYTkhjerKu3eE9asw"));
    assert_eq!(file.warnings.len(), 7, "{:?}", file.warnings);
}

#[test]
fn camt_053_version_4() {
    let lines = [
        (53, "-24.00", 1),
        (85, "-328.75", 1),
        (117, "-200.80", 1),
        (149, "-638.15", 1),
        (181, "-24.00", 1),
        (213, "-35.72", 1),
        (245, "1000.00", 10),
        (960, "620.00", 8),
        (1525, "110.00", 3),
        (1727, "24.00", 2),
        (1838, "56.56", 1),
        (1907, "-6.00", 1),
        (2020, "-15.53", 1),
    ];
    let path = "camt/053/valid_example_v4.xml";
    let account = "CH0309000000250090342";
    check(
        path,
        (
            account,
            Some("322152.16"),
            Some("322689.77"),
            "537.61",
            Some(true),
            &lines,
        ),
    );
    let Some(file) = read(path) else { return };
    assert_eq!(file.warnings, Vec::<String>::new());
    // Each single transaction keeps its own amount, and together they make the same sum.
    let details = file.statements[0]
        .lines
        .iter()
        .flat_map(|line| &line.details);
    let singles: Vec<Decimal> = details
        .map(|detail| match detail {
            ParsedDetail::Transaction(one) => one.amount.as_deref().unwrap_or("none"),
            ParsedDetail::Columns(_) => "none",
        })
        .map(|amount| Decimal::from_str(amount).expect("an amount"))
        .collect();
    assert_eq!(singles.len(), 32);
    assert_eq!(singles.iter().sum::<Decimal>().to_string(), "537.61");
}

#[test]
fn camt_053_versions_8_and_10() {
    let lines = [(84, "474.40", 1), (169, "88.85", 1), (259, "-20.97", 1)];
    let path = "camt/053/valid_example_v8.xml";
    let account = "CH1111111111111111111";
    check(
        path,
        (
            account,
            Some("82721.95"),
            Some("84515.25"),
            "542.28",
            Some(false),
            &lines,
        ),
    );
    if let Some(file) = read(path) {
        let of: Vec<_> = amounts(&file)
            .into_iter()
            .map(|(_, _, currency)| currency)
            .collect();
        assert_eq!(of, ["CHF", "CHF", "EUR"]);
        let [first, second, third] = file.statements[0].lines.as_slice() else {
            panic!("lines")
        };
        assert_eq!(first.end_to_end_id.as_deref(), Some("80000004540000100095"));
        assert_eq!(first.counterparty.as_deref(), Some("Jon Doe"));
        assert_eq!(first.text.as_deref(), Some("INVOICE R77561"));
        assert_eq!(
            second.reference.as_deref(),
            Some("RF38000000000000000000552")
        );
        assert_eq!(
            second.batch_id.as_deref(),
            Some("8d8075ce49134553a261033714278400")
        );
        assert_eq!(
            third.counterparty.as_deref(),
            Some("DHL Express (Schweiz) AG")
        );
    }
    let lines = [(91, "195.86", 0)];
    let path = "camt/053/valid_example_with_datetime.xml";
    check(
        path,
        ("11111111", None, Some("606.80"), "195.86", None, &lines),
    );
    if let Some(file) = read(path) {
        let line = &file.statements[0].lines[0];
        assert_eq!(
            line.booking_date.map(|d| d.to_string()).as_deref(),
            Some("2023-06-21")
        );
        assert_eq!(line.fee.as_deref(), Some("4.14"));
    }
}

#[test]
fn camt_053_with_other_ids_and_amounts() {
    let path = "camt/053/valid_example_with_instdamt.xml";
    let lines = [(83, "4500.00", 1)];
    let account = "CH9788761065025111111";
    check(
        path,
        (
            account,
            Some("100.00"),
            Some("4500.00"),
            "4500.00",
            Some(false),
            &lines,
        ),
    );
    let path = "camt/053/valid_example_with_other_id.xml";
    check(path, ("ABCDE1234", None, None, "0", None, &[]));
}

#[test]
fn camt_052_and_054() {
    let lines = [(60, "2.00", 1), (101, "3.00", 1)];
    let account = "DE58740618130100033626";
    let path = "camt/052/valid_example.xml";
    check(
        path,
        (
            account,
            Some("8.50"),
            Some("13.50"),
            "5.00",
            Some(true),
            &lines,
        ),
    );
    let path = "camt/052/valid_example_with_dates.xml";
    check(
        path,
        (
            "0000000000000001",
            None,
            None,
            "-5.00",
            None,
            &[(42, "-5.00", 1)],
        ),
    );
    let lines = [
        (28, "24.00", 2),
        (139, "56.56", 1),
        (208, "-6.00", 1),
        (321, "-15.53", 1),
    ];
    let path = "camt/054/valid_example.xml";
    check(
        path,
        ("CH0309000000250090342", None, None, "59.03", None, &lines),
    );
    let Some(file) = read(path) else { return };
    let statement = &file.statements[0];
    assert_eq!(
        statement.currency.map(|c| c.to_string()).as_deref(),
        Some("CHF")
    );
    assert_eq!(
        statement.lines[2].counterparty.as_deref(),
        Some("Bernasconi Maria")
    );
    assert_eq!(statement.lines[2].fee.as_deref(), Some("0.70"));
    assert!(file.warnings.is_empty(), "{:?}", file.warnings);
}

#[test]
fn empty_documents_and_strange_versions() {
    for path in [
        "camt/052/valid_namespace.xml",
        "camt/053/valid_namespace.xml",
    ] {
        let Some(file) = read(path) else { return };
        assert!(file.statements.is_empty());
        assert_eq!(file.warnings, ["the file holds no statement"]);
    }
    let Some(folder) = folder() else { return };
    let content =
        std::fs::read(folder.join("camt/general/invalid_namespace.xml")).expect("a sample");
    let error = try_read(&content).expect_err("a strange version without a statement");
    assert!(
        error
            .to_string()
            .starts_with("line 2, Document: camt.053.001.03"),
        "{error}"
    );
}

#[test]
fn every_sample_is_read_or_refused_with_a_line() {
    let Some(folder) = folder() else { return };
    let mut seen = 0;
    for kind in ["052", "053", "054", "general"] {
        for file in std::fs::read_dir(folder.join("camt").join(kind)).expect("a folder") {
            let path = file.expect("a file").path();
            let content = std::fs::read(&path).expect("a readable file");
            seen += 1;
            if let Err(error) = try_read(&content) {
                assert!(
                    path.ends_with("invalid_namespace.xml"),
                    "{}: {error}",
                    path.display()
                );
            }
        }
    }
    assert_eq!(seen, 14);
}

#[test]
fn stripe_settlement_report() {
    let Some(file) = read("reports/stripe/settlement_report.csv") else {
        return;
    };
    assert_eq!(file.format, FileFormat::Stripe);
    let [statement] = file.statements.as_slice() else {
        panic!("{file:?}")
    };
    let got: Vec<_> = statement
        .lines
        .iter()
        .map(|l| {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            let (gross, fee) = (text(&l.gross), text(&l.fee));
            (
                l.line,
                l.kind.as_str(),
                gross,
                fee,
                l.amount.clone(),
                text(&l.reference),
            )
        })
        .collect();
    let expected = [
        (2, "capture", "25.00", "0.95", "24.05", "24315.1"),
        (3, "refund", "-10.00", "0.00", "-10.00", "24316.1"),
        (4, "capture", "10.00", "0.00", "10.00", "24317.1"),
        (5, "fee", "-0.50", "0.00", "-0.50", ""),
        (6, "fee", "-0.50", "0.00", "-0.50", ""),
        (7, "dispute", "3.35", "0.00", "3.35", "2467.1"),
        (8, "payout", "24.00", "0.00", "23.05", ""),
    ]
    .map(|(line, kind, gross, fee, net, reference)| {
        (
            line,
            kind,
            gross.to_owned(),
            fee.to_owned(),
            net.to_owned(),
            reference.to_owned(),
        )
    });
    assert_eq!(got, expected);
    assert_eq!(statement.statement_id.as_deref(), Some("po_test123"));
    assert_eq!(statement.account.as_deref(), Some("acct_live"));
    assert_eq!(
        statement.currency.map(|c| c.to_string()).as_deref(),
        Some("USD")
    );
    assert_eq!(statement.lines[5].batch_id, None);
    assert_eq!(
        file.warnings,
        ["line 8: gross 24.00 less fee 0.00 is not net 23.05"]
    );
}
