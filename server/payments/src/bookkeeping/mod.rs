//! One file for each event that moves money: which account it debits, which it credits, and why.
//! Debits are written positive, credits negative; every rule balances to zero in each currency.

pub mod bank_credited;
pub mod captured;
pub mod fee;
pub mod paid_out;

/// The money a gateway holds for us after capture, until it pays out.
pub fn psp_pending(gateway: &str) -> String {
    format!("Assets:PSP:{gateway}:Pending")
}

/// Money on its way from a gateway to our bank.
pub fn payout_in_transit(gateway: &str) -> String {
    format!("Assets:PayoutInTransit:{gateway}")
}

/// What customers have paid and we owe them in goods or services.
pub const ORDERS: &str = "Liabilities:Orders";

/// What gateways keep for their work.
pub fn psp_fees(gateway: &str) -> String {
    format!("Expenses:PSPFees:{gateway}")
}

/// Money in our bank account, named by the last digits of its number.
pub fn bank(account: &str) -> String {
    let digits: String = account
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let tail = digits.len().saturating_sub(6);
    format!(
        "Assets:Bank:{}",
        if digits.is_empty() {
            "unnamed"
        } else {
            &digits[tail..]
        }
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_bank_account_is_named_by_its_last_digits() {
        assert_eq!(
            super::bank("DE89 3704 0044 0532 0130 00"),
            "Assets:Bank:013000"
        );
        assert_eq!(super::bank(""), "Assets:Bank:unnamed");
    }
}
