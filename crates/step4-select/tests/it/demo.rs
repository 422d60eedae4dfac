//! Does the demo print the answers, and say clearly what went wrong?

use std::net::{SocketAddr, UdpSocket};
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use delay_server::{DelayServer, Settings};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_step4-select"))
        .args(arguments)
        .output()
        .unwrap()
}

/// The first line that a run printed, and the time on the second one.
fn printed(output: Output) -> (String, Duration) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let output = String::from_utf8(output.stdout).unwrap();
    let (first, rest) = output.split_once('\n').unwrap();
    let seconds = rest.strip_suffix(" s\n").unwrap().parse().unwrap();
    (first.to_owned(), Duration::from_secs_f64(seconds))
}

#[test]
fn without_an_address_it_asks_its_own_server() {
    let (responses, elapsed) = printed(run(&[]));
    let expected = r#"["response for request0", "response for request1"]"#;
    assert_eq!(responses, expected);
    assert!(elapsed >= Duration::from_secs(1));
}

#[test]
fn all_requests_are_sent_before_any_is_answered() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    // If the client asked one after the other, the second request would never come.
    let answering = thread::spawn(move || {
        let mut buffer = [0; 16];
        let receive = |_| server.recv_from(&mut buffer).unwrap().1;
        let clients: Vec<_> = (0..2).map(receive).collect();
        for client in clients.iter().rev() {
            assert_eq!(server.send_to(b"both", client).unwrap(), 4);
        }
    });
    let (responses, _) = printed(run(&[&address, "a", "b"]));
    assert_eq!(responses, r#"["both", "both"]"#);
    answering.join().unwrap();
}

#[test]
fn another_server_is_asked_what_is_given() {
    let settings = Settings {
        delay: Duration::from_millis(10),
        ..Settings::default()
    };
    let server = DelayServer::start_local(settings).unwrap();
    let address = server.local_addr().to_string();
    let (responses, _) = printed(run(&[&address, "a", "", "ü"]));
    let expected = r#"["response for a", "response for ", "response for ü"]"#;
    assert_eq!(responses, expected);
}

#[test]
fn only_what_the_server_sends_is_an_answer() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    let answering = thread::spawn(move || {
        let mut buffer = [0; 16];
        let (_, client) = server.recv_from(&mut buffer).unwrap();
        let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
        stranger.send_to(b"false", client).unwrap();
        server.send_to(b"true", client).unwrap();
    });
    let (responses, _) = printed(run(&[&address, "which?"]));
    assert_eq!(responses, r#"["true"]"#);
    answering.join().unwrap();
}

#[test]
fn a_failure_is_exit_code_1_and_one_line() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let server = server.local_addr().unwrap();
    let output = run(&[&server.to_string(), &"x".repeat(70_000)]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    let expected = format!("step4-select: cannot ask {server}: ");
    assert!(error.starts_with(&expected), "{error}");
    assert_eq!(error.lines().count(), 1);
}

#[test]
fn the_address_may_be_of_either_family() {
    let settings = Settings {
        delay: Duration::ZERO,
        ..Settings::default()
    };
    let any = SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], 0));
    // Where there is no IPv6, there is nothing to test.
    if let Ok(server) = DelayServer::start(any, settings) {
        let (responses, _) = printed(run(&[&server.local_addr().to_string(), "six"]));
        assert_eq!(responses, r#"["response for six"]"#);
    }
}
