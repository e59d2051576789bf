//! Amounts as Stripe's API, its reports and a bank write them. Whole numbers only.
//!
//! The number of decimals depends on who speaks: the API counts Icelandic krónur in hundredths
//! although the króna has none, and ariary in whole ones although it has two.

/// Currencies that a charge may be made in.
const SUPPORTED: &str = "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd \
    bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd \
    fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf \
    krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad \
    ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd \
    shp sle sos srd stn szl thb tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf \
    xcd xof xpf yer zar zmw";

const API_WHOLE: &str = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf";
const THREE: &str = "bhd jod kwd omr tnd";
/// Whole in life, hundredths in the API.
const API_PADDED: &str = "isk ugx";

fn among(list: &str, currency: &str) -> bool {
    currency.len() == 3 && list.split(' ').any(|known| known == currency)
}

/// Whether the lower-case code is one the API takes.
pub(crate) fn is_supported(currency: &str) -> bool {
    SUPPORTED.split_whitespace().any(|known| known == currency)
}

/// How many decimals the API's integers imply.
pub(crate) fn api_decimals(currency: &str) -> u32 {
    if among(API_WHOLE, currency) {
        0
    } else if among(THREE, currency) {
        3
    } else {
        2
    }
}

/// How many decimals a bank writes.
pub(crate) fn bank_decimals(currency: &str) -> u32 {
    match currency {
        "mga" => 2,
        other if among(API_PADDED, other) => 0,
        other => api_decimals(other),
    }
}

/// The smallest amount that can be charged, and the unit every amount is a multiple of.
pub(crate) fn unit(currency: &str) -> i64 {
    if among(API_PADDED, currency) {
        100
    } else if among(THREE, currency) {
        10
    } else {
        1
    }
}

/// The least a charge may be.
pub(crate) fn minimum(currency: &str) -> i64 {
    match currency {
        "gbp" => 30,
        "eur" | "usd" | "chf" | "cad" | "aud" | "nzd" | "sgd" | "jpy" | "brl" | "inr" => 50,
        other => unit(other),
    }
}

/// An API amount in major units with the API's decimals, as reports write it: `-12.50`.
pub(crate) fn report_text(amount: i64, currency: &str) -> String {
    decimal(i128::from(amount), api_decimals(currency))
}

/// The unsigned amount as a bank writes it.
pub(crate) fn bank_text(amount: i64, currency: &str) -> String {
    let amount = i128::from(amount.unsigned_abs());
    let (api, bank) = (api_decimals(currency), bank_decimals(currency));
    let scaled = if bank >= api {
        amount * 10_i128.pow(bank - api)
    } else {
        amount / 10_i128.pow(api - bank)
    };
    decimal(scaled, bank)
}

fn decimal(value: i128, decimals: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = value.unsigned_abs();
    if decimals == 0 {
        return format!("{sign}{digits}");
    }
    let factor = 10_u128.pow(decimals);
    format!(
        "{sign}{}.{:0width$}",
        digits / factor,
        digits % factor,
        width = decimals as usize
    )
}

/// Reads major units such as `1250.5` into API minor units; `None` for anything that is not a
/// plain positive number, has too many decimals, or is too large.
pub(crate) fn parse(text: &str, currency: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let decimals = api_decimals(currency) as usize;
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || fraction.len() > decimals {
        return None;
    }
    format!("{whole}{fraction:0<decimals$}").parse().ok()
}

/// Parts in a thousand, and a fixed part in hundredths of the major unit.
fn tariff(currency: &str) -> (i64, i64) {
    match currency {
        "eur" => (14, 25),
        "gbp" => (14, 20),
        "jpy" => (36, 0),
        other if bank_decimals(other) == 0 => (29, 0),
        _ => (29, 30),
    }
}

/// What the provider keeps of a charge: a share plus a fixed part, rounded half to even once, to
/// the unit of the currency.
pub(crate) fn fee(amount: i64, currency: &str) -> i64 {
    let (per_mille, fixed) = tariff(currency);
    // In thousandths of an API minor unit, so that rounding happens a single time.
    let fixed = i128::from(fixed) * 10_i128.pow(api_decimals(currency)) * 10;
    let exact = i128::from(amount) * i128::from(per_mille) + fixed;
    let unit = i128::from(unit(currency));
    (half_even(exact, 1000 * unit) * unit) as i64
}

fn half_even(value: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (value.div_euclid(divisor), value.rem_euclid(divisor));
    match (rest * 2).cmp(&divisor) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + (quotient & 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_round_half_to_even_once() {
        assert_eq!(fee(10_000, "eur"), 165);
        // 1.4 % of 12.50 is 0.175: half goes to the even 0.18 and 0.25 comes on top: 0.425 → 0.42.
        assert_eq!(fee(1_250, "eur"), 42);
        // 0.035 + 0.25 = 0.285 → 0.28.
        assert_eq!(fee(250, "eur"), 28);
        assert_eq!(fee(1_000, "jpy"), 36);
        assert_eq!(fee(10_000, "kwd") % 10, 0);
        assert_eq!(fee(123_400, "isk") % 100, 0);
    }

    #[test]
    fn each_speaker_has_its_decimals() {
        assert_eq!(report_text(-1_005, "eur"), "-10.05");
        assert_eq!(report_text(500, "jpy"), "500");
        assert_eq!(bank_text(50_000, "isk"), "500");
        assert_eq!(bank_text(500, "mga"), "500.00");
        assert_eq!(bank_text(1_230, "kwd"), "1.230");
        assert_eq!(parse("12.5", "eur"), Some(1_250));
        assert_eq!(parse("12.505", "eur"), None);
        assert_eq!(parse("12", "jpy"), Some(12));
        assert_eq!(parse("-1", "eur"), None);
    }
}
