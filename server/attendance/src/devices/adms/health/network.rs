//! Where a device speaks from.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::Alarm;

/// A range of addresses, such as `192.168.16.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// Why a text is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a network is an address and, behind a slash, how many of its bits count")]
pub struct BadNetwork;

impl Network {
    /// Whether an address is in it. An IPv4 address within IPv6 is one of IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        bits(self.address, self.prefix) == bits(address, self.prefix)
    }
}

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let text = text.trim();
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address = address
            .parse::<IpAddr>()
            .map_err(|_| BadNetwork)?
            .to_canonical();
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) if prefix.bytes().all(|b| b.is_ascii_digit()) => {
                prefix.parse().map_err(|_| BadNetwork)?
            }
            Some(_) => return Err(BadNetwork),
            None => most,
        };
        (prefix <= most)
            .then_some(Self { address, prefix })
            .ok_or(BadNetwork)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// The first bits of an address, and of which kind it is.
fn bits(address: IpAddr, prefix: u8) -> (bool, u128) {
    let (v4, all, width) = match address.to_canonical() {
        IpAddr::V4(v4) => (true, u128::from(v4.to_bits()), 32),
        IpAddr::V6(v6) => (false, v6.to_bits(), 128),
    };
    let dropped = width - u32::from(prefix).min(width);
    (v4, all.checked_shr(dropped).unwrap_or(0))
}

/// Whether two addresses are near: the same 24 bits of IPv4, or 48 of IPv6, which is what one site
/// is given.
pub fn same_neighbourhood(one: IpAddr, other: IpAddr) -> bool {
    let prefix = if one.to_canonical().is_ipv4() { 24 } else { 48 };
    bits(one, prefix) == bits(other, prefix)
}

/// The alarm, when a device speaks from outside of the networks it may. When none were named, it may
/// speak from near where it did before.
pub fn source_changed(allowed: &[Network], before: Option<IpAddr>, now: IpAddr) -> Option<Alarm> {
    if !allowed.is_empty() {
        let inside = allowed.iter().any(|network| network.contains(now));
        return (!inside).then_some(Alarm::SourceChanged { before: None, now });
    }
    let moved = before.is_some_and(|before| !same_neighbourhood(before, now));
    moved.then_some(Alarm::SourceChanged { before, now })
}
