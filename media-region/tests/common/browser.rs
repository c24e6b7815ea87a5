//! A browser of the tests: one str0m on a real socket, which sends numbered packets and keeps what
//! it receives.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    time::{Duration, Instant},
};

use protocol::{
    id::ParticipantId,
    media::Source,
    region::{OpenSession, SessionAnswer, TicketAction, TicketClaims},
    signal::{MediaOffer, TrackOffer},
};
use sfu::framing::{self, Frames};
use str0m::{
    Candidate, Event, Input, Output, Rtc,
    change::{SdpAnswer, SdpPendingOffer},
    format::Codec,
    media::{Direction, MediaKind, Mid},
    net::{Protocol, Receive, TcpType},
    rtp::RtpWrite,
};
use tokio::net::{TcpStream, UdpSocket};

use super::{PATIENCE, Region, key, participant, sign, ticket};

/// Bytes of a video payload: with every header still below Fly's 1300.
const VIDEO_BYTES: usize = 1100;
const EVERY: Duration = Duration::from_millis(10);

/// What carries its packets.
enum Wire {
    Udp(UdpSocket),
    Tcp { stream: TcpStream, peer: SocketAddr, frames: Frames, unsent: Vec<u8> },
}

impl Wire {
    fn receive(&mut self) -> Option<(Protocol, SocketAddr, Vec<u8>)> {
        let mut buffer = [0; 2048];
        match self {
            Self::Udp(socket) => {
                let (length, source) = socket.try_recv_from(&mut buffer).ok()?;
                Some((Protocol::Udp, source, buffer[..length].to_vec()))
            }
            Self::Tcp { stream, peer, frames, .. } => loop {
                if let Some(frame) = frames.take().unwrap() {
                    return Some((Protocol::Tcp, *peer, frame.to_vec()));
                }
                let length = stream.try_read(&mut buffer).ok().filter(|length| *length > 0)?;
                frames.push(&buffer[..length]);
            },
        }
    }

    /// What the kernel does not take is lost on UDP, as on any network, and waits on TCP.
    fn send(&mut self, destination: SocketAddr, contents: &[u8]) {
        match self {
            Self::Udp(socket) => drop(socket.try_send_to(contents, destination)),
            Self::Tcp { stream, unsent, .. } => {
                framing::append(unsent, contents);
                if let Ok(length) = stream.try_write(unsent) {
                    unsent.drain(..length);
                }
            }
        }
    }
}

/// A packet by its publisher, whether it is voice, and its number.
pub type Packet = (u8, bool, u32);

pub struct Browser {
    pub number: u8,
    pub connected: bool,
    pub closed: bool,
    pub received: BTreeSet<Packet>,
    pub longest_datagram: usize,
    /// Video packets in each burst; none before the other side listens.
    pub burst: u8,
    /// Whether it takes what came.
    pub reads: bool,
    rtc: Rtc,
    wire: Wire,
    address: SocketAddr,
    microphone: Mid,
    camera: Mid,
    pending: Option<SdpPendingOffer>,
    next: Instant,
    sent: u32,
    video_sequence: u64,
}

impl Browser {
    pub async fn offer(number: u8) -> (Self, MediaOffer) {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        Self::on(number, Wire::Udp(socket), Candidate::host(address, "udp").unwrap())
    }

    /// One whose network lets no UDP through (RFC 6544).
    pub async fn offer_tcp(region: &Region, number: u8) -> (Self, MediaOffer) {
        let stream = TcpStream::connect(region.tcp.unwrap()).await.unwrap();
        let address = stream.local_addr().unwrap();
        let candidate = Candidate::builder().tcp().host(address).tcptype(TcpType::Active).build().unwrap();
        // Once the other end is gone the socket does not know it any more, and may still have what it sent.
        let peer = stream.peer_addr().unwrap();
        Self::on(number, Wire::Tcp { stream, peer, frames: Frames::default(), unsent: Vec::new() }, candidate)
    }

    fn on(number: u8, wire: Wire, candidate: Candidate) -> (Self, MediaOffer) {
        let address = candidate.addr();
        let now = Instant::now();
        let mut rtc = Rtc::builder().set_rtp_mode(true).build(now);
        rtc.add_local_candidate(candidate);
        let mut change = rtc.sdp_api();
        let microphone = change.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let camera = change.add_media(MediaKind::Video, Direction::SendOnly, None, None, None);
        for kind in [MediaKind::Audio, MediaKind::Audio, MediaKind::Video, MediaKind::Video] {
            change.add_media(kind, Direction::RecvOnly, None, None, None);
        }
        change.add_channel(protocol::media::CHANNEL.into());
        let (offer, pending) = change.apply().unwrap();
        let track = |mid: Mid, source| TrackOffer { mid: mid.to_string().parse().unwrap(), source };
        let offer = MediaOffer {
            sdp: offer.to_sdp_string().parse().unwrap(),
            tracks: vec![track(microphone, Source::Microphone), track(camera, Source::Camera)],
        };
        let browser = Self {
            number,
            connected: false,
            closed: false,
            received: BTreeSet::new(),
            longest_datagram: 0,
            burst: 4,
            reads: true,
            rtc,
            wire,
            address,
            microphone,
            camera,
            pending: Some(pending),
            next: now,
            sent: 0,
            video_sequence: 1,
        };
        (browser, offer)
    }

    /// A browser with a session in the region.
    pub async fn join(region: &Region, number: u8) -> Self {
        Self::joined(region, Self::offer(number).await).await
    }

    /// The same over TCP.
    pub async fn join_tcp(region: &Region, number: u8) -> Self {
        Self::joined(region, Self::offer_tcp(region, number).await).await
    }

    async fn joined(region: &Region, (mut browser, offer): (Self, MediaOffer)) -> Self {
        let token = sign(&key(), &browser.ticket(TicketAction::Open));
        let response =
            region.post("/v1/sessions").bearer_auth(token).json(&OpenSession { offer }).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, 201, "{text}");
        browser.answered(&serde_json::from_str(&text).unwrap());
        browser
    }

    pub fn id(&self) -> ParticipantId {
        participant(self.number.into())
    }

    pub fn ticket(&self, action: TicketAction) -> TicketClaims {
        TicketClaims { participant: self.id(), ..ticket(action) }
    }

    pub fn answered(&mut self, answer: &SessionAnswer) {
        let sdp = SdpAnswer::from_sdp_string(answer.sdp.as_str()).unwrap();
        self.rtc.sdp_api().accept_answer(self.pending.take().unwrap(), sdp).unwrap();
    }

    /// Everything that can be done now.
    pub fn turn(&mut self) {
        while let Some((proto, source, bytes)) = self.received() {
            self.longest_datagram = self.longest_datagram.max(bytes.len());
            let Ok(contents) = bytes.as_slice().try_into() else { continue };
            let receive = Receive { proto, source, destination: self.address, contents };
            self.rtc.handle_input(Input::Receive(Instant::now(), receive)).unwrap();
            self.drain();
        }
        let now = Instant::now();
        if self.connected && self.next <= now {
            self.next = now + EVERY;
            self.send(now);
        }
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.drain();
    }

    /// Bytes that are no frames.
    pub fn write(&mut self, bytes: &[u8]) {
        let Wire::Tcp { stream, unsent, .. } = &mut self.wire else { panic!("it came by UDP") };
        unsent.extend(bytes);
        stream.try_write(unsent).unwrap();
    }

    fn received(&mut self) -> Option<(Protocol, SocketAddr, Vec<u8>)> {
        if self.reads { self.wire.receive() } else { None }
    }

    fn send(&mut self, now: Instant) {
        self.sent += 1;
        let pt = |codec| self.rtc.codec_config().find(|params| params.spec().codec == codec).unwrap().pt();
        let (opus, vp8) = (pt(Codec::Opus), pt(Codec::Vp8));
        let voice = self.payload(true, self.sent);
        let write = RtpWrite::new(opus, u64::from(self.sent).into(), self.sent * 480, now, voice);
        self.rtc.direct_api().stream_tx_by_mid(self.microphone, None).unwrap().write_rtp(write);
        for piece in 0..self.burst {
            self.video_sequence += 1;
            let number = u32::try_from(self.video_sequence).unwrap();
            // A VP8 keyframe (RFC 7741 §4.2, RFC 6386 §9.1) in every burst: each can be switched to.
            let mut payload = vec![if piece == 0 { 0x10 } else { 0 }, 0];
            payload.extend(self.payload(false, number));
            let write = RtpWrite::new(vp8, self.video_sequence.into(), self.sent * 900, now, payload)
                .marker(piece + 1 == self.burst)
                .nackable(true);
            self.rtc.direct_api().stream_tx_by_mid(self.camera, None).unwrap().write_rtp(write);
        }
    }

    fn payload(&self, voice: bool, number: u32) -> Vec<u8> {
        let mut payload = vec![0; 10];
        payload.extend(b"packet");
        payload.push(self.number);
        payload.extend(number.to_be_bytes());
        payload.resize(if voice { 80 } else { VIDEO_BYTES }, 0);
        payload
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(_) => return,
                Output::Transmit(transmit) => {
                    self.wire.send(transmit.destination, &transmit.contents);
                }
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(Event::Closed) => self.closed = true,
                Output::Event(Event::RtpPacket(packet)) => {
                    let voice = packet.payload.len() < 100;
                    let Some(at) = packet.payload.windows(6).position(|bytes| bytes == b"packet") else { continue };
                    let body = &packet.payload[at + 6..];
                    let number = u32::from_be_bytes(body[1..5].try_into().unwrap());
                    self.received.insert((body[0], voice, number));
                }
                Output::Event(_) => {}
            }
        }
    }

    pub fn count_of(&self, publisher: u8, voice: bool) -> usize {
        self.received.iter().filter(|(of, is_voice, _)| (*of, *is_voice) == (publisher, voice)).count()
    }
}

/// Lets all browsers work until it is as wanted.
pub async fn until(browsers: &mut [Browser], what: &str, wanted: impl Fn(&[Browser]) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !wanted(browsers) {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        browsers.iter_mut().for_each(Browser::turn);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
