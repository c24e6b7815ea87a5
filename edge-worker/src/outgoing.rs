//! Requests to other servers: a time-out, no redirects followed, and bounded answers.
//!
//! Whoever answers slowly, wrongly or without end must cost nothing but the time-out.

use std::time::Duration;

use futures_util::{
    future::{Either, select},
    pin_mut,
};
use worker::{AbortController, Delay, Error, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Result};

/// Sends a request and reads the whole answer: its status and its body of at most `most` bytes. A body
/// is sent as it is; its type is among the headers.
///
/// # Errors
/// When nothing was answered in time, or too much.
pub async fn exchange(
    method: Method,
    url: &str,
    headers: Headers,
    body: Option<String>,
    timeout: Duration,
    most: usize,
) -> Result<(u16, Vec<u8>)> {
    let mut init = RequestInit::new();
    // A redirect would carry a credential to somebody else.
    init.with_method(method).with_redirect(RequestRedirect::Manual).with_headers(headers);
    if let Some(body) = body {
        init.with_body(Some(body.into()));
    }
    let request = Request::new_with_init(url, &init)?;
    let abort = AbortController::default();
    let signal = abort.signal();
    let answer = async {
        let mut response = Fetch::Request(request).send_with_signal(&signal).await?;
        let status = response.status_code();
        let announced = response.headers().get("content-length")?.and_then(|length| length.parse::<usize>().ok());
        let bytes = if announced.is_some_and(|length| length > most) { None } else { Some(response.bytes().await?) };
        match bytes.filter(|bytes| bytes.len() <= most) {
            Some(bytes) => Ok((status, bytes)),
            None => Err(Error::RustError("the answer is too large".into())),
        }
    };
    // Dropping the delay clears its timer, which would otherwise keep an object from hibernating.
    let delay = Delay::from(timeout);
    pin_mut!(answer, delay);
    match select(answer, delay).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => {
            abort.abort();
            Err(Error::RustError("no answer in time".into()))
        }
    }
}
