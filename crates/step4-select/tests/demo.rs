//! Does the demo print what the tutorial prints, and say clearly what went wrong?

use std::net::{SocketAddr, UdpSocket};
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use delay_server::{DelayServer, Settings};
use step4_select::{Options, demo};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_step4-select"))
        .args(arguments)
        .output()
        .unwrap()
}

/// The first line that a run printed, and the time on the second one.
fn printed(output: Output) -> (String, Duration) {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let output = String::from_utf8(output.stdout).unwrap();
    let (first, rest) = output.split_once('\n').unwrap();
    let seconds = rest.strip_suffix(" s\n").unwrap().parse().unwrap();
    (first.to_owned(), Duration::from_secs_f64(seconds))
}

#[test]
fn without_an_address_it_asks_a_server_of_its_own() {
    let (responses, elapsed) = printed(run(&[]));
    assert_eq!(
        responses,
        r#"["response for request0", "response for request1"]"#
    );
    assert!(elapsed >= Duration::from_secs(1));
}

#[test]
fn all_requests_are_on_their_way_before_any_is_answered() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    // If the client asked one after the other, the second request would never come.
    let answering = thread::spawn(move || {
        let mut buffer = [0; 16];
        let clients: Vec<_> = (0..2)
            .map(|_| server.recv_from(&mut buffer).unwrap().1)
            .collect();
        clients
            .iter()
            .rev()
            .for_each(|client| assert_eq!(server.send_to(b"both", client).unwrap(), 4));
    });
    assert_eq!(printed(run(&[&address, "a", "b"])).0, r#"["both", "both"]"#);
    answering.join().unwrap();
}

#[test]
fn a_server_elsewhere_is_asked_what_is_given() {
    let settings = Settings {
        delay: Duration::from_millis(10),
        ..Settings::default()
    };
    let server = DelayServer::start_local(settings).unwrap();
    let (responses, _) = printed(run(&[&server.local_addr().to_string(), "a", "", "ü"]));
    assert_eq!(
        responses,
        r#"["response for a", "response for ", "response for ü"]"#
    );
}

#[test]
fn only_what_the_server_sends_is_an_answer() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    let answering = thread::spawn(move || {
        let mut buffer = [0; 16];
        let (_, client) = server.recv_from(&mut buffer).unwrap();
        UdpSocket::bind("127.0.0.1:0")
            .unwrap()
            .send_to(b"false", client)
            .unwrap();
        server.send_to(b"true", client).unwrap();
    });
    assert_eq!(printed(run(&[&address, "which?"])).0, r#"["true"]"#);
    answering.join().unwrap();
}

/// Classic bug: "one lost datagram hangs the client for ever". The tutorial's client does this.
#[test]
fn one_lost_datagram_hangs_the_client_for_ever() {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let start = Instant::now();
    let limit = Duration::from_millis(300);
    let server = silent.local_addr().unwrap();
    let options = Options {
        server: Some(server),
        limit,
        ..Options::default()
    };
    let error = demo::demo(&options).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(r#"{server} did not answer ["request0", "request1"] within 300ms"#)
    );
    assert!(start.elapsed() >= limit);
}

#[test]
fn a_failure_is_exit_code_1_and_one_line() {
    let server = UdpSocket::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let output = run(&[&server.to_string(), &"x".repeat(70_000)]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.starts_with(&format!("step4-select: cannot ask {server}: ")),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);
}

#[test]
fn bad_arguments_are_clear_errors() {
    for bad in [
        "--frob",
        "127.0.0.1",
        "localhost:8000",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "0.0.0.0:8000",
        "",
    ] {
        let output = run(&[bad]);
        assert_eq!(output.status.code(), Some(2), "{bad}");
        let expected = format!(
            "step4-select: {bad:?} is no address of a server: give an IP address and a port, such as 127.0.0.1:8000\n"
        );
        assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
    }
}

#[test]
fn the_servers_address_may_be_of_either_family() {
    let settings = Settings {
        delay: Duration::ZERO,
        ..Settings::default()
    };
    // Where there is no IPv6, there is nothing to test.
    if let Ok(server) =
        DelayServer::start(SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], 0)), settings)
    {
        let (responses, _) = printed(run(&[&server.local_addr().to_string(), "six"]));
        assert_eq!(responses, r#"["response for six"]"#);
    }
}
