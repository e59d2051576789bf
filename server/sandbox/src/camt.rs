//! Statements as ISO 20022 camt.053.001.08: balances that prove, one entry a movement.

use std::io;

use chrono::{DateTime, SecondsFormat, Utc};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::bank::{Account, BIC, BankLine, OWNER, Statement};
use crate::money;
use crate::state::State;

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08";

type Out = Writer<Vec<u8>>;

/// The document of some statements, one `Stmt` each.
pub(crate) fn document(
    state: &State,
    statements: &[Statement],
    at: DateTime<Utc>,
    number: u64,
) -> String {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut out, state, statements, at, number).expect("writing to memory cannot fail");
    let mut text = String::from_utf8(out.into_inner()).expect("only text was written");
    text.push('\n');
    text
}

fn write(
    out: &mut Out,
    state: &State,
    statements: &[Statement],
    at: DateTime<Utc>,
    number: u64,
) -> io::Result<()> {
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    out.create_element("Document")
        .with_attribute(("xmlns", NAMESPACE))
        .write_inner_content(|out| {
            node(out, "BkToCstmrStmt", |out| {
                node(out, "GrpHdr", |out| {
                    leaf(
                        out,
                        "MsgId",
                        &format!("PNCT{}{number:06}", at.format("%Y%m%d")),
                    )?;
                    leaf(out, "CreDtTm", &instant(at))?;
                    node(out, "MsgPgntn", |out| {
                        leaf(out, "PgNb", "1")?;
                        leaf(out, "LastPgInd", "true")
                    })
                })?;
                for statement in statements {
                    node(out, "Stmt", |out| write_statement(out, state, statement))?;
                }
                Ok(())
            })
        })?;
    Ok(())
}

fn write_statement(out: &mut Out, state: &State, statement: &Statement) -> io::Result<()> {
    let currency = statement.account.as_str();
    let lines: Vec<&BankLine> = statement
        .lines
        .iter()
        .filter_map(|id| state.find::<BankLine>(id))
        .collect();
    leaf(out, "Id", &statement.id)?;
    leaf(out, "ElctrncSeqNb", &statement.number.to_string())?;
    leaf(out, "LglSeqNb", &statement.number.to_string())?;
    leaf(out, "CreDtTm", &instant(statement.to))?;
    node(out, "FrToDt", |out| {
        leaf(out, "FrDtTm", &instant(statement.from))?;
        leaf(out, "ToDtTm", &instant(statement.to))
    })?;
    node(out, "Acct", |out| {
        let iban = state
            .find::<Account>(currency)
            .map_or("", |account| account.iban.as_str());
        node(out, "Id", |out| leaf(out, "IBAN", iban))?;
        leaf(out, "Ccy", &currency.to_uppercase())?;
        node(out, "Ownr", |out| leaf(out, "Nm", OWNER))?;
        node(out, "Svcr", |out| {
            node(out, "FinInstnId", |out| leaf(out, "BICFI", BIC))
        })
    })?;
    balance(out, "OPBD", statement.opening, currency, statement.from)?;
    balance(out, "CLBD", statement.closing, currency, statement.to)?;
    balance(out, "CLAV", statement.closing, currency, statement.to)?;
    node(out, "TxsSummry", |out| totals(out, &lines, currency))?;
    for line in lines {
        node(out, "Ntry", |out| write_entry(out, state, line))?;
    }
    Ok(())
}

fn balance(
    out: &mut Out,
    code: &str,
    amount: i64,
    currency: &str,
    at: DateTime<Utc>,
) -> io::Result<()> {
    node(out, "Bal", |out| {
        node(out, "Tp", |out| {
            node(out, "CdOrPrtry", |out| leaf(out, "Cd", code))
        })?;
        money_of(out, "Amt", amount, currency)?;
        leaf(out, "CdtDbtInd", direction(amount))?;
        node(out, "Dt", |out| leaf(out, "Dt", &date(at)))
    })
}

fn totals(out: &mut Out, lines: &[&BankLine], currency: &str) -> io::Result<()> {
    let (credits, debits): (Vec<i64>, Vec<i64>) = lines
        .iter()
        .map(|line| line.amount)
        .partition(|amount| *amount >= 0);
    let sum = |amounts: &[i64]| amounts.iter().map(|amount| amount.abs()).sum::<i64>();
    let net = sum(&credits) - sum(&debits);
    let count_and_sum = |out: &mut Out, count: usize, total: i64| {
        leaf(out, "NbOfNtries", &count.to_string())?;
        leaf(out, "Sum", &money::bank_text(total, currency))
    };
    node(out, "TtlNtries", |out| {
        count_and_sum(out, lines.len(), sum(&credits) + sum(&debits))?;
        node(out, "TtlNetNtry", |out| {
            leaf(out, "Amt", &money::bank_text(net, currency))?;
            leaf(out, "CdtDbtInd", direction(net))
        })
    })?;
    node(out, "TtlCdtNtries", |out| {
        count_and_sum(out, credits.len(), sum(&credits))
    })?;
    node(out, "TtlDbtNtries", |out| {
        count_and_sum(out, debits.len(), sum(&debits))
    })
}

fn write_entry(out: &mut Out, state: &State, line: &BankLine) -> io::Result<()> {
    let currency = line.account.as_str();
    leaf(out, "NtryRef", &line.number.to_string())?;
    money_of(out, "Amt", line.amount, currency)?;
    leaf(out, "CdtDbtInd", direction(line.amount))?;
    leaf(out, "RvslInd", "false")?;
    node(out, "Sts", |out| leaf(out, "Cd", "BOOK"))?;
    node(out, "BookgDt", |out| leaf(out, "Dt", &date(line.booked_at)))?;
    node(out, "ValDt", |out| leaf(out, "Dt", &date(line.value_at)))?;
    leaf(out, "AcctSvcrRef", &line.servicer_reference())?;
    node(out, "BkTxCd", |out| {
        node(out, "Domn", |out| {
            leaf(out, "Cd", "PMNT")?;
            node(out, "Fmly", |out| {
                leaf(out, "Cd", if line.amount < 0 { "ICDT" } else { "RCDT" })?;
                leaf(out, "SubFmlyCd", "ESCT")
            })
        })
    })?;
    node(out, "NtryDtls", |out| {
        node(out, "TxDtls", |out| write_details(out, state, line))
    })
}

fn write_details(out: &mut Out, state: &State, line: &BankLine) -> io::Result<()> {
    let currency = line.account.as_str();
    node(out, "Refs", |out| {
        leaf(out, "AcctSvcrRef", &line.servicer_reference())?;
        leaf(
            out,
            "EndToEndId",
            line.end_to_end_id.as_deref().unwrap_or("NOTPROVIDED"),
        )
    })?;
    money_of(out, "Amt", line.amount, currency)?;
    leaf(out, "CdtDbtInd", direction(line.amount))?;
    let own = state
        .find::<Account>(currency)
        .map(|account| account.iban.as_str());
    let us = (Some(OWNER), own);
    let them = (
        line.counterparty.as_deref(),
        line.counterparty_iban.as_deref(),
    );
    let (debtor, creditor) = if line.amount < 0 {
        (us, them)
    } else {
        (them, us)
    };
    node(out, "RltdPties", |out| {
        party(out, "Dbtr", debtor)?;
        party(out, "Cdtr", creditor)
    })?;
    if line.text.is_empty() && line.reference.is_none() {
        return Ok(());
    }
    node(out, "RmtInf", |out| {
        // An unstructured line has at most 140 characters.
        let letters: Vec<char> = line.text.chars().collect();
        for part in letters.chunks(140) {
            leaf(out, "Ustrd", &part.iter().collect::<String>())?;
        }
        let Some(reference) = line
            .reference
            .as_deref()
            .filter(|text| text.starts_with("RF"))
        else {
            return Ok(());
        };
        node(out, "Strd", |out| {
            node(out, "CdtrRefInf", |out| {
                node(out, "Tp", |out| {
                    node(out, "CdOrPrtry", |out| leaf(out, "Cd", "SCOR"))
                })?;
                leaf(out, "Ref", reference)
            })
        })
    })
}

fn party(out: &mut Out, role: &str, who: (Option<&str>, Option<&str>)) -> io::Result<()> {
    if let Some(name) = who.0 {
        node(out, role, |out| {
            node(out, "Pty", |out| leaf(out, "Nm", name))
        })?;
    }
    if let Some(iban) = who.1 {
        node(out, &format!("{role}Acct"), |out| {
            node(out, "Id", |out| leaf(out, "IBAN", iban))
        })?;
    }
    Ok(())
}

fn node(
    out: &mut Out,
    name: &str,
    inner: impl FnOnce(&mut Out) -> io::Result<()>,
) -> io::Result<()> {
    out.create_element(name).write_inner_content(inner)?;
    Ok(())
}

fn leaf(out: &mut Out, name: &str, text: &str) -> io::Result<()> {
    out.create_element(name)
        .write_text_content(BytesText::new(text))?;
    Ok(())
}

fn money_of(out: &mut Out, name: &str, amount: i64, currency: &str) -> io::Result<()> {
    out.create_element(name)
        .with_attribute(("Ccy", currency.to_uppercase().as_str()))
        .write_text_content(BytesText::new(&money::bank_text(amount, currency)))?;
    Ok(())
}

fn direction(amount: i64) -> &'static str {
    if amount < 0 { "DBIT" } else { "CRDT" }
}

fn date(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
