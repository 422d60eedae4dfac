//! What does the program print, and how does it end, given these arguments?

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, UdpSocket};
use std::process::{Child, Command, Output, Stdio};

use crate::support::{call, soon, until};

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_delay-server"));
    program.stdin(Stdio::null());
    program
}

/// Ends the program with the test, even one that fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn output<A: AsRef<OsStr>>(arguments: &[A]) -> Output {
    let mut program = program();
    program
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = Running(program.spawn().unwrap());
    let (stdout, stderr) = (child.0.stdout.take(), child.0.stderr.take());
    // If it served instead of refusing, it would never close its output.
    let (stdout, stderr) = soon(move || {
        (
            std::io::read_to_string(stdout.unwrap()).unwrap(),
            std::io::read_to_string(stderr.unwrap()).unwrap(),
        )
    });
    Output {
        status: child.0.wait().unwrap(),
        stdout: stdout.into_bytes(),
        stderr: stderr.into_bytes(),
    }
}

fn assert_refused<A: AsRef<OsStr>>(arguments: &[A], code: i32, problem: &str) {
    let output = output(arguments);
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!("delay-server: {problem}\n")
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert_eq!(output.status.code(), Some(code));
}

/// Starts the program on a free port; returns its first line too, and the address in it.
fn serving(arguments: &[&str]) -> (Running, String, SocketAddr) {
    let mut program = program();
    program
        .arg("127.0.0.1:0")
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = Running(program.spawn().unwrap());
    let mut stdout = BufReader::new(child.0.stdout.take().unwrap());
    let line = soon(move || {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        line
    });
    let address = line.split(' ').nth(3).unwrap().parse().unwrap();
    (child, line, address)
}

#[test]
fn a_bad_option_is_named() {
    for option in ["-d", "-", "-1", "--=", "--frobnicate=1"] {
        assert_refused(&[option], 2, &format!("{option:?} is unknown: see --help"));
    }
    let problem = "\"--dealy\" is unknown: did you mean --delay?";
    assert_refused(&["--dealy"], 2, problem);
}

#[test]
fn a_bad_address_is_named() {
    let problem = "bad address \"localhost:8000\": \
                   give an IP address and a port, such as 127.0.0.1:8000 or [::1]:8000";
    assert_refused(&["localhost:8000"], 2, problem);
}

#[test]
fn a_second_address_is_named() {
    let problem = "unexpected argument \"127.0.0.1:8002\": give one address only";
    assert_refused(&["127.0.0.1:8001", "127.0.0.1:8002"], 2, problem);
}

#[test]
fn a_bad_value_is_named() {
    for (option, value, what) in [
        ("--delay", "-1", "a number of seconds from 0 to 86400"),
        ("--workers", "1025", "a whole number from 1 to 1024"),
        (
            "--requests",
            "0",
            "a whole number from 1 to 18446744073709551615",
        ),
    ] {
        let problem = format!("{option} cannot be {value:?}: give {what}");
        assert_refused(&[option, value], 2, &problem);
        let problem = format!("{option} needs a value after it: {what}");
        assert_refused(&[option], 2, &problem);
    }
}

#[test]
fn a_port_in_use_is_named() {
    let other = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let output = output(&[&address]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.starts_with(&format!("delay-server: cannot start on {address}: ")),
        "{stderr}"
    );
    assert!(
        stderr.ends_with(
            "; stop the program that uses the port, or give another one, such as 127.0.0.1:8001\n"
        ),
        "{stderr}"
    );
    assert_eq!(stderr.lines().count(), 1);
    assert!(output.stdout.is_empty());
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn an_address_of_another_machine_is_named() {
    // This one is reserved for documentation, so no machine has it.
    let output = output(&["192.0.2.1:8000"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.starts_with("delay-server: cannot start on 192.0.2.1:8000: "),
        "{stderr}"
    );
    assert!(
        stderr.ends_with("; give an address of this machine, such as 127.0.0.1:8000\n"),
        "{stderr}"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn help_tells_the_options() {
    for option in ["--help", "-h"] {
        let output = output(&[option]);
        let stdout = String::from_utf8(output.stdout).unwrap();
        for word in [
            "ADDR",
            "--delay SECONDS",
            "--workers N",
            "--requests N",
            "127.0.0.1:8000",
        ] {
            assert!(stdout.contains(word), "{word}");
        }
        assert!(output.stderr.is_empty());
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn the_first_line_tells_where_it_listens_and_how() {
    let (_running, line, address) = serving(&[]);
    assert_ne!(address.port(), 0);
    assert_eq!(
        line,
        format!(
            "delay-server listens on {address} (UDP): delay 1 s, workers 2, until interrupted\n"
        )
    );
}

#[test]
fn it_ends_when_it_has_answered_its_requests() {
    let (mut running, line, address) =
        serving(&["--delay", "0.02", "--workers=3", "--requests", "2"]);
    assert_eq!(
        line,
        format!("delay-server listens on {address} (UDP): delay 0.02 s, workers 3, requests 2\n")
    );
    assert_eq!(call(address, b"request0"), b"response for request0");
    assert_eq!(call(address, b"request1"), b"response for request1");
    let mut status = None;
    until(|| {
        status = running.0.try_wait().unwrap();
        status.is_some()
    });
    assert_eq!(status.unwrap().code(), Some(0));
}

#[test]
fn a_request_too_long_to_answer_is_named() {
    let (mut running, _, address) = serving(&["--delay", "0", "--requests", "1"]);
    let client = crate::support::client(address);
    let mut lengths = [65_507, 9216].into_iter();
    let length = lengths.find(|length| client.send(&vec![b'x'; *length]).is_ok());
    let mut line = String::new();
    let stderr = running.0.stderr.take().unwrap();
    BufReader::new(stderr).read_line(&mut line).unwrap();
    let from = client.local_addr().unwrap();
    let expected = format!("cannot answer {} bytes from {from}: ", length.unwrap());
    assert!(line.starts_with(&expected), "{line}");
    assert!(running.0.try_wait().unwrap().is_none(), "it still serves");
}
