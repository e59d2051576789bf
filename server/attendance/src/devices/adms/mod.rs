//! ADMS, the "iClock PUSH" protocol: how terminals of ZKTeco, eSSL and their resellers talk to a
//! server. The device is always the client; the server answers and may hand out commands.
//!
//! Words: a *serial* is all a device says about who it is. A *pin* is the number a person has in
//! the device. A *stamp* is the device's own mark of how far it has sent; it is given back as it
//! came. *Operations* are what was done to the device itself. A *poll* asks for commands.
//!
//! One request goes through these files:
//!
//! 1. [`Received::read`] in `request` says what was asked, or why it is refused.
//! 2. [`attlog`], [`rtlog`] and [`operlog`] read bodies, line by line. Every line becomes something,
//!    since the count of lines is the acknowledgement: a device that is answered anything but `OK`
//!    sends the same batch again for ever and keeps back those behind it.
//! 3. [`answer`] writes what goes back, [`command`] what may be asked of a device and what it said
//!    to that.
//! 4. [`health`] compares what devices say with what is known, and gives an [`Alarm`].
//!
//! What is deliberately absent: templates of fingers and faces and photographs are recognised and
//! dropped while reading. No command exists that runs a shell, writes a file or clears punches.

pub mod answer;
pub mod attlog;
mod base64;
pub mod command;
mod handshake;
pub mod health;
pub mod operlog;
mod request;
pub mod rtlog;
mod serial;
mod text;
mod time;
mod version;

pub use attlog::{AttRecord, Line};
pub use command::{Command, CommandId, CommandResult};
pub use handshake::{CommKey, DeviceInfo, DeviceKind, Handshake};
pub use health::{Alarm, Severity};
pub use operlog::Entry;
pub use request::{RawRequest, Received, Refusal, Request};
pub use serial::{BadSerial, Serial, Stamp};
pub use time::DeviceTime;
pub use version::Version;
