//! Base 64 as devices write it: either alphabet, with or without padding.

/// The bytes behind a text, or `None` when a character is of neither alphabet.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => return None,
        };
        held = (held & 0x3f_ffff) << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.extend(u8::try_from(held >> bits & 0xff));
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_and_missing_padding_are_read() {
        let check =
            |text: &str, bytes: &[u8]| assert_eq!(decode(text).as_deref(), Some(bytes), "{text}");
        check("", b"");
        check("aGk=", b"hi");
        check("aGk", b"hi");
        check("aGVs bG8g\r\nd29ybGQ=", b"hello world");
        check("-_8=", &[0xfb, 0xff]);
        check("+/8=", &[0xfb, 0xff]);
        assert_eq!(decode("not*base"), None);
    }
}
