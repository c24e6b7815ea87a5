//! A browser: one str0m that offers as the web client does, sends frames and follows its slots.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    time::{Duration, Instant, UNIX_EPOCH},
};

use protocol::{
    id::ParticipantId,
    media::{MediaEvent, MediaRequest, Slot, SlotTrack, Source, VideoCodec, Wish},
    region::SessionAnswer,
    signal::{MediaOffer, TrackOffer},
};
use str0m::{
    Candidate, Event, Input, Output, Rtc,
    change::{SdpAnswer, SdpPendingOffer},
    channel::ChannelId,
    format::FormatParams,
    media::{Direction, Frequency, KeyframeRequestKind, MediaKind, Mid},
    net::{Protocol, Receive, TcpType},
    rtp::{ExtensionValues, RawPacket, RedEncoder, RedundantBlock, RtpWrite, Vp8Descriptor, rtcp::SenderInfo},
};
use uuid::Uuid;

use super::{
    layers::{Layers, Player, video_codec},
    media::{Decoder, Piece, Seen},
    network::Datagram,
};

pub const FRAME: Duration = Duration::from_millis(33);
const VOICE: Duration = Duration::from_millis(20);
pub const AUDIO_SLOTS: usize = 4;
pub const VIDEO_SLOTS: usize = 9;
/// What a screen's frames and sounds say of their publisher: its number and this.
pub const SCREEN: u32 = 1000;
/// From one page of a screen to the next.
const PAGE: Duration = Duration::from_secs(5);
/// Bytes of payload in a packet of a page.
const PAGE_PACKET: usize = 1000;

pub struct Client {
    pub id: ParticipantId,
    pub number: u32,
    pub address: SocketAddr,
    /// What it believes its address to be.
    inside: SocketAddr,
    pub rtc: Rtc,
    pub due: Instant,
    pub connected: bool,
    pub closed: bool,
    pub channel: Option<ChannelId>,
    pub events: Vec<(Instant, MediaEvent)>,
    /// What the slots carry, as announced.
    pub slots: BTreeMap<String, Option<SlotTrack>>,
    /// What the slots carried after each announcement, oldest first.
    pub history: Vec<(Instant, BTreeMap<String, Option<SlotTrack>>)>,
    pub video: BTreeMap<String, Decoder>,
    pub audio: BTreeMap<String, Vec<Seen>>,
    /// What is shown of layered cameras, by slot.
    pub players: BTreeMap<String, Player>,
    /// Every packet of layered cameras, by slot.
    pub layered: BTreeMap<String, Vec<Seen>>,
    /// Voice packets that came, by themselves or in the redundancy of the next.
    pub heard: BTreeSet<(u32, u32)>,
    /// Sends its camera in layers.
    pub layers: Option<Layers>,
    /// Frames sent and when.
    pub sent: Vec<(u32, Instant)>,
    /// When the region asked for a keyframe.
    pub keyframe_requests: Vec<Instant>,
    pub sends_video: bool,
    pub sends_audio: bool,
    /// dBov of the voice.
    pub level: i8,
    /// Sends its voice with the packet before, as redundant audio (RFC 2198).
    pub redundant: bool,
    /// Audio packets that came with redundancy.
    pub redundant_heard: usize,
    /// Packets of an ordinary frame; a keyframe has three times as many.
    pub frame_packets: u8,
    /// Bytes in each of them.
    pub packet_bytes: usize,
    pub sent_datagrams: Vec<Datagram>,
    pub keep_datagrams: bool,
    /// Bytes of each RTP packet sent, before it was encrypted.
    pub plain_lengths: Vec<usize>,
    /// Payload types of everything that came.
    pub received_types: BTreeSet<u8>,
    /// Sends its screen and the sound of it.
    pub sends_screen: bool,
    /// The screen is a page of text: a frame of this many packets every five seconds, and nothing between.
    pub page: Option<u8>,
    /// When the region asked for a keyframe of the screen.
    pub screen_requests: Vec<Instant>,
    pub microphone: Mid,
    pub camera: Mid,
    /// Takes what it cannot read for lost.
    pub lenient: bool,
    screen: Option<Screen>,
    pending: Option<SdpPendingOffer>,
    keyframe_due: bool,
    next_frame: Instant,
    next_voice: Instant,
    video_sequence: u64,
    audio_sequence: u64,
    start: Instant,
}

/// The sections of a screen, offered before anything is shared.
struct Screen {
    picture: Mid,
    sound: Mid,
    frame: u32,
    /// When the last page came.
    turned: Option<Instant>,
    keyframe_due: bool,
    video_sequence: u64,
    audio_sequence: u64,
}

impl Client {
    pub fn new(now: Instant, number: u32) -> (Self, MediaOffer) {
        Self::with_slots(now, number, AUDIO_SLOTS, VIDEO_SLOTS)
    }

    pub fn with_slots(now: Instant, number: u32, audio: usize, video: usize) -> (Self, MediaOffer) {
        Self::offering(now, number, (audio, video), false, false, &[VideoCodec::Vp8])
    }

    /// With a camera in three layers.
    pub fn with_layers(now: Instant, number: u32) -> (Self, MediaOffer) {
        Self::with_codecs(now, number, &[VideoCodec::Vp8])
    }

    /// With a camera in three layers, encoding and decoding these, the one it likes best first.
    pub fn with_codecs(now: Instant, number: u32, codecs: &[VideoCodec]) -> (Self, MediaOffer) {
        Self::offering(now, number, (AUDIO_SLOTS, VIDEO_SLOTS), false, true, codecs)
    }

    /// With sections for a screen, as the web client offers from the beginning.
    pub fn with_screen(now: Instant, number: u32) -> (Self, MediaOffer) {
        Self::offering(now, number, (AUDIO_SLOTS, VIDEO_SLOTS), true, false, &[VideoCodec::Vp8])
    }

    /// As programs offer that speak WHIP or WHEP: without a data channel.
    pub fn program(now: Instant, number: u32, audio: usize, video: usize) -> (Self, MediaOffer) {
        Self::made(now, number, (audio, video), false, false, &[VideoCodec::Vp8], true)
    }

    pub fn offering(
        now: Instant,
        number: u32,
        slots: (usize, usize),
        screen: bool,
        layers: bool,
        codecs: &[VideoCodec],
    ) -> (Self, MediaOffer) {
        Self::made(now, number, slots, screen, layers, codecs, false)
    }

    fn made(
        now: Instant,
        number: u32,
        (audio, video): (usize, usize),
        screen: bool,
        layers: bool,
        codecs: &[VideoCodec],
        is_program: bool,
    ) -> (Self, MediaOffer) {
        let address = SocketAddr::from(([10, 0, (number >> 8) as u8, number as u8], 5000));
        let mut config = Rtc::builder()
            .clear_codecs()
            .enable_opus(true, true)
            .enable_vp8(codecs.contains(&VideoCodec::Vp8))
            .enable_av1(codecs.contains(&VideoCodec::Av1))
            .set_rtp_mode(true)
            .enable_raw_packets(true);
        // The one profile of each that the web client offers.
        if codecs.contains(&VideoCodec::Vp9) {
            let profile = FormatParams { profile_id: Some(0), ..FormatParams::default() };
            let (clock, repairs) = (Frequency::NINETY_KHZ, Some(99.into()));
            config.codec_config().add_config(98.into(), repairs, str0m::format::Codec::Vp9, clock, None, profile);
        }
        if codecs.contains(&VideoCodec::H264) {
            config.codec_config().add_h264(108.into(), Some(109.into()), true, 0x42_e01f);
        }
        let mut rtc = config.build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
        let mut change = rtc.sdp_api();
        let microphone = change.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None);
        let simulcast = layers.then(Layers::simulcast);
        let camera = change.add_media(MediaKind::Video, Direction::SendOnly, None, None, simulcast);
        let screen = screen.then(|| Screen {
            picture: change.add_media(MediaKind::Video, Direction::SendOnly, None, None, None),
            sound: change.add_media(MediaKind::Audio, Direction::SendOnly, None, None, None),
            frame: 0,
            turned: None,
            keyframe_due: true,
            video_sequence: 30_000,
            audio_sequence: 40_000,
        });
        for _ in 0..audio {
            change.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
        }
        for _ in 0..video {
            change.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None);
        }
        if !is_program {
            change.add_channel("control".into());
        }
        let (offer, pending) = change.apply().unwrap();
        let track = |mid: Mid, source| TrackOffer { mid: mid.to_string().parse().unwrap(), source };
        // A browser offers before it has gathered anything.
        let sdp = offer.to_sdp_string();
        let sdp = sdp.lines().filter(|line| !line.starts_with("a=candidate"));
        let mut tracks = vec![track(microphone, Source::Microphone), track(camera, Source::Camera)];
        if let Some(screen) = &screen {
            tracks.extend([track(screen.picture, Source::Screen), track(screen.sound, Source::ScreenAudio)]);
        }
        let offer =
            MediaOffer { sdp: sdp.fold(String::new(), |text, line| text + line + "\r\n").parse().unwrap(), tracks };
        let client = Self {
            id: ParticipantId(Uuid::from_u128(u128::from(number) + 1)),
            number,
            address,
            inside: address,
            rtc,
            due: now,
            connected: false,
            closed: false,
            channel: None,
            events: Vec::new(),
            slots: BTreeMap::new(),
            history: Vec::new(),
            video: BTreeMap::new(),
            audio: BTreeMap::new(),
            players: BTreeMap::new(),
            layered: BTreeMap::new(),
            heard: BTreeSet::new(),
            layers: layers.then(|| Layers::new(number, codecs)),
            sent: Vec::new(),
            keyframe_requests: Vec::new(),
            sends_video: true,
            sends_audio: true,
            level: -70,
            redundant: false,
            redundant_heard: 0,
            frame_packets: 2,
            packet_bytes: 300,
            sent_datagrams: Vec::new(),
            keep_datagrams: false,
            plain_lengths: Vec::new(),
            received_types: BTreeSet::new(),
            sends_screen: false,
            page: None,
            screen_requests: Vec::new(),
            microphone,
            camera,
            lenient: false,
            screen,
            pending: Some(pending),
            keyframe_due: true,
            next_frame: now,
            next_voice: now,
            video_sequence: 60_000,
            audio_sequence: 100,
            start: now,
        };
        (client, offer)
    }

    pub fn answered(&mut self, answer: &SessionAnswer) {
        let sdp = SdpAnswer::from_sdp_string(answer.sdp.as_str()).unwrap();
        self.rtc.sdp_api().accept_answer(self.pending.take().unwrap(), sdp).unwrap();
        // Browsers repair whatever they are asked for; str0m alone would stop at 15 % of what it sends.
        if let Some(camera) = self.rtc.direct_api().stream_tx_by_mid(self.camera, None) {
            camera.set_rtx_cache(2_000, Duration::from_secs(3), None);
        }
        self.note_slots(self.start, &answer.slots);
    }

    fn note_slots(&mut self, now: Instant, slots: &[Slot]) {
        for slot in slots {
            self.slots.insert(slot.mid.to_string(), slot.track.clone());
        }
        self.history.push((now, self.slots.clone()));
    }

    /// Its network lets no UDP through.
    pub fn by_tcp(&mut self) {
        self.rtc.direct_api().invalidate_candidate(&Candidate::host(self.address, "udp").unwrap());
        let active = Candidate::builder().tcp().host(self.address).tcptype(TcpType::Active).build();
        self.rtc.add_local_candidate(active.unwrap());
    }

    /// Its datagrams come from another address from now on, as when a translator changes its mind.
    pub fn move_to(&mut self, address: SocketAddr) {
        self.address = address;
    }

    /// Its network changed: it begins ICE anew from another address (RFC 8445 §9), with the answer it has.
    pub fn restart(&mut self, now: Instant, address: SocketAddr) {
        self.address = address;
        self.inside = address;
        let mut rtc = self.rtc.direct_api();
        rtc.set_local_ice_credentials(str0m::IceCreds::new());
        self.rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
        self.due = now;
    }

    /// What a slot with this name was last said to carry.
    pub fn carries(&self, participant: ParticipantId, source: Source) -> Option<&str> {
        let track = SlotTrack { participant, source };
        self.slots.iter().find(|(_, carried)| carried.as_ref() == Some(&track)).map(|(mid, _)| mid.as_str())
    }

    pub fn wish(&mut self, tiles: &[(ParticipantId, Source)]) {
        self.wish_sized(&tiles.iter().map(|(participant, source)| (*participant, *source, 360, 1)).collect::<Vec<_>>());
    }

    pub fn wish_sized(&mut self, tiles: &[(ParticipantId, Source, u16, u8)]) {
        let tiles = tiles
            .iter()
            .map(|(participant, source, height, priority)| Wish {
                participant: *participant,
                source: *source,
                height: *height,
                priority: *priority,
            })
            .collect();
        let text = serde_json::to_string(&MediaRequest::Wishes { tiles }).unwrap();
        self.say(text.as_bytes());
    }

    pub fn say(&mut self, message: &[u8]) {
        let channel = self.channel.expect("the channel is open");
        assert!(self.rtc.channel(channel).unwrap().write(false, message).unwrap());
    }

    pub fn receive(&mut self, now: Instant, datagram: &Datagram, out: &mut Vec<Datagram>) {
        let Ok(contents) = datagram.contents.as_slice().try_into() else { return };
        let proto = if datagram.is_frame() { Protocol::Tcp } else { Protocol::Udp };
        let receive = Receive { proto, source: datagram.source, destination: self.inside, contents };
        self.rtc.handle_input(Input::Receive(now, receive)).unwrap();
        self.drain(now, out);
    }

    /// When it has something to do.
    pub fn due(&self) -> Instant {
        let decoders = self.video.values().filter_map(Decoder::due).min();
        let players = self.players.values().filter_map(Player::due).min();
        let mut due = decoders.into_iter().chain(players).fold(self.due, Instant::min);
        if self.connected {
            due = due.min(self.next_frame).min(self.next_voice);
        }
        due
    }

    pub fn tick(&mut self, now: Instant, out: &mut Vec<Datagram>) {
        if self.connected {
            self.send_media(now);
            let decoders = self.video.iter_mut().map(|(mid, decoder)| (mid, decoder.gives_up(now)));
            let players = self.players.iter_mut().map(|(mid, player)| (mid, player.gives_up(now)));
            let stuck: Vec<Mid> = decoders
                .chain(players)
                .filter(|(_, gives_up)| *gives_up)
                .map(|(mid, _)| Mid::from(mid.as_str()))
                .collect();
            for mid in stuck {
                if let Some(stream) = self.rtc.direct_api().stream_rx_by_mid(mid, None) {
                    stream.request_keyframe(KeyframeRequestKind::Pli);
                }
            }
        }
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.drain(now, out);
    }

    fn send_media(&mut self, now: Instant) {
        while self.next_frame <= now {
            self.next_frame += FRAME;
            if self.sends_video {
                self.send_frame(now);
            }
            if self.sends_screen {
                self.send_screen(now);
            }
        }
        while self.next_voice <= now {
            self.next_voice += VOICE;
            if self.sends_audio {
                self.send_voice(now);
            }
        }
    }

    fn send_frame(&mut self, now: Instant) {
        let frame = self.sent.len() as u32;
        if let Some(layers) = &mut self.layers {
            let timestamp = (now - self.start).as_millis() as u32 * 90 + 7_000_000 * (self.number + 1);
            layers.send(now, &mut self.rtc, self.camera, self.number, frame, timestamp);
            self.sent.push((frame, now));
            return;
        }
        let keyframe = std::mem::take(&mut self.keyframe_due);
        let count = if keyframe { self.frame_packets * 3 } else { self.frame_packets };
        let timestamp = (now - self.start).as_millis() as u32 * 90 + 7_000_000 * (self.number + 1);
        let pt = self.rtc.codec_config().find(|p| p.spec().codec == str0m::format::Codec::Vp8).unwrap().pt();
        for index in 0..count {
            let piece = Piece { publisher: self.number, layer: 0, frame, keyframe, index, count };
            let payload = piece.vp8(frame as u16 + 1000 * self.number as u16, self.packet_bytes);
            self.video_sequence += 1;
            let write = RtpWrite::new(pt, self.video_sequence.into(), timestamp, now, payload)
                .marker(index + 1 == count)
                .nackable(true);
            self.rtc.direct_api().stream_tx_by_mid(self.camera, None).unwrap().write_rtp(write);
        }
        self.sent.push((frame, now));
    }

    fn send_voice(&mut self, now: Instant) {
        let params = *self.rtc.codec_config().find(|p| p.spec().codec == str0m::format::Codec::Opus).unwrap();
        self.audio_sequence += 1;
        let frame = self.audio_sequence as u32;
        let piece = Piece { publisher: self.number, layer: 0, frame, keyframe: false, index: 0, count: 1 };
        let (pt, payload) = if self.redundant {
            let earlier = Piece { frame: frame - 1, ..piece }.earlier();
            let earlier = RedundantBlock { pt: *params.pt(), timestamp_offset: 960, payload: earlier };
            (params.red().unwrap(), RedEncoder::encode(*params.pt(), &piece.opus(), &[earlier]))
        } else {
            (params.pt(), piece.opus())
        };
        let extensions = ExtensionValues {
            audio_level: Some(self.level),
            voice_activity: Some(self.level > -50),
            ..ExtensionValues::default()
        };
        let write =
            RtpWrite::new(pt, self.audio_sequence.into(), frame.wrapping_mul(960), now, payload).ext_vals(extensions);
        self.rtc.direct_api().stream_tx_by_mid(self.microphone, None).unwrap().write_rtp(write);
    }

    /// A frame of the screen, and sound of it without a level, as browsers send what a tab plays.
    fn send_screen(&mut self, now: Instant) {
        let pt = |codec| self.rtc.codec_config().find(|params| params.spec().codec == codec).unwrap().pt();
        let (opus, vp8) = (pt(str0m::format::Codec::Opus), pt(str0m::format::Codec::Vp8));
        let screen = self.screen.as_mut().expect("sections for a screen were offered");
        let timestamp = (now - self.start).as_millis() as u32;
        let keyframe = std::mem::take(&mut screen.keyframe_due);
        let publisher = self.number + SCREEN;
        let count = self.page.unwrap_or(1);
        let piece = Piece { publisher, layer: 0, frame: screen.frame, keyframe, index: 0, count };
        if self.page.is_some() && !keyframe && screen.turned.is_some_and(|at| now - at < PAGE) {
            return;
        }
        screen.turned = Some(now);
        screen.frame += 1;
        for index in 0..count {
            screen.video_sequence += 1;
            let bytes = if self.page.is_some() { PAGE_PACKET } else { self.packet_bytes };
            let picture = Piece { index, ..piece }.vp8(screen.frame as u16, bytes);
            let write = RtpWrite::new(vp8, screen.video_sequence.into(), timestamp.wrapping_mul(90), now, picture)
                .marker(index + 1 == count)
                .nackable(true);
            self.rtc.direct_api().stream_tx_by_mid(screen.picture, None).unwrap().write_rtp(write);
        }
        screen.audio_sequence += 1;
        let sound = Piece { keyframe: false, ..piece }.opus();
        let write = RtpWrite::new(opus, screen.audio_sequence.into(), timestamp.wrapping_mul(48), now, sound);
        self.rtc.direct_api().stream_tx_by_mid(screen.sound, None).unwrap().write_rtp(write);
    }

    /// The number of the next voice packet.
    pub fn next_voice(&self) -> u32 {
        self.audio_sequence as u32 + 1
    }

    fn drain(&mut self, now: Instant, out: &mut Vec<Datagram>) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(at) => {
                    // The transport may want a turn at once; the clock of a test must move.
                    self.due = at.max(now + Duration::from_micros(100));
                    return;
                }
                Output::Transmit(transmit) => {
                    let datagram = Datagram {
                        source: self.address,
                        destination: transmit.destination,
                        contents: transmit.contents.to_vec(),
                    };
                    if self.keep_datagrams {
                        self.sent_datagrams.push(datagram.clone());
                    }
                    out.push(datagram);
                }
                Output::Event(event) => self.happened(now, event),
            }
        }
    }

    fn happened(&mut self, now: Instant, event: Event) {
        match event {
            Event::Connected => {
                self.connected = true;
                self.next_frame = now;
                self.next_voice = now;
            }
            Event::Closed => self.closed = true,
            Event::ChannelOpen(channel, _) => self.channel = Some(channel),
            Event::ChannelData(data) => {
                let event: MediaEvent = serde_json::from_slice(&data.data).unwrap();
                if let MediaEvent::Slots { slots } = &event {
                    self.note_slots(now, slots);
                }
                if let (MediaEvent::Demands { tracks }, Some(layers)) = (&event, &mut self.layers) {
                    let camera = tracks.iter().filter(|demand| demand.source == Source::Camera);
                    camera.for_each(|demand| layers.demanded(now, demand));
                }
                self.events.push((now, event));
            }
            Event::KeyframeRequest(request) => {
                if let Some(screen) = self.screen.as_mut().filter(|screen| screen.picture == request.mid) {
                    screen.keyframe_due = true;
                    self.screen_requests.push(now);
                } else {
                    assert_eq!(request.mid, self.camera);
                    self.keyframe_requests.push(now);
                    self.keyframe_due = true;
                    if let Some(layers) = &mut self.layers {
                        layers.request(request.rid);
                    }
                }
            }
            Event::RtpPacket(packet) => {
                let mid = self.rtc.direct_api().stream_rx(&packet.header.ssrc).unwrap().mid();
                let Some(piece) = Piece::read(&packet.payload) else {
                    assert!(self.lenient, "a payload of nobody");
                    return;
                };
                let is_video = self.rtc.media(mid).unwrap().kind().is_video();
                let pt = packet.header.payload_type;
                let codec = self.rtc.codec_config().find(|params| params.pt() == pt).map(|params| params.spec().codec);
                let codec = codec.and_then(video_codec);
                let is_vp8 = codec == Some(VideoCodec::Vp8);
                let descriptor = is_vp8.then(|| Vp8Descriptor::parse(&packet.payload).ok()).flatten();
                let picture = descriptor.and_then(|descriptor| descriptor.picture_id());
                let seen = Seen {
                    at: now,
                    sequence: *packet.seq_no,
                    timestamp: packet.header.timestamp,
                    picture,
                    base: descriptor.and_then(|descriptor| descriptor.tl0_pic_idx()),
                    piece,
                    level: packet.header.ext_vals.audio_level,
                    is_numbered: packet.header.ext_vals.transport_cc.is_some(),
                    reported: packet.last_sender_info.map(|info| reported(&info, packet.header.timestamp)),
                    length: packet.payload.len(),
                    codec,
                };
                let red = self.rtc.codec_config().params().iter().find_map(|params| params.red());
                self.redundant_heard += usize::from(red == Some(packet.header.payload_type));
                if !is_video {
                    self.heard.insert((piece.publisher, piece.frame));
                    self.heard.extend(Piece::read_earlier(&packet.payload));
                }
                // What has a base layer number comes of a layered camera, and what is not VP8.
                if seen.base.is_some() || (is_video && !is_vp8) {
                    let player = self.players.entry(mid.to_string()).or_default();
                    player.take(now, seen.sequence, piece);
                    self.layered.entry(mid.to_string()).or_default().push(seen);
                } else if is_video {
                    self.video.entry(mid.to_string()).or_default().take(seen);
                } else {
                    self.audio.entry(mid.to_string()).or_default().push(seen);
                }
            }
            Event::RawPacket(raw) => match *raw {
                RawPacket::RtpTx(_, plain) => self.plain_lengths.push(plain.len()),
                RawPacket::RtpRx(header, _) => {
                    self.received_types.insert(*header.payload_type);
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Every frame of a publisher that was shown, over all slots.
    pub fn shown_of(&self, publisher: u32) -> Vec<(u32, Instant)> {
        let all = self.video.values().flat_map(|decoder| &decoder.shown);
        all.filter(|(of, ..)| *of == publisher).map(|(_, frame, at)| (*frame, *at)).collect()
    }

    /// Every packet of a publisher that came, over all slots of one kind.
    pub fn seen_of(&self, publisher: u32, video: bool) -> Vec<Seen> {
        let pictures = self.video.values().flat_map(|decoder| &decoder.seen).filter(|_| video);
        let sounds = self.audio.values().flatten().filter(|_| !video);
        let mut seen: Vec<Seen> =
            pictures.chain(sounds).filter(|seen| seen.piece.publisher == publisher).copied().collect();
        seen.sort_by_key(|seen| seen.at);
        seen
    }

    /// How many packets of a publisher's voice were heard.
    pub fn heard_of(&self, publisher: u32) -> usize {
        self.audio.values().flatten().filter(|seen| seen.piece.publisher == publisher).count()
    }
}

/// What time a packet is of, by a report of its stream.
fn reported(info: &SenderInfo, timestamp: u32) -> f64 {
    let time = info.rtp_time;
    let apart = timestamp.wrapping_sub(time.numer() as u32) as i32;
    let reported = info.ntp_time.duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    reported + f64::from(apart) / time.frequency().get() as f64
}
