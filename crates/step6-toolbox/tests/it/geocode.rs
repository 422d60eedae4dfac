//! Does the program `geocode` send each address when it is known, and end when it should?

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use crate::program::{Running, ask, assert_refused};

#[test]
fn a_bad_command_line_is_named() {
    let unknown = "\"--fro\" is unknown: did you mean --for?";
    assert_refused("geocode", &["--fro"], 2, unknown);
}

/// Starts it, and returns the address that it listens at.
fn start() -> (Running, String) {
    let mut geocode = Running::start("geocode", &["--port", "0"]);
    let line = geocode.line();
    let address = line.strip_prefix("geocode listens at http://").unwrap();
    let address = address.strip_suffix("/\n").unwrap().to_owned();
    (geocode, address)
}

#[test]
fn each_address_is_a_line() {
    let (mut geocode, address) = start();
    let (status, lines) = ask(&address, "/lookup?at-once=200");
    let mut lines = lines.lines();
    let expected = (200, Some("{\"total\": 162, \"at_once\": 200}"));
    assert_eq!((status, lines.next()), expected);
    let lines: Vec<_> = lines.collect();
    let names: BTreeSet<_> = lines.iter().map(|line| line.split('"').nth(3)).collect();
    assert_eq!((lines.len(), names.len()), (162, 162));
    let lima =
        "{\"address\": \"Lima, Peru\", \"latitude\": -12.05, \"longitude\": -77.04, \"ms\": ";
    assert!(lines.iter().any(|line| line.starts_with(lima)), "{lines:?}");
    let nowhere = "{\"address\": \"Atlantis\", \"latitude\": null, \"longitude\": null, \"ms\": ";
    assert!(lines.iter().any(|line| line.starts_with(nowhere)));
    assert_eq!(geocode.line(), "A client knows 162 addresses.\n");
}

#[test]
fn the_first_address_comes_long_before_the_last() {
    let (mut geocode, address) = start();
    let mut client = TcpStream::connect(&address).unwrap();
    client
        .write_all(b"GET /lookup?at-once=2 HTTP/1.0\r\n\r\n")
        .unwrap();
    let lines = BufReader::new(client).lines();
    let lines = lines.skip_while(|line| !line.as_ref().unwrap().is_empty());
    // The empty line, the total and one address. All of them would take most of a minute.
    assert_eq!(lines.take(3).count(), 3);
    // Now the client has left, and so its lookups are dropped.
    let line = geocode.line();
    let known = line.strip_prefix("A client left when ").unwrap();
    let (known, end) = known.split_once(' ').unwrap();
    assert_eq!(end, "of 162 addresses were known.\n");
    assert!(known.parse::<u32>().unwrap() < 162, "{line}");
    geocode.interrupt();
    assert_eq!(geocode.rest(), "Stopped by Ctrl-C.\n");
}

#[test]
fn other_requests_are_answered_or_refused() {
    let (_geocode, address) = start();
    for query in ["0", "1001", "", "+7", "-1", "x", "1&x"] {
        let path = format!("/lookup?at-once={query}");
        assert_eq!(ask(&address, &path).0, 400, "{path}");
    }
    assert_eq!(ask(&address, "/lookup?x=1").0, 400);
    assert_eq!(ask(&address, "/index.html").0, 404);
    let (status, page) = ask(&address, "/");
    assert_eq!(status, 200);
    // The one URL in it names a kind of document, and is not fetched.
    let page = page.replace("http://www.w3.org/2000/svg", "");
    for fetches in ["//", "src=", "@import", "url("] {
        assert!(!page.contains(fetches), "{fetches}");
    }
    let mut client = TcpStream::connect(&address).unwrap();
    client
        .write_all(b"POST / HTTP/1.1\r\nHost: t\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
}

#[test]
fn it_serves_until_its_time_is_over() {
    let text = Running::start("geocode", &["--port", "0", "--for", "0.1"]).rest();
    assert!(text.ends_with("/\nThe time is over.\n"), "{text}");
}
