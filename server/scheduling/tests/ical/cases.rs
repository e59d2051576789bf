//! What a person reads in real exports.

/// One file, a range and what is busy in it.
pub struct Case {
    pub file: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    pub zone: &'static str,
    /// As `from to status`, cut to the minute.
    pub busy: &'static [&'static str],
    /// A part of a warning; empty for none at all.
    pub warning: &'static str,
}

/// What a person reads in the real exports.
pub const CASES: &[Case] = &[
    // Windows names in quotes; a weekly rule that does not meet its own DTSTART (a Monday).
    Case {
        file: "Office-2012-owa",
        from: "2020-10-28",
        to: "2020-11-07",
        zone: "UTC",
        busy: &[
            "2020-10-28T02:30 2020-10-28T04:00 busy",
            "2020-10-28T17:30 2020-10-28T19:00 busy",
            "2020-11-02T18:30 2020-11-02T20:00 busy",
            "2020-11-05T18:30 2020-11-05T20:00 busy",
            "2020-11-06T18:30 2020-11-06T20:00 busy",
        ],
        warning: "",
    },
    // One rule is fine, one is no rule and only its first time counts, one gives events without
    // length.
    Case {
        file: "badRRULE",
        from: "2020-09-03",
        to: "2020-09-05",
        zone: "UTC",
        busy: &[
            "2020-09-03T15:40 2020-09-03T16:40 busy",
            "2020-09-04T15:40 2020-09-04T15:50 busy",
        ],
        warning: "line 50: “RRULE:AnythingRandom",
    },
    // An unknown zone is read in ours; a time without an end takes none; a negative length counts
    // as none, so the day stays a day.
    Case {
        file: "bad_custom_ms_tz2",
        from: "2021-03-25",
        to: "2021-04-03",
        zone: "Europe/Berlin",
        busy: &[
            "2021-03-25T09:35 2021-03-25T10:50 busy",
            "2021-03-31T22:00 2021-04-01T22:00 tentative",
        ],
        warning: "“Customized Time Zone 1”",
    },
    // Every second week on Monday and Thursday until the 13th of August, local time, less the
    // exceptions; and a rule in UTC.
    Case {
        file: "biweekly-exdate-until",
        from: "2017-08-01",
        to: "2017-08-16",
        zone: "UTC",
        busy: &[
            "2017-08-14T14:00 2017-08-15T00:00 busy",
            "2017-08-15T14:00 2017-08-16T00:00 busy",
        ],
        warning: "",
    },
    Case {
        file: "dst-transition-rules",
        from: "2022-10-09",
        to: "2022-10-10",
        zone: "Europe/Amsterdam",
        busy: &["2022-10-09T08:00 2022-10-09T09:00 busy"],
        warning: "",
    },
    // The higher SEQUENCE of a UID counts, whichever comes first.
    Case {
        file: "duplicate-uid-sequence",
        from: "2024-01-01",
        to: "2024-02-01",
        zone: "UTC",
        busy: &[
            "2024-01-15T10:00 2024-01-15T11:00 busy",
            "2024-01-20T14:00 2024-01-20T15:00 busy",
        ],
        warning: "",
    },
    Case {
        file: "event-with-category",
        from: "2000-01-01",
        to: "2030-01-01",
        zone: "UTC",
        busy: &[],
        warning: "has no readable DTSTART",
    },
    Case {
        file: "exchange-custom-tz",
        from: "2019-04-30",
        to: "2019-05-01",
        zone: "UTC",
        busy: &["2019-04-30T02:00 2019-04-30T05:00 busy"],
        warning: "",
    },
    // All transparent.
    Case {
        file: "exchange_whole_day_moved_recurrence_offset_tz",
        from: "2026-02-01",
        to: "2026-09-01",
        zone: "Europe/Berlin",
        busy: &[],
        warning: "",
    },
    // A zone of the file does not make floating times its own.
    Case {
        file: "floating-dtstart-custom-vtimezone",
        from: "2025-06-10",
        to: "2025-06-11",
        zone: "Europe/Berlin",
        busy: &["2025-06-10T12:00 2025-06-10T13:00 busy"],
        warning: "",
    },
    // Four days at 14:00 in Kyiv, one of them replaced by itself.
    Case {
        file: "google-calendar-kiev-tz",
        from: "2016-08-01",
        to: "2016-09-01",
        zone: "UTC",
        busy: &[
            "2016-08-25T11:00 2016-08-25T12:00 busy",
            "2016-08-26T11:00 2016-08-26T12:00 busy",
            "2016-08-27T11:00 2016-08-27T12:00 busy",
            "2016-08-28T11:00 2016-08-28T12:00 busy",
        ],
        warning: "",
    },
    // Floating, UTC, New York and two days: from 2002-10-28 00:00 to 2002-10-29 06:20:30 in all.
    Case {
        file: "mixed-timezone-handling",
        from: "2002-10-01",
        to: "2002-11-01",
        zone: "UTC",
        busy: &["2002-10-28T00:00 2002-10-29T06:20 busy"],
        warning: "",
    },
    // The old rule of the file's own zone (last Sunday of October) in 1985, the new one in 2025.
    Case {
        file: "multi-era-vtimezone",
        from: "1985-01-01",
        to: "2025-12-31",
        zone: "UTC",
        busy: &[
            "1985-10-15T18:00 1985-10-15T19:00 busy",
            "2025-06-10T18:00 2025-06-10T19:00 busy",
        ],
        warning: "",
    },
    // An offset for a zone; UNTIL without a zone.
    Case {
        file: "music-school-weekly-until",
        from: "2022-11-15",
        to: "2022-12-31",
        zone: "UTC",
        busy: &[
            "2022-11-15T13:00 2022-11-15T14:00 busy",
            "2022-11-22T13:00 2022-11-22T14:00 busy",
            "2022-11-29T13:00 2022-11-29T14:00 busy",
        ],
        warning: "",
    },
    // Ten o'clock in Berlin on both sides of the change; UNTIL in local time, itself too late by a
    // day for one more Monday.
    Case {
        file: "non-utc-until",
        from: "2024-03-25",
        to: "2024-04-02",
        zone: "UTC",
        busy: &[
            "2024-03-25T09:00 2024-03-25T10:00 busy",
            "2024-04-01T08:00 2024-04-01T09:00 busy",
        ],
        warning: "",
    },
    Case {
        file: "sabredav-school-holidays",
        from: "2018-01-01",
        to: "2019-01-01",
        zone: "UTC",
        busy: &[],
        warning: "",
    },
    // Thirty whole days in a row are one stretch.
    Case {
        file: "test_daily_recurring",
        from: "2024-12-01",
        to: "2025-06-01",
        zone: "UTC",
        busy: &["2025-01-01T00:00 2025-01-31T00:00 busy"],
        warning: "",
    },
    Case {
        file: "test_date_time_duration",
        from: "2024-02-15",
        to: "2024-02-16",
        zone: "UTC",
        busy: &["2024-02-15T09:00 2024-02-15T10:15 busy"],
        warning: "",
    },
    // A zone called 1, defined after one event and before the other; Outlook's word for perhaps.
    Case {
        file: "test_with_int_tzid",
        from: "2023-12-01",
        to: "2024-02-01",
        zone: "UTC",
        busy: &[
            "2023-12-15T14:00 2023-12-15T15:00 busy",
            "2024-01-08T10:00 2024-01-08T11:00 tentative",
        ],
        warning: "",
    },
    // A rule that ended before it began, and its only time is taken out.
    Case {
        file: "test_with_tz_list",
        from: "2020-01-01",
        to: "2025-01-01",
        zone: "UTC",
        busy: &[],
        warning: "",
    },
    // Floating times in the zone we choose.
    Case {
        file: "tv-show-episode",
        from: "2011-05-12",
        to: "2011-06-01",
        zone: "America/New_York",
        busy: &[
            "2011-05-13T00:00 2011-05-13T00:30 busy",
            "2011-05-20T00:00 2011-05-20T00:30 busy",
        ],
        warning: "",
    },
    Case {
        file: "vfreebusy-zimbra",
        from: "2014-04-16",
        to: "2014-04-18",
        zone: "UTC",
        busy: &[
            "2014-04-16T15:15 2014-04-16T19:00 busy",
            "2014-04-16T19:55 2014-04-16T23:15 busy",
            "2014-04-17T19:30 2014-04-17T20:30 busy",
        ],
        warning: "",
    },
    // Free-busy periods count; the task that is due on the 15th does not.
    Case {
        file: "vtodo-vfreebusy",
        from: "1998-03-01",
        to: "1998-05-01",
        zone: "UTC",
        busy: &[
            "1998-03-14T23:30 1998-03-15T00:30 busy",
            "1998-03-16T15:30 1998-03-16T16:30 busy",
            "1998-03-18T03:00 1998-03-18T04:00 busy",
        ],
        warning: "",
    },
    // From noon in New York to one in Los Angeles; the exceptions name other instants.
    Case {
        file: "windows-quoted-tz-rrule",
        from: "2015-07-06",
        to: "2015-07-09",
        zone: "UTC",
        busy: &[
            "2015-07-06T16:00 2015-07-06T20:00 busy",
            "2015-07-07T16:00 2015-07-07T20:00 busy",
            "2015-07-08T16:00 2015-07-08T20:00 busy",
        ],
        warning: "",
    },
    // A day with a TZID is a day there.
    Case {
        file: "yearly-recurring-unicode",
        from: "2026-01-01",
        to: "2027-01-01",
        zone: "UTC",
        busy: &["2026-07-13T22:00 2026-07-14T22:00 busy"],
        warning: "",
    },
];
