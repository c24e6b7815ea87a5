//! A media region: UDP engines around the forwarder core, a control plane for the edge, reports to it.
//!
//! ```text
//!            tickets                    UDP, or TCP by way of one listener
//!   edge ───────────────▶ control ──┐   ┌────▶ browsers
//!     ▲                  (axum)     ▼   ▼
//!     └── reports, events ◀──── engine threads (one socket, one loop, one sfu::Engine each)
//! ```
//!
//! The caller owns sockets and signals: it binds [`Sockets`], turns its signals into a [`Phase`],
//! and awaits [`run`]. No durable state lives here, and a call never depends on the edge being
//! there. What a region must never do: decide who may come in, or write names, addresses or texts
//! into its logs.

mod config;
mod control;
mod edge;
mod engine;
mod metrics;
mod sockets;
mod tcp;

use std::{sync::Arc, time::Duration};

use protocol::region::RegionReport;
use tokio::{
    sync::{mpsc, watch},
    time::{sleep, timeout},
};

pub use config::{Advertise, Config, ConfigError, LogFormat, Place, RegionToken, SocketUrl, Tcp};
pub use control::ticket::TicketKey;
pub use sockets::{BindError, MediaListener, MediaSocket, Sockets};

use control::{Region, ticket::Tickets};
use edge::{Edge, events, report};
use engine::{Ended, Engine, Engines, Forwarder, Surroundings};
use metrics::Metrics;

/// Build of this program.
pub const BUILD: &str = match option_env!("MERIDIAN_BUILD") {
    Some(build) => build,
    None => env!("CARGO_PKG_VERSION"),
};

/// Between looks at whether a draining instance has lost its last session.
const DRAIN_POLL: Duration = Duration::from_millis(250);
/// How long the last events and the last report may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// Where the process is in its life. It only goes forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Takes calls.
    Serving,
    /// Takes no new rooms, and ends with its last session or after the time allowed.
    Draining,
    /// Ends now.
    Ending,
}

/// Why [`run`] ended without being asked.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Settings do not fit together.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A thread, an event loop or a socket could not be set up.
    #[error("cannot start: {0}")]
    Start(#[from] std::io::Error),
    /// The client for the edge could not be made.
    #[error("cannot speak to the edge over TLS: {0}")]
    Edge(#[from] reqwest::Error),
    /// An engine thread ended; its calls are gone, and the process must be started anew.
    #[error("engine {engine} {how}; ending the process, so that it is started anew")]
    Engine {
        /// Which.
        engine: usize,
        /// In what way.
        how: &'static str,
    },
    /// A part that lives as long as the process ended by itself.
    #[error("{0} ended by itself; ending the process, so that it is started anew")]
    Part(&'static str),
}

/// Runs a region on these sockets until `shutdown` says [`Phase::Ending`], or draining is done.
///
/// Dropping the sender of `shutdown` ends it too. Needs a tokio runtime with I/O and time.
///
/// # Errors
/// When something cannot be set up, or an engine thread ends by itself. The caller must then end
/// the process without waiting for other threads.
pub async fn run(config: Config, sockets: Sockets, shutdown: watch::Receiver<Phase>) -> Result<(), RunError> {
    run_with(config, sockets, shutdown, sfu::Engine::new).await
}

async fn run_with<F: Forwarder + 'static>(
    config: Config,
    sockets: Sockets,
    shutdown: watch::Receiver<Phase>,
    forwarder: fn(std::time::Instant, sfu::Config) -> F,
) -> Result<(), RunError> {
    config.check()?;
    let instance = config.instance_id();
    let edge = Edge::new(&config.edge_url, config.region_token.clone())?;
    let metrics = Metrics::default();
    let (phase, watched) = watch::channel(Phase::Serving);
    let (events, received) = mpsc::channel(events::CHANNEL);
    let (ended, mut ends) = mpsc::unbounded_channel();
    let (listener, advertised_tcp) = sockets.tcp.map(|tcp| (tcp.listener, tcp.advertised)).unzip();
    let engines = start_engines(&config, sockets.media, advertised_tcp, forwarder, &events, ended)?;
    let count = config.engine_count();
    tracing::info!(%instance, region = %config.region, engines = count, build = BUILD, "media region runs");

    let mut telling = tokio::spawn(events::send(edge.clone(), instance.clone(), metrics.clone(), received));
    let reporter = report::Reporter {
        edge,
        engines: engines.clone(),
        metrics: metrics.clone(),
        report: first_report(&config, instance.clone()),
        link: report::Link::default(),
    };
    let mut reporting = tokio::spawn(reporter.run(watched.clone()));
    let most = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    let places = tcp::Places::new(most(config.tcp_connections), most(config.tcp_per_address));
    let mut connecting =
        tokio::spawn(connections(listener, places.clone(), engines.clone(), metrics.clone(), watched.clone()));
    let tickets = Tickets::new(config.ticket_key.clone(), &instance);
    let origins = control::media::Origins::new(config.page_origins());
    let (engines_here, phase_here) = (engines.clone(), watched.clone());
    let region = Region { instance, engines: engines_here, tickets, metrics, origins, places, phase: phase_here };
    let mut serving = tokio::spawn(control::serve(sockets.control, control::app(Arc::new(region)), watched));

    let lived = tokio::select! {
        () = live(shutdown, &engines, &phase, Duration::from_secs(config.drain_seconds)) => Ok(()),
        Some(Ended { engine, panicked }) = ends.recv() => {
            Err(RunError::Engine { engine, how: if panicked { "panicked" } else { "ended by itself" } })
        }
        _ = &mut serving => Err(RunError::Part("the control plane")),
        _ = &mut connecting => Err(RunError::Part("taking TCP connections")),
        _ = &mut reporting => Err(RunError::Part("reporting to the edge")),
        _ = &mut telling => Err(RunError::Part("telling the edge of sessions")),
    };
    lived?;

    // The last report counts the sessions, so it comes before the engines are gone.
    phase.send_replace(Phase::Ending);
    let _ = timeout(FAREWELL, reporting).await;
    engines.stop().await;
    // Held until here, so that events are awaited as long as anybody could send one.
    drop(events);
    let farewell = async {
        while ends.recv().await.is_some() {}
        let _ = telling.await;
        let _ = serving.await;
    };
    let _ = timeout(FAREWELL, farewell).await;
    tracing::info!("media region ended");
    Ok(())
}

/// Follows the phases until it is time to end.
async fn live(mut shutdown: watch::Receiver<Phase>, engines: &Engines, phase: &watch::Sender<Phase>, grace: Duration) {
    let asked = shutdown.wait_for(|asked| *asked != Phase::Serving).await.map_or(Phase::Ending, |asked| *asked);
    if asked == Phase::Ending {
        return;
    }
    phase.send_replace(Phase::Draining);
    engines.drain().await;
    tracing::info!(seconds = grace.as_secs(), "draining: no new rooms, waiting for the sessions to end");
    let emptied = async {
        while engines.sessions().await != Some(0) {
            sleep(DRAIN_POLL).await;
        }
    };
    tokio::select! {
        () = emptied => tracing::info!("the last session has ended"),
        () = sleep(grace) => tracing::warn!("sessions are left after the time for draining; ending them"),
        _ = shutdown.wait_for(|asked| *asked == Phase::Ending) => {}
    }
}

fn start_engines<F: Forwarder + 'static>(
    config: &Config,
    sockets: Vec<MediaSocket>,
    advertised_tcp: Option<std::net::SocketAddr>,
    forwarder: fn(std::time::Instant, sfu::Config) -> F,
    events: &mpsc::Sender<protocol::region::SessionEvent>,
    ended: mpsc::UnboundedSender<Ended>,
) -> Result<Engines, RunError> {
    let capacity = usize::try_from(config.capacity).unwrap_or(usize::MAX);
    let share = usize::try_from(config.room_share).unwrap_or(usize::MAX);
    let (departures, departed) = mpsc::unbounded_channel();
    let relays = engine::mesh(sockets.len());
    let start = |(number, (socket, relays)): (u16, (MediaSocket, _))| {
        let (advertised, socket_url) = (socket.advertised, config.socket_address());
        let large_room = config.large_room;
        let settings = sfu::Config { advertised, advertised_tcp, socket_url, number, capacity, large_room };
        let build = move |now| forwarder(now, settings);
        let (events, departures, ended) = (events.clone(), departures.clone(), ended.clone());
        let surroundings = Surroundings { number: number.into(), events, departures, ended, relays };
        Engine::start(socket.udp, build, surroundings)
    };
    let engines = (0..).zip(sockets.into_iter().zip(relays)).map(start).collect::<Result<_, _>>()?;
    Ok(Engines::new(engines, capacity, share, departed))
}

/// Takes TCP connections, where there are any to take.
async fn connections(
    listener: Option<std::net::TcpListener>,
    places: tcp::Places,
    engines: Engines,
    metrics: Metrics,
    phase: watch::Receiver<Phase>,
) -> std::io::Result<()> {
    match listener {
        Some(listener) => tcp::serve(listener, places, engines, metrics, phase).await,
        None => std::future::pending().await,
    }
}

fn first_report(config: &Config, instance: protocol::id::InstanceId) -> RegionReport {
    RegionReport {
        instance,
        region: config.region.clone(),
        latitude: config.place.latitude,
        longitude: config.place.longitude,
        control_url: config.control_url.clone(),
        build: BUILD.to_owned(),
        participants: 0,
        capacity: config.total_capacity(),
        draining: false,
    }
}

#[cfg(test)]
mod tests;
