//! How many clients the program can hold: as many as its selector and the system have room for
//! sockets.

use std::io;

use step5_executor::Executor;

/// How many descriptors to leave to everything but clients: the listeners, the terminal, and
/// clients that are refused.
const OTHERS: usize = 64;

/// The most clients, however many files may be open.
const MOST: usize = 10_000;

/// How many clients there is room for, and why no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    pub(crate) clients: usize,
    pub(crate) why: &'static str,
}

impl Room {
    fn new(sockets: usize, sockets_each: usize, why: &'static str) -> Room {
        Room {
            clients: (sockets.saturating_sub(OTHERS) / sockets_each).clamp(1, MOST),
            why,
        }
    }
}

/// Makes an executor, and returns how many clients it has room for if each takes `sockets_each`
/// sockets of this process.
///
/// # Errors
///
/// Returns an error if no descriptor is left.
pub(crate) fn executor(select: bool, sockets_each: usize) -> io::Result<(Executor, Room)> {
    #[cfg(target_os = "linux")]
    if !select {
        let files = usize::try_from(step7_epoll::raise_open_files_limit()?).unwrap_or(usize::MAX);
        let room = Room::new(
            files,
            sockets_each,
            "as many files may be open, see `ulimit -Hn`",
        );
        return Ok((Executor::with_selector(step7_epoll::Epoll::new()?)?, room));
    }
    _ = select;
    // What macOS lets a process open, unless the user has asked for more.
    let (sockets, why) = match cfg!(target_os = "macos") {
        true => (256, "it may open 256 files"),
        false => (1_024, "select(2) has room for 1,024 sockets"),
    };
    Ok((Executor::new()?, Room::new(sockets, sockets_each, why)))
}
