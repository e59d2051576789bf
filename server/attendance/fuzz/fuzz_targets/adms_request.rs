//! Whatever somebody sends to the port of the devices, reading it ends, and without a panic.
#![no_main]

use attendance::devices::adms::{RawRequest, Received, Request};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, &[u8])| {
    let (path, query, body) = input;
    for method in ["GET", "POST"] {
        for path in [path, "/iclock/cdata", "/iclock/devicecmd"] {
            let raw = RawRequest {
                method,
                path,
                query,
                body,
            };
            let Ok(received) = Received::read(&raw) else {
                continue;
            };
            assert!(received.serial.as_str().is_ascii());
            if let Request::Results(results) = received.request {
                for result in results {
                    let _ = (result.words(), result.punch_sum());
                }
            }
        }
    }
});
