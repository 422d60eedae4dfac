//! How the clients wait for a response.

use std::io::{self, ErrorKind};
use std::net::UdpSocket;
use std::time::Duration;

/// Receives one response, or says clearly that none came: UDP may lose it, and to wait forever
/// would hide that.
pub(crate) fn receive(socket: &UdpSocket) -> io::Result<String> {
    socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut response = [0; 1024];
    loop {
        match socket.recv(&mut response) {
            Ok(length) => return Ok(String::from_utf8_lossy(&response[..length]).into_owned()),
            // Ctrl-Z and `fg` end a wait that has a limit: ask again.
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(io::Error::new(
                    ErrorKind::TimedOut,
                    "no response within 5 s: a datagram was lost",
                ));
            }
            Err(error) => return Err(error),
        }
    }
}
