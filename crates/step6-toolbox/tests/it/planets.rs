//! Does the program `planets` overlap its waits, serve, and end when it should?

use std::net::TcpListener;

use testing::example;

use crate::program::{Running, ask, assert_refused};

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
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

#[test]
fn its_clients_wait_at_once_and_so_do_you() {
    let mut planets = Running::start("planets", &["--port", "0"]);
    let line = planets.line();
    assert_eq!(
        line,
        "50 clients ask a service that takes 500ms for each.\n"
    );
    let line = planets.line();
    assert!(line.starts_with("All have their answers after "), "{line}");
    let (_, at_once) = line.split_once(" s; ").unwrap();
    let at_once = at_once.strip_suffix(" waited at once.\n").unwrap();
    // All fifty, unless the machine is so slow that the first are served before the last have
    // asked.
    assert!((2..=50).contains(&at_once.parse().unwrap()), "{line}");

    let line = planets.line();
    let address = line.strip_prefix("Now ask yourself: http://").unwrap();
    let address = address.strip_suffix("/planets/3\n").unwrap();
    let earth = "{\"name\": \"Earth\", \"distance_au\": 1.0}\n";
    assert_eq!(ask(address, "/planets/3"), (200, earth.to_owned()));
    assert!(ask(address, "/planets/08").1.contains("Neptune"));
    for path in ["/planets/0", "/planets/9", "/planets/99999999999999999999"] {
        let none = "{\"error\": \"there is no planet with this number\"}\n";
        assert_eq!(ask(address, path), (404, none.to_owned()), "{path}");
    }
    for path in [
        "/",
        "/planets/",
        "/planets/-3",
        "/planets/+3",
        "/planets/3/",
    ] {
        let nothing = "{\"error\": \"there is nothing here, but at /planets/3\"}\n";
        assert_eq!(ask(address, path), (404, nothing.to_owned()), "{path}");
    }
    planets.interrupt();
    assert_eq!(planets.rest(), "Stopped by Ctrl-C.\n");
}

#[test]
fn it_serves_until_its_time_is_over() {
    let rest = Running::start("planets", &["--port", "0", "--for", "0.1"]).rest();
    assert!(rest.ends_with("/planets/3\nThe time is over.\n"), "{rest}");
}
