//! The two signatures that tokens use: HMAC-SHA-256 (RFC 7518 §3.2) and Ed25519 (RFC 8037 §3.1).

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey, pkcs8::DecodePrivateKey as _};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// A key that signs with one algorithm.
pub trait Signs {
    /// The name of the algorithm in a token's header (RFC 7518 §3.1).
    fn algorithm(&self) -> &'static str;
    /// The signature.
    fn sign(&self, message: &[u8]) -> Vec<u8>;
}

/// A key that knows signatures of one algorithm.
pub trait Verifies {
    /// The name of the algorithm in a token's header (RFC 7518 §3.1).
    fn algorithm(&self) -> &'static str;
    /// Whether whoever has the key signed this.
    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool;
}

/// A secret that signs and verifies with HMAC-SHA-256.
pub struct HmacKey(Hmac<Sha256>);

impl HmacKey {
    /// From 32 or more bytes, which the algorithm asks for. `None` for fewer.
    #[must_use]
    pub fn new(secret: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(secret).ok().filter(|_| secret.len() >= 32).map(Self)
    }
}

impl Signs for HmacKey {
    fn algorithm(&self) -> &'static str {
        "HS256"
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.clone().chain_update(message).finalize().into_bytes().to_vec()
    }
}

impl Verifies for HmacKey {
    fn algorithm(&self) -> &'static str {
        "HS256"
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        // Compares in constant time.
        self.0.clone().chain_update(message).verify_slice(signature).is_ok()
    }
}

/// A private key for Ed25519.
pub struct EdSigner(SigningKey);

impl EdSigner {
    /// From PKCS #8 DER (RFC 8410). `None` for anything else.
    #[must_use]
    pub fn from_pkcs8(der: &[u8]) -> Option<Self> {
        SigningKey::from_pkcs8_der(der).ok().map(Self)
    }
}

impl Signs for EdSigner {
    fn algorithm(&self) -> &'static str {
        "EdDSA"
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).to_bytes().to_vec()
    }
}

/// A public key for Ed25519.
pub struct EdVerifier(VerifyingKey);

impl EdVerifier {
    /// From its 32 bytes. `None` for anything else.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        VerifyingKey::from_bytes(bytes.try_into().ok()?).ok().map(Self)
    }
}

impl Verifies for EdVerifier {
    fn algorithm(&self) -> &'static str {
        "EdDSA"
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        // Strict: refuses weak keys and signatures that can be changed without becoming invalid.
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}
