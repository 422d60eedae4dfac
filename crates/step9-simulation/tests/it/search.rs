//! Does the search find what breaks, and say clearly what is wrong with its arguments?

use std::process::Output;

use step9_simulation::{Setup, search, shrink};

fn setup(clients: &[u32], requests: u32, loss: u64) -> Setup {
    Setup {
        seed: 0,
        clients: clients.to_vec(),
        requests,
        loss,
    }
}

#[test]
fn the_first_seed_that_breaks_is_found() {
    let breaks = |setup: &Setup| (setup.seed % 10 == 7).then_some(());
    let found = |seeds| search(&setup(&[1], 1, 0), seeds, breaks).map(|(setup, ())| setup.seed);
    assert_eq!(found(0..100), Some(7));
    assert_eq!(found(8..100), Some(17));
    assert_eq!(found(8..17), None);
}

#[test]
fn nothing_more_can_be_left_out_in_the_end() {
    // Two clients that are not neighbours, and limits that halving alone would miss.
    let breaks = |setup: &Setup| {
        let clients = [3, 9].iter().all(|client| setup.clients.contains(client));
        (clients && setup.requests >= 5 && setup.loss >= 3).then_some(())
    };
    let clients: Vec<u32> = (0..16).collect();
    let (smallest, ()) = shrink(setup(&clients, 64, 50), (), breaks);
    assert_eq!(smallest, setup(&[3, 9], 5, 3));
}

fn seeds(arguments: &[&str]) -> Output {
    let mut example = testing::example("seeds");
    example.args(arguments).output().unwrap()
}

#[test]
fn a_bug_is_found_shrunk_and_drawn() {
    let output = seeds(&["late-answer", "--seeds", "10"]);
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = printed.lines().map(str::trim_start).collect();
    assert!(lines[1].starts_with("found   seed "), "{printed}");
    assert!(
        lines[3].contains(": 1 client with 2 requests, "),
        "{printed}"
    );
    assert_eq!(lines[5], "mended  10 seeds, and none breaks it");
    assert!(
        lines.iter().any(|line| line.starts_with("server ")),
        "{printed}"
    );
}

#[test]
fn a_bug_that_is_not_there_is_named() {
    for (arguments, problem) in [
        (
            &["late-anser"][..],
            "\"late-anser\" is not a bug: see --help",
        ),
        (
            &["--svg", "x.svg"],
            "--svg and --html draw one run: name one bug",
        ),
        (&["--seeds", "0"], "--seeds cannot be \"0\""),
    ] {
        let output = seeds(arguments);
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(problem), "{error}");
    }
}
