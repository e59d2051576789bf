//! Whether a webhook is of Stripe.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::gateways::WebhookError;

/// How old a webhook's signature may be, in seconds, before it counts as replayed.
const SIGNATURE_TOLERANCE_S: i64 = 300;

/// Checks `Stripe-Signature: t=…,v1=…[,v1=…]`: HMAC-SHA256 over `t.body`, against every `v1` and
/// every secret, in constant time, within the tolerance.
pub(super) fn check_signature<'s>(
    header: &str,
    body: &[u8],
    secrets: impl Iterator<Item = &'s str>,
    now: DateTime<Utc>,
) -> Result<(), WebhookError> {
    let mut timestamp = None;
    let mut given = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => timestamp = value.parse::<i64>().ok(),
            Some(("v1", value)) => given.extend(decode_hex(value)),
            _ => {}
        }
    }
    let timestamp = timestamp.ok_or(WebhookError::Signature)?;
    if (now.timestamp() - timestamp).abs() > SIGNATURE_TOLERANCE_S {
        return Err(WebhookError::Signature);
    }
    for secret in secrets.map(str::trim).filter(|s| !s.is_empty()) {
        for candidate in &given {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
                .expect("HMAC takes a key of any length");
            mac.update(timestamp.to_string().as_bytes());
            mac.update(b".");
            mac.update(body);
            if mac.verify_slice(candidate).is_ok() {
                return Ok(());
            }
        }
    }
    Err(WebhookError::Signature)
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn at(seconds: i64) -> DateTime<Utc> {
        Utc.timestamp_opt(seconds, 0)
            .single()
            .expect("a real instant")
    }

    fn sign(secret: &str, t: i64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
        mac.update(format!("{t}.").as_bytes());
        mac.update(body);
        let hex: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        format!("t={t},v0=00,v1={hex}")
    }

    #[test]
    fn a_signature_holds_only_for_its_body_its_time_and_its_secret() {
        let header = sign("whsec_b", 1000, b"{}");
        let check = |header: &str, body: &[u8], secrets: &str, now| {
            check_signature(header, body, secrets.split(','), at(now)).is_ok()
        };
        assert!(check(&header, b"{}", "whsec_b", 1000));
        assert!(
            check(&header, b"{}", "whsec_a,whsec_b", 1299),
            "a rotated secret still counts"
        );
        assert!(!check(&header, b"{} ", "whsec_b", 1000), "another body");
        assert!(!check(&header, b"{}", "whsec_a", 1000), "another secret");
        assert!(!check(&header, b"{}", "whsec_b", 1301), "too old");
        assert!(!check(&header, b"{}", "whsec_b", 699), "from the future");
        assert!(!check("t=1000", b"{}", "whsec_b", 1000), "no signature");
        assert!(
            !check(&header, b"{}", "", 1000),
            "an empty secret never counts"
        );
    }
}
