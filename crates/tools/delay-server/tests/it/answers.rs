//! What does the server answer, to whom, and when?

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use crate::support::{HOUR, call, client, limited, receive, server, soon, until};
use delay_server::{DelayServer, Settings};

#[test]
fn the_answer_is_response_for_and_the_request() {
    let server = server(Duration::ZERO, 2);
    assert_eq!(
        call(server.local_addr(), b"request0"),
        b"response for request0"
    );
}

#[test]
fn a_request_may_be_any_bytes_or_none() {
    let server = server(Duration::ZERO, 2);
    let all: Vec<u8> = (0..=255).collect();
    for request in [&b""[..], b"\0", b"\xFF\xFE", b"two\nlines", &all] {
        let expected = [b"response for ", request].concat();
        assert_eq!(call(server.local_addr(), request), expected);
    }
}

#[test]
fn a_shorter_request_has_nothing_of_a_longer_one() {
    let server = server(Duration::ZERO, 1);
    let longer = [b'x'; 5000];
    assert_eq!(call(server.local_addr(), &longer).len(), 13 + 5000);
    assert_eq!(call(server.local_addr(), b"short"), b"response for short");
}

#[test]
fn each_answer_goes_to_the_sender_of_its_request() {
    let server = server(Duration::ZERO, 4);
    let clients: Vec<UdpSocket> = (0..20).map(|_| client(server.local_addr())).collect();
    for (number, client) in clients.iter().enumerate() {
        client.send(format!("{number}").as_bytes()).unwrap();
    }
    for (number, client) in clients.iter().enumerate() {
        assert_eq!(
            receive(client),
            format!("response for {number}").into_bytes()
        );
    }
    // All answers are sent by now. If one had gone astray, it would be here.
    server.stop().unwrap();
    for client in &clients {
        client.set_nonblocking(true).unwrap();
        assert!(client.recv(&mut [0; 100]).is_err(), "one answer each");
    }
}

#[test]
fn a_request_too_long_to_answer_does_not_count() {
    let server = limited(Duration::ZERO, 2, 1);
    let client = client(server.local_addr());
    // The longest datagram of IPv4, or of a system that sends only shorter ones.
    let longest = [65_507, 9216]
        .into_iter()
        .find(|&length| client.send(&vec![b'x'; length]).is_ok());
    assert!(longest.is_some());
    client.send(b"short").unwrap();
    assert_eq!(receive(&client), b"response for short");
    assert_eq!(soon(|| server.join()).unwrap(), 1);
}

#[test]
fn no_answer_comes_before_the_delay() {
    let delay = Duration::from_millis(50);
    let server = server(delay, 2);
    for _ in 0..5 {
        let start = Instant::now();
        call(server.local_addr(), b"request0");
        assert!(start.elapsed() >= delay);
    }
}

#[test]
fn one_worker_answers_two_requests_in_two_delays() {
    let delay = Duration::from_millis(100);
    let server = server(delay, 1);
    let client = client(server.local_addr());
    let start = Instant::now();
    client.send(b"request0").unwrap();
    client.send(b"request1").unwrap();
    assert_eq!(receive(&client), b"response for request0");
    assert_eq!(receive(&client), b"response for request1");
    assert!(start.elapsed() >= 2 * delay);
}

#[test]
fn two_workers_need_two_delays_for_three() {
    let delay = Duration::from_millis(100);
    let server = server(delay, 2);
    let client = client(server.local_addr());
    let start = Instant::now();
    for _ in 0..3 {
        client.send(b"request").unwrap();
    }
    for _ in 0..3 {
        receive(&client);
    }
    assert!(start.elapsed() >= 2 * delay);
}

#[test]
fn two_workers_work_at_the_same_time() {
    let server = server(HOUR, 2);
    let client = client(server.local_addr());
    client.send(b"request0").unwrap();
    client.send(b"request1").unwrap();
    // Neither is answered for an hour, so the second was taken up without waiting for the first.
    until(|| server.received() == 2);
    soon(|| drop(server));
}

#[test]
fn the_server_listens_on_ipv6_too() {
    match DelayServer::start("[::1]:0", Settings::default()) {
        Ok(server) => assert_eq!(call(server.local_addr(), b"six"), b"response for six"),
        Err(error) => println!("no IPv6 on this machine: {error}"),
    }
}
