//! Which pages a person finds in the rail, by what the person may do.

use model::{Actor, Permission};

use crate::layout::{NavItem, NavSearch, NavSection, Navigation};
use crate::paths;
use crate::ui::Icon;

/// The rail of a person. A page without the permission is not there at all.
pub fn navigation_for(actor: &Actor) -> Navigation {
    use Permission as P;
    let item = |permission: P, label: &str, href: &str, icon: Icon| {
        actor
            .may(permission)
            .then(|| NavItem::new(label, href, icon))
    };
    // Requests are decided by managers for their own people, and by HR for everybody.
    let decides = if actor.may(P::AttendanceManage) {
        P::AttendanceManage
    } else {
        P::AttendanceApprove
    };
    let section = |label: &str, items: Vec<Option<NavItem>>| {
        let items: Vec<NavItem> = items.into_iter().flatten().collect();
        (!items.is_empty()).then(|| NavSection::new(label, items))
    };
    let sections = [
        section(
            "",
            vec![item(P::SelfRead, "Today", paths::HOME, Icon::Home)],
        ),
        section(
            "Payments",
            vec![
                item(P::PaymentsRead, "Payments", paths::PAYMENTS, Icon::Card),
                item(P::PaymentsRead, "Orders", paths::ORDERS, Icon::Receipt),
            ],
        ),
        section(
            "Settlement",
            vec![
                item(
                    P::SettlementRead,
                    "Imports",
                    paths::SETTLEMENT,
                    Icon::Import,
                ),
                item(
                    P::SettlementRead,
                    "Reconciliation",
                    paths::RECONCILIATION,
                    Icon::Scales,
                ),
            ],
        ),
        section(
            "Ledger",
            vec![
                item(P::LedgerRead, "Accounts", paths::LEDGER, Icon::Book),
                item(P::LedgerRead, "Entries", paths::ENTRIES, Icon::Queue),
                item(
                    P::LedgerRead,
                    "Trial balance",
                    paths::TRIAL_BALANCE,
                    Icon::Scales,
                ),
            ],
        ),
        section(
            "Attendance",
            vec![
                item(
                    P::AttendanceSelf,
                    "My month",
                    paths::ATTENDANCE,
                    Icon::Clock,
                ),
                item(P::AttendanceSelf, "My shifts", paths::SHIFTS, Icon::Grid),
                item(P::AttendanceSelf, "Leave", paths::LEAVE, Icon::Calendar),
                item(P::AttendanceSelf, "Team", paths::TEAM, Icon::People),
                item(decides, "Inbox", paths::INBOX, Icon::Tray),
                item(decides, "Roster", paths::ROSTER, Icon::Grid),
                item(decides, "Exceptions", paths::EXCEPTIONS, Icon::Alert),
                item(P::PayrollRead, "Periods", paths::PERIODS, Icon::Lock),
                item(
                    decides,
                    "Attendance figures",
                    paths::ATTENDANCE_FIGURES,
                    Icon::Chart,
                ),
                item(P::DevicesManage, "Devices", paths::DEVICES, Icon::Key),
                item(
                    P::PunchesWrite,
                    "Import punches",
                    paths::PUNCH_IMPORTS,
                    Icon::Import,
                ),
                item(
                    P::AttendanceManage,
                    "Attendance settings",
                    paths::ATTENDANCE_SETTINGS,
                    Icon::Sliders,
                ),
            ],
        ),
        section(
            "Meetings",
            vec![
                item(P::MeetingsRead, "Calendar", paths::MEETINGS, Icon::Calendar),
                item(P::MeetingsRead, "Rooms", paths::ROOMS, Icon::Panel),
                item(
                    P::MeetingsRead,
                    "Working hours",
                    paths::WORKING_HOURS,
                    Icon::Clock,
                ),
                item(
                    P::MeetingsRead,
                    "Booking figures",
                    paths::BOOKING_FIGURES,
                    Icon::Chart,
                ),
            ],
        ),
        section(
            "Admin",
            vec![
                item(P::PeopleRead, "People", paths::PEOPLE, Icon::People),
                item(P::TokensWrite, "API tokens", paths::TOKENS, Icon::Key),
                item(P::AuditRead, "Audit log", paths::AUDIT, Icon::Queue),
                item(P::OperationsRead, "Jobs", paths::JOBS, Icon::Queue),
                item(P::OperationsRead, "Mail", paths::MAIL, Icon::Mail),
                item(P::SandboxRun, "Sandbox", paths::SANDBOX, Icon::Flask),
            ],
        ),
    ];
    let search = actor.may(P::PaymentsRead).then(|| NavSearch {
        what: "payments".to_owned(),
        href: paths::PAYMENTS.to_owned(),
    });
    Navigation {
        sections: sections.into_iter().flatten().collect(),
        person: actor.who.label().to_owned(),
        zone: actor.zone.clone(),
        search,
    }
}
