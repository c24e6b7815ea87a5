//! How pictures and sound fare on seven networks, as a table that is committed.
//!
//! A watcher behind an access link sees two or four people who send three layers each, and hears one
//! of them speak. The table in `docs/scoreboard.md` is what came of it: a change that moves a number
//! moves the table, so it shows in review. `SCOREBOARD=write cargo test -p sfu --test scoreboard`
//! writes it anew.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use common::{World, client::Client, layers::ShownFrame, network::Link};
use protocol::media::{MediaEvent, Source};

const SECOND: Duration = Duration::from_secs(1);
/// Until this the call has come to its course.
const WARM: Duration = Duration::from_secs(20);

struct Scenario {
    name: &'static str,
    seed: u64,
    people: usize,
    link: fn() -> Link,
    /// Changes of the link's rate after [`WARM`], in bits a second.
    rates: &'static [(u64, u64)],
    /// When, after [`WARM`], the link is as good again as it was.
    recovers: Option<u64>,
    seconds: u64,
    /// The least sound that must be heard in every run, in percent.
    audio: f64,
    /// The longest that a picture may stand still in most runs, in seconds.
    still: f64,
    /// The most changes of layer a minute and picture in most runs: those that the link forces, and as
    /// many again as nobody minds.
    changes: f64,
}

const SCENARIOS: [Scenario; 7] = [
    Scenario {
        name: "constant 5 Mbps, four people",
        seed: 1,
        people: 4,
        link: || Link::new(5_000_000),
        rates: &[],
        recovers: None,
        audio: 98.0,
        still: 1.5,
        changes: 9.0,
        seconds: 40,
    },
    Scenario {
        name: "5 Mbps, 500 kbps for 15 s, 5 Mbps",
        seed: 2,
        people: 2,
        link: || Link::new(5_000_000),
        rates: &[(0, 500_000), (15, 5_000_000)],
        recovers: Some(15),
        audio: 98.0,
        still: 1.0,
        changes: 6.0,
        seconds: 40,
    },
    Scenario {
        name: "constant 200 kbps",
        seed: 3,
        people: 2,
        link: || Link::new(200_000),
        rates: &[],
        recovers: None,
        audio: 98.0,
        still: 1.0,
        changes: 6.0,
        seconds: 40,
    },
    Scenario {
        name: "5 Mbps, 200 kbps for 20 s, 5 Mbps",
        seed: 7,
        people: 2,
        link: || Link::new(5_000_000),
        rates: &[(0, 200_000), (20, 5_000_000)],
        recovers: Some(20),
        audio: 97.0,
        still: 6.0,
        changes: 6.0,
        seconds: 50,
    },
    Scenario {
        name: "5 Mbps with 10 % random loss",
        seed: 4,
        people: 2,
        link: || Link { loss: 0.1, ..Link::new(5_000_000) },
        rates: &[],
        recovers: None,
        audio: 95.0,
        still: 1.0,
        changes: 6.0,
        seconds: 40,
    },
    Scenario {
        name: "5 Mbps, 300 ms round trip, 40 ms jitter",
        seed: 5,
        people: 2,
        link: || Link { delay: Duration::from_millis(260), jitter: Duration::from_millis(40), ..Link::new(5_000_000) },
        rates: &[],
        recovers: None,
        audio: 98.0,
        still: 1.0,
        changes: 6.0,
        seconds: 40,
    },
    Scenario {
        name: "5 Mbps, bursts: 800 kbps for 1 s every 8 s",
        seed: 6,
        people: 2,
        link: || Link::new(5_000_000),
        rates: &[
            (0, 800_000),
            (1, 5_000_000),
            (8, 800_000),
            (9, 5_000_000),
            (16, 800_000),
            (17, 5_000_000),
            (24, 800_000),
            (25, 5_000_000),
        ],
        recovers: Some(25),
        audio: 98.0,
        still: 1.0,
        changes: 18.0,
        seconds: 40,
    },
];

/// Runs of each scenario. Delays and losses follow a seed, names and keys do not, and an estimator that
/// meets a full queue a moment later takes another course: one run says little, the middle one of
/// several is steady.
const RUNS: u64 = 5;

/// Cells of a row, in the order of [`HEAD`]; the last says how many pictures flowed at the end.
const CELLS: usize = 6;

/// What came of a scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Score([Option<f64>; CELLS]);

impl Score {
    /// Voice packets that came, by themselves or in the next one's redundancy, in percent.
    const AUDIO: usize = 0;
    /// The longest time that a picture stood still after the warm-up without being paused, in seconds.
    const STILL: usize = 1;
    /// From the recovery of the link until every picture is sharp for good, in seconds.
    const RECOVERY: usize = 2;
    /// What the link carried of what it can, or of what was wanted where that is less, in percent.
    const USED: usize = 3;
    /// Changes of layer a minute and picture.
    const CHANGES: usize = 4;
}

/// The scores of a scenario's runs.
struct Scores(Vec<Score>);

impl Scores {
    fn sorted(&self, cell: usize) -> Vec<f64> {
        let mut values: Vec<f64> = self.0.iter().filter_map(|score| score.0[cell]).collect();
        values.sort_by(f64::total_cmp);
        values
    }

    /// The middle one.
    fn usual(&self, cell: usize) -> Option<f64> {
        let values = self.sorted(cell);
        values.get(values.len() / 2).copied()
    }

    /// The least, and the most.
    fn bounds(&self, cell: usize) -> Option<(f64, f64)> {
        let values = self.sorted(cell);
        values.first().copied().zip(values.last().copied())
    }
}

/// Runs every scenario under its seeds, on all processors.
fn run_all() -> Vec<Scores> {
    let jobs = (0..SCENARIOS.len()).flat_map(|scenario| (0..RUNS).map(move |run| (scenario, run)));
    let jobs = Mutex::new(jobs);
    let found = Mutex::new(vec![vec![None; RUNS as usize]; SCENARIOS.len()]);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let Some((scenario, run)) = jobs.lock().unwrap().next() else { break };
                    let score = play(&SCENARIOS[scenario], SCENARIOS[scenario].seed + 100 * run);
                    found.lock().unwrap()[scenario][run as usize] = Some(score);
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    found.into_iter().map(|scores| Scores(scores.into_iter().flatten().collect())).collect()
}

fn play(scenario: &Scenario, seed: u64) -> Score {
    let mut world = World::new(seed, common::network::Weather::FAIR);
    for number in 0..=scenario.people as u32 {
        let (client, offer) = Client::with_layers(world.now, number);
        let index = world.join_as(1, client, offer, 1, &common::ALL);
        let client = &mut world.clients[index];
        client.sends_video = number > 0;
        client.sends_audio = number == 1;
        client.redundant = true;
        client.level = -20;
    }
    let address = world.clients[0].address;
    world.run_until(60 * SECOND, |world| world.clients.iter().all(|client| client.channel.is_some()));
    world.network.links.insert(address, (scenario.link)());
    let tile = |of: usize| (world.clients[of].id, Source::Camera, 720, 1);
    let tiles: Vec<_> = (1..=scenario.people).map(tile).collect();
    world.clients[0].wish_sized(&tiles);
    for of in 1..=scenario.people {
        world.clients[of].wish_sized(&[]);
    }
    course(&mut world, WARM, scenario.name);
    let (begin, first_voice) = (world.now, world.clients[1].next_voice());
    let before = world.network.links[&address].carried;
    let wanted = scenario.people as f64 * 1_500_000.0 + 80_000.0;
    let mut usable = 0.0;
    let mut rate = world.network.links[&address].rate;
    let mut passed = 0;
    for (at, next) in scenario.rates.iter().copied().chain([(scenario.seconds, 0)]) {
        course(&mut world, SECOND * (at - passed) as u32, scenario.name);
        usable += wanted.min(rate as f64) * (at - passed) as f64 / 8.0;
        (passed, rate) = (at, next);
        if next > 0 {
            world.network.links.get_mut(&address).unwrap().rate = next;
        }
    }
    let end = world.now;
    let last_voice = world.clients[1].next_voice() - 50;
    let carried = (world.network.links[&address].carried - before) as f64;
    let seconds = (end - begin).as_secs_f64();
    let heard = (first_voice..last_voice).filter(|frame| world.clients[0].heard.contains(&(1, *frame))).count();
    let pictures: Vec<Vec<ShownFrame>> = (1..=scenario.people).map(|of| shown(&world, of)).collect();
    let flowing: Vec<&Vec<ShownFrame>> =
        pictures.iter().filter(|frames| frames.last().is_some_and(|last| end - last.at < SECOND)).collect();
    let switches: usize = pictures
        .iter()
        .map(|frames| frames.windows(2).filter(|pair| pair[1].at > begin && pair[0].layer != pair[1].layer).count())
        .sum();
    let sharp = |from: Instant| {
        let last_dull = pictures.iter().flatten().filter(|frame| frame.layer < 2).map(|frame| frame.at).max();
        last_dull.map_or(0.0, |at| at.saturating_duration_since(from).as_secs_f64())
    };
    Score([
        Some(100.0 * heard as f64 / f64::from(last_voice - first_voice)),
        Some((1..=scenario.people).map(|of| longest_still(&world, of, begin, end)).fold(0.0, f64::max)),
        scenario.recovers.map(|at| sharp(begin + SECOND * at as u32)),
        Some(100.0 * carried / usable),
        Some(switches as f64 * 60.0 / seconds / scenario.people as f64),
        Some(flowing.len() as f64),
    ])
}

/// Lets time pass; says how it goes when asked to.
fn course(world: &mut World, time: Duration, name: &str) {
    let end = world.now + time;
    while world.now < end {
        world.run(Duration::from_millis(500).min(end - world.now));
        if std::env::var("SCOREBOARD").is_ok_and(|value| value == "course") {
            let layers: Vec<String> = (1..world.clients.len())
                .map(|of| {
                    let frames = shown(world, of);
                    let flows = |last: &&ShownFrame| world.now - last.at < SECOND;
                    frames.last().filter(flows).map_or("-".into(), |last| last.layer.to_string())
                })
                .collect();
            let carried = world.network.links.values().map(|link| link.carried).sum::<u64>();
            let at = (world.now - world.start).as_secs_f64();
            println!("{name}: {at:.1} s, layers {}, {carried} bytes", layers.join(" "));
        }
    }
}

fn shown(world: &World, of: usize) -> Vec<ShownFrame> {
    let frames = world.clients[0].players.values().flat_map(|player| &player.shown);
    let mut frames: Vec<_> = frames.filter(|frame| frame.publisher == of as u32).copied().collect();
    frames.sort_by_key(|frame| frame.at);
    frames
}

/// The longest time without a new frame while the watcher was not told that the picture is paused, in
/// seconds.
fn longest_still(world: &World, of: usize, begin: Instant, end: Instant) -> f64 {
    let picture = world.clients[of].id;
    let events = world.clients[0].events.iter().filter_map(|(at, event)| match event {
        MediaEvent::Paused { tiles } => Some((*at, tiles.iter().any(|tile| tile.participant == picture))),
        _ => None,
    });
    // What is seen: a frame, the word that it is paused or no longer, the end.
    let mut seen: Vec<(Instant, Option<bool>)> = events.map(|(at, paused)| (at, Some(paused))).collect();
    seen.extend(shown(world, of).iter().map(|frame| (frame.at, None)));
    seen.push((end, None));
    seen.sort();
    let (mut last, mut paused, mut longest) = (begin, false, Duration::ZERO);
    for (at, change) in seen {
        if !paused && at > begin {
            longest = longest.max(at - last.max(begin));
        }
        // A word that changes nothing is no news of the picture.
        if change.is_none_or(|now_paused| now_paused != paused) {
            last = at;
        }
        paused = change.unwrap_or(paused);
    }
    longest.as_secs_f64()
}

/// The middle of each cell and, where the runs differ, the least and the most.
fn row(name: &str, scores: &Scores) -> String {
    let cell = |(cell, (unit, decimals)): (usize, &(&str, usize))| {
        let Some((usual, (least, most))) = scores.usual(cell).zip(scores.bounds(cell)) else { return "–".to_owned() };
        let number = |value: f64| format!("{value:.decimals$}");
        let range = format!("{}–{}", number(least), number(most));
        let range = if number(least) == number(most) { String::new() } else { format!(" ({range})") };
        format!("{}{unit}{range}", number(usual))
    };
    let cells: Vec<String> = FORMATS.iter().enumerate().map(cell).collect();
    format!("| {name} | {} |", cells.join(" | "))
}

/// Unit and decimals of each cell.
const FORMATS: [(&str, usize); CELLS] = [(" %", 1), (" s", 1), (" s", 1), (" %", 0), ("", 1), ("", 0)];

/// The committed table.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/scoreboard.md");
/// Where the table begins in it.
const HEAD: &str = "| network | sound heard | still | sharp again after | link used | changes a minute | pictures at the end |\n|---|---|---|---|---|---|---|\n";

/// How far the middle of a cell may be from the committed one: by so much, or by the third part of it.
const TOLERANCES: [f64; CELLS] = [0.6, 0.8, 2.5, 8.0, 6.0, 0.0];

#[test]
fn the_table_is_what_the_forwarder_does() {
    let scores: Vec<(&str, Scores)> = SCENARIOS.iter().map(|scenario| scenario.name).zip(run_all()).collect();
    let rows: String = scores.iter().map(|(name, scores)| row(name, scores) + "\n").collect();
    println!("{rows}");
    for ((name, scores), scenario) in scores.iter().zip(&SCENARIOS) {
        let [audio, still, used] = [scenario.audio, scenario.still, 80.0];
        assert!(scores.bounds(Score::AUDIO).unwrap().0 >= audio, "{name}: sound");
        assert!(scores.usual(Score::STILL).unwrap() <= still, "{name}: still");
        assert!(scores.usual(Score::RECOVERY).is_none_or(|seconds| seconds <= 8.0), "{name}: recovery");
        assert!(scores.usual(Score::USED).unwrap() >= used, "{name}: used");
        assert!(scores.usual(Score::CHANGES).unwrap() <= scenario.changes, "{name}: changes");
    }
    let text = std::fs::read_to_string(FILE).unwrap();
    let (intro, table) = text.split_once(HEAD).expect("the table's head");
    if std::env::var("SCOREBOARD").is_ok_and(|value| value == "write") {
        std::fs::write(FILE, format!("{intro}{HEAD}{rows}")).unwrap();
        return;
    }
    assert_eq!(table.lines().count(), rows.lines().count(), "run with SCOREBOARD=write");
    for (committed, found) in table.lines().zip(rows.lines()) {
        for (place, tolerance) in TOLERANCES.iter().enumerate() {
            let alike = match (number(committed, place + 2), number(found, place + 2)) {
                (Some(committed), Some(found)) => {
                    let part = if *tolerance > 0.0 { committed / 3.0 } else { 0.0 };
                    (committed - found).abs() <= tolerance.max(part)
                }
                (committed, found) => committed == found,
            };
            assert!(
                alike,
                "committed: {committed}\nfound:     {found}\nrun with SCOREBOARD=write to commit what it does now"
            );
        }
    }
}

/// The first number in a cell of a row; none where there is a dash.
fn number(row: &str, cell: usize) -> Option<f64> {
    row.split('|').nth(cell)?.split_whitespace().next()?.parse().ok()
}
