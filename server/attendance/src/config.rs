//! What the service is configured with.

/// Settings of attendance.
#[derive(Clone, Debug)]
pub struct Config {
    /// The outside address, without a slash at its end.
    pub public_url: String,
    /// The organisation's name.
    pub organisation: String,
}

/// For how long things are kept.
impl Config {
    /// What a device sent, byte for byte, after it was worked off: days.
    pub const BATCH_DAYS: i64 = 90;
    /// A line of a device that could not be read, after it came: days.
    pub const LINE_DAYS: i64 = 365;
    /// A file of punches about which nobody has decided: days.
    pub const FILE_DAYS: i64 = 7;
    /// From which address somebody punched: days.
    pub const ADDRESS_DAYS: i64 = 90;
    /// Punches, in whole months: years.
    pub const PUNCH_YEARS: u32 = 5;
}
