// Hint: the try comes first, and the wait is what happens when there is nothing more.

use std::io::{self, ErrorKind};
use std::net::UdpSocket;
use std::os::fd::AsFd;
use std::time::Instant;

use step4_select::{Direction, Selector, Token, Until};

/// Receives datagrams of one byte until there are so many, or the time is over.
///
/// The socket does not block, and is not registered before or after.
fn receive(
    selector: &mut dyn Selector,
    socket: &UdpSocket,
    count: usize,
    deadline: Instant,
) -> io::Result<Vec<u8>> {
    let (fd, token) = (socket.as_fd(), Token(1));
    selector.register(fd, token)?;
    let (mut received, mut events) = (Vec::new(), Vec::new());
    while received.len() < count && Instant::now() < deadline {
        let mut byte = [0];
        match socket.recv(&mut byte) {
            Ok(_) => received.push(byte[0]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                selector.arm(fd, token, Direction::Read)?;
                selector.wait(Until::Deadline(deadline), &mut events)?;
            }
            Err(error) => return Err(error),
        }
    }
    selector.deregister(fd, token)?;
    Ok(received)
}
