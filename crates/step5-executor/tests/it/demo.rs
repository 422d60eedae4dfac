//! Does the demo print what steps 3 and 4 print, and say clearly what went wrong?

use std::net::UdpSocket;
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use delay_server::{DelayServer, Settings};
use step5_executor::demo;
use testing::lines;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_step5-executor"))
        .args(arguments)
        .output()
        .unwrap()
}

fn printed(output: Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn sleeps_take_1_s_3_s_and_2_s_of_virtual_time() {
    let happened = lines(|| demo::demo(true).unwrap());
    // When the last wait of each example was over.
    let mut ends = Vec::new();
    for line in happened {
        match line.strip_prefix("waited until ") {
            Some(until) => *ends.last_mut().unwrap() = until.to_owned(),
            None if line == "started" => ends.push(String::new()),
            None => {}
        }
    }
    assert_eq!(ends, ["1s", "3s", "2s"]);
}

#[test]
fn without_an_address_it_asks_its_own_server() {
    let output = printed(run(&[]));
    let (sleeps, client) = output.split_once("a client and a server:\n").unwrap();
    let (responses, rest) = client.split_once('\n').unwrap();
    let expected = r#"["response for request0", "response for request1"]"#;
    assert_eq!(responses, expected);
    let seconds: f64 = rest.strip_suffix(" s\n").unwrap().parse().unwrap();
    assert!(seconds >= 1.0);
    let is_word = |line: &&str| !line.ends_with(" s");
    let words: Vec<_> = sleeps.lines().filter(is_word).collect();
    let expected = [
        "hello, and a second later world:",
        "hello",
        "world",
        "one after another:",
        "hello",
        "world",
        "as two tasks:",
        "hello",
        "goodbye",
    ];
    assert_eq!(words, expected);
}

#[test]
fn all_requests_are_sent_before_any_is_answered() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    // If the client asked one after the other, the second request would come after the first was
    // given up.
    let answering = thread::spawn(move || {
        let mut buffer = [0; 16];
        let receive = |_| server.recv_from(&mut buffer).unwrap().1;
        let clients: Vec<_> = (0..2).map(receive).collect();
        for client in clients.iter().rev() {
            assert_eq!(server.send_to(b"both", client).unwrap(), 4);
        }
    });
    let output = printed(run(&[&address, "a", "b"]));
    assert!(output.starts_with("[\"both\", \"both\"]\n"), "{output}");
    answering.join().unwrap();
}

#[test]
fn a_lost_request_is_made_again() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    let answering = thread::spawn(move || {
        let mut buffer = [0; 16];
        // The first request is "lost".
        server.recv_from(&mut buffer).unwrap();
        let (length, client) = server.recv_from(&mut buffer).unwrap();
        server.send_to(&buffer[..length], client).unwrap();
    });
    let start = Instant::now();
    let output = printed(run(&[&address, "again"]));
    assert!(output.starts_with("[\"again\"]\n"), "{output}");
    assert!(start.elapsed() >= Duration::from_secs(2));
    answering.join().unwrap();
}

#[test]
fn a_silent_server_is_given_up_after_three_tries() {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let server = silent.local_addr().unwrap();
    let start = Instant::now();
    let error = demo::ask(server, &["knock".to_owned()]).unwrap_err();
    let expected = format!("\"knock\" to {server}: no answer within 2s, at the last of 3 tries");
    assert_eq!(error.to_string(), expected);
    assert!(start.elapsed() >= Duration::from_secs(6));
    silent.set_nonblocking(true).unwrap();
    let requests = std::iter::from_fn(|| silent.recv(&mut [0; 8]).ok());
    assert_eq!(requests.count(), 3);
}

#[test]
fn a_port_without_a_server_is_exit_code_1() {
    let closed = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = closed.local_addr().unwrap();
    drop(closed);
    let output = run(&[&port.to_string(), "knock"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = format!(
        "step5-executor: \"knock\" to {port}: there is no server, at the last of 3 tries\n"
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
}

#[test]
fn another_server_is_asked_what_is_given() {
    let settings = Settings {
        delay: Duration::ZERO,
        ..Settings::default()
    };
    let server = DelayServer::start_local(settings).unwrap();
    let output = printed(run(&[&server.local_addr().to_string(), "ü", ""]));
    let expected = "[\"response for ü\", \"response for \"]\n";
    assert!(output.starts_with(expected), "{output}");
}

#[test]
fn the_example_of_a_leaf_future_waits_and_reads() {
    let output = testing::example("leaf_future").output().unwrap();
    assert_eq!(printed(output), "waiting\nread: wake up\n");
}

#[test]
fn the_example_hello_greets() {
    let output = printed(testing::example("hello").output().unwrap());
    let (greetings, time) = output.split_once("took ").unwrap();
    let expected = "\
in 0.1 s:
hello world
in 0.2 s, and at the same time in 0.1 s:
second hello
first hello
";
    assert_eq!(greetings, expected);
    assert!(time.ends_with(" s\n"), "{time}");
}

#[test]
fn the_example_poll_by_hand_asks_again() {
    let output = testing::example("poll_by_hand").output().unwrap();
    let not_ready = "Result not ready yet. Please try again.\n";
    // 2 s are over after three times 0.8 s.
    let expected = format!(
        "1. Poll it again and again:\n{not_ready}Coroutine says hi!\n\
         2. Let the loop run for 0.8 s, and ask again (on the virtual clock):\n\
         {not_ready}Waiting 2 seconds\n{not_ready}{not_ready}1\n"
    );
    assert_eq!(printed(output), expected);
}
