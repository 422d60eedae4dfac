//! Does the geocoder of the example show each address the moment it is known, and never ask for too many at once?

#[path = "../examples/geocode/cities.rs"]
mod cities;
#[path = "support/example.rs"]
mod example;
#[path = "../examples/support/http/mod.rs"]
mod http;
#[path = "support/http_peer.rs"]
mod http_peer;
#[path = "../examples/geocode/list.rs"]
mod list;
#[path = "../../step5-executor/tests/support/net_run.rs"]
mod net_run;
#[path = "../examples/geocode/options.rs"]
mod options;
#[path = "../examples/geocode/service.rs"]
mod service;
#[path = "../examples/geocode/site.rs"]
mod site;
#[path = "../examples/support/web.rs"]
mod web;

use std::collections::HashSet;
use std::io::{BufRead, Read};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use cities::{CITIES, LEGENDS};
use example::{assert_refused, program, started};
use http::{Limits, Live, Responder};
use http_peer::Peer;
use net_run::{MS, SECOND, on_select as executor, run, run_virtually};
use options::{HELP, Options};
use service::{Lookup, Service, addresses};
use site::{PAGE, Site};
use step5_executor::{now, sleep};
use step6_toolbox::Sequence;

// --- Lookups ---

/// What a pool of `at_once` workers does with the addresses, found with a pencil: when each is known.
fn expected(
    service: &Service,
    took: impl Fn(&str) -> Duration,
    at_once: usize,
) -> Vec<(Duration, &'static str)> {
    assert_eq!(service.lookups.count(), 0);
    let mut free_at = vec![Duration::ZERO; at_once];
    let mut known: Vec<_> = addresses()
        .into_iter()
        .map(|address| {
            let worker = (0..at_once).min_by_key(|worker| free_at[*worker]).unwrap();
            free_at[worker] += took(address);
            (free_at[worker], address)
        })
        .collect();
    known.sort_unstable();
    known
}

#[test]
fn each_address_is_given_the_moment_it_is_known_and_never_more_are_asked_for() {
    run_virtually(async || {
        let mut took = std::collections::HashMap::new();
        for at_once in [1, 10, 30, 1_000] {
            let (service, start) = (Service::new(SECOND), now());
            let mut known = vec![];
            let mut lookups = service.look_up_all(at_once);
            while let Some(lookup) = lookups.next().await {
                took.insert(lookup.address, lookup.took);
                known.push((now() - start, lookup.address));
            }
            assert!(known.is_sorted_by_key(|(time, _)| *time));
            known.sort_unstable();
            assert_eq!(known, expected(&service, |address| took[address], at_once));
            assert_eq!(
                (service.lookups.most(), service.lookups.ever()),
                (at_once.min(162), 162)
            );
        }
        // All are in range, and not all are the same.
        assert!(
            took.values()
                .all(|took| (SECOND / 10..=SECOND).contains(took))
        );
        assert!(took.values().collect::<HashSet<_>>().len() > 100);
    });
}

#[test]
fn the_addresses_are_a_hundred_and_more_all_over_the_world() {
    let names: HashSet<_> = addresses().into_iter().collect();
    assert_eq!((names.len(), CITIES.len(), LEGENDS.len()), (162, 160, 2));
    for (name, latitude, longitude) in CITIES {
        assert!(
            (-60.0..75.0).contains(&latitude) && (-180.0..180.0).contains(&longitude),
            "{name}"
        );
        assert!(
            !name.contains(['"', '\\']) && !name.chars().any(char::is_control),
            "{name} would break the JSON"
        );
    }
    // In each sixth of the globe, from west to east.
    for west in (-180..180).step_by(60) {
        let is_there =
            |longitude: f64| (f64::from(west)..f64::from(west + 60)).contains(&longitude);
        assert!(
            CITIES.iter().filter(|city| is_there(city.2)).count() >= 3,
            "east of {west}"
        );
    }
}

#[test]
fn a_lookup_is_a_line_of_json() {
    let lookup = Lookup {
        address: "Lima, Peru",
        position: Some((-12.05, -77.0)),
        took: 412 * MS,
    };
    let line =
        "{\"address\": \"Lima, Peru\", \"latitude\": -12.05, \"longitude\": -77, \"ms\": 412}\n";
    assert_eq!(lookup.to_json(), line);
    let line =
        "{\"address\": \"Atlantis\", \"latitude\": null, \"longitude\": null, \"ms\": 412}\n";
    assert_eq!(
        Lookup {
            address: "Atlantis",
            position: None,
            ..lookup
        }
        .to_json(),
        line
    );
}

// --- The server ---

/// Starts the server; returns where, the count of its connections, and its service.
fn serve(slowest: Duration) -> (SocketAddr, Live, Service) {
    let service = Service::new(slowest);
    let site = Site {
        service: service.clone(),
        at_once: 10,
    };
    let (address, live) = http_peer::serve(
        Limits::default(),
        async move |request, responder: Responder<'_>| site.answer(request, responder).await,
    );
    (address, live, service)
}

#[test]
fn each_address_is_a_chunk_that_arrives_when_it_is_known() {
    run_virtually(async || {
        let (server, _, service) = serve(SECOND);
        let mut peer = Peer::connect(server).await;
        let start = now();
        peer.say("GET /lookup HTTP/1.1\r\nHost: t\r\n\r\n").await;
        assert_eq!(
            peer.head().await.header("content-type"),
            Some("application/x-ndjson")
        );
        assert_eq!(
            peer.chunk().await.unwrap(),
            "{\"total\": 162, \"at_once\": 10}\n"
        );
        assert_eq!(now(), start);

        let same = Service::new(SECOND);
        let mut lookups = same.look_up_all(10);
        while let Some(lookup) = lookups.next().await {
            // Both began at the same time, so they run side by side.
            let at = now();
            assert_eq!(peer.chunk().await.unwrap(), lookup.to_json());
            assert_eq!(now(), at, "{} was held up", lookup.address);
        }
        assert_eq!(peer.chunk().await, None);
        assert_eq!((service.lookups.most(), service.lookups.ever()), (10, 162));
    });
}

#[test]
fn a_client_that_leaves_in_mid_stream_ends_its_lookups_and_no_others() {
    run_virtually(async || {
        let (server, live, service) = serve(SECOND);
        let (mut stays, mut leaves) = (Peer::connect(server).await, Peer::connect(server).await);
        for peer in [&mut stays, &mut leaves] {
            peer.say("GET /lookup?at-once=5 HTTP/1.1\r\nHost: t\r\n\r\n")
                .await;
            peer.head().await;
        }
        for _ in 0..20 {
            leaves.chunk().await.unwrap();
        }
        assert_eq!(service.lookups.count(), 10);
        drop(leaves);
        sleep(SECOND).await;
        assert_eq!((service.lookups.count(), live.count()), (5, 1));

        let mut count = 0;
        while stays.chunk().await.is_some() {
            count += 1;
        }
        assert_eq!((count, service.lookups.count()), (163, 0));
        assert!(
            service.lookups.ever() < 162 + 60,
            "{} lookups were begun",
            service.lookups.ever()
        );
    });
}

#[test]
fn a_client_that_does_not_read_gets_no_more_lookups() {
    run_virtually(async || {
        let (server, live, service) = serve(Duration::ZERO);
        let stuck = Peer::connect(server).await;
        // Nearly 30 MB of answers, which fit into no socket's buffer.
        stuck
            .say("GET /lookup HTTP/1.1\r\nHost: t\r\n\r\n".repeat(2_000))
            .await;
        // The lookups take no time, so this is over when nothing goes on any more.
        sleep(SECOND).await;
        let ever = service.lookups.ever();
        assert!(
            live.count() == 1 && ever < 2_000 * 162,
            "{ever} lookups were begun"
        );
        sleep(8 * SECOND).await;
        assert_eq!((live.count(), service.lookups.ever()), (1, ever));
        sleep(2 * SECOND).await;
        assert_eq!((live.count(), service.lookups.ever()), (0, ever));
    });
}

#[test]
fn the_client_says_how_many_at_once() {
    run_virtually(async || {
        let (server, _, service) = serve(SECOND);
        let mut peer = Peer::connect(server).await;
        let answer = peer.ask("/lookup?at-once=7").await;
        assert!(
            answer
                .body
                .starts_with("{\"total\": 162, \"at_once\": 7}\n"),
            "{answer:?}"
        );
        assert_eq!(
            (answer.body.lines().count(), service.lookups.most()),
            (163, 7)
        );
        for query in [
            "at-once=0",
            "at-once=1001",
            "at-once=",
            "at-once=+7",
            "at-once=-1",
            "at-once=x",
            "x=1",
        ] {
            assert_eq!(
                peer.ask(&format!("/lookup?{query}")).await.status,
                400,
                "{query}"
            );
        }
        assert_eq!(service.lookups.ever(), 162);
    });
}

#[test]
fn the_page_is_there_and_needs_nothing_else() {
    run(async || {
        let (server, ..) = serve(Duration::ZERO);
        let mut peer = Peer::connect(server).await;
        let answer = peer.ask("/").await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some("text/html; charset=utf-8"))
        );
        assert_eq!(answer.body, PAGE);
        // The one address in it names a kind of document, and is not fetched.
        assert_eq!(
            PAGE.replace("http://www.w3.org/2000/svg", "")
                .matches("//")
                .count(),
            0
        );
        assert!(!PAGE.contains("src=") && !PAGE.contains("@import") && !PAGE.contains("url("));

        assert_eq!(peer.ask("/index.html").await.status, 404);
        for path in ["/", "/lookup"] {
            let mut peer = Peer::connect(server).await;
            peer.say(format!("POST {path} HTTP/1.1\r\nHost: t\r\n\r\n"))
                .await;
            let answer = peer.answer().await;
            assert_eq!((answer.status, answer.header("allow")), (405, Some("GET")));
        }
    });
}

// --- The program ---

#[test]
fn the_list_says_when_each_address_was_known_and_what_all_took() {
    run_virtually(async || {
        let mut out = vec![];
        list::list(&Service::new(SECOND), 10, &mut out)
            .await
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 163);
        assert_eq!(
            lines[..3],
            [
                "  0.13 s  Jakarta, Indonesia                  -6.21  106.85",
                "  0.40 s  Delhi, India                        28.61   77.21",
                "  0.46 s  Luanda, Angola                      -8.84   13.23",
            ]
        );
        assert!(text.contains(" s  Atlantis                          there is no such address\n"));
        assert_eq!(
            lines[162],
            "162 addresses in 9.27 s, 10 at once; one after the other they take 88.40 s."
        );
    });
}

#[test]
fn the_program_lists_on_the_real_clock() {
    let start = Instant::now();
    let output = program("geocode")
        .args("--list --latency 0.2 --at-once 200".split(' '))
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert_eq!(stdout.lines().count(), 163);
    assert!(
        stdout.contains(", 162 at once; one after the other they take "),
        "{stdout}"
    );
    assert!(start.elapsed() >= SECOND / 10);
}

#[test]
fn the_command_line_is_read() {
    let parse = |line: &str| {
        web::Argument::read_all(line.split_whitespace().map(Into::into)).and_then(Options::parse)
    };
    assert_eq!(parse(""), Ok(Options::default()));
    let expected = Options {
        port: 0,
        at_once: 3,
        slowest: SECOND / 2,
        limit: Some(SECOND),
        list: true,
    };
    assert_eq!(
        parse("--port 0 --at-once 3 --latency 0.5 --for 1 --list"),
        Ok(expected)
    );
    for option in [
        "--port",
        "--at-once",
        "--latency",
        "--for",
        "--list",
        "--help",
        " 162 ",
    ] {
        assert!(HELP.contains(option), "{option}");
    }
    assert_refused(
        "geocode",
        &["--at-once", "0"],
        2,
        "--at-once cannot be \"0\": give a whole number from 1 to 1000",
    );
    assert_refused(
        "geocode",
        &["--lost"],
        2,
        "unknown option \"--lost\"; see --help",
    );
}

#[test]
fn the_program_serves_until_its_time_is_over_or_ctrl_c() {
    let start = Instant::now();
    let (mut running, mut stdout) = started("geocode", &["--port", "0", "--for", "0.5"]);
    let mut text = String::new();
    stdout.read_to_string(&mut text).unwrap();
    assert!(
        text.starts_with("geocode listens at http://127.0.0.1:")
            && text.ends_with("/\nThe time is over.\n"),
        "{text}"
    );
    assert!(running.wait().success() && start.elapsed() >= SECOND / 2);

    let (mut running, mut stdout) = started("geocode", &["--port", "0"]);
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    running.interrupt();
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "Stopped by Ctrl-C.\n");
    assert!(running.wait().success());
}
