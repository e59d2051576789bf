//! One type for each kind of id, so that a payment can never be looked up by an order's id.

/// What all id types share: they are made of a UUID.
pub trait Id: Copy {
    /// Wraps a UUID that is known to be of this kind.
    fn from_uuid(uuid: uuid::Uuid) -> Self;
}

id!(
    /// An employee or other person who can sign in.
    PersonId
);
id!(
    /// A signed-in browser.
    SessionId
);
id!(
    /// An API token.
    TokenId
);
id!(
    /// One row of the audit log.
    AuditId
);
id!(
    /// What a customer is asked to pay.
    OrderId
);
id!(
    /// One try of a customer to pay an order with one gateway.
    PaymentId
);
id!(
    /// One call, or group of calls under one key, to a gateway.
    AttemptId
);
id!(
    /// One line of a payment's history.
    PaymentEventId
);
id!(
    /// One account of the ledger.
    AccountId
);
id!(
    /// One balanced entry of the ledger.
    EntryId
);
id!(
    /// One imported settlement file.
    ImportId
);
id!(
    /// One line of a settlement file or bank statement, or one thing that is expected of them.
    ItemId
);
id!(
    /// A group of items that explain each other.
    MatchId
);
id!(
    /// A run of a saga.
    SagaId
);
id!(
    /// An event in the outbox.
    EventId
);
id!(
    /// A mail that was queued.
    MailId
);
id!(
    /// A webhook delivery as it arrived.
    WebhookId
);
id!(
    /// A sum that a gateway sends to the bank.
    PayoutId
);
id!(
    /// One statement within an imported file.
    StatementId
);
id!(
    /// A note on an item of reconciliation.
    NoteId
);
id!(
    /// One meeting, or one series of meetings.
    MeetingId
);
id!(
    /// One invitation of one attendee.
    AttendeeId
);
id!(
    /// A room that meetings can have.
    RoomId
);
id!(
    /// One absence or shift of a person.
    AbsenceId
);
id!(
    /// One line of a meeting's history.
    MeetingEventId
);
id!(
    /// One punch.
    PunchId
);
id!(
    /// One request to have a day put right.
    CorrectionId
);
id!(
    /// One request to swap shifts.
    SwapId
);
id!(
    /// One line of a swap's history.
    SwapEventId
);
id!(
    /// One kind of leave.
    LeaveTypeId
);
id!(
    /// One request for leave.
    LeaveRequestId
);
id!(
    /// One shift that can be assigned.
    ShiftTemplateId
);
id!(
    /// One rotation of shifts.
    RotationId
);
id!(
    /// The terms under which days are derived.
    PolicyId
);
id!(
    /// One place of work.
    SiteId
);
id!(
    /// One wall device or kiosk.
    DeviceId
);
id!(
    /// One alarm of a device.
    DeviceAlarmId
);
id!(
    /// That a badge is somebody's, for a time.
    BadgeId
);
id!(
    /// One period of payroll.
    PeriodId
);
id!(
    /// What a day of a locked period has come to since.
    AdjustmentId
);
id!(
    /// One exception of a day.
    ExceptionId
);
id!(
    /// One entry of a ledger of leave.
    LeaveEntryId
);
id!(
    /// One decision about a punch.
    PunchAnnotationId
);
id!(
    /// One file of punches that was brought in.
    PunchImportId
);
