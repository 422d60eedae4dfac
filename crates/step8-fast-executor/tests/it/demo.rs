//! Does the demo print what steps 3 to 5 print, and say clearly what went wrong?

use std::net::UdpSocket;
use std::process::Command;
use std::thread;
use std::time::Duration;

use delay_server::{DelayServer, Settings};
use step8_fast_executor::demo;
use testing::watchdog::within_a_minute;

#[test]
fn it_prints_what_step_5_prints() {
    let output = Command::new(env!("CARGO_BIN_EXE_step8-fast-executor"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let output = String::from_utf8(output.stdout).unwrap();
    let mut lines = output.lines();
    let mut expect = |expected: &[&str], seconds: f64| {
        for line in expected {
            assert_eq!(lines.next(), Some(*line), "{output}");
        }
        let time = lines.next().and_then(|line| line.strip_suffix(" s"));
        let time: f64 = time.unwrap().parse().unwrap();
        assert!(time >= seconds, "{output}");
    };
    let hello = "hello, and a second later world:";
    expect(&[hello, "hello", "world"], 1.0);
    expect(&["one after another:", "hello", "world"], 3.0);
    expect(&["as two tasks:", "hello", "goodbye"], 2.0);
    let responses = r#"["response for request0", "response for request1"]"#;
    expect(&["a client and a server:", responses], 1.0);
}

fn strings(requests: &[&str]) -> Vec<String> {
    requests.iter().map(ToString::to_string).collect()
}

#[test]
fn sleeping_examples_take_1_s_3_s_and_2_s() {
    let lines = testing::lines(|| demo::demo(true).unwrap());
    let told = lines.iter().map(String::as_str);
    let times = told.filter(|line| line.starts_with("title: ") || line.starts_with("waited "));
    let expected = [
        "title: hello, and a second later world",
        "waited until 1s",
        "title: one after another",
        "waited until 1s",
        "waited until 3s",
        "title: as two tasks",
        "waited until 1s",
        "waited until 2s",
    ];
    assert_eq!(times.collect::<Vec<_>>(), expected);
}

#[test]
fn requests_are_sent_before_any_is_answered() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    // One after another, the second would not come before the first was given up.
    let answering = thread::spawn(move || {
        let mut buffer = [0; 16];
        let mut receive = || server.recv_from(&mut buffer).unwrap().1;
        let clients = [receive(), receive()];
        for client in clients.iter().rev() {
            assert_eq!(server.send_to(b"both", client).unwrap(), 4);
        }
    });
    demo::ask(address, &strings(&["a", "b"])).unwrap();
    answering.join().unwrap();
}

#[test]
fn lost_datagram_is_sent_again() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
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
    within_a_minute(move || demo::ask(address, &strings(&["a", "b"])).unwrap());
}

#[test]
fn silent_server_is_given_up_after_three_tries() {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let server = silent.local_addr().unwrap();
    let error = demo::ask(server, &strings(&["knock"])).unwrap_err();
    let expected = format!("\"knock\" to {server}: no answer within 2s, at the last of 3 tries");
    assert_eq!(error.to_string(), expected);
    // It was asked each time.
    silent.set_nonblocking(true).unwrap();
    let asked = std::iter::from_fn(|| silent.recv(&mut [0; 8]).ok());
    assert_eq!(asked.count(), 3);
}

#[test]
fn port_without_a_server_is_an_error() {
    let port = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr();
    let port = port.unwrap();
    let error = demo::ask(port, &strings(&["knock"])).unwrap_err();
    let expected = format!("\"knock\" to {port}: there is no server, at the last of 3 tries");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn answers_are_the_bytes_of_the_server() {
    let at_once = Settings {
        delay: Duration::ZERO,
        ..Settings::default()
    };
    let server = DelayServer::start_local(at_once).unwrap();
    demo::ask(server.local_addr(), &strings(&["\u{fc}", ""])).unwrap();
}
