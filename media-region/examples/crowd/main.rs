//! A crowd in one room: hundreds of WebRTC clients in one process against the real program, over
//! loopback, and what that costs the program. Figures, never a verdict.
//!
//! Three people speak, the first of them with a camera in three layers; everybody wants that camera as
//! low as its lowest layer is high. Of the others every tenth is unmuted and silent, the rest are
//! muted, and nobody else's camera is on. Everyone offers what the web client offers.
//!
//! Every handshake is real, and so is all that a client says (ICE, DTLS, SCTP, receiver reports). All take
//! their packets apart as browsers do, and send transport-wide feedback; with `--whole N` one client in N
//! does, and of the others' packets only the header is read, where the machine has to carry both sides of
//! more people. How long a packet took is known for the whole ones: its payload says when it was sent, and
//! the kernel when it came, by the same clock, so that a generator that lags behind does not count.
//!
//! `cargo xtask bench crowd`, or `cargo run --release -p media-region --example crowd -- PROGRAM`.
#![allow(clippy::cast_precision_loss, reason = "figures for people; exact up to 2^53")]

mod account;
mod camera;
mod client;
mod delays;
mod hall;
mod region;

use std::{error::Error, path::PathBuf, time::Duration};

use clap::Parser;

use account::Account;
use hall::Hall;
use region::Region;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Participants who speak.
const SPEAKERS: usize = 3;

/// Measures a crowd in one room.
#[derive(Debug, Parser)]
struct Options {
    /// The program of the media region.
    program: PathBuf,
    /// How many people.
    #[arg(long, default_value_t = 500)]
    people: usize,
    /// Seconds that are measured.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// One in this many takes its packets apart and sends transport-wide feedback.
    #[arg(long, default_value_t = 1)]
    whole: usize,
    /// Sections that each offers for pictures; the web client offers 9, 25 or 49.
    #[arg(long, default_value_t = 9)]
    video_slots: usize,
    /// Engines of the program.
    #[arg(long, default_value_t = 1)]
    engines: u16,
    /// People from whom on the room is large to the program; its own default otherwise.
    #[arg(long)]
    large_room: Option<usize>,
    /// Offers that wait for their answer at once.
    #[arg(long, default_value_t = 8)]
    at_once: usize,
}

fn main() -> Outcome<()> {
    let options = Options::parse();
    let mut region = Region::start(&options.program, options.engines, options.large_room)?;
    let idle = Account::of(&mut region)?;
    let mut hall = Hall::new(options.whole.max(1), options.video_slots)?;

    hall.open(&region, SPEAKERS, options.at_once)?;
    hall.run_until(Duration::from_secs(20), Hall::is_complete)?;
    hall.run(Duration::from_secs(3))?;
    let first = Account::of(&mut region)?;
    hall.forget();
    let joining = hall.open(&region, options.people.saturating_sub(SPEAKERS), options.at_once)?;
    let joined = Account::of(&mut region)?;
    hall.run_until(Duration::from_secs(60), Hall::is_complete)?;
    println!("{} people in one room, {} engine(s)", options.people, options.engines);
    println!(
        "joined: {} of {} in {:.1} s, {} at once; each: {}",
        hall.connected(),
        options.people,
        joining.as_secs_f64(),
        options.at_once,
        hall.joins()
    );
    println!("delay added while they joined: {}", hall.delays());
    println!("processor while they joined: region {:.2} of a core", joined.cores_since(&first));

    // Cameras that nobody wants are stopped after 5 s, and what is sent settles.
    hall.run(Duration::from_secs(10))?;
    hall.forget();
    let before = Account::of(&mut region)?;
    hall.run(Duration::from_secs(options.seconds))?;
    let after = Account::of(&mut region)?;
    let seconds = after.seconds_since(&before);

    println!("\nmeasured for {seconds:.1} s");
    for line in hall.heard() {
        println!("{line}");
    }
    println!("delay added, a packet of the voices: {}", hall.delays());
    for (name, what) in [("meridian_forwarding_seconds", "time in the forwarder, a datagram")] {
        if let Some(text) = after.histogram_since(&before, name) {
            println!("{what}: {text}");
        }
    }
    let forwarded = after.counter_since(&before, "meridian_rtp_forwarded_total");
    println!(
        "forwarded: {:.0} packets a second, {:.2} us of processor each; {:.0} datagrams in and {:.0} out a second",
        forwarded / seconds,
        after.region_seconds_since(&before) * 1e6 / forwarded,
        after.counter_since(&before, "meridian_datagrams_in_total") / seconds,
        after.counter_since(&before, "meridian_datagrams_out_total") / seconds,
    );
    println!("dropped by the socket: {:.0} datagrams", after.counter_since(&before, "meridian_send_dropped_total"));
    println!(
        "processor: region {:.2} of a core, this generator {:.2}, of {} cores; everything else on the machine {:.2}",
        after.cores_since(&before),
        after.own_cores_since(&before),
        std::thread::available_parallelism()?,
        after.other_cores_since(&before),
    );
    println!(
        "memory: {:.1} MB idle, {:.1} MB with everybody: {:.0} kB a participant",
        idle.resident as f64 / 1e6,
        after.resident as f64 / 1e6,
        (after.resident.saturating_sub(idle.resident)) as f64 / 1e3 / options.people as f64
    );
    Ok(())
}
