//! The server process: started with our settings, watched, restarted when it dies, stopped with us.
//!
//! One thread of ours starts it and lives as long as it: the kernel sends the signal that ends it
//! after our death when the *thread* that started it is gone, and threads of a pool come and go.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::Durability;
use super::account::Account;
use super::binaries::Programs;
use super::cluster::{Cluster, PORT, bare_surroundings};
use super::error::PostgresError;
use super::home::{Home, short_hash};

/// How long a fast stop may take before we insist.
const STOP_PATIENCE: Duration = Duration::from_secs(30);
/// A server that dies this often within [`RESTART_WINDOW`] stays dead.
const MOST_RESTARTS: usize = 5;
const RESTART_WINDOW: Duration = Duration::from_secs(60);
/// A log longer than this is put aside at the next start; one older log is kept.
const LONGEST_LOG_BYTES: u64 = 10 * 1024 * 1024;

const KEPT: &[&str] = &["fsync=on", "synchronous_commit=on", "full_page_writes=on"];
const THROWAWAY: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
];
const ALWAYS: &[&str] = &[
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=200",
    "shared_buffers=128MB",
    // One server, no replicas: the least to write.
    "wal_level=minimal",
    "max_wal_senders=0",
    // Many short queries; compiling them costs more than it gives.
    "jit=off",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_checkpoints=off",
    "log_line_prefix=%m [%p] ",
    // The longer forms quote values, which may be personal data.
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
];

/// All that it takes to start the server, again if need be.
#[derive(Debug)]
pub(super) struct Launch {
    program: PathBuf,
    home: PathBuf,
    cluster: PathBuf,
    socket_folder: PathBuf,
    log: PathBuf,
    account: Option<Account>,
    durability: Durability,
    /// Stands in the command line of every process of this cluster, so that survivors of a crash
    /// can be found whoever we are.
    mark: String,
}

impl Launch {
    pub fn new(
        home: &Home,
        cluster: &Cluster,
        programs: &Programs,
        durability: Durability,
    ) -> Self {
        Self {
            program: programs.folder.join("postgres"),
            home: home.folder.clone(),
            cluster: cluster.folder.clone(),
            socket_folder: cluster.socket_folder.clone(),
            log: home.log.clone(),
            account: home.account.clone(),
            durability,
            mark: format!("punctual-{}", short_hash(&cluster.folder)),
        }
    }

    fn spawn(&self) -> Result<Child, PostgresError> {
        let log = open_log(&self.log)?;
        let log_too = log
            .try_clone()
            .map_err(|error| PostgresError::file(&self.log, "open the log", &error))?;
        let mut command = Command::new(&self.program);
        command.arg("-D").arg(&self.cluster);
        let durability = match self.durability {
            Durability::Kept => KEPT,
            Durability::Throwaway => THROWAWAY,
        };
        for setting in ALWAYS.iter().chain(durability) {
            command.arg("-c").arg(setting);
        }
        command
            .arg("-c")
            .arg(format!("port={PORT}"))
            .arg("-c")
            .arg(format!("cluster_name={}", self.mark))
            .arg("-c")
            .arg(format!(
                "unix_socket_directories={}",
                quoted_in_list(&self.socket_folder)
            ));
        bare_surroundings(&mut command, &self.home);
        // Its own process group: Ctrl-C in a terminal is for us, and we stop it in our own time.
        command.stdout(log).stderr(log_too).process_group(0);
        if let Some(account) = &self.account {
            account.apply(&mut command);
        }
        end_with_us(&mut command);
        command
            .spawn()
            .map_err(|error| PostgresError::file(&self.program, "run it", &error))
    }
}

/// Asks the kernel to stop the server (fast, as SIGINT does) when we are gone, however we go.
fn end_with_us(command: &mut Command) {
    #[cfg(target_os = "linux")]
    {
        let parent = std::process::id();
        // SAFETY: between fork and exec only calls that are safe after a fork: prctl and getppid
        // touch no memory of ours and take no lock.
        #[allow(unsafe_code)]
        unsafe {
            command.pre_exec(move || {
                if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGINT) != 0 {
                    return Err(std::io::Error::last_os_error());
                }
                // We may have died before the line above; then no signal will ever come.
                if u32::try_from(libc::getppid()) != Ok(parent) {
                    return Err(std::io::Error::from(std::io::ErrorKind::BrokenPipe));
                }
                Ok(())
            });
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = command;
}

/// The running server.
#[derive(Debug)]
pub(super) struct Postmaster {
    shared: Arc<Shared>,
    ended: watch::Receiver<bool>,
    log: PathBuf,
    log_began: u64,
}

#[derive(Debug, Default)]
struct Shared {
    /// The process while it runs; taken out before its id may pass to another process.
    child: Mutex<Option<Child>>,
    stopping: AtomicBool,
    keep_alive: AtomicBool,
}

impl Shared {
    fn signal(&self, signal: i32) {
        let child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(child) = child.as_ref() {
            send(child.id(), signal);
        }
    }
}

impl Postmaster {
    /// Starts the server process; whether it gets ready is for the caller to see.
    pub fn start(launch: Launch) -> Result<Self, PostgresError> {
        let log = launch.log.clone();
        put_aside(&log);
        let log_began = fs::metadata(&log).map_or(0, |meta| meta.len());
        let shared = Arc::new(Shared::default());
        let (ended_tx, ended) = watch::channel(false);
        let (first_tx, first) = std::sync::mpsc::channel();
        let for_thread = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("private-postgres".to_owned())
            .spawn(move || {
                let outcome = clear_survivors(&launch).and_then(|()| launch.spawn());
                match outcome {
                    Ok(child) => {
                        let _ = first_tx.send(Ok(()));
                        watch_over(&launch, &for_thread, child);
                    }
                    Err(error) => {
                        let _ = first_tx.send(Err(error));
                    }
                }
                let _ = ended_tx.send(true);
            })
            .map_err(|error| PostgresError::folder(&log, format!("no thread for it: {error}")))?;
        first.recv().expect("the thread reports before it ends")?;
        Ok(Self {
            shared,
            ended,
            log,
            log_began,
        })
    }

    /// From now on a server that dies is started again.
    pub fn keep_alive(&self) {
        self.shared.keep_alive.store(true, Ordering::SeqCst);
    }

    pub fn pid(&self) -> Option<u32> {
        let child = self
            .shared
            .child
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        child.as_ref().map(Child::id)
    }

    /// Whether the server is gone for good.
    pub fn has_ended(&self) -> bool {
        *self.ended.borrow()
    }

    /// What the server said before it ended.
    pub fn failure(&self, otherwise: &str) -> PostgresError {
        let mut text = String::new();
        let said = File::open(&self.log).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.log_began))?;
            file.take(64 * 1024).read_to_string(&mut text)
        });
        let summary = if said.is_ok() {
            "it ended while starting"
        } else {
            otherwise
        };
        PostgresError::program("postgres", summary, &text)
    }

    /// Stops the server and waits for its end.
    pub async fn stop(mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        self.shared.signal(libc::SIGINT);
        let ended = tokio::time::timeout(STOP_PATIENCE, self.ended.wait_for(|ended| *ended))
            .await
            .is_ok();
        if !ended {
            tracing::warn!("the private database does not stop; it is told to drop everything");
            self.shared.signal(libc::SIGQUIT);
            // The sender is gone when the thread is; either way the server has ended.
            let _ = self.ended.wait_for(|ended| *ended).await;
        }
    }
}

impl Drop for Postmaster {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        self.shared.signal(libc::SIGINT);
    }
}

/// Waits for the end of the server, and starts it again unless that is what we wanted.
fn watch_over(launch: &Launch, shared: &Shared, mut child: Child) {
    let mut deaths: Vec<Instant> = Vec::new();
    loop {
        let pid = child.id();
        *shared.child.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        if shared.stopping.load(Ordering::SeqCst) {
            // The wish to stop may have come before there was anyone to signal.
            shared.signal(libc::SIGINT);
        }
        await_end(pid);
        let ended = shared
            .child
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let status = ended.map(|mut child| child.wait());
        if shared.stopping.load(Ordering::SeqCst) || !shared.keep_alive.load(Ordering::SeqCst) {
            return;
        }
        let now = Instant::now();
        deaths.retain(|death| now.duration_since(*death) < RESTART_WINDOW);
        deaths.push(now);
        let status = status.and_then(Result::ok).map(|status| status.to_string());
        if deaths.len() > MOST_RESTARTS {
            tracing::error!(
                postgres.status = status,
                "the private database died {} times within a minute and stays down; see {}",
                deaths.len(),
                launch.log.display()
            );
            return;
        }
        tracing::error!(
            postgres.status = status,
            "the private database died and is started again"
        );
        match clear_survivors(launch).and_then(|()| launch.spawn()) {
            Ok(again) => child = again,
            Err(error) => {
                tracing::error!(error = %error, "the private database could not be started again");
                return;
            }
        }
    }
}

/// Blocks until a child has ended, but leaves it to be collected, so that its id stays its own.
fn await_end(pid: u32) {
    loop {
        // SAFETY: `info` is a plain structure that the call fills; a zeroed one is valid.
        #[allow(unsafe_code)]
        let answer = unsafe {
            let mut info: libc::siginfo_t = std::mem::zeroed();
            libc::waitid(
                libc::P_PID,
                pid,
                &raw mut info,
                libc::WEXITED | libc::WNOWAIT,
            )
        };
        let interrupted = std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted;
        if answer == 0 || !interrupted {
            return;
        }
    }
}

/// Ends what a crash left running on the cluster. We hold the lock on the folder, so nobody is
/// using it; a server or a worker of it that still writes would damage what the next one reads.
fn clear_survivors(launch: &Launch) -> Result<(), PostgresError> {
    let Some(mut left) = processes_with(&launch.mark) else {
        return Ok(());
    };
    let began = Instant::now();
    let mut told = None;
    while !left.is_empty() {
        let waited = began.elapsed();
        if waited > STOP_PATIENCE {
            return Err(PostgresError::folder(
                &launch.cluster,
                format!(
                    "process {} of an earlier run does not end; end it by hand",
                    left[0]
                ),
            ));
        }
        let signal = if waited > STOP_PATIENCE / 2 {
            libc::SIGQUIT
        } else {
            libc::SIGINT
        };
        if told != Some(signal) {
            tracing::info!(
                postgres.processes = left.len(),
                "an earlier run of the database is ended"
            );
            // The server ends its workers; workers that lost their server end on SIGQUIT.
            match server_pid(&launch.cluster).filter(|pid| left.contains(pid)) {
                Some(server) => send(server, signal),
                None => left.iter().for_each(|pid| send(*pid, libc::SIGQUIT)),
            }
            told = Some(signal);
        }
        std::thread::sleep(Duration::from_millis(50));
        left = processes_with(&launch.mark).unwrap_or_default();
    }
    // Nobody is left, so a file that names a process names a dead one, which may not have been
    // collected yet, or one that has its number by chance; either would keep the server from starting.
    let socket = format!(".s.PGSQL.{PORT}.lock");
    for file in [
        launch.cluster.join("postmaster.pid"),
        launch.socket_folder.join(socket),
    ] {
        let _ = fs::remove_file(file);
    }
    Ok(())
}

/// The server that last ran on a cluster, by its own account.
fn server_pid(cluster: &Path) -> Option<u32> {
    fs::read_to_string(cluster.join("postmaster.pid"))
        .ok()?
        .lines()
        .next()?
        .trim()
        .parse()
        .ok()
}

/// The processes of Postgres that carry a mark in their command line; nothing where the system
/// does not tell.
fn processes_with(mark: &str) -> Option<Vec<u32>> {
    let processes = fs::read_dir("/proc").ok()?.flatten().filter_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        is_postgres_with(&line, mark).then_some(pid)
    });
    Some(processes.collect())
}

/// Whether a command line is one of Postgres and carries the mark: `/usr/…/postgres -D … -c
/// cluster_name=MARK` for the server, `postgres: MARK: checkpointer` for its workers.
fn is_postgres_with(line: &[u8], mark: &str) -> bool {
    let line = String::from_utf8_lossy(line);
    let program = line.split('\0').next().unwrap_or_default();
    let is_postgres = program.starts_with("postgres:") || program.ends_with("/postgres");
    is_postgres && line.contains(mark)
}

pub(super) fn send(pid: u32, signal: i32) {
    let Ok(pid) = libc::pid_t::try_from(pid) else {
        return;
    };
    // SAFETY: takes plain integers and touches no memory of ours. The process is a child not yet
    // collected, or was seen a moment ago under its mark.
    #[allow(unsafe_code)]
    unsafe {
        libc::kill(pid, signal);
    }
}

fn open_log(path: &Path) -> Result<File, PostgresError> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| PostgresError::file(path, "open the log", &error))
}

fn put_aside(log: &Path) {
    if fs::metadata(log).is_ok_and(|meta| meta.len() > LONGEST_LOG_BYTES)
        && let Err(error) = fs::rename(log, log.with_extension("log.1"))
    {
        tracing::warn!(error = %error, "the long log of the database could not be put aside");
    }
}

/// A path as one item of a list setting: quoted, since it may hold a comma or a space.
fn quoted_in_list(path: &Path) -> String {
    format!("\"{}\"", path.display().to_string().replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_and_workers_are_known_by_their_mark() {
        let mark = "punctual-0123456789ab";
        let server = b"/usr/lib/postgresql/15/bin/postgres\0-D\0/x\0-c\0cluster_name=punctual-0123456789ab\0";
        assert!(is_postgres_with(server, mark));
        assert!(is_postgres_with(
            b"postgres: punctual-0123456789ab: checkpointer ",
            mark
        ));
        assert!(!is_postgres_with(b"postgres: 15/main: checkpointer ", mark));
        assert!(!is_postgres_with(b"grep\0punctual-0123456789ab\0", mark));
        assert!(!is_postgres_with(b"", mark));
    }

    #[test]
    fn a_path_is_one_item_of_a_list() {
        assert_eq!(
            quoted_in_list(Path::new("/a b,c\"d/run")),
            "\"/a b,c\"\"d/run\""
        );
    }
}
