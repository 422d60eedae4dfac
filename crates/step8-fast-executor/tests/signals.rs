//! What does a signal do that comes while an executor waits? Nothing.

#[path = "support/net_run.rs"]
mod net_run;
#[path = "../../step4-select/tests/support/unsafe_signal.rs"]
mod unsafe_signal;

use std::thread;
use std::time::Instant;

use net_run::{MS, on_select as executor, sender, udp, within_a_minute};
use step8_fast_executor::{block_on, sleep};

/// Classic bug: "EINTR unwrapped".
#[test]
fn eintr_unwrapped() {
    within_a_minute(|| {
        let start = Instant::now();
        let (_, handled) = unsafe_signal::under_signals(|| {
            block_on(async {
                sleep(60 * MS).await;
                assert!(start.elapsed() >= 60 * MS);

                let socket = udp();
                let sender = sender(&socket);
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
