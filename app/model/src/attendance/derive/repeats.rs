//! Rule R4: within seconds of a punch, another that could be the same one is left out, wherever it
//! was made. It stays in the list. The rule looks at what was kept last, so that a row of taps
//! cannot swallow a punch that is a minute away; and a trusted OUT after a trusted IN is news.

use chrono::TimeDelta;

use super::interpret::{Punch, Read};
use crate::attendance::day::Disposition;
use crate::attendance::policy::Policy;

/// The punches that are not repeats, by time.
pub(super) fn keep(policy: &Policy, read: &mut Read) -> Vec<Punch> {
    let window = TimeDelta::seconds(policy.duplicate_window_seconds);
    let mut kept: Vec<Punch> = Vec::with_capacity(read.punches.len());
    for punch in read.punches.drain(..) {
        match kept.last_mut() {
            Some(last) if punch.at - last.at <= window && may_be_the_same(last, &punch) => {
                // The one that knows its direction tells the other.
                last.direction = last.direction.or(punch.direction);
                let id = read.outs[last.out].id.clone();
                for again in std::iter::once(&punch.out).chain(&punch.copies) {
                    let out = &mut read.outs[*again];
                    out.disposition = Disposition::Duplicate;
                    out.duplicate_of = Some(id.clone());
                }
                last.repeats.push(punch.out);
                last.copies.extend(punch.copies);
            }
            _ => kept.push(punch),
        }
    }
    kept
}

fn may_be_the_same(one: &Punch, other: &Punch) -> bool {
    !(one.comes() && other.goes() || one.goes() && other.comes())
}
