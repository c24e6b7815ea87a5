//! The program: settings, logs, sockets and signals around [`media_region::run`].

use std::{backtrace::Backtrace, process::ExitCode};

use clap::Parser as _;
use media_region::{Config, LogFormat, Phase, Sockets};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};
use tracing_subscriber::EnvFilter;

/// str0m and its kin name addresses in their logs, so they speak only of errors unless RUST_LOG says more.
const DEFAULT_LOG: &str = "error,media_region=info,sfu=info";

fn main() -> ExitCode {
    let config = Config::parse();
    start_log(config.log);
    log_panics();
    match serve(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            // Not by returning: an engine that hangs must not keep the process.
            std::process::exit(1);
        }
    }
}

fn serve(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    config.check()?;
    let sockets = Sockets::bind(&config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let shutdown = follow_signals()?;
        Ok(media_region::run(config, sockets, shutdown).await?)
    })
}

/// SIGTERM drains, and a second one ends; SIGINT (Ctrl-C) ends at once.
fn follow_signals() -> std::io::Result<watch::Receiver<Phase>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (sender, receiver) = watch::channel(Phase::Serving);
    tokio::spawn(async move {
        loop {
            let asked = tokio::select! {
                _ = terminate.recv() => if *sender.borrow() == Phase::Serving { Phase::Draining } else { Phase::Ending },
                _ = interrupt.recv() => Phase::Ending,
            };
            sender.send_replace(asked);
        }
    });
    Ok(receiver)
}

fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_LOG));
    // Complaints about a log that nobody reads would go there too, and panic.
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    match format {
        LogFormat::Text => log.with_target(false).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}

/// Where a panic happened, and not its message, which may quote what came from outside.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
        let backtrace = Backtrace::force_capture();
        tracing::error!(thread, place, %backtrace, "panic");
    }));
}
