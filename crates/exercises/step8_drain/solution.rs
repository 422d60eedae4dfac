// Hint: the try comes first, and the wait is what happens when there is nothing more.

use std::io::{self, ErrorKind};
use std::net::UdpSocket;
use std::os::fd::AsRawFd;

use step4_select::{Direction, Selector};

/// Receives datagrams of one byte from a non-blocking socket until there are so many, or until a
/// wait ends without an event: no more will come then.
fn receive(selector: &mut dyn Selector, socket: &UdpSocket, count: usize) -> io::Result<Vec<u8>> {
    let fd = socket.as_raw_fd();
    let (mut received, mut events) = (Vec::new(), Vec::new());
    while received.len() < count {
        let mut byte = [0];
        match socket.recv(&mut byte) {
            Ok(_) => received.push(byte[0]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                selector.arm(fd, Direction::Read)?;
                selector.wait(None, &mut events)?;
                if events.is_empty() {
                    break;
                }
            }
            Err(error) => return Err(error),
        }
    }
    selector.disarm(fd, Direction::Read);
    Ok(received)
}
