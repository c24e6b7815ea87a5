//! All participants, served by one thread.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use rustix::{
    event::{Timespec, epoll},
    fd::OwnedFd,
};

use crate::{
    Outcome, SPEAKERS,
    client::{Buffers, Client, Voice},
    delays::Delays,
    region::{Answer, Region},
};

/// The pause of the loop: packets that came meanwhile are taken together.
const TURN: Duration = Duration::from_millis(2);
/// How long joining may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// One in this many who do not speak is unmuted.
const UNMUTED: usize = 10;

pub(crate) struct Hall {
    clients: Vec<Client>,
    ready: OwnedFd,
    buffers: Buffers,
    delays: Delays,
    whole: usize,
    video_slots: usize,
    /// From offer to answer, and from offer to the open data channel.
    answers: Vec<Duration>,
    completions: Vec<Duration>,
    /// How many clients stood when something was forgotten last.
    looked_at: usize,
    /// Of the speakers, when something was forgotten last.
    sent_before: Vec<(u64, u64)>,
}

impl Hall {
    pub(crate) fn new(whole: usize, video_slots: usize) -> Outcome<Self> {
        Ok(Self {
            clients: Vec::new(),
            ready: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            buffers: Buffers::new(),
            delays: Delays::new(),
            whole,
            video_slots,
            answers: Vec::new(),
            completions: Vec::new(),
            looked_at: 0,
            sent_before: vec![(0, 0); SPEAKERS],
        })
    }

    /// Lets people in, so many at once; says how long it took until all were there.
    pub(crate) fn open(&mut self, region: &Region, count: usize, at_once: usize) -> Outcome<Duration> {
        let began = Instant::now();
        let most = self.clients.len() + count;
        let mut waiting: VecDeque<(usize, Answer)> = VecDeque::new();
        while self.clients.len() < most || !waiting.is_empty() || !self.is_complete() {
            while self.clients.len() < most && waiting.len() < at_once {
                let number = self.clients.len();
                let offer = self.add(number)?;
                waiting.push_back((number, region.open(Client::id(number), offer)?));
            }
            for _ in 0..waiting.len() {
                let Some((number, answer)) = waiting.pop_front() else { break };
                if answer.is_finished() {
                    let answer = region.answer(answer)?;
                    let Some(client) = self.clients.get_mut(number) else { continue };
                    client.answered(&answer)?;
                    self.answers.push(client.began.elapsed());
                } else {
                    waiting.push_back((number, answer));
                }
            }
            self.turn()?;
            if began.elapsed() > PATIENCE {
                eprintln!("not all joined: {} of {most} have", self.connected());
                break;
            }
        }
        Ok(began.elapsed())
    }

    fn add(&mut self, number: usize) -> Outcome<protocol::signal::MediaOffer> {
        let voice = match number {
            speaker if speaker < SPEAKERS => Voice::Speaks,
            other if other % UNMUTED == 0 => Voice::Silent,
            _ => Voice::Muted,
        };
        let (client, offer) = Client::new(number, number.is_multiple_of(self.whole), voice, self.video_slots)?;
        let data = epoll::EventData::new_u64(u64::try_from(number)?);
        epoll::add(&self.ready, &client.socket, data, epoll::EventFlags::IN)?;
        self.clients.push(client);
        Ok(offer)
    }

    pub(crate) fn run(&mut self, time: Duration) -> Outcome<()> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.turn()?;
        }
        Ok(())
    }

    pub(crate) fn run_until(&mut self, within: Duration, holds: impl Fn(&Self) -> bool) -> Outcome<()> {
        let end = Instant::now() + within;
        while !holds(self) && Instant::now() < end {
            self.turn()?;
        }
        Ok(())
    }

    fn turn(&mut self) -> Outcome<()> {
        let began = Instant::now();
        let mut events = Vec::with_capacity(1024);
        let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
        epoll::wait(&self.ready, rustix::buffer::spare_capacity(&mut events), Some(&at_once))?;
        for event in events {
            let number = usize::try_from(event.data.u64())?;
            if let Some(client) = self.clients.get_mut(number) {
                client.receive(&mut self.buffers, &mut self.delays)?;
            }
        }
        let now = Instant::now();
        for client in &mut self.clients {
            if client.due <= now || client.sends_at().is_some_and(|at| at <= now) {
                client.turn(now, &mut self.delays)?;
            }
            if !client.is_noted
                && let Some(at) = client.complete
            {
                client.is_noted = true;
                self.completions.push(at - client.began);
            }
        }
        std::thread::sleep(TURN.saturating_sub(began.elapsed()));
        Ok(())
    }

    /// Whether everybody is connected and can be told things.
    pub(crate) fn is_complete(&self) -> bool {
        self.clients.iter().all(|client| client.complete.is_some())
    }

    pub(crate) fn connected(&self) -> usize {
        self.clients.iter().filter(|client| client.connected).count()
    }

    pub(crate) fn delays(&self) -> &Delays {
        &self.delays
    }

    /// How long each join took.
    pub(crate) fn joins(&self) -> String {
        let text = |times: &[Duration]| {
            let mut times = times.to_vec();
            times.sort();
            let at = |part: usize| times.get((times.len().saturating_sub(1)) * part / 100).copied().unwrap_or_default();
            format!("p50 {} ms, p99 {} ms", at(50).as_millis(), at(99).as_millis())
        };
        format!("answered {}; connected with an open channel {}", text(&self.answers), text(&self.completions))
    }

    /// Begins to count anew.
    pub(crate) fn forget(&mut self) {
        self.delays = Delays::new();
        self.answers.clear();
        self.completions.clear();
        self.looked_at = self.clients.len();
        for client in &mut self.clients {
            client.voices = [0; SPEAKERS];
            client.pictures = 0;
        }
        self.sent_before =
            self.clients.iter().take(SPEAKERS).map(|client| (client.voices_sent, client.pictures_sent)).collect();
    }

    /// Who heard how much of each speaker, and saw of the first one's camera.
    pub(crate) fn heard(&self) -> Vec<String> {
        let speakers = self.clients.iter().take(SPEAKERS).zip(&self.sent_before).enumerate();
        let mut lines: Vec<String> = speakers
            .map(|(of, (speaker, (before, _)))| {
                let sent = speaker.voices_sent - before;
                let got = |client: &Client| client.voices.get(of).copied().unwrap_or_default();
                format!("voice {}: {}", of + 1, self.share(of, sent, got))
            })
            .collect();
        if let (Some(first), Some((_, before))) = (self.clients.first(), self.sent_before.first()) {
            let sent = first.pictures_sent - before;
            lines.push(format!("camera, lowest layer: {}", self.share(0, sent, |client| client.pictures)));
        }
        lines
    }

    fn share(&self, of: usize, sent: u64, got: impl Fn(&Client) -> u64) -> String {
        let others: Vec<u64> = self.clients.iter().filter(|client| client.number != of).map(got).collect();
        let part = |count: u64| 100.0 * count as f64 / sent.max(1) as f64;
        let least = others.iter().min().copied().unwrap_or_default();
        let mean = others.iter().sum::<u64>() / u64::try_from(others.len().max(1)).unwrap_or(u64::MAX);
        let (reached, all) = (others.iter().filter(|count| **count > 0).count(), others.len());
        format!(
            "{sent} packets; reached {reached} of {all}, on average {:.1} %, least {:.1} %",
            part(mean),
            part(least)
        )
    }
}
