//! Who acts, and what they may do. Roles are for people, scopes are for tokens; both come down to
//! a set of permissions, and a service asks for the permission, never for the role.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, TokenId};
use crate::problem::Problem;

words!(
    /// What a person is in the organisation. A person may have several.
    Role {
        /// Clocks in, books meetings.
        Employee = "employee",
        /// Approves for a team.
        Manager = "manager",
        /// Keeps people, shifts and leave.
        Hr = "hr",
        /// Payments, ledger and reconciliation.
        Finance = "finance",
        /// Runs the installation.
        Admin = "admin",
    }
);

words!(
    /// One thing that may be done. The word is also the scope of an API token.
    Permission {
        /// See one's own profile and the pages that everybody has.
        SelfRead = "self:read",
        /// See orders and payments.
        PaymentsRead = "payments:read",
        /// Create orders and payments, capture and void.
        PaymentsWrite = "payments:write",
        /// See accounts, entries and balances.
        LedgerRead = "ledger:read",
        /// See imports and reconciliation.
        SettlementRead = "settlement:read",
        /// Import settlement files and reconcile.
        SettlementWrite = "settlement:write",
        /// See when colleagues are free, and the meetings that one takes part in.
        MeetingsRead = "meetings:read",
        /// Book, change and cancel meetings.
        MeetingsWrite = "meetings:write",
        /// Make and change rooms.
        RoomsWrite = "rooms:write",
        /// Hand in mail that came for Punctual: answers to invitations.
        MailReceive = "mail:receive",
        /// Clock in and out; see one's own days, leave and requests, and who of the team is in.
        AttendanceSelf = "attendance:self",
        /// Decide requests of those whom one manages, and see their days.
        AttendanceApprove = "attendance:approve",
        /// See and keep everybody's attendance: roster, holidays, leave, periods.
        AttendanceManage = "attendance:manage",
        /// See what goes to payroll: totals of periods and adjustments, no punches.
        PayrollRead = "payroll:read",
        /// See and keep wall devices and kiosks.
        DevicesManage = "devices:manage",
        /// Hand in punches of anybody.
        PunchesWrite = "punches:write",
        /// See people and roles.
        PeopleRead = "people:read",
        /// Create people and change roles.
        PeopleWrite = "people:write",
        /// Create and revoke API tokens.
        TokensWrite = "tokens:write",
        /// Read the audit log.
        AuditRead = "audit:read",
        /// See jobs, queues and mail.
        OperationsRead = "operations:read",
        /// Run the sandbox's cycles and faults.
        SandboxRun = "sandbox:run",
        /// Read the metrics.
        MetricsRead = "metrics:read",
    }
);

impl Role {
    /// The permissions that come with a role. What is not named here is denied.
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Role::Employee => &[
                P::SelfRead,
                P::MeetingsRead,
                P::MeetingsWrite,
                P::AttendanceSelf,
            ],
            Role::Manager => &[
                P::SelfRead,
                P::MeetingsRead,
                P::MeetingsWrite,
                P::AttendanceSelf,
                P::AttendanceApprove,
            ],
            Role::Hr => &[
                P::SelfRead,
                P::MeetingsRead,
                P::MeetingsWrite,
                P::RoomsWrite,
                P::PeopleRead,
                P::AttendanceSelf,
                P::AttendanceManage,
                P::PayrollRead,
                P::DevicesManage,
                P::PunchesWrite,
            ],
            Role::Finance => &[
                P::SelfRead,
                P::MeetingsRead,
                P::MeetingsWrite,
                P::PaymentsRead,
                P::PaymentsWrite,
                P::LedgerRead,
                P::SettlementRead,
                P::SettlementWrite,
                P::AttendanceSelf,
                P::PayrollRead,
            ],
            Role::Admin => &[
                P::SelfRead,
                P::MeetingsRead,
                P::MeetingsWrite,
                P::RoomsWrite,
                P::PeopleRead,
                P::PeopleWrite,
                P::TokensWrite,
                P::AuditRead,
                P::OperationsRead,
                P::MailReceive,
                P::AttendanceSelf,
                P::DevicesManage,
                P::PunchesWrite,
                P::SandboxRun,
                P::MetricsRead,
            ],
        }
    }
}

/// Who is behind an action, for the audit log and the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Who {
    /// A signed-in person.
    Person {
        /// Which person.
        id: PersonId,
        /// The name for people to read.
        name: String,
    },
    /// A program with an API token.
    Token {
        /// Which token.
        id: TokenId,
        /// The token's name.
        name: String,
    },
    /// The customer who holds a checkout link.
    Customer,
    /// Punctual itself: a job, a saga, a command of the operator.
    System {
        /// Which part, for example `settlement`.
        part: String,
    },
}

impl Who {
    /// The name to show in a timeline.
    pub fn label(&self) -> &str {
        match self {
            Who::Person { name, .. } | Who::Token { name, .. } => name,
            Who::Customer => "Customer",
            Who::System { .. } => "Punctual",
        }
    }

    /// A stable text for the database: `person:<id>`, `token:<id>`, `customer`, `system:<part>`.
    pub fn reference(&self) -> String {
        match self {
            Who::Person { id, .. } => format!("person:{id}"),
            Who::Token { id, .. } => format!("token:{id}"),
            Who::Customer => "customer".to_owned(),
            Who::System { part } => format!("system:{part}"),
        }
    }
}

/// Somebody or something that calls a service, with what it may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Who it is.
    pub who: Who,
    /// The IANA name of the zone in which this actor reads times.
    pub zone: String,
    permissions: BTreeSet<Permission>,
}

impl Actor {
    /// A person with roles.
    pub fn person(id: PersonId, name: &str, zone: &str, roles: &[Role]) -> Self {
        let permissions = roles
            .iter()
            .flat_map(|r| r.permissions())
            .copied()
            .collect();
        Self {
            who: Who::Person {
                id,
                name: name.to_owned(),
            },
            zone: zone.to_owned(),
            permissions,
        }
    }

    /// A program with a token, which has just the permissions it was given.
    pub fn token(id: TokenId, name: &str, scopes: &[Permission]) -> Self {
        Self {
            who: Who::Token {
                id,
                name: name.to_owned(),
            },
            zone: "UTC".to_owned(),
            permissions: scopes.iter().copied().collect(),
        }
    }

    /// A part of Punctual itself, which may do everything.
    pub fn system(part: &str) -> Self {
        Self {
            who: Who::System {
                part: part.to_owned(),
            },
            zone: "UTC".to_owned(),
            permissions: Permission::ALL.iter().copied().collect(),
        }
    }

    /// Whether the permission is there.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// The first line of every service function.
    ///
    /// # Errors
    /// [`Forbidden`] when the permission is missing.
    pub fn require(&self, permission: Permission) -> Result<(), Forbidden> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(Forbidden(permission))
        }
    }

    /// The person, if it is one.
    pub fn person_id(&self) -> Option<PersonId> {
        match self.who {
            Who::Person { id, .. } => Some(id),
            _ => None,
        }
    }
}

/// A permission was missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("permission {0} is missing")]
pub struct Forbidden(pub Permission);

impl From<Forbidden> for Problem {
    fn from(_: Forbidden) -> Self {
        Problem::forbidden()
    }
}
