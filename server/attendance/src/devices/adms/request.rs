//! From an HTTP request to what a device wants.

use std::borrow::Cow;

use super::command::{self, CommandResult};
use super::handshake::{CommKey, DeviceInfo, DeviceKind, Handshake};
use super::serial::{BadSerial, Serial, Stamp};
use super::text;
use super::version::Version;

/// What is looked at of an HTTP request.
#[derive(Clone, Copy, Debug)]
pub struct RawRequest<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The path, without the query.
    pub path: &'a str,
    /// The query as it was sent, without the question mark.
    pub query: &'a str,
    /// The body. How long it may be is for the listener to say.
    pub body: &'a [u8],
}

/// A request that came from a device, or from somebody who speaks like one.
#[derive(Clone, Debug, PartialEq)]
pub struct Received<'a> {
    /// Who it says it is.
    pub serial: Serial,
    /// What it wants.
    pub request: Request<'a>,
}

/// What a device wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Request<'a> {
    /// It was switched on, or found the server again, and asks for its options.
    Hello(Handshake),
    /// It delivers punches: [`super::attlog::lines`].
    Punches {
        /// How far it has sent; given back at the next handshake.
        stamp: Option<Stamp>,
        /// The lines, without a form around them.
        body: Cow<'a, [u8]>,
    },
    /// It delivers what was done to it and who it knows: [`super::operlog::lines`].
    Operations {
        /// How far it has sent.
        stamp: Option<Stamp>,
        /// The lines, without a form around them.
        body: Cow<'a, [u8]>,
    },
    /// It tells how it is set up. Secrets are left out.
    Settings(Vec<(String, String)>),
    /// It delivers what is not kept: templates, photographs, papers, its own errors. To be answered
    /// with `OK`, or it never stops.
    Other {
        /// What it calls the data.
        table: String,
        /// How much it was.
        bytes: usize,
    },
    /// It asks for commands.
    Poll {
        /// How full it is, now and then.
        info: Option<DeviceInfo>,
    },
    /// It says that it is still there, during a long upload.
    Ping,
    /// It tells how commands went.
    Results(Vec<CommandResult>),
    /// A door controller wants to be registered.
    AccessRegistry {
        /// How it is set up.
        settings: Vec<(String, String)>,
    },
    /// A door controller asks for its options.
    AccessPush,
    /// A door controller delivers what happened at doors: [`super::rtlog::lines`].
    AccessEvents {
        /// The lines.
        body: Cow<'a, [u8]>,
    },
    /// A door controller delivers a table. To be answered with [`super::answer::table_received`].
    AccessTable {
        /// The name of the table.
        name: String,
        /// How many rows it says it sent.
        count: u32,
        /// The rows of the table `transaction`, which are events; of any other table, nothing.
        body: Cow<'a, [u8]>,
    },
}

/// Why a request is not one of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing of the protocol is at that path.
    #[error("no part of the device protocol is at this path")]
    Path,
    /// Neither GET nor POST, or the wrong one of them.
    #[error("a device does not use this method here")]
    Method,
    /// No serial number.
    #[error("the request names no serial number")]
    NoSerial,
    /// A serial number that cannot be one.
    #[error(transparent)]
    BadSerial(#[from] BadSerial),
}

impl Refusal {
    /// The HTTP status that says so.
    pub fn status(self) -> u16 {
        match self {
            Self::Path => 404,
            Self::Method => 405,
            Self::NoSerial | Self::BadSerial(_) => 400,
        }
    }
}

impl<'a> Received<'a> {
    /// Reads a request.
    ///
    /// # Errors
    /// [`Refusal`] when it is none of the protocol, or does not say which device it is from.
    pub fn read(raw: &RawRequest<'a>) -> Result<Self, Refusal> {
        let verb = verb(raw.path).ok_or(Refusal::Path)?;
        let post = match raw.method {
            "GET" => false,
            "POST" => true,
            _ => return Err(Refusal::Method),
        };
        let mut fields = Fields::of_query(raw.query);
        let body = match form(raw.body).filter(|_| post) {
            Some((more, data)) => {
                fields.0.extend(more.0);
                Cow::Owned(data)
            }
            None => Cow::Borrowed(raw.body),
        };
        let serial = Serial::parse(fields.get("sn").ok_or(Refusal::NoSerial)?)?;
        let request = match (verb.as_str(), post) {
            ("cdata", false) => asked(&fields),
            ("cdata" | "fdata", true) => delivered(&verb, &fields, body),
            ("getrequest", _) => Request::Poll {
                info: fields.get("info").and_then(DeviceInfo::parse),
            },
            ("ping", _) => Request::Ping,
            ("devicecmd", true) => Request::Results(command::results(&body)),
            ("registry", true) => Request::AccessRegistry {
                settings: text::settings(&body),
            },
            ("push", true) => Request::AccessPush,
            ("querydata", true) => table(&fields, body),
            ("rtdata" | "exchange" | "file", _) => other(&verb, &body),
            ("devicecmd" | "registry" | "push" | "querydata" | "fdata", false) => {
                return Err(Refusal::Method);
            }
            _ => return Err(Refusal::Path),
        };
        Ok(Self { serial, request })
    }
}

/// The last part of `/iclock/cdata`, in lower case. Some firmware doubles the folder, and old
/// servers made devices ask for pages ending in `.aspx`.
fn verb(path: &str) -> Option<String> {
    let lower = path.to_ascii_lowercase();
    let mut parts = lower.split('/').filter(|part| !part.is_empty());
    let last = parts.next_back()?;
    let mut folders = 0;
    for folder in parts {
        if folder != "iclock" {
            return None;
        }
        folders += 1;
    }
    (1..=2)
        .contains(&folders)
        .then(|| last.strip_suffix(".aspx").unwrap_or(last).to_owned())
}

/// A GET of `cdata`: nearly always the handshake, with or without saying so.
fn asked<'a>(fields: &Fields) -> Request<'a> {
    let options = fields.get("options").or_else(|| fields.get("option"));
    // A terminal abroad asks for a person it does not know: `table=RemoteAtt`.
    if let (None, Some(table)) = (options, fields.get("table")) {
        return other(table, &[]);
    }
    Request::Hello(Handshake {
        version: fields.get("pushver").and_then(Version::parse),
        kind: fields
            .get("devicetype")
            .map(DeviceKind::parse)
            .unwrap_or_default(),
        language: fields.get("language").and_then(|text| text.parse().ok()),
        comm_key: fields.get("pushcommkey").and_then(CommKey::parse),
    })
}

/// A POST of `cdata`: data.
fn delivered<'a>(verb: &str, fields: &Fields, body: Cow<'a, [u8]>) -> Request<'a> {
    let name = fields.get("table").or_else(|| fields.get("type"));
    let name = name.unwrap_or(verb);
    let stamp = || {
        let sent = ["stamp", "opstamp"]
            .iter()
            .find_map(|name| fields.get(name));
        sent.and_then(Stamp::parse)
    };
    // An archive has no lines to read. It holds templates: what is sent line by line is small.
    if fields
        .get("contenttype")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("tgz"))
    {
        return other(name, &body);
    }
    match name.to_ascii_lowercase().as_str() {
        "attlog" => Request::Punches {
            stamp: stamp(),
            body,
        },
        "operlog" => Request::Operations {
            stamp: stamp(),
            body,
        },
        "options" => Request::Settings(text::settings(&body)),
        "rtlog" => Request::AccessEvents { body },
        "tabledata" => table(fields, body),
        _ => other(name, &body),
    }
}

fn table<'a>(fields: &Fields, body: Cow<'a, [u8]>) -> Request<'a> {
    let plain = |name: &&str| {
        (1..=32).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let Some(name) = fields.get("tablename").filter(plain) else {
        return other("tabledata", &body);
    };
    let said = fields.get("count").and_then(|count| count.parse().ok());
    let count =
        said.unwrap_or_else(|| u32::try_from(text::lines(&body).count()).unwrap_or(u32::MAX));
    let events = name.eq_ignore_ascii_case("transaction");
    Request::AccessTable {
        name: name.to_owned(),
        count,
        body: if events { body } else { Cow::Borrowed(&[]) },
    }
}

fn other<'a>(table: &str, body: &[u8]) -> Request<'a> {
    Request::Other {
        table: text::bounded(table, 32).unwrap_or_default(),
        bytes: body.len(),
    }
}

/// The fields of a query or a form, decoded. Names are found whatever their case.
#[derive(Default)]
struct Fields(Vec<(String, String)>);

impl Fields {
    /// The most fields that are looked at; a handshake has eight.
    const MOST: usize = 40;

    fn of_query(query: &str) -> Self {
        let decoded = |text: &str| {
            let bytes = text::percent_decoded(text.as_bytes(), true);
            text::decode(&bytes).into_owned()
        };
        let pair = |field: &str| {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            (decoded(name).to_ascii_lowercase(), decoded(value))
        };
        Self(query.split('&').take(Self::MOST).map(pair).collect())
    }

    /// The first value of that name that is not empty. The name is given in lower case.
    fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(found, _)| found == name);
        values.find_map(|(_, value)| Some(value.trim()).filter(|value| !value.is_empty()))
    }
}

/// The fields before `data=` and what is in it, when a body is a form. Old eSSL firmware sends such;
/// nearly all others send bare lines and only claim, in their header, to send a form. So the header
/// is not asked.
fn form(body: &[u8]) -> Option<(Fields, Vec<u8>)> {
    const LONGEST_HEAD: usize = 256;
    let head = &body[..body.len().min(LONGEST_HEAD)];
    let mark = |at: usize| {
        head[at..]
            .get(..5)
            .is_some_and(|w| w.eq_ignore_ascii_case(b"data="))
    };
    let at = (0..head.len()).find(|&at| (at == 0 || head[at - 1] == b'&') && mark(at))?;
    let (before, data) = (&body[..at], &body[at + 5..]);
    if before.iter().any(|byte| byte.is_ascii_whitespace()) {
        return None;
    }
    // A tab or a line end inside says that nobody encoded it, and that a plus is a plus.
    let bare = data.iter().any(|byte| b"\t\n".contains(byte));
    let data = if bare {
        data.to_vec()
    } else {
        text::percent_decoded(data, true)
    };
    Some((Fields::of_query(&text::decode(before)), data))
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
