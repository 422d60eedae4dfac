//! Do ten thousand sockets work? This needs as many open files, and looks at those of the whole
//! process, so it is one test, alone in its file.
#![cfg(target_os = "linux")]

use std::fs;
use std::pin::pin;
use std::task::Waker;

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{Executor, spawn, yield_now};
use testing::foreign::poll_with;
use testing::watchdog::within_a_minute;

const COUNT: u32 = 10_000;

#[test]
fn each_of_10_000_sockets_gets_its_datagram_once() {
    if !testing::files::allow(u64::from(COUNT) + 100) {
        eprintln!("skipped: the system allows too few open files");
        return;
    }
    within_a_minute(|| Executor::new().unwrap().block_on(many()));
}

async fn many() {
    assert_eq!(known(), 1, "the executor's own");
    let mut tasks = Vec::new();
    for number in 0..COUNT {
        let socket = UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = socket.local_addr().unwrap();
        tasks.push((address, spawn(receive_one(socket, number))));
    }
    yield_now().await;
    assert_eq!(known(), 1 + COUNT as usize);

    let sender = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    // From the last to the first.
    for (number, (address, _)) in (0..COUNT).zip(&tasks).rev() {
        sender.send_to(&number.to_be_bytes(), address).unwrap();
    }
    for (_, task) in tasks {
        task.await.unwrap();
    }
    assert_eq!(known(), 1, "the kernel knows a socket that is gone");
}

async fn receive_one(socket: UdpSocket, number: u32) {
    let mut buffer = [0; 4];
    assert_eq!(socket.recv(&mut buffer).await.unwrap(), 4);
    assert_eq!(u32::from_be_bytes(buffer), number);
    // And no more.
    let again = pin!(socket.recv(&mut buffer));
    assert!(poll_with(again, Waker::noop()).is_pending());
}

/// Returns how many descriptors the kernel has in the set of this process, of which there is one.
fn known() -> usize {
    let is_epoll = |entry: &fs::DirEntry| {
        let target = fs::read_link(entry.path());
        target.is_ok_and(|target| target.to_string_lossy() == "anon_inode:[eventpoll]")
    };
    let open = fs::read_dir("/proc/self/fd").unwrap();
    let mut epolls = open.map(Result::unwrap).filter(is_epoll);
    let (epoll, more) = (epolls.next().unwrap(), epolls.next());
    assert!(more.is_none());
    let number = epoll.file_name();
    let info = fs::read_to_string(format!("/proc/self/fdinfo/{}", number.display())).unwrap();
    info.lines().filter(|line| line.starts_with("tfd:")).count()
}
