//! What does a task see whose socket does not fit the set of `select(2)`? This counts all
//! descriptors of the process, so it is one test, alone in its file.

use std::io::ErrorKind;
use std::net;

use step4_select::Select;
use step8_fast_executor::net::{TcpListener, TcpStream, UdpSocket};
use step8_fast_executor::{Executor, spawn};
use testing::watchdog::within_a_minute;

#[test]
fn error_names_the_limit_and_others_continue() {
    if !testing::files::allow(1_200) {
        eprintln!("skipped: the system allows too few open files");
        return;
    }
    within_a_minute(|| {
        let select = Select::new().unwrap();
        let executor = Executor::with_selector(select).unwrap();
        executor.block_on(the_task());
    });
}

async fn the_task() {
    let any = "127.0.0.1:0".parse().unwrap();
    let (low, listener) = (
        UdpSocket::bind(any).unwrap(),
        TcpListener::bind(any).unwrap(),
    );
    let (to, address) = (low.local_addr().unwrap(), listener.local_addr().unwrap());
    let model = net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let _fill: Vec<_> = (0..1_024).map(|_| model.try_clone().unwrap()).collect();
    let high = UdpSocket::bind(any).unwrap();

    let other = spawn(async move { low.recv_from(&mut [0]).await.map(|received| received.0) });
    // Again, because a refusal leaves nothing behind.
    for _ in 0..2 {
        let error = high.recv_from(&mut [0]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("1,023"), "{error}");
    }
    // What does not have to wait works.
    assert_eq!(high.send_to(b"1", to).await.unwrap(), 1);
    assert_eq!(other.await.unwrap().unwrap(), 1);
    high.send_to(b"2", high.local_addr().unwrap())
        .await
        .unwrap();
    assert_eq!(high.recv_from(&mut [0]).await.unwrap().0, 1);

    let _client = TcpStream::connect(address).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    assert_eq!(
        stream.read(&mut [0]).await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
}
