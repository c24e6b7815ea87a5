//! See [`fuzz::home_message`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::home_message(bytes));
