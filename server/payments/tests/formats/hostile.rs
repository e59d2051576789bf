//! Damaged, cut and hostile files: each is refused with its line, none makes the reader panic or
//! keep more than it may.

use std::io::{BufRead, BufReader, Cursor, Read};

use model::settlement::FormatChoice;
use payments::settlement::formats;
use proptest::prelude::*;

use crate::camt::{entry, statement};
use crate::{Recorder, refused, try_read};

fn good() -> String {
    statement(
        "02",
        "0",
        "3.00",
        &(entry("1.00", "CRDT", "") + &entry("2.00", "CRDT", "")),
    )
}

#[test]
fn the_error_names_line_and_field() {
    let two = |from: &str, to: &str| refused(good().replacen(from, to, 1));
    assert_eq!(
        two(">1.00<", ">1,00<"),
        "line 8, Ntry/Amt: “1,00” is not an amount"
    );
    assert_eq!(
        two(">2.00<", ">-2.00<"),
        "line 9, Ntry/Amt: “-2.00” is negative; the direction is told apart"
    );
    assert_eq!(
        two("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<Sts>"),
        "line 8, Ntry: the entry has no CdtDbtInd"
    );
    assert_eq!(
        two(
            "<CdtDbtInd>CRDT</CdtDbtInd><Sts>",
            "<CdtDbtInd>credit</CdtDbtInd><Sts>"
        ),
        "line 8, Ntry/CdtDbtInd: “credit” is neither CRDT nor DBIT"
    );
    assert_eq!(
        two("<BookgDt><Dt>2026-03-01", "<BookgDt><Dt>2026-02-30"),
        "line 8, Ntry/BookgDt/Dt: “2026-02-30” is not a date"
    );
    assert_eq!(
        two("Ccy=\"EUR\">1.00", "Ccy=\"EUX\">1.00"),
        "line 8, Ntry/Amt: Ccy “EUX” is not an ISO 4217 currency code"
    );
}

#[test]
fn a_cut_file_is_refused_wherever_it_is_cut() {
    let whole = good();
    for length in 0..whole.trim_end().len() {
        if whole.is_char_boundary(length) {
            let message = refused(&whole[..length]);
            assert!(
                !message.is_empty() && !message.contains('\n'),
                "{length}: {message}"
            );
        }
    }
}

#[test]
fn what_is_no_statement_is_said_in_one_line() {
    assert_eq!(refused(""), "the file is empty");
    assert_eq!(refused(" \r\n "), "the file is empty");
    assert!(refused("hello").contains("the format is not known"));
    assert_eq!(
        refused("<html></html>"),
        "this XML holds no ISO 20022 document"
    );
    assert_eq!(
        refused("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\"/>"),
        "line 1, Document: “urn:iso:std:iso:20022:tech:xsd:pain.001.001.03” is no account statement; \
         camt.052, camt.053 and camt.054 are"
    );
    assert_eq!(
        refused("<Document/>"),
        "line 1, Document: the document names no ISO 20022 namespace"
    );
    for (content, format) in [
        (":20:STARTUMS\r\n:25:1/2\r\n", "mt940"),
        ("01,A,B,260301,0100,1,80,1,2/\n", "bai2"),
        ("\"RH\",\"2026/03/01\"\n", "paypal"),
        (
            "Company Account,Merchant Account,Psp Reference,Type\n",
            "adyen",
        ),
    ] {
        let message = format!("the format {format} is not supported yet; camt and stripe are");
        assert_eq!(refused(content), message);
        let choice: FormatChoice = format.parse().expect("a known word");
        let asked = formats::parse_to_json(Cursor::new("anything"), choice);
        assert_eq!(asked.map_err(|e| e.to_string()), Err(message));
    }
}

#[test]
fn a_document_type_and_its_entities_are_refused() {
    let bomb = good().replacen(
        "<Document",
        "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><Document",
        1,
    );
    assert_eq!(
        refused(bomb),
        "line 2: a document type definition is not accepted"
    );
    let entity = good().replace(">1.00<", ">&one;<");
    assert_eq!(
        refused(entity),
        "line 8, Ntry/Amt: the entity “one” is not defined"
    );
    let number = good().replace(">1.00<", ">&#x110000;<");
    assert!(refused(number).contains("is no character"));
    let file = try_read(
        good()
            .replace(">1.00<", ">&#49;<![CDATA[.00]]><")
            .as_bytes(),
    );
    assert_eq!(
        file.expect("readable").statements[0].lines[0].amount,
        "1.00"
    );
}

#[test]
fn limits_are_errors() {
    let deep = good().replacen("<Ntry>", &format!("<Ntry>{}", "<a>".repeat(100)), 1);
    assert!(refused(deep).contains("more than 64 elements deep"));
    let long = entry(
        "1.00",
        "CRDT",
        &format!("<AddtlNtryInf>{}</AddtlNtryInf>", "x".repeat(70_000)),
    );
    assert!(refused(statement("02", "", "", &long)).contains("longer than 65536 bytes"));
    let digits = good().replace(">1.00<", ">1234567890123456789<");
    assert!(refused(digits).contains("more than 18 digits"));
    let decimals = good().replace(">1.00<", ">1.000001<");
    assert!(refused(decimals).contains("more than 5 decimals"));
}

/// A file without end: what was given, then one byte for ever.
struct Endless {
    start: Cursor<Vec<u8>>,
    then: u8,
    given: u64,
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = self.start.read(out)?;
        if count > 0 {
            return Ok(count);
        }
        out.fill(self.then);
        self.given += out.len() as u64;
        assert!(
            self.given < 16 * 1024 * 1024,
            "the reader takes an endless item"
        );
        Ok(out.len())
    }
}

const DOCUMENT: &str = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">";

#[test]
fn an_endless_item_is_stopped() {
    let header = "id,net,currency,type\n\"";
    for (start, then) in [
        (
            good()
                .replacen("<Ntry>", "<Ntry x=\"", 1)
                .split_once("x=\"")
                .expect("cut")
                .0
                .to_owned()
                + "x=\"",
            b'y',
        ),
        (format!("{DOCUMENT}<!-- "), b'z'),
        (DOCUMENT.to_owned(), b' '),
        (header.to_owned(), b'q'),
    ] {
        let endless = Endless {
            start: Cursor::new(start.into_bytes()),
            then,
            given: 0,
        };
        let reader = BufReader::with_capacity(8192, endless);
        let error = formats::parse_to_json(reader, FormatChoice::Auto).expect_err("it never ends");
        let message = error.to_string();
        assert!(
            message.contains("bytes in one piece") || message.contains("longer than"),
            "{message}"
        );
    }
}

#[test]
fn a_slow_reader_gives_the_same() {
    let content = good();
    let slow = BufReader::with_capacity(1, Cursor::new(content.as_bytes()));
    let file = formats::parse_to_json(slow, FormatChoice::Auto).expect("readable");
    assert_eq!(Ok(file), try_read(content.as_bytes()));
}

#[test]
fn a_failing_reader_is_an_error() {
    struct Failing(usize);
    impl Read for Failing {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let content = good();
            if self.0 >= content.len() - 30 {
                return Err(std::io::Error::other("the disk is gone"));
            }
            let count = out.len().min(64).min(content.len() - 30 - self.0);
            out[..count].copy_from_slice(&content.as_bytes()[self.0..self.0 + count]);
            self.0 += count;
            Ok(count)
        }
    }
    let error = formats::parse_to_json(BufReader::new(Failing(0)), FormatChoice::Auto);
    assert!(
        error
            .expect_err("the disk is gone")
            .to_string()
            .contains("the disk is gone")
    );
}

#[test]
fn a_sink_may_stop_the_reading() {
    struct Full;
    impl payments::settlement::parsed::Sink for Full {
        fn file(&mut self, _: &payments::settlement::parsed::FileHead) -> Outcome {
            Ok(())
        }
        fn statement(&mut self, _: &payments::settlement::parsed::StatementHead) -> Outcome {
            Ok(())
        }
        fn line(&mut self, line: payments::settlement::parsed::Line) -> Outcome {
            Err(payments::settlement::parsed::FormatError::new(
                line.line, "", "enough",
            ))
        }
        fn end(&mut self, _: payments::settlement::parsed::StatementEnd) -> Outcome {
            Ok(())
        }
        fn warning(&mut self, _: payments::settlement::parsed::Warning) -> Outcome {
            Ok(())
        }
    }
    type Outcome = Result<(), payments::settlement::parsed::FormatError>;
    let content = good();
    let mut reader: Box<dyn BufRead> = Box::new(Cursor::new(content.into_bytes()));
    let error = formats::parse(&mut reader, FormatChoice::Auto, &mut Full).expect_err("stopped");
    assert_eq!(error.to_string(), "line 8: enough");
}

#[test]
fn equal_lines_of_one_day_are_two_lines() {
    let same = entry("1.00", "CRDT", "<AcctSvcrRef>R</AcctSvcrRef>");
    let recorder = Recorder::of(&statement("02", "0", "2.00", &(same.clone() + &same)));
    assert_eq!(recorder.lines.len(), 2);
    assert_eq!(recorder.ends[0].balanced, Some(true));
}

fn report() -> String {
    "id,source_id,gross,fee,net,currency,type,created\n\
     txn_1,ch_1,10,1,9,eur,charge,2026-03-01 10:00:00\n\
     txn_2,re_1,-5.50,0,-5.50,eur,refund,2026-03-01 11:00:00\n"
        .to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for choice in [FormatChoice::Auto, FormatChoice::Camt, FormatChoice::Stripe] {
            let _ = formats::parse_to_json(Cursor::new(&bytes), choice);
        }
    }

    #[test]
    fn no_damage_makes_it_panic(
        camt in any::<bool>(),
        at in any::<prop::sample::Index>(),
        length in 0_usize..12,
        piece in prop::collection::vec(any::<u8>(), 0..12),
    ) {
        let mut bytes = if camt { good() } else { report() }.into_bytes();
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, piece);
        let choice = if camt { FormatChoice::Camt } else { FormatChoice::Stripe };
        let _ = formats::parse_to_json(Cursor::new(&bytes), choice);
        let _ = try_read(&bytes);
    }

    #[test]
    fn any_amount_comes_back_to_the_cent(minor in -9_999_999_999_i64..9_999_999_999) {
        let (sign, size) = if minor < 0 { ("-", -minor) } else { ("", minor) };
        let amount = format!("{sign}{}.{:02}", size / 100, size % 100);
        let row = format!("id,net,currency,type\ntxn,{amount},eur,charge\n");
        let file = try_read(row.as_bytes()).expect("readable");
        prop_assert_eq!(&file.statements[0].lines[0].amount, &amount);
    }
}
