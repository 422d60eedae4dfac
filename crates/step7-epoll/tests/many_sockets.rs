//! Do ten thousand sockets work?
//!
//! This needs as many open files, and looks at those of the whole process, so it has a process of
//! its own.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fs;
use std::net::UdpSocket as StdUdpSocket;
use std::os::fd::{AsRawFd, RawFd};
use std::time::Duration;

use step4_select::{Direction, Selector};
use step5_executor::net::UdpSocket;
use step5_executor::{Executor, spawn, yield_now};
use step7_epoll::{Epoll, raise_open_files_limit};
use testing::watchdog::within_a_minute;

/// Promise (selectors): Ten thousand sockets work, and each has its datagram once.
#[test]
fn ten_thousand_sockets_work() {
    if raise_open_files_limit().unwrap() < 10_100 {
        eprintln!("skipped: the system allows too few open files");
        return;
    }
    // In turn, because each looks at the descriptors of the whole process.
    within_a_minute(each_gets_its_datagram);
    within_a_minute(more_than_one_wait_reports);
}

fn each_gets_its_datagram() {
    const COUNT: u32 = 10_000;
    let executor = Executor::with_selector(Epoll::new().unwrap()).unwrap();
    executor.block_on(async {
        let before = known_to_the_kernel();
        let mut tasks = Vec::new();
        for number in 0..COUNT {
            let socket = UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
            let address = socket.local_addr().unwrap();
            let receive = async move {
                let mut buffer = [0; 4];
                assert_eq!(socket.recv(&mut buffer).await.unwrap(), 4);
                assert_eq!(u32::from_be_bytes(buffer), number);
            };
            tasks.push((address, spawn(receive)));
        }
        yield_now().await;
        assert_eq!(known_to_the_kernel(), before + COUNT as usize);

        let sender = StdUdpSocket::bind("127.0.0.1:0").unwrap();
        // From the last to the first.
        for (number, (address, _)) in (0..COUNT).zip(&tasks).rev() {
            sender.send_to(&number.to_be_bytes(), address).unwrap();
        }
        for (_, task) in tasks {
            task.await.unwrap();
        }
        assert_eq!(known_to_the_kernel(), before, "it outlives its socket");
    });
}

/// How many sockets the kernel has in the set of this process, of which there is one.
fn known_to_the_kernel() -> usize {
    let is_epoll = |entry: &fs::DirEntry| {
        fs::read_link(entry.path())
            .is_ok_and(|target| target.to_string_lossy() == "anon_inode:[eventpoll]")
    };
    let open = fs::read_dir("/proc/self/fd").unwrap().map(Result::unwrap);
    let epolls: Vec<_> = open.filter(is_epoll).collect();
    assert_eq!(epolls.len(), 1);
    let number = epolls[0].file_name();
    let info = format!("/proc/self/fdinfo/{}", number.to_string_lossy());
    let info = fs::read_to_string(info).unwrap();
    info.lines().filter(|line| line.starts_with("tfd:")).count()
}

fn more_than_one_wait_reports() {
    const COUNT: usize = 1_500;
    let sender = StdUdpSocket::bind("127.0.0.1:0").unwrap();
    let bind = |_| StdUdpSocket::bind("127.0.0.1:0").unwrap();
    let sockets: Vec<_> = (0..COUNT).map(bind).collect();
    let mut selector = Epoll::new().unwrap();
    for socket in &sockets {
        selector.arm(socket.as_raw_fd(), Direction::Read).unwrap();
        let to = socket.local_addr().unwrap();
        sender.send_to(&[1], to).unwrap();
    }
    let (mut reported, mut events) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        selector.wait(Some(Duration::ZERO), &mut events).unwrap();
        reported.extend(events.iter().map(|event| event.fd));
    }
    assert_eq!(reported.len(), COUNT, "each once, in two waits");
    let expected: BTreeSet<RawFd> = sockets.iter().map(AsRawFd::as_raw_fd).collect();
    assert_eq!(BTreeSet::from_iter(reported), expected);
    selector.wait(Some(Duration::ZERO), &mut events).unwrap();
    assert_eq!(events, []);
}
