//! How much something weighs: an alarm of a device, a limit that was passed, a day that is out of order.

words!(
    /// How grave something is.
    Severity {
        /// To be known.
        Info = "info",
        /// To be looked at: a limit was missed by little.
        Warning = "warning",
        /// To be looked at now: a limit was missed by
        /// [`Limits::serious_minutes`](super::compliance::Limits) or more.
        Serious = "serious",
    }
);
