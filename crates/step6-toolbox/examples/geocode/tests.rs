//! Is each address shown the moment it is known, and are never too many asked for at once?

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;

use http::Live;
use http::peer::{self, Peer};
use step5_executor::{Executor, now, sleep};
use step6_toolbox::AsyncIterator;
use testing::watchdog::within_a_minute;

use super::*;
use cities::{CITIES, LEGENDS};
use service::{Lookup, addresses};
use site::PAGE;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

/// Runs `main` in a new executor; fails if it is not over within a minute.
fn run(main: impl AsyncFnOnce() + Send + 'static) {
    within_a_minute(move || Executor::new().unwrap().block_on(main()));
}

fn run_virtually(main: impl AsyncFnOnce() + Send + 'static) {
    within_a_minute(move || Executor::with_virtual_time().unwrap().block_on(main()));
}

async fn wait_for(live: &Live, count: usize) {
    while live.count() != count {
        sleep(MS).await;
    }
}

// --- Lookups ---

/// What a pool of `at_once` workers does with the addresses, found with a pencil: when each is
/// known.
fn expected(took: impl Fn(&str) -> Duration, at_once: usize) -> Vec<(Duration, &'static str)> {
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
fn each_address_is_yielded_when_it_is_known() {
    run_virtually(async || {
        let mut took = HashMap::new();
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
            assert_eq!(known, expected(|address| took[address], at_once));
            let counts = (service.lookups.most(), service.lookups.ever());
            assert_eq!(counts, (at_once.min(162), 162));
        }
        // All are in range, and not all are the same.
        let range = SECOND / 10..=SECOND;
        assert!(took.values().all(|took| range.contains(took)));
        assert!(took.values().collect::<HashSet<_>>().len() > 100);
    });
}

#[test]
fn the_addresses_are_all_over_the_world() {
    let names: HashSet<_> = addresses().into_iter().collect();
    assert_eq!((names.len(), CITIES.len(), LEGENDS.len()), (162, 160, 2));
    for (name, latitude, longitude) in CITIES {
        assert!((-60.0..75.0).contains(&latitude), "{name}");
        assert!((-180.0..180.0).contains(&longitude), "{name}");
        let breaks_json = |c: char| c.is_control() || "\"\\".contains(c);
        assert!(!name.contains(breaks_json), "{name}");
    }
    // In each sixth of the globe, from west to east.
    for west in (-180..180).step_by(60) {
        let sixth = f64::from(west)..f64::from(west + 60);
        let there = CITIES.iter().filter(|city| sixth.contains(&city.2));
        assert!(there.count() >= 3, "east of {west}");
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
    let nowhere = Lookup {
        address: "Atlantis",
        position: None,
        ..lookup
    };
    let line =
        "{\"address\": \"Atlantis\", \"latitude\": null, \"longitude\": null, \"ms\": 412}\n";
    assert_eq!(nowhere.to_json(), line);
}

#[test]
fn the_list_says_when_each_address_was_known() {
    run_virtually(async || {
        let mut lines = vec![];
        list::list(&Service::new(SECOND), 10, |line| lines.push(line)).await;
        assert_eq!(lines.len(), 163);
        assert_eq!(
            lines[..3],
            [
                "  0.13 s  Jakarta, Indonesia                  -6.21  106.85",
                "  0.40 s  Delhi, India                        28.61   77.21",
                "  0.46 s  Luanda, Angola                      -8.84   13.23",
            ]
        );
        let nowhere = " s  Atlantis                          there is no such address";
        assert!(lines.iter().any(|line| line.ends_with(nowhere)));
        assert_eq!(
            lines[162],
            "162 addresses in 9.27 s, 10 at once; one after another they take 88.40 s."
        );
    });
}

// --- The server ---

/// Starts the server; returns where, the count of its connections, and its service.
fn serve(slowest: Duration, limits: Limits) -> (SocketAddr, Live, Service) {
    let service = Service::new(slowest);
    let site = Site {
        service: service.clone(),
        at_once: 10,
    };
    let answer =
        async move |request, responder: Responder<'_>| site.answer(request, responder).await;
    let (address, live) = peer::serve(limits, answer);
    (address, live, service)
}

#[test]
fn each_address_is_a_chunk() {
    run(async || {
        let (server, _, service) = serve(100 * MS, Limits::default());
        let mut peer = Peer::connect(server).await;
        peer.say("GET /lookup HTTP/1.1\r\nHost: t\r\n\r\n").await;
        let head = peer.head().await;
        assert_eq!(head.header("content-type"), Some("application/x-ndjson"));
        let total = peer.chunk().await.unwrap();
        assert_eq!(total, "{\"total\": 162, \"at_once\": 10}\n");

        let mut chunks = vec![peer.chunk().await.unwrap()];
        // The first comes long before the last.
        assert!(service.lookups.ever() < 100, "{}", service.lookups.ever());
        while let Some(chunk) = peer.chunk().await {
            chunks.push(chunk);
        }
        for address in addresses() {
            let line = format!("{{\"address\": \"{address}\", ");
            let lines = chunks.iter().filter(|chunk| chunk.starts_with(&line));
            assert_eq!(lines.count(), 1, "{address}");
        }
        let counts = (chunks.len(), service.lookups.most(), service.lookups.ever());
        assert_eq!(counts, (162, 10, 162));
    });
}

#[test]
fn a_client_that_leaves_ends_its_lookups() {
    run(async || {
        let (server, live, service) = serve(100 * MS, Limits::default());
        let (mut stays, mut leaves) = (Peer::connect(server).await, Peer::connect(server).await);
        for peer in [&mut stays, &mut leaves] {
            let request = "GET /lookup?at-once=5 HTTP/1.1\r\nHost: t\r\n\r\n";
            peer.say(request).await;
            peer.head().await;
        }
        for _ in 0..20 {
            leaves.chunk().await.unwrap();
        }
        drop(leaves);
        wait_for(&live, 1).await;

        let mut count = 0;
        while stays.chunk().await.is_some() {
            count += 1;
        }
        assert_eq!((count, service.lookups.count()), (163, 0));
        let begun = service.lookups.ever();
        assert!(begun < 162 + 100, "{begun} lookups were begun");
    });
}

#[test]
fn a_client_that_does_not_read_gets_no_lookups() {
    run(async || {
        let limits = Limits {
            write_time: 200 * MS,
            ..Limits::default()
        };
        let (server, live, service) = serve(Duration::ZERO, limits);
        let start = now();
        let stuck = Peer::connect(server).await;
        // Nearly 30 MB of answers, which fit into no socket's buffer.
        let request = "GET /lookup HTTP/1.1\r\nHost: t\r\n\r\n";
        stuck.say(request.repeat(2_000)).await;
        while live.ever() == 0 {
            sleep(MS).await;
        }
        wait_for(&live, 0).await;
        assert!(now() - start >= 200 * MS);
        let begun = service.lookups.ever();
        assert!(begun < 2_000 * 162, "{begun} lookups were begun");
    });
}

#[test]
fn the_client_says_how_many_at_once() {
    run(async || {
        let (server, _, service) = serve(10 * MS, Limits::default());
        let mut peer = Peer::connect(server).await;
        let answer = peer.ask("/lookup?at-once=7").await;
        let first = "{\"total\": 162, \"at_once\": 7}\n";
        assert!(answer.body.starts_with(first), "{answer:?}");
        let counts = (answer.body.lines().count(), service.lookups.most());
        assert_eq!(counts, (163, 7));
        for query in [
            "at-once=0",
            "at-once=1001",
            "at-once=",
            "at-once=+7",
            "at-once=-1",
            "at-once=x",
            "x=1",
        ] {
            let answer = peer.ask(&format!("/lookup?{query}")).await;
            assert_eq!(answer.status, 400, "{query}");
        }
        assert_eq!(service.lookups.ever(), 162);
    });
}

#[test]
fn the_page_needs_nothing_else() {
    run(async || {
        let (server, ..) = serve(Duration::ZERO, Limits::default());
        let mut peer = Peer::connect(server).await;
        let answer = peer.ask("/").await;
        let content_type = answer.header("content-type");
        let expected = (200, Some("text/html; charset=utf-8"));
        assert_eq!((answer.status, content_type), expected);
        assert_eq!(answer.body, PAGE);
        // The one address in it names a kind of document, and is not fetched.
        let page = PAGE.replace("http://www.w3.org/2000/svg", "");
        for fetches in ["//", "src=", "@import", "url("] {
            assert!(!page.contains(fetches), "{fetches}");
        }

        assert_eq!(peer.ask("/index.html").await.status, 404);
        for path in ["/", "/lookup"] {
            let mut peer = Peer::connect(server).await;
            let request = format!("POST {path} HTTP/1.1\r\nHost: t\r\n\r\n");
            peer.say(request).await;
            let answer = peer.answer().await;
            let allowed = answer.header("allow");
            assert_eq!((answer.status, allowed), (405, Some("GET")));
        }
    });
}
