//! See [`fuzz::seat_token`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::seat_token(bytes));
