//! What a program offers that publishes by WHIP or watches by WHEP: a description (RFC 8866) with at
//! most one section of sound and one of pictures, in one direction, bundled.

use protocol::{
    id::Mid,
    limits,
    media::Source,
    rest::StreamKind,
    signal::{MediaOffer, TrackOffer},
    text::Sdp,
};

/// Reads a program's offer. What may go both ways goes one way from here on: RFC 9725 §4.2 lets clients
/// say `sendrecv` and wants an answer that does not.
///
/// # Errors
/// What is wrong with it, fit for a developer.
pub fn stream_offer(kind: StreamKind, body: &str) -> Result<MediaOffer, &'static str> {
    if body.len() > limits::STREAM_SDP_BYTES {
        return Err("The description is too long");
    }
    if !body.starts_with("v=0") {
        return Err("The body is not a session description");
    }
    let (here, wrong) = match kind {
        StreamKind::Publish => ("a=sendonly", "a=recvonly"),
        StreamKind::Watch => ("a=recvonly", "a=sendonly"),
    };
    let (mut sdp, mut tracks) = (String::with_capacity(body.len()), Vec::new());
    let mut section: Option<Section> = None;
    for line in body.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        if let Some(media) = line.strip_prefix("m=") {
            end(section.take(), kind, &mut tracks, &mut sdp, here)?;
            section = Some(Section::begin(media)?);
        }
        let Some(open) = &mut section else {
            // A direction here would be that of every section.
            if !is_direction(line) {
                push(&mut sdp, line);
            }
            continue;
        };
        if let Some(mid) = line.strip_prefix("a=mid:") {
            open.mid = Some(mid.parse().map_err(|_| "A section's name (a=mid) is not valid")?);
        }
        if line == "a=inactive" || line == wrong {
            return Err(match kind {
                StreamKind::Publish => "Every section must send (a=sendonly)",
                StreamKind::Watch => "Every section must receive (a=recvonly)",
            });
        }
        if !is_direction(line) {
            push(&mut sdp, line);
        }
    }
    end(section, kind, &mut tracks, &mut sdp, here)?;
    if !sdp.contains("\r\nm=") {
        return Err("The description has no media");
    }
    let sdp: Sdp = sdp.parse().map_err(|_| "The body is not a session description")?;
    Ok(MediaOffer { sdp, tracks })
}

struct Section {
    source: Source,
    mid: Option<Mid>,
}

impl Section {
    fn begin(media: &str) -> Result<Self, &'static str> {
        let source = match media.split(' ').next() {
            Some("audio") => Source::Microphone,
            Some("video") => Source::Camera,
            _ => return Err("Sections are audio or video"),
        };
        Ok(Self { source, mid: None })
    }
}

/// A section is complete.
fn end(
    section: Option<Section>,
    kind: StreamKind,
    tracks: &mut Vec<TrackOffer>,
    sdp: &mut String,
    direction: &str,
) -> Result<(), &'static str> {
    let Some(Section { source, mid }) = section else { return Ok(()) };
    let mid = mid.ok_or("Every section needs a name (a=mid)")?;
    push(sdp, direction);
    if kind == StreamKind::Publish {
        if tracks.iter().any(|track| track.source == source) {
            return Err("More than one section of sound or of pictures");
        }
        tracks.push(TrackOffer { mid, source });
    }
    Ok(())
}

fn is_direction(line: &str) -> bool {
    matches!(line, "a=sendrecv" | "a=sendonly" | "a=recvonly" | "a=inactive")
}

fn push(sdp: &mut String, line: &str) {
    sdp.push_str(line);
    sdp.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEAD: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n";
    const SOUND: &str = "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n";
    const PICTURE: &str = "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=mid:1\r\n";

    fn offered(kind: StreamKind, sections: &[&str]) -> Result<MediaOffer, &'static str> {
        stream_offer(kind, &format!("{HEAD}{}", sections.concat()))
    }

    #[test]
    fn sections_that_may_go_both_ways_go_one_way() {
        for direction in ["", "a=sendrecv\r\n", "a=sendonly\r\n"] {
            let offer = offered(StreamKind::Publish, &[SOUND, direction, PICTURE, direction]).unwrap();
            assert_eq!(offer.sdp.as_str().matches("a=sendonly").count(), 2, "{direction}");
            assert!(!offer.sdp.as_str().contains("sendrecv"));
            let sources: Vec<_> = offer.tracks.iter().map(|track| (track.mid.as_str(), track.source)).collect();
            assert_eq!(sources, [("0", Source::Microphone), ("1", Source::Camera)]);
        }
        let offer = offered(StreamKind::Watch, &[PICTURE, "a=sendrecv\r\n"]).unwrap();
        assert!(offer.sdp.as_str().contains("a=recvonly") && offer.tracks.is_empty());
    }

    #[test]
    fn what_no_such_program_offers_is_refused() {
        use StreamKind::{Publish, Watch};
        for (kind, sections) in [
            (Publish, &[][..]),
            (Publish, &[SOUND, "a=recvonly\r\n"]),
            (Watch, &[SOUND, "a=sendonly\r\n"]),
            (Watch, &[SOUND, "a=inactive\r\n"]),
            (Publish, &[PICTURE, PICTURE]),
            (Publish, &["m=video 9 UDP/TLS/RTP/SAVPF 97\r\n"]),
            (Publish, &["m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n"]),
            (Publish, &["m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=mid:a b\r\n"]),
        ] {
            assert!(offered(kind, sections).is_err(), "{sections:?}");
        }
        for body in ["", "{}", "v=0", "m=audio 9 X 0\r\na=mid:0\r\n", "v=0\r\nm=audio 9 X 0\r\na=mid:\u{7}\r\n"] {
            assert!(stream_offer(Publish, body).is_err(), "{body}");
        }
        assert!(stream_offer(Publish, &format!("{HEAD}{}", "a=x\r\n".repeat(limits::STREAM_SDP_BYTES))).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(body in "(v=0\n)?((m=(audio|video|data) |a=(mid:[01]|sendrecv|inactive)|\\PC{0,8})\r?\n){0,12}") {
            for kind in [StreamKind::Publish, StreamKind::Watch] {
                let _ = stream_offer(kind, &body);
            }
        }
    }
}
