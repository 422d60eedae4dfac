//! Does the program `planets` serve, overlap its waits, and end when it should?

use std::io::{self, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use testing::example;

use crate::program::{Running, assert_refused};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_bad_command_line_is_named() {
    let unknown = "\"--prot\" is unknown: did you mean --port?";
    assert_refused("planets", &["--prot", "1"], 2, unknown);
    let port = "--port cannot be \"65536\": give a whole number from 0 to 65535";
    assert_refused("planets", &["--port", "65536"], 2, port);
    let help = example("planets").arg("--help").output().unwrap();
    assert!(String::from_utf8(help.stdout).unwrap().contains("Usage:"));
}

#[test]
fn a_port_in_use_is_named() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    let output = example("planets").args(["--port", &port]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    let beginning = format!("planets: cannot listen at 127.0.0.1:{port}: ");
    assert!(error.starts_with(&beginning), "{error}");
    assert!(error.ends_with("or give another port\n"), "{error}");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

#[test]
fn it_serves_until_its_time_is_over() {
    let start = Instant::now();
    let mut planets = Running::start("planets", &["--port", "0", "--for", "4"]);
    let line = planets.line();
    let address = line.strip_prefix("planets listens at http://").unwrap();
    let address = address.strip_suffix("/planets/3\n").unwrap();

    let mut stream = TcpStream::connect(address).unwrap();
    let request = b"GET /planets/4 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";
    stream.write_all(request).unwrap();
    let answer = io::read_to_string(&stream).unwrap();
    let is_mars = answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("Mars");
    assert!(is_mars, "{answer}");
    // A connection that is open does not keep it.
    let open = TcpStream::connect(address).unwrap();

    let rest = planets.rest();
    let end = " are told to come again.\nThe time is over.\n";
    assert!(rest.ends_with(end), "{rest}");
    assert!(start.elapsed() >= 4 * SECOND);
    _ = open.shutdown(Shutdown::Both);
}

#[test]
fn ctrl_c_ends_it_well() {
    let mut planets = Running::start("planets", &["--port", "0"]);
    planets.line();
    planets.interrupt();
    let rest = planets.rest();
    assert!(rest.ends_with("Stopped by Ctrl-C.\n"), "{rest}");
}

/// Runs a load, and returns what it prints.
fn load(arguments: &str) -> Vec<String> {
    let mut planets = example("planets");
    let output = planets.args(arguments.split(' ')).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stdout}{stderr}");
    stdout.lines().map(str::to_owned).collect()
}

#[test]
fn a_load_on_select_is_as_large_as_fits() {
    let start = Instant::now();
    let lines = load("--select --port 0 --load 100000");
    let holds = lines[1].starts_with("It holds ") && lines[1].contains(" clients at once (");
    assert!(holds, "{lines:?}");
    assert_eq!(lines[2], "100,000 clients do not fit, so fewer ask.");
    if cfg!(target_os = "linux") {
        assert!(lines[1].contains("holds 240 clients"), "{lines:?}");
        assert_eq!(lines[3], "240 of 240 clients have their answers.");
        // One after another they would take four minutes.
        assert!(start.elapsed() < 60 * SECOND);
    }
    assert!(start.elapsed() >= SECOND);
}

#[test]
#[cfg(target_os = "linux")]
fn a_thousand_clients_take_seconds() {
    let lines = load("--port 0 --load 1000");
    if lines[2].ends_with(" clients do not fit, so fewer ask.") {
        return eprintln!("skipped: {}", lines[1]);
    }
    assert_eq!(lines[2], "1,000 of 1,000 clients have their answers.");
    let middle = " s. The upstream takes 1 s for each, and worked on ";
    let (took, at_once) = lines[3].split_once(middle).unwrap();
    assert!(at_once.ends_with(" at once."), "{lines:?}");
    let seconds: f64 = took.strip_prefix("It took ").unwrap().parse().unwrap();
    // One after another they would take a quarter of an hour.
    assert!((1.0..60.0).contains(&seconds), "{lines:?}");
}
