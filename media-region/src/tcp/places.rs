//! How many connections there may be, in all and from one address.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

/// Bits of an IPv6 address that name a network; whoever has one has all addresses in it.
const NETWORK: u128 = !((1 << 64) - 1);

/// The places for connections.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    taken: Arc<Mutex<Taken>>,
    most: usize,
    most_from_one: usize,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    from: HashMap<IpAddr, usize>,
}

/// One of them, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    of: Arc<Mutex<Taken>>,
    address: IpAddr,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPlace {
    /// There are as many connections as there may be.
    Full,
    /// There are as many from this address as there may be from one.
    Address,
}

impl NoPlace {
    /// For `/metrics`.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Address => "address",
        }
    }
}

impl Places {
    pub(crate) fn new(most: usize, most_from_one: usize) -> Self {
        Self { taken: Arc::default(), most, most_from_one }
    }

    /// Takes one for somebody at this address.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn take(&self, address: IpAddr) -> Result<Place, NoPlace> {
        let address = network(address);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.all >= self.most {
            return Err(NoPlace::Full);
        }
        let from = taken.from.entry(address).or_default();
        if *from >= self.most_from_one {
            return Err(NoPlace::Address);
        }
        *from += 1;
        taken.all += 1;
        drop(taken);
        Ok(Place { of: Arc::clone(&self.taken), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        if let Some(from) = taken.from.get_mut(&self.address) {
            *from = from.saturating_sub(1);
            if *from == 0 {
                taken.from.remove(&self.address);
            }
        }
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NETWORK).into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what must hold")]

    use super::*;

    #[test]
    fn there_are_so_many_in_all_and_from_one_address() {
        let places = Places::new(3, 2);
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let first = places.take(address("192.0.2.1")).unwrap();
        let _second = places.take(address("::ffff:192.0.2.1")).unwrap();
        assert_eq!(places.take(address("192.0.2.1")).unwrap_err(), NoPlace::Address);
        let _third = places.take(address("2001:db8::1")).unwrap();
        assert_eq!(places.take(address("192.0.2.2")).unwrap_err(), NoPlace::Full);
        drop(first);
        let _fourth = places.take(address("2001:db8::2")).unwrap();
        drop(_fourth);
        assert!(places.take(address("192.0.2.1")).is_ok());
        assert_eq!(places.taken.lock().unwrap().from.len(), 2, "nothing is kept of who is gone");
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let places = Places::new(9, 1);
        let _one = places.take("2001:db8::1".parse().unwrap()).unwrap();
        assert_eq!(places.take("2001:db8::2".parse().unwrap()).unwrap_err(), NoPlace::Address);
        assert!(places.take("2001:db8:0:1::1".parse().unwrap()).is_ok());
    }
}
