//! What does a task see whose socket does not fit into the sets of `select(2)`?

use std::io::ErrorKind;
use std::net;

use step4_select::Select;
use testing::process::alone;
use testing::watchdog::within_a_minute;

use crate::executor::net::{TcpListener, TcpStream, UdpSocket};
use crate::executor::{Executor, spawn};

/// Promise (sockets): A descriptor that is too large for `select` is an error for its task, and the
/// others continue.
#[test]
fn a_high_descriptor_is_an_error_of_its_task() {
    alone(|| {
        if !testing::files::allow(1_200) {
            eprintln!("skipped: the system allows too few open files");
            return;
        }
        within_a_minute(|| {
            let select = Select::new().unwrap();
            Executor::with_selector(select).unwrap().block_on(main());
        });
    });
}

async fn main() {
    let any = "127.0.0.1:0".parse().unwrap();
    let low = UdpSocket::bind(any).unwrap();
    let listener = TcpListener::bind(any).unwrap();
    let (to, address) = (low.local_addr().unwrap(), listener.local_addr().unwrap());
    let model = net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let _fill: Vec<_> = (0..1_024).map(|_| model.try_clone().unwrap()).collect();
    let high = UdpSocket::bind(any).unwrap();

    let other = spawn(async move { low.recv_from(&mut [0]).await });
    // Again, because a refusal leaves nothing behind.
    for _ in 0..2 {
        let error = high.recv_from(&mut [0]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let words = error.to_string();
        assert!(words.contains("past the end of the sets"), "{words}");
    }
    // What does not have to wait works.
    assert_eq!(high.send_to(b"1", to).await.unwrap(), 1);
    assert_eq!(other.await.unwrap().unwrap().0, 1);

    let _client = TcpStream::connect(address).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    let error = stream.read(&mut [0]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}
