//! The journal of plain-text accounting, as hledger reads it. Every account and commodity is
//! declared, so that the strict check passes too.

use std::io::Write;

use model::Money;
use model::ledger::{AccountKind, AccountPath};

use super::{Format, Line};
use crate::error::Error;
use crate::store::entries::ExportRow;

pub(super) struct Journal<W> {
    out: W,
}

impl<W: Write> Journal<W> {
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Format for Journal<W> {
    fn begin(&mut self, accounts: &[String], samples: &[Money]) -> Result<(), Error> {
        writeln!(
            self.out,
            "; The ledger of Punctual. Debit is positive; days are days of UTC."
        )?;
        writeln!(self.out, "decimal-mark .\n")?;
        for sample in samples {
            writeln!(self.out, "commodity {}", commodity(*sample))?;
        }
        writeln!(self.out)?;
        for account in accounts {
            match AccountPath::parse(account)
                .ok()
                .and_then(|path| letter(path.kind()))
            {
                Some(letter) => writeln!(self.out, "account {account}  ; type: {letter}")?,
                None => writeln!(self.out, "account {account}")?,
            }
        }
        Ok(())
    }

    fn entry(&mut self, entry: &ExportRow, lines: &[Line]) -> Result<(), Error> {
        let text = one_line(&entry.text);
        write!(
            self.out,
            "\n{} * ({})",
            entry.occurred_at.format("%Y-%m-%d"),
            code(&entry.source)
        )?;
        if !text.is_empty() {
            write!(self.out, " {text}")?;
        }
        writeln!(
            self.out,
            "\n    ; entry: {}, rule: {}",
            entry.id,
            tag(&entry.kind)
        )?;
        for line in lines {
            writeln!(self.out, "    {}  {}", line.account, line.amount)?;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Error> {
        self.out.flush()?;
        Ok(())
    }
}

/// A commodity's directive shows an amount with its decimal mark, also where nothing follows it.
fn commodity(sample: Money) -> String {
    let thousand = Money::new(
        1_000 * 10_i64.pow(sample.currency.exponent()),
        sample.currency,
    );
    let amount = thousand.amount_text();
    let mark = if amount.contains('.') { "" } else { "." };
    format!("{amount}{mark} {}", sample.currency)
}

/// hledger's letter for the types that it has; notes and the unexplained are of none.
fn letter(kind: AccountKind) -> Option<char> {
    match kind {
        AccountKind::Assets => Some('A'),
        AccountKind::Liabilities => Some('L'),
        AccountKind::Equity => Some('E'),
        AccountKind::Income => Some('R'),
        AccountKind::Expenses => Some('X'),
        AccountKind::Suspense | AccountKind::Memo => None,
    }
}

/// A text that stays on its line and does not begin a comment.
fn one_line(text: &str) -> String {
    let calm: String = text
        .chars()
        .map(|c| match c {
            ';' => ',',
            c if c.is_control() || c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    calm.split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A transaction code, which ends at its first closing bracket.
fn code(source: &str) -> String {
    one_line(source).replace(['(', ')'], "/")
}

/// The value of a tag, which ends at a comma and must not look like another tag.
fn tag(kind: &str) -> String {
    kind.chars()
        .map(|c| {
            if c.is_alphanumeric() || "_.-".contains(c) {
                c
            } else {
                '-'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Currency;

    #[test]
    fn words_cannot_break_out_of_their_place() {
        assert_eq!(one_line("a\n2026-01-01 b ; c"), "a 2026-01-01 b , c");
        assert_eq!(code("x) y"), "x/ y");
        assert_eq!(tag("a, date:2020"), "a--date-2020");
    }

    #[test]
    fn commodities_show_their_decimals() {
        assert_eq!(commodity(Money::zero(Currency::EUR)), "1000.00 EUR");
        let yen = "JPY".parse().expect("a currency");
        assert_eq!(commodity(Money::zero(yen)), "1000. JPY");
    }
}
