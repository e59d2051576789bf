//! Whatever rule somebody writes, expanding it ends, in order, and without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::scheduling::recurrence::expand;

fuzz_target!(|text: &str| {
    let (start, rule) = text.split_once('\n').unwrap_or(("20260329T090000", text));
    if let Ok(found) = expand(start, rule, 50, None) {
        assert!(found.len() <= 50);
    }
});
