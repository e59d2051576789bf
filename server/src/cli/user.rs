//! `punctual user`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use model::identity::CreatePerson;
use model::{Actor, Problem, Role};

use super::{print_json, with_services};

#[derive(Subcommand)]
pub enum Verb {
    /// Add a person.
    Create {
        /// The e-mail address to sign in with.
        #[arg(long)]
        email: String,
        /// The name.
        #[arg(long)]
        name: String,
        /// Roles, comma-separated: employee, manager, hr, finance, admin.
        #[arg(long, value_delimiter = ',', required = true)]
        roles: Vec<String>,
        /// The time zone in which this person reads times.
        #[arg(long, default_value = "UTC")]
        zone: String,
        /// A file with the first password; without it the person cannot sign in yet.
        #[arg(long)]
        password_file: Option<PathBuf>,
    },
}

pub async fn run(verb: Verb) -> anyhow::Result<ExitCode> {
    let Verb::Create {
        email,
        name,
        roles,
        zone,
        password_file,
    } = verb;
    let roles = roles
        .iter()
        .map(|role| role.trim().parse::<Role>())
        .collect::<Result<Vec<_>, _>>()?;
    let password = match password_file {
        Some(path) => {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            Some(text.trim_end_matches(['\r', '\n']).into())
        }
        None => None,
    };
    with_services(async |services| {
        let request = CreatePerson {
            email,
            name,
            zone,
            roles,
            password,
        };
        let made = services
            .identity
            .create_person(&Actor::system("cli"), &request)
            .await;
        match made.map_err(Problem::from) {
            Ok(person) => {
                print_json(&person)?;
                Ok(ExitCode::SUCCESS)
            }
            Err(problem) => {
                eprintln!("punctual: {problem}");
                for error in &problem.errors {
                    eprintln!("  {}: {}", error.field, error.message);
                }
                Ok(ExitCode::FAILURE)
            }
        }
    })
    .await
}
