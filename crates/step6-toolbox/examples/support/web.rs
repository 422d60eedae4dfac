//! What do the two web programs share besides HTTP? How they read the command line, where they listen, when they end.
#![allow(dead_code, reason = "each program and each test uses a part of it")]

#[path = "command_line.rs"]
mod command_line;

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use step5_executor::{CtrlC, timeout};

use crate::http::{Limits, Server};

#[allow(unused_imports, reason = "a test runs no program of its own")]
pub(crate) use command_line::{Argument, main};

/// Listens at a port of this machine that nobody outside of it can reach.
///
/// # Errors
///
/// When the port is taken, with what to do about it, or no descriptor is left.
pub(crate) fn listen(port: u16, limits: Limits) -> io::Result<Server> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    Server::bind(address, limits).map_err(|error| {
        let what_to_do = match error.kind() {
            ErrorKind::AddrInUse => {
                "; stop the program that uses the port, or give another one with --port (0 is any)"
            }
            ErrorKind::PermissionDenied => "; give a port from 1024 on with --port (0 is any)",
            _ => "",
        };
        io::Error::new(
            error.kind(),
            format!("cannot listen at {address}: {error}{what_to_do}"),
        )
    })
}

/// Waits for Ctrl-C, or until a time is over; `None` is for ever. Returns what it was.
pub(crate) async fn until_stopped(ctrl_c: CtrlC, limit: Option<Duration>) -> &'static str {
    match timeout(limit.unwrap_or(Duration::MAX), ctrl_c).await {
        Ok(()) => "Stopped by Ctrl-C.",
        Err(_) => "The time is over.",
    }
}
