//! Whoever has no good ticket is refused with the right code, and nothing happens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what must hold"
)]

mod common;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use common::{Region, code, key, public_key, seconds, sign, ticket};
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use protocol::{
    error::ErrorCode,
    region::{TicketAction, TicketClaims},
};

async fn refusal(region: &Region, path: &str, authorization: &str) -> ErrorCode {
    let body = serde_json::json!({"offer": {"sdp": "v=0\r\n", "tracks": []}});
    let request = region.post(path).header("authorization", authorization).json(&body);
    code(request.send().await.unwrap()).await
}

#[tokio::test]
async fn a_request_needs_a_ticket() {
    let region = Region::alone().await;
    for path in ["/v1/sessions", "/v1/probes", "/v1/sessions/close", "/v1/sessions/grant"] {
        let response = region.post(path).send().await.unwrap();
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        assert_eq!(code(response).await, ErrorCode::Unauthorized);
        for bad in
            ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer a.b.c", &format!("Bearer {}", "x".repeat(9000))]
        {
            assert_eq!(refusal(&region, path, bad).await, ErrorCode::Unauthorized, "{bad:.20}");
        }
    }
    region.end().await;
}

#[tokio::test]
async fn a_ticket_must_be_the_edges_for_this_instance_this_minute_and_this_action() {
    let region = Region::alone().await;
    let good = || ticket(TicketAction::Open);
    let stranger = SigningKey::from_bytes(&[8; 32]);
    let now = seconds();
    let cases: Vec<(&str, String, ErrorCode)> = vec![
        ("another key", sign(&stranger, &good()), ErrorCode::Unauthorized),
        ("another issuer", sign(&key(), &TicketClaims { iss: "else".into(), ..good() }), ErrorCode::Unauthorized),
        (
            "another instance",
            sign(&key(), &TicketClaims { aud: "test-0002".parse().unwrap(), ..good() }),
            ErrorCode::Unauthorized,
        ),
        ("ended", sign(&key(), &TicketClaims { iat: now - 90, exp: now - 30, ..good() }), ErrorCode::Unauthorized),
        (
            "from the future",
            sign(&key(), &TicketClaims { iat: now + 30, exp: now + 60, ..good() }),
            ErrorCode::Unauthorized,
        ),
        (
            "living too long",
            sign(&key(), &TicketClaims { iat: now, exp: now + 3600, ..good() }),
            ErrorCode::Unauthorized,
        ),
        (
            "ending before it begins",
            sign(&key(), &TicketClaims { iat: now + 4, exp: now, ..good() }),
            ErrorCode::Unauthorized,
        ),
        ("another action", sign(&key(), &ticket(TicketAction::Close)), ErrorCode::Forbidden),
    ];
    for (what, token, expected) in cases {
        assert_eq!(refusal(&region, "/v1/sessions", &format!("Bearer {token}")).await, expected, "{what}");
    }
    let open = format!("Bearer {}", sign(&key(), &good()));
    for path in ["/v1/probes", "/v1/sessions/close", "/v1/sessions/grant"] {
        assert_eq!(refusal(&region, path, &open).await, ErrorCode::Forbidden);
    }
    let close = format!("Bearer {}", sign(&key(), &ticket(TicketAction::Close)));
    assert_eq!(refusal(&region, "/v1/sessions/grant", &close).await, ErrorCode::Forbidden);
    let grant = || TicketClaims { grant: 1, ..ticket(TicketAction::Grant) };
    for path in ["/v1/sessions", "/v1/sessions/close"] {
        assert_eq!(refusal(&region, path, &format!("Bearer {}", sign(&key(), &grant()))).await, ErrorCode::Forbidden);
    }
    let ended = TicketClaims { iat: now - 90, exp: now - 30, ..grant() };
    let elsewhere = TicketClaims { aud: "test-0002".parse().unwrap(), ..grant() };
    for bad in [sign(&key(), &ended), sign(&key(), &elsewhere), sign(&stranger, &grant())] {
        let refused = refusal(&region, "/v1/sessions/grant", &format!("Bearer {bad}")).await;
        assert_eq!(refused, ErrorCode::Unauthorized);
    }
    assert_eq!(region.metric("meridian_grants_ignored_total").await, 0, "none of them got to an engine");
    assert_eq!(region.metric("meridian_sessions").await, 0);
    assert_eq!(region.metric("meridian_tickets_refused_total").await, 17);
    region.end().await;
}

#[tokio::test]
async fn a_ticket_does_not_choose_how_it_is_checked() {
    let region = Region::alone().await;
    let claims = ticket(TicketAction::Open);
    let encode = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let payload = encode(serde_json::to_value(&claims).unwrap());
    for alg in ["none", "None", "NONE", ""] {
        let header = encode(serde_json::json!({"alg": alg, "typ": "JWT"}));
        for token in [format!("{header}.{payload}."), format!("{header}.{payload}")] {
            let refused = refusal(&region, "/v1/sessions", &format!("Bearer {token}")).await;
            assert_eq!(refused, ErrorCode::Unauthorized, "alg {alg:?}");
        }
    }
    // The public key is no secret: a ticket "signed" with it by HMAC is a forgery.
    let public = key().verifying_key().to_bytes();
    for secret in [public.as_slice(), public_key().as_bytes()] {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let token =
                jsonwebtoken::encode(&Header::new(algorithm), &claims, &EncodingKey::from_secret(secret)).unwrap();
            let refused = refusal(&region, "/v1/sessions", &format!("Bearer {token}")).await;
            assert_eq!(refused, ErrorCode::Unauthorized, "{algorithm:?}");
        }
    }
    // A good ticket with one claim changed afterwards.
    let token = sign(&key(), &claims);
    let (head, signature) = token.rsplit_once('.').unwrap();
    let header = head.split_once('.').unwrap().0;
    let changed = encode(serde_json::to_value(TicketClaims { epoch: 2, ..claims }).unwrap());
    let refused = refusal(&region, "/v1/sessions", &format!("Bearer {header}.{changed}.{signature}")).await;
    assert_eq!(refused, ErrorCode::Unauthorized);
    assert_eq!(region.metric("meridian_sessions").await, 0);
    region.end().await;
}

#[tokio::test]
async fn closing_and_granting_need_no_body_and_no_session() {
    let region = Region::alone().await;
    for (path, action) in
        [("/v1/sessions/close", TicketAction::Close), ("/v1/sessions/grant", TicketAction::Grant)].repeat(2)
    {
        let token = sign(&key(), &ticket(action));
        let response = region.post(path).bearer_auth(token).send().await.unwrap();
        assert_eq!(response.status(), 204);
    }
    assert_eq!(region.metric("meridian_grants_total").await, 0);
    assert_eq!(region.metric("meridian_grants_ignored_total").await, 2);
    region.end().await;
}
