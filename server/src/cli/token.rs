//! `punctual token`

use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use model::identity::CreateToken;
use model::{Actor, Permission, Problem};

use super::{print_json, with_services};

#[derive(Subcommand)]
pub enum Verb {
    /// Make a token and print it, this once.
    Create {
        /// What it is for.
        #[arg(long)]
        name: String,
        /// What it may do, comma-separated, for example `payments:read,payments:write`.
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
        /// After how many days it stops working; never, if absent.
        #[arg(long)]
        expires_in_days: Option<u16>,
    },
    /// List tokens, without their secrets.
    List,
    /// Take a token back.
    Revoke {
        /// Its id.
        id: String,
    },
}

pub async fn run(verb: Verb) -> anyhow::Result<ExitCode> {
    let actor = Actor::system("cli");
    with_services(async |services| {
        match verb {
            Verb::Create {
                name,
                scopes,
                expires_in_days,
            } => {
                let scopes = scopes
                    .iter()
                    .map(|scope| scope.trim().parse::<Permission>())
                    .collect::<Result<Vec<_>, _>>()
                    .with_context(|| format!("the scopes are {}", words()))?;
                let request = CreateToken {
                    name,
                    scopes,
                    expires_in_days,
                };
                let made = services
                    .identity
                    .create_token(&actor, &request)
                    .await
                    .map_err(Problem::from)?;
                println!("{}", made.secret.expose());
                eprintln!("Keep it safe: it is not shown again.");
            }
            Verb::List => {
                print_json(
                    &services
                        .identity
                        .list_tokens(&actor, None, 200)
                        .await
                        .map_err(Problem::from)?
                        .items,
                )?;
            }
            Verb::Revoke { id } => {
                let id = id
                    .parse()
                    .context("that is no token id; `punctual token list` shows them")?;
                print_json(
                    &services
                        .identity
                        .revoke_token(&actor, id)
                        .await
                        .map_err(Problem::from)?,
                )?;
            }
        }
        Ok(ExitCode::SUCCESS)
    })
    .await
}

fn words() -> String {
    let words: Vec<&str> = Permission::ALL.iter().map(|p| p.as_str()).collect();
    words.join(", ")
}
