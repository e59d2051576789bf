//! Conversations with devices as text files: what is sent, and what has to come back.
//!
//! ```text
//! # A remark.
//! ! device SN=CQZ7 zone=Europe/Berlin      something the world has to do or to hold by now
//! > POST /iclock/cdata?SN=CQZ7&table=ATTLOG&Stamp=1
//! > Content-Type: text/plain               more lines with > are headers
//! 31\t2026-10-05 06:58:10\t0\t1            the body, until the answer
//! < 200 OK: 1                              the status and the first line of the answer
//! < …                                      more of its lines; … alone is any number of them
//! ```
//!
//! In a body, `\t`, `\r`, `\\` and `\x1f` stand for bytes; a backslash at its very end leaves out the
//! last line end. In an answer, `{name}` stands for any text within a line, which may be used in
//! later requests and answers; `{}` stands for any text that is not.

use std::collections::HashMap;
use std::fmt;

use attendance::devices::adms::{RawRequest, Received, Request, answer, attlog, operlog};

/// One step of a conversation.
#[derive(Debug)]
pub enum Step {
    /// Something that the test's world does or checks.
    World {
        /// Where it stands.
        line: usize,
        /// What.
        text: String,
    },
    /// A request and its answer.
    Exchange(Exchange),
}

/// A request and its answer.
#[derive(Debug)]
pub struct Exchange {
    /// Where it stands.
    pub line: usize,
    /// The method.
    pub method: String,
    /// The path and the query.
    pub target: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The status of the answer.
    pub status: u16,
    /// The lines of the answer.
    pub answer: Vec<String>,
}

/// A text that is no conversation.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    line: usize,
    what: &'static str,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// The texts that stood where an answer had names.
#[derive(Debug, Default)]
pub struct Captures(HashMap<String, String>);

impl Captures {
    /// A text with the names in it replaced.
    pub fn fill(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.0 {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}

impl Exchange {
    /// The path and the query, with names replaced.
    pub fn target(&self, captures: &Captures) -> String {
        captures.fill(&self.target)
    }

    /// The body, with names replaced where it is text.
    pub fn body(&self, captures: &Captures) -> Vec<u8> {
        match std::str::from_utf8(&self.body) {
            Ok(text) => captures.fill(text).into_bytes(),
            Err(_) => self.body.clone(),
        }
    }

    /// Compares an answer with the one that has to come, and keeps what stands where it has names.
    pub fn check(&self, status: u16, body: &str, captures: &mut Captures) -> Result<(), String> {
        let lines: Vec<&str> = body.lines().collect();
        let differs = || {
            format!(
                "line {}: {status} {body:?} is not {} {:?}",
                self.line, self.status, self.answer
            )
        };
        if status != self.status {
            return Err(differs());
        }
        let open = self.answer.last().is_some_and(|last| last == "…");
        let expected = &self.answer[..self.answer.len() - usize::from(open)];
        if lines.len() < expected.len() || (!open && lines.len() > expected.len()) {
            return Err(differs());
        }
        for (expected, line) in expected.iter().zip(lines) {
            matches(&captures.fill(expected), line, captures).ok_or_else(differs)?;
        }
        Ok(())
    }
}

/// Compares a line with one that has names in it.
fn matches(expected: &str, line: &str, captures: &mut Captures) -> Option<()> {
    let Some((before, rest)) = expected.split_once('{') else {
        return (expected == line).then_some(());
    };
    let (name, after) = rest.split_once('}')?;
    let line = line.strip_prefix(before)?;
    let literal = after.split('{').next().unwrap_or_default();
    let end = if after.is_empty() {
        line.len()
    } else {
        line.find(literal)?
    };
    let (value, line) = line.split_at(end);
    if !name.is_empty() {
        captures.0.insert(name.to_owned(), value.to_owned());
    }
    matches(after, line, captures)
}

/// Reads a conversation.
pub fn read(text: &str) -> Result<Vec<Step>, Fault> {
    let mut steps = Vec::new();
    let mut lines = (1..).zip(text.lines()).peekable();
    while let Some((line, content)) = lines.next() {
        let fault = |what| Fault { line, what };
        if content.trim().is_empty() || content.starts_with('#') {
            continue;
        }
        if let Some(text) = content.strip_prefix("! ") {
            let text = text.trim().to_owned();
            steps.push(Step::World { line, text });
            continue;
        }
        let request = content
            .strip_prefix("> ")
            .ok_or(fault("neither a remark, the world nor a request"))?;
        let (method, target) = request
            .split_once(' ')
            .ok_or(fault("a request is a method and a target"))?;
        let mut headers = Vec::new();
        while let Some((line, header)) = lines.next_if(|(_, content)| content.starts_with("> ")) {
            let pair = header[2..]
                .split_once(": ")
                .map(|(name, value)| (name.to_owned(), value.to_owned()));
            headers.push(pair.ok_or(Fault {
                line,
                what: "a header is a name and a value",
            })?);
        }
        let mut body = Vec::new();
        while let Some((line, content)) = lines.next_if(|(_, content)| !content.starts_with("< ")) {
            unescape(content, &mut body).ok_or(Fault {
                line,
                what: "a backslash stands before t, r, x or itself",
            })?;
        }
        let mut answer = Vec::new();
        while let Some((_, content)) = lines.next_if(|(_, content)| content.starts_with("< ")) {
            answer.push(content[2..].to_owned());
        }
        let first = answer
            .first_mut()
            .ok_or(fault("a request without an answer"))?;
        let (status, rest) = first.split_once(' ').unwrap_or((first, ""));
        let status = status
            .parse()
            .map_err(|_| fault("an answer begins with its status"))?;
        *first = rest.to_owned();
        if answer == [""] {
            answer.clear();
        }
        steps.push(Step::Exchange(Exchange {
            line,
            method: method.to_owned(),
            target: target.to_owned(),
            headers,
            body,
            status,
            answer,
        }));
    }
    Ok(steps)
}

fn unescape(line: &str, body: &mut Vec<u8>) -> Option<()> {
    let mut rest = line;
    while let Some((plain, escaped)) = rest.split_once('\\') {
        body.extend(plain.bytes());
        let (kind, after) = match escaped.chars().next() {
            // The end of the line: no line end after it.
            None => return Some(()),
            Some(kind) => (kind, &escaped[kind.len_utf8()..]),
        };
        rest = after;
        match kind {
            't' => body.push(b'\t'),
            'r' => body.push(b'\r'),
            '\\' => body.push(b'\\'),
            'x' => {
                body.push(u8::from_str_radix(after.get(..2)?, 16).ok()?);
                rest = &after[2..];
            }
            _ => return None,
        }
    }
    body.extend(rest.bytes());
    body.push(b'\n');
    Some(())
}

/// All conversations of this folder, by name.
pub const ALL: [(&str, &str); 5] = [
    (
        "working_day",
        include_str!("../fixtures/adms/working_day.txt"),
    ),
    (
        "old_firmware",
        include_str!("../fixtures/adms/old_firmware.txt"),
    ),
    (
        "completeness",
        include_str!("../fixtures/adms/completeness.txt"),
    ),
    ("door", include_str!("../fixtures/adms/door.txt")),
    ("stranger", include_str!("../fixtures/adms/stranger.txt")),
];

#[test]
fn a_conversation_is_read_with_its_bytes() {
    let text = "# one\n! device SN=1\n> POST /iclock/cdata?SN=1\n> Accept: */*\na\\tb\\r\nc\\xff\\\\\\\n< 200 OK: {n}\n< …\n";
    let steps = read(text).expect("a conversation");
    let [Step::World { text, .. }, Step::Exchange(exchange)] = &steps[..] else {
        panic!("two steps: {steps:?}");
    };
    assert_eq!(text, "device SN=1");
    assert_eq!(exchange.headers, [("Accept".to_owned(), "*/*".to_owned())]);
    assert_eq!(exchange.body, b"a\tb\r\nc\xff\\");
    let mut captures = Captures::default();
    exchange
        .check(200, "OK: 7\nmore\n", &mut captures)
        .expect("the answer");
    assert_eq!(captures.fill("n is {n}"), "n is 7");
    assert!(exchange.check(500, "OK: 7", &mut captures).is_err());
    assert!(
        exchange.check(200, "OK: 8", &mut captures).is_err(),
        "the name is taken"
    );
    assert_eq!(
        read("> GET /x\n").unwrap_err().to_string(),
        "line 1: a request without an answer"
    );
}

/// Without a server: each request is understood, and the answers that hang on it alone are right.
#[test]
fn the_requests_of_all_conversations_are_understood() {
    for (name, text) in ALL {
        let steps = read(text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        for step in steps {
            let Step::Exchange(exchange) = step else {
                continue;
            };
            let (path, query) = exchange
                .target
                .split_once('?')
                .unwrap_or((&exchange.target, ""));
            let raw = RawRequest {
                method: &exchange.method,
                path,
                query,
                body: &exchange.body,
            };
            let place = format!("{name}, line {}", exchange.line);
            let answer = match Received::read(&raw).map(|received| received.request) {
                Err(refusal) => {
                    assert_eq!(refusal.status(), exchange.status, "{place}");
                    continue;
                }
                Ok(Request::Punches { body, .. } | Request::AccessEvents { body }) => {
                    answer::accepted(attlog::lines(&body).count())
                }
                Ok(Request::Operations { body, .. }) => {
                    answer::accepted(operlog::lines(&body).count())
                }
                Ok(Request::AccessTable { name, count, .. }) => {
                    answer::table_received(&name, count)
                }
                Ok(
                    Request::Ping
                    | Request::Results(_)
                    | Request::Settings(_)
                    | Request::Other { .. },
                ) => answer::OK.to_owned(),
                // The rest hangs on what the server knows.
                Ok(_) => continue,
            };
            if exchange.status == 200 {
                let checked = exchange.check(200, &answer, &mut Captures::default());
                checked.unwrap_or_else(|wrong| panic!("{place}: {wrong}"));
            }
        }
    }
}
