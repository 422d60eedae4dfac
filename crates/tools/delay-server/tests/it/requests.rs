//! Does a server with a number of requests answer exactly that many, and then end?

use std::io::ErrorKind;
use std::net::UdpSocket;
use std::thread;
use std::time::Duration;

use crate::support::{HOUR, call, client, limited, receive, soon};

/// Returns how many responses wait in the socket now.
fn count(client: &UdpSocket) -> u64 {
    client.set_nonblocking(true).unwrap();
    let mut responses = 0;
    loop {
        match client.recv(&mut [0; 100]) {
            Ok(_) => responses += 1,
            // The server was gone when a request arrived.
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => {}
            Err(_) => return responses,
        }
    }
}

#[test]
fn three_of_five_requests_are_answered() {
    let delay = Duration::from_millis(30);
    let server = limited(delay, 2, 3);
    let client = client(server.local_addr());
    for _ in 0..5 {
        // The last ones may find the server gone.
        let _ = client.send(b"request");
    }
    assert_eq!(soon(|| server.join()).unwrap(), 3);
    assert_eq!(count(&client), 3);
}

#[test]
fn many_workers_answer_no_more_than_the_number() {
    for workers in [1, 2, 8] {
        let server = limited(Duration::ZERO, workers, 50);
        let client = client(server.local_addr());
        for _ in 0..100 {
            let _ = client.send(b"request");
        }
        assert_eq!(soon(|| server.join()).unwrap(), 50);
        assert_eq!(count(&client), 50);
    }
}

#[test]
fn workers_that_get_no_request_end_too() {
    let server = limited(Duration::ZERO, 8, 1);
    let client = client(server.local_addr());
    client.send(b"request0").unwrap();
    assert_eq!(receive(&client), b"response for request0");
    assert_eq!(soon(|| server.join()).unwrap(), 1);
}

#[test]
fn join_waits_for_the_requests() {
    let server = limited(Duration::ZERO, 2, 2);
    let address = server.local_addr();
    let join = thread::spawn(|| server.join());
    call(address, b"request0");
    assert!(!join.is_finished(), "one is left");
    call(address, b"request1");
    assert_eq!(soon(|| join.join().unwrap()).unwrap(), 2);
}

#[test]
fn the_last_answer_is_sent_when_others_have_left() {
    let delay = Duration::from_millis(100);
    let server = limited(delay, 2, 2);
    let client = client(server.local_addr());
    client.send(b"request0").unwrap();
    thread::sleep(delay / 2);
    client.send(b"request1").unwrap();
    assert_eq!(soon(|| server.join()).unwrap(), 2);
    assert_eq!(count(&client), 2);
}

#[test]
fn a_server_for_no_requests_ends_at_once() {
    let server = limited(HOUR, 2, 0);
    assert_eq!(soon(|| server.join()).unwrap(), 0);
}
