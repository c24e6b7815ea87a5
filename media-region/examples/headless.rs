//! People without a browser, for measurements of a call: WebRTC clients that publish pictures and
//! voices encoded before, over and over, and drop what they receive.
//!
//! One process is many people. Signaling is the caller's: it gives commands on standard input, one
//! JSON object a line ([`Command`]), and reads what happens on standard output ([`News`]). The
//! process ends with its input.
//!
//! `cargo run -p media-region --example headless -- FRAMES.json` (see [`Frames`]).

use std::{
    collections::BTreeMap,
    error::Error,
    io::{self, BufRead, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use protocol::{
    media::{CHANNEL, MediaRequest, Source},
    signal::{MediaOffer, TrackOffer},
};
use serde::{Deserialize, Serialize};
use str0m::{
    Candidate, Event, Input, Output, Rtc,
    change::{SdpAnswer, SdpPendingOffer},
    format::Codec,
    media::{Direction, MediaKind, Mid, Pt},
    net::{Protocol, Receive},
    rtp::{ExtensionValues, RtpWrite},
};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The pause of the loop; shorter than a packet of voice.
const TURN: Duration = Duration::from_millis(3);
const VOICE_EVERY: Duration = Duration::from_millis(20);
/// With discontinuous transmission, silence is said this rarely (RFC 7587 §3.1.3).
const SILENCE_EVERY: Duration = Duration::from_millis(400);
/// Bytes of a frame in one packet: with every header below 1200.
const PIECE_BYTES: usize = 1_100;
/// Levels of speech and of silence, in dBov (RFC 6464).
const SPEECH: i8 = -18;
const SILENCE: i8 = -90;
const AUDIO_SLOTS: usize = 4;

/// What everybody sends, in base64.
#[derive(Deserialize)]
struct Frames {
    /// VP8 frames; the first is a keyframe.
    pictures: Vec<String>,
    pictures_per_second: u32,
    /// Opus packets of 20 ms each.
    voice: Vec<String>,
    /// One of them without a voice.
    silence: String,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Command {
    /// A new person: answered by `offer`.
    Offer { person: u32 },
    /// The region's answer to it.
    Answer { person: u32, sdp: String },
    /// Begins or ends to speak.
    Speak { person: u32, on: bool },
    /// Gone.
    Close { person: u32 },
}

#[derive(Serialize)]
#[serde(tag = "news", rename_all = "snake_case")]
enum News {
    Offer { person: u32, offer: MediaOffer },
    Connected { person: u32 },
}

fn main() -> Outcome<()> {
    let path = std::env::args().nth(1).ok_or("name the file with the frames")?;
    let media = Media::read(&std::fs::read_to_string(path)?)?;
    let address = own_address();
    let commands = commands();
    let mut people: BTreeMap<u32, Person> = BTreeMap::new();
    loop {
        match commands.recv_timeout(TURN) {
            Ok(line) => obey(serde_json::from_str(&line)?, &mut people, address)?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        for (number, person) in &mut people {
            let was_connected = person.connected;
            person.turn(&media)?;
            if person.connected && !was_connected {
                say(&News::Connected { person: *number })?;
            }
        }
    }
}

fn commands() -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn obey(command: Command, people: &mut BTreeMap<u32, Person>, address: IpAddr) -> Outcome<()> {
    match command {
        Command::Offer { person } => {
            let (new, offer) = Person::offer(address)?;
            people.insert(person, new);
            say(&News::Offer { person, offer })
        }
        Command::Answer { person, sdp } => people.get_mut(&person).map_or(Ok(()), |person| person.answered(&sdp)),
        Command::Speak { person, on } => {
            if let Some(person) = people.get_mut(&person) {
                person.speaks = on;
            }
            Ok(())
        }
        Command::Close { person } => {
            people.remove(&person);
            Ok(())
        }
    }
}

fn say(news: &News) -> Outcome<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{}", serde_json::to_string(news)?)?;
    Ok(output.flush()?)
}

/// The address that this machine has towards others, else loopback: where a local region is reached.
fn own_address() -> IpAddr {
    let towards_others = || {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        // Sends nothing: it only asks for the route to an address kept for documents (RFC 5737).
        socket.connect((Ipv4Addr::new(203, 0, 113, 1), 9))?;
        socket.local_addr()
    };
    towards_others().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip())
}

/// [`Frames`], decoded.
struct Media {
    pictures: Vec<Vec<u8>>,
    picture_every: Duration,
    voice: Vec<Vec<u8>>,
    silence: Vec<u8>,
}

impl Media {
    fn read(text: &str) -> Outcome<Self> {
        let frames: Frames = serde_json::from_str(text)?;
        let decode =
            |texts: &[String]| texts.iter().map(|text| BASE64_STANDARD.decode(text)).collect::<Result<Vec<_>, _>>();
        let media = Self {
            pictures: decode(&frames.pictures)?,
            picture_every: Duration::from_secs(1)
                .checked_div(frames.pictures_per_second)
                .ok_or("no pictures a second")?,
            voice: decode(&frames.voice)?,
            silence: BASE64_STANDARD.decode(&frames.silence)?,
        };
        if media.pictures.is_empty() || media.voice.is_empty() { Err("no frames".into()) } else { Ok(media) }
    }
}

struct Person {
    rtc: Rtc,
    socket: UdpSocket,
    address: SocketAddr,
    microphone: Mid,
    camera: Mid,
    pending: Option<SdpPendingOffer>,
    connected: bool,
    speaks: bool,
    begun: Instant,
    due: Instant,
    next_picture: Instant,
    next_voice: Instant,
    pictures: Pictures,
    voices: u64,
}

/// Where somebody is in the pictures.
struct Pictures {
    keyframe_wanted: bool,
    next: usize,
    sent: u16,
    packets: u64,
}

impl Person {
    fn offer(address: IpAddr) -> Outcome<(Self, MediaOffer)> {
        let socket = UdpSocket::bind((address, 0))?;
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        let now = Instant::now();
        let mut rtc =
            Rtc::builder().clear_codecs().enable_opus(true, false).enable_vp8(true).set_rtp_mode(true).build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp")?);
        let mut change = rtc.sdp_api();
        let microphone = change.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let camera = change.add_media(MediaKind::Video, Direction::SendOnly, None, None, None);
        for _ in 0..AUDIO_SLOTS {
            change.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
        }
        change.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None);
        change.add_channel(CHANNEL.into());
        let (offer, pending) = change.apply().ok_or("nothing to offer")?;
        let track =
            |mid: Mid, source| Outcome::Ok(TrackOffer { mid: mid.to_string().parse().map_err(|_| "mid")?, source });
        let offer = MediaOffer {
            sdp: offer.to_sdp_string().parse().map_err(|_| "the offer is too long")?,
            tracks: vec![track(microphone, Source::Microphone)?, track(camera, Source::Camera)?],
        };
        let person = Self {
            rtc,
            socket,
            address,
            microphone,
            camera,
            pending: Some(pending),
            connected: false,
            speaks: false,
            begun: now,
            due: now,
            next_picture: now,
            next_voice: now,
            pictures: Pictures { keyframe_wanted: true, next: 0, sent: 0, packets: 0 },
            voices: 0,
        };
        Ok((person, offer))
    }

    fn answered(&mut self, sdp: &str) -> Outcome<()> {
        if let Some(pending) = self.pending.take() {
            self.rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(sdp)?)?;
        }
        Ok(())
    }

    /// Everything that can be done now.
    fn turn(&mut self, media: &Media) -> Outcome<()> {
        let mut buffer = [0; 2048];
        while let Ok((length, source)) = self.socket.recv_from(&mut buffer) {
            let Ok(contents) = buffer.get(..length).unwrap_or_default().try_into() else { continue };
            let receive = Receive { proto: Protocol::Udp, source, destination: self.address, contents };
            self.rtc.handle_input(Input::Receive(Instant::now(), receive))?;
            self.drain()?;
        }
        let now = Instant::now();
        let sent = self.connected && self.send(now, media);
        if sent || self.due <= now {
            self.rtc.handle_input(Input::Timeout(now))?;
            self.drain()?;
        }
        Ok(())
    }

    fn send(&mut self, now: Instant, media: &Media) -> bool {
        let (picture, voice) = (self.next_picture <= now, self.next_voice <= now);
        if picture {
            self.next_picture += media.picture_every;
            self.send_picture(now, media);
        }
        if voice {
            self.send_voice(now, media);
        }
        picture || voice
    }

    fn send_picture(&mut self, now: Instant, media: &Media) {
        let Some(pt) = self.payload_type(Codec::Vp8) else { return };
        if std::mem::take(&mut self.pictures.keyframe_wanted) {
            self.pictures.next = 0;
        }
        let Some(frame) = media.pictures.get(self.pictures.next) else { return };
        self.pictures.next = (self.pictures.next + 1) % media.pictures.len();
        self.pictures.sent = self.pictures.sent.wrapping_add(1) & 0x7fff;
        let [high, low] = self.pictures.sent.to_be_bytes();
        let timestamp = self.ticks(now, 90);
        let last = frame.len().div_ceil(PIECE_BYTES);
        for (place, piece) in frame.chunks(PIECE_BYTES).enumerate() {
            // A descriptor with a picture id of 15 bits (RFC 7741 §4.2).
            let mut payload = vec![if place == 0 { 0x90 } else { 0x80 }, 0x80, 0x80 | high, low];
            payload.extend_from_slice(piece);
            self.pictures.packets += 1;
            let write = RtpWrite::new(pt, self.pictures.packets.into(), timestamp, now, payload)
                .marker(place + 1 == last)
                .nackable(true);
            if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(self.camera, None) {
                stream.write_rtp(write);
            }
        }
    }

    fn send_voice(&mut self, now: Instant, media: &Media) {
        self.next_voice += if self.speaks { VOICE_EVERY } else { SILENCE_EVERY };
        let Some(pt) = self.payload_type(Codec::Opus) else { return };
        self.voices += 1;
        let place = usize::try_from(self.voices).unwrap_or_default().checked_rem(media.voice.len());
        let voice = if self.speaks { place.and_then(|place| media.voice.get(place)) } else { None };
        let extensions = ExtensionValues {
            audio_level: Some(if self.speaks { SPEECH } else { SILENCE }),
            voice_activity: Some(self.speaks),
            ..ExtensionValues::default()
        };
        let payload = voice.unwrap_or(&media.silence).clone();
        let write = RtpWrite::new(pt, self.voices.into(), self.ticks(now, 48), now, payload).ext_vals(extensions);
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(self.microphone, None) {
            stream.write_rtp(write);
        }
    }

    fn payload_type(&self, codec: Codec) -> Option<Pt> {
        self.rtc.codec_config().find(|params| params.spec().codec == codec).map(|params| params.pt())
    }

    /// RTP time, at so many ticks a millisecond.
    fn ticks(&self, now: Instant, per_millisecond: u128) -> u32 {
        let ticks = now.duration_since(self.begun).as_millis() * per_millisecond;
        u32::try_from(ticks & u128::from(u32::MAX)).unwrap_or_default()
    }

    fn drain(&mut self) -> Outcome<()> {
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
                Output::Event(event) => self.happened(event)?,
            }
        }
    }

    fn happened(&mut self, event: Event) -> Outcome<()> {
        match event {
            Event::Connected => {
                self.connected = true;
                self.next_picture = Instant::now();
                self.next_voice = self.next_picture;
            }
            Event::KeyframeRequest(_) => self.pictures.keyframe_wanted = true,
            // Nothing is shown here, so no pictures are asked for: the machine is the measured page's.
            Event::ChannelOpen(channel, _) => {
                let text = serde_json::to_string(&MediaRequest::Wishes { tiles: Vec::new() })?;
                if let Some(mut channel) = self.rtc.channel(channel) {
                    channel.write(false, text.as_bytes())?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}
