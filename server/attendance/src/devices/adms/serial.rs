//! The two short texts of a device that come back to it or name it: they are let in only if they
//! can do no harm in an answer, in a log or in a path.

use std::fmt;

/// The serial number of a device. It can be guessed and proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial(String);

/// Why a serial number is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a serial number is 1 to {} letters, digits, dashes or underscores",
    Serial::LONGEST
)]
pub struct BadSerial;

impl Serial {
    /// The longest there is.
    pub const LONGEST: usize = 32;

    /// Takes 1 to 32 letters, digits, dashes and underscores.
    ///
    /// # Errors
    /// [`BadSerial`] for anything else.
    pub fn parse(text: &str) -> Result<Self, BadSerial> {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let text = text.trim();
        if (1..=Self::LONGEST).contains(&text.len()) && text.bytes().all(good) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadSerial)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A device's mark of how far it has sent one kind of data. It is no time and is never made here,
/// but for the zero that asks for everything again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stamp(String);

impl Stamp {
    /// Takes 1 to 32 letters, digits, dots, dashes and underscores. Anything else, a line end before
    /// all, would become a line of our answer.
    pub fn parse(text: &str) -> Option<Self> {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        let text = text.trim();
        let fits = (1..=32).contains(&text.len()) && text.bytes().all(good);
        fits.then(|| Self(text.to_owned()))
    }

    /// Asks a device for everything it holds. Repeats are recognised, so this is safe at any time.
    pub fn everything() -> Self {
        Self("0".to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_hold_nothing_that_could_end_a_line_or_leave_a_folder() {
        assert_eq!(
            Serial::parse(" 0316144680030 ").unwrap().as_str(),
            "0316144680030"
        );
        assert!(Serial::parse("CQZ7_2-1").is_ok());
        for wrong in ["", " ", "a b", "a/b", "..", "a\nb", "é", &"9".repeat(33)] {
            assert_eq!(Serial::parse(wrong), Err(BadSerial), "{wrong}");
        }
    }

    #[test]
    fn a_stamp_cannot_carry_another_option() {
        assert_eq!(Stamp::parse("98765").unwrap().as_str(), "98765");
        assert_eq!(Stamp::parse("None").unwrap().as_str(), "None");
        for wrong in ["", "0\r\nTransFlag=1", "1=2", "1 2"] {
            assert_eq!(Stamp::parse(wrong), None, "{wrong}");
        }
    }
}
