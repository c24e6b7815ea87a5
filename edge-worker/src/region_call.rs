//! Calls from a room to a media region: HTTPS with a ticket, a time-out and bounded answers.
//!
//! A region that is slow, broken or lying must cost a room nothing but the time-out.

use std::time::Duration;

use protocol::{
    error::{ErrorCode, Problem},
    limits::{PROBE_CANDIDATES, PROBE_TEXT_BYTES, REGION_BODY_BYTES},
    region::{OpenSession, ProbeAnswer, SessionAnswer, TicketAction},
    signal::MediaOffer,
};
use room::RegionFailure;
use worker::{Delay, Headers, Method};

use crate::{json, outgoing};

/// How long a region may take to answer an offer.
const OPEN_TIMEOUT: Duration = Duration::from_secs(5);
/// How long it may take to do what it is told of a session; nobody waits for it.
const TELL_TIMEOUT: Duration = Duration::from_secs(5);
/// What to wait before each try to tell it, in seconds; all tries fit into the life of one ticket.
const TELL_PAUSES: [u64; 5] = [0, 1, 2, 4, 8];
/// How long a region may take to answer who looks for a way to it.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a region may take to say that it lives.
const HEALTH_TIMEOUT: Duration = Duration::from_millis(1_500);

/// Opens a media session.
///
/// # Errors
/// [`RegionFailure`].
pub async fn open(control_url: &str, ticket: &str, offer: MediaOffer) -> Result<SessionAnswer, RegionFailure> {
    let body = serde_json::to_string(&OpenSession { offer }).map_err(|_| RegionFailure::Unavailable)?;
    match call(control_url, "/v1/sessions", Method::Post, Some(ticket), Some(body), OPEN_TIMEOUT).await {
        Ok((status, bytes)) => outcome(status, &bytes),
        Err(error) => {
            worker::console_warn!("region: open failed: {error}");
            Err(RegionFailure::Unavailable)
        }
    }
}

/// Lets a browser find out which ways lead to a region; nothing where it does not answer, or nothing that
/// could be passed on.
pub async fn probe(control_url: &str, ticket: &str) -> Option<ProbeAnswer> {
    let (status, bytes) =
        call(control_url, "/v1/probes", Method::Post, Some(ticket), None, PROBE_TIMEOUT).await.ok()?;
    if status != 201 {
        return None;
    }
    let answer: ProbeAnswer = json::parse(&String::from_utf8_lossy(&bytes)).ok()?;
    let fits = |text: &String| text.len() <= PROBE_TEXT_BYTES;
    let all_fit = answer.candidates.len() <= PROBE_CANDIDATES
        && answer.candidates.iter().all(fits)
        && fits(&answer.ufrag)
        && fits(&answer.password);
    all_fit.then_some(answer)
}

/// Tells a region something of a media session that it need not answer: what `action` the ticket is for.
/// Tries again while the region does not answer, because a browser that goes on sending would stay in
/// the meeting's media; a region also ends sessions that fall silent.
pub async fn tell(control_url: &str, action: TicketAction, ticket: &str) {
    let path = match action {
        TicketAction::Open | TicketAction::Probe => return,
        TicketAction::Close => "/v1/sessions/close",
        TicketAction::Grant => "/v1/sessions/grant",
    };
    for pause in TELL_PAUSES {
        if pause > 0 {
            Delay::from(Duration::from_secs(pause)).await;
        }
        match call(control_url, path, Method::Post, Some(ticket), None, TELL_TIMEOUT).await {
            Ok((204, _)) => return,
            Ok((status, _)) if status < 500 => return worker::console_warn!("region: {path} answered {status}"),
            Ok((status, _)) => worker::console_warn!("region: {path} answered {status}"),
            Err(error) => worker::console_warn!("region: {path} failed: {error}"),
        }
    }
    worker::console_error!("region: {path} given up");
}

/// Whether an instance answers its control port now.
pub async fn is_reachable(control_url: &str) -> bool {
    call(control_url, "/healthz", Method::Get, None, None, HEALTH_TIMEOUT).await.is_ok_and(|(status, _)| status == 200)
}

/// What an answer to an offer means.
fn outcome(status: u16, body: &[u8]) -> Result<SessionAnswer, RegionFailure> {
    let body = String::from_utf8_lossy(body);
    if status == 201 {
        return json::parse(&body).map_err(|_| RegionFailure::Unavailable);
    }
    let problem: Option<Problem> = json::parse(&body).ok();
    match problem {
        // Another region would say the same of this offer.
        Some(problem)
            if matches!(problem.code, ErrorCode::OfferRejected | ErrorCode::InvalidRequest | ErrorCode::TooLarge) =>
        {
            Err(RegionFailure::Rejected(problem.title.chars().take(200).collect()))
        }
        _ => Err(RegionFailure::Unavailable),
    }
}

async fn call(
    control_url: &str,
    path: &str,
    method: Method,
    ticket: Option<&str>,
    body: Option<String>,
    timeout: Duration,
) -> worker::Result<(u16, Vec<u8>)> {
    let headers = Headers::new();
    if let Some(ticket) = ticket {
        headers.set("authorization", &format!("Bearer {ticket}"))?;
    }
    if body.is_some() {
        headers.set("content-type", "application/json")?;
    }
    let url = format!("{}{path}", control_url.trim_end_matches('/'));
    outgoing::exchange(method, &url, headers, body, timeout, REGION_BODY_BYTES).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_session_a_refusal_or_no_region() {
        let good = br#"{"sdp":"v=0\r\n","slots":[]}"#;
        assert_eq!(outcome(201, good).unwrap().sdp.as_str(), "v=0\r\n");
        let problem = |code| serde_json::to_vec(&Problem::new(code, "why")).unwrap();
        assert_eq!(outcome(400, &problem(ErrorCode::OfferRejected)), Err(RegionFailure::Rejected("why".into())));
        assert_eq!(outcome(503, &problem(ErrorCode::RegionUnavailable)), Err(RegionFailure::Unavailable));
        assert_eq!(outcome(401, &problem(ErrorCode::Unauthorized)), Err(RegionFailure::Unavailable));
        for (status, body) in [(201, &b"{}"[..]), (200, good), (302, b""), (500, b"<html>"), (400, b"no")] {
            assert_eq!(outcome(status, body), Err(RegionFailure::Unavailable), "{status}");
        }
    }
}
