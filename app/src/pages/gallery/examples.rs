//! The invented data of the gallery. Everything is fixed, so both sides draw the same.

use chrono::{DateTime, TimeZone, Utc};
use model::payments::PaymentStatus;
use model::time::Stamp;
use model::{Currency, Money};

use crate::layout::{NavItem, NavSearch, NavSection, Navigation};
use crate::ui::Icon;

/// Euros from cents.
pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// An instant of November 2026 as read in Berlin.
pub fn stamp(day: u32, hour: u32, minute: u32) -> Stamp {
    let at = Utc
        .with_ymd_and_hms(2026, 11, day, hour, minute, 12)
        .single();
    Stamp {
        at: at.unwrap_or(DateTime::UNIX_EPOCH),
        offset_minutes: 60,
    }
}

/// The rail of somebody who may see everything.
pub fn example_navigation() -> Navigation {
    let item = |label: &str, slug: &str, icon| NavItem::new(label, format!("/gallery{slug}"), icon);
    Navigation {
        sections: vec![
            NavSection::new(
                "",
                vec![
                    item("Gallery", "", Icon::Home),
                    item("For customers", "/public", Icon::Receipt),
                ],
            ),
            NavSection::new(
                "Money",
                vec![
                    item("Payments", "/payments", Icon::Card),
                    item("Orders", "/orders", Icon::Receipt),
                    item("Reconciliation", "/reconciliation", Icon::Scales),
                    item("Imports", "/imports", Icon::Import),
                    item("Ledger", "/ledger", Icon::Book),
                    item("Gateway health", "/gateways", Icon::Pulse),
                ],
            ),
            NavSection::new(
                "Administration",
                vec![
                    item("People and roles", "/people", Icon::People),
                    item("API tokens", "/tokens", Icon::Key),
                    item("Jobs and queues", "/jobs", Icon::Queue),
                    item("Mail", "/mail", Icon::Mail),
                    item("Audit log", "/audit", Icon::Clock),
                ],
            ),
        ],
        person: "Ana Kowalski".into(),
        zone: "Europe/Berlin".into(),
        search: Some(NavSearch {
            what: "payments".into(),
            href: "/gallery".into(),
        }),
    }
}

/// One payment of the example list.
pub struct Example {
    /// The payment's id.
    pub id: &'static str,
    /// The order's reference.
    pub reference: &'static str,
    /// Who pays.
    pub customer: &'static str,
    /// State.
    pub status: PaymentStatus,
    /// Amount.
    pub money: Money,
    /// Gateway.
    pub gateway: &'static str,
    /// When it was made.
    pub created: Stamp,
}

/// A page of payments, newest first.
pub fn payments() -> Vec<Example> {
    use PaymentStatus as S;
    let yen = "JPY".parse().unwrap_or(Currency::USD);
    let rows: [(&str, &str, &str, S, Money, &str, Stamp); 10] = [
        (
            "019ab2f0-4c1e-7d20-9a11-5f0c2b7e4a01",
            "INV-1042",
            "Halvorsen & Lie AS",
            S::Captured,
            eur(4_990),
            "Stripe",
            stamp(23, 15, 58),
        ),
        (
            "019ab2e7-90aa-7b31-8c55-1e92d6a0b7c4",
            "INV-1041",
            "Marta Oliveira",
            S::RequiresAction,
            eur(129_900),
            "Stripe",
            stamp(23, 15, 31),
        ),
        (
            "019ab2d1-77f3-7f02-b3d8-a9c4410e52d9",
            "INV-1040",
            "Northgate Clinic",
            S::Settled,
            Money::new(1_248_000, Currency::GBP),
            "Stripe",
            stamp(23, 13, 4),
        ),
        (
            "019ab2bb-0d45-7c8e-a6f1-83b7d2c95e10",
            "INV-1039",
            "Studio Vrancken",
            S::Declined,
            eur(7_450),
            "Stripe",
            stamp(23, 11, 47),
        ),
        (
            "019ab29c-e811-7a64-9f27-6d05f3b81ca2",
            "INV-1038",
            "Yamaguchi Precision",
            S::Authorised,
            Money::new(380_000, yen),
            "Stripe",
            stamp(23, 9, 20),
        ),
        (
            "019aae71-3b90-7e15-8d42-c7f1a06e39b5",
            "INV-1037",
            "Lakeview Hotels",
            S::Unknown,
            Money::new(89_900, Currency::USD),
            "PayPal",
            stamp(22, 21, 12),
        ),
        (
            "019aad55-c62d-7d9b-b04a-2e8f97d1c6a3",
            "INV-1036",
            "Dr. Petra Baumgartner-Schmidt",
            S::Processing,
            eur(24_000),
            "Stripe",
            stamp(22, 16, 3),
        ),
        (
            "019aacf2-1a7e-7b40-9e63-f5b0d84c72e8",
            "INV-1035",
            "Kestrel Charter",
            S::Voided,
            eur(560_000),
            "Stripe",
            stamp(22, 14, 40),
        ),
        (
            "019aac08-95d4-7f77-8a1c-0b6e3dd94f21",
            "INV-1034",
            "Ines Ferreira",
            S::Expired,
            eur(3_500),
            "PayPal",
            stamp(22, 10, 18),
        ),
        (
            "019aa8e3-6f0b-7c53-a7d9-94c1f25e8b07",
            "INV-1033",
            "Oak Lane School",
            S::Created,
            Money::new(64_250, Currency::GBP),
            "Stripe",
            stamp(21, 18, 55),
        ),
    ];
    rows.into_iter()
        .map(
            |(id, reference, customer, status, money, gateway, created)| Example {
                id,
                reference,
                customer,
                status,
                money,
                gateway,
                created,
            },
        )
        .collect()
}
