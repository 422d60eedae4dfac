//! What the workloads with sockets share.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::Duration;

pub(super) const LOCAL: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0));

/// How long a run may take at most: a datagram may be lost.
pub(super) const LIMIT: Duration = Duration::from_secs(60);

pub(super) fn timed_out() -> io::Error {
    let message = format!("the datagrams did not arrive within {LIMIT:?}");
    io::Error::new(io::ErrorKind::TimedOut, message)
}

/// Makes so many sockets.
pub(super) fn bind<S>(count: u64, bind: fn(SocketAddr) -> io::Result<S>) -> io::Result<Vec<S>> {
    // The same number on Linux and on macOS; `ErrorKind` has no name for it.
    const TOO_MANY_OPEN_FILES: i32 = 24;
    let sockets: io::Result<_> = (0..count).map(|_| bind(LOCAL)).collect();
    sockets.map_err(|error| match error.raw_os_error() {
        Some(TOO_MANY_OPEN_FILES) => {
            let enough = count + 100;
            let message = format!(
                "{count} sockets are more files than may be open: say `ulimit -n {enough}` first"
            );
            io::Error::new(error.kind(), message)
        }
        _ => error,
    })
}
