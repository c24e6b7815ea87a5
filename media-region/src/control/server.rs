//! HTTP/1.1 connections: bounded in number, in the size of a head, and in the time it may take.

use std::{io, net::TcpListener, sync::Arc, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{sleep, timeout},
};

use crate::Phase;

/// Connections at once; more wait in the kernel's queue. Callers are the edge, a proxy and a scraper.
const CONNECTIONS: usize = 1024;
/// How long a request's head may take, and how long an idle connection is kept.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes of a request's head.
const HEAD_BYTES: usize = 32 * 1024;
/// How long requests under way may take once the process ends.
const FAREWELL: Duration = Duration::from_secs(2);

/// Serves until the process ends.
pub(crate) async fn serve(listener: TcpListener, app: Router, mut phase: watch::Receiver<Phase>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let connections = GracefulShutdown::new();
    let mut http = auto::Builder::new(TokioExecutor::new()).http1_only();
    http.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_BYTES);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            _ = phase.wait_for(|phase| *phase == Phase::Ending) => break,
        };
        match accepted {
            Ok((stream, place)) => {
                let service = TowerToHyperService::new(app.clone());
                let connection = http.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
                let connection = connections.watch(connection);
                tokio::spawn(async move {
                    // Broken connections are the caller's to notice.
                    let _ = connection.await;
                    drop(place);
                });
            }
            // Out of file descriptors, or the peer is gone already: other connections go on.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
    let _ = timeout(FAREWELL, connections.shutdown()).await;
    Ok(())
}

async fn accept(
    listener: &tokio::net::TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(tokio::net::TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, place))
}
