//! What does a task see whose socket does not fit into the sets of `select(2)`?
//!
//! The test opens more files than other tests may, so it has a process of its own.

use std::io::ErrorKind;
use std::net::UdpSocket;
use std::os::fd::AsRawFd;

use step4_select::{Co, Scheduler, Socket};

/// Promise (sockets): A descriptor that is too large for `select` is an error for its task, and the
/// others continue.
#[test]
fn a_high_descriptor_is_an_error_of_its_task() {
    if !testing::files::allow(1_200) {
        eprintln!("skipped: the system allows too few open files");
        return;
    }
    let main = async |co: Co| {
        let any = "127.0.0.1:0".parse().unwrap();
        let low = Socket::bind(any).unwrap();
        let to = low.local_addr().unwrap();
        // Up to the last one that fits.
        let sender = UdpSocket::bind(any).unwrap();
        let mut fill = vec![sender.try_clone().unwrap()];
        while fill[fill.len() - 1].as_raw_fd() < 1_022 {
            fill.push(sender.try_clone().unwrap());
        }
        let last = Socket::bind(any).unwrap();
        let high = Socket::bind(any).unwrap();

        let receive = async move |co: Co| low.recv_from(&co, &mut [0]).await.unwrap().0;
        let receive = co.spawn(receive).await;
        for _ in 0..2 {
            let error = high.recv_from(&co, &mut [0]).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            let words = error.to_string();
            assert!(words.contains("descriptor 1024"), "{words}");
        }
        // The last one that fits works like any other.
        sender.send_to(b"1", last.local_addr().unwrap()).unwrap();
        assert_eq!(last.recv_from(&co, &mut [0]).await.unwrap().0, 1);
        sender.send_to(b"1", to).unwrap();
        receive.join(&co).await
    };
    assert_eq!(Scheduler::new().unwrap().run(main), Ok(Some(1)));
}
