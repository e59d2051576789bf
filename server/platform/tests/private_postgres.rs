//! The private Postgres server, really started: as whoever runs the tests and, where that is root,
//! as an unprivileged user too. Skipped with a notice where there are no programs of Postgres.
//!
//! A test that needs a process of its own runs this same program again, with only the test
//! `held_by_another_process` and the folder to hold in the environment.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use platform::postgres::{
    Durability, PostgresConfig, PostgresError, PrivatePostgres, with_temporary,
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{Connection, PgConnection};

const HOLD: &str = "PUNCTUAL_TEST_HOLD";
const NOBODY: u32 = 65534;

/// A folder that anyone may pass, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("punctual-test-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("open to all");
        Self(path)
    }

    fn config(&self) -> PostgresConfig {
        PostgresConfig::at(self.0.join("data"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

/// The running server, or nothing on a machine without Postgres.
async fn started(config: &PostgresConfig) -> Option<PrivatePostgres> {
    match PrivatePostgres::start(config).await {
        Ok(postgres) => Some(postgres),
        Err(error @ PostgresError::NoPrograms { .. }) => {
            eprintln!("skipped: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

async fn connect(url: &SecretString) -> PgConnection {
    PgConnection::connect(url.expose_secret())
        .await
        .expect("the database answers")
}

async fn count_notes(url: &SecretString) -> i64 {
    let mut connection = connect(url).await;
    sqlx::query_scalar("select count(*) from note")
        .fetch_one(&mut connection)
        .await
        .expect("rows")
}

async fn write_note(url: &SecretString) {
    let mut connection = connect(url).await;
    sqlx::raw_sql("create table if not exists note (text text); insert into note values ('kept')")
        .execute(&mut connection)
        .await
        .expect("written");
}

/// Waits for something that another process does, up to a minute; it tells nobody, so we look.
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(60), "in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

fn is_running(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        !stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .trim()
            .starts_with('Z')
    })
}

fn kill_9(pid: u32) {
    let status = Command::new("kill")
        .args(["-9", &pid.to_string()])
        .status()
        .expect("kill runs");
    assert!(status.success());
}

/// Another process of this program that holds a server on `data_dir`: its handle, the server's
/// process id and address.
fn another_process(
    data_dir: &Path,
    program: &Path,
    uid: Option<u32>,
) -> (Child, u32, SecretString) {
    let mut command = Command::new(program);
    command
        .args([
            "--exact",
            "held_by_another_process",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(HOLD, data_dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    if let Some(uid) = uid {
        command.uid(uid).gid(uid);
    }
    let mut child = command.spawn().expect("this program runs");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let line = lines
        .find_map(|line| {
            line.ok()?
                .split_once("holding ")
                .map(|(_, rest)| rest.to_owned())
        })
        .expect("the other process starts a server");
    // What else it prints has to go somewhere, or it would block.
    std::thread::spawn(move || lines.for_each(drop));
    let (pid, url) = line.split_once(' ').expect("two words");
    (
        child,
        pid.parse().expect("a process id"),
        SecretString::from(url.to_owned()),
    )
}

/// Not a test by itself: what the other process does. It ends when its standard input does.
#[test]
fn held_by_another_process() {
    let Some(data_dir) = std::env::var_os(HOLD) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let postgres = runtime
        .block_on(PrivatePostgres::start(&PostgresConfig::at(data_dir)))
        .expect("it starts");
    println!(
        "holding {} {}",
        postgres.pid().expect("runs"),
        postgres.url().expose_secret()
    );
    let _ = std::io::stdin().read_line(&mut String::new());
    runtime.block_on(postgres.stop());
}

#[tokio::test]
async fn data_outlive_a_stop_and_the_folder_is_closed_to_others() {
    let folder = Folder::new("restart");
    let Some(postgres) = started(&folder.config()).await else {
        return;
    };
    write_note(&postgres.url()).await;
    let pid = postgres.pid().expect("it runs");
    let home = folder.0.join("data/postgres");
    for closed in ["", "cluster", "run"] {
        let mode = fs::metadata(home.join(closed)).expect("made").mode();
        assert_eq!(mode & 0o077, 0, "{closed} is open to others");
    }
    assert_eq!(
        fs::metadata(home.join("password")).expect("made").mode() & 0o777,
        0o600
    );
    if is_root() {
        let owner = fs::metadata(format!("/proc/{pid}")).expect("it runs").uid();
        assert_ne!(owner, 0, "the server gave up being root");
    }
    postgres.stop().await;
    assert!(!is_running(pid), "stop waits for the end");

    let again = started(&folder.config()).await.expect("it started before");
    assert_eq!(count_notes(&again.url()).await, 1);
    again.stop().await;
}

#[tokio::test]
async fn a_killed_server_is_started_again_with_all_that_was_committed() {
    let folder = Folder::new("killed-server");
    let Some(postgres) = started(&folder.config()).await else {
        return;
    };
    let url = postgres.url();
    write_note(&url).await;
    let first = postgres.pid().expect("it runs");
    kill_9(first);
    wait_until("a new server process", || {
        postgres.pid().is_some_and(|pid| pid != first)
    });
    let began = Instant::now();
    let mut connection = loop {
        match PgConnection::connect(url.expose_secret()).await {
            Ok(connection) => break connection,
            Err(error) if began.elapsed() > Duration::from_secs(60) => panic!("{error}"),
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let notes: i64 = sqlx::query_scalar("select count(*) from note")
        .fetch_one(&mut connection)
        .await
        .expect("rows");
    assert_eq!(notes, 1);
    postgres.stop().await;
}

#[tokio::test]
async fn the_server_ends_with_a_killed_parent_and_the_data_are_there() {
    let folder = Folder::new("killed-parent");
    let Some(postgres) = started(&folder.config()).await else {
        return;
    };
    postgres.stop().await;

    let program = std::env::current_exe().expect("known");
    let (mut parent, server, url) = another_process(&folder.config().data_dir, &program, None);
    write_note(&url).await;
    kill_9(parent.id());
    parent.wait().expect("collected");
    // At once, while the old server is perhaps still on its way out.
    let again = started(&folder.config()).await.expect("it started before");
    assert!(!is_running(server), "two servers on one cluster");
    assert_eq!(count_notes(&again.url()).await, 1);
    again.stop().await;
}

#[tokio::test]
async fn a_server_that_outlived_its_parent_is_ended_first() {
    let folder = Folder::new("orphan");
    let Some(postgres) = started(&folder.config()).await else {
        return;
    };
    let server = postgres.pid().expect("it runs");
    write_note(&postgres.url()).await;
    // The same command line without a parent's care, as if the signal at our death had been lost.
    let line = fs::read(format!("/proc/{server}/cmdline")).expect("readable");
    let owner = fs::metadata(format!("/proc/{server}")).expect("it runs");
    postgres.stop().await;
    let mut words = line
        .split(|byte| *byte == 0)
        .filter(|word| !word.is_empty())
        .map(|word| String::from_utf8_lossy(word).into_owned());
    let mut orphan = Command::new(words.next().expect("the program"));
    orphan
        .args(words)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .current_dir("/");
    if is_root() {
        orphan.uid(owner.uid()).gid(owner.gid());
    }
    let mut orphan = orphan.spawn().expect("it starts");
    let pid_file = folder.0.join("data/postgres/cluster/postmaster.pid");
    wait_until("the orphan's pid file", || {
        fs::read_to_string(&pid_file).is_ok_and(|text| text.contains("ready"))
    });

    let again = started(&folder.config()).await.expect("it started before");
    assert!(
        orphan.try_wait().expect("known").is_some(),
        "the orphan still runs"
    );
    assert_eq!(count_notes(&again.url()).await, 1);
    again.stop().await;
}

#[tokio::test]
async fn two_servers_do_not_share_a_folder() {
    let folder = Folder::new("busy");
    let Some(postgres) = started(&folder.config()).await else {
        return;
    };
    let error = PrivatePostgres::start(&folder.config())
        .await
        .expect_err("taken");
    assert!(matches!(error, PostgresError::Busy { .. }), "{error}");
    assert!(
        error.to_string().contains(&std::process::id().to_string()),
        "{error}"
    );
    postgres.stop().await;
}

#[tokio::test]
async fn a_cluster_of_another_version_is_refused_and_left_alone() {
    let folder = Folder::new("version");
    let Some(postgres) = started(&folder.config()).await else {
        return;
    };
    postgres.stop().await;
    let version = folder.0.join("data/postgres/cluster/PG_VERSION");
    fs::write(&version, "12\n").expect("written");
    let error = PrivatePostgres::start(&folder.config())
        .await
        .expect_err("another version");
    assert!(
        matches!(error, PostgresError::Version { cluster: 12, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("Install Postgres 12"), "{error}");
}

#[tokio::test]
async fn a_folder_that_holds_something_else_is_refused() {
    let folder = Folder::new("foreign");
    let cluster = folder.0.join("data/postgres/cluster");
    fs::create_dir_all(&cluster).expect("a folder");
    fs::write(cluster.join("holiday.jpg"), "x").expect("written");
    let error = PrivatePostgres::start(&folder.config())
        .await
        .expect_err("not a cluster");
    assert!(
        error
            .to_string()
            .contains("is not empty and holds no database"),
        "{error}"
    );
    assert!(cluster.join("holiday.jpg").exists());
}

#[tokio::test]
async fn a_start_that_fails_quotes_the_server() {
    let folder = Folder::new("broken");
    let Some(postgres) = started(&folder.config()).await else {
        return;
    };
    postgres.stop().await;
    let settings = folder.0.join("data/postgres/cluster/postgresql.conf");
    fs::write(&settings, "no_such_setting = on\n").expect("written");
    let error = PrivatePostgres::start(&folder.config())
        .await
        .expect_err("a wrong setting");
    assert!(error.to_string().contains("no_such_setting"), "{error}");
}

#[tokio::test]
async fn a_half_made_cluster_is_made_anew() {
    let folder = Folder::new("half-made");
    let half = folder.0.join("data/postgres/cluster.new/base");
    fs::create_dir_all(half).expect("a folder");
    let Some(postgres) = started(&folder.config()).await else {
        return;
    };
    assert!(!folder.0.join("data/postgres/cluster.new").exists());
    postgres.stop().await;
}

#[tokio::test]
async fn a_long_path_gets_its_socket_elsewhere() {
    let folder = Folder::new("long");
    let config = PostgresConfig::at(folder.0.join("x".repeat(100)));
    let Some(postgres) = started(&config).await else {
        return;
    };
    connect(&postgres.url()).await;
    assert!(
        postgres
            .url()
            .expose_secret()
            .contains("host=/tmp/punctual-")
    );
    postgres.stop().await;
}

#[tokio::test]
async fn a_closed_parent_sends_the_cluster_elsewhere() {
    if !is_root() {
        eprintln!("skipped: only root hands the cluster to another user");
        return;
    }
    let folder = Folder::new("closed");
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o700)).expect("closed");
    let Some(postgres) = started(&folder.config()).await else {
        return;
    };
    write_note(&postgres.url()).await;
    postgres.stop().await;
    let pointer = fs::read_to_string(folder.0.join("data/postgres.location")).expect("a pointer");
    let home = PathBuf::from(pointer.trim());
    assert!(home.starts_with("/var/lib/punctual") && home.join("cluster").is_dir());
    let again = started(&folder.config()).await.expect("it started before");
    let notes = count_notes(&again.url()).await;
    again.stop().await;
    fs::remove_dir_all(home).expect("removed");
    assert_eq!(notes, 1);
}

#[tokio::test]
async fn an_unprivileged_user_runs_it_and_root_takes_it_over_as_it_is() {
    if !is_root() {
        eprintln!("skipped: only root can become another user");
        return;
    }
    let folder = Folder::new("nobody");
    let data_dir = folder.config().data_dir;
    fs::create_dir(&data_dir).expect("a folder");
    std::os::unix::fs::chown(&data_dir, Some(NOBODY), Some(NOBODY)).expect("given away");
    // Our own program may lie in a folder that nobody else can enter.
    let program = folder.0.join("program");
    fs::copy(std::env::current_exe().expect("known"), &program).expect("copied");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("open to all");
    if with_temporary(Durability::Throwaway, async |_| ())
        .await
        .is_err()
    {
        eprintln!("skipped: no programs of Postgres");
        return;
    }

    let (mut parent, server, url) = another_process(&data_dir, &program, Some(NOBODY));
    assert_eq!(
        fs::metadata(format!("/proc/{server}"))
            .expect("it runs")
            .uid(),
        NOBODY
    );
    write_note(&url).await;
    drop(parent.stdin.take());
    assert!(parent.wait().expect("collected").success());

    let postgres = started(&folder.config())
        .await
        .expect("programs were found before");
    let owner = fs::metadata(format!("/proc/{}", postgres.pid().expect("runs"))).expect("runs");
    assert_eq!(owner.uid(), NOBODY, "the cluster stays with its owner");
    assert_eq!(count_notes(&postgres.url()).await, 1);
    postgres.stop().await;
}

#[tokio::test]
async fn a_temporary_cluster_is_gone_afterwards() {
    let mut folder = String::new();
    let outcome = with_temporary(Durability::Throwaway, async |url: SecretString| {
        connect(&url).await;
        let url = url.expose_secret().to_owned();
        url.split("host=")
            .nth(1)
            .and_then(|rest| rest.split("/postgres/").next())
            .map(str::to_owned)
    })
    .await;
    match outcome {
        Ok(found) => folder.push_str(&found.expect("an address with a folder")),
        Err(error) => {
            eprintln!("skipped: {error}");
            return;
        }
    }
    assert!(folder.contains("punctual-temporary-"), "{folder}");
    assert!(!Path::new(&folder).exists(), "{folder} is still there");
}
