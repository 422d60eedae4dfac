//! Do ten thousand sockets work? This needs as many open files, and looks at those of the whole process, so it is one
//! test, alone in its file.

#[path = "support/shared.rs"]
mod shared;
#[path = "../../step4-select/tests/support/watchdog.rs"]
mod watchdog;

use std::fs;
use std::pin::pin;
use std::task::{Context, Waker};

use shared::Shared;
use step5_executor::net::UdpSocket;
use step5_executor::{spawn, yield_now};
use step7_epoll::raise_open_files_limit;

const COUNT: u32 = 10_000;

#[test]
fn each_of_10_000_sockets_gets_its_datagram_once() {
    if raise_open_files_limit().unwrap() < u64::from(COUNT) + 100 {
        eprintln!("skipped: the system allows too few open files");
        return;
    }
    watchdog::within_a_minute(|| {
        let (executor, selector) = Shared::executor();
        executor.block_on(many());
        // For its notifiers, and once to register and once to deregister each.
        assert_eq!(selector.controls(), 1 + 2 * u64::from(COUNT));
    });
}

async fn many() {
    assert_eq!(registered(), 1, "the notifiers");
    let mut tasks = Vec::new();
    for number in 0..COUNT {
        let socket = UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = socket.local_addr().unwrap();
        tasks.push((address, spawn(receive_one(socket, number))));
    }
    yield_now().await;
    assert_eq!(registered(), 1 + COUNT as usize);

    let sender = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    // From the last to the first.
    for (number, (address, _)) in (0..COUNT).zip(&tasks).rev() {
        sender.send_to(&number.to_be_bytes(), address).unwrap();
    }
    for (_, task) in tasks {
        task.await.unwrap();
    }
    assert_eq!(registered(), 1, "a registration has outlived its socket");
}

async fn receive_one(socket: UdpSocket, number: u32) {
    let mut buffer = [0; 4];
    assert_eq!(socket.recv(&mut buffer).await.unwrap(), 4);
    assert_eq!(u32::from_be_bytes(buffer), number);
    // And no more.
    let again = pin!(socket.recv(&mut buffer));
    assert!(
        again
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
}

/// How many descriptors the kernel has in the set of this process, of which there is one.
fn registered() -> usize {
    let is_epoll = |entry: &fs::DirEntry| {
        fs::read_link(entry.path())
            .is_ok_and(|target| target.to_string_lossy() == "anon_inode:[eventpoll]")
    };
    let mut epolls = fs::read_dir("/proc/self/fd")
        .unwrap()
        .map(Result::unwrap)
        .filter(is_epoll);
    let (epoll, more) = (epolls.next().unwrap(), epolls.next());
    assert!(more.is_none());
    let info = fs::read_to_string(format!(
        "/proc/self/fdinfo/{}",
        epoll.file_name().to_string_lossy()
    ))
    .unwrap();
    info.lines().filter(|line| line.starts_with("tfd:")).count()
}
