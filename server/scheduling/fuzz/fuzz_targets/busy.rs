//! Whatever a file holds, reading busy times from it ends, and without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::zone::Zone;
use scheduling::ical;

fuzz_target!(|bytes: &[u8]| {
    let text = ical::decode(bytes);
    let from = "2026-01-01T00:00:00Z".parse().expect("an instant");
    let to = "2026-03-01T00:00:00Z".parse().expect("an instant");
    if let Ok(busy) = ical::busy(&text, from, to, &Zone::utc()) {
        assert!(busy.busy.iter().all(|b| from <= b.from && b.from < b.to && b.to <= to));
    }
});
