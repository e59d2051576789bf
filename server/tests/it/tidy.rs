//! The rules of the house, held against the packages and the sources themselves.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace")
        .to_owned()
}

/// Which of our packages, and of the outside's, a package may not use. What is not forbidden by
/// name here is allowed; tests may use the test kit and the sandbox.
const OURS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("platform", &["model"]),
    ("identity", &["model", "platform"]),
    ("ledger", &["model", "platform"]),
    ("payments", &["model", "platform", "ledger"]),
    ("attendance", &["model", "platform"]),
    ("scheduling", &["model", "platform"]),
    ("sandbox", &["model"]),
    ("testkit", &["model", "platform"]),
    (
        "app",
        &[
            "model",
            "platform",
            "identity",
            "ledger",
            "payments",
            "scheduling",
            "attendance",
        ],
    ),
    ("frontend", &["app"]),
    (
        "server",
        &[
            "app",
            "model",
            "platform",
            "identity",
            "ledger",
            "payments",
            "scheduling",
            "attendance",
            "sandbox",
        ],
    ),
];

/// The domains: a crate, a schema each.
const DOMAINS: [&str; 5] = ["identity", "ledger", "payments", "scheduling", "attendance"];

const NEVER: &[(&str, &[&str])] = &[
    ("model", &["tokio", "leptos", "axum", "reqwest"]),
    ("platform", &["axum", "leptos"]),
    ("identity", &["axum", "leptos"]),
    ("ledger", &["axum", "leptos"]),
    ("payments", &["axum", "leptos"]),
    ("attendance", &["axum", "leptos"]),
    ("scheduling", &["axum", "leptos"]),
    ("sandbox", &["leptos", "sqlx"]),
];

#[test]
fn packages_use_only_what_the_house_rules_allow() {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo describes the workspace");
    let allowed: BTreeMap<&str, BTreeSet<&str>> = OURS
        .iter()
        .map(|(name, uses)| (*name, uses.iter().copied().collect()))
        .collect();
    let mut seen = BTreeSet::new();
    for package in &metadata.packages {
        let name = package.name.as_str();
        seen.insert(name.to_owned());
        let may = allowed
            .get(name)
            .unwrap_or_else(|| panic!("the house has no room for {name}"));
        for dependency in package
            .dependencies
            .iter()
            .filter(|d| d.kind == cargo_metadata::DependencyKind::Normal)
        {
            let used = dependency.name.as_str();
            assert!(
                !allowed.contains_key(used) || may.contains(used),
                "{name} may not use {used}"
            );
            let never = NEVER
                .iter()
                .filter(|(room, _)| *room == name)
                .flat_map(|(_, never)| never.iter());
            assert!(
                !never.clone().any(|n| *n == used),
                "{name} may not use {used}"
            );
        }
    }
    assert_eq!(
        seen.len(),
        OURS.len(),
        "a room of the rules is not in the workspace"
    );
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn each_source(folder: &str, check: impl Fn(&str, &str)) {
    let mut files = Vec::new();
    sources(&root().join(folder), &mut files);
    assert!(!files.is_empty(), "{folder} has no sources");
    for file in files {
        let name = file
            .strip_prefix(root())
            .expect("below the workspace")
            .display()
            .to_string();
        check(
            &name,
            &fs::read_to_string(&file).expect("a readable source"),
        );
    }
}

#[test]
fn sql_stands_in_stores_alone() {
    for domain in DOMAINS {
        each_source(&format!("server/{domain}/src"), |name, text| {
            let sql = text.contains("sqlx::query") || text.contains("QueryBuilder");
            assert!(
                !sql || name.contains("/store/") || name.ends_with("_tests.rs"),
                "{name} has SQL outside of a store"
            );
        });
    }
    each_source("app/src", |name, text| {
        assert!(!text.contains("sqlx::query"), "{name} has SQL");
    });
}

#[test]
fn no_query_names_another_domains_schema() {
    let schemas = DOMAINS.into_iter().chain(["platform"]);
    for domain in DOMAINS {
        each_source(&format!("server/{domain}/src"), |name, text| {
            if !name.contains("/store/") {
                return;
            }
            for other in schemas.clone().filter(|schema| *schema != domain) {
                for verb in ["from", "join", "into", "update"] {
                    let named = format!("{verb} {other}.");
                    assert!(
                        !text.contains(&named),
                        "{name} reads or writes schema {other}"
                    );
                }
            }
        });
    }
}

/// Functions of services that know who asks and do not ask for a permission themselves.
const ASK_ELSEWHERE: &[&str] = &[
    // Writes down what another function was allowed to do.
    "record_in_tx",
    // Takes the file in through one of two functions that ask.
    "import_file",
];

#[test]
fn services_ask_for_a_permission_themselves() {
    let asking = Cell::new(0);
    for domain in DOMAINS {
        each_source(&format!("server/{domain}/src"), |name, text| {
            for function in text.split("\n    pub async fn ").skip(1) {
                let function = function.split("\n    }\n").next().unwrap_or(function);
                let (signature, body) = function.split_once('{').expect("a body");
                let called = signature.split(['(', '<']).next().unwrap_or(signature);
                if !signature.contains("actor: &Actor") || ASK_ELSEWHERE.contains(&called) {
                    continue;
                }
                asking.set(asking.get() + 1);
                assert!(
                    body.contains("actor.require("),
                    "{called} in {name} knows who asks and requires no permission"
                );
            }
        });
    }
    assert!(asking.get() >= 30, "only {} were found", asking.get());
}

#[test]
fn pages_do_not_know_whether_they_are_on_the_server() {
    for folder in ["app/src/pages", "app/src/ui"] {
        each_source(folder, |name, text| {
            assert!(
                !text.contains("feature = \"ssr\""),
                "{name} asks whether it is on the server"
            );
            // Formatted into a view, it would be an inline style, which the policy drops.
            assert!(
                !text.contains(" style=\"") && !text.contains("style:"),
                "{name} has an inline style"
            );
        });
    }
}

#[test]
fn services_take_the_time_from_their_clock() {
    for folder in [
        "app/model/src",
        "server/identity/src",
        "server/ledger/src",
        "server/payments/src",
        "server/scheduling/src",
        "server/attendance/src",
    ] {
        each_source(folder, |name, text| {
            assert!(
                !text.contains("Utc::now()"),
                "{name} looks at the wall clock"
            );
        });
    }
}

#[test]
fn server_functions_that_change_things_are_never_get() {
    each_source("app/src/api", |name, text| {
        for get in ["GetUrl", "GetCbor", "input = codec::Get"] {
            assert!(
                !text.contains(get),
                "{name} has a server function that a link could call"
            );
        }
    });
}
