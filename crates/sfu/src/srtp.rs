//! Encrypts what is sent past the transport, under the keys that it has for the session: AES-GCM (RFC 7714),
//! by the transport's own library.
//!
//! A nonce is made of a stream and a number on it, and none may come twice under a key: whoever calls this
//! must not send on a stream that the transport sends on, nor one number twice ([`Once`]).

use std::fmt;

use str0m::{
    config::CryptoProvider,
    crypto::{AeadAes128Gcm, AeadAes128GcmCipher, AeadAes256Gcm, AeadAes256GcmCipher, SrtpProvider, dtls::SrtpProfile},
};

use crate::keying::Agreed;

const TAG_BYTES: usize = AeadAes128Gcm::TAG_LEN;
const SALT_BYTES: usize = AeadAes128Gcm::SALT_LEN;
const NONCE_BYTES: usize = AeadAes128Gcm::IV_LEN;
/// What of a report stays readable: its header, and the stream of its sender (RFC 7714 §9).
const REPORT_HEADER_BYTES: usize = 8;
/// Says of a report that it is encrypted (RFC 3711 §3.4).
const IS_ENCRYPTED: u32 = 1 << 31;
/// What keys are derived for (RFC 3711 §4.3.2).
const MEDIA: Labels = Labels { key: 0, salt: 2 };
const REPORTS: Labels = Labels { key: 3, salt: 5 };

#[derive(Clone, Copy)]
struct Labels {
    key: u8,
    salt: u8,
}

/// Encrypts packets and reports of one session.
#[derive(Debug)]
pub(crate) struct Srtp {
    media: Keyed,
    reports: Keyed,
}

/// A cipher with its derived key and salt.
struct Keyed {
    cipher: Cipher,
    salt: [u8; SALT_BYTES],
}

#[derive(Debug)]
enum Cipher {
    Aes128(Box<dyn AeadAes128GcmCipher>),
    Aes256(Box<dyn AeadAes256GcmCipher>),
}

impl fmt::Debug for Keyed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyed(…)")
    }
}

impl Srtp {
    /// For what this end sends; nothing when another kind of encryption was agreed on.
    pub(crate) fn new(crypto: &CryptoProvider, agreed: &Agreed) -> Option<Self> {
        let bytes = match agreed.profile {
            SrtpProfile::AEAD_AES_128_GCM => AeadAes128Gcm::KEY_LEN,
            SrtpProfile::AEAD_AES_256_GCM => AeadAes256Gcm::KEY_LEN,
            _ => return None,
        };
        let (keys, salts) = agreed.material.split_at_checked(2 * bytes)?;
        let own = usize::from(!agreed.is_client);
        let key = keys.chunks_exact(bytes).nth(own)?;
        let salt = salts.chunks_exact(SALT_BYTES).nth(own)?;
        let master = Master { provider: crypto.srtp_provider, key, salt };
        Some(Self { media: master.keyed(MEDIA)?, reports: master.keyed(REPORTS)? })
    }

    /// A packet: the header as it is, and the payload encrypted. `index` is the sequence number with its
    /// rollovers (RFC 3711 §3.3.1).
    pub(crate) fn packet(&mut self, stream: u32, index: u64, header: &[u8], payload: &[u8]) -> Option<Vec<u8>> {
        let rollovers = u32::try_from(index >> 16).ok()?;
        let number = u16::try_from(index & 0xffff).ok()?;
        let nonce = AeadAes128Gcm::rtp_iv(self.media.salt, stream, rollovers, number);
        let mut packet = Vec::with_capacity(header.len() + payload.len() + TAG_BYTES);
        packet.extend_from_slice(header);
        packet.resize(header.len() + payload.len() + TAG_BYTES, 0);
        let (header, sealed) = packet.split_at_mut_checked(header.len())?;
        self.media.seal(&nonce, header, payload, sealed)?;
        Some(packet)
    }

    /// A compound of reports (RFC 3711 §3.4), the `index`th of the stream that sends it.
    pub(crate) fn reports(&mut self, stream: u32, index: u32, reports: &[u8]) -> Option<Vec<u8>> {
        let (header, body) = reports.split_at_checked(REPORT_HEADER_BYTES)?;
        let nonce = AeadAes128Gcm::rtcp_iv(self.reports.salt, stream, index);
        let trailer = (IS_ENCRYPTED | index).to_be_bytes();
        let known = [header, &trailer].concat();
        let mut packet = header.to_vec();
        packet.resize(reports.len() + TAG_BYTES, 0);
        self.reports.seal(&nonce, &known, body, packet.get_mut(REPORT_HEADER_BYTES..)?)?;
        packet.extend_from_slice(&trailer);
        Some(packet)
    }
}

impl Keyed {
    fn seal(&mut self, nonce: &[u8; NONCE_BYTES], known: &[u8], plain: &[u8], sealed: &mut [u8]) -> Option<()> {
        let outcome = match &mut self.cipher {
            Cipher::Aes128(cipher) => cipher.encrypt(nonce, known, plain, sealed),
            Cipher::Aes256(cipher) => cipher.encrypt(nonce, known, plain, sealed),
        };
        outcome.ok()
    }
}

/// What keys are derived from.
struct Master<'a> {
    provider: &'static dyn SrtpProvider,
    key: &'a [u8],
    salt: &'a [u8],
}

impl Master<'_> {
    fn keyed(&self, labels: Labels) -> Option<Keyed> {
        let cipher = if self.key.len() == AeadAes128Gcm::KEY_LEN {
            Cipher::Aes128(self.provider.aead_aes_128_gcm().create_cipher(self.derived(labels.key)?, true))
        } else {
            Cipher::Aes256(self.provider.aead_aes_256_gcm().create_cipher(self.derived(labels.key)?, true))
        };
        Some(Keyed { cipher, salt: self.derived(labels.salt)? })
    }

    /// Counter mode over label and salt (RFC 3711 §4.3.3); of RFC 7714 §11 the salt has two bytes less.
    fn derived<const BYTES: usize>(&self, label: u8) -> Option<[u8; BYTES]> {
        let mut counter = [0; 16];
        counter.get_mut(..self.salt.len())?.copy_from_slice(self.salt);
        *counter.get_mut(7)? ^= label;
        let mut derived = [0; BYTES];
        for (round, part) in derived.chunks_mut(16).enumerate() {
            *counter.last_mut()? = u8::try_from(round).ok()?;
            // A second block comes of padding, and is not looked at.
            let mut block = [0; 32];
            if self.key.len() == AeadAes128Gcm::KEY_LEN {
                self.provider.srtp_aes_128_ecb_round(self.key, &counter, &mut block);
            } else {
                self.provider.srtp_aes_256_ecb_round(self.key, &counter, &mut block);
            }
            part.copy_from_slice(block.get(..part.len())?);
        }
        Some(derived)
    }
}

/// Lets each number of a stream pass once.
#[derive(Debug, Default)]
pub(crate) struct Once {
    newest: Option<u64>,
    /// Of the newest, lowest bit, and those before it.
    passed: u64,
}

impl Once {
    /// Whether a number did not pass before; one that is too old to know does not pass.
    pub(crate) fn passes(&mut self, number: u64) -> bool {
        let newest = *self.newest.get_or_insert(number);
        if let Some(ahead) = number.checked_sub(newest).filter(|ahead| *ahead > 0) {
            self.passed = u32::try_from(ahead).ok().and_then(|ahead| self.passed.checked_shl(ahead)).unwrap_or(0);
            self.newest = Some(number);
        }
        let behind = u32::try_from(self.newest.unwrap_or(number) - number).unwrap_or(u32::MAX);
        let Some(bit) = 1_u64.checked_shl(behind) else { return false };
        let is_new = self.passed & bit == 0;
        self.passed |= bit;
        is_new
    }
}

#[cfg(test)]
mod tests {
    use str0m::crypto::{self, dtls::KeyingMaterial};

    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    /// The test vectors of RFC 7714 §16.1.1 and §17.1, whose keys are the derived ones.
    fn of_the_rfc() -> Srtp {
        let key: [u8; 16] = bytes("000102030405060708090a0b0c0d0e0f").try_into().unwrap();
        let salt: [u8; 12] = bytes("517569642070726f2071756f").try_into().unwrap();
        let keyed = || {
            let cipher = crypto::from_feature_flags().srtp_provider.aead_aes_128_gcm().create_cipher(key, true);
            Keyed { cipher: Cipher::Aes128(cipher), salt }
        };
        Srtp { media: keyed(), reports: keyed() }
    }

    #[test]
    fn packets_are_those_of_the_rfc() {
        let header = bytes("8040f17b8041f8d35501a0b2");
        let payload = bytes(
            "47616c6c696120657374206f6d6e697320646976697361\
             20696e207061727465732074726573",
        );
        let expected = bytes(
            "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce",
        );
        assert_eq!(of_the_rfc().packet(0x5501_a0b2, 0xf17b, &header, &payload), Some(expected));
    }

    #[test]
    fn reports_are_those_of_the_rfc() {
        let plain = bytes(
            "81c8000d4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef"
                .replace(' ', "")
                .as_str(),
        );
        let expected = bytes(
            "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4",
        );
        assert_eq!(of_the_rfc().reports(0x4d61_7273, 0x5d4, &plain), Some(expected));
    }

    #[test]
    fn keys_are_derived_as_in_the_rfc() {
        // RFC 3711 §B.3, whose salt has two bytes more; they do not change what a label and a round do.
        let (key, salt) = (bytes("e1f97a0d3e018be0d64fa32c06de4139"), bytes("0ec675ad498afeebb6960b3aabe6"));
        let provider = crypto::from_feature_flags().srtp_provider;
        let master = Master { provider, key: &key, salt: &salt };
        assert_eq!(master.derived::<16>(0).unwrap().to_vec(), bytes("c61e7a93744f39ee10734afe3ff7a087"));
        assert_eq!(master.derived::<14>(2).unwrap().to_vec(), bytes("30cbbc08863d8c85d49db34a9ae1"));
    }

    #[test]
    fn another_kind_of_encryption_is_not_done() {
        let provider = crypto::from_feature_flags();
        let agreed = |profile, bytes: usize| Agreed {
            profile,
            material: KeyingMaterial::new(&vec![1; bytes]),
            is_client: false,
        };
        assert!(Srtp::new(&provider, &agreed(SrtpProfile::AES128_CM_SHA1_80, 60)).is_none());
        assert!(Srtp::new(&provider, &agreed(SrtpProfile::AEAD_AES_128_GCM, 56)).is_some());
        assert!(Srtp::new(&provider, &agreed(SrtpProfile::AEAD_AES_256_GCM, 88)).is_some());
        assert!(Srtp::new(&provider, &agreed(SrtpProfile::AEAD_AES_256_GCM, 60)).is_none(), "too short");
    }

    #[test]
    fn a_number_passes_once() {
        let mut once = Once::default();
        for (number, passes) in [
            (10, true),
            (10, false),
            (12, true),
            (11, true),
            (11, false),
            (9, true),
            (12, false),
            (200, true),
            (137, true),
            (136, false),
            (137, false),
            (12, false),
            (201, true),
        ] {
            assert_eq!(once.passes(number), passes, "{number}");
        }
    }
}
