//! A camera in three layers that obeys what the region says is seen.

use std::time::Instant;

use protocol::media::Demand;
use str0m::{
    Rtc,
    media::{Mid, Pt, Rid, Simulcast, SimulcastLayer},
    rtp::RtpWrite,
};

/// Names, heights, packets of a frame of the layers, lowest first: 30 frames a second make 150,
/// 530 and 1580 kbit/s.
const LAYERS: [(&str, u16, usize, usize); 3] = [("q", 180, 1, 625), ("h", 360, 2, 1100), ("f", 720, 6, 1100)];
/// Packets of a keyframe for one of an ordinary frame.
const KEYFRAME: usize = 4;
/// Height of the lowest layer.
pub(crate) const LOWEST: u16 = LAYERS[0].1;

pub(crate) struct Camera {
    layers: Vec<Layer>,
}

struct Layer {
    rid: Rid,
    height: u16,
    packets: usize,
    bytes: usize,
    active: bool,
    keyframe_due: bool,
    sequence: u64,
    picture: u16,
    base: u8,
}

impl Camera {
    pub(crate) fn new() -> Self {
        let layer = |&(name, height, packets, bytes): &(&str, u16, usize, usize)| Layer {
            rid: Rid::from(name),
            height,
            packets,
            bytes,
            active: true,
            keyframe_due: true,
            sequence: 1000,
            picture: 0,
            base: 0,
        };
        Self { layers: LAYERS.iter().map(layer).collect() }
    }

    pub(crate) fn simulcast() -> Simulcast {
        let mut simulcast = Simulcast::new();
        for (name, ..) in LAYERS {
            simulcast.add_send_layer(SimulcastLayer::new(name));
        }
        simulcast
    }

    /// The names of its layers.
    pub(crate) fn rids() -> impl Iterator<Item = Rid> {
        LAYERS.iter().map(|(name, ..)| Rid::from(*name))
    }

    pub(crate) fn request(&mut self, rid: Option<Rid>) {
        for layer in self.layers.iter_mut().filter(|layer| Some(layer.rid) == rid) {
            layer.keyframe_due = true;
        }
    }

    pub(crate) fn demanded(&mut self, demand: &Demand) {
        for (layer, (name, ..)) in self.layers.iter_mut().zip(LAYERS) {
            let active = demand.wanted && demand.layers.iter().any(|wanted| wanted.as_str() == name);
            layer.keyframe_due |= active && !layer.active;
            layer.active = active;
        }
    }

    /// A frame of each layer; says how many packets of the lowest.
    pub(crate) fn send(&mut self, now: Instant, rtc: &mut Rtc, mid: Mid, pt: Pt, timestamp: u32) -> u64 {
        let mut lowest = 0;
        for (place, layer) in self.layers.iter_mut().enumerate().filter(|(_, layer)| layer.active) {
            let is_keyframe = std::mem::take(&mut layer.keyframe_due);
            layer.picture = layer.picture.wrapping_add(1) & 0x7fff;
            layer.base = layer.base.wrapping_add(1);
            let packets = layer.packets * if is_keyframe { KEYFRAME } else { 1 };
            for packet in 0..packets {
                layer.sequence += 1;
                let payload = layer.payload(is_keyframe, packet == 0);
                let write = RtpWrite::new(pt, layer.sequence.into(), timestamp, now, payload)
                    .marker(packet + 1 == packets)
                    .nackable(true);
                if let Some(stream) = rtc.direct_api().stream_tx_by_mid(mid, Some(layer.rid)) {
                    stream.write_rtp(write);
                }
            }
            if place == 0 {
                lowest = u64::try_from(packets).unwrap_or_default();
            }
        }
        lowest
    }
}

impl Layer {
    /// A VP8 payload with picture id and base layer number (RFC 7741 §4.2), in one temporal layer; a
    /// keyframe says how high it is (RFC 6386 §9.1).
    fn payload(&self, is_keyframe: bool, is_first: bool) -> Vec<u8> {
        let [high, low] = self.picture.to_be_bytes();
        let mut payload = vec![if is_first { 0x90 } else { 0x80 }, 0xe0, 0x80 | high, low, self.base, 0];
        if is_keyframe && is_first {
            let ([width_low, width_high], [low, high]) =
                ((self.height / 9 * 16).to_le_bytes(), self.height.to_le_bytes());
            payload.extend([0x10, 0, 0, 0x9d, 0x01, 0x2a, width_low, width_high, low, high]);
        } else {
            payload.push(1);
        }
        payload.resize(self.bytes, 0xaa);
        payload
    }
}
