//! This machine's ports and its address, asked before anything starts.

use std::net::{IpAddr, Ipv4Addr, TcpListener, UdpSocket};

use anyhow::{Result, bail};

/// A port that will be needed.
pub(crate) enum Port {
    /// A TCP port on loopback.
    Tcp(u16),
    /// A UDP port on every address.
    Udp(u16),
}

/// Fails with the port, its use and the flag when something else has it.
pub(crate) fn require_free(port: &Port, used_for: &str, flag: &str) -> Result<()> {
    let (number, kind, outcome) = match *port {
        Port::Tcp(number) => (number, "TCP", TcpListener::bind((Ipv4Addr::LOCALHOST, number)).map(drop)),
        Port::Udp(number) => (number, "UDP", UdpSocket::bind((Ipv4Addr::UNSPECIFIED, number)).map(drop)),
    };
    if let Err(error) = outcome {
        bail!(
            "{kind} port {number} for {used_for} is taken ({error}); end what uses it, or choose another with {flag}"
        );
    }
    Ok(())
}

/// The address that this machine has towards others, else loopback.
///
/// Firefox sends media to no loopback address, also from the same machine.
pub(crate) fn own_address() -> IpAddr {
    let towards_others = || {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        // Sends nothing: it only asks for the route to an address kept for documents (RFC 5737).
        socket.connect((Ipv4Addr::new(203, 0, 113, 1), 9))?;
        socket.local_addr()
    };
    towards_others().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip())
}
