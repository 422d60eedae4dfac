//! A way to get it wrong: after an event, one read and then the next wait, with no try in between.
//!
//! Two datagrams come before the wait, and the kernel reports them as one change. `select` says at each wait what is
//! there, and forgives. An edge-triggered selector says what has changed since it last did so, and stays silent: the
//! second datagram is there, and is never read.
//!
//! `cargo run -p step7-epoll --example lost_edge`
#![forbid(unsafe_code)]

use std::io::{self, ErrorKind};
use std::net::UdpSocket;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use step4_select::{Direction, Select, Selector, Token, Until};
use step7_epoll::Epoll;

fn main() -> io::Result<()> {
    println!("two datagrams, and for each a wait and a read:");
    println!(
        "  on select {} are read",
        received(&mut Select::new()?, read_only)?
    );
    println!(
        "  on epoll  {} is read, and the other one is waited for in vain",
        received(&mut Epoll::new()?, read_only)?
    );
    println!("two datagrams, and each read until it would block:");
    println!(
        "  on select {} are read",
        received(&mut Select::new()?, read_until_it_would_block)?
    );
    println!(
        "  on epoll  {} are read",
        received(&mut Epoll::new()?, read_until_it_would_block)?
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
    let (fd, token) = (socket.as_fd(), Token(1));
    selector.register(fd, token)?;
    let to = socket.local_addr()?;
    for datagram in [b"1", b"2"] {
        socket.send_to(datagram, to)?;
    }

    let (mut count, mut events) = (0, Vec::new());
    loop {
        selector.arm(fd, token, Direction::Read)?;
        selector.wait(
            Until::Deadline(Instant::now() + Duration::from_millis(100)),
            &mut events,
        )?;
        if events.is_empty() {
            return Ok(count);
        }
        count += read(&socket)?;
    }
}

/// Wrong: it leaves without having seen that nothing is left.
fn read_only(socket: &UdpSocket) -> io::Result<u32> {
    socket.recv(&mut [0]).map(|_| 1)
}

/// Right: whoever arms after this arms right after a try that was `WouldBlock`.
fn read_until_it_would_block(socket: &UdpSocket) -> io::Result<u32> {
    let mut count = 0;
    loop {
        match socket.recv(&mut [0]) {
            Ok(_) => count += 1,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(count),
            Err(error) => return Err(error),
        }
    }
}
