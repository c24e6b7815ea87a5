//! Work that an object does beside its events.

use std::{future::Future, pin::Pin};

use worker::{Result, State};

/// Runs it while the object lives; what fails is logged under the object's name. Boxed, so that the way
/// into JavaScript is in the Worker once and not for each kind of work.
pub fn run(state: &State, name: &'static str, work: Pin<Box<dyn Future<Output = Result<()>>>>) {
    state.wait_until(async move {
        if let Err(error) = work.await {
            worker::console_error!("{name}: {error}");
        }
    });
}
