//! Does the web API of the example answer as it should, whatever its upstream does?

#[path = "../examples/planets/api.rs"]
mod api;
#[path = "support/example.rs"]
mod example;
#[path = "../examples/support/http/mod.rs"]
mod http;
#[path = "support/http_peer.rs"]
mod http_peer;
#[path = "../../step5-executor/tests/support/net_run.rs"]
mod net_run;
#[path = "../examples/planets/options.rs"]
mod options;
#[path = "../examples/planets/upstream.rs"]
mod upstream;
#[path = "../examples/support/web.rs"]
mod web;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use api::Api;
use example::{assert_refused, program, started};
use http::{Limits, Live, Responder, Response};
use http_peer::{ANY, Answer, Peer, serve};
use net_run::{SECOND, on_select as executor, run, run_virtually};
use options::{HELP, Options};
use step5_executor::{now, sleep, spawn};

/// Starts the upstream; returns where, and the count of its connections.
fn upstream(latency: Duration) -> (SocketAddr, Live) {
    serve(
        Limits::default(),
        async move |request, responder: Responder<'_>| {
            responder
                .send(upstream::answer(&request, latency).await)
                .await
        },
    )
}

/// Starts the API, which waits 5 s for its upstream; returns where.
fn api(upstream: SocketAddr) -> SocketAddr {
    counted_api(upstream).0
}

/// Starts the API; returns where, and the count of its connections.
fn counted_api(upstream: SocketAddr) -> (SocketAddr, Live) {
    let api = Api {
        upstream,
        patience: 5 * SECOND,
    };
    serve(
        Limits::default(),
        async move |request, responder: Responder<'_>| {
            responder.send(api.answer(&request).await).await
        },
    )
}

async fn ask(server: SocketAddr, path: &str) -> Answer {
    Peer::connect(server).await.ask(path).await
}

#[test]
fn a_planet_comes_from_the_upstream() {
    run_virtually(async || {
        let (upstream, asked) = upstream(SECOND);
        let (server, start) = (api(upstream), now());
        let answer = ask(server, "/planets/3").await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some("application/json"))
        );
        assert_eq!(
            answer.body,
            "{\"number\": 3, \"name\": \"Earth\", \"radius_km\": 6371, \"distance_au\": 1.0}\n"
        );
        assert_eq!((now() - start, asked.ever()), (SECOND, 1));
        assert!(ask(server, "/planets/08").await.body.contains("Neptune"));
    });
}

#[test]
fn requests_wait_together_and_not_for_each_other() {
    run_virtually(async || {
        let (upstream, asked) = upstream(SECOND);
        let (server, start) = (api(upstream), now());
        let tasks: Vec<_> = (0..50).map(|_| spawn(ask(server, "/planets/5"))).collect();
        // A request that needs no upstream is answered meanwhile.
        assert_eq!(ask(server, "/").await.status, 200);
        assert_eq!(now(), start);
        for task in tasks {
            assert!(task.await.unwrap().body.contains("Jupiter"));
        }
        assert_eq!((now() - start, asked.most()), (SECOND, 50));
    });
}

#[test]
fn what_is_not_there_or_not_understood_is_said_so() {
    run_virtually(async || {
        let (upstream, asked) = upstream(SECOND);
        let server = api(upstream);
        for (path, status) in [
            ("/", 200),
            ("/planets", 404),
            ("/planet/3", 404),
            ("/favicon.ico", 404),
            ("/planets/", 400),
            ("/planets/earth", 400),
            ("/planets/-3", 400),
            ("/planets/+3", 400),
            ("/planets/3.0", 400),
            ("/planets/%33", 400),
            ("/planets/3/", 400),
            ("/planets/4294967296", 400),
        ] {
            assert_eq!(ask(server, path).await.status, status, "{path}");
        }
        assert_eq!(asked.ever(), 0);
        for (path, status) in [
            ("/planets/0", 404),
            ("/planets/9", 404),
            ("/planets/4294967295", 404),
        ] {
            assert_eq!(ask(server, path).await.status, status, "{path}");
        }
        assert_eq!(asked.ever(), 3);
    });
}

#[test]
fn other_methods_are_refused_with_the_one_that_is_allowed() {
    run(async || {
        let server = api(upstream(Duration::ZERO).0);
        for method in ["POST", "PUT", "DELETE", "BREW"] {
            let mut peer = Peer::connect(server).await;
            peer.say(format!("{method} /planets/3 HTTP/1.1\r\nHost: t\r\n\r\n"))
                .await;
            let answer = peer.answer().await;
            assert_eq!(
                (answer.status, answer.header("allow")),
                (405, Some("GET")),
                "{method}"
            );
        }
    });
}

#[test]
fn an_upstream_that_is_too_slow_is_given_up() {
    run_virtually(async || {
        let (upstream, asked) = upstream(3600 * SECOND);
        let (server, start) = (api(upstream), now());
        assert_eq!(ask(server, "/planets/3").await.status, 504);
        assert_eq!((now() - start, asked.ever()), (5 * SECOND, 1));
    });
}

#[test]
fn an_upstream_that_is_ill_or_gone_is_a_bad_gateway() {
    run(async || {
        // The near end of a connection has a port, and nobody listens there.
        let listener = TcpListener::bind(ANY).unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let gone = near.local_addr().unwrap();
        assert_eq!(ask(api(gone), "/planets/3").await.status, 502);

        let (address, _) = serve(
            Limits::default(),
            async |request, responder: Responder<'_>| match &*request.path {
                "/planets/1" => responder.send(Response::error(500, "no idea")).await,
                "/planets/2" => {
                    responder
                        .send(Response::json(200, vec![b' '; 1_000_000]))
                        .await
                }
                _ => Err(std::io::Error::other("hangs up")),
            },
        );
        let server = api(address);
        for number in 1..=3 {
            assert_eq!(
                ask(server, &format!("/planets/{number}")).await.status,
                502,
                "{number}"
            );
        }
    });
}

#[test]
fn clients_that_leave_while_the_upstream_works_leave_nothing_behind() {
    run_virtually(async || {
        let (upstream, asked) = upstream(SECOND);
        let (server, live) = counted_api(upstream);
        for _ in 0..20 {
            Peer::connect(server)
                .await
                .say("GET /planets/3 HTTP/1.1\r\nHost: t\r\n\r\n")
                .await;
        }
        sleep(SECOND / 2).await;
        assert_eq!((live.count(), asked.count()), (20, 20));
        sleep(SECOND).await;
        assert_eq!((live.count(), asked.count()), (0, 0));
        assert_eq!(ask(server, "/planets/3").await.status, 200);
    });
}

// --- The program ---

#[test]
fn the_command_line_is_read() {
    let parse = |line: &str| {
        web::Argument::read_all(line.split_whitespace().map(Into::into)).and_then(Options::parse)
    };
    assert_eq!(parse(""), Ok(Options::default()));
    let expected = Options {
        port: 0,
        latency: SECOND / 4,
        limit: Some(2 * SECOND),
        select: true,
        load: Some(7),
    };
    assert_eq!(
        parse("--port 0 --latency 0.25 --for 2 --select --load 7"),
        Ok(expected.clone())
    );
    assert_eq!(
        parse("--load=7 --select --for=2 --latency=0.25 --port=0"),
        Ok(expected)
    );
    for option in [
        "--port",
        "--latency",
        "--for",
        "--select",
        "--load",
        "--help",
    ] {
        assert!(HELP.contains(option), "{option}");
    }
}

#[test]
fn a_bad_command_line_is_named() {
    for (arguments, problem) in [
        (
            &["--prot", "1"][..],
            "unknown option \"--prot\"; see --help",
        ),
        (&["3"], "unexpected argument \"3\"; see --help"),
        (
            &["--port", "1", "2"],
            "unexpected argument \"2\"; see --help",
        ),
        (
            &["--port"],
            "--port needs a value: a port from 1 to 65535, or 0 for any that is free",
        ),
        (
            &["--port", "65536"],
            "--port cannot be \"65536\": give a port from 1 to 65535, or 0 for any that is free",
        ),
        (
            &["--for", "-1"],
            "--for cannot be \"-1\": give a number of seconds from 0 to 86400",
        ),
        (
            &["--latency", "NaN"],
            "--latency cannot be \"NaN\": give a number of seconds from 0 to 86400",
        ),
        (
            &["--load", "0"],
            "--load cannot be \"0\": give a whole number from 1 to 100000",
        ),
        (
            &["--select", "yes"],
            "--select takes no value, but was given \"yes\"",
        ),
    ] {
        assert_refused("planets", arguments, 2, problem);
    }
}

#[test]
fn a_port_in_use_is_named() {
    let other = TcpListener::bind(ANY).unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    let output = program("planets").args(["--port", &port]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.starts_with(&format!("planets: cannot listen at 127.0.0.1:{port}: ")),
        "{error}"
    );
    assert!(
        error.ends_with("give another one with --port (0 is any)\n"),
        "{error}"
    );
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

#[test]
fn the_program_serves_and_ends_when_its_time_is_over() {
    let start = Instant::now();
    let (mut running, mut stdout) =
        started("planets", &["--port", "0", "--for", "2", "--latency", "0"]);
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let address = line
        .strip_prefix("planets listens at http://")
        .unwrap()
        .strip_suffix("/planets/3\n")
        .unwrap();

    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(b"GET /planets/4 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        .unwrap();
    let answer = std::io::read_to_string(&stream).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("Mars"),
        "{answer}"
    );
    // A connection that is open does not keep it.
    let open = TcpStream::connect(address).unwrap();

    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert!(
        rest.ends_with(" are told to come again.\nThe time is over.\n"),
        "{rest}"
    );
    assert!(running.wait().success());
    assert!(start.elapsed() >= 2 * SECOND);
    _ = open.shutdown(Shutdown::Both);
}

#[test]
fn ctrl_c_ends_the_program_well() {
    let (mut running, mut stdout) = started("planets", &["--port", "0"]);
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    running.interrupt();
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("Stopped by Ctrl-C.\n"), "{rest}");
    assert!(running.wait().success());
}

#[test]
fn ctrl_c_ends_a_load_too() {
    let (mut running, mut stdout) =
        started("planets", &["--port", "0", "--latency", "4", "--load", "3"]);
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    running.interrupt();
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("Stopped by Ctrl-C.\n"), "{rest}");
    assert!(running.wait().success());
}

#[test]
fn a_load_on_select_is_as_large_as_fits_and_overlaps_the_waits() {
    let start = Instant::now();
    let output = program("planets")
        .args("--select --port 0 --latency 1 --load 100000".split(' '))
        .output()
        .unwrap();
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{stderr}");
    let lines: Vec<_> = BufReader::new(&*output.stdout)
        .lines()
        .map(Result::unwrap)
        .collect();
    assert!(
        lines[1].starts_with("It holds ") && lines[1].contains(" clients at once ("),
        "{stdout}"
    );
    assert_eq!(lines[2], "100,000 clients do not fit, so fewer ask.");
    if cfg!(target_os = "linux") {
        assert!(lines[1].contains("holds 240 clients"), "{stdout}");
        assert_eq!(lines[3], "240 of 240 clients have their answers.");
        // On a machine that stands still for a second, the first have their answers before the last have asked.
        let most = lines[4]
            .split_once("worked on ")
            .and_then(|(_, rest)| rest.strip_suffix(" at once."));
        let most: u32 = most.unwrap_or_else(|| panic!("{stdout}")).parse().unwrap();
        assert!((10..=240).contains(&most), "{stdout}");
        // One after the other they would take four minutes.
        assert!(start.elapsed() < 60 * SECOND);
    }
    assert!(start.elapsed() >= SECOND);
}
