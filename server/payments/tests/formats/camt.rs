//! ISO 20022 statements of our own making.

use model::settlement::{EntryStatus, LineKind, ParsedDetail, ParsedTransaction};
use payments::settlement::parsed::Message;

use crate::{Recorder, amounts, read, refused};

/// A camt.053 with entries between its head and its end.
pub fn statement(version: &str, opening: &str, closing: &str, entries: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">
<BkToCstmrStmt><GrpHdr><MsgId>M-1</MsgId><CreDtTm>2026-03-02T01:00:00Z</CreDtTm></GrpHdr>
<Stmt><Id>S-1</Id><ElctrncSeqNb>61</ElctrncSeqNb>
<FrToDt><FrDtTm>2026-03-01T00:00:00+01:00</FrDtTm><ToDtTm>2026-03-01T23:59:59+01:00</ToDtTm></FrToDt>
<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>Musterwerk AG</Nm></Ownr></Acct>
{}{}
{entries}
</Stmt></BkToCstmrStmt></Document>
"#,
        balance("OPBD", opening),
        balance("CLBD", closing),
    )
}

fn balance(code: &str, signed: &str) -> String {
    let (amount, direction) = match signed.strip_prefix('-') {
        Some(amount) => (amount, "DBIT"),
        None => (signed, "CRDT"),
    };
    if amount.is_empty() {
        return String::new();
    }
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt>\
         <CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>2026-03-01</Dt></Dt></Bal>"
    )
}

/// A plain booked entry of version 2, `more` in front of its end.
pub fn entry(amount: &str, direction: &str, more: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts>BOOK</Sts>\
         <BookgDt><Dt>2026-03-01</Dt></BookgDt><ValDt><DtTm>2026-03-02T08:00:00</DtTm></ValDt>{more}</Ntry>\n"
    )
}

fn transactions(detail: &[ParsedDetail]) -> Vec<&ParsedTransaction> {
    detail
        .iter()
        .map(|detail| match detail {
            ParsedDetail::Transaction(transaction) => &**transaction,
            ParsedDetail::Columns(_) => panic!("columns in a bank's entry"),
        })
        .collect()
}

const BATCH: &str = r#"<AcctSvcrRef>BANK-7</AcctSvcrRef>
<NtryDtls><Btch><MsgId>BM-1</MsgId><PmtInfId>PAYRUN-9</PmtInfId><NbOfTxs>3</NbOfTxs></Btch>
<TxDtls><Refs><EndToEndId>E-1</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">10.00</Amt></TxAmt></AmtDtls>
 <RltdPties><Dbtr><Nm>Ada &amp; S&#xF6;hne</Nm></Dbtr><DbtrAcct><Id><IBAN>DE75512108001245126199</IBAN></Id></DbtrAcct></RltdPties>
 <RmtInf><Ustrd>Rechnung</Ustrd><Ustrd>4711</Ustrd></RmtInf></TxDtls>
<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">20.5</Amt></TxAmt></AmtDtls>
 <RltdPties><Dbtr><Nm>Grete</Nm></Dbtr></RltdPties></TxDtls>
<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">0.005</Amt></TxAmt></AmtDtls>
 <RmtInf><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>
</NtryDtls><AddtlNtryInf>Sammler</AddtlNtryInf>"#;

#[test]
fn a_batch_is_one_line_and_its_transactions_keep_their_amounts() {
    let file = read(&statement(
        "02",
        "100.00",
        "130.505",
        &entry("30.505", "CRDT", BATCH),
    ));
    let statement = &file.statements[0];
    assert_eq!(statement.balanced, Some(true));
    assert_eq!(statement.account.as_deref(), Some("DE02120300000000202051"));
    assert_eq!(
        statement.from.map(|d| d.to_string()).as_deref(),
        Some("2026-03-01")
    );
    assert_eq!(statement.opening_balance.as_deref(), Some("100.00"));
    assert_eq!(statement.closing_balance.as_deref(), Some("130.505"));
    let [line] = statement.lines.as_slice() else {
        panic!("{:?}", statement.lines)
    };
    assert_eq!(
        (line.amount.as_str(), line.kind),
        ("30.505", LineKind::Entry)
    );
    assert_eq!(line.batch_id.as_deref(), Some("PAYRUN-9"));
    assert_eq!(line.provider_id.as_deref(), Some("BANK-7"));
    assert_eq!(
        (line.end_to_end_id.as_deref(), line.counterparty.as_deref()),
        (None, None)
    );
    assert_eq!(line.text.as_deref(), Some("Sammler"));
    assert_eq!(
        line.value_date.map(|d| d.to_string()).as_deref(),
        Some("2026-03-02")
    );
    let details = transactions(&line.details);
    let of_details: Vec<_> = details
        .iter()
        .map(|d| d.amount.as_deref().unwrap_or(""))
        .collect();
    assert_eq!(of_details, ["10.00", "20.50", "0.005"]);
    assert_eq!(details[0].counterparty.as_deref(), Some("Ada & Söhne"));
    assert_eq!(details[0].text.as_deref(), Some("Rechnung 4711"));
    assert_eq!(details[0].end_to_end_id.as_deref(), Some("E-1"));
    assert_eq!(details[1].end_to_end_id, None);
    assert_eq!(details[2].reference.as_deref(), Some("RF18539007547034"));
    assert!(file.warnings.is_empty(), "{:?}", file.warnings);
}

#[test]
fn transactions_that_do_not_make_the_entry_are_told() {
    let content = statement("02", "100.00", "130.50", &entry("30.50", "CRDT", BATCH));
    let file = read(&content);
    assert_eq!(
        file.warnings,
        ["line 8: the transactions make 30.505, the entry is 30.50"]
    );
    let short = content.replace("<NbOfTxs>3<", "<NbOfTxs>4<");
    assert!(read(&short).warnings[0].contains("counts 4 transactions, the entry has 3"));
    let empty = statement(
        "02",
        "0",
        "1",
        &entry(
            "1.00",
            "CRDT",
            "<NtryDtls><Btch><NbOfTxs>9</NbOfTxs></Btch></NtryDtls>",
        ),
    );
    assert!(read(&empty).warnings.is_empty());
}

#[test]
fn the_printed_form_has_every_key_and_null_for_what_is_absent() {
    let file = read(&statement("02", "", "2.00", &entry("1.00", "CRDT", "")));
    let json = serde_json::to_value(&file).expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({
            "format": "camt",
            "statements": [{
                "account": "DE02120300000000202051", "currency": "EUR", "statement_id": "S-1",
                "from": "2026-03-01", "to": "2026-03-01",
                "opening_balance": null, "closing_balance": "2.00", "balanced": null,
                "lines": [{
                    "line": 8, "booking_date": "2026-03-01", "value_date": "2026-03-02",
                    "amount": "1.00", "currency": "EUR", "kind": "entry", "reference": null,
                    "end_to_end_id": null, "provider_id": null, "batch_id": null,
                    "counterparty": null, "text": null, "fee": null, "gross": null, "net": null,
                    "details": []
                }]
            }],
            "warnings": []
        })
    );
    let whole = read(&statement(
        "02",
        "100.00",
        "130.505",
        &entry("30.505", "CRDT", BATCH),
    ));
    let text = serde_json::to_string(&whole).expect("JSON");
    assert_eq!(
        serde_json::from_str::<model::settlement::ParsedFile>(&text).ok(),
        Some(whole)
    );
}

#[test]
fn the_two_forms_of_the_status_read_alike() {
    let old = statement("02", "5.00", "4.00", &entry("1.00", "DBIT", ""));
    let new = old
        .replace("001.02", "001.08")
        .replace("<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>");
    assert_eq!(read(&old).statements, read(&new).statements);
    assert_eq!(read(&old).statements[0].balanced, Some(true));
    let own = new.replace("<Cd>BOOK</Cd>", "<Prtry>SEEN</Prtry>");
    assert_eq!(Recorder::of(&own).lines[0].status, EntryStatus::Unknown);
}

#[test]
fn lines_that_are_not_booked_do_not_count() {
    let entries = entry("7.00", "CRDT", "")
        + &entry("9.00", "CRDT", "").replace("BOOK", "PDNG")
        + &entry("3.00", "DBIT", "").replace("BOOK", "INFO");
    let content = statement("02", "1.00", "8.00", &entries);
    let file = read(&content);
    assert_eq!(file.statements[0].balanced, Some(true));
    assert_eq!(amounts(&file).len(), 3);
    let kinds: Vec<_> = file.statements[0].lines.iter().map(|l| l.kind).collect();
    assert_eq!(kinds, [LineKind::Entry, LineKind::Other, LineKind::Other]);
    assert_eq!(
        file.warnings,
        ["2 of 3 entries are not booked and do not count in the balance (line 9, 10)"]
    );
    let recorder = Recorder::of(&content);
    assert_eq!(recorder.lines[1].status, EntryStatus::Pending);
    assert_eq!(recorder.lines[2].status, EntryStatus::Information);
    assert_eq!((recorder.ends[0].booked, recorder.ends[0].lines), (1, 3));
}

#[test]
fn a_reversal_has_its_own_direction_and_the_first_payers_name() {
    let parties = "<RvslInd>true</RvslInd><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Payer</Nm></Dbtr>\
        <Cdtr><Nm>Musterwerk AG</Nm></Cdtr></RltdPties><RtrInf><Rsn><Cd>AC04</Cd></Rsn>\
        <AddtlInf>Konto erloschen</AddtlInf></RtrInf></TxDtls></NtryDtls>";
    let content = statement("04", "10.00", "-2.00", &entry("12.00", "DBIT", parties));
    let file = read(&content);
    let line = &file.statements[0].lines[0];
    assert_eq!(line.amount, "-12.00");
    assert_eq!(line.counterparty.as_deref(), Some("Payer"));
    assert_eq!(
        transactions(&line.details)[0].return_reason.as_deref(),
        Some("AC04: Konto erloschen")
    );
    assert_eq!(
        transactions(&line.details)[0].amount.as_deref(),
        Some("-12.00")
    );
    assert_eq!(file.statements[0].closing_balance.as_deref(), Some("-2.00"));
    assert_eq!(file.statements[0].balanced, Some(true));
    assert!(Recorder::of(&content).lines[0].reversal);
}

#[test]
fn a_wrong_balance_is_told_and_printed() {
    let file = read(&statement("02", "1.00", "3.00", &entry("1.00", "CRDT", "")));
    assert_eq!(file.statements[0].balanced, Some(false));
    assert_eq!(
        file.warnings,
        ["the opening balance 1.00 and the booked lines make 2.00, not the closing balance 3.00"]
    );
    let without = read(&statement("02", "", "3.00", &entry("1.00", "CRDT", "")));
    assert_eq!(without.statements[0].balanced, None);
    assert_eq!(without.statements[0].opening_balance, None);
}

#[test]
fn the_previous_closing_stands_in_for_a_missing_opening() {
    let content = statement("02", "1.00", "2.00", &entry("1.00", "CRDT", ""));
    let previous = content.replace("OPBD", "PRCD");
    assert_eq!(read(&previous).statements[0].balanced, Some(true));
    let both = previous.replacen("<Bal>", &format!("{}<Bal>", balance("OPBD", "5.00")), 1);
    assert_eq!(
        read(&both).statements[0].opening_balance.as_deref(),
        Some("5.00")
    );
}

#[test]
fn the_summary_is_held_against_the_lines() {
    let summary = "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries><Sum>3.00</Sum></TtlNtries>\
        <TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>2.00</Sum></TtlCdtNtries>\
        <TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>-1.00</Sum></TtlDbtNtries></TxsSummry>";
    let entries = entry("2.00", "CRDT", "") + &entry("1.00", "DBIT", "");
    let good = statement("02", "1.00", "2.00", &(summary.to_owned() + &entries));
    assert!(
        read(&good).warnings.is_empty(),
        "{:?}",
        read(&good).warnings
    );
    let bad = good
        .replace("<Sum>2.00<", "<Sum>2.10<")
        .replace("<NbOfNtries>2<", "<NbOfNtries>3<");
    let recorder = Recorder::of(&bad);
    let faults: Vec<_> = recorder.ends[0]
        .faults
        .iter()
        .map(|f| f.message.as_str())
        .collect();
    assert_eq!(
        faults,
        [
            "the summary counts 3 entries, the file has 2",
            "the summary of credit entries says 2.10, the lines make 2.00"
        ]
    );
    assert_eq!(recorder.ends[0].balanced, Some(true));
}

#[test]
fn several_statements_keep_their_own_lines() {
    let one = statement("08", "0.00", "1.00", &entry("1.00", "CRDT", ""));
    let at = one
        .find("</BkToCstmrStmt>")
        .expect("the end of the message");
    let start = one.find("<Stmt>").expect("the statement");
    let second = one[start..at].replace("S-1", "S-2").replace("OPBD", "CLBD");
    let content = format!("{}{second}{}", &one[..at], &one[at..]);
    let file = read(&content);
    let ids: Vec<_> = file
        .statements
        .iter()
        .filter_map(|s| s.statement_id.as_deref())
        .collect();
    assert_eq!(ids, ["S-1", "S-2"]);
    let balanced: Vec<_> = file
        .statements
        .iter()
        .map(|s| (s.balanced, s.lines.len()))
        .collect();
    assert_eq!(balanced, [(Some(true), 1), (None, 1)]);
}

#[test]
fn foreign_amounts_count_with_their_counter_value() {
    let foreign = entry("20.97", "DBIT", "<AmtDtls><InstdAmt><Amt Ccy=\"EUR\">19.69</Amt></InstdAmt>\
        <TxAmt><Amt Ccy=\"USD\">20.97</Amt><CcyXchg><SrcCcy>EUR</SrcCcy><XchgRate>0.9390</XchgRate></CcyXchg></TxAmt></AmtDtls>")
        .replacen("Ccy=\"EUR\">20.97", "Ccy=\"USD\">20.97", 1);
    let content = statement("08", "100.00", "80.31", &foreign);
    let file = read(&content);
    assert_eq!(amounts(&file)[0].1, "-20.97");
    assert_eq!(file.statements[0].balanced, Some(true));
    let unknown = content.replace("<InstdAmt><Amt Ccy=\"EUR\">19.69</Amt></InstdAmt>", "");
    let file = read(&unknown);
    assert_eq!(file.statements[0].balanced, None);
    assert!(
        file.warnings[0].contains("-20.97 USD is not in the account's EUR"),
        "{:?}",
        file.warnings
    );
}

#[test]
fn the_conversion_of_a_transaction_is_kept() {
    let detail = "<NtryDtls><TxDtls><Amt Ccy=\"EUR\">93.90</Amt><CdtDbtInd>CRDT</CdtDbtInd><AmtDtls>\
        <InstdAmt><Amt Ccy=\"USD\">100</Amt></InstdAmt><TxAmt><Amt Ccy=\"EUR\">93.90</Amt><CcyXchg>\
        <SrcCcy>USD</SrcCcy><TrgtCcy>EUR</TrgtCcy><XchgRate>0.9390</XchgRate></CcyXchg></TxAmt></AmtDtls>\
        <Refs><UETR>5f0b</UETR></Refs></TxDtls></NtryDtls>";
    let file = read(&statement(
        "08",
        "0",
        "93.9",
        &entry("93.90", "CRDT", detail),
    ));
    let detail = transactions(&file.statements[0].lines[0].details)[0];
    assert_eq!(detail.instructed_amount.as_deref(), Some("100.00"));
    assert_eq!(
        detail.instructed_currency.map(|c| c.to_string()).as_deref(),
        Some("USD")
    );
    assert_eq!(detail.exchange_rate.as_deref(), Some("0.939"));
    assert_eq!(detail.uetr.as_deref(), Some("5f0b"));
}

#[test]
fn charges_become_the_fee_in_both_forms() {
    let new = "<Chrgs><TtlChrgsAndTaxAmt Ccy=\"EUR\">0.70</TtlChrgsAndTaxAmt><Rcrd><Amt Ccy=\"EUR\">0.70</Amt>\
        <CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>";
    let old = "<Chrgs><Amt Ccy=\"EUR\">0.30</Amt><CdtDbtInd>DBIT</CdtDbtInd></Chrgs>\
        <Chrgs><Amt Ccy=\"EUR\">0.40</Amt></Chrgs>";
    let entries = entry("9.30", "CRDT", new) + &entry("9.30", "CRDT", old);
    let file = read(&statement("04", "0", "18.60", &entries));
    let [included, apart] = file.statements[0].lines.as_slice() else {
        panic!("two lines")
    };
    assert_eq!(included.fee.as_deref(), Some("0.70"));
    assert_eq!(included.gross.as_deref(), Some("10.00"));
    assert_eq!(included.net.as_deref(), Some("9.30"));
    assert_eq!(
        (apart.fee.as_deref(), apart.gross.as_deref()),
        (Some("0.70"), None)
    );
}

#[test]
fn reports_and_notifications_are_told_apart() {
    let content = statement("02", "", "", &entry("1.00", "CRDT", ""));
    let report = content
        .replace("camt.053", "camt.052")
        .replace("BkToCstmrStmt", "BkToCstmrAcctRpt")
        .replace("<Stmt>", "<Rpt>")
        .replace("</Stmt>", "</Rpt>");
    let notice = content
        .replace("camt.053", "camt.054")
        .replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
        .replace("<Stmt>", "<Ntfctn>")
        .replace("</Stmt>", "</Ntfctn>");
    for (content, message, version) in [
        (&content, Message::Statement, "camt.053.001.02"),
        (&report, Message::Interim, "camt.052.001.02"),
        (&notice, Message::Notification, "camt.054.001.02"),
    ] {
        let recorder = Recorder::of(content);
        let head = &recorder.heads[0];
        assert_eq!((head.message, head.version.as_str()), (message, version));
        assert_eq!(head.message_id.as_deref(), Some("M-1"));
        assert_eq!(recorder.begun[0].sequence.as_deref(), Some("61"));
        assert_eq!(recorder.begun[0].owner.as_deref(), Some("Musterwerk AG"));
        assert_eq!(recorder.lines.len(), 1);
    }
    assert!(refused(content.replace("camt.053", "camt.052")).contains("cannot hold this message"));
}

#[test]
fn prefixes_envelopes_and_foreign_parts_are_understood() {
    let plain = statement("08", "0", "1.00", &entry("1.00", "CRDT", ""));
    let mut prefixed = plain.replace("xmlns=", "xmlns:n=").replace("</", "</n:");
    let mut marked = String::new();
    for piece in prefixed.split_inclusive('<') {
        marked.push_str(piece);
        if piece.ends_with('<') {
            marked.push_str("n:");
        }
    }
    prefixed = marked.replace("<n:/n:", "</n:").replace("<n:?xml", "<?xml");
    assert_eq!(read(&prefixed).statements, read(&plain).statements);
    let body = &plain[plain.find("<Document").expect("a document")..];
    let envelope = format!("<Envelope xmlns=\"urn:x\"><AppHdr/>\n{body}</Envelope>");
    assert_eq!(read(&envelope).statements, read(&plain).statements.clone());
    let foreign = plain.replace(
        "</Stmt>",
        "<x:Ntry xmlns:x=\"urn:y\"><x:Amt>9</x:Amt></x:Ntry></Stmt>",
    );
    assert_eq!(read(&foreign).statements, read(&plain).statements);
}

#[test]
fn other_encodings_are_read() {
    let detail =
        "<NtryDtls><TxDtls><RmtInf><Ustrd>Grüße für 5 €</Ustrd></RmtInf></TxDtls></NtryDtls>";
    let plain = statement("02", "0", "1.00", &entry("1.00", "CRDT", detail));
    let expected = read(&plain).statements;
    let marked = format!("\u{feff}{plain}");
    assert_eq!(read(&marked).statements, expected);
    let utf16: Vec<u8> = std::iter::once(0xFEFF_u16)
        .chain(plain.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        crate::try_read(&utf16).map(|f| f.statements).as_ref(),
        Ok(&expected)
    );
    assert!(refused(&utf16[..utf16.len() - 1]).contains("within a character"));
    let latin: Vec<u8> = plain
        .replace("UTF-8", "ISO-8859-15")
        .chars()
        .map(|c| {
            if c == '€' {
                0xA4
            } else {
                u8::try_from(u32::from(c)).expect("Latin")
            }
        })
        .collect();
    assert_eq!(
        crate::try_read(&latin).map(|f| f.statements).as_ref(),
        Ok(&expected)
    );
    assert!(
        refused(plain.replace("UTF-8", "EBCDIC-CP-US")).contains("“EBCDIC-CP-US” is not supported")
    );
}

#[test]
fn a_document_without_statement_is_accepted_where_the_version_is_known() {
    let empty = |version: &str| {
        format!("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}\"/>")
    };
    let file = read(&empty("08"));
    assert!(file.statements.is_empty());
    assert_eq!(file.warnings, ["the file holds no statement"]);
    assert_eq!(
        refused(empty("03")),
        "line 1, Document: camt.053.001.03 is not a version that banks send, and no statement was found in it"
    );
    let odd = statement("03", "0", "1.00", &entry("1.00", "CRDT", ""));
    assert_eq!(read(&odd).statements[0].balanced, Some(true));
    assert!(read(&odd).warnings[0].contains("check the result"));
}
