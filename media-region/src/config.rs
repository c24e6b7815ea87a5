//! What the operator says: flags, each with an environment variable behind it.
//!
//! A [`Config`] that exists is consistent; what is wrong is said in words that name the flag.

use std::net::{IpAddr, SocketAddr};

use clap::{Args, Parser, ValueEnum};
use protocol::id::{InstanceId, RegionName};

use crate::control::ticket::TicketKey;

/// A media region of Meridian: forwards the media of meetings whose rooms live at the edge.
#[derive(Debug, Parser)]
#[command(name = "media-region", version, about)]
pub struct Config {
    /// Where the control plane listens (TCP; in production behind TLS).
    #[arg(long, env = "MERIDIAN_CONTROL", default_value = "127.0.0.1:7880")]
    pub control: String,

    /// How the edge reaches the control plane.
    #[arg(long, env = "MERIDIAN_CONTROL_URL", default_value = "http://127.0.0.1:7880", value_parser = http_url)]
    pub control_url: String,

    /// Where browsers open a WebSocket for media, when nothing else gets through; `off` for nowhere. Default:
    /// /v1/media of --control-url.
    #[arg(long, env = "MERIDIAN_SOCKET_URL", value_parser = socket_url)]
    pub socket_url: Option<SocketUrl>,

    /// Origins of the pages that may open it, separated by commas. Default: that of --edge-url, and in
    /// development the other names of this machine.
    #[arg(long, env = "MERIDIAN_ORIGINS", value_delimiter = ',')]
    pub origins: Vec<String>,

    /// Where the first engine listens (UDP); engine N listens on this port plus N. A host name such
    /// as fly-global-services is looked up.
    #[arg(long, env = "MERIDIAN_UDP", default_value = "127.0.0.1:7882")]
    pub udp: String,

    /// Address that browsers send media to, IP or IP:PORT; engine N is at PORT plus N. Default: the
    /// address bound.
    #[arg(long, env = "MERIDIAN_ADVERTISE")]
    pub advertise: Option<Advertise>,

    /// Where all engines listen for browsers whose network lets no UDP through (TCP); `off` for nowhere.
    #[arg(long, env = "MERIDIAN_TCP", default_value = "127.0.0.1:7881", value_parser = tcp)]
    pub tcp: Tcp,

    /// Address that browsers connect to, as IP:PORT. Default: the IP of --advertise and the port bound.
    #[arg(long, env = "MERIDIAN_ADVERTISE_TCP", value_parser = connectable)]
    pub advertise_tcp: Option<SocketAddr>,

    /// TCP connections at once.
    #[arg(long, env = "MERIDIAN_TCP_CONNECTIONS", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub tcp_connections: u32,

    /// TCP connections at once from one address (IPv6: from one /64). A whole office may share one; behind
    /// a proxy everybody does.
    #[arg(long, env = "MERIDIAN_TCP_PER_ADDRESS", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub tcp_per_address: u32,

    /// Engine threads, one UDP port each. Default: one for each core.
    #[arg(long, env = "MERIDIAN_ENGINES", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub engines: Option<u16>,

    /// Media sessions that each engine takes.
    #[arg(long, env = "MERIDIAN_CAPACITY", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub capacity: u32,

    /// Sessions of one room that an engine takes before the room spreads over further engines.
    #[arg(long, env = "MERIDIAN_ROOM_SHARE", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub room_share: u32,

    /// People of one room on an engine from whom on the sound of those who come goes past the transport, which
    /// costs a fraction; 0 for always.
    #[arg(long, env = "MERIDIAN_LARGE_ROOM", default_value_t = sfu::LARGE_ROOM)]
    pub large_room: usize,

    /// Name of the region.
    #[arg(long, env = "MERIDIAN_REGION", default_value = "local")]
    pub region: RegionName,

    /// Name of this process, different from every other. Default: the region's name and random digits.
    #[arg(long, env = "MERIDIAN_INSTANCE")]
    pub instance: Option<InstanceId>,

    /// Where the region is.
    #[command(flatten)]
    pub place: Place,

    /// Where the edge is.
    #[arg(long, env = "MERIDIAN_EDGE_URL", default_value = "http://localhost:8787", value_parser = http_url)]
    pub edge_url: String,

    /// Public key of the edge's tickets: 32 bytes of Ed25519 in base64url.
    #[arg(long, env = "MERIDIAN_TICKET_KEY", value_name = "MERIDIAN_TICKET_KEY")]
    pub ticket_key: TicketKey,

    /// Credential with which this region speaks to the edge. Prefer the environment variable: other
    /// processes can read a command line.
    #[arg(long, env = "MERIDIAN_REGION_TOKEN", value_name = "MERIDIAN_REGION_TOKEN", hide_env_values = true)]
    pub region_token: RegionToken,

    /// Seconds that a draining instance waits for its calls to end.
    #[arg(long, env = "MERIDIAN_DRAIN_SECONDS", default_value_t = 270)]
    pub drain_seconds: u64,

    /// How logs are written.
    #[arg(long, env = "MERIDIAN_LOG", value_enum, default_value_t = LogFormat::Text)]
    pub log: LogFormat,
}

/// Coordinates of the region.
#[derive(Debug, Clone, Copy, Args)]
pub struct Place {
    /// Degrees north, -90 to 90.
    #[arg(long, env = "MERIDIAN_LATITUDE", default_value_t = 0.0, allow_negative_numbers = true, value_parser = degrees::<90>)]
    pub latitude: f64,

    /// Degrees east, -180 to 180.
    #[arg(long, env = "MERIDIAN_LONGITUDE", default_value_t = 0.0, allow_negative_numbers = true, value_parser = degrees::<180>)]
    pub longitude: f64,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What candidates say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advertise {
    /// The address.
    pub ip: IpAddr,
    /// The first engine's port; each engine's own when absent.
    pub port: Option<u16>,
}

impl std::str::FromStr for Advertise {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let advertise = match (text.parse::<SocketAddr>(), text.parse::<IpAddr>()) {
            (Ok(address), _) => Self { ip: address.ip(), port: Some(address.port()) },
            (_, Ok(ip)) => Self { ip, port: None },
            _ => return Err("is neither IP nor IP:PORT".into()),
        };
        if advertise.ip.is_unspecified() || advertise.port == Some(0) {
            return Err("is no address that a browser could send to".into());
        }
        Ok(advertise)
    }
}

impl Advertise {
    /// The address in the candidates of an engine that is bound to `bound`.
    ///
    /// # Errors
    /// When the port would be above 65535.
    pub fn of_engine(self, engine: u16, bound: SocketAddr) -> Result<SocketAddr, ConfigError> {
        let port = match self.port {
            Some(first) => first.checked_add(engine).ok_or(ConfigError::AdvertisePort)?,
            None => bound.port(),
        };
        Ok(SocketAddr::new(self.ip, port))
    }
}

/// Where connections are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tcp {
    /// On this address.
    On(String),
    /// Nowhere.
    Off,
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of a parser; the address is looked up when it is bound")]
fn tcp(text: &str) -> Result<Tcp, String> {
    Ok(if text == "off" { Tcp::Off } else { Tcp::On(text.to_owned()) })
}

fn connectable(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|_| "is not IP:PORT".to_owned())?;
    if address.ip().is_unspecified() || address.port() == 0 {
        return Err("is no address that a browser could connect to".into());
    }
    Ok(address)
}

/// Where media over a WebSocket goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketUrl {
    /// To this URL.
    At(String),
    /// Nowhere.
    Off,
}

fn socket_url(text: &str) -> Result<SocketUrl, String> {
    if text == "off" {
        return Ok(SocketUrl::Off);
    }
    let url = reqwest::Url::parse(text).map_err(|error| error.to_string())?;
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !matches!(url.scheme(), "ws" | "wss") || !url.has_host() || !is_plain {
        return Err("is not a ws or wss URL without user, query or fragment".into());
    }
    Ok(SocketUrl::At(url.into()))
}

/// A credential; it never shows in logs.
#[derive(Clone)]
pub struct RegionToken(String);

impl RegionToken {
    /// The token itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for RegionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RegionToken(…)")
    }
}

impl std::str::FromStr for RegionToken {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if text.is_empty() || text.len() > 4096 || !text.bytes().all(token) {
            return Err("is not a token".into());
        }
        Ok(Self(text.to_owned()))
    }
}

/// What is wrong between settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The engines' ports go past the last one.
    #[error("--advertise (MERIDIAN_ADVERTISE): the last engine's port would be above 65535")]
    AdvertisePort,
    /// Bound to every address, and which one to tell browsers is not known.
    #[error("--advertise (MERIDIAN_ADVERTISE) is needed, because --udp binds {0}, which no browser can send to")]
    AdvertiseMissing(SocketAddr),
    /// The same for TCP.
    #[error(
        "--advertise-tcp (MERIDIAN_ADVERTISE_TCP) is needed, because --tcp binds {0}, which no browser can connect to"
    )]
    AdvertiseTcpMissing(SocketAddr),
    /// The credential is of no use.
    #[error("--region-token (MERIDIAN_REGION_TOKEN): {0}")]
    RegionToken(String),
}

impl Config {
    /// Engine threads to run.
    #[must_use]
    pub fn engine_count(&self) -> u16 {
        self.engines.unwrap_or_else(|| {
            let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            u16::try_from(cores).unwrap_or(u16::MAX).min(256)
        })
    }

    /// Media sessions that the whole process takes.
    #[must_use]
    pub fn total_capacity(&self) -> u32 {
        self.capacity.saturating_mul(u32::from(self.engine_count()))
    }

    /// Where browsers open a WebSocket for media; nothing for nowhere.
    #[must_use]
    pub fn socket_address(&self) -> Option<String> {
        match &self.socket_url {
            Some(SocketUrl::At(url)) => Some(url.clone()),
            Some(SocketUrl::Off) => None,
            // `http` becomes `ws`, `https` becomes `wss`.
            None => self.control_url.strip_prefix("http").map(|rest| format!("ws{rest}/v1/media")),
        }
    }

    /// The pages that may open it.
    #[must_use]
    pub fn page_origins(&self) -> Vec<String> {
        if !self.origins.is_empty() {
            return self.origins.clone();
        }
        let Ok(mut url) = reqwest::Url::parse(&self.edge_url) else { return Vec::new() };
        let mut origins = vec![url.origin().ascii_serialization()];
        let own = ["localhost", "127.0.0.1"];
        if url.host_str().is_some_and(|host| own.contains(&host)) {
            for name in own {
                if url.set_host(Some(name)).is_ok() {
                    origins.push(url.origin().ascii_serialization());
                }
            }
        }
        origins
    }

    /// The process's name: the given one, or the region's with eight random digits.
    #[must_use]
    pub fn instance_id(&self) -> InstanceId {
        self.instance.clone().unwrap_or_else(|| random_instance(&self.region))
    }

    /// Checks what one setting alone cannot show.
    ///
    /// # Errors
    /// When the credential is not for this region, has ended or is not signed by the ticket key.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.ticket_key.check_region_token(&self.region, self.region_token.expose()).map_err(ConfigError::RegionToken)
    }
}

fn random_instance(region: &RegionName) -> InstanceId {
    let random = uuid::Uuid::new_v4().simple().to_string();
    let digits: String = random.chars().take(8).collect();
    // 55 characters and a hyphen leave room for the digits in the 64 that an instance id may have.
    let name: String = region.as_str().chars().take(55).collect();
    #[expect(clippy::expect_used, reason = "a region name is made of the characters of an instance id")]
    format!("{name}-{digits}").parse().expect("a region name and hexadecimal digits are an instance id")
}

fn http_url(text: &str) -> Result<String, String> {
    let url = reqwest::Url::parse(text).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("is not an http or https URL".into());
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("must have no user, query or fragment".into());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn degrees<const MOST: u8>(text: &str) -> Result<f64, String> {
    let degrees: f64 = text.parse().map_err(|_| "is not a number".to_owned())?;
    // Written so that NaN is refused too.
    if degrees.abs() <= f64::from(MOST) { Ok(degrees) } else { Err(format!("is not between -{MOST} and {MOST}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_advertised_address_counts_its_ports_up_with_the_engines() {
        let bound = SocketAddr::from(([0, 0, 0, 0], 7884));
        let advertise: Advertise = "203.0.113.7:9000".parse().unwrap();
        assert_eq!(advertise.of_engine(2, bound).unwrap(), "203.0.113.7:9002".parse().unwrap());
        let advertise: Advertise = "203.0.113.7".parse().unwrap();
        assert_eq!(advertise.of_engine(2, bound).unwrap(), "203.0.113.7:7884".parse().unwrap());
        assert!("203.0.113.7:65535".parse::<Advertise>().unwrap().of_engine(1, bound).is_err());
        for bad in ["", "0.0.0.0", "203.0.113.7:0", "example.org", "[::]:1"] {
            assert!(bad.parse::<Advertise>().is_err(), "{bad}");
        }
    }

    #[test]
    fn urls_and_coordinates_are_checked() {
        assert_eq!(http_url("https://edge.example/").unwrap(), "https://edge.example");
        for bad in ["edge.example", "ftp://edge.example", "https://user@edge.example", "https://edge.example/?a=b"] {
            assert!(http_url(bad).is_err(), "{bad}");
        }
        assert!(degrees::<90>("-33.87").is_ok());
        for bad in ["91", "-90.5", "NaN", "inf", "north"] {
            assert!(degrees::<90>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_random_instance_is_named_after_even_the_longest_region() {
        let longest: RegionName = "r".repeat(64).parse().unwrap();
        assert!(random_instance(&longest).as_str().len() <= 64);
        let short: RegionName = "fra".parse().unwrap();
        assert!(random_instance(&short).as_str().starts_with("fra-"));
        assert_ne!(random_instance(&short), random_instance(&short));
    }

    #[test]
    fn a_credential_does_not_show_in_debug_output() {
        let token: RegionToken = "secret.secret.secret".parse().unwrap();
        assert!(!format!("{token:?}").contains("secret"));
        assert!("two words".parse::<RegionToken>().is_err());
    }
}
