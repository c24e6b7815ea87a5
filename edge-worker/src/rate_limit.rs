//! A limiter of requests, asked without the deserialiser of the `worker` crate: its code for answers
//! and their faults would be 2 % of the Worker.

use worker::{
    Error, RateLimiter, Result,
    js_sys::{Object, Reflect},
    wasm_bindgen::JsCast as _,
    wasm_bindgen_futures::JsFuture,
    worker_sys,
};

/// Counts against a key; whether that is within the limit.
///
/// # Errors
/// When the platform does not answer, or something strange.
pub async fn allows(limiter: &RateLimiter, key: &str) -> Result<bool> {
    let options = Object::new();
    Reflect::set(&options, &"key".into(), &key.into())?;
    let limiter: &worker_sys::RateLimiter = limiter.as_ref().unchecked_ref();
    let outcome = JsFuture::from(limiter.limit(options)?).await?;
    let success = Reflect::get(&outcome, &"success".into())?.as_bool();
    success.ok_or_else(|| Error::RustError("the rate limiter answered without success".into()))
}
