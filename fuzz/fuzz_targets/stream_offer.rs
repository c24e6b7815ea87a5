//! See [`fuzz::stream_offer`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::stream_offer(bytes));
