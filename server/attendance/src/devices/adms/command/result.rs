//! What a device says to commands: the body of `devicecmd`.

use chrono::NaiveDateTime;

use super::super::text;
use super::super::time::local;

/// The most results that are taken from one body, and details from one result.
const RESULTS: usize = 1_000;
const DETAILS: usize = 300;

/// How one command went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandResult {
    /// Which command: the id it was sent with, as it came back.
    pub id: String,
    /// What came of it; below zero is a failure, `None` that it does not say.
    pub code: Option<i64>,
    /// What the device says it did.
    pub command: String,
    /// Whatever else it tells, such as its settings after `INFO`. Secrets are left out.
    pub details: Vec<(String, String)>,
}

/// How many punches a device holds of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PunchSum {
    /// The first second, by its clock; `None` when it does not repeat the question.
    pub from: Option<NaiveDateTime>,
    /// The last second.
    pub to: Option<NaiveDateTime>,
    /// The count.
    pub count: u64,
}

impl CommandResult {
    /// Whether it was done.
    pub fn succeeded(&self) -> bool {
        self.code.is_some_and(|code| code >= 0)
    }

    /// The code in words.
    pub fn words(&self) -> &'static str {
        let Some(code) = self.code else {
            return "the device does not say how it went";
        };
        match code {
            0.. => "done",
            -1 => "the device did not understand a value",
            -2 => "the photograph is not as long as was said",
            -3 => "the device could not read or write its memory",
            -9 => "the template is not as long as was said",
            -10 => "the device does not know this person",
            -11 | -12 => "the fingerprint cannot be used",
            -30 => "the template is of another version",
            -1001 => "the device is full",
            -1002 => "this device cannot do that",
            -1003 => "the device took too long",
            -1004 => "this device has no such table or is set up otherwise",
            -1005 => "the device is busy",
            -1006 => "the command is too long for the device",
            -1007 => "the device has no memory left",
            -1008 => "the device could not fetch what it needed from the server",
            _ => "the device refused, with a code that is not documented",
        }
    }

    /// The count of punches, if that was asked for and told.
    pub fn punch_sum(&self) -> Option<PunchSum> {
        let detail = |names: &[&str]| {
            let mut found = self.details.iter();
            found
                .find(|(name, _)| names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)))
                .map(|(_, value)| value.as_str())
        };
        Some(PunchSum {
            from: detail(&["StartTime"]).and_then(local),
            to: detail(&["EndTime"]).and_then(local),
            // Older firmware has the second name.
            count: detail(&["AttlogSum", "AttlogCount"])?.parse().ok()?,
        })
    }
}

/// Reads the results in a body. Each begins with `ID=`; a line holds one, or goes on with the one
/// before it.
pub fn results(body: &[u8]) -> Vec<CommandResult> {
    let mut results: Vec<CommandResult> = Vec::new();
    let mut in_content = false;
    for line in text::lines(body) {
        let content = text::decode(&line.bytes[..line.bytes.len().min(text::LINE_BYTES)]);
        let content = content.trim().trim_matches('\0');
        let begins = content
            .get(..3)
            .is_some_and(|start| start.eq_ignore_ascii_case("ID="));
        if begins {
            if results.len() == RESULTS {
                break;
            }
            in_content = false;
            results.push(CommandResult {
                id: String::new(),
                code: None,
                command: String::new(),
                details: Vec::new(),
            });
        }
        let Some(result) = results.last_mut().filter(|_| !in_content) else {
            continue;
        };
        // Values of settings may hold an ampersand, the fields of a result do not.
        if begins {
            content.split('&').for_each(|field| take(result, field));
        } else if content.starts_with("Content=") {
            // The output of a program or the bytes of a file: never asked for, so not looked at.
            in_content = true;
        } else {
            take(result, content);
        }
    }
    results
}

fn take(result: &mut CommandResult, field: &str) {
    let Some((name, value)) = field.split_once('=') else {
        return;
    };
    match name.trim().to_ascii_uppercase().as_str() {
        "ID" if result.id.is_empty() => result.id = text::bounded(value, 16).unwrap_or_default(),
        "RETURN" => result.code = value.trim().parse().ok(),
        "CMD" => result.command = text::bounded(value, 32).unwrap_or_default(),
        _ if result.details.len() < DETAILS => result.details.extend(text::setting(field)),
        _ => {}
    }
}
