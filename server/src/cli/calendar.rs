//! `punctual calendar`: calendar text without a database, for checking what Punctual makes of it.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use clap::Subcommand;
use model::scheduling::recurrence;
use model::zone::Zone;
use scheduling::ical;

#[derive(Subcommand)]
pub enum Verb {
    /// Print when the owner of an iCalendar file is busy.
    Busy {
        /// The file; `-` is standard input.
        #[arg(long)]
        ics: PathBuf,
        /// From when: 2026-11-30T09:00:00+01:00; without an offset, in the zone.
        #[arg(long)]
        from: When,
        /// Until when.
        #[arg(long)]
        to: When,
        /// The zone of times that have none, such as whole days.
        #[arg(long, default_value = "UTC", value_parser = zone)]
        zone: Zone,
    },
    /// Print when a recurrence takes place, one time a line.
    Expand {
        /// The start, for example `20261130T090000` or `TZID=Europe/Berlin:20261130T090000`.
        #[arg(long)]
        dtstart: String,
        /// The rule, for example `FREQ=WEEKLY;COUNT=10`.
        #[arg(long)]
        rrule: String,
        /// How many at most.
        #[arg(long)]
        limit: Option<usize>,
        /// None before this time, written as the start is.
        #[arg(long)]
        from: Option<String>,
    },
}

/// A time as the command line gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// With an offset.
    Instant(DateTime<Utc>),
    /// What the clocks of the zone show.
    Local(NaiveDateTime),
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self::Instant(at.to_utc()));
        }
        for notation in ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"] {
            if let Ok(local) = NaiveDateTime::parse_from_str(text, notation) {
                return Ok(Self::Local(local));
            }
        }
        match text.parse::<NaiveDate>() {
            Ok(day) => Ok(Self::Local(day.and_time(NaiveTime::MIN))),
            Err(_) => Err("write a time such as 2026-11-30T09:00:00Z".to_owned()),
        }
    }
}

impl When {
    fn at(self, zone: &Zone) -> anyhow::Result<DateTime<Utc>> {
        match self {
            Self::Instant(at) => Ok(at),
            Self::Local(local) => zone
                .first_reading(local)
                .with_context(|| format!("{local} is beyond the years that a zone knows")),
        }
    }
}

fn zone(name: &str) -> Result<Zone, String> {
    Zone::named(name).map_err(|error| error.to_string())
}

pub fn run(verb: Verb) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Busy {
            ics,
            from,
            to,
            zone,
        } => busy(&ics, from.at(&zone)?, to.at(&zone)?, &zone),
        Verb::Expand {
            dtstart,
            rrule,
            limit,
            from,
        } => expand(&dtstart, &rrule, limit, from.as_deref()),
    }
}

fn busy(
    path: &Path,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    zone: &Zone,
) -> anyhow::Result<ExitCode> {
    let name = path.display().to_string();
    let bytes = read(path).with_context(|| format!("cannot read {name}"))?;
    if bytes.len() > ical::limits::FILE_BYTES {
        bail!(
            "{name}: line 1: the file is larger than the {} bytes allowed",
            ical::limits::FILE_BYTES
        );
    }
    let text = ical::decode(&bytes);
    let found = ical::busy(&text, from, to, zone).with_context(|| name.clone())?;
    for warning in &found.warnings {
        eprintln!("warning: {warning}");
    }
    print(&serde_json::to_string_pretty(&found)?)?;
    Ok(ExitCode::SUCCESS)
}

/// The bytes of a file, or of standard input; of a file that is too large, a little more than is
/// allowed.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let most = ical::limits::FILE_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn expand(
    dtstart: &str,
    rrule: &str,
    limit: Option<usize>,
    from: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let most = limit.unwrap_or(recurrence::MAX_INSTANCES);
    let times = recurrence::expand(dtstart, rrule, most, from)?;
    if times.len() == recurrence::MAX_INSTANCES {
        eprintln!("There may be more: {} are printed at most.", times.len());
    }
    if !times.is_empty() {
        print(&times.join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a text and ends its line. A reader that has seen enough, such as `head`, is no fault.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let written = out
        .write_all(text.as_bytes())
        .and_then(|()| out.write_all(b"\n"))
        .and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_an_offset_or_is_read_in_the_zone() {
        let berlin = Zone::named("Europe/Berlin").expect("a zone");
        for text in [
            "2026-11-30T08:00:00Z",
            "2026-11-30T09:00:00+01:00",
            "2026-11-30T09:00:00",
            "2026-11-30T09:00",
        ] {
            let when: When = text.parse().expect("a time");
            let at = when.at(&berlin).expect("an instant");
            assert_eq!(at.to_rfc3339(), "2026-11-30T08:00:00+00:00", "{text}");
        }
        let day: When = "2026-11-30".parse().expect("a day");
        let at = day.at(&berlin).expect("an instant");
        assert_eq!(at.to_rfc3339(), "2026-11-29T23:00:00+00:00");
        assert!("tomorrow".parse::<When>().is_err());
    }
}
