//! See [`fuzz::region_body`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::region_body(bytes));
