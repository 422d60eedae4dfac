//! A way to get it wrong: after an event, one read and then the next wait, with no try in between.
//!
//! Two datagrams come before the wait, and the kernel reports them as one change. A level-triggered
//! selector says at each wait what is there, and forgives. An edge-triggered one says what has
//! changed since it last did so, and stays silent: the second datagram is there, and is never read.
//!
//! `cargo run -p book --example lost_edge`, on Linux.

use std::io;

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{self, ErrorKind};
    use std::net::UdpSocket;
    use std::os::fd::AsRawFd;
    use std::time::Duration;

    use step4_select::{Direction, Select, Selector};
    use step8_fast_executor::Epoll;

    pub(super) fn main() -> io::Result<()> {
        println!("one read an event:");
        println!(
            "  level-triggered: {} of 2",
            received(&mut Select::new()?, read_one)?
        );
        println!(
            "  edge-triggered:  {} of 2",
            received(&mut Epoll::new()?, read_one)?
        );
        println!("as many as there are:");
        println!(
            "  level-triggered: {} of 2",
            received(&mut Select::new()?, read_all)?
        );
        println!(
            "  edge-triggered:  {} of 2",
            received(&mut Epoll::new()?, read_all)?
        );
        Ok(())
    }

    /// Sends two datagrams, and returns how many are read until nothing has happened for a while.
    fn received(
        selector: &mut dyn Selector,
        read: fn(&UdpSocket) -> io::Result<u32>,
    ) -> io::Result<u32> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.set_nonblocking(true)?;
        for datagram in [b"1", b"2"] {
            socket.send_to(datagram, socket.local_addr()?)?;
        }
        let (mut count, mut events) = (0, Vec::new());
        loop {
            selector.arm(socket.as_raw_fd(), Direction::Read)?;
            selector.wait(Some(Duration::from_millis(100)), &mut events)?;
            if events.is_empty() {
                return Ok(count);
            }
            count += read(&socket)?;
        }
    }

    /// Wrong after an edge: it has not seen that nothing is left.
    fn read_one(socket: &UdpSocket) -> io::Result<u32> {
        socket.recv(&mut [0]).map(|_| 1)
    }

    /// Right: after this, the next arming comes right after a try that was `WouldBlock`.
    fn read_all(socket: &UdpSocket) -> io::Result<u32> {
        let mut count = 0;
        loop {
            match socket.recv(&mut [0]) {
                Ok(_) => count += 1,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(count),
                Err(error) => return Err(error),
            }
        }
    }
}

fn main() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    linux::main()?;
    Ok(())
}
