//! How many connections may wait for a listener? As many as the system allows.

use step8_fast_executor::net::{TcpListener, TcpStream};
use step8_fast_executor::{spawn, timeout};

use crate::support::{SECOND, run};

/// With std's backlog of 128 the rest would be tried again after a second, and never succeed, as
/// the listener accepts none.
#[test]
fn a_listener_queues_what_the_system_allows() {
    let most = std::fs::read_to_string("/proc/sys/net/core/somaxconn");
    if !most.is_ok_and(|most| most.trim().parse::<u32>().is_ok_and(|most| most >= 400)) {
        eprintln!("skipped: the system does not tell that it allows 400");
        return;
    }
    run(async || {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let connect = |_| spawn(async move { TcpStream::connect(address).await });
        let connects: Vec<_> = (0..300).map(connect).collect();
        for connect in connects {
            let connected = timeout(20 * SECOND, connect).await;
            connected.expect("it had room").unwrap().unwrap();
        }
    });
}
