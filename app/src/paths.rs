//! The addresses of our pages, and links that change a part of the current address.

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::PersonId;

/// Where a signed-in person begins.
pub const HOME: &str = "/";
/// Every component with data in it.
pub const GALLERY: &str = "/gallery";
/// One's own month of days.
pub const ATTENDANCE: &str = "/attendance";
/// What waits for a decision.
pub const INBOX: &str = "/attendance/inbox";
/// Takes the buttons of the clock where no script runs: fields `direction` and `key`.
pub const PRESS: &str = "/attendance/press";
/// One's own leave.
pub const LEAVE: &str = "/attendance/leave";
/// One's own coming shifts.
pub const SHIFTS: &str = "/attendance/shifts";
/// Who of the team is in.
pub const TEAM: &str = "/attendance/team";
/// Who works when.
pub const ROSTER: &str = "/attendance/roster";
/// What is out of order.
pub const EXCEPTIONS: &str = "/attendance/exceptions";
/// Late, absent and overtime as charts.
pub const ATTENDANCE_FIGURES: &str = "/attendance/figures";
/// Periods of payroll.
pub const PERIODS: &str = "/attendance/periods";
/// One's own number, PIN and code at kiosks.
pub const KIOSK_ACCESS: &str = "/attendance/kiosk";
/// The page of a kiosk itself: nobody is signed in there.
pub const KIOSK: &str = "/kiosk";
/// Takes a set-up code: field `code`.
pub const KIOSK_SET_UP: &str = "/kiosk/set-up";
/// Takes number and PIN, or a scanned code: fields `number` and `secret_pin`.
pub const KIOSK_ENTER: &str = "/kiosk/enter";
/// Takes a press: field `direction`.
pub const KIOSK_PRESS: &str = "/kiosk/press";
/// Takes that it was somebody else.
pub const KIOSK_LEAVE: &str = "/kiosk/leave";
/// Wall devices and kiosks.
pub const DEVICES: &str = "/attendance/devices";
/// What devices sent and does not count.
pub const SET_ASIDE: &str = "/attendance/devices/set-aside";
/// Holidays, and the terms under which days are derived.
pub const ATTENDANCE_SETTINGS: &str = "/attendance/settings";
/// The terms under which days are derived.
pub const ATTENDANCE_TERMS: &str = "/attendance/settings/terms";
/// Employees, with number and terms.
pub const EMPLOYEES: &str = "/attendance/settings/people";
/// Places of work.
pub const SITES: &str = "/attendance/settings/sites";
/// Kinds of leave.
pub const LEAVE_KINDS: &str = "/attendance/settings/leave";
/// Rotations of shifts.
pub const ROTATIONS: &str = "/attendance/roster/rotations";
/// Files of punches.
pub const PUNCH_IMPORTS: &str = "/attendance/import";
/// Takes a file of punches: field `file`.
pub const PUNCH_UPLOAD: &str = "/attendance/import/upload";
/// Everything that attendance keeps of oneself, as a file.
pub const OWN_RECORD: &str = "/attendance/export.json";
/// The week of meetings.
pub const MEETINGS: &str = "/meetings";
/// The month of meetings.
pub const MEETINGS_MONTH: &str = "/meetings/month";
/// The meetings of the next days, one after the other.
pub const AGENDA: &str = "/meetings/agenda";
/// A time that is free in every week.
pub const WEEKLY: &str = "/meetings/weekly";
/// Rooms.
pub const ROOMS: &str = "/meetings/rooms";
/// When one works and may be booked.
pub const WORKING_HOURS: &str = "/meetings/working-hours";
/// How bookings went.
pub const BOOKING_FIGURES: &str = "/meetings/figures";
/// Payments, newest first.
pub const PAYMENTS: &str = "/payments";
/// Orders, newest first.
pub const ORDERS: &str = "/orders";
/// The form for a new order.
pub const NEW_ORDER: &str = "/orders/new";
/// The accounts of the ledger.
pub const LEDGER: &str = "/ledger";
/// The entries of the ledger.
pub const ENTRIES: &str = "/ledger/entries";
/// The trial balance.
pub const TRIAL_BALANCE: &str = "/ledger/trial-balance";
/// The import of settlement files.
pub const SETTLEMENT: &str = "/settlement";
/// What is matched and what is open.
pub const RECONCILIATION: &str = "/reconciliation";
/// People and roles.
pub const PEOPLE: &str = "/admin/people";
/// API tokens.
pub const TOKENS: &str = "/admin/tokens";
/// Who did what.
pub const AUDIT: &str = "/admin/audit";
/// Jobs and queues.
pub const JOBS: &str = "/admin/jobs";
/// Mail that was sent or kept.
pub const MAIL: &str = "/admin/mail";
/// The sandbox providers.
pub const SANDBOX: &str = "/admin/sandbox";
/// Takes the theme form: fields `theme` and `return`.
pub const THEME: &str = "/theme";
/// Takes the sign-out form.
pub const SIGN_OUT: &str = "/sign-out";

/// The sign-in page, which leads back to `next`.
pub fn sign_in(next: &str) -> String {
    if next == HOME {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?next={}", encode(next))
    }
}

/// The customer's page of an order.
pub fn pay(link: &str) -> String {
    format!("/pay/{link}")
}

/// A path of our own, or the home page: what a form or a link gives is never followed elsewhere.
pub fn local(path: &str) -> &str {
    let ours = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n'])
        && !path.starts_with("/fn/");
    if ours { path } else { HOME }
}

/// The page of a meeting.
pub fn meeting(id: impl std::fmt::Display) -> String {
    format!("{MEETINGS}/{id}")
}

/// A month of days: one's own, or that of somebody whom one may see.
pub fn attendance_month(month: NaiveDate, person: Option<PersonId>) -> String {
    let month = month.format("%Y-%m");
    match person {
        Some(person) => format!("{ATTENDANCE}/people/{person}?month={month}"),
        None => format!("{ATTENDANCE}?month={month}"),
    }
}

/// A day of attendance: one's own, or that of somebody whom one may see.
pub fn attendance_day(date: NaiveDate, person: Option<PersonId>) -> String {
    match person {
        Some(person) => format!("{ATTENDANCE}/days/{date}?person={person}"),
        None => format!("{ATTENDANCE}/days/{date}"),
    }
}

/// The roster of the week of a day.
pub fn roster_week(day: NaiveDate) -> String {
    format!("{ROSTER}?week={day}")
}

/// Where a day of one's own is offered to colleagues.
pub fn swap_of(date: NaiveDate) -> String {
    format!("{SHIFTS}/{date}")
}

/// A day of one's own with the form open in which one asks for it to be put right.
pub fn correct_day(date: NaiveDate) -> String {
    format!("{}?correct=1", attendance_day(date, None))
}

/// The holidays of a region.
pub fn holidays_of(region: &str) -> String {
    format!("{ATTENDANCE_SETTINGS}?region={}", encode(region))
}

/// The terms under which days are derived, by id.
pub fn terms_of(id: impl std::fmt::Display) -> String {
    format!("{ATTENDANCE_TERMS}?policy={id}")
}

/// An employee, as HR keeps them.
pub fn employee(id: PersonId) -> String {
    format!("{EMPLOYEES}/{id}")
}

/// A place of work, by id.
pub fn site(id: impl std::fmt::Display) -> String {
    format!("{SITES}?site={id}")
}

/// A kind of leave, by id.
pub fn leave_kind(id: impl std::fmt::Display) -> String {
    format!("{LEAVE_KINDS}?kind={id}")
}

/// Leave: one's own, or that of somebody whose leave one may see.
pub fn leave_days(person: Option<PersonId>) -> String {
    match person {
        Some(person) => format!("{LEAVE}?person={person}"),
        None => LEAVE.to_owned(),
    }
}

/// Everything that moved somebody's leave.
pub fn leave_of(person: PersonId) -> String {
    format!("{ATTENDANCE}/people/{person}/leave")
}

/// A rotation, by id.
pub fn rotation(id: impl std::fmt::Display) -> String {
    format!("{ROTATIONS}?rotation={id}")
}

/// A file of punches.
pub fn punch_import(id: impl std::fmt::Display) -> String {
    format!("{PUNCH_IMPORTS}/{id}")
}

/// Where the holder of an invitation's link answers.
pub fn invitation(link: &str) -> String {
    format!("/invitation/{link}")
}

/// The page of a payment.
pub fn payment(id: impl std::fmt::Display) -> String {
    format!("{PAYMENTS}/{id}")
}

/// The page of an order.
pub fn order(id: impl std::fmt::Display) -> String {
    format!("{ORDERS}/{id}")
}

/// The page of a ledger entry.
pub fn entry(id: impl std::fmt::Display) -> String {
    format!("{ENTRIES}/{id}")
}

/// The statement of a ledger account.
pub fn statement(account: &str) -> String {
    format!("{LEDGER}/statement?account={}", encode(account))
}

/// The page of an import.
pub fn import(id: impl std::fmt::Display) -> String {
    format!("{SETTLEMENT}/{id}")
}

/// Percent-encodes a text for use as a value in a query.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// An address with some parameters of its query set (`Some`) or taken away (`None`). The others
/// stay as they are and keep their order.
pub fn with_query(path: &str, query: &str, changes: &[(&str, Option<&str>)]) -> String {
    let kept = query
        .trim_start_matches('?')
        .split('&')
        .filter(|pair| !pair.is_empty())
        .filter(|pair| {
            let key = pair.split('=').next().unwrap_or_default();
            !changes.iter().any(|(name, _)| *name == key)
        })
        .map(str::to_owned);
    let set = changes
        .iter()
        .filter_map(|(name, value)| value.map(|value| format!("{name}={}", encode(value))));
    let pairs: Vec<String> = kept.chain(set).collect();
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

/// Makes links from the current address; what it returns follows the address.
#[derive(Clone, Copy)]
pub struct Here {
    path: Memo<String>,
    search: Memo<String>,
}

/// The current address, for links that keep its filters.
pub fn use_here() -> Here {
    let location = use_location();
    Here {
        path: location.pathname,
        search: location.search,
    }
}

impl Here {
    /// The path alone.
    pub fn path(&self) -> String {
        self.path.get()
    }

    /// The path with its query, for coming back to.
    pub fn full(&self) -> String {
        with_query(&self.path.get(), &self.search.get(), &[])
    }

    /// The current address with some parameters changed.
    pub fn with(&self, changes: &[(&str, Option<&str>)]) -> String {
        with_query(&self.path.get(), &self.search.get(), changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_parameter_keeps_the_others() {
        let query = "?status=captured&sort=-created&cursor=abc";
        let href = with_query(
            "/payments",
            query,
            &[("sort", Some("amount")), ("cursor", None)],
        );
        assert_eq!(href, "/payments?status=captured&sort=amount");
    }

    #[test]
    fn the_last_parameter_takes_the_question_mark_along() {
        assert_eq!(
            with_query("/payments", "status=captured", &[("status", None)]),
            "/payments"
        );
    }

    #[test]
    fn only_our_own_addresses_are_followed() {
        assert_eq!(
            local("/payments?status=captured"),
            "/payments?status=captured"
        );
        for elsewhere in [
            "https://example.org",
            "//example.org",
            "/\\example.org",
            "javascript:1",
            "",
            "/fn/x",
        ] {
            assert_eq!(local(elsewhere), HOME);
        }
    }

    #[test]
    fn values_are_encoded() {
        assert_eq!(
            with_query("/p", "", &[("search", Some("a&b ü"))]),
            "/p?search=a%26b%20%C3%BC"
        );
    }
}
