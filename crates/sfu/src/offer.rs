//! Checks a browser's offer before anything is made of it.

use std::collections::HashSet;

use protocol::{
    id::{Mid, Rid},
    limits,
    media::Source,
    signal::MediaOffer,
    text::Sdp,
};

use crate::track::LAYERS;

/// Lines about streams (`a=ssrc`, RFC 5576 §4.1) in a section that sends: six streams with four each.
/// Every stream is looked at as long as the session lives, so a description must not name many.
const STREAM_LINES: usize = 24;
/// The same in a section that does not send: Firefox names the streams that its reports come on.
const SLOT_STREAM_LINES: usize = 4;
/// Lines about encodings (`a=rid`, RFC 8851) in a section; browsers send at most three.
const ENCODING_LINES: usize = 6;

/// The extension by which transport-wide feedback numbers packets
/// (draft-holmer-rmcat-transport-wide-cc-extensions §2).
const FEEDBACK: &str = "transport-wide-cc-extensions-01";
/// The protocol of sections over a WebSocket.
const SOCKET: &str = "TCP/WSS";

/// What a media section carries (RFC 8866 §5.14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Audio,
    Video,
    Data,
}

/// A media section of the offer.
#[derive(Debug)]
struct Section {
    kind: Kind,
    mid: Option<Mid>,
    sends: bool,
    receives: bool,
    rejected: bool,
    redundancy: bool,
    stream_lines: usize,
    encoding_lines: usize,
    layers: Vec<Rid>,
}

/// What an offer asks for, within its bounds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sections {
    /// Sections that send, and what they carry; sections without a name carry nothing for us.
    pub(crate) tracks: Vec<TrackSection>,
    /// Sections that receive only.
    pub(crate) slots: Vec<SlotSection>,
    /// Whether it has a data channel. What speaks WHIP or WHEP has none.
    pub(crate) has_channel: bool,
    /// Whether the network to it can be measured: it tells what arrived, transport-wide.
    pub(crate) has_feedback: bool,
}

/// A section that sends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TrackSection {
    /// Its name.
    pub(crate) mid: Mid,
    /// What it carries.
    pub(crate) source: Source,
    /// Its simulcast encodings (RFC 8853 §5.1), lowest first as browsers name them; none when it
    /// sends a single one.
    pub(crate) layers: Vec<Rid>,
}

/// A section that receives only.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SlotSection {
    /// Its name.
    pub(crate) mid: Mid,
    /// Whether it takes sound, else pictures.
    pub(crate) is_audio: bool,
    /// Whether it takes redundant audio (RFC 2198).
    pub(crate) redundancy: bool,
}

/// Whether the sections of a description are to come over a WebSocket: what RFC 8866 §5.14 calls the
/// protocol is that of RFC 8124.
pub(crate) fn is_for_socket(sdp: &Sdp) -> bool {
    let first = sdp.as_str().lines().find_map(|line| line.strip_prefix("m="));
    first.is_some_and(|media| media.split(' ').nth(2) == Some(SOCKET))
}

/// Reads the sections of an offer.
///
/// # Errors
/// When it asks for more than [`limits`] allow, or does not have the agreed shape. The text is
/// fit for a developer.
pub(crate) fn sections(offer: &MediaOffer) -> Result<Sections, String> {
    let sections = split(&offer.sdp)?;
    check_counts(&sections)?;
    let mut mids = HashSet::new();
    for mid in sections.iter().filter_map(|section| section.mid.as_ref()) {
        if !mids.insert(mid) {
            return Err(format!("two sections are called {mid}"));
        }
    }
    let slots = sections
        .iter()
        .filter(|section| section.kind != Kind::Data && section.receives && !section.sends && !section.rejected)
        .map(|section| {
            let mid = section.mid.clone().ok_or("a receiving section has no name (a=mid)")?;
            Ok(SlotSection { mid, is_audio: section.kind == Kind::Audio, redundancy: section.redundancy })
        })
        .collect::<Result<_, String>>()?;
    let has_channel = sections.iter().any(|section| section.kind == Kind::Data);
    let has_feedback = offer.sdp.as_str().contains(FEEDBACK);
    Ok(Sections { tracks: tracks(offer, &sections)?, slots, has_channel, has_feedback })
}

fn tracks(offer: &MediaOffer, sections: &[Section]) -> Result<Vec<TrackSection>, String> {
    if offer.tracks.len() > limits::TRACKS {
        return Err(format!("more than {} tracks", limits::TRACKS));
    }
    let mut tracks: Vec<TrackSection> = Vec::with_capacity(offer.tracks.len());
    for track in &offer.tracks {
        let mid = &track.mid;
        let wanted = if track.source.is_audio() { Kind::Audio } else { Kind::Video };
        let section = sections.iter().find(|section| section.mid.as_ref() == Some(mid));
        let Some(section) = section.filter(|section| section.sends && section.kind == wanted && !section.rejected)
        else {
            return Err(format!("no section {mid} sends what its track says"));
        };
        if tracks.iter().any(|known| known.mid == *mid || known.source == track.source) {
            return Err(format!("section {mid} or its source is named twice"));
        }
        tracks.push(TrackSection { mid: mid.clone(), source: track.source, layers: section.layers.clone() });
    }
    Ok(tracks)
}

fn check_counts(sections: &[Section]) -> Result<(), String> {
    let count = |wanted: fn(&Section) -> bool| sections.iter().filter(|section| wanted(section)).count();
    let bounds = [
        (sections.len(), limits::SDP_MEDIA_LINES, "media sections"),
        (count(|section| section.sends && section.kind != Kind::Data), limits::TRACKS, "sending sections"),
        (count(|section| !section.sends && section.kind == Kind::Audio), limits::AUDIO_SLOTS, "audio slots"),
        (count(|section| !section.sends && section.kind == Kind::Video), limits::VIDEO_SLOTS, "video slots"),
    ];
    for (found, most, what) in bounds {
        if found > most {
            return Err(format!("{found} {what}, at most {most} are taken"));
        }
    }
    let names_many = |section: &Section| {
        let most = if section.sends { STREAM_LINES } else { SLOT_STREAM_LINES };
        section.stream_lines > most || section.encoding_lines > ENCODING_LINES
    };
    if sections.iter().any(names_many) {
        return Err("a section names too many streams or encodings".into());
    }
    if count(|section| section.kind == Kind::Data) > 1 {
        return Err("more than one data channel section".into());
    }
    Ok(())
}

fn split(sdp: &Sdp) -> Result<Vec<Section>, String> {
    let mut sections: Vec<Section> = Vec::new();
    for line in sdp.as_str().lines() {
        if let Some(media) = line.strip_prefix("m=") {
            sections.push(begin(media)?);
        } else if let Some(section) = sections.last_mut() {
            read_attribute(section, line)?;
        }
    }
    Ok(sections)
}

fn begin(media: &str) -> Result<Section, String> {
    let mut words = media.split(' ');
    let kind = match words.next() {
        Some("audio") => Kind::Audio,
        Some("video") => Kind::Video,
        Some("application") => Kind::Data,
        _ => return Err("a section is neither audio, video nor a data channel".into()),
    };
    let rejected = words.next() == Some("0");
    // Without a direction a section sends and receives (RFC 8866 §6.7).
    Ok(Section {
        kind,
        mid: None,
        sends: true,
        receives: true,
        rejected,
        redundancy: false,
        stream_lines: 0,
        encoding_lines: 0,
        layers: Vec::new(),
    })
}

fn read_attribute(section: &mut Section, line: &str) -> Result<(), String> {
    match line {
        "a=sendrecv" => (section.sends, section.receives) = (true, true),
        "a=sendonly" => (section.sends, section.receives) = (true, false),
        "a=recvonly" => (section.sends, section.receives) = (false, true),
        "a=inactive" => (section.sends, section.receives) = (false, false),
        // Bundled sections say 0 too (RFC 8843 §6) and are not rejected.
        "a=bundle-only" => section.rejected = false,
        _ => {}
    }
    section.stream_lines += usize::from(line.starts_with("a=ssrc:"));
    section.encoding_lines += usize::from(line.starts_with("a=rid:"));
    if let Some(mid) = line.strip_prefix("a=mid:") {
        let parsed: Mid = mid.parse().map_err(|_| "a section's name (a=mid) is not 1 to 16 plain characters")?;
        // The answer can only repeat letters and digits.
        if !mid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(format!("section name {mid} has other than letters and digits"));
        }
        section.mid = Some(parsed);
    }
    if let Some(map) = line.strip_prefix("a=rtpmap:") {
        section.redundancy |= map.split(' ').nth(1).is_some_and(|codec| codec.eq_ignore_ascii_case("red/48000/2"));
    }
    if let Some(lists) = line.strip_prefix("a=simulcast:") {
        section.layers = sent_layers(lists)?;
    }
    Ok(())
}

/// The encodings that a simulcast attribute says are sent: `send q;h;f recv …` (RFC 8853 §5.1). Of
/// alternatives the first is taken, and one that begins paused (`~`) counts like the others.
fn sent_layers(lists: &str) -> Result<Vec<Rid>, String> {
    let mut words = lists.split_ascii_whitespace();
    let Some(sent) = words.by_ref().position(|word| word == "send").and_then(|_| words.next()) else {
        return Ok(Vec::new());
    };
    let first = |stream: &str| stream.split(',').next().unwrap_or_default().trim_start_matches('~').parse();
    let layers: Vec<Rid> = sent
        .split(';')
        .map(first)
        .collect::<Result<_, _>>()
        .map_err(|_| "an encoding's id (a=simulcast) is not 1 to 8 letters and digits")?;
    let named_twice =
        layers.iter().enumerate().any(|(place, layer)| layers.iter().skip(place + 1).any(|it| it == layer));
    if layers.len() > LAYERS || named_twice {
        return Err(format!("a section has more than {LAYERS} simulcast encodings, or one twice"));
    }
    Ok(layers)
}

#[cfg(test)]
mod tests {
    use protocol::signal::TrackOffer;

    use super::*;

    fn offer(sections: &[&str], tracks: &[(&str, Source)]) -> MediaOffer {
        let sdp = format!("v=0\r\n{}", sections.concat());
        let tracks =
            tracks.iter().map(|(mid, source)| TrackOffer { mid: mid.parse().unwrap(), source: *source }).collect();
        MediaOffer { sdp: sdp.parse().unwrap(), tracks }
    }

    const DATA: &str = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:d\r\n";

    #[test]
    fn sending_sections_are_tracks_and_receiving_ones_slots() {
        let microphone = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=sendonly\r\n";
        let slot = "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=mid:1\r\na=rtpmap:63 red/48000/2\r\na=recvonly\r\n";
        let sections = sections(&offer(&[microphone, slot, DATA], &[("0", Source::Microphone)])).unwrap();
        let microphone = TrackSection { mid: "0".parse().unwrap(), source: Source::Microphone, layers: Vec::new() };
        assert_eq!(sections.tracks, [microphone]);
        assert_eq!(sections.slots, [SlotSection { mid: "1".parse().unwrap(), is_audio: true, redundancy: true }]);
    }

    #[test]
    fn a_data_channel_may_be_missing() {
        let camera = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendonly\r\n";
        let has_channel = |all: &[&str]| sections(&offer(all, &[("0", Source::Camera)])).unwrap().has_channel;
        assert!(has_channel(&[camera, DATA]));
        assert!(!has_channel(&[camera]));
    }

    #[test]
    fn more_slots_than_the_limit_are_refused() {
        let slots = |kind: &str, count: usize| -> Vec<String> {
            (0..count).map(|mid| format!("m={kind} 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:{mid}\r\na=recvonly\r\n")).collect()
        };
        for (kind, most) in [("audio", limits::AUDIO_SLOTS), ("video", limits::VIDEO_SLOTS)] {
            let refuse = |count| {
                let text = slots(kind, count);
                let mut all: Vec<&str> = text.iter().map(String::as_str).collect();
                all.push(DATA);
                sections(&offer(&all, &[])).is_err()
            };
            assert!(!refuse(most), "{kind}");
            assert!(refuse(most + 1), "{kind}");
        }
    }

    #[test]
    fn a_section_names_few_streams_and_encodings() {
        let refuse = |direction: &str, line: &str, count: usize| {
            let lines: String = (0..count).map(|number| format!("a={line}:{number} x\r\n")).collect();
            let section = format!("m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na={direction}\r\n{lines}");
            sections(&offer(&[&section, DATA], &[])).is_err()
        };
        for (direction, line, most) in [
            ("sendonly", "ssrc", STREAM_LINES),
            ("recvonly", "ssrc", SLOT_STREAM_LINES),
            ("sendonly", "rid", ENCODING_LINES),
        ] {
            assert!(!refuse(direction, line, most), "{direction} {line}");
            assert!(refuse(direction, line, most + 1), "{direction} {line}");
        }
    }

    #[test]
    fn simulcast_encodings_are_read_in_their_order() {
        let read = |line: &str| sent_layers(line).map(|layers| layers.iter().map(ToString::to_string).collect());
        assert_eq!(read("send q;h;f"), Ok(vec!["q".to_owned(), "h".into(), "f".into()]));
        assert_eq!(read("recv 1;2 send ~q,x;h"), Ok(vec!["q".to_owned(), "h".into()]));
        assert_eq!(read("recv 1;2"), Ok(Vec::<String>::new()));
        for refused in ["send a;b;c;d", "send a;a", "send a;;b", "send long-rid", "send 123456789"] {
            assert!(read(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_track_must_match_its_section() {
        let camera = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendonly\r\n";
        let slot = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=recvonly\r\n";
        for tracks in [
            &[("0", Source::Microphone)][..],
            &[("1", Source::Camera)],
            &[("7", Source::Camera)],
            &[("0", Source::Camera), ("0", Source::Screen)],
        ] {
            assert!(sections(&offer(&[camera, slot, DATA], tracks)).is_err(), "{tracks:?}");
        }
        assert!(
            sections(&offer(&[camera, slot, DATA, DATA.replace(":d", ":e").as_str()], &[])).is_err(),
            "two channels"
        );
        assert!(sections(&offer(&[camera, camera, DATA], &[])).is_err(), "one name twice");
    }
}
