//! The two signatures that tokens use, given to `jsonwebtoken`: HMAC-SHA-256 (RFC 7518 §3.2) and
//! Ed25519 (RFC 8037 §3.1). Every other algorithm that a token's header may name is refused.

use ed25519_dalek::{Signature, SigningKey, VerifyingKey, pkcs8::DecodePrivateKey as _};
use hmac::{Hmac, Mac as _};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind, Result},
};
use sha2::Sha256;
use signature::{Signer, Verifier};

/// Makes these signatures the ones that `jsonwebtoken` uses. To be called before it is used; again
/// changes nothing.
pub fn install() {
    // It fails where it is installed already.
    let _ = PROVIDER.install_default();
}

static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory: signer, verifier_factory: verifier, key_utils: KeyUtils::new_unimplemented() };

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    match (algorithm, key.family()) {
        (Algorithm::HS256, AlgorithmFamily::Hmac) => Ok(Box::new(HmacKey(keyed(key.as_bytes())?))),
        (Algorithm::EdDSA, AlgorithmFamily::Ed) => {
            let key =
                SigningKey::from_pkcs8_der(key.as_bytes()).map_err(|_| Error::from(ErrorKind::InvalidEddsaKey))?;
            Ok(Box::new(EdSigner(key)))
        }
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    match (algorithm, key.family()) {
        (Algorithm::HS256, AlgorithmFamily::Hmac) => Ok(Box::new(HmacKey(keyed(key.try_get_as_bytes()?)?))),
        (Algorithm::EdDSA, AlgorithmFamily::Ed) => {
            let invalid = || Error::from(ErrorKind::InvalidEddsaKey);
            let bytes: [u8; 32] = key.try_get_as_bytes()?.try_into().map_err(|_| invalid())?;
            Ok(Box::new(EdVerifier(VerifyingKey::from_bytes(&bytes).map_err(|_| invalid())?)))
        }
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

fn keyed(bytes: &[u8]) -> Result<Hmac<Sha256>> {
    Hmac::new_from_slice(bytes).map_err(|_| ErrorKind::InvalidKeyFormat.into())
}

struct HmacKey(Hmac<Sha256>);

impl Signer<Vec<u8>> for HmacKey {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for HmacKey {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        // Compares in constant time.
        self.0.clone().chain_update(message).verify_slice(signature).map_err(signature::Error::from_source)
    }
}

impl JwtSigner for HmacKey {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for HmacKey {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

struct EdSigner(SigningKey);

impl Signer<Vec<u8>> for EdSigner {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        Ok(self.0.try_sign(message)?.to_bytes().to_vec())
    }
}

impl JwtSigner for EdSigner {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct EdVerifier(VerifyingKey);

impl Verifier<Vec<u8>> for EdVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        // Strict: refuses weak keys and signatures that can be changed without becoming invalid.
        self.0.verify_strict(message, &Signature::from_slice(signature)?)
    }
}

impl JwtVerifier for EdVerifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}
