//! See [`fuzz::tcp_stream`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::tcp_stream(bytes));
