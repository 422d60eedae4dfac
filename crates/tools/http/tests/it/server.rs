//! Does the server answer all that ask, and suffer from none that misbehave?

use std::io;

use http::peer::{Peer, echo, serve};
use http::{Limits, Responder};
use step5_executor::{now, sleep, timeout};
use testing::foreign::turns;

use crate::{MINUTE, MS, run, wait_for};

// --- Requests ---

#[test]
fn one_connection_serves_many_requests() {
    run(async || {
        let (address, live) = serve(Limits::default(), echo);
        let mut peer = Peer::connect(address).await;
        for path in ["/1", "/2", "/3"] {
            let answer = peer.ask(path).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, path));
            assert_eq!(answer.header("connection"), None);
        }
        assert_eq!(live.ever(), 1);
    });
}

#[test]
fn a_request_may_come_byte_by_byte() {
    run(async || {
        let (address, _) = serve(Limits::default(), echo);
        let mut peer = Peer::connect(address).await;
        let request = b"GET /slow HTTP/1.1\r\nHost: test\r\n\r\n";
        for cut in 1..request.len() {
            peer.say(&request[..cut]).await;
            turns(3).await;
            peer.say(&request[cut..]).await;
            assert_eq!(peer.answer().await.body, "/slow", "cut at {cut}");
        }
        for byte in request {
            peer.say([*byte]).await;
            turns(3).await;
        }
        assert_eq!(peer.answer().await.body, "/slow");
    });
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    run(async || {
        let (address, _) = serve(Limits::default(), echo);
        let mut peer = Peer::connect(address).await;
        // An empty line between them is let through, and so are lines without a carriage return.
        peer.say("GET /1 HTTP/1.1\r\nHost: t\r\n\r\nGET /2 HTTP/1.1\nHost: t\n\n\r\nGET /3 HTTP/1.1\r\nHo").await;
        assert_eq!(peer.answer().await.body, "/1");
        assert_eq!(peer.answer().await.body, "/2");
        peer.say("st: t\r\n\r\n").await;
        assert_eq!(peer.answer().await.body, "/3");
    });
}

#[test]
fn a_connection_is_closed_on_request() {
    run(async || {
        let (address, _) = serve(Limits::default(), echo);
        for request in [
            "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: t\r\nCONNECTION: te, Close\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
        ] {
            let mut peer = Peer::connect(address).await;
            peer.say(request).await;
            let answer = peer.answer().await;
            assert_eq!(
                (answer.status, answer.header("connection")),
                (200, Some("close")),
                "{request:?}"
            );
            assert_eq!(peer.end().await.unwrap(), "");
        }
    });
}

#[test]
fn a_half_closed_client_gets_its_answer() {
    run(async || {
        let (address, _) = serve(
            Limits::default(),
            async |request, responder: Responder<'_>| {
                sleep(20 * MS).await;
                echo(request, responder).await
            },
        );
        let mut peer = Peer::connect(address).await;
        peer.say("GET /late HTTP/1.1\r\nHost: t\r\n\r\n").await;
        peer.fall_silent();
        assert_eq!(peer.answer().await.body, "/late");
        assert_eq!(peer.end().await.unwrap(), "");
    });
}

#[test]
fn an_answer_to_head_has_no_body() {
    run(async || {
        let (address, _) = serve(Limits::default(), echo);
        let mut peer = Peer::connect(address).await;
        peer.say("HEAD / HTTP/1.1\r\nHost: t\r\n\r\n").await;
        let answer = peer.head().await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET")));
        // What comes next is the next answer.
        assert_eq!(peer.ask("/next").await.body, "/next");
    });
}

#[test]
fn an_ignored_body_does_not_lose_the_answer() {
    run(async || {
        let (address, _) = serve(Limits::default(), echo);
        let mut peer = Peer::connect(address).await;
        peer.say("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 200000\r\n\r\n")
            .await;
        peer.say(vec![b'x'; 200_000]).await;
        let answer = peer.answer().await;
        assert_eq!(
            (answer.status, answer.header("connection")),
            (405, Some("close"))
        );
        peer.fall_silent();
        assert_eq!(peer.end().await.unwrap(), "");
    });
}

// --- Refusals ---

#[test]
fn what_is_not_http_is_refused() {
    run(async || {
        let (address, live) = serve(Limits::default(), echo);
        let mut neighbour = Peer::connect(address).await;
        assert_eq!(neighbour.ask("/before").await.status, 200);
        for (request, status) in [
            (&b"hello\r\n\r\n"[..], 400),
            (b"GET /\r\n\r\n", 400),
            (b"GET  / HTTP/1.1\r\nHost: t\r\n\r\n", 400),
            (b"GET / HTTP/1.1 \r\nHost: t\r\n\r\n", 400),
            (b" GET / HTTP/1.1\r\nHost: t\r\n\r\n", 400),
            (b"GET / HTTX/1.1\r\nHost: t\r\n\r\n", 400),
            (b"GET / HTTP/11\r\nHost: t\r\n\r\n", 400),
            (b"GET / HTTP/2.0\r\nHost: t\r\n\r\n", 505),
            (b"GET planets HTTP/1.1\r\nHost: t\r\n\r\n", 400),
            (b"GET /\xFF HTTP/1.1\r\nHost: t\r\n\r\n", 400),
            (b"GET /\xC3\xA9 HTTP/1.1\r\nHost: t\r\n\r\n", 400),
            (b"G\0T / HTTP/1.1\r\nHost: t\r\n\r\n", 400),
            (b"GET /\x07 HTTP/1.1\r\nHost: t\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: t\r\nHost: u\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: t\r\nno colon\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost : t\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: t\r\n : u\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: t\r\n folded\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: t\rX: u\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: t\0\r\n\r\n", 400),
            (
                b"GET / HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n",
                400,
            ),
            (
                b"GET / HTTP/1.1\r\nHost: t\r\nContent-Length: +1\r\n\r\n",
                400,
            ),
            (b"GET / HTTP/1.1\r\nHost: t\r\nContent-Length:\r\n\r\n", 400),
            (
                b"GET / HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\nContent-Length: 9\r\n\r\n",
                400,
            ),
        ] {
            let mut peer = Peer::connect(address).await;
            peer.say(request).await;
            let answer = peer.answer().await;
            let text = String::from_utf8_lossy(request);
            assert_eq!(
                (answer.status, answer.header("connection")),
                (status, Some("close")),
                "{text:?}: {answer:?}"
            );
            assert!(
                answer.body.starts_with("{\"error\": \"") && answer.body.ends_with("\"}\n"),
                "{answer:?}"
            );
            peer.fall_silent();
            assert_eq!(peer.end().await.unwrap(), "");
        }
        assert_eq!(neighbour.ask("/after").await.status, 200);
        wait_for(&live, 1).await;
    });
}

#[test]
fn a_head_may_be_as_long_as_the_limit() {
    run(async || {
        let (address, _) = serve(Limits::default(), echo);
        let frame = "GET / HTTP/1.1\r\nHost: t\r\nX: \r\n\r\n".len();
        for (length, status) in [(8192, 200), (8193, 431), (100_000, 431)] {
            let mut peer = Peer::connect(address).await;
            let head = format!(
                "GET / HTTP/1.1\r\nHost: t\r\nX: {}\r\n\r\n",
                "x".repeat(length - frame)
            );
            assert_eq!(head.len(), length);
            peer.say(head).await;
            assert_eq!(peer.answer().await.status, status, "{length} bytes");
        }
        // One that does not end is refused as soon as it is too long.
        let mut peer = Peer::connect(address).await;
        peer.say(vec![b'x'; 8192]).await;
        assert_eq!(peer.answer().await.status, 431);
    });
}

#[test]
fn a_request_that_is_cut_off_is_refused() {
    run(async || {
        let (address, _) = serve(Limits::default(), echo);
        let mut peer = Peer::connect(address).await;
        peer.say("GET / HTTP/1.1\r\nHost").await;
        peer.fall_silent();
        assert_eq!(peer.answer().await.status, 400);
    });
}

#[test]
fn a_dribbling_client_is_dropped_in_time() {
    run(async || {
        let head_time = 100 * MS;
        let limits = Limits {
            head_time,
            ..Limits::default()
        };
        let (address, live) = serve(limits, echo);
        let start = now();
        let mut peer = Peer::connect(address).await;
        peer.say("GET / HTTP/1.1\r\nX: ").await;
        // If each byte had a limit of its own, this would be endless.
        let answer = loop {
            _ = peer.try_to_say(b"x").await;
            if let Ok(answer) = timeout(5 * MS, peer.answer()).await {
                break answer;
            }
        };
        assert_eq!(answer.status, 408);
        assert!(now() - start >= head_time);
        // The server closes its end, and does not wait forever for this end to be closed.
        assert_eq!(peer.end().await.unwrap(), "");
        wait_for(&live, 0).await;
    });
}

#[test]
fn a_silent_client_is_dropped_without_a_word() {
    run(async || {
        let head_time = 100 * MS;
        let limits = Limits {
            head_time,
            ..Limits::default()
        };
        let (address, live) = serve(limits, echo);
        let start = now();
        let mut silent = Peer::connect(address).await;
        assert_eq!(silent.end().await.unwrap(), "");
        assert!(now() - start >= head_time);
        wait_for(&live, 0).await;
    });
}

#[test]
fn a_used_connection_is_dropped_when_silent() {
    run(async || {
        let limits = Limits {
            head_time: 2_000 * MS,
            ..Limits::default()
        };
        let (address, live) = serve(limits, echo);
        let mut used = Peer::connect(address).await;
        assert_eq!(used.ask("/").await.status, 200);
        assert_eq!(used.end().await.unwrap(), "");
        wait_for(&live, 0).await;
    });
}

#[test]
fn one_client_too_many_is_refused() {
    run(async || {
        let (address, live) = serve(
            Limits {
                connections: 3,
                linger_time: MINUTE,
                ..Limits::default()
            },
            echo,
        );
        let mut inside = vec![];
        for _ in 0..3 {
            let mut peer = Peer::connect(address).await;
            assert_eq!(peer.ask("/").await.status, 200);
            inside.push(peer);
        }
        let mut refused = vec![];
        for _ in 0..16 {
            let mut peer = Peer::connect(address).await;
            let answer = peer.answer().await;
            assert_eq!(
                (answer.status, answer.header("connection")),
                (503, Some("close"))
            );
            refused.push(peer);
        }
        // These wait for the client to close. More of them are not waited for.
        assert_eq!(live.count(), 19);
        assert_eq!(Peer::connect(address).await.end().await.unwrap(), "");

        drop(refused);
        drop(inside.pop());
        wait_for(&live, 2).await;
        assert_eq!(Peer::connect(address).await.ask("/").await.status, 200);
        assert_eq!(inside[0].ask("/still").await.body, "/still");
    });
}

#[test]
fn a_refused_client_takes_no_place() {
    run(async || {
        let (address, live) = serve(
            Limits {
                connections: 1,
                linger_time: MINUTE,
                ..Limits::default()
            },
            echo,
        );
        let mut inside = Peer::connect(address).await;
        assert_eq!(inside.ask("/").await.status, 200);
        let mut refused = Peer::connect(address).await;
        assert_eq!(refused.answer().await.status, 503);
        drop(inside);
        wait_for(&live, 1).await;
        assert_eq!(Peer::connect(address).await.ask("/").await.status, 200);
    });
}

#[test]
fn a_failed_handler_ends_its_connection_only() {
    run(async || {
        let (address, live) = serve(
            Limits::default(),
            async |request, responder: Responder<'_>| match &*request.path {
                "/fail" => Err(io::Error::other("failed")),
                // Like a panic, but quiet.
                "/panic" => std::panic::resume_unwind(Box::new(())),
                _ => echo(request, responder).await,
            },
        );
        let mut neighbour = Peer::connect(address).await;
        assert_eq!(neighbour.ask("/before").await.status, 200);
        for path in ["/fail", "/panic"] {
            let mut peer = Peer::connect(address).await;
            peer.say(format!("GET {path} HTTP/1.1\r\nHost: t\r\n\r\n"))
                .await;
            assert_eq!(peer.end().await.unwrap(), "");
        }
        assert_eq!(neighbour.ask("/after").await.status, 200);
        wait_for(&live, 1).await;
    });
}

#[test]
fn an_early_leaver_leaves_nothing_behind() {
    run(async || {
        let (address, live) = serve(Limits::default(), echo);
        let all = [
            "",
            "GET / HT",
            "GET / HTTP/1.1\r\nHost: t\r\n\r\n",
            "rubbish\r\n\r\n",
        ];
        for (number, said) in (1..).zip(all) {
            let peer = Peer::connect(address).await;
            peer.say(said).await;
            drop(peer);
            while live.ever() < number || live.count() > 0 {
                sleep(MS).await;
            }
        }
    });
}
