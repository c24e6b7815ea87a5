//! One participant: a real connection, of whose media only as much is looked at as is measured.

use std::{
    collections::HashMap,
    io::{IoSliceMut, Result as IoResult},
    net::{SocketAddr, UdpSocket},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use protocol::{
    id::ParticipantId,
    media::{CHANNEL, MediaEvent, MediaRequest, Slot, Source, Wish},
    region::SessionAnswer,
    signal::{MediaOffer, TrackOffer},
};
use quinn_udp::{RecvMeta, UdpSocketState};
use str0m::{
    Candidate, Event, Input, Output, Rtc,
    change::{SdpAnswer, SdpPendingOffer},
    format::Codec,
    media::{Direction, MediaKind, Mid, Pt},
    net::{Protocol, Receive},
    rtp::{ExtensionValues, RtpWrite},
};

use crate::{
    Outcome, SPEAKERS,
    camera::{self, Camera},
    delays::Delays,
};

const AUDIO_SLOTS: usize = 4;
const VOICE_EVERY: Duration = Duration::from_millis(20);
/// With discontinuous transmission, silence is said this rarely (RFC 7587 §3.1.3).
const SILENCE_EVERY: Duration = Duration::from_millis(400);
const PICTURE_EVERY: Duration = Duration::from_micros(33_333);
/// Bytes of an Opus packet of 32 kbit/s.
const VOICE_BYTES: usize = 80;
/// Levels of speech, of its pauses and of silence, in dBov (RFC 6464).
const SPEECH: i8 = -18;
const PAUSE: i8 = -70;
const SILENCE: i8 = -90;

/// Buffers that all clients receive into.
pub(crate) struct Buffers {
    bytes: Vec<u8>,
    metas: [RecvMeta; Self::BUFFERS],
}

impl Buffers {
    const BUFFERS: usize = 8;
    /// The kernel may join datagrams of one sender.
    const BYTES: usize = 65_536;

    pub(crate) fn new() -> Self {
        Self { bytes: vec![0; Self::BUFFERS * Self::BYTES], metas: [RecvMeta::default(); Self::BUFFERS] }
    }
}

/// What somebody does with their microphone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    Speaks,
    Silent,
    Muted,
}

pub(crate) struct Client {
    pub(crate) number: usize,
    pub(crate) socket: UdpSocket,
    pub(crate) began: Instant,
    pub(crate) connected: bool,
    /// When it could be told things.
    pub(crate) complete: Option<Instant>,
    /// Whether that was noted.
    pub(crate) is_noted: bool,
    /// Packets received of each speaker's voice, and of the first one's camera.
    pub(crate) voices: [u64; SPEAKERS],
    pub(crate) pictures: u64,
    /// Packets sent of the own voice, and of the lowest layer of the own camera.
    pub(crate) voices_sent: u64,
    pub(crate) pictures_sent: u64,
    pub(crate) due: Instant,
    state: UdpSocketState,
    address: SocketAddr,
    is_whole: bool,
    voice: Voice,
    rtc: Rtc,
    pending: Option<SdpPendingOffer>,
    microphone: Mid,
    camera: Mid,
    /// Sections that it never sends on.
    idle: Vec<Mid>,
    layers: Option<Camera>,
    next_voice: Instant,
    next_picture: Instant,
    voice_number: u64,
    /// The stream of each slot.
    streams: HashMap<String, u32>,
    /// What comes on a stream: whose, and whether it is a voice.
    carried: HashMap<u32, (usize, bool)>,
}

impl Client {
    pub(crate) fn new(number: usize, is_whole: bool, voice: Voice, video_slots: usize) -> Outcome<(Self, MediaOffer)> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        let state = UdpSocketState::new((&socket).into())?;
        let address = socket.local_addr()?;
        let now = Instant::now();
        let mut rtc =
            Rtc::builder().clear_codecs().enable_opus(true, false).enable_vp8(true).set_rtp_mode(true).build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp")?);
        let mut change = rtc.sdp_api();
        let microphone = change.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let camera = change.add_media(MediaKind::Video, Direction::SendOnly, None, None, Some(Camera::simulcast()));
        let screen = change.add_media(MediaKind::Video, Direction::SendOnly, None, None, None);
        let sound = change.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        // Nobody shows a screen, and on slots nobody sends.
        let mut idle = vec![screen, sound];
        for (kind, count) in [(MediaKind::Audio, AUDIO_SLOTS), (MediaKind::Video, video_slots)] {
            for _ in 0..count {
                idle.push(change.add_media(kind, Direction::RecvOnly, None, None, None));
            }
        }
        change.add_channel(CHANNEL.into());
        let (offer, pending) = change.apply().ok_or("nothing to offer")?;
        let sources = [
            (microphone, Source::Microphone),
            (camera, Source::Camera),
            (screen, Source::Screen),
            (sound, Source::ScreenAudio),
        ];
        let tracks = sources
            .into_iter()
            .map(|(mid, source)| Ok(TrackOffer { mid: mid.to_string().parse().map_err(|_| "mid")?, source }))
            .collect::<Outcome<_>>()?;
        let sdp = offer.to_sdp_string().parse().map_err(|_| "the offer is too long")?;
        let client = Self {
            number,
            socket,
            began: now,
            connected: false,
            complete: None,
            is_noted: false,
            voices: [0; SPEAKERS],
            pictures: 0,
            voices_sent: 0,
            pictures_sent: 0,
            due: now,
            state,
            address,
            is_whole,
            voice,
            rtc,
            pending: Some(pending),
            microphone,
            camera,
            idle,
            layers: (number == 0).then(Camera::new),
            next_voice: now,
            next_picture: now,
            voice_number: 0,
            streams: HashMap::new(),
            carried: HashMap::new(),
        };
        Ok((client, MediaOffer { sdp, tracks }))
    }

    pub(crate) fn id(number: usize) -> ParticipantId {
        ParticipantId(uuid::Uuid::from_u128(u128::try_from(number).unwrap_or_default() + 1))
    }

    pub(crate) fn answered(&mut self, answer: &SessionAnswer) -> Outcome<()> {
        let pending = self.pending.take().ok_or("answered twice")?;
        self.streams = streams(answer.sdp.as_str());
        self.note_slots(&answer.slots);
        let known = SdpAnswer::from_sdp_string(&without_streams(answer.sdp.as_str()))?;
        self.rtc.sdp_api().accept_answer(pending, known)?;
        self.remove_idle();
        self.due = Instant::now();
        Ok(())
    }

    /// Forgets the streams that it never sends on: a browser does not report on those.
    fn remove_idle(&mut self) {
        let microphone = (self.voice == Voice::Muted).then_some((self.microphone, None));
        let camera = Camera::rids().map(|rid| (self.camera, Some(rid))).filter(|_| self.layers.is_none());
        let others = self.idle.drain(..).map(|mid| (mid, None));
        let mut api = self.rtc.direct_api();
        for (mid, rid) in microphone.into_iter().chain(camera).chain(others) {
            if let Some(idle) = api.stream_tx_by_mid(mid, rid).map(|stream| stream.ssrc()) {
                api.remove_stream_tx(idle);
            }
        }
    }

    fn note_slots(&mut self, slots: &[Slot]) {
        for slot in slots {
            let Some(stream) = self.streams.get(slot.mid.as_str()) else { continue };
            let of = slot.track.as_ref().and_then(|track| {
                let number = usize::try_from(track.participant.0.as_u128()).ok()?.checked_sub(1)?;
                Some((number, track.source.is_audio()))
            });
            match of {
                Some(of) => self.carried.insert(*stream, of),
                None => self.carried.remove(stream),
            };
        }
    }

    /// Takes what has come.
    pub(crate) fn receive(&mut self, buffers: &mut Buffers, delays: &mut Delays) -> Outcome<()> {
        let Buffers { bytes, metas } = buffers;
        let filled = receive(&self.state, &self.socket, bytes, metas)?;
        let (clock, now) = (now_of_day(), Instant::now());
        for (buffer, meta) in bytes.chunks(Buffers::BYTES).zip(metas).take(filled) {
            let came = meta.timestamp.unwrap_or(clock);
            let lag = clock.saturating_sub(came);
            let datagrams = buffer.get(..meta.len).unwrap_or_default();
            for datagram in datagrams.chunks(meta.stride.max(1)) {
                let packet = stream(datagram);
                if let Some(stream) = packet.filter(|_| !self.is_whole && self.complete.is_some()) {
                    if let Some((of, is_voice)) = self.carried.get(&stream).copied() {
                        self.count(of, is_voice);
                    }
                    continue;
                }
                let Ok(contents) = datagram.try_into() else { continue };
                let receive = Receive { proto: Protocol::Udp, source: meta.addr, destination: self.address, contents };
                self.rtc.handle_input(Input::Receive(now.checked_sub(lag).unwrap_or(now), receive))?;
                self.drain(came, delays)?;
            }
        }
        Ok(())
    }

    fn count(&mut self, of: usize, is_voice: bool) {
        match self.voices.get_mut(of) {
            Some(count) if is_voice => *count += 1,
            _ => self.pictures += u64::from(!is_voice && of == 0),
        }
    }

    /// Sends what is due, and lets time pass.
    pub(crate) fn turn(&mut self, now: Instant, delays: &mut Delays) -> Outcome<()> {
        let sent = self.complete.is_some() && self.send(now);
        if sent || self.due <= now {
            self.rtc.handle_input(Input::Timeout(now))?;
            self.drain(now_of_day(), delays)?;
        }
        Ok(())
    }

    /// When there is something to send.
    pub(crate) fn sends_at(&self) -> Option<Instant> {
        let picture = self.layers.as_ref().map(|_| self.next_picture);
        let voice = (self.voice != Voice::Muted).then_some(self.next_voice);
        [picture, voice].into_iter().flatten().min().filter(|_| self.complete.is_some())
    }

    fn send(&mut self, now: Instant) -> bool {
        let picture = self.layers.is_some() && self.next_picture <= now;
        let voice = self.voice != Voice::Muted && self.next_voice <= now;
        if picture {
            self.next_picture += PICTURE_EVERY;
            let (pt, timestamp) = (self.payload_type(Codec::Vp8), self.ticks(now, 90));
            if let Some((layers, pt)) = self.layers.as_mut().zip(pt) {
                self.pictures_sent += layers.send(now, &mut self.rtc, self.camera, pt, timestamp);
            }
        }
        if voice {
            self.next_voice += if self.voice == Voice::Speaks { VOICE_EVERY } else { SILENCE_EVERY };
            self.send_voice(now);
        }
        picture || voice
    }

    fn send_voice(&mut self, now: Instant) {
        let Some(pt) = self.payload_type(Codec::Opus) else { return };
        self.voice_number += 1;
        // Speech has pauses: 400 ms every five seconds.
        let level = match self.voice {
            Voice::Speaks if self.voice_number % 250 < 20 => PAUSE,
            Voice::Speaks => SPEECH,
            Voice::Silent | Voice::Muted => SILENCE,
        };
        let mut payload = u32::try_from(self.number).unwrap_or(u32::MAX).to_be_bytes().to_vec();
        payload.extend(u64::try_from(now_of_day().as_nanos()).unwrap_or_default().to_be_bytes());
        payload.resize(VOICE_BYTES, 0);
        let extensions = ExtensionValues { audio_level: Some(level), ..ExtensionValues::default() };
        let write = RtpWrite::new(pt, self.voice_number.into(), self.ticks(now, 48), now, payload).ext_vals(extensions);
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(self.microphone, None) {
            stream.write_rtp(write);
            self.voices_sent += 1;
        }
    }

    fn payload_type(&self, codec: Codec) -> Option<Pt> {
        self.rtc.codec_config().find(|params| params.spec().codec == codec).map(|params| params.pt())
    }

    /// RTP time, at so many ticks a millisecond.
    fn ticks(&self, now: Instant, per_millisecond: u128) -> u32 {
        let ticks = now.duration_since(self.began).as_millis() * per_millisecond;
        u32::try_from(ticks & u128::from(u32::MAX)).unwrap_or_default()
    }

    fn drain(&mut self, came: Duration, delays: &mut Delays) -> Outcome<()> {
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(at) => {
                    self.due = at;
                    return Ok(());
                }
                Output::Transmit(transmit) => {
                    // What the kernel does not take is lost, as on any network.
                    let _ = self.socket.send_to(&transmit.contents, transmit.destination);
                }
                Output::Event(event) => self.happened(event, came, delays)?,
            }
        }
    }

    fn happened(&mut self, event: Event, came: Duration, delays: &mut Delays) -> Outcome<()> {
        match event {
            Event::Connected => self.connected = true,
            Event::ChannelOpen(channel, _) => {
                self.wish(channel)?;
                let now = Instant::now();
                self.complete = Some(now);
                // Nobody begins to speak at the same moment.
                let apart = Duration::from_micros(6_700) * u32::try_from(self.number % 60).unwrap_or_default();
                (self.next_voice, self.next_picture) = (now + apart, now);
            }
            Event::ChannelData(data) => match serde_json::from_slice(&data.data)? {
                MediaEvent::Slots { slots } => self.note_slots(&slots),
                MediaEvent::Demands { tracks } => {
                    for demand in tracks.iter().filter(|demand| demand.source == Source::Camera) {
                        self.layers.iter_mut().for_each(|layers| layers.demanded(demand));
                    }
                }
                _ => {}
            },
            Event::KeyframeRequest(request) => {
                self.layers.iter_mut().for_each(|layers| layers.request(request.rid));
            }
            Event::RtpPacket(packet) => {
                let Some((of, is_voice)) = self.carried.get(&packet.header.ssrc).copied() else { return Ok(()) };
                if packet.payload.is_empty() {
                    return Ok(());
                }
                self.count(of, is_voice);
                let sent = packet.payload.get(4..12).and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
                if let Some(sent) = sent.filter(|_| is_voice) {
                    delays.note(came.saturating_sub(Duration::from_nanos(sent)));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Everybody wants the first one's camera, small.
    fn wish(&mut self, channel: str0m::channel::ChannelId) -> Outcome<()> {
        let tile = Wish { participant: Self::id(0), source: Source::Camera, height: camera::LOWEST, priority: 1 };
        let text = serde_json::to_string(&MediaRequest::Wishes { tiles: vec![tile] })?;
        self.rtc.channel(channel).ok_or("no channel")?.write(false, text.as_bytes())?;
        Ok(())
    }
}

fn receive(
    state: &UdpSocketState,
    socket: &UdpSocket,
    bytes: &mut [u8],
    metas: &mut [RecvMeta; Buffers::BUFFERS],
) -> IoResult<usize> {
    let mut buffers = bytes.chunks_mut(Buffers::BYTES);
    let mut slices: [IoSliceMut<'_>; Buffers::BUFFERS] =
        std::array::from_fn(|_| IoSliceMut::new(buffers.next().unwrap_or_default()));
    match state.recv(socket.into(), &mut slices, metas) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(0),
        received => received,
    }
}

/// The stream of a datagram that is an RTP packet (RFC 7983 §7, RFC 5761 §4).
fn stream(datagram: &[u8]) -> Option<u32> {
    let [first, second, ..] = datagram else { return None };
    let is_rtp = (128..192).contains(first) && !(192..224).contains(second);
    Some(u32::from_be_bytes(datagram.get(8..12).filter(|_| is_rtp)?.try_into().ok()?))
}

/// A description that names no streams. str0m reports on all that it knows at once, also on those that
/// nothing came on; a browser reports on each by itself (libwebrtc has an RTCP sender for each stream).
fn without_streams(sdp: &str) -> String {
    sdp.split_inclusive('\n').filter(|line| !line.starts_with("a=ssrc")).collect()
}

/// The first stream of each section of an answer (RFC 5576 §4.1).
fn streams(sdp: &str) -> HashMap<String, u32> {
    let mut streams = HashMap::new();
    let mut section = "";
    for line in sdp.lines() {
        if let Some(mid) = line.strip_prefix("a=mid:") {
            section = mid;
        }
        let stream = line.strip_prefix("a=ssrc:").and_then(|rest| rest.split(' ').next()?.parse().ok());
        if let Some(stream) = stream {
            streams.entry(section.to_owned()).or_insert(stream);
        }
    }
    streams
}

fn now_of_day() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
