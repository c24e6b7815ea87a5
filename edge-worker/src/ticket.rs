//! Tickets that the edge gives to regions, and the credentials that regions show to the edge.
//!
//! Both are JWTs signed with Ed25519 (RFC 8037). Only the edge can sign; a region that is broken
//! into can forge neither.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use protocol::{
    id::{InstanceId, ParticipantId, RoomId},
    limits::TICKET_SECONDS,
    media::Source,
    region::{EDGE_AUDIENCE, EDGE_ISSUER, RegionClaims, TicketAction, TicketClaims},
};
use serde_json::Value;

use crate::{crypto, json};

/// What a ticket is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketFor {
    /// The one instance that may take it.
    pub instance: InstanceId,
    /// What it allows.
    pub action: TicketAction,
    /// The room.
    pub room: RoomId,
    /// The participant.
    pub participant: ParticipantId,
    /// The participant's media session.
    pub epoch: u64,
    /// What the participant may publish.
    pub publish: Vec<Source>,
    /// Counts the grants of the session; 0 when opening.
    pub grant: u64,
}

/// The private key of the edge.
pub struct TicketKey(EncodingKey);

impl TicketKey {
    /// From an Ed25519 private key as PKCS #8 DER (RFC 8410) in base64. `None` for anything else.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        crypto::install();
        let key = Self(EncodingKey::from_ed_der(&STANDARD.decode(text.trim()).ok()?));
        // The library looks at the bytes only when it signs.
        encode(&Header::new(Algorithm::EdDSA), &Value::Null, &key.0).is_ok().then_some(key)
    }

    /// A ticket that is good for [`TICKET_SECONDS`].
    ///
    /// # Errors
    /// Only for faults of the library.
    pub fn sign(&self, now_seconds: u64, ticket: TicketFor) -> Result<String, jsonwebtoken::errors::Error> {
        let TicketFor { instance, action, room, participant, epoch, publish, grant } = ticket;
        let claims = TicketClaims {
            iss: EDGE_ISSUER.to_owned(),
            aud: instance,
            iat: now_seconds,
            exp: now_seconds.saturating_add(TICKET_SECONDS),
            action,
            room,
            participant,
            epoch,
            publish,
            grant,
        };
        // As a value, so that the library's code is in the Worker once for all tokens.
        encode(&Header::new(Algorithm::EdDSA), &serde_json::to_value(claims)?, &self.0)
    }
}

/// The public half, which knows the credentials of regions.
pub struct RegionVerifier(DecodingKey);

impl RegionVerifier {
    /// From the 32 bytes of the public key in base64url without padding (`x` of RFC 8037 §2).
    /// `None` for anything else.
    #[must_use]
    pub fn from_base64url(text: &str) -> Option<Self> {
        crypto::install();
        let text = text.trim();
        let key = DecodingKey::from_ed_components(text).ok()?;
        (text.len() == 43).then_some(Self(key))
    }

    /// What an `Authorization: Bearer` header says, where it is a region's credential and not over.
    #[must_use]
    pub fn verify(&self, now_seconds: u64, authorization: Option<&str>) -> Option<RegionClaims> {
        let (scheme, token) = authorization?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[EDGE_ISSUER]);
        validation.set_audience(&[EDGE_AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Compared below with the caller's clock.
        validation.validate_exp = false;
        let claims = decode::<Value>(token.trim(), &self.0, &validation).ok()?.claims;
        let claims: RegionClaims = json::read(&claims).ok()?;
        (claims.exp > now_seconds).then_some(claims)
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use uuid::Uuid;

    use super::*;

    const NOW: u64 = 1_800_000_000;
    // The key pair of RFC 8032 §7.1, test 1.
    const SEED: [u8; 32] = [
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49,
        0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
    ];
    const PUBLIC: [u8; 32] = [
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1,
        0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    ];

    fn private() -> TicketKey {
        // RFC 8410 §10.3: version 0, id-Ed25519, an octet string in an octet string.
        let mut der =
            vec![0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        der.extend(SEED);
        TicketKey::from_base64(&STANDARD.encode(der)).unwrap()
    }

    fn public() -> RegionVerifier {
        RegionVerifier::from_base64url(&URL_SAFE_NO_PAD.encode(PUBLIC)).unwrap()
    }

    fn credential(claims: &serde_json::Value) -> String {
        format!("Bearer {}", encode(&Header::new(Algorithm::EdDSA), claims, &private().0).unwrap())
    }

    #[test]
    fn a_ticket_says_what_it_is_for_and_the_public_key_knows_it() {
        let instance: InstanceId = "fra-1".parse().unwrap();
        let wanted = TicketFor {
            instance: instance.clone(),
            action: TicketAction::Open,
            room: "a".repeat(64).parse().unwrap(),
            participant: ParticipantId(Uuid::from_u128(1)),
            epoch: 3,
            publish: vec![Source::Camera],
            grant: 7,
        };
        let token = private().sign(NOW, wanted).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[instance.as_str()]);
        validation.validate_exp = false;
        let claims = decode::<TicketClaims>(&token, &public().0, &validation).unwrap().claims;
        assert_eq!((claims.epoch, claims.grant, claims.exp - claims.iat), (3, 7, TICKET_SECONDS));
        // A ticket is no credential: a region that keeps one cannot speak to the edge with it.
        assert_eq!(public().verify(NOW, Some(&format!("Bearer {token}"))), None);
    }

    #[test]
    fn a_credential_speaks_for_its_region_until_it_ends() {
        let good =
            credential(&serde_json::json!({"iss": EDGE_ISSUER, "aud": EDGE_AUDIENCE, "sub": "fra", "exp": NOW + 1}));
        assert_eq!(public().verify(NOW, Some(&good)).unwrap().sub.as_str(), "fra");
        assert_eq!(public().verify(NOW + 1, Some(&good)), None);
        let forged = format!("{}x", &good[..good.len() - 1]);
        let other_audience =
            credential(&serde_json::json!({"iss": EDGE_ISSUER, "aud": "room", "sub": "fra", "exp": NOW + 1}));
        let endless = credential(&serde_json::json!({"iss": EDGE_ISSUER, "aud": EDGE_AUDIENCE, "sub": "fra"}));
        for bad in [
            None,
            Some(""),
            Some("Bearer"),
            Some("Bearer "),
            Some("Basic abc"),
            Some(&*forged),
            Some(&*other_audience),
            Some(&*endless),
        ] {
            assert_eq!(public().verify(NOW, bad), None, "{bad:?}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_before_it_is_used() {
        assert!(TicketKey::from_base64("").is_none());
        assert!(TicketKey::from_base64(&STANDARD.encode([0; 48])).is_none());
        assert!(RegionVerifier::from_base64url("abc").is_none());
        assert!(RegionVerifier::from_base64url("").is_none());
    }
}
