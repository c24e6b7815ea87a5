//! Requests to other servers: a time-out, no redirects followed, and bounded answers.
//!
//! Whoever answers slowly, wrongly or without end must cost nothing but the time-out.

use std::time::Duration;

use futures_util::{
    future::{Either, select},
    pin_mut,
};
use worker::{AbortController, Delay, Error, Fetch, Headers, Method, Request, Result, web_sys};

/// A request, made without the options of the `worker` crate: those bring the code for Cloudflare's
/// resizing of pictures.
///
/// # Errors
/// When the platform takes no such address or body.
pub fn request(method: Method, url: &str, headers: &Headers, body: Option<String>) -> Result<Request> {
    let init = web_sys::RequestInit::new();
    init.set_method(method.as_ref());
    init.set_headers(&headers.0);
    // A redirect would carry a credential to somebody else.
    init.set_redirect(web_sys::RequestRedirect::Manual);
    if let Some(body) = body {
        init.set_body(&body.into());
    }
    Ok(web_sys::Request::new_with_str_and_init(url, &init)?.into())
}

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
    let request = request(method, url, &headers, body)?;
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
