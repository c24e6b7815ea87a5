//! One browser's transport: str0m behind a wall.
//!
//! str0m asks for one mutation and then a full drain, and it may panic on a description or a
//! packet that nobody thought of. Here neither reaches the other sessions: every call goes through
//! [`Connection::guarded`], and a connection that failed does nothing any more.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use protocol::{limits, text::Sdp};
use str0m::{
    Candidate, Event, IceCreds, Input, Output, PacerReason, Reason, Rtc,
    bwe::Bitrate,
    change::SdpOffer,
    channel::ChannelId,
    config::{CryptoProvider, DtlsCert, DtlsVersion},
    ice::StunMessage,
    media::{KeyframeRequestKind, Media, Mid},
    net::{DatagramRecv, Protocol, Receive, TcpType},
    rtp::{Extension, RtpWrite, Ssrc},
    stats::PeerStats,
};
use uuid::Uuid;

use crate::{
    Config, Urgency,
    alike::{self, LeftOut},
    bandwidth::{ESTIMATE_PERIOD, FIRST_ESTIMATE},
    codec,
    fragments::{self, Fragments, Meaning},
    keeping::Keeping,
    keying::{self, Noted},
    outgoing::Outgoing,
    path::{self, Path},
    sound::{self, Sealed, Sound},
};

/// Bytes on the data channel that wait for the network before more are refused.
const CHANNEL_BACKLOG_BYTES: usize = 256 * 1024;
/// Bytes that SCTP takes as one message. More than a request may have, so that a long one is
/// answered rather than the association ended.
const CHANNEL_MESSAGE_BYTES: usize = 2 * limits::DATA_CHANNEL_MESSAGE_BYTES;
/// Packets of one slot that are kept for repair.
const REPAIR_PACKETS: usize = 512;
/// How often the transport tells what it counted, where the network is not measured.
const COUNTING_PERIOD: Duration = Duration::from_secs(5);
/// Header extensions of packets that are forwarded.
const SENT_EXTENSIONS: [Extension; 5] = [
    Extension::AudioLevel,
    Extension::AbsoluteSendTime,
    Extension::TransportSequenceNumber,
    Extension::RtpMid,
    Extension::VideoOrientation,
];
/// The part of what is sent that may be repairs. A short burst of loss takes more than its average.
const REPAIR_SHARE: f32 = 0.4;

/// What all connections of an engine share.
pub(crate) struct Identity {
    crypto: Arc<CryptoProvider>,
    certificate: Option<DtlsCert>,
    config: Config,
}

impl Identity {
    pub(crate) fn new(config: Config) -> Self {
        let crypto = keying::noting(str0m::crypto::from_feature_flags());
        let certificate = crypto.dtls_provider.generate_certificate();
        Self { crypto: Arc::new(crypto), certificate, config }
    }

    pub(crate) fn crypto(&self) -> Arc<CryptoProvider> {
        Arc::clone(&self.crypto)
    }

    /// Where it is reached: by UDP, and by connections that browsers make (RFC 6544 §4.1).
    pub(crate) fn candidates(&self) -> Result<Vec<Candidate>, String> {
        let datagrams = Candidate::host(self.config.advertised, Protocol::Udp);
        let passive = |address| Candidate::builder().tcp().host(address).tcptype(TcpType::Passive).build();
        let connections = self.config.advertised_tcp.map(passive);
        [datagrams].into_iter().chain(connections).map(|it| it.map_err(|error| error.to_string())).collect()
    }
}

impl Identity {
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("config", &self.config).finish_non_exhaustive()
    }
}

/// What a drained connection has to say.
#[derive(Debug)]
pub(crate) enum Step {
    /// Send this.
    Transmit(Path, Vec<u8>),
    /// Send this message on a WebSocket.
    Message(Path, Urgency, Vec<u8>),
    /// This happened.
    Event(Box<Event>),
    /// A WebSocket seems to carry so many bits a second.
    Estimate(u64),
    /// What is sent on a section is broken until a keyframe comes.
    Broken(Mid),
    /// Nothing more before this time.
    Idle(Instant),
    /// It is over.
    Over,
}

/// A stream that can be sent on a section, and the one of its repairs (RFC 4588), as the answer names them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SendStream {
    section: Mid,
    /// The section whose numbers were agreed for it: the same, or the one that it is like.
    like: Mid,
    pub(crate) ssrc: Ssrc,
    repairs: Option<Ssrc>,
}

impl SendStream {
    /// A stream that is not repaired.
    pub(crate) const fn new(section: Mid, ssrc: Ssrc) -> Self {
        Self { section, like: section, ssrc, repairs: None }
    }
}

/// A transport to one browser.
pub(crate) struct Connection {
    rtc: Rtc,
    failed: bool,
    credentials: IceCreds,
    /// Of the browser.
    fragments: Fragments,
    crypto: Arc<CryptoProvider>,
    config: Config,
    /// The keys of its media.
    noted: Noted,
    /// Where sound goes past the transport.
    sound: Option<Box<Sound>>,
    /// Streams of sections that the transport was not given.
    left_out: Vec<SendStream>,
    keeping: Keeping,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("ufrag", &self.credentials.ufrag).finish_non_exhaustive()
    }
}

impl Connection {
    /// Answers an offer.
    ///
    /// Whether the network to the browser is measured is decided here once. It is not free: probes are
    /// sent, and str0m then releases one packet a turn, which doubles the cost of a forwarded packet
    /// (`examples/cost.rs`: 13.5 µs against 6.2 µs).
    ///
    /// # Errors
    /// When it cannot be answered; the text says why.
    pub(crate) fn answer(
        now: Instant,
        identity: &Identity,
        offer: &Sdp,
        estimates_bandwidth: bool,
    ) -> Result<(Self, Sdp), String> {
        let candidates = identity.candidates()?;
        let fragments = Fragments::offered(offer.as_str()).ok_or("missing a=ice-ufrag")?;
        // str0m's own credentials come from a generator that can be predicted from its output.
        let credentials = IceCreds {
            ufrag: path::fragment(identity.config.number),
            pass: format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()),
        };
        let mut config = codec::configure(Rtc::builder())
            .set_crypto_provider(Arc::clone(&identity.crypto))
            .set_local_ice_credentials(credentials.clone())
            .set_rtp_mode(true)
            .set_ice_lite(true)
            // With 1.3 the browser's first choice of SRTP profile wins, and that is not AES-GCM.
            .set_dtls_version(DtlsVersion::Dtls12)
            .set_sctp_max_message_size(u32::try_from(CHANNEL_MESSAGE_BYTES).unwrap_or(u32::MAX))
            .set_sctp_max_buffered_amount(CHANNEL_BACKLOG_BYTES)
            .set_stats_interval(Some(COUNTING_PERIOD));
        if estimates_bandwidth {
            // str0m's event tells a mean over three seconds; its statistics tell what it is now.
            config = config.enable_bwe(Some(Bitrate::from(FIRST_ESTIMATE))).set_stats_interval(Some(ESTIMATE_PERIOD));
        }
        if let Some(certificate) = &identity.certificate {
            config = config.set_dtls_cert(certificate.clone());
        }
        let rtc = config.build(now);
        sound::compare_clocks();
        let mut connection = Self {
            rtc,
            noted: Noted::newest(),
            sound: None,
            left_out: Vec::new(),
            keeping: Keeping::default(),
            failed: false,
            credentials,
            fragments,
            crypto: Arc::clone(&identity.crypto),
            config: identity.config.clone(),
        };
        let offer = alike::Offer::read(offer.as_str());
        let (answer, left_out) = connection
            .guarded(|rtc| {
                for candidate in candidates {
                    rtc.add_local_candidate(candidate);
                }
                let mut answer = accept(rtc, &offer.given(&[]))?;
                let further = unlike(rtc, &offer.left_out());
                if !further.is_empty() {
                    answer = accept(rtc, &offer.given(&further))?;
                }
                let stream = |section| {
                    let mut api = rtc.direct_api();
                    api.stream_tx_by_mid(section, None).map(|stream| (stream.ssrc(), stream.rtx()))
                };
                offer.answered(&said(&answer), stream).ok_or_else(|| "a section is not answered".to_owned())
            })
            .ok_or("the description contradicts itself")??;
        let answer = answer.parse().map_err(|error| format!("the answer {error}"))?;
        connection.left_out = left_out
            .into_iter()
            .map(|(LeftOut { section, like }, (ssrc, repairs))| SendStream { section, like, ssrc, repairs })
            .collect();
        Ok((connection, answer))
    }

    /// The section of the transport that says what was agreed for a section.
    pub(crate) fn agreed(&self, section: Mid) -> Option<&Media> {
        let left_out = self.left_out.iter().find(|stream| stream.section == section);
        self.rtc.media(left_out.map_or(section, |stream| stream.like))
    }

    /// Reads the transport; changes nothing.
    pub(crate) fn rtc(&self) -> &Rtc {
        &self.rtc
    }

    /// The user fragment that this end goes by.
    pub(crate) fn fragment(&self) -> &str {
        &self.credentials.ufrag
    }

    /// Whether a STUN message was made by somebody who knows the password of this end (RFC 8489 §9.1).
    pub(crate) fn vouches_for(&mut self, datagram: &[u8]) -> bool {
        let password = self.credentials.pass.clone();
        let provider = self.crypto.sha1_hmac_provider;
        let verified = self.guarded(|_| {
            let message = StunMessage::parse(datagram).ok()?;
            message.verify(password.as_bytes(), |key, parts| provider.sha1_hmac(key, parts)).then_some(())
        });
        verified.flatten().is_some()
    }

    /// What the fragment of whoever sent a check means.
    pub(crate) fn meaning(&self, fragment: &str) -> Meaning {
        self.fragments.meaning(fragment)
    }

    /// The browser began ICE anew (RFC 8445 §9) and goes by another fragment. What was sent goes on where
    /// it went until a check names another way. This end keeps its credentials: it is told of no restart,
    /// and the browser goes on with the answer it has. `set_aside`: the streams that have not begun. Drain
    /// afterwards.
    pub(crate) fn restart(&mut self, fragment: &str, set_aside: &[SendStream]) -> bool {
        let credentials = self.credentials.clone();
        let outcome = self.guarded(|rtc| {
            let description = SdpOffer::from_sdp_string(&fragments::description(fragment)).ok()?;
            // Only this makes str0m forget the ways of before, which otherwise go before new ones for 15 s.
            let accepted = rtc.sdp_api().accept_offer(description);
            let mut api = rtc.direct_api();
            api.set_local_ice_credentials(credentials);
            accepted.ok()?;
            // str0m makes a stream for each section without one, which no browser was told of.
            for SendStream { section, .. } in set_aside {
                if let Some(unknown) = api.stream_tx_by_mid(*section, None).map(|stream| stream.ssrc()) {
                    api.remove_stream_tx(unknown);
                }
            }
            Some(())
        });
        let restarted = outcome.flatten().is_some();
        if restarted {
            self.fragments.follow(fragment);
        }
        restarted
    }

    /// Takes a datagram in. Drain afterwards.
    pub(crate) fn receive(&mut self, now: Instant, path: Path, datagram: &[u8]) {
        let Path { protocol: proto, address: source } = path;
        let tcp = self.config.advertised_tcp.filter(|_| proto == Protocol::Tcp);
        let destination = tcp.unwrap_or(self.config.advertised);
        let outcome = self.guarded(|rtc| {
            let Ok(contents) = DatagramRecv::try_from(datagram) else { return Ok(()) };
            let receive = Receive { proto, source, destination, contents };
            rtc.handle_input(Input::Receive(now, receive))
        });
        // Anybody can send nonsense from a forged address; it must not end the session.
        if let Some(Err(error)) = outcome {
            tracing::debug!(%error, "datagram refused");
        }
    }

    /// Lets time pass. Drain afterwards.
    pub(crate) fn advance(&mut self, now: Instant) {
        if let Some(Err(error)) = self.guarded(|rtc| rtc.handle_input(Input::Timeout(now))) {
            tracing::debug!(%error, "connection failed");
            self.failed = true;
        }
    }

    /// The next thing it has to say.
    pub(crate) fn poll(&mut self) -> Step {
        // What str0m returns is large, and every hand that it passes through copies it: take it apart here.
        let step = self.guarded(|rtc| match rtc.poll_output() {
            Ok(Output::Transmit(transmit)) => {
                let path = Path { protocol: transmit.proto, address: transmit.destination };
                Some(Step::Transmit(path, transmit.contents.into()))
            }
            Ok(Output::Event(event)) => Some(Step::Event(Box::new(event))),
            Ok(Output::Timeout(_)) if !rtc.is_alive() => Some(Step::Over),
            Ok(Output::Timeout(at)) => Some(Step::Idle(at)),
            Err(error) => {
                tracing::debug!(%error, "connection failed");
                None
            }
        });
        step.flatten().unwrap_or_else(|| {
            self.failed = true;
            Step::Over
        })
    }

    /// Whether the turn that it asked for last is the one after each packet, in which there may be nothing
    /// to do.
    pub(crate) fn asks_after_packet(&self) -> bool {
        self.rtc.last_timeout_reason() == Reason::Pacer(PacerReason::Immediate)
    }

    /// Queues a packet; the next [`Connection::advance`] releases it. This one call may be repeated
    /// without a drain: it only appends to the stream's queue.
    pub(crate) fn write(&mut self, stream: Ssrc, packet: RtpWrite) -> bool {
        let written = self.guarded(|rtc| rtc.direct_api().stream_tx(&stream).map(|stream| stream.write_rtp(packet)));
        written.flatten().is_some()
    }

    /// Whether sound can go past the transport: its keys are known, and of a kind that is done there.
    pub(crate) fn has_way_for_sound(&mut self) -> bool {
        if self.sound.is_none() && !self.failed {
            self.sound = Sound::new(&self.crypto, &self.noted).map(Box::new);
        }
        self.sound.is_some()
    }

    /// A packet of sound as it goes out past the transport, on a stream that was not begun in it; nothing when
    /// it must not go out.
    pub(crate) fn seal(&mut self, now: Instant, stream: SendStream, packet: &Outgoing) -> Option<Sealed> {
        let (rtc, sound) = (&self.rtc, self.sound.as_mut().filter(|_| !self.failed)?);
        sound.seal(now, stream.ssrc, || Some((stream.section, rtc.media(stream.like)?)), packet)
    }

    /// A report of a stream which a packet of sound goes out on; nothing where none is due, and where the
    /// transport reports.
    pub(crate) fn report(&mut self, now: Instant, stream: SendStream, packet: &Outgoing) -> Option<Vec<u8>> {
        self.sound.as_mut().filter(|_| !self.failed)?.report(now, stream.ssrc, packet)
    }

    /// Asks the browser for a keyframe; the next [`Connection::advance`] sends it.
    pub(crate) fn request_keyframe(&mut self, stream: Ssrc) -> bool {
        let asked = self.guarded(|rtc| {
            rtc.direct_api().stream_rx(&stream).map(|stream| stream.request_keyframe(KeyframeRequestKind::Pli))
        });
        asked.flatten().is_some()
    }

    /// The stream of a section, which is not there until [`Connection::begin`]: the transport keeps room
    /// for repairs in each (7 kB), and looks at each with every packet of the session. Nothing when
    /// nothing can be sent on the section.
    pub(crate) fn set_aside(&mut self, section: Mid) -> Option<SendStream> {
        if let Some(place) = self.left_out.iter().position(|stream| stream.section == section) {
            return Some(self.left_out.remove(place));
        }
        let stream = self.guarded(|rtc| {
            let mut api = rtc.direct_api();
            let found = api.stream_tx_by_mid(section, None)?;
            let stream = SendStream { section, like: section, ssrc: found.ssrc(), repairs: found.rtx() };
            api.remove_stream_tx(stream.ssrc).then_some(stream)
        });
        stream.flatten()
    }

    /// Makes a stream fit to carry something, and forgets what it carried before. Its packets go out as
    /// they come, since their publisher paced them, or, `paced`, as fast as the network carries them, where
    /// it is measured: a page of a screen comes all at once. A stream that began stays: it must never be
    /// numbered anew.
    pub(crate) fn begin(&mut self, stream: SendStream, paced: bool) {
        let SendStream { section, like, ssrc, repairs } = stream;
        let age = self.keeping.age(paced);
        self.guarded(|rtc| {
            let kind = rtc.media(like).filter(|_| rtc.media(section).is_none()).map(Media::kind);
            let mut api = rtc.direct_api();
            if let Some(kind) = kind {
                api.declare_media(section, kind);
            }
            let stream = api.declare_stream_tx(ssrc, repairs, section, None);
            stream.set_unpaced(!paced);
            stream.set_rtx_cache(REPAIR_PACKETS, age, Some(REPAIR_SHARE));
        });
    }

    /// Forgets what was sent on a stream: nothing of it is repaired any more. `paced`: as it
    /// was begun.
    pub(crate) fn forget(&mut self, stream: Ssrc, paced: bool) {
        let age = self.keeping.age(paced);
        self.guarded(|rtc| {
            if let Some(stream) = rtc.direct_api().stream_tx(&stream) {
                stream.set_rtx_cache(REPAIR_PACKETS, age, Some(REPAIR_SHARE));
            }
        });
    }

    /// The network was measured. Says whether what is sent is kept for another time from now on: then every
    /// stream that is repaired and not paced is to be forgotten ([`Connection::forget`]).
    pub(crate) fn measured(&mut self, now: Instant, measured: &PeerStats) -> bool {
        self.keeping.note(now, measured.egress_loss_fraction, measured.rtt)
    }

    /// The network is another: what was measured of the one before tells nothing of it. Says the same as
    /// [`Connection::measured`].
    pub(crate) fn measure_anew(&mut self) -> bool {
        self.guarded(|rtc| rtc.bwe().reset(Bitrate::from(FIRST_ESTIMATE)));
        self.keeping.begin_anew()
    }

    /// Says how much is to be sent at least, in bits a second, filled up where there is less, and how
    /// much could be used: the transport looks for that much.
    pub(crate) fn aim_for(&mut self, least: u64, wanted: u64) {
        self.guarded(|rtc| rtc.bwe().set_bitrate(Bitrate::from(least), Bitrate::from(wanted)));
    }

    /// Says something on a data channel; false when it is not open or its backlog is full.
    pub(crate) fn say(&mut self, channel: ChannelId, text: &str) -> bool {
        let said = self.guarded(|rtc| rtc.channel(channel)?.write(false, text.as_bytes()).ok());
        said.flatten().unwrap_or(false)
    }

    /// Begins to close. Drain afterwards, then drop it.
    pub(crate) fn close(&mut self) {
        if let Some(Err(error)) = self.guarded(Rtc::close) {
            tracing::debug!(%error, "connection did not close cleanly");
        }
    }

    /// Runs something on str0m; nothing when it panicked, now or before.
    pub(crate) fn guarded<T>(&mut self, call: impl FnOnce(&mut Rtc) -> T) -> Option<T> {
        if self.failed {
            return None;
        }
        let rtc = &mut self.rtc;
        // Unwind safe: after a panic the state is never looked at again.
        let outcome = catch_unwind(AssertUnwindSafe(|| call(rtc)));
        if outcome.is_err() {
            tracing::error!("a fault in the transport ends one session");
            self.failed = true;
        }
        outcome.ok()
    }
}

fn accept(rtc: &mut Rtc, offer: &str) -> Result<String, String> {
    let offer = SdpOffer::from_sdp_string(offer).map_err(|error| error.to_string())?;
    let answer = rtc.sdp_api().accept_offer(offer).map_err(|error| error.to_string())?;
    Ok(answer.to_sdp_string())
}

/// The sections that the transport, when they are declared to it, would send other header extensions on than
/// on those that they are like: a browser may number its pictures transport-wide, and not its sound.
fn unlike(rtc: &mut Rtc, left_out: &[LeftOut]) -> Vec<Mid> {
    let sent = |media: &Media| SENT_EXTENSIONS.map(|extension| media.remote_extmap().id_of(extension));
    let is_unlike = |LeftOut { section, like }: &&LeftOut| {
        let Some((kind, agreed)) = rtc.media(*like).map(|media| (media.kind(), sent(media))) else { return true };
        let mut api = rtc.direct_api();
        let declared = sent(api.declare_media(*section, kind));
        api.remove_media(*section);
        declared != agreed
    };
    left_out.iter().filter(is_unlike).map(|it| it.section).collect()
}

/// The answer without what is better not said: `a=ice-lite` (RFC 8839 §5.3), and feedback that is not used,
/// which would be a tenth of a long answer.
///
/// This end is lite: it only answers checks. But a browser that is told so names the pair to use
/// with the first keepalive after its checks, and until then nothing may be sent: Chromium took
/// 1.1 s longer to the first frame at a round trip of 200 ms. Untold, it names the pair with its
/// first check. A controlled end that never checks is one that a controlling browser works with.
fn said(answer: &str) -> String {
    let unsaid = ["a=ice-lite", " goog-remb", " ccm fir"];
    let lines = answer.split_inclusive('\n');
    lines.filter(|line| !unsaid.iter().any(|end| line.trim_end().ends_with(end))).collect()
}
