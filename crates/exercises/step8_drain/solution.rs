// Hint: try first. Arming and waiting are what you do when the try finds nothing.

use std::io::{self, ErrorKind};
use std::net::UdpSocket;
use std::os::fd::AsRawFd;

use step4_select::{Direction, Selector};

/// Receives datagrams of one byte from a non-blocking socket: this many, or fewer if a wait ends
/// without an event, because then no more will come.
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
