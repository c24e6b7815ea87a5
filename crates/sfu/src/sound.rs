//! Sound on its way past the transport.
//!
//! In a large room most of what is sent are voices, the same to everybody, and a turn of the transport, which
//! looks at all of its session, costs many times what a packet of sound does. So there such a packet is
//! numbered, encrypted and handed out at once. What else a transport does for a stream is done here: names
//! for who does not know the stream yet, levels, and reports from which a browser learns which picture
//! belongs to which sound (RFC 3550 §6.4.1). Nothing is repaired, which sound is not in the transport either,
//! and nothing is numbered transport-wide.

use std::{
    sync::LazyLock,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use str0m::{
    config::CryptoProvider,
    media::{Media, Mid},
    rtp::{Extension, Ssrc},
};

use crate::{
    codec::Codec,
    keying::Noted,
    outgoing::Outgoing,
    srtp::{Once, Srtp},
};

/// Packets that name their section (RFC 9143 §15). The answer names their stream, too, but not all who read
/// one look there; the transport itself stops when a report says that the stream is known.
const NAMED: u32 = 500;
/// From the first report of a stream to the second: with two of them a browser can tell the time of both.
const SECOND_REPORT: Duration = Duration::from_secs(1);
/// From one report to the next.
const REPORTS: Duration = Duration::from_secs(5);
/// The number of a stream's first report. Those of the transport count up from 0 by a few a second, and its
/// numbers must never be these: it may report on the same stream later.
const FIRST_REPORT: u32 = 1 << 30;
/// Form of header extensions with one byte before each (RFC 8285 §4.2), whose numbers go up to 14.
const ONE_BYTE: [u8; 2] = [0xbe, 0xde];
const EXTENSIONS: u8 = 14;
/// From the beginning of 1900, where the time of reports begins (RFC 3550 §4), to that of 1970.
const EPOCHS: Duration = Duration::from_secs(2_208_988_800);
/// Types of reports (RFC 3550 §12.1).
const SENDER_REPORT: u8 = 200;
const DESCRIPTION: u8 = 202;
/// Who sends, in a description.
const NAME: u8 = 1;

/// One moment by both clocks. The transport compares them once, too, when the first one is made; were it much
/// earlier or later, a clock of day that was set meanwhile would put sound and pictures apart.
static MOMENT: LazyLock<(Instant, SystemTime)> = LazyLock::new(|| (Instant::now(), SystemTime::now()));

/// The way of one session's sound.
#[derive(Debug)]
pub(crate) struct Sound {
    srtp: Srtp,
    streams: Vec<Stream>,
}

/// What is sent on one section.
#[derive(Debug)]
struct Stream {
    ssrc: Ssrc,
    section: Section,
    once: Once,
    packets: u32,
    octets: u32,
    /// When the last report went out.
    reported: Option<Instant>,
    reports: u32,
}

/// What was negotiated for a section.
#[derive(Debug)]
struct Section {
    name: Vec<u8>,
    /// The numbers of header extensions.
    name_extension: Option<u8>,
    level_extension: Option<u8>,
    /// Who sends.
    sender: Vec<u8>,
}

/// What goes out.
pub(crate) struct Sealed {
    pub(crate) packet: Vec<u8>,
    pub(crate) report: Option<Vec<u8>>,
}

impl Sound {
    /// For a session whose keys are known; nothing when they are not, or are for what is not done here.
    pub(crate) fn new(crypto: &CryptoProvider, noted: &Noted) -> Option<Self> {
        let srtp = Srtp::new(crypto, noted.agreed()?)?;
        Some(Self { srtp, streams: Vec::new() })
    }

    /// A packet as it goes out on a stream, with a report when one is due; nothing when it must not, since
    /// one of its number went out. `section`: that of the stream, and the one that says what was agreed for it.
    pub(crate) fn seal<'a>(
        &mut self,
        now: Instant,
        ssrc: Ssrc,
        section: impl FnOnce() -> Option<(Mid, &'a Media)>,
        packet: &Outgoing,
    ) -> Option<Sealed> {
        let place = match self.streams.iter().position(|stream| stream.ssrc == ssrc) {
            Some(place) => place,
            None => {
                let (name, agreed) = section()?;
                self.streams.push(Stream::new(ssrc, Section::of(name, agreed)));
                self.streams.len() - 1
            }
        };
        let stream = self.streams.get_mut(place)?;
        if !stream.once.passes(packet.sequence) {
            return None;
        }
        let header = stream.header(packet);
        let sealed = self.srtp.packet(*ssrc, packet.sequence, &header, &packet.payload)?;
        let report = self.report(now, ssrc, packet);
        Some(Sealed { packet: sealed, report })
    }

    /// Counts a packet, and reports when that is due. Where a stream went on in the transport it is still
    /// reported here: to browsers the transport's reports of it are older than these.
    pub(crate) fn report(&mut self, now: Instant, ssrc: Ssrc, packet: &Outgoing) -> Option<Vec<u8>> {
        let stream = self.streams.iter_mut().find(|stream| stream.ssrc == ssrc)?;
        stream.packets = stream.packets.wrapping_add(1);
        stream.octets = stream.octets.wrapping_add(u32::try_from(packet.payload.len()).unwrap_or(0));
        if !stream.is_report_due(now) {
            return None;
        }
        let index = FIRST_REPORT | (stream.reports & (FIRST_REPORT - 1));
        let report = stream.report(now, packet);
        self.srtp.reports(*ssrc, index, &report)
    }
}

impl Stream {
    fn new(ssrc: Ssrc, section: Section) -> Self {
        Self { ssrc, section, once: Once::default(), packets: 0, octets: 0, reported: None, reports: 0 }
    }

    /// RFC 3550 §5.1.
    fn header(&self, packet: &Outgoing) -> Vec<u8> {
        let mut header = Vec::with_capacity(40);
        header.push(0x80);
        header.push(*packet.payload_type & 0x7f | u8::from(packet.marker) << 7);
        header.extend(u16::try_from(packet.sequence & 0xffff).unwrap_or_default().to_be_bytes());
        header.extend(packet.timestamp.to_be_bytes());
        header.extend(self.ssrc.to_be_bytes());
        let extensions = self.extensions(packet);
        if let Some(words) = u8::try_from(extensions.len().div_ceil(4)).ok().filter(|words| *words > 0) {
            if let Some(flags) = header.first_mut() {
                *flags |= 0x10;
            }
            header.extend(ONE_BYTE);
            header.extend(u16::from(words).to_be_bytes());
            let end = header.len() + usize::from(words) * 4;
            header.extend(extensions);
            header.resize(end, 0);
        }
        header
    }

    fn extensions(&self, packet: &Outgoing) -> Vec<u8> {
        let mut extensions = Vec::new();
        let levels = packet.extensions.audio_level.zip(packet.extensions.voice_activity);
        if let Some((number, (level, voice))) = self.section.level_extension.zip(levels) {
            // RFC 6464 §3.
            extensions.extend([number << 4, u8::from(voice) << 7 | level.unsigned_abs() & 0x7f]);
        }
        let name = &self.section.name;
        if let Some(number) = self.section.name_extension.filter(|_| self.packets < NAMED)
            && let Some(length) = u8::try_from(name.len()).ok().and_then(|length| length.checked_sub(1))
        {
            extensions.push(number << 4 | length & 0x0f);
            extensions.extend(name);
        }
        extensions
    }

    fn is_report_due(&self, now: Instant) -> bool {
        let period = if self.reports == 1 { SECOND_REPORT } else { REPORTS };
        self.reported.is_none_or(|at| now >= at + period)
    }

    /// What time it is for the sender of a packet, and who that is (RFC 3550 §6.4.1, §6.5).
    fn report(&mut self, now: Instant, packet: &Outgoing) -> Vec<u8> {
        self.reported = Some(now);
        self.reports = self.reports.wrapping_add(1);
        let since = now.saturating_duration_since(packet.arrived).as_micros();
        let ticks = since * u128::from(Codec::Opus.clock_rate()) / 1_000_000;
        let timestamp = packet.timestamp.wrapping_add(u32::try_from(ticks).unwrap_or_default());
        let mut report = vec![0x80, SENDER_REPORT, 0, 6];
        report.extend(self.ssrc.to_be_bytes());
        report.extend(clock_time(now).to_be_bytes());
        report.extend(timestamp.to_be_bytes());
        report.extend(self.packets.to_be_bytes());
        report.extend(self.octets.to_be_bytes());
        let sender = &self.section.sender;
        let mut item = self.ssrc.to_be_bytes().to_vec();
        item.extend([NAME, u8::try_from(sender.len()).unwrap_or_default()]);
        item.extend(sender);
        // Ends with at least one zero, at a whole word.
        item.resize(item.len() / 4 * 4 + 4, 0);
        let words = u16::try_from(item.len() / 4).unwrap_or_default();
        report.extend([0x81, DESCRIPTION]);
        report.extend(words.to_be_bytes());
        report.extend(item);
        report
    }
}

impl Section {
    fn of(name: Mid, agreed: &Media) -> Self {
        let number = |extension| agreed.remote_extmap().id_of(extension).filter(|number| *number <= EXTENSIONS);
        let name = name.to_string().into_bytes();
        Self {
            name_extension: number(Extension::RtpMid).filter(|_| name.len() <= 16),
            name,
            level_extension: number(Extension::AudioLevel),
            sender: agreed.cname().bytes().take(usize::from(u8::MAX)).collect(),
        }
    }
}

/// Compares the clocks, the first time.
pub(crate) fn compare_clocks() {
    LazyLock::force(&MOMENT);
}

/// As reports say it: seconds since 1900, and parts of 2^32 of one (RFC 3550 §4).
fn clock_time(now: Instant) -> u64 {
    let (moment, clock) = *MOMENT;
    let since_1970 = match now.checked_duration_since(moment) {
        Some(after) => clock + after,
        None => clock - (moment - now),
    };
    let time = since_1970.duration_since(UNIX_EPOCH).unwrap_or_default() + EPOCHS;
    let parts = (u64::from(time.subsec_nanos()) << 32) / 1_000_000_000;
    // Begins anew in 2036 (RFC 5905 §6).
    (time.as_secs() & u64::from(u32::MAX)) << 32 | parts
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use str0m::rtp::ExtensionValues;

    use super::*;

    fn stream() -> Stream {
        let section = Section {
            name: b"a1".to_vec(),
            name_extension: Some(4),
            level_extension: Some(1),
            sender: b"somebody".to_vec(),
        };
        Stream::new(0x0102_0304.into(), section)
    }

    fn packet(now: Instant) -> Outgoing {
        Outgoing {
            payload_type: 111.into(),
            sequence: 0x1_0002,
            timestamp: 960,
            arrived: now,
            payload: Arc::from([7; 80]),
            marker: true,
            extensions: ExtensionValues {
                audio_level: Some(-37),
                voice_activity: Some(true),
                ..ExtensionValues::default()
            },
            is_audio: true,
            starts_keyframe: false,
            patch: None,
        }
    }

    #[test]
    fn a_header_says_level_and_section_until_it_is_known() {
        let (mut stream, packet) = (stream(), packet(Instant::now()));
        let fixed = [0x90, 0x80 | 111, 0, 2, 0, 0, 3, 0xc0, 1, 2, 3, 4, 0xbe, 0xde, 0];
        let named = [2, 0x10, 0x80 | 37, 0x41, b'a', b'1', 0, 0, 0];
        assert_eq!(stream.header(&packet), [fixed.as_slice(), &named].concat());
        stream.packets = NAMED;
        assert_eq!(stream.header(&packet), [fixed.as_slice(), &[1, 0x10, 0x80 | 37, 0, 0]].concat());
    }

    #[test]
    fn a_header_without_extensions_has_none() {
        let mut stream = stream();
        (stream.section.level_extension, stream.section.name_extension) = (None, None);
        assert_eq!(stream.header(&packet(Instant::now())), [0x80, 0x80 | 111, 0, 2, 0, 0, 3, 0xc0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_report_says_when_it_is_what_time_and_ends_at_a_word() {
        let now = Instant::now();
        let (mut stream, packet) = (stream(), packet(now));
        assert!(stream.is_report_due(now));
        let report = stream.report(now + Duration::from_millis(10), &packet);
        assert_eq!(report.len() % 4, 0);
        assert_eq!(&report[..8], [0x80, 200, 0, 6, 1, 2, 3, 4]);
        assert_eq!(&report[16..20], 1440_u32.to_be_bytes(), "10 ms later");
        assert_eq!(&report[28..34], [0x81, 202, 0, 4, 1, 2]);
        assert_eq!(report.len(), 28 + 4 + 16);
        let earlier = u64::from_be_bytes(report[8..16].try_into().unwrap());
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + EPOCHS;
        assert!(wall.as_secs().abs_diff(earlier >> 32) <= 1, "it is the time of day");
        let later = clock_time(now + Duration::from_millis(510));
        assert!((later - earlier).abs_diff(1 << 31) < 1 << 16, "half a second later");
    }

    #[test]
    fn the_second_report_comes_soon_and_further_ones_rarely() {
        let mut now = Instant::now();
        let (mut stream, packet) = (stream(), packet(now));
        for apart in [SECOND_REPORT, REPORTS, REPORTS] {
            stream.report(now, &packet);
            assert!(!stream.is_report_due(now + apart - Duration::from_millis(1)));
            now += apart;
            assert!(stream.is_report_due(now));
        }
    }
}
