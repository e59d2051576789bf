//! The bank: an account per currency, transfers in and out, statements numbered without a gap.
//!
//! Amounts are kept in the API's minor units and written with the bank's decimals.

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::cycle::StoredFile;
use crate::state::State;
use crate::{Sandbox, camt, money};

/// The bank identifier of accounts here; no bank has it.
pub(crate) const BIC: &str = "PNCTDEFFXXX";
/// Whose accounts they are.
pub(crate) const OWNER: &str = "Punctual Demo GmbH";
/// A bank code that no bank has.
const BANK_CODE: &str = "99999900";

/// An account; its id is the currency in lower case.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) iban: String,
}

/// A movement on an account.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct BankLine {
    pub(crate) id: String,
    /// The account's id, which is the currency.
    pub(crate) account: String,
    /// Positive for money that came in.
    pub(crate) amount: i64,
    pub(crate) booked_at: DateTime<Utc>,
    pub(crate) value_at: DateTime<Utc>,
    /// Counts the account's movements from 1.
    pub(crate) number: u64,
    pub(crate) end_to_end_id: Option<String>,
    pub(crate) counterparty: Option<String>,
    pub(crate) counterparty_iban: Option<String>,
    /// A structured creditor reference.
    pub(crate) reference: Option<String>,
    pub(crate) text: String,
    /// The payout it is, when it is one.
    pub(crate) payout: Option<String>,
    pub(crate) statement: Option<String>,
}

impl BankLine {
    /// The bank's own reference.
    pub(crate) fn servicer_reference(&self) -> String {
        format!(
            "{}{}{:06}",
            self.booked_at.format("%Y%m%d"),
            self.account.to_uppercase(),
            self.number
        )
    }

    /// The line as the control pages show it.
    pub(crate) fn view(&self) -> Value {
        let sign = if self.amount < 0 { "-" } else { "" };
        json!({
            "id": self.id,
            "currency": self.account.to_uppercase(),
            "amount": format!("{sign}{}", money::bank_text(self.amount, &self.account)),
            "bookedAt": self.booked_at,
            "valueDate": self.value_at.date_naive(),
            "reference": self.servicer_reference(),
            "endToEndId": self.end_to_end_id,
            "creditorReference": self.reference,
            "counterparty": self.counterparty,
            "counterpartyIban": self.counterparty_iban,
            "text": self.text,
            "payout": self.payout,
            "statement": self.statement,
        })
    }
}

/// A statement of one account.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Statement {
    pub(crate) id: String,
    pub(crate) account: String,
    /// Counts the account's statements from 1.
    pub(crate) number: u64,
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
    pub(crate) opening: i64,
    pub(crate) closing: i64,
    pub(crate) lines: Vec<String>,
}

/// A German account number of the international form, with its check digits.
pub(crate) fn iban(account: u64) -> String {
    let body = format!("{BANK_CODE}{account:010}");
    // D is 13 and E is 14; the country and two zeros go to the end.
    let rest = format!("{body}131400")
        .bytes()
        .fold(0_u64, |rest, b| (rest * 10 + u64::from(b - b'0')) % 97);
    format!("DE{:02}{body}", 98 - rest)
}

/// The account of a currency, opened when first needed.
pub(crate) fn account(state: &mut State, currency: &str) -> Account {
    if let Some(account) = state.find::<Account>(currency) {
        return account.clone();
    }
    let number = currency
        .bytes()
        .fold(42, |n, b| n * 100 + u64::from(b - b'a' + 10));
    let account = Account {
        id: currency.to_owned(),
        iban: iban(number),
    };
    state.put(account.clone());
    account
}

/// What a movement is about.
pub(crate) struct Transfer {
    pub(crate) currency: String,
    pub(crate) amount: i64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) value_at: DateTime<Utc>,
    pub(crate) end_to_end_id: Option<String>,
    pub(crate) counterparty: Option<String>,
    pub(crate) counterparty_iban: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) text: String,
    pub(crate) payout: Option<String>,
}

/// Books a movement.
pub(crate) fn book(state: &mut State, transfer: Transfer) -> BankLine {
    let account = account(state, &transfer.currency);
    let line = BankLine {
        id: state.new_id("bl"),
        number: state.next_number(&format!("bank.{}.line", account.id)),
        account: account.id,
        amount: transfer.amount,
        booked_at: transfer.at,
        value_at: transfer.value_at,
        end_to_end_id: transfer.end_to_end_id,
        counterparty: transfer.counterparty,
        counterparty_iban: transfer.counterparty_iban,
        reference: transfer.reference,
        text: transfer.text,
        payout: transfer.payout,
        statement: None,
    };
    state.put(line.clone());
    line
}

/// Draws up a statement for every account that moved since its last one. Gives none when
/// nothing moved.
pub(crate) fn draw_statements(state: &mut State, at: DateTime<Utc>) -> Vec<Statement> {
    let accounts: Vec<Account> = state.all::<Account>().cloned().collect();
    accounts
        .iter()
        .filter_map(|account| draw_statement(state, account, at))
        .collect()
}

fn draw_statement(state: &mut State, account: &Account, at: DateTime<Utc>) -> Option<Statement> {
    let mut lines: Vec<BankLine> = state
        .all::<BankLine>()
        .filter(|line| {
            line.account == account.id && line.statement.is_none() && line.booked_at <= at
        })
        .cloned()
        .collect();
    lines.sort_by_key(|line| (line.booked_at, line.number));
    let first = lines.first()?.booked_at;
    let last = state
        .all::<Statement>()
        .rfind(|s| s.account == account.id)
        .cloned();
    let opening = last.as_ref().map_or(0, |statement| statement.closing);
    let number = last.as_ref().map_or(1, |statement| statement.number + 1);
    let statement = Statement {
        id: format!(
            "{}-{}-{number:05}",
            account.id.to_uppercase(),
            at.format("%Y")
        ),
        account: account.id.clone(),
        number,
        from: last.map_or(first, |statement| statement.to.min(first)),
        to: at,
        opening,
        closing: opening + lines.iter().map(|line| line.amount).sum::<i64>(),
        lines: lines.iter().map(|line| line.id.clone()).collect(),
    };
    for mut line in lines {
        line.statement = Some(statement.id.clone());
        state.put(line);
    }
    state.put(statement.clone());
    Some(statement)
}

/// Draws up statements and keeps them as one camt.053 file; `None` when nothing moved.
pub(crate) fn issue(state: &mut State, at: DateTime<Utc>, keep: bool) -> Option<StoredFile> {
    let statements = draw_statements(state, at);
    if statements.is_empty() {
        return None;
    }
    let number = state.next_number("bank.file");
    let name = format!("camt053-{}-{number:05}.xml", at.format("%Y%m%d"));
    let content = camt::document(state, &statements, at, number);
    let file = StoredFile {
        id: name,
        content_type: "application/xml".to_owned(),
        content,
        at,
    };
    if keep {
        state.put(file.clone());
    }
    keep.then_some(file)
}

pub(crate) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/bank/transfers", post(transfer))
        .route("/bank/accounts", get(accounts))
        .route("/bank/lines", get(lines))
        .route("/bank/statements", post(statements))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewTransfer {
    /// Major units, positive: `"12.50"`.
    amount: String,
    currency: String,
    /// `credit` (default) or `debit`.
    direction: Option<String>,
    reference: Option<String>,
    text: Option<String>,
    counterparty: Option<String>,
    counterparty_iban: Option<String>,
    end_to_end_id: Option<String>,
    at: Option<DateTime<Utc>>,
    value_at: Option<DateTime<Utc>>,
}

/// Somebody sends money, or we do.
async fn transfer(Shared(sandbox): Shared<Sandbox>, Json(body): Json<NewTransfer>) -> Response {
    let currency = body.currency.to_ascii_lowercase();
    let refuse =
        |text: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": text }))).into_response();
    if !money::is_supported(&currency) {
        return refuse("currency is not one the bank has");
    }
    let amount = money::parse(&body.amount, &currency)
        .filter(|amount| *amount > 0 && amount % money::unit(&currency) == 0);
    let Some(amount) = amount else {
        return refuse("amount is a positive decimal number with the currency's decimals");
    };
    let signed = match body.direction.as_deref() {
        None | Some("credit") => amount,
        Some("debit") => -amount,
        Some(_) => return refuse("direction is credit or debit"),
    };
    let line = sandbox.write(|state| {
        let at = body.at.unwrap_or_else(|| state.now());
        let text = body
            .text
            .or_else(|| body.reference.clone())
            .unwrap_or_default();
        book(
            state,
            Transfer {
                currency,
                amount: signed,
                at,
                value_at: body.value_at.unwrap_or(at),
                end_to_end_id: body.end_to_end_id,
                counterparty: body.counterparty,
                counterparty_iban: body.counterparty_iban,
                reference: body.reference,
                text,
                payout: None,
            },
        )
    });
    (StatusCode::CREATED, Json(line.view())).into_response()
}

async fn accounts(Shared(sandbox): Shared<Sandbox>) -> Response {
    let accounts: Vec<Value> = sandbox.read(|state| {
        state
            .all::<Account>()
            .map(|account| {
                let balance: i64 = state
                    .all::<BankLine>()
                    .filter(|line| line.account == account.id)
                    .map(|line| line.amount)
                    .sum();
                let sign = if balance < 0 { "-" } else { "" };
                json!({
                    "currency": account.id.to_uppercase(),
                    "iban": account.iban,
                    "bic": BIC,
                    "owner": OWNER,
                    "balance": format!("{sign}{}", money::bank_text(balance, &account.id)),
                })
            })
            .collect()
    });
    Json(json!({ "accounts": accounts })).into_response()
}

async fn lines(Shared(sandbox): Shared<Sandbox>) -> Response {
    let lines: Vec<Value> =
        sandbox.read(|state| state.all::<BankLine>().map(BankLine::view).collect());
    Json(json!({ "lines": lines })).into_response()
}

/// Issues a statement now, without a settlement.
async fn statements(Shared(sandbox): Shared<Sandbox>) -> Response {
    let file = sandbox.write(|state| {
        let at = state.now();
        issue(state, at, true)
    });
    let files: Vec<Value> = file
        .iter()
        .map(|file| file.view(sandbox.config()))
        .collect();
    Json(json!({ "files": files })).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_numbers_check_out() {
        for number in [1, 42, 9_999_999_999] {
            let iban = iban(number);
            assert_eq!(iban.len(), 22);
            let turned = format!("{}1314{}", &iban[4..], &iban[2..4]);
            let rest = turned
                .bytes()
                .fold(0_u64, |r, b| (r * 10 + u64::from(b - b'0')) % 97);
            assert_eq!(rest, 1, "{iban}");
        }
    }
}
