//! Does the server end at once, whatever its threads are doing?

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::{HOUR, call, client, server, soon, until};
use delay_server::{DelayServer, Settings};

/// A thread that still held the socket would hold the port.
fn assert_freed(address: SocketAddr) {
    // Not necessarily at the first try: another test may have been given the port for a moment.
    until(|| UdpSocket::bind(address).is_ok());
}

#[test]
fn stop_ends_an_idle_server() {
    let server = server(HOUR, 2);
    let address = server.local_addr();
    assert_eq!(soon(|| server.stop()).unwrap(), 0);
    assert_freed(address);
}

#[test]
fn stop_ends_an_idle_server_of_many_workers() {
    let server = server(HOUR, 200);
    let address = server.local_addr();
    assert_eq!(soon(|| server.stop()).unwrap(), 0);
    assert_freed(address);
}

#[test]
fn stop_ends_a_server_in_mid_delay() {
    for delay in [HOUR, Duration::MAX] {
        let server = server(delay, 2);
        let client = client(server.local_addr());
        client.send(b"request0").unwrap();
        client.send(b"request1").unwrap();
        until(|| server.received() == 2);
        assert_eq!(soon(|| server.stop()).unwrap(), 0, "neither is answered");
    }
}

#[test]
fn stop_ends_a_server_half_idle() {
    let server = server(HOUR, 4);
    let client = client(server.local_addr());
    client.send(b"request0").unwrap();
    client.send(b"request1").unwrap();
    until(|| server.received() == 2);
    assert_eq!(soon(|| server.stop()).unwrap(), 0);
}

#[test]
fn stop_ends_a_server_whose_buffer_is_full() {
    let server = server(HOUR, 2);
    let client = client(server.local_addr());
    for _ in 0..4000 {
        // Some systems say so when nothing fits any more.
        let _ = client.send(&[b'x'; 1000]);
    }
    until(|| server.received() == 2);
    assert_eq!(soon(|| server.stop()).unwrap(), 0);
}

#[test]
fn stop_ends_a_server_while_requests_pour_in() {
    let server = server(Duration::ZERO, 4);
    let client = client(server.local_addr());
    let stopped = Arc::new(AtomicBool::new(false));
    let flood = thread::spawn({
        let stopped = Arc::clone(&stopped);
        move || {
            while !stopped.load(Ordering::Relaxed) {
                let _ = client.send(&[b'x'; 1000]);
            }
        }
    });
    until(|| server.received() > 100);
    let answered = soon(|| server.stop()).unwrap();
    assert!(answered > 90, "it answered until then: {answered}");
    stopped.store(true, Ordering::Relaxed);
    flood.join().unwrap();
}

#[test]
fn stop_ends_a_server_on_all_addresses() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        match DelayServer::start(address, Settings::default()) {
            Ok(server) => assert_eq!(soon(|| server.stop()).unwrap(), 0),
            Err(error) => println!("no {address} on this machine: {error}"),
        }
    }
}

#[test]
fn stop_returns_how_many_requests_were_answered() {
    let server = server(Duration::ZERO, 2);
    for _ in 0..3 {
        call(server.local_addr(), b"request");
    }
    assert_eq!(soon(|| server.stop()).unwrap(), 3);
}

#[test]
fn drop_stops_the_server() {
    let server = server(HOUR, 3);
    let address = server.local_addr();
    client(address).send(b"request0").unwrap();
    until(|| server.received() == 1);
    soon(|| drop(server));
    assert_freed(address);
}
