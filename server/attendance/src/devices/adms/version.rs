//! Versions of the protocol.

use std::fmt;

/// A version such as 2.4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u16, u16, u16);

impl Version {
    /// What a device speaks that does not say.
    pub const LEAST: Self = Self(2, 2, 14);
    /// What we speak to attendance terminals.
    pub const OURS: Self = Self(2, 4, 1);
    /// What we speak to access controllers.
    pub const OURS_ACCESS: Self = Self(3, 1, 2);

    /// Reads `2.4.1`, with `Ver ` before it or a build behind it too.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        let end = digits
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(digits.len());
        let mut parts = digits[..end].split('.').filter(|part| !part.is_empty());
        let first = parts.next()?.parse().ok()?;
        let mut next = || parts.next().map_or(Some(0), |part| part.parse().ok());
        Some(Self(first, next()?, next()?))
    }

    /// What both sides speak: the lower of the two.
    pub fn agreed(device: Option<Self>, server: Self) -> Self {
        device.unwrap_or(Self::LEAST).min(server)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let version = |text| Version::parse(text);
        assert_eq!(version("2.2.14"), Some(Version::LEAST));
        assert_eq!(version("Ver 2.4.1-20150625"), Some(Version::OURS));
        assert_eq!(version("3"), Some(Version(3, 0, 0)));
        assert!(version("2.2.9") < version("2.2.14"));
        for wrong in ["", "new", "2.99999999.1", "..."] {
            assert_eq!(version(wrong), None, "{wrong}");
        }
        assert_eq!(Version::agreed(None, Version::OURS).to_string(), "2.2.14");
        assert_eq!(
            Version::agreed(version("3.0.1"), Version::OURS).to_string(),
            "2.4.1"
        );
        assert_eq!(
            Version::agreed(version("2.3.0"), Version::OURS).to_string(),
            "2.3.0"
        );
    }
}
