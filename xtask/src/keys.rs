//! Keys for development, made once and kept in `target/dev`. Production keys never come near here.

use std::{
    fs,
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, anyhow};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use ed25519_dalek::{
    SigningKey,
    pkcs8::{EncodePrivateKey, KeypairBytes, SecretDocument},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use protocol::{
    id::RegionName,
    region::{EDGE_AUDIENCE, EDGE_ISSUER, RegionClaims},
};

use crate::target;

const REGION_TOKEN_SECONDS: u64 = 365 * 24 * 60 * 60;

/// The keys of this machine.
pub(crate) struct Keys {
    ticket: SigningKey,
    seat: [u8; 32],
}

impl Keys {
    /// The stored keys, or new ones.
    pub(crate) fn load() -> Result<Self> {
        let path = target().join("dev/keys");
        if let Ok(stored) = fs::read(&path)
            && let Ok(bytes) = <[u8; 64]>::try_from(stored)
        {
            return Ok(Self::from_bytes(&bytes));
        }
        let mut bytes = [0; 64];
        getrandom::fill(&mut bytes).map_err(|error| anyhow!("no randomness: {error}"))?;
        fs::create_dir_all(target().join("dev"))?;
        fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
        Ok(Self::from_bytes(&bytes))
    }

    fn from_bytes(bytes: &[u8; 64]) -> Self {
        let mut ticket = [0; 32];
        let mut seat = [0; 32];
        for (place, byte) in bytes.iter().enumerate() {
            if let Some(slot) = ticket.get_mut(place) {
                *slot = *byte;
            } else if let Some(slot) = seat.get_mut(place.saturating_sub(32)) {
                *slot = *byte;
            }
        }
        Self { ticket: SigningKey::from_bytes(&ticket), seat }
    }

    /// Writes the file for `wrangler dev --env-file`.
    pub(crate) fn write_edge_variables(&self, extra: &[(&str, String)]) -> Result<PathBuf> {
        let private = self.private()?;
        let mut lines = vec![
            format!("SEAT_KEY={}", BASE64_STANDARD.encode(self.seat)),
            format!("TICKET_KEY={}", BASE64_STANDARD.encode(private.as_bytes())),
            format!("TICKET_PUBLIC_KEY={}", self.public()),
            "DEVELOPMENT=on".to_owned(),
            "GUEST_MEETINGS=on".to_owned(),
        ];
        lines.extend(extra.iter().map(|(name, value)| format!("{name}={value}")));
        let path = target().join("dev/edge.env");
        fs::write(&path, lines.join("\n") + "\n").with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }

    /// PKCS #8 without the public half (RFC 8410 §7): OpenSSL reads no other.
    fn private(&self) -> Result<SecretDocument> {
        let bytes = KeypairBytes { secret_key: self.ticket.to_bytes(), public_key: None };
        bytes.to_pkcs8_der().map_err(|error| anyhow!("encoding the ticket key: {error}"))
    }

    /// The key that regions check tickets with: base64url of its 32 bytes.
    pub(crate) fn public(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.ticket.verifying_key().as_bytes())
    }

    /// A region's credential.
    pub(crate) fn region_token(&self, region: &RegionName) -> Result<String> {
        let private = self.private()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let claims = RegionClaims {
            iss: EDGE_ISSUER.to_owned(),
            aud: EDGE_AUDIENCE.to_owned(),
            sub: region.clone(),
            exp: now + REGION_TOKEN_SECONDS,
        };
        let key = EncodingKey::from_ed_der(private.as_bytes());
        jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &key).context("signing the region's credential")
    }
}
