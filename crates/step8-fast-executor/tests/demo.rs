//! Does the demo print what steps 3 and 4 print, and say clearly what went wrong?

use std::net::UdpSocket;
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use delay_server::{DelayServer, Settings};
use step8_fast_executor::{Options, demo};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_step8-fast-executor"))
        .args(arguments)
        .output()
        .unwrap()
}

fn stdout(output: Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_only_sleeps_takes_1_s_3_s_and_2_s_exactly() {
    let expected = "hello, and a second later world:\nhello\nworld\n1.000 s\n\
        one after another:\nhello\nworld\n3.000 s\n\
        as two tasks:\nhello\ngoodbye\n2.000 s\n";
    assert_eq!(stdout(run(&["--virtual"])), expected);
}

#[test]
fn without_an_address_it_sleeps_and_then_asks_a_server_of_its_own() {
    let output = stdout(run(&[]));
    let (_, client) = output.split_once("a client and a server:\n").unwrap();
    let (responses, rest) = client.split_once('\n').unwrap();
    assert_eq!(
        responses,
        r#"["response for request0", "response for request1"]"#
    );
    assert!(rest.strip_suffix(" s\n").unwrap().parse::<f64>().unwrap() >= 1.0);
    assert!(output.starts_with("hello, and a second later world:\nhello\nworld\n"));
}

#[test]
fn all_requests_are_on_their_way_before_any_is_answered() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    // One after another, the second would not come before the first was given up.
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
    assert!(stdout(run(&[&address, "a", "b"])).starts_with("[\"both\", \"both\"]\n"));
    answering.join().unwrap();
}

#[test]
fn a_datagram_that_is_lost_is_sent_again() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let limit = Duration::from_millis(300);
    let options = Options {
        server: server.local_addr().ok(),
        limit,
        ..Options::default()
    };
    // Answers as long as the process lives.
    thread::spawn(move || {
        let mut buffer = [0; 16];
        for i in 0.. {
            let (length, client) = server.recv_from(&mut buffer).unwrap();
            // Two requests: the first try of each is "lost".
            if i >= 2 {
                server.send_to(&buffer[..length], client).unwrap();
            }
        }
    });
    demo::demo(&options).unwrap();
}

#[test]
fn a_server_that_never_answers_is_given_up_within_the_limits() {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let server = silent.local_addr().unwrap();
    let (limit, requests) = (Duration::from_millis(50), vec!["knock".to_owned()]);
    let options = Options {
        server: Some(server),
        limit,
        requests,
        ..Options::default()
    };
    let start = Instant::now();
    let error = demo::demo(&options).unwrap_err();
    let expected = format!("\"knock\" to {server}: no answer within 50ms, at the last of 3 tries");
    assert_eq!(error.to_string(), expected);
    assert!(start.elapsed() >= 3 * limit);
    // It was asked each time.
    silent.set_nonblocking(true).unwrap();
    assert_eq!(
        std::iter::from_fn(|| silent.recv(&mut [0; 8]).ok()).count(),
        3
    );
}

#[test]
fn a_port_nobody_listens_on_is_exit_code_1_and_one_line() {
    let port = UdpSocket::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let output = run(&[&port.to_string(), "knock"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = format!(
        "step8-fast-executor: \"knock\" to {port}: nobody listens there, at the last of 3 tries\n"
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
}

#[test]
fn an_answer_is_whatever_bytes_the_server_sends() {
    let server = DelayServer::start_local(Settings::default().delay(Duration::ZERO)).unwrap();
    let output = stdout(run(&[&server.local_addr().to_string(), "ü", ""]));
    assert!(
        output.starts_with("[\"response for ü\", \"response for \"]\n"),
        "{output}"
    );
}

#[test]
fn bad_arguments_are_clear_errors() {
    for bad in [
        "--frob",
        "127.0.0.1",
        "localhost:8000",
        "127.0.0.1:0",
        "0.0.0.0:8000",
        "",
    ] {
        let output = run(&[bad]);
        assert_eq!(output.status.code(), Some(2), "{bad}");
        let expected = format!(
            "step8-fast-executor: {bad:?} is no address of a server: give an IP address and a port, such as 127.0.0.1:8000\n"
        );
        assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
    }
    let output = run(&["--virtual", "127.0.0.1:8000"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("there are no servers to ask")
    );
}
