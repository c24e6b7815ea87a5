//! See [`fuzz::meeting_code`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::meeting_code(bytes));
