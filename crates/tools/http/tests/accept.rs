//! What does a server do when it can accept nothing? This test lowers the process's limit of
//! descriptors, so it is alone in its file.

use std::cell::Cell;
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::rc::Rc;
use std::time::Duration;

use http::{Responder, Server};
use step5_executor::{block_on, now, sleep, spawn};
use testing::files::allow_below;
use testing::watchdog::within_a_minute;
use trace::Event;

#[test]
fn accepting_is_tried_again_after_a_pause() {
    within_a_minute(|| block_on(out_of_descriptors()));
}

async fn out_of_descriptors() {
    let server = Server::new(0).unwrap();
    let address = server.local_addr().unwrap();
    let served = Rc::new(Cell::new(0));
    let count = served.clone();
    drop(spawn(server.run(
        async move |request, responder: Responder<'_>| {
            responder.send(200, "text/plain", &request.path).await?;
            count.set(count.get() + 1);
            Ok(())
        },
    )));
    // They are in the queue of the listener, and have sent their requests.
    let mut clients: Vec<_> = (0..10)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    for client in &mut clients {
        client.write_all(b"GET /asked HTTP/1.0\r\n\r\n").unwrap();
    }
    // The next descriptor would have the lowest number that is free.
    let free = File::open("/dev/null").unwrap().as_raw_fd();
    let before = allow_below(u64::try_from(free).unwrap());

    let polls = Rc::new(Cell::new(0));
    let counted = polls.clone();
    let listening = trace::listen(move |event| {
        counted.set(counted.get() + u32::from(matches!(event, Event::Resumed { .. })));
    });
    let start = now();
    sleep(Duration::from_secs(1)).await;
    drop(listening);
    // An attempt takes a few polls. A server without a pause would be polled all the time.
    let tries = ((now() - start).as_millis() / 50) as u32;
    assert!(polls.get() <= 4 * (tries + 2), "{} polls", polls.get());
    assert_eq!(served.get(), 0);

    allow_below(before);
    while served.get() < 10 {
        sleep(Duration::from_millis(1)).await;
    }
    for mut client in clients {
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 200 \r\n") && answer.ends_with("\r\n\r\n/asked"),
            "{answer}"
        );
    }
}
