//! What if the bytes make no sense? Thousands of requests with something wrong, the same each time.

use http::peer::{Peer, echo, serve};
use http::{Limits, Refusal, Request, Response, head_length};
use testing::foreign::turns;
use testing::random::Random;

use crate::{MINUTE, run, wait_for};

/// Requests that are fine.
const VALID: [&str; 6] = [
    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /planets/3?q=1 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: test/1\r\nAccept: */*\r\n\r\n",
    "GET /lookup HTTP/1.0\r\n\r\n",
    "HEAD /planets/8 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    "POST /planets/8 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
    "GET /1 HTTP/1.1\nHost: h\n\nGET /2 HTTP/1.1\nHost: h\nConnection: keep-alive\n\n",
];

/// What a request is made worse with.
const SPICE: [&[u8]; 12] = [
    b"\r",
    b"\n",
    b"\r\n",
    b"\r\n\r\n",
    b" ",
    b":",
    b"\0",
    b"\xFF\xFE",
    b"HTTP/9.9",
    b"Host: x\r\n",
    b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n",
];

/// Takes a valid request and spoils it in one to four places.
fn spoiled(random: &mut Random) -> Vec<u8> {
    let mut bytes = VALID[random.below(VALID.len())].as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        let place = random.below(bytes.len() + 1);
        match random.below(7) {
            0 => bytes.truncate(place),
            1 => bytes.insert(place, u8::try_from(random.below(256)).unwrap()),
            2 if place < bytes.len() => bytes[place] ^= 1 << random.below(8),
            3 if place < bytes.len() => drop(bytes.remove(place)),
            4 => drop(bytes.splice(
                place..place,
                SPICE[random.below(SPICE.len())].iter().copied(),
            )),
            5 => drop(bytes.splice(place..place, bytes.clone())),
            6 => drop(bytes.splice(place..place, [b'a'; 300])),
            _ => {}
        }
    }
    bytes
}

#[test]
fn the_parser_understands_or_refuses() {
    let mut random = Random::new(1);
    let (mut understood, mut refused, mut incomplete) = (0, 0, 0);
    for _ in 0..20_000 {
        let bytes = spoiled(&mut random);
        let Some(length) = head_length(&bytes) else {
            incomplete += 1;
            // So no part of it has an end either.
            assert_eq!(head_length(&bytes[..bytes.len() / 2]), None);
            continue;
        };
        assert!(length <= bytes.len() && bytes[..length].ends_with(b"\n"));
        match Request::parse(&bytes[..length]) {
            Ok(Request {
                method,
                path,
                query,
                ..
            }) => {
                understood += 1;
                assert!(path.starts_with('/') && !path.contains('?'), "{path:?}");
                let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
                assert!(
                    [&method, &path, &query]
                        .into_iter()
                        .all(|text| is_plain(text))
                        && !method.is_empty()
                );
            }
            Err(refusal @ Refusal { status, .. }) => {
                refused += 1;
                assert!([400, 505].contains(&status));
                // Its sentence makes valid JSON.
                drop(Response::from(refusal));
            }
        }
    }
    // It was a mixture.
    assert!(
        understood > 1_000 && refused > 1_000 && incomplete > 1_000,
        "{understood} {refused} {incomplete}"
    );
}

#[test]
fn the_parser_takes_any_bytes() {
    let mut random = Random::new(2);
    for _ in 0..5_000 {
        let length = random.below(200);
        let bytes: Vec<u8> = (0..length)
            .map(|_| u8::try_from(random.below(256)).unwrap())
            .collect();
        _ = Request::parse(&bytes);
        _ = head_length(&bytes);
    }
}

#[test]
fn the_server_survives_hostile_requests() {
    run(async || {
        let limits = Limits {
            head_time: MINUTE,
            ..Limits::default()
        };
        let (address, live) = serve(limits, echo);
        let mut neighbour = Peer::connect(address).await;

        let mut random = Random::new(3);
        let mut answers = 0;
        for round in 0..800 {
            let bytes = spoiled(&mut random);
            let mut peer = Peer::connect(address).await;
            // In up to three parts. The server may have heard enough before the last.
            let mut rest = &bytes[..];
            for _ in 0..random.below(3) {
                let (part, behind) = rest.split_at(random.below(rest.len() + 1));
                _ = peer.try_to_say(part).await;
                turns(random.below(4)).await;
                rest = behind;
            }
            _ = peer.try_to_say(rest).await;
            if random.below(4) == 0 {
                // Gone without a look at the answer.
                continue;
            }
            peer.fall_silent();
            let said = peer.end().await.unwrap();
            let is_answer = said.starts_with("HTTP/1.1 ");
            assert!(
                is_answer || bytes.iter().all(|byte| b"\r\n".contains(byte)),
                "round {round}: {said:?}"
            );
            answers += usize::from(is_answer);
            if round % 50 == 0 {
                assert_eq!(neighbour.ask("/neighbour").await.body, "/neighbour");
            }
        }
        assert!(answers > 400, "{answers}");

        // All have ended, except for the neighbour.
        while live.ever() < 801 {
            turns(1).await;
        }
        wait_for(&live, 1).await;
        assert_eq!(
            Peer::connect(address).await.ask("/after").await.body,
            "/after"
        );
        assert_eq!(neighbour.ask("/after").await.body, "/after");
    });
}
