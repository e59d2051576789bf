//! The people of the demo.

use model::identity::CreatePerson;
use model::{Actor, Problem, Role};

use super::PASSWORD;
use crate::wiring::Services;

/// Who to sign in as, by what there is to see.
pub const SIGN_INS: &[(&str, &str)] = &[
    ("finance", "finance@aldertree.example"),
    ("admin", "admin@aldertree.example"),
    ("employee", "employee@aldertree.example"),
    ("manager", "manager@aldertree.example"),
    ("hr", "hr@aldertree.example"),
];

/// A colleague of the employee's, who can sign in as well: swaps take two.
const COLLEAGUE: &str = "Elena Ruiz";

/// Names by zone. The first of each zone leads the place.
const PEOPLE: &[(&str, &[&str])] = &[
    (
        "Europe/Berlin",
        &[
            "Miriam Vogt",
            "Jonas Albrecht",
            "Leyla Demir",
            "Tobias Kern",
            "Annika Sommer",
            "Felix Brandt",
            "Katharina Roth",
            "Emre Yildiz",
            "Paula Lindner",
            "Sebastian Ott",
            "Nora Hoffmann",
            "Lukas Engel",
            "Clara Weiss",
            "Daniel Pohl",
            "Greta Simon",
            "Henrik Busch",
        ],
    ),
    (
        "America/New_York",
        &[
            "Grace Whitfield",
            "Marcus Boyd",
            "Elena Ruiz",
            "Noah Feldman",
            "Priya Raman",
            "Caleb Norton",
            "Sofia Marino",
            "Jordan Ellis",
            "Hannah Cole",
            "Terrence Gray",
            "Maya Stern",
            "Owen Hale",
        ],
    ),
    (
        "Asia/Kolkata",
        &[
            "Anjali Menon",
            "Rohan Iyer",
            "Kavya Shetty",
            "Arjun Nair",
            "Meera Pillai",
            "Vikram Rao",
            "Divya Hegde",
            "Sanjay Kulkarni",
            "Nisha Bhat",
            "Aditya Kamath",
        ],
    ),
];

/// Makes whoever is missing. A second run finds everybody.
pub async fn seed(services: &Services, actor: &Actor) -> anyhow::Result<()> {
    let special = [
        (
            "Ines Falk",
            SIGN_INS[0].1,
            "Europe/Berlin",
            vec![Role::Employee, Role::Finance],
        ),
        (
            "Robert Auer",
            SIGN_INS[1].1,
            "Europe/Berlin",
            vec![Role::Employee, Role::Admin],
        ),
        (
            "Lena Brook",
            SIGN_INS[2].1,
            "America/New_York",
            vec![Role::Employee],
        ),
        (
            "Marta Klein",
            SIGN_INS[3].1,
            "Europe/Berlin",
            vec![Role::Employee, Role::Manager],
        ),
        (
            "Henry Adler",
            SIGN_INS[4].1,
            "Europe/Berlin",
            vec![Role::Employee, Role::Hr],
        ),
    ];
    for (name, email, zone, roles) in special {
        make(services, actor, name, email, zone, roles, Some(PASSWORD)).await?;
    }
    for (zone, names) in PEOPLE {
        for (index, name) in names.iter().enumerate() {
            let roles = match index {
                0 => vec![Role::Employee, Role::Manager],
                1 => vec![Role::Employee, Role::Hr],
                _ => vec![Role::Employee],
            };
            let email = format!(
                "{}@aldertree.example",
                name.to_lowercase().replace(' ', ".")
            );
            let password = (*name == COLLEAGUE).then_some(PASSWORD);
            make(services, actor, name, &email, zone, roles, password).await?;
        }
    }
    Ok(())
}

async fn make(
    services: &Services,
    actor: &Actor,
    name: &str,
    email: &str,
    zone: &str,
    roles: Vec<Role>,
    password: Option<&str>,
) -> anyhow::Result<()> {
    if services
        .identity
        .find_person_by_email(actor, email)
        .await?
        .is_some()
    {
        return Ok(());
    }
    let request = CreatePerson {
        email: email.to_owned(),
        name: name.to_owned(),
        zone: zone.to_owned(),
        roles,
        password: password.map(Into::into),
    };
    services
        .identity
        .create_person(actor, &request)
        .await
        .map_err(Problem::from)?;
    Ok(())
}
