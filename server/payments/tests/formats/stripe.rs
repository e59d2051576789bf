//! Stripe reports of our own making.

use std::io::Cursor;

use model::settlement::{FormatChoice, LineKind, ParsedDetail};
use payments::settlement::formats;

use crate::{Recorder, read, refused};

const HEADER: &str = "automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created,\
available_on,currency,gross,fee,net,reporting_category,source_id,description,charge_id,\
payment_intent_id,trace_id,payment_metadata[colour],payment_metadata[order_id]";

const ROWS: [&str; 6] = [
    "po_7,2026-03-05,txn_1,2026-03-02 09:30:00,2026-03-04 00:00:00,eur,120.00,2.05,117.95,charge,ch_1,\"Chairs, two\",ch_1,pi_1,TR-9,red,ORD-1",
    "po_7,2026-03-05,txn_2,2026-03-02 10:00:00,2026-03-04 00:00:00,eur,-20,0,-20,refund,re_1,,ch_1,pi_1,TR-9,,ORD-1",
    "po_7,2026-03-05,txn_3,2026-03-03 10:00:00,2026-03-04 00:00:00,eur,-50,15,-65,dispute,du_1,,ch_0,pi_0,TR-9,,",
    "po_7,2026-03-05,txn_4,2026-03-03 11:00:00,2026-03-04 00:00:00,eur,-0.5,0,-0.5,fee,,Radar,,,TR-9,,",
    "po_7,2026-03-05,txn_5,2026-03-03 12:00:00,2026-03-04 00:00:00,eur,-4,0,-4,risk_reserved_funds,,,,,TR-9,,",
    "po_7,2026-03-05,txn_6,2026-03-04 00:00:00,2026-03-05 00:00:00,eur,-28.45,0,-28.45,payout,po_7,STRIPE PAYOUT,,,TR-9,,",
];

fn report() -> String {
    format!("{HEADER}\n{}\n", ROWS.join("\n"))
}

#[test]
fn every_row_is_a_line_with_its_three_amounts() {
    let file = read(&report());
    assert_eq!(file.warnings, Vec::<String>::new());
    let statement = &file.statements[0];
    assert_eq!(statement.statement_id.as_deref(), Some("po_7"));
    assert_eq!(
        statement.currency.map(|c| c.to_string()).as_deref(),
        Some("EUR")
    );
    assert_eq!(
        statement.from.map(|d| d.to_string()).as_deref(),
        Some("2026-03-02")
    );
    assert_eq!(
        statement.to.map(|d| d.to_string()).as_deref(),
        Some("2026-03-04")
    );
    assert_eq!(statement.balanced, None);
    let got: Vec<_> = statement
        .lines
        .iter()
        .map(|l| {
            (
                l.line,
                l.kind,
                l.gross.as_deref(),
                l.fee.as_deref(),
                l.amount.as_str(),
            )
        })
        .collect();
    let (fee0, text) = (Some("0.00"), Some::<&str>);
    assert_eq!(
        got,
        [
            (2, LineKind::Capture, text("120.00"), text("2.05"), "117.95"),
            (3, LineKind::Refund, text("-20.00"), fee0, "-20.00"),
            (
                4,
                LineKind::Dispute,
                text("-50.00"),
                text("15.00"),
                "-65.00"
            ),
            (5, LineKind::Fee, text("-0.50"), fee0, "-0.50"),
            (6, LineKind::Hold, text("-4.00"), fee0, "-4.00"),
            (7, LineKind::Payout, text("-28.45"), fee0, "-28.45"),
        ]
    );
    let first = &statement.lines[0];
    assert_eq!(first.text.as_deref(), Some("Chairs, two"));
    assert_eq!(first.reference.as_deref(), Some("ORD-1"));
    assert_eq!(first.provider_id.as_deref(), Some("pi_1"));
    assert_eq!(first.batch_id.as_deref(), Some("po_7"));
    assert_eq!(
        first.value_date.map(|d| d.to_string()).as_deref(),
        Some("2026-03-04")
    );
    assert_eq!(statement.lines[3].provider_id.as_deref(), Some("txn_4"));
    let ParsedDetail::Columns(columns) = &first.details[0] else {
        panic!("{:?}", first.details)
    };
    assert_eq!(
        columns.get("payment_metadata[colour]").map(String::as_str),
        Some("red")
    );
    assert_eq!(columns.get("trace_id").map(String::as_str), Some("TR-9"));
}

#[test]
fn the_ids_reach_the_sink_apart() {
    let recorder = Recorder::of(&report());
    let row = recorder.lines[1]
        .provider
        .as_deref()
        .expect("a provider's row");
    let text = |id: &Option<String>| id.clone().unwrap_or_default();
    assert_eq!(text(&row.balance_transaction), "txn_2");
    assert_eq!(text(&row.source), "re_1");
    assert_eq!(text(&row.charge), "ch_1");
    assert_eq!(text(&row.payment_intent), "pi_1");
    assert_eq!(text(&row.payout), "po_7");
    assert_eq!(text(&row.trace), "TR-9");
    assert_eq!(row.category, "refund");
    assert_eq!(
        row.payout_date.map(|d| d.to_string()).as_deref(),
        Some("2026-03-05")
    );
    assert_eq!(row.raw.get("payment_metadata[order_id]"), Some("ORD-1"));
    assert_eq!(row.raw.get("payment_metadata[colour]"), None);
}

#[test]
fn marks_line_ends_and_quotes_change_nothing() {
    let plain = read(&report());
    let windows = format!("\u{feff}{}", report().replace('\n', "\r\n"));
    assert_eq!(read(&windows), plain);
    let quoted: String = HEADER
        .split(',')
        .map(|n| format!("\"{n}\""))
        .collect::<Vec<_>>()
        .join(",");
    assert_eq!(
        read(&report().replace(HEADER, &quoted)).statements[0].lines[2].amount,
        "-65.00"
    );
    let unended = report();
    assert_eq!(read(unended.trim_end()), plain);
    assert_eq!(read(&format!("{}\n,,,,,,,,,,,,,,,,\n\n", report())), plain);
    let gaps = report().replace("po_7,2026-03-05,txn_3", "\r\n\npo_7,2026-03-05,txn_3");
    assert_eq!(read(&gaps).statements[0].lines[2].line, 6);
    let two_lines = report().replace("Chairs, two", "Chairs\ntwo \"\"tall\"\"");
    let file = read(&two_lines);
    assert_eq!(
        file.statements[0].lines[0].text.as_deref(),
        Some("Chairs\ntwo \"tall\"")
    );
    assert_eq!(file.statements[0].lines[1].line, 4);
}

#[test]
fn a_currency_without_decimals_is_in_whole_units() {
    let yen = report()
        .replace(",eur,", ",jpy,")
        .replace("120.00,2.05,117.95", "2500,90,2410");
    let file = read(&yen);
    let line = &file.statements[0].lines[0];
    assert_eq!(
        (line.amount.as_str(), line.fee.as_deref()),
        ("2410", Some("90"))
    );
}

#[test]
fn columns_that_were_not_chosen_follow_from_the_others() {
    let file = read("source_id,currency,gross,fee,reporting_category\nch_1,USD,10,0.59,charge\n");
    assert_eq!(file.statements[0].lines[0].net.as_deref(), Some("9.41"));
    assert_eq!(file.statements[0].lines[0].booking_date, None);
    let file = read("source_id,currency,net,fee,reporting_category\nch_1,USD,9.41,0.59,charge\n");
    assert_eq!(file.statements[0].lines[0].gross.as_deref(), Some("10.00"));
    let file = read(
        "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC)\n\
        txn_1,charge,ch_1,10.00,0.59,9.41,usd,2026-03-01 10:00,2026-03-03 00:00\n",
    );
    let line = &file.statements[0].lines[0];
    assert_eq!(
        (line.amount.as_str(), line.kind),
        ("9.41", LineKind::Capture)
    );
    assert_eq!(
        line.booking_date.map(|d| d.to_string()).as_deref(),
        Some("2026-03-01")
    );
}

#[test]
fn a_missing_column_is_named() {
    let ask = |content: &str| {
        let reader = Cursor::new(content.as_bytes());
        formats::parse_to_json(reader, FormatChoice::Stripe).map_err(|e| e.to_string())
    };
    for (gone, named) in [
        ("currency", "the column currency is missing"),
        ("net", "the column net is missing"),
        (
            "reporting_category",
            "the column reporting_category is missing",
        ),
    ] {
        let header =
            "balance_transaction_id,currency,net,reporting_category".replace(gone, "other");
        let error =
            ask(&format!("{header}\ntxn_1,eur,1,charge\n")).expect_err("a column is missing");
        assert_eq!(error, format!("line 1, {gone}: {named}"));
    }
    let error = ask("id,net,net,currency,type\n").expect_err("a column is twice");
    assert_eq!(error, "line 1, net: the column net is there twice");
}

#[test]
fn a_bad_row_is_named_by_its_line() {
    let cut = report().replace(",refund,re_1,,ch_1,pi_1,TR-9,,ORD-1", ",refund");
    assert_eq!(
        refused(cut),
        "line 3: the row that begins with “po_7” has 10 fields, the header has 17"
    );
    let comma = report().replace(",-20,0,-20,", ",\"-20,00\",0,-20,");
    assert_eq!(refused(comma), "line 3, gross: “-20,00” is not an amount");
    let empty = report().replace(",-20,0,-20,", ",-20,0,,");
    assert_eq!(refused(empty), "line 3, net: is empty");
    let currency = report().replacen(",eur,-20", ",zzz,-20", 1);
    assert_eq!(
        refused(currency),
        "line 3, currency: “zzz” is not an ISO 4217 currency code"
    );
    let day = report().replace("2026-03-02 10:00:00", "02.03.2026");
    assert_eq!(refused(day), "line 3, created: “02.03.2026” is not a date");
    let mut broken = report().into_bytes();
    let at = report().find("Radar").expect("the text");
    broken[at] = 0xFF;
    assert_eq!(refused(broken), "line 5: the text is not valid UTF-8");
}

#[test]
fn wrong_sums_are_told() {
    let row = report().replace("120.00,2.05,117.95", "120.00,2.06,117.95");
    assert_eq!(
        read(&row).warnings,
        ["line 2: gross 120.00 less fee 2.06 is not net 117.95"]
    );
    let payout = report().replace("-28.45,0,-28.45", "-28.40,0,-28.40");
    let recorder = Recorder::of(&payout);
    assert_eq!(recorder.ends[0].faults.len(), 1);
    assert_eq!(recorder.ends[0].faults[0].line, 7);
    assert_eq!(
        recorder.ends[0].faults[0].message,
        "the payout po_7 is -28.40, its rows make 28.45"
    );
}

#[test]
fn several_currencies_and_payouts_leave_the_statement_unnamed() {
    let mixed = report()
        .replacen(",eur,", ",usd,", 1)
        .replacen("po_7,", "po_8,", 1);
    let statement = &read(&mixed).statements[0];
    assert_eq!(
        (statement.currency, statement.statement_id.as_deref()),
        (None, None)
    );
}

#[test]
fn a_report_without_rows_is_empty() {
    let file = read(&format!("{HEADER}\n"));
    assert_eq!(file.statements[0].lines.len(), 0);
    assert_eq!(file.warnings, ["the report holds no rows"]);
}
