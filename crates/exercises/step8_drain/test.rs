use std::net::UdpSocket;
use std::time::{Duration, Instant};

use step4_select::{Select, Selector};
use step7_epoll::Epoll;

use super::receive;

/// Sends datagrams, the last of them after a while, and returns what is received within a few seconds.
fn received(selector: &mut dyn Selector, count: u8) -> Vec<u8> {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    let to = socket.local_addr().unwrap();
    let send = move |byte| {
        let sent = UdpSocket::bind("127.0.0.1:0").and_then(|sender| sender.send_to(&[byte], to));
        assert_eq!(sent.unwrap(), 1);
    };
    (1..count).for_each(&send);
    let sender = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(20));
        send(count);
    });
    let received = receive(
        selector,
        &socket,
        count.into(),
        Instant::now() + Duration::from_secs(3),
    )
    .unwrap();
    sender.join().unwrap();
    received
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    for count in [1, 2, 6] {
        let sent: Vec<u8> = (1..=count).collect();
        assert_eq!(
            received(&mut Select::new().unwrap(), count),
            sent,
            "on select"
        );
        assert_eq!(
            received(&mut Epoll::new().unwrap(), count),
            sent,
            "on epoll"
        );
    }
}
