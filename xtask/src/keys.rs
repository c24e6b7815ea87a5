//! Keys for development, made once and kept in `target/dev`. Production keys never come near here.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
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

const KEY_BYTES: usize = 32;
const REGION_TOKEN_SECONDS: u64 = 365 * 24 * 60 * 60;

/// The keys of this machine.
pub(crate) struct Keys {
    ticket: SigningKey,
    seat: [u8; KEY_BYTES],
    access: [u8; KEY_BYTES],
    address: [u8; KEY_BYTES],
}

impl Keys {
    /// The stored keys, or new ones where there are none or an older build kept fewer.
    pub(crate) fn load() -> Result<Self> {
        let path = target().join("dev/keys");
        if let Ok(stored) = fs::read(&path)
            && let Some(keys) = Self::from_bytes(&stored)
        {
            return Ok(keys);
        }
        let mut bytes = [0; 4 * KEY_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| anyhow!("no randomness: {error}"))?;
        fs::create_dir_all(target().join("dev"))?;
        fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
        Self::from_bytes(&bytes).context("the keys that were just made")
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (keys, []) = bytes.as_chunks::<KEY_BYTES>() else { return None };
        let &[ticket, seat, access, address] = keys else { return None };
        Some(Self { ticket: SigningKey::from_bytes(&ticket), seat, access, address })
    }

    /// Writes the file for `wrangler dev --env-file` into a folder of that run. What `set` names
    /// replaces what would be there.
    pub(crate) fn write_edge_variables(&self, folder: &Path, set: &[(String, String)]) -> Result<PathBuf> {
        let private = self.private()?;
        let mut variables = BTreeMap::from([
            ("SEAT_KEY", BASE64_STANDARD.encode(self.seat)),
            ("TICKET_KEY", BASE64_STANDARD.encode(private.as_bytes())),
            ("TICKET_PUBLIC_KEY", self.public()),
            ("ACCESS_KEY", BASE64_STANDARD.encode(self.access)),
            ("ADDRESS_KEY", BASE64_STANDARD.encode(self.address)),
            ("MAIL_FROM", "Meridian <no-reply@meridian.test>".to_owned()),
            ("DEVELOPMENT", "on".to_owned()),
            ("GUEST_MEETINGS", "on".to_owned()),
        ]);
        variables.extend(set.iter().map(|(name, value)| (name.as_str(), value.clone())));
        // Single quotes keep a `#`, spaces and double quotes as they are.
        let lines: String = variables.iter().map(|(name, value)| format!("{name}='{value}'\n")).collect();
        let path = folder.join("edge.env");
        fs::write(&path, lines).with_context(|| format!("writing {}", path.display()))?;
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
