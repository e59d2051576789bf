//! Whatever a table holds, a preview of it ends, and without a panic.
#![no_main]

use attendance::devices::csv::{Choices, DateOrder, MAX_ERRORS, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let headed = [b"badge,date time,direction,zone,device\n", bytes].concat();
    for order in [None, Some(DateOrder::DayFirst)] {
        let choices = Choices {
            date_order: order,
            ..Choices::default()
        };
        for bytes in [bytes, &headed] {
            if let Ok(preview) = read(bytes, &choices) {
                assert!(preview.errors.len() <= preview.error_count.min(MAX_ERRORS));
            }
        }
    }
});
