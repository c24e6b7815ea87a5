//! Which network a request comes from, as rate limits count it.

use std::net::IpAddr;

/// The name under which the requests of an address are counted. Of IPv6 the first 64 bits: whoever has
/// one address of such a network has all of it (RFC 6177 §2).
#[must_use]
pub fn of_address(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => address.to_string(),
        Ok(IpAddr::V6(address)) => format!("{:x}", address.to_bits() >> 64),
        Err(_) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_64_bits_is_counted_as_one() {
        let home = of_address("2001:db8:0:7::1");
        for same in ["2001:db8:0:7:ffff:ffff:ffff:ffff", "2001:0DB8::7:0:0:0:2"] {
            assert_eq!(of_address(same), home, "{same}");
        }
        for other in ["2001:db8:0:8::1", "2001:db8::1", "::1", "203.0.113.7", "", "unknown"] {
            assert_ne!(of_address(other), home, "{other}");
        }
    }

    #[test]
    fn an_address_of_ipv4_is_itself_however_it_is_written() {
        for same in ["203.0.113.7", "::ffff:203.0.113.7", "::FFFF:cb00:7107"] {
            assert_eq!(of_address(same), "203.0.113.7", "{same}");
        }
        assert_ne!(of_address("203.0.113.8"), of_address("203.0.113.7"));
        assert_eq!(of_address("203.0.113.7, 198.51.100.1"), of_address("nonsense"));
    }
}
