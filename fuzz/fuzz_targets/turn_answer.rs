//! See [`fuzz::turn_answer`].
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::turn_answer(bytes));
