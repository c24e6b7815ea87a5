//! The sockets of the process, bound before anything runs, so that a taken port is said at once.

use std::{
    io,
    net::{SocketAddr, TcpListener, ToSocketAddrs, UdpSocket},
};

use socket2::{Domain, Protocol, Socket, Type};

use crate::config::{Advertise, Config, ConfigError, Tcp};

/// Bytes asked for each direction of a UDP socket: some 30 ms at 1 Gbit/s. The kernel may grant less.
const BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// Bound, and not yet in use.
#[derive(Debug)]
pub struct Sockets {
    /// Of the control plane.
    pub control: TcpListener,
    /// One for each engine.
    pub media: Vec<MediaSocket>,
    /// Of browsers that connect, for all engines.
    pub tcp: Option<MediaListener>,
}

/// Where browsers connect, and how they reach it.
#[derive(Debug)]
pub struct MediaListener {
    /// The listener.
    pub listener: TcpListener,
    /// What candidates say.
    pub advertised: SocketAddr,
}

/// An engine's socket and how browsers reach it.
#[derive(Debug)]
pub struct MediaSocket {
    /// The socket.
    pub udp: UdpSocket,
    /// What candidates say.
    pub advertised: SocketAddr,
}

/// Why the process cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The port is another's.
    #[error("port {port}/{transport} is taken ({address}); choose another with {flag}")]
    Taken {
        /// The port.
        port: u16,
        /// `tcp` or `udp`.
        transport: &'static str,
        /// Where.
        address: SocketAddr,
        /// The flag and variable that choose it.
        flag: &'static str,
    },
    /// Anything else.
    #[error("cannot listen on {address}/{transport} ({flag}): {source}")]
    Other {
        /// Where, as it was given.
        address: String,
        /// `tcp` or `udp`.
        transport: &'static str,
        /// The flag and variable that choose it.
        flag: &'static str,
        /// Why.
        source: io::Error,
    },
    /// The settings do not fit together.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

struct Wanted {
    flag: &'static str,
    transport: &'static str,
}

const CONTROL: Wanted = Wanted { flag: "--control (MERIDIAN_CONTROL)", transport: "tcp" };
const MEDIA_TCP: Wanted = Wanted { flag: "--tcp (MERIDIAN_TCP)", transport: "tcp" };
const MEDIA: Wanted = Wanted { flag: "--udp (MERIDIAN_UDP)", transport: "udp" };

impl Sockets {
    /// Binds everything that the configuration names. Port 0 takes any free port, for each engine.
    ///
    /// # Errors
    /// When a port is taken, an address is not this machine's, or browsers could not be told where to send.
    pub fn bind(config: &Config) -> Result<Self, BindError> {
        let address = CONTROL.resolve(&config.control)?;
        let control = listen(address).map_err(|error| CONTROL.failed(address, error))?;
        let first = MEDIA.resolve(&config.udp)?;
        let media = (0..config.engine_count())
            .map(|engine| MediaSocket::bind(first, engine, config.advertise))
            .collect::<Result<_, _>>()?;
        let tcp = match &config.tcp {
            Tcp::On(address) => Some(MediaListener::bind(MEDIA_TCP.resolve(address)?, config)?),
            Tcp::Off => None,
        };
        Ok(Self { control, media, tcp })
    }
}

impl MediaListener {
    fn bind(address: SocketAddr, config: &Config) -> Result<Self, BindError> {
        let failed = |error| MEDIA_TCP.failed(address, error);
        let listener = listen(address).map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        let beside = config.advertise.map(|advertise| SocketAddr::new(advertise.ip, bound.port()));
        let usable = Some(bound).filter(|bound| !bound.ip().is_unspecified());
        let advertised = config.advertise_tcp.or(beside).or(usable);
        Ok(Self { listener, advertised: advertised.ok_or(ConfigError::AdvertiseTcpMissing(bound))? })
    }
}

impl MediaSocket {
    fn bind(first: SocketAddr, engine: u16, advertise: Option<Advertise>) -> Result<Self, BindError> {
        let mut address = first;
        if first.port() != 0 {
            let port = first.port().checked_add(engine);
            let past = || io::Error::new(io::ErrorKind::InvalidInput, "the last engine's port would be above 65535");
            address.set_port(port.ok_or_else(|| MEDIA.failed(first, past()))?);
        }
        let udp = datagrams(address).map_err(|error| MEDIA.failed(address, error))?;
        let bound = udp.local_addr().map_err(|error| MEDIA.failed(address, error))?;
        let advertised = match advertise {
            Some(advertise) => advertise.of_engine(engine, bound)?,
            None if bound.ip().is_unspecified() => return Err(ConfigError::AdvertiseMissing(bound).into()),
            None => bound,
        };
        Ok(Self { udp, advertised })
    }
}

impl Wanted {
    fn resolve(&self, address: &str) -> Result<SocketAddr, BindError> {
        let none = || io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        let resolved = address.to_socket_addrs().and_then(|mut found| found.next().ok_or_else(none));
        resolved.map_err(|source| self.other(address.to_owned(), source))
    }

    fn failed(&self, address: SocketAddr, source: io::Error) -> BindError {
        if source.kind() == io::ErrorKind::AddrInUse {
            return BindError::Taken { port: address.port(), transport: self.transport, address, flag: self.flag };
        }
        self.other(address.to_string(), source)
    }

    fn other(&self, address: String, source: io::Error) -> BindError {
        BindError::Other { address, transport: self.transport, flag: self.flag, source }
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    // The standard library sets SO_REUSEADDR on Unix: a restart need not wait for old connections.
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn datagrams(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.is_ipv6() {
        // Otherwise IPv4 peers would appear under mapped addresses that match no candidate.
        socket.set_only_v6(true)?;
    }
    socket.set_recv_buffer_size(BUFFER_BYTES)?;
    socket.set_send_buffer_size(BUFFER_BYTES)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    let granted = socket.recv_buffer_size()?.min(socket.send_buffer_size()?);
    if granted < BUFFER_BYTES {
        tracing::info!(
            granted,
            wanted = BUFFER_BYTES,
            "the kernel grants small socket buffers; raise net.core.rmem_max and net.core.wmem_max for large calls"
        );
    }
    Ok(socket.into())
}
