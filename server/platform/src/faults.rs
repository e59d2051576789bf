//! Named points at which a test may kill the process, to prove that what follows is resumable.
//! In a release build they are nothing.

/// Passes the point `name`. When the environment has `PUNCTUAL_KILL_AT=name`, the process kills
/// itself with SIGKILL here, as a power cut would: no destructor runs, no buffer is flushed.
#[inline]
pub fn point(name: &str) {
    #[cfg(debug_assertions)]
    if std::env::var("PUNCTUAL_KILL_AT").is_ok_and(|at| at == name) {
        // SAFETY: both calls take plain integers and touch no memory of ours.
        #[allow(unsafe_code)]
        unsafe {
            libc::kill(libc::getpid(), libc::SIGKILL);
        }
    }
    #[cfg(not(debug_assertions))]
    let _ = name;
}
