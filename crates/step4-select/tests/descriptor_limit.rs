//! What does a task see whose socket does not fit the set of `select(2)`? The test counts all descriptors of the
//! process, so it is alone in its file.

#[path = "support/unsafe_files.rs"]
mod unsafe_files;

use std::io::ErrorKind;
use std::net::UdpSocket;

use step4_select::{Co, Generated, Scheduler, Socket};

#[test]
fn the_task_gets_an_error_that_names_the_limit_and_the_others_go_on() {
    if !unsafe_files::allow(1_200) {
        eprintln!("skipped: the system allows too few open files");
        return;
    }
    let main = Generated::new(async |co: &Co| {
        let any = "127.0.0.1:0".parse().unwrap();
        let low = Socket::bind(any).unwrap();
        let to = low.local_addr().unwrap();
        let _fill: Vec<_> = (0..1_024)
            .map(|_| low.get_ref().try_clone().unwrap())
            .collect();
        let high = Socket::bind(any).unwrap();

        let other = Generated::new(async move |co: &Co| {
            low.recv_from(co, &mut [0]).await.map(|received| received.0)
        });
        let other = co.spawn(other).await;
        let error = high.recv_from(co, &mut [0]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("its limit is 1024"), "{error}");

        // Once more: a refusal leaves nothing behind.
        assert_eq!(
            high.recv_from(co, &mut [0]).await.unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
        UdpSocket::bind("127.0.0.1:0")
            .unwrap()
            .send_to(b"1", to)
            .unwrap();
        other.join(co).await.unwrap().unwrap()
    });
    assert_eq!(Scheduler::new().unwrap().run(main), Ok(1));
}
