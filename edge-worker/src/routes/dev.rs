//! `/dev/*`: what exists on a developer's machine only.

use axum::{
    body::Body,
    http::{HeaderValue, Request, StatusCode, Uri, header},
    response::Response,
};
use mail::push_escaped;
use protocol::{error::ErrorCode, text::EmailAddress};
use serde_json::Value;
use worker::{Env, js_sys::decode_uri_component};

use super::{rooms::field, text};
use crate::{local_time::Intl, outbox, problem::Refusal, settings};

/// The page runs nothing and loads nothing. Mails have inline styles, which their frames inherit the
/// right to.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; \
                           frame-ancestors 'none'";

/// `GET /dev/outbox?to=ADDRESS`: JSON, and a page for browsers; without an address a form.
pub(super) async fn outbox(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    if !settings::development(&env) {
        return Err(Refusal::new(ErrorCode::NotFound, "There is no such path"));
    }
    let Some(to) = parameter(request.uri(), "to") else { return page(&form("")) };
    let to: EmailAddress = to.parse().map_err(|_| field("to", "is not an address"))?;
    let mails = outbox::list(&env, &to).await?;
    if text(request.headers(), &header::ACCEPT).is_some_and(|accept| accept.contains("text/html")) {
        let mut body = form(to.as_str());
        for (position, mail) in mails.iter().enumerate() {
            let mail: Value = serde_json::from_str(mail).map_err(|error| Refusal::internal(&error))?;
            body.push_str(if position == 0 { "<details open>" } else { "<details>" });
            show(&mut body, &mail);
        }
        if mails.is_empty() {
            body.push_str("<p>Nothing was sent to this address.</p>");
        }
        return page(&body);
    }
    answer("application/json", format!("[{}]", mails.join(",")))
}

fn form(to: &str) -> String {
    let mut html = String::from("<h1>Outbox</h1><form><label>Sent to <input name=\"to\" type=\"email\" value=\"");
    push_escaped(&mut html, to);
    html.push_str("\" required></label> <button>Show</button></form>");
    html
}

/// One mail in its `details`: a line that opens it, its links, its HTML in a frame without any rights, its text.
fn show(html: &mut String, mail: &Value) {
    let part = |name: &str| mail.get(name).and_then(Value::as_str).unwrap_or_default();
    let sent_at = mail.get("sent_at").and_then(Value::as_u64).unwrap_or_default();
    html.push_str("<summary><b>");
    push_escaped(html, part("subject"));
    html.push_str("</b> ");
    push_escaped(html, &mail::LocalTime::describe(&Intl, sent_at, None));
    html.push_str("</summary><ul>");
    for link in mail.get("links").and_then(Value::as_array).into_iter().flatten() {
        html.push_str("<li><a href=\"");
        push_escaped(html, link.as_str().unwrap_or_default());
        html.push_str("\">");
        push_escaped(html, link.as_str().unwrap_or_default());
        html.push_str("</a></li>");
    }
    html.push_str("</ul><iframe title=\"Mail\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\" srcdoc=\"");
    push_escaped(html, part("html"));
    html.push_str("\"></iframe><pre>");
    push_escaped(html, part("text"));
    for file in mail.get("attachments").and_then(Value::as_array).into_iter().flatten() {
        html.push_str("</pre><pre>");
        push_escaped(html, file.get("content").and_then(Value::as_str).unwrap_or_default());
    }
    html.push_str("</pre></details>");
}

fn page(body: &str) -> Result<Response, Refusal> {
    let head = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Outbox</title>\
                <meta name=\"viewport\" content=\"width=device-width\"><style>\
                :root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}\
                body{max-width:760px;margin:32px auto;padding:0 16px}\
                details{border:1px solid #8886;border-radius:8px;margin:16px 0;padding:12px 16px}\
                summary{cursor:pointer}a,pre{overflow-wrap:anywhere;white-space:pre-wrap}\
                iframe{width:100%;height:420px;border:0}input{font:inherit;width:20em;max-width:100%}\
                button{font:inherit}</style></head><body>";
    answer("text/html; charset=utf-8", format!("{head}{body}</body></html>"))
}

fn answer(content_type: &'static str, body: String) -> Result<Response, Refusal> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    Ok(response)
}

/// A value in the query. A `+` stands for itself, as in addresses.
fn parameter(target: &Uri, name: &str) -> Option<String> {
    let mut pairs = target.query()?.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, _)| *key == name)?;
    decode_uri_component(value).ok().map(String::from).filter(|value| !value.is_empty())
}
