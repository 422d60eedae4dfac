//! Does the demo print what it should, and say what is wrong with its arguments?

use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_step9-simulation"))
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn one_program_runs_on_both_networks() {
    let output = run(&["--clients", "20"]);
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = printed.lines().collect();
    let responses = r#"["response for request0", "response for request1"]"#;
    assert_eq!(lines[0], "a client and a server on real sockets:");
    assert_eq!(lines[1], responses);
    assert_eq!(lines[2], "the same on a simulated network:");
    assert_eq!(lines[3], responses);
    assert_eq!(lines[4], "20 clients, 1 server, seed 1:");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.starts_with("real time: "), "{errors}");
}

#[test]
fn every_client_is_answered_or_has_failed() {
    let printed = String::from_utf8(run(&["--clients=1000", "--seed=3"]).stdout).unwrap();
    let count = |what: &str| -> u64 {
        let line = printed.lines().find(|line| line.ends_with(what)).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    };
    assert_eq!(
        count(" answered") + count(" failed, after three tries"),
        1_000
    );
    assert!(count("stopped by the partition") > 0);
    // Each has one fate; what was still under way at the end has none.
    let sent = count("datagrams sent") + count("doubled on the way");
    let fates = ["delivered", "lost on the way", "stopped by the partition"];
    let more = ["dropped at a full queue", "their socket was closed"];
    let fates: u64 = fates.into_iter().chain(more).map(count).sum();
    assert!(fates <= sent && sent - fates < 10, "{printed}");
}

#[test]
fn bad_arguments_are_named() {
    for (arguments, problem) in [
        (["--seed", "-1"], "--seed cannot be \"-1\""),
        (["--clients", "0"], "--clients cannot be \"0\""),
        (
            ["--clients", "1000001"],
            "give a whole number from 1 to 1000000",
        ),
        (["--client", "5"], "did you mean --clients?"),
    ] {
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn messages_of_both_networks_are_recorded() {
    let (recordings, result) = timeline::record(|| step9_simulation::demo::demo(false, 12));
    result.unwrap();
    let [real, simulated] = &recordings[..] else {
        panic!("{recordings:?}");
    };
    // Two requests and two answers: more, if the machine is so busy that a request is made again.
    assert!(real.messages().count() >= 4);
    // Here one is lost.
    assert_eq!(simulated.messages().count(), 5);
    let names = |task: Option<usize>| &real.tasks[task.unwrap()].name[..];
    let (_, first) = real.messages().next().unwrap();
    assert_eq!(names(first.to), "server");
    assert!(names(first.from).starts_with("request"));
}
