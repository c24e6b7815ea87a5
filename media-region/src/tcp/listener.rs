//! Takes connections, hears their first frame, and hands them to the engine that it is for.

use std::{io, net::SocketAddr, time::Duration};

use sfu::framing::{FRAME_BYTES, Frames};
use socket2::SockRef;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

use super::{Incoming, Newcomer, Place, Places};
use crate::{Phase, engine::Engines, metrics::Metrics};

/// How long a connection may take to say who it is for.
const FIRST_FRAME_WITHIN: Duration = Duration::from_secs(5);
/// Bytes that wait in the kernel before any of them is sent. What waits there cannot be overtaken by
/// sound, nor dropped.
#[cfg(any(target_os = "linux", target_os = "android"))]
const UNSENT_BYTES: u32 = 8192;

/// Why a connection was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    /// It did not say who it is for in time.
    Slow,
    /// It ended before.
    Ended,
    /// What came is no frame.
    Framing,
    /// What it said is no check of ICE for a session here.
    Stranger,
    /// The engine did not take it.
    Engine,
}

impl Refused {
    const fn label(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Ended => "ended",
            Self::Framing => "framing",
            Self::Stranger => "stranger",
            Self::Engine => "engine",
        }
    }
}

/// Serves until the process ends.
pub(crate) async fn serve(
    listener: std::net::TcpListener,
    places: Places,
    engines: Engines,
    metrics: Metrics,
    mut phase: watch::Receiver<Phase>,
) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = phase.wait_for(|phase| *phase == Phase::Ending) => return Ok(()),
        };
        // Out of file descriptors, or the other end is gone already.
        let Ok((stream, peer)) = accepted else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        match places.take(peer.ip()) {
            Ok(place) => {
                let (engines, metrics) = (engines.clone(), metrics.clone());
                tokio::spawn(async move {
                    if let Err(refused) = introduce(stream, peer, place, &engines).await {
                        metrics.tcp_refused(refused.label());
                    }
                });
            }
            Err(none) => metrics.tcp_refused(none.label()),
        }
    }
}

async fn introduce(stream: TcpStream, peer: SocketAddr, place: Place, engines: &Engines) -> Result<(), Refused> {
    set_up(&stream).map_err(|_| Refused::Ended)?;
    let frames = timeout(FIRST_FRAME_WITHIN, first_bytes(&stream)).await.map_err(|_| Refused::Slow)??;
    let frame = frames.first().map_err(|_| Refused::Framing)?.ok_or(Refused::Framing)?;
    let engine = sfu::addressee(frame).and_then(|number| engines.numbered(number)).ok_or(Refused::Stranger)?;
    let stream = stream.into_std().map_err(|_| Refused::Ended)?;
    engine
        .connect(Newcomer { stream, peer, incoming: Incoming::Frames(frames), ticket: None, place })
        .ok_or(Refused::Engine)
}

pub(crate) fn set_up(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    SockRef::from(stream).set_tcp_notsent_lowat(UNSENT_BYTES)?;
    Ok(())
}

/// Reads until one frame is complete, or cannot be.
async fn first_bytes(stream: &TcpStream) -> Result<Frames, Refused> {
    let mut frames = Frames::default();
    let mut buffer = [0; 2 + FRAME_BYTES];
    loop {
        stream.readable().await.map_err(|_| Refused::Ended)?;
        match stream.try_read(&mut buffer) {
            Ok(0) => return Err(Refused::Ended),
            Ok(bytes) => frames.push(buffer.get(..bytes).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(_) => return Err(Refused::Ended),
        }
        match frames.first() {
            Ok(None) if frames.waiting() < buffer.len() => {}
            Ok(Some(_)) => return Ok(frames),
            _ => return Err(Refused::Framing),
        }
    }
}
