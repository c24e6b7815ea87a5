//! Whether a port is free, asked before anything starts.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};

use anyhow::{Result, bail};

/// A port that will be needed.
pub(crate) enum Port {
    /// A TCP port on loopback.
    Tcp(u16),
    /// A UDP port on loopback.
    Udp(u16),
}

/// Fails with the port, its use and the flag when something else has it.
pub(crate) fn require_free(port: &Port, used_for: &str, flag: &str) -> Result<()> {
    let (number, kind, outcome) = match *port {
        Port::Tcp(number) => (number, "TCP", TcpListener::bind((Ipv4Addr::LOCALHOST, number)).map(drop)),
        Port::Udp(number) => (number, "UDP", UdpSocket::bind((Ipv4Addr::LOCALHOST, number)).map(drop)),
    };
    if let Err(error) = outcome {
        bail!(
            "{kind} port {number} for {used_for} is taken ({error}); end what uses it, or choose another with {flag}"
        );
    }
    Ok(())
}
