//! See [`fuzz::rest_body`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::rest_body(bytes));
