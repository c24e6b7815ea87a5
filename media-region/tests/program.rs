//! The program as an operator meets it: its exit, its words, its signals.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what must hold"
)]

mod common;

use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::UdpSocket,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use common::{PATIENCE, public_key, region_token};
use rustix::process::{Pid, Signal, kill_process};

/// The program with good settings on free ports, in an environment of nothing else.
fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_media-region"));
    let settings = [
        ("MERIDIAN_CONTROL", "127.0.0.1:0"),
        ("MERIDIAN_UDP", "127.0.0.1:0"),
        ("MERIDIAN_TCP", "127.0.0.1:0"),
        ("MERIDIAN_ENGINES", "1"),
        ("MERIDIAN_EDGE_URL", "http://127.0.0.1:9"),
    ];
    program.env_clear().envs(settings).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    program.env("MERIDIAN_TICKET_KEY", public_key()).env("MERIDIAN_REGION_TOKEN", region_token("local"));
    program
}

/// What a program that cannot start says.
fn refusal(program: &mut Command) -> String {
    let Output { status, stderr, .. } = program.output().unwrap();
    assert!(!status.success());
    String::from_utf8(stderr).unwrap()
}

/// Ends the program also when the test fails.
struct Running(Child);

impl Running {
    /// Started, and through its first lines up to the one that says so.
    fn start(mut program: Command) -> (Self, Vec<String>, BufReader<std::process::ChildStderr>) {
        let mut child = program.spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let running = Self(child);
        let mut lines = Vec::new();
        while !lines.last().is_some_and(|line: &String| line.contains("media region runs")) {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "ended before it ran: {lines:?}");
            lines.push(line);
        }
        (running, lines, log)
    }

    fn signal(&self, signal: Signal) {
        let id = Pid::from_raw(i32::try_from(self.0.id()).unwrap()).unwrap();
        kill_process(id, signal).unwrap();
    }

    /// Waits until it has ended; says whether with success.
    fn ended(&mut self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.success();
            }
            assert!(Instant::now() < deadline, "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already gone, when all went well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_is_wrong_with_a_setting_is_said_with_its_name() {
    let cases = [
        ("MERIDIAN_TICKET_KEY", "c2hvcnQ", "--ticket-key"),
        ("MERIDIAN_REGION_TOKEN", "not a token", "--region-token"),
        ("MERIDIAN_REGION", "Frankfurt!", "--region"),
        ("MERIDIAN_LATITUDE", "91", "--latitude"),
        ("MERIDIAN_ENGINES", "0", "--engines"),
        ("MERIDIAN_ROOM_SHARE", "0", "--room-share"),
        ("MERIDIAN_EDGE_URL", "localhost:8787", "--edge-url"),
        ("MERIDIAN_ADVERTISE", "0.0.0.0", "--advertise"),
        ("MERIDIAN_UDP", "0.0.0.0:0", "--advertise"),
        ("MERIDIAN_TCP", "0.0.0.0:0", "--advertise-tcp"),
        ("MERIDIAN_TCP", "nonsense", "--tcp"),
        ("MERIDIAN_ADVERTISE_TCP", "203.0.113.7", "--advertise-tcp"),
        ("MERIDIAN_TCP_PER_ADDRESS", "0", "--tcp-per-address"),
        ("MERIDIAN_CONTROL", "nonsense", "--control"),
    ];
    for (variable, value, flag) in cases {
        let said = refusal(program().env(variable, value));
        assert!(said.contains(flag), "{variable}={value}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
    let said = refusal(program().env_remove("MERIDIAN_TICKET_KEY"));
    assert!(said.contains("MERIDIAN_TICKET_KEY"), "{said}");
    let said = refusal(program().env("MERIDIAN_REGION_TOKEN", region_token("fra")));
    assert!(said.contains("is for the region fra"), "{said}");
}

#[test]
fn a_taken_port_ends_the_program_with_its_number() {
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let said = refusal(program().env("MERIDIAN_UDP", address.to_string()));
    assert!(said.contains(&format!("port {}/udp is taken", address.port())), "{said}");
}

#[test]
fn an_interrupt_ends_it_at_once_even_when_nobody_reads_its_log() {
    let (mut running, _, log) = Running::start(program());
    drop(log);
    running.signal(Signal::INT);
    assert!(running.ended());
}

#[test]
fn a_termination_drains_and_ends_when_nobody_is_in() {
    let (mut running, _, mut log) = Running::start(program());
    running.signal(Signal::TERM);
    assert!(running.ended());
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("draining") && rest.contains("media region ended"), "{rest}");
}

#[test]
fn logs_are_json_when_asked_for_and_hold_no_secret() {
    let mut program = program();
    program.env("MERIDIAN_LOG", "json").env("RUST_LOG", "debug");
    let (mut running, lines, mut log) = Running::start(program);
    running.signal(Signal::INT);
    assert!(running.ended());
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    for line in lines.iter().map(String::as_str).chain(rest.lines()) {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"));
        assert!(entry["level"].is_string() && entry["timestamp"].is_string(), "{line}");
        assert!(!line.contains(&region_token("local")), "{line}");
    }
}
