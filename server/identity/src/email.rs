//! E-mail addresses as this house accepts them.

/// An address that can be one: ASCII, one `@` with something on both sides, no blanks. Only ASCII,
/// because the database and the program lower other letters differently, and one address that is
/// two here and one there would be counted twice and found once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Email(String);

impl Email {
    /// The longest address that mail can have.
    const MAX: usize = 254;

    /// Reads an address; blanks around it do not count.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.split_once('@')?;
        let sane = text.len() <= Self::MAX
            && text.bytes().all(|byte| byte.is_ascii_graphic())
            && !local.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && !domain.starts_with('.')
            && !domain.ends_with('.');
        sane.then(|| Self(text.to_owned()))
    }

    /// The address as it was written.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The address in lower case, under which it is looked up and counted.
    pub(crate) fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn only_what_can_be_an_address_is_one() {
        for good in ["ada@example.org", " Ada.L+x@Example.ORG ", "root@localhost"] {
            assert!(Email::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "a b@example.org",
            "a@b@c",
            "a@.b",
            "ädä@example.org",
        ] {
            assert!(Email::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_key_ignores_case_and_the_writing_is_kept() {
        let email = Email::parse("Ada@Example.ORG").expect("an address");
        assert_eq!(
            (email.as_str(), email.key().as_str()),
            ("Ada@Example.ORG", "ada@example.org")
        );
    }
}
