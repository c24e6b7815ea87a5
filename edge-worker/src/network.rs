//! Which network a request comes from, as rate limits count it.

/// The name under which the requests of an address are counted. Of IPv6 the first 64 bits: whoever has
/// one address of such a network has all of it (RFC 6177 §2). Cloudflare writes addresses as RFC 5952
/// says; the parsers of the standard library are 2 kB of the Worker.
#[must_use]
pub fn of_address(address: &str) -> String {
    let last = address.rsplit(':').next().unwrap_or_default();
    // Of IPv4, also inside IPv6 (RFC 4291 §2.5.5.2).
    if last.contains('.') || last == address {
        return last.to_owned();
    }
    let (head, tail) = address.split_once("::").unwrap_or((address, ""));
    let missing = 8_usize.saturating_sub(groups(head).count() + groups(tail).count());
    let all = groups(head).chain(std::iter::repeat_n("0", missing)).chain(groups(tail));
    let mut network = String::new();
    for group in all.take(4) {
        network.push_str(group);
        network.push(':');
    }
    network
}

/// What addresses near to this one share: 24 bits of IPv4, 48 of IPv6. Nothing for what is no address.
#[must_use]
pub fn around(address: &str) -> Option<String> {
    let network = of_address(address);
    let separator = if network.contains('.') { '.' } else { ':' };
    let near: Vec<&str> = network.split(separator).take(3).collect();
    (near.len() == 3 && near.iter().all(|part| !part.is_empty())).then(|| near.join("."))
}

fn groups(text: &str) -> impl Iterator<Item = &str> {
    text.split(':').filter(|group| !group.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_64_bits_is_counted_as_one() {
        let home = of_address("2001:db8:0:7::1");
        for same in ["2001:db8:0:7:ffff:ffff:ffff:ffff", "2001:db8::7:0:0:0:2", "2001:db8:0:7:1:2:3:4"] {
            assert_eq!(of_address(same), home, "{same}");
        }
        for other in ["2001:db8:0:8::1", "2001:db8::1", "::1", "203.0.113.7", "", "unknown"] {
            assert_ne!(of_address(other), home, "{other}");
        }
    }

    #[test]
    fn addresses_that_are_near_share_a_name() {
        for (address, near) in [
            ("203.0.113.7", Some("203.0.113")),
            ("::ffff:203.0.113.9", Some("203.0.113")),
            ("2001:db8:7:1::1", Some("2001.db8.7")),
            ("2001:db8:7:2:3:4:5:6", Some("2001.db8.7")),
            ("::1", Some("0.0.0")),
            ("", None),
            ("unknown", None),
        ] {
            assert_eq!(around(address).as_deref(), near, "{address}");
        }
    }

    #[test]
    fn an_address_of_ipv4_is_itself_however_it_is_written() {
        for same in ["203.0.113.7", "::ffff:203.0.113.7"] {
            assert_eq!(of_address(same), "203.0.113.7", "{same}");
        }
        assert_ne!(of_address("203.0.113.8"), of_address("203.0.113.7"));
        for odd in ["", ":", "::", ":::", "1:2:3:4:5:6:7:8:9:10", "::1::2::", "unknown"] {
            assert!(of_address(odd).len() <= odd.len() + 8, "{odd}");
        }
    }
}
