//! Whatever a device writes, every line becomes something, once, and without a panic.
#![no_main]

use attendance::devices::adms::{Entry, attlog, operlog};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let count = attlog::count(body);
    assert_eq!(attlog::lines(body).count(), count);
    let mut operations = 0;
    for entry in operlog::lines(body) {
        operations += 1;
        if let Entry::Operation(operation) = entry {
            let _ = operation.alarm().map(|alarm| alarm.to_string());
        }
    }
    assert_eq!(operations, count);
});
