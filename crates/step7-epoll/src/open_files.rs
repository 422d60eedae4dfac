//! How many sockets a process may have.

use std::io;

use crate::sys;

/// Lets this process open as many files as the system allows, and returns how many that is.
///
/// There are two limits. The soft one counts; it is usually 1,024, because programs that use
/// `select` must not get higher descriptors. A process may raise it to the hard one, which only an
/// administrator raises: `ulimit -Hn` shows it. So a program that uses `select` anywhere should not
/// call this. It changes the limit of the whole process, and of the processes that it starts from
/// then on.
///
/// # Errors
///
/// Returns an error if the system reports one. A low hard limit is not an error: look at what is
/// returned.
///
/// # Examples
///
/// ```
/// use step7_epoll::raise_open_files_limit;
///
/// let limit = raise_open_files_limit()?;
/// if limit < 10_100 {
///     eprintln!("only {limit} open files are allowed: `ulimit -Hn` shows this limit");
/// }
/// assert_eq!(raise_open_files_limit()?, limit);
/// # std::io::Result::Ok(())
/// ```
pub fn raise_open_files_limit() -> io::Result<u64> {
    let mut limit = sys::open_files()?;
    limit.soft = limit.hard;
    sys::set_open_files(limit)?;
    Ok(limit.soft)
}
