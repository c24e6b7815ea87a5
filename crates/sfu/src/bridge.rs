//! One browser's media over a WebSocket: packets become messages for it, and messages packets of it.
//!
//! Sound goes out as it comes. Pictures go out whole and in order, because the browser's decoder takes no
//! packets; in pieces, because a voice must not wait behind a keyframe. What the connection cannot carry is
//! the driver's to drop and the division's to avoid.

use std::{collections::VecDeque, time::Instant};

use protocol::{
    id::Mid as Name,
    media::{MediaEvent, Source, VideoCodec},
    text::Sdp,
};
use str0m::{
    media::Mid,
    rtp::{ExtensionValues, Ssrc},
};
use uuid::Uuid;

use crate::{
    Config, Urgency,
    assembling::{Assembler, Picture, PicturePacket},
    codec::{Codec, Encoding, PayloadTypes, VideoCodecs},
    connection::SendStream,
    offer::Sections,
    outgoing::Outgoing,
    packet::MediaPacket,
    path::{self, Path},
    piece::{Head, PAYLOAD_BYTES},
    pressure::Pressure,
    vp8,
    websocket::{Kind, frame},
};

/// Sections are named by a byte in each message; streams by the same number, from here on.
const FIRST_STREAM: u32 = 1;
/// Values of a 15-bit picture id (RFC 7741 §4.2).
const PICTURE_IDS: u16 = 1 << 15;

/// What a bridge has to say.
#[derive(Debug)]
pub(crate) enum Said {
    /// Send this message.
    Message(Path, Urgency, Vec<u8>),
    /// The connection seems to carry so many bits a second.
    Estimate(u64),
    /// What a slot carries is broken until a keyframe comes.
    Broken(Mid),
}

/// A session's WebSocket.
#[derive(Debug)]
pub(crate) struct Bridge {
    ticket: String,
    path: Option<Path>,
    tracks: Vec<Incoming>,
    slots: Vec<Leaving>,
    said: VecDeque<Said>,
    pressure: Pressure,
    is_congested: bool,
}

/// A track that the browser sends.
#[derive(Debug)]
struct Incoming {
    section: u8,
    mid: Mid,
    source: Source,
    sequence: u64,
    /// The number and time of the picture that is coming in.
    picture: Option<(u16, u32)>,
    picture_id: u16,
}

/// A slot that it receives on.
#[derive(Debug)]
struct Leaving {
    section: u8,
    mid: Mid,
    assembler: Assembler,
    pictures: u16,
}

impl Bridge {
    /// Answers an offer of sections for a WebSocket.
    ///
    /// # Errors
    /// When it cannot be answered; the text says why.
    pub(crate) fn answer(now: Instant, config: &Config, sections: &Sections) -> Result<(Self, Sdp), String> {
        let url = config.socket_url.as_deref().ok_or("this region takes no media over a WebSocket")?;
        let number = |name: &Name| name.as_str().parse::<u8>().map_err(|_| format!("section {name} is no number"));
        let mid = |name: &Name| Mid::from(name.as_str());
        let tracks = sections.tracks.iter().map(|track| {
            let (section, mid) = (number(&track.mid)?, mid(&track.mid));
            Ok(Incoming { section, mid, source: track.source, sequence: 0, picture: None, picture_id: 0 })
        });
        let slots = sections.slots.iter().map(|slot| {
            let (section, mid) = (number(&slot.mid)?, mid(&slot.mid));
            Ok(Leaving { section, mid, assembler: Assembler::default(), pictures: 0 })
        });
        let bridge = Self {
            ticket: format!("{}{}", path::fragment(config.number), Uuid::new_v4().simple()),
            path: None,
            tracks: tracks.collect::<Result<_, String>>()?,
            slots: slots.collect::<Result<_, String>>()?,
            said: VecDeque::new(),
            pressure: Pressure::new(now),
            is_congested: false,
        };
        // RFC 8124: where a media session over a WebSocket is reached.
        let attribute = if url.starts_with("wss:") { "wss-uri" } else { "ws-uri" };
        let answer = format!(
            "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na={attribute}:{url}\r\na=ticket:{}\r\n",
            bridge.ticket
        );
        Ok((bridge, answer.parse().map_err(|error| format!("the answer {error}"))?))
    }

    /// What the connection must present.
    pub(crate) fn ticket(&self) -> &str {
        &self.ticket
    }

    /// The browser connected; false when it had before.
    pub(crate) fn attach(&mut self, path: Path) -> bool {
        let is_first = self.path.is_none();
        self.path.get_or_insert(path);
        is_first
    }

    /// The stream of a slot.
    pub(crate) fn stream(&self, mid: Mid) -> Option<SendStream> {
        let slot = self.slots.iter().find(|slot| slot.mid == mid)?;
        Some(SendStream::new(mid, stream(slot.section)))
    }

    /// The section of a track by its stream.
    pub(crate) fn section_of(&self, of: Ssrc) -> Option<Mid> {
        self.tracks.iter().find(|track| stream(track.section) == of).map(|track| track.mid)
    }

    /// A message from the browser as a packet, and its stream; nothing when it is none.
    pub(crate) fn receive(
        &mut self,
        now: Instant,
        message: &[u8],
        types: &PayloadTypes,
    ) -> Option<(Ssrc, MediaPacket)> {
        let (head, payload) = Head::read(message)?;
        let track = self.tracks.iter_mut().find(|track| track.section == head.section)?;
        if track.source.is_audio() != head.is_audio {
            return None;
        }
        let (codec, payload) = if head.is_audio {
            (Codec::Opus, payload.to_vec())
        } else {
            (Codec::Video(VideoCodec::Vp8), track.piece(&head, payload)?)
        };
        track.sequence += 1;
        let extensions = ExtensionValues {
            audio_level: head.is_audio.then(|| -i8::try_from(head.level).unwrap_or(i8::MAX)),
            voice_activity: head.is_audio.then_some(head.is_voice),
            ..ExtensionValues::default()
        };
        let marker = !head.is_audio && head.is_last;
        let timestamp = head.timestamp;
        let encoding = Encoding::Plain(codec);
        let packet =
            MediaPacket::made(encoding, types, (track.sequence, timestamp, marker), payload.into(), now, extensions)?;
        Some((stream(track.section), packet))
    }

    /// A packet for a slot.
    pub(crate) fn write(&mut self, now: Instant, to: Ssrc, packet: Outgoing) -> bool {
        let Some(path) = self.path else { return false };
        let Some(slot) = self.slots.iter_mut().find(|slot| stream(slot.section) == to) else { return false };
        let pressure = &mut self.pressure;
        if packet.is_audio {
            let head = Head {
                is_audio: true,
                is_first: true,
                is_last: true,
                is_keyframe: false,
                section: slot.section,
                number: low(packet.sequence),
                timestamp: packet.timestamp,
                level: packet.extensions.audio_level.map_or(127, |level| level.unsigned_abs().min(127)),
                is_voice: packet.extensions.voice_activity.unwrap_or(false),
            };
            let message = frame(Kind::Binary, &[&head.bytes(), &packet.payload]);
            pressure.sent(now, message.len());
            self.said.push_back(Said::Message(path, Urgency::Prompt, message));
            return true;
        }
        slot.assembler.push(
            now,
            PicturePacket {
                sequence: packet.sequence,
                timestamp: packet.timestamp,
                is_last: packet.marker,
                starts_keyframe: packet.starts_keyframe,
                payload: packet.payload,
            },
        );
        while let Some(picture) = slot.assembler.take() {
            slot.pictures = slot.pictures.wrapping_add(1);
            for message in pieces(slot.section, slot.pictures, &picture) {
                pressure.sent(now, message.len());
                self.said.push_back(Said::Message(path, Urgency::Picture, message));
            }
        }
        true
    }

    /// What a slot carried does not go on.
    pub(crate) fn stop(&mut self, of: Ssrc) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| stream(slot.section) == of) {
            slot.assembler.stop();
        }
    }

    /// More waits than goes out, or that is over.
    pub(crate) fn congested(&mut self, now: Instant, is_congested: bool) {
        self.is_congested = is_congested;
        if is_congested {
            self.pressure.congested(now);
        }
    }

    /// Asks the browser for a keyframe of a track.
    pub(crate) fn request_keyframe(&mut self, of: Ssrc) -> bool {
        let Some(source) = self.tracks.iter().find(|track| stream(track.section) == of).map(|it| it.source) else {
            return false;
        };
        serde_json::to_string(&MediaEvent::Keyframe { source }).is_ok_and(|text| self.say(&text))
    }

    /// Says something that is no media.
    pub(crate) fn say(&mut self, text: &str) -> bool {
        self.send(Kind::Text, text.as_bytes())
    }

    /// Answers a ping of the WebSocket itself.
    pub(crate) fn pong(&mut self, contents: &[u8]) {
        self.send(Kind::Pong, contents);
    }

    /// Says goodbye.
    pub(crate) fn close(&mut self) {
        self.said.clear();
        // RFC 6455 §7.4.1: going away.
        self.send(Kind::Close, &1001_u16.to_be_bytes());
    }

    /// Lets time pass.
    pub(crate) fn advance(&mut self, now: Instant) {
        if self.path.is_none() {
            return;
        }
        self.said.extend(self.pressure.check(now, self.is_congested).map(Said::Estimate));
        for slot in &mut self.slots {
            if slot.assembler.check(now) {
                self.said.push_back(Said::Broken(slot.mid));
            }
        }
    }

    /// The next thing it has to say.
    pub(crate) fn poll(&mut self) -> Option<Said> {
        self.said.pop_front()
    }

    /// When time is to pass next; nothing before it is connected.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.path?;
        let slots = self.slots.iter().filter_map(|slot| slot.assembler.due());
        slots.chain([self.pressure.due()]).min()
    }

    fn send(&mut self, kind: Kind, contents: &[u8]) -> bool {
        let Some(path) = self.path else { return false };
        self.said.push_back(Said::Message(path, Urgency::Prompt, frame(kind, &[contents])));
        true
    }
}

impl Incoming {
    /// A piece of a picture as RTP carries it; nothing when what it goes on with did not come.
    fn piece(&mut self, head: &Head, piece: &[u8]) -> Option<Vec<u8>> {
        let named = Some((head.number, head.timestamp));
        if head.is_first {
            self.picture_id = (self.picture_id + 1) % PICTURE_IDS;
        } else if self.picture != named {
            return None;
        }
        self.picture = named.filter(|_| !head.is_last);
        Some(vp8::payload(self.picture_id, head.is_first, piece))
    }
}

/// What such a session takes and sends.
pub(crate) fn types() -> PayloadTypes {
    PayloadTypes::plain(&[(111, Codec::Opus), (96, Codec::Video(VideoCodec::Vp8))])
}

/// The codecs of its pictures.
pub(crate) fn codecs() -> VideoCodecs {
    [VideoCodec::Vp8].into_iter().collect()
}

fn stream(section: u8) -> Ssrc {
    (u32::from(section) + FIRST_STREAM).into()
}

fn low(number: u64) -> u16 {
    u16::try_from(number & u64::from(u16::MAX)).unwrap_or(0)
}

fn pieces(section: u8, number: u16, picture: &Picture) -> impl Iterator<Item = Vec<u8>> {
    let last = picture.data.len().div_ceil(PAYLOAD_BYTES).saturating_sub(1);
    picture.data.chunks(PAYLOAD_BYTES).enumerate().map(move |(place, piece)| {
        let head = Head {
            is_audio: false,
            is_first: place == 0,
            is_last: place == last,
            is_keyframe: picture.is_keyframe,
            section,
            number,
            timestamp: picture.timestamp,
            level: 0,
            is_voice: false,
        };
        frame(Kind::Binary, &[&head.bytes(), piece])
    })
}
