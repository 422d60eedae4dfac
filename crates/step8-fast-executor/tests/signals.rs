//! What does a signal do that comes while an executor waits? Nothing.

use std::thread;
use std::time::{Duration, Instant};

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{block_on, sleep};
use testing::watchdog::within_a_minute;

const MS: Duration = Duration::from_millis(1);

/// Classic bug: "EINTR unwrapped".
#[test]
fn signals_do_not_end_a_wait() {
    within_a_minute(|| {
        let start = Instant::now();
        let (_, handled) = testing::signals::under_signals(|| {
            block_on(async {
                sleep(60 * MS).await;
                assert!(start.elapsed() >= 60 * MS);

                let socket = UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
                let sender = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
                sender.connect(socket.local_addr().unwrap()).unwrap();
                let thread = thread::spawn(move || {
                    thread::sleep(60 * MS);
                    sender.send(b"1").unwrap();
                });
                assert_eq!(socket.recv_from(&mut [0]).await.unwrap().0, 1);
                thread.join().unwrap();
            });
        });
        assert!(handled > 0);
    });
}
