//! `cargo xtask dev`: everything on this machine, without an account anywhere.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use protocol::id::RegionName;

use crate::{
    build,
    health::Probe,
    keys::Keys,
    ports::{Port, require_free},
    process::say,
    root, setup,
    supervise::{Event, Group},
    target,
};

/// How long the parts may take to find each other.
const START_LIMIT: Duration = Duration::from_secs(90);
const ASK_EVERY: Duration = Duration::from_millis(100);
/// Ports between two media regions on one machine.
const REGION_STRIDE: u16 = 100;
/// Where the regions of `--regions` pretend to be (coordinates of data centres).
const PLACES: [(&str, f64, f64); 6] = [
    ("local", 50.12, 8.68),
    ("local-iad", 39.02, -77.46),
    ("local-sin", 1.30, 103.80),
    ("local-gru", -23.55, -46.65),
    ("local-syd", -33.87, 151.21),
    ("local-lax", 33.94, -118.41),
];

/// What to run, and where.
#[derive(Args)]
pub(crate) struct Options {
    /// Port of the web client and the API.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Control port of the first media region; more regions follow in steps of 100.
    #[arg(long, default_value_t = 7880)]
    control_port: u16,
    /// First UDP port of the first media region; one for each engine thread, more regions follow in steps of 100.
    #[arg(long, default_value_t = 7882)]
    udp_port: u16,
    /// Engine threads of each media region; one for each core when absent.
    #[arg(long)]
    engines: Option<u16>,
    /// Media regions, each in another part of the world.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=PLACES.len() as i64))]
    regions: u16,
    /// TCP port of the first media region's media; 0 for none.
    #[arg(long, default_value_t = 7881)]
    tcp_port: u16,
    /// Address that media regions tell browsers to connect to, as IP:PORT.
    #[arg(long)]
    advertise_tcp: Option<String>,
    /// Address that media regions tell browsers, as IP or IP:PORT (of the first engine), where they do
    /// not run beside it (or do, in a browser that sends no media to loopback: Firefox).
    #[arg(long)]
    advertise: Option<String>,
    /// Run one part alone, beside another `cargo xtask dev --only …`.
    #[arg(long)]
    only: Option<Only>,
    /// Folder below target/dev for what the edge stores.
    #[arg(long, default_value = "state")]
    state: String,
    /// A variable of the Worker for this run, as NAME=VALUE; may be repeated.
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    set: Vec<(String, String)>,
}

fn variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("must be NAME=VALUE")?;
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if !named || value.contains(['\'', '\n', '\r']) {
        return Err("a name is in capitals, a value is one line without single quotes".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Only {
    /// The Worker and the web client.
    Edge,
    /// The media regions.
    Region,
}

impl Options {
    fn with_edge(&self) -> bool {
        self.only != Some(Only::Region)
    }

    fn with_regions(&self) -> bool {
        self.only != Some(Only::Edge)
    }

    fn engine_threads(&self) -> u16 {
        let cores = || std::thread::available_parallelism().map_or(1, |cores| u16::try_from(cores.get()).unwrap_or(1));
        self.engines.unwrap_or_else(cores).clamp(1, REGION_STRIDE - 10)
    }

    fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }
}

/// Runs until Ctrl-C.
pub(crate) fn run(options: &Options) -> Result<()> {
    say("Meridian: preparing (the first time takes about ten minutes, later seconds)");
    require_ports(options)?;
    if !build::is_done() {
        setup::for_build()?;
        if options.with_edge() {
            build::web()?;
            build::edge()?;
        }
        if options.with_regions() {
            build::region()?;
        }
    }

    say("Starting");
    let keys = Keys::load()?;
    let mut group = Group::new()?;
    if options.with_regions() {
        for index in 0..options.regions {
            group.start("region", &mut region(options, &keys, index)?)?;
        }
    }
    if options.with_edge() {
        group.start("edge", &mut edge(options, &keys)?)?;
    }
    if wait_until_ready(options, &group)? {
        println!("\nReady: {}\n", options.origin());
        supervise(&group)?;
    }
    say("Stopping");
    drop(group);
    println!("Stopped.");
    Ok(())
}

fn require_ports(options: &Options) -> Result<()> {
    if options.with_edge() {
        require_free(&Port::Tcp(options.port), "the web client and the API", "--port")?;
    }
    if options.with_regions() {
        for index in 0..options.regions {
            require_free(&Port::Tcp(control_port(options, index)?), "a media region's control", "--control-port")?;
            if options.tcp_port > 0 {
                require_free(&Port::Tcp(tcp_port(options, index)?), "media over TCP", "--tcp-port")?;
            }
            for engine in 0..options.engine_threads() {
                let port = udp_port(options, index)?.checked_add(engine).context("--udp-port is too high")?;
                require_free(&Port::Udp(port), "media", "--udp-port")?;
            }
        }
    }
    Ok(())
}

fn control_port(options: &Options, index: u16) -> Result<u16> {
    options.control_port.checked_add(index * REGION_STRIDE).context("--control-port is too high")
}

fn tcp_port(options: &Options, index: u16) -> Result<u16> {
    options.tcp_port.checked_add(index * REGION_STRIDE).context("--tcp-port is too high")
}

fn udp_port(options: &Options, index: u16) -> Result<u16> {
    options.udp_port.checked_add(index * REGION_STRIDE).context("--udp-port is too high")
}

fn region(options: &Options, keys: &Keys, index: u16) -> Result<Command> {
    let (name, latitude, longitude) = PLACES.get(usize::from(index)).copied().context("too many regions")?;
    let region: RegionName = name.parse()?;
    let control = format!("{}:{}", Ipv4Addr::LOCALHOST, control_port(options, index)?);
    let mut command = Command::new(build::region_program());
    command
        .env("MERIDIAN_CONTROL", &control)
        .env("MERIDIAN_CONTROL_URL", format!("http://{control}"))
        .env("MERIDIAN_UDP", format!("{}:{}", media_address(options), udp_port(options, index)?))
        .env("MERIDIAN_ENGINES", options.engine_threads().to_string())
        .env("MERIDIAN_REGION", name)
        .env("MERIDIAN_LATITUDE", latitude.to_string())
        .env("MERIDIAN_LONGITUDE", longitude.to_string())
        .env("MERIDIAN_EDGE_URL", format!("http://{}:{}", Ipv4Addr::LOCALHOST, options.port))
        .env("MERIDIAN_TICKET_KEY", keys.public())
        .env("MERIDIAN_REGION_TOKEN", keys.region_token(&region)?)
        .current_dir(root());
    let tcp = match options.tcp_port {
        0 => "off".to_owned(),
        _ => format!("{}:{}", media_address(options), tcp_port(options, index)?),
    };
    command.env("MERIDIAN_TCP", tcp);
    if let Some(advertise) = &options.advertise_tcp {
        command.env("MERIDIAN_ADVERTISE_TCP", advertise);
    }
    if let Some(advertise) = &options.advertise {
        command.env("MERIDIAN_ADVERTISE", advertise);
    }
    Ok(command)
}

/// Loopback, unless another address is advertised: nobody else is let in without being asked.
fn media_address(options: &Options) -> Ipv4Addr {
    let told = options.advertise.as_deref().unwrap_or_default();
    let address = told.parse::<SocketAddr>().map(|told| told.ip()).or_else(|_| told.parse::<IpAddr>());
    if address.is_ok_and(|address| !address.is_loopback()) { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST }
}

fn edge(options: &Options, keys: &Keys) -> Result<Command> {
    let state = target().join("dev").join(&options.state);
    std::fs::create_dir_all(&state)?;
    let variables = keys.write_edge_variables(&state, &options.set)?;
    let mut command = Command::new(root().join("edge-worker/node_modules/.bin/wrangler"));
    command
        .args(["dev", "--ip", "127.0.0.1", "--port", &options.port.to_string(), "--inspector-port", "0"])
        .args(["--show-interactive-dev-session=false", "--log-level", "warn"])
        .arg("--persist-to")
        .arg(state)
        .arg("--env-file")
        .arg(variables)
        .env(build::BUILT, "1")
        // No version check, no usage figures, no request for a placeholder of `request.cf`.
        .env("WRANGLER_SEND_METRICS", "false")
        .env("WRANGLER_SEND_ERROR_REPORTS", "false")
        .env("WRANGLER_HIDE_BANNER", "true")
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
        .env("CI", "true")
        .current_dir(root());
    Ok(command)
}

/// Waits until a call can be made; false when a signal came first.
fn wait_until_ready(options: &Options, group: &Group) -> Result<bool> {
    let probe = Probe::new(options.port);
    let started = Instant::now();
    loop {
        let ready = match options.only {
            None => probe.is_ready(options.regions.into()),
            Some(Only::Edge) => probe.is_up(),
            Some(Only::Region) => region_answers(options)?,
        };
        if ready {
            return Ok(true);
        }
        if started.elapsed() > START_LIMIT {
            bail!("the parts did not find each other within {} s; their words are above", START_LIMIT.as_secs());
        }
        match group.wait(ASK_EVERY) {
            None => {}
            Some(Event::Stop) => return Ok(false),
            Some(Event::Ended(name, status)) => {
                bail!("the {name} ended while starting ({status}); its words are above")
            }
        }
    }
}

fn region_answers(options: &Options) -> Result<bool> {
    for index in 0..options.regions {
        if !Probe::new(control_port(options, index)?).answers("/healthz") {
            return Ok(false);
        }
    }
    Ok(true)
}

fn supervise(group: &Group) -> Result<()> {
    loop {
        match group.wait(Duration::from_secs(3600)) {
            None => {}
            Some(Event::Stop) => return Ok(()),
            Some(Event::Ended(name, status)) => bail!("the {name} ended ({status}); everything was stopped"),
        }
    }
}
