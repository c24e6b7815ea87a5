//! Runs several programs as one: what any of them prints is shown with its name, and when one ends,
//! or a signal comes, all end.

use std::{
    io::{BufRead, BufReader, Read},
    os::unix::process::CommandExt,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

use crate::process::say;

/// How long a program may take to end after it was asked to.
const PATIENCE: Duration = Duration::from_secs(5);

/// What ended the wait.
pub(crate) enum Event {
    /// Ctrl-C, or a signal with the same meaning.
    Stop,
    /// A program ended by itself.
    Ended(&'static str, ExitStatus),
}

/// Programs that live and end together.
pub(crate) struct Group {
    parts: Vec<Part>,
    sender: Sender<Event>,
    events: Receiver<Event>,
}

struct Part {
    name: &'static str,
    pid: Pid,
}

impl Group {
    /// A group without programs, which listens for signals.
    pub(crate) fn new() -> Result<Self> {
        let (sender, events) = channel();
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("listening for signals")?;
        let on_signal = sender.clone();
        thread::spawn(move || {
            for _ in &mut signals {
                if on_signal.send(Event::Stop).is_err() {
                    break;
                }
            }
        });
        Ok(Self { parts: Vec::new(), sender, events })
    }

    /// Starts a program in a process group of its own, so that whatever it starts ends with it.
    pub(crate) fn start(&mut self, name: &'static str, command: &mut Command) -> Result<()> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .with_context(|| format!("could not start {name}"))?;
        show(name, child.stdout.take());
        show(name, child.stderr.take());
        self.parts.push(Part { name, pid: Pid::from_child(&child) });
        let sender = self.sender.clone();
        thread::spawn(move || report_end(name, child, &sender));
        Ok(())
    }

    /// Waits for the next event, at most this long.
    pub(crate) fn wait(&self, most: Duration) -> Option<Event> {
        match self.events.recv_timeout(most) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Event::Stop),
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        for part in &self.parts {
            // As Ctrl-C would: a region ends at once, where SIGTERM would make it drain first.
            let _ = kill_process_group(part.pid, Signal::INT);
        }
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE && self.parts.iter().any(Part::is_alive) {
            thread::sleep(Duration::from_millis(20));
        }
        for part in self.parts.iter().filter(|part| part.is_alive()) {
            say(&format!("{} did not end by itself; ending it", part.name));
            let _ = kill_process_group(part.pid, Signal::KILL);
        }
    }
}

impl Part {
    fn is_alive(&self) -> bool {
        test_kill_process_group(self.pid).is_ok()
    }
}

fn report_end(name: &'static str, mut child: Child, sender: &Sender<Event>) {
    if let Ok(status) = child.wait() {
        let _ = sender.send(Event::Ended(name, status));
    }
}

fn show(name: &'static str, stream: Option<impl Read + Send + 'static>) {
    let Some(stream) = stream else { return };
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            if !line.trim().is_empty() {
                println!("{name:>6} | {}", line.trim_end());
            }
        }
    });
}
