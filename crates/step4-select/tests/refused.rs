//! What does a task learn when its datagram finds nobody? An error, and the others go on.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::io::ErrorKind;
use std::net::UdpSocket;
use std::time::Duration;

use step4_select::{Co, Direction, Generated, Scheduler, Sleep, Socket};
use watchdog::within_a_minute;

/// Returns a socket that is connected to a port where nobody is.
fn to_nobody() -> Socket {
    let (here, gone) = (
        UdpSocket::bind("127.0.0.1:0").unwrap(),
        UdpSocket::bind("127.0.0.1:0").unwrap(),
    );
    here.connect(gone.local_addr().unwrap()).unwrap();
    here.set_nonblocking(true).unwrap();
    Socket::new(here)
}

#[test]
fn who_waits_learns_that_nobody_listens_and_the_others_go_on() {
    within_a_minute(|| {
        let main = Generated::new(async |co: &Co| {
            let waiting = Generated::new(async |co: &Co| {
                let socket = to_nobody();
                socket
                    .attempt(co, Direction::Write, |io| io.send(b"anybody?"))
                    .await?;
                socket
                    .attempt(co, Direction::Read, |io| io.recv(&mut [0; 4]))
                    .await
            });
            let sleeper = Generated::new(async |co: &Co| {
                co.yield_(Sleep(Duration::from_millis(5))).await;
                7
            });
            let (waiting, sleeper) = (co.spawn(waiting).await, co.spawn(sleeper).await);
            (waiting.join(co).await.unwrap(), sleeper.join(co).await)
        });
        let (received, slept) = Scheduler::new().unwrap().run(main).unwrap();
        assert_eq!(received.unwrap_err().kind(), ErrorKind::ConnectionRefused);
        assert_eq!(slept, Ok(7));
    });
}
