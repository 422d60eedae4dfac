//! Which requests are understood, and which are refused, and when?

use http::{MAX_HEAD, Refusal, Request, read_request};
use testing::foreign;
use testing::random::Random;
use testing::watchdog::within_a_minute;

use crate::source::Source;

fn read(bytes: &[u8]) -> Result<Request, Refusal> {
    foreign::block_on(read_request(Source::new(bytes, 5)))
}

/// Returns the path and the query of a request, or the status of its refusal.
fn outcome(bytes: impl AsRef<[u8]>) -> Result<String, u16> {
    let request = read(bytes.as_ref());
    request
        .map(|Request { path, query }| format!("{path} {query}"))
        .map_err(|refusal| refusal.status)
}

/// The same for a first line, with a Host.
fn first_line(line: &str) -> Result<String, u16> {
    outcome(format!("{line}\r\nHost: t\r\n\r\n"))
}

/// The same for headers.
fn headers(headers: impl AsRef<[u8]>) -> Result<String, u16> {
    outcome([b"GET / HTTP/1.1\r\n", headers.as_ref(), b"\r\n\r\n"].concat())
}

const OK: &str = "/ ";

#[test]
fn a_request_is_taken_apart() {
    assert_eq!(first_line("GET / HTTP/1.1").as_deref(), Ok(OK));
    let expected = Ok("/planets/3 why=not?");
    let line = "GET /planets/3?why=not? HTTP/1.1";
    assert_eq!(first_line(line).as_deref(), expected);
    // With an empty line before it, and without carriage returns.
    let typed = outcome("\nGET /typed HTTP/1.1\nHost: t\n\n");
    assert_eq!(typed.as_deref(), Ok("/typed "));
    assert_eq!(outcome("GET / HTTP/1.0\r\n\r\n").as_deref(), Ok(OK));
}

#[test]
fn a_later_version_of_http_1_is_answered() {
    assert_eq!(first_line("GET / HTTP/1.2").as_deref(), Ok(OK));
    for version in ["HTTP/2.0", "HTTP/0.9", "HTTP/3"] {
        assert_eq!(first_line(&format!("GET / {version}")), Err(505));
    }
    for version in ["HTTX/1.1", "http/1.1", "HTTP/", "HTTP/x", ""] {
        assert_eq!(first_line(&format!("GET / {version}")), Err(400));
    }
}

#[test]
fn the_absolute_form_is_understood() {
    for (target, expected) in [
        ("http://localhost:8080/a/b?c", "/a/b c"),
        ("HTTP://h", OK),
        ("http://h?q", "/ q"),
    ] {
        let line = format!("GET {target} HTTP/1.1");
        assert_eq!(first_line(&line).as_deref(), Ok(expected), "{target}");
    }
}

#[test]
fn other_first_lines_are_refused() {
    for line in [
        "hello",
        "GET /",
        "GET  / HTTP/1.1",
        "GET / HTTP/1.1 ",
        " GET / HTTP/1.1",
        "G(T / HTTP/1.1",
        "GET planets HTTP/1.1",
        "GET https://h/ HTTP/1.1",
        "GET /é HTTP/1.1",
        "GET /\u{7f} HTTP/1.1",
        "GET /\t HTTP/1.1",
    ] {
        assert_eq!(first_line(line), Err(400), "{line:?}");
    }
}

#[test]
fn other_methods_are_refused() {
    for method in ["POST", "HEAD", "OPTIONS", "BREW", "get"] {
        assert_eq!(first_line(&format!("{method} / HTTP/1.1")), Err(405));
    }
}

#[test]
fn there_is_one_host_and_it_can_be_one() {
    for host in ["localhost", "127.0.0.1:8080", "[::1]:80", "a-b.example", ""] {
        assert_eq!(headers(format!("Host:{host}")).as_deref(), Ok(OK));
    }
    for host in ["a b", "a/b", "user@host", "a?b", "\u{e9}", "<script>"] {
        assert_eq!(headers(format!("Host: {host}")), Err(400), "{host}");
    }
    assert_eq!(headers("Host: t\r\nhost: t"), Err(400));
    assert_eq!(headers("X: y"), Err(400));
}

#[test]
fn other_headers_are_refused() {
    for line in ["no colon", "X : y", ": y", " folded", "X\u{e9}: y", "X: \0"] {
        assert_eq!(headers(format!("Host: t\r\n{line}")), Err(400), "{line:?}");
    }
    assert_eq!(headers("Host: t\rX: u"), Err(400));
    // Old clients send letters that are not in ASCII.
    assert_eq!(headers(b"Host: t\r\nX: \xE9\xFF").as_deref(), Ok(OK));
}

#[test]
fn a_length_is_of_digits_and_zero() {
    for length in ["0", "000", " 0", "\t0 \t"] {
        let outcome = headers(format!("Host: t\r\nContent-Length:{length}"));
        assert_eq!(outcome.as_deref(), Ok(OK), "{length:?}");
    }
    for length in ["+0", "-0", "", "0x0", "0, 0", "0\u{a0}", "\u{a0}0", "٠"] {
        let outcome = headers(format!("Host: t\r\nContent-Length: {length}"));
        assert_eq!(outcome, Err(400), "{length:?}");
    }
    // A no-break space is not a space here, in Latin-1 or in UTF-8; nor is a next-line character.
    for length in [&b"0\xA0"[..], b"\xA00", b"0\x85"] {
        let outcome = headers([b"Host: t\r\nContent-Length: ", length].concat());
        assert_eq!(outcome, Err(400), "{length:?}");
    }
    let twice = "Host: t\r\nContent-Length: 0\r\nContent-Length: 0";
    assert_eq!(headers(twice), Err(400));
    assert_eq!(headers("Host: t\r\nContent-Length: 5"), Err(413));
    assert_eq!(headers("Host: t\r\nTransfer-Encoding: chunked"), Err(501));
}

#[test]
fn a_head_has_a_limit() {
    let head = |length: usize| {
        let frame = "GET / HTTP/1.1\r\nHost: t\r\nX: \r\n\r\n".len();
        let x = "x".repeat(length - frame);
        format!("GET / HTTP/1.1\r\nHost: t\r\nX: {x}\r\n\r\n")
    };
    assert_eq!(outcome(head(MAX_HEAD)).as_deref(), Ok(OK));
    assert_eq!(outcome(head(MAX_HEAD + 1)), Err(431));
    assert_eq!(outcome(vec![b'x'; 100_000]), Err(431));
}

#[test]
fn what_ends_early_is_refused() {
    let request = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n";
    for length in 0..request.len() {
        assert_eq!(outcome(&request[..length]), Err(400), "{length}");
    }
    assert_eq!(outcome(request).as_deref(), Ok(OK));
}

/// Each of these is silent afterwards, so waiting for more would be waiting forever.
#[test]
fn a_byte_that_cannot_be_is_refused_at_once() {
    within_a_minute(|| {
        for bytes in [
            // The beginning of a TLS hello.
            &b"\x16"[..],
            b"GET / \0",
            b"GET / HTTP/1.1\rH",
            b"SSH-2.0-x\r\n",
            b"GET / HTTP/9.9\r\n",
            b"GET / HTTP/1.1\r\nno colon\r\n",
        ] {
            let outcome = foreign::block_on(read_request(Source::silent(bytes)));
            assert!(outcome.is_err(), "{bytes:?}");
        }
    });
}

/// Thousands of requests with something wrong, the same ones each time.
#[test]
fn random_bytes_are_understood_or_refused() {
    let valid = [
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET http://h/a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
        "GET /1 HTTP/1.0\n\n",
    ];
    let spice: [&[u8]; 8] = [
        b"\r",
        b"\n",
        b"\r\n\r\n",
        b" ",
        b":",
        b"\0",
        b"\xFF",
        b"Host: x\r\n",
    ];
    let (mut random, mut understood) = (Random::new(1), 0);
    for _ in 0..5_000 {
        let mut bytes = valid[random.below(valid.len())].as_bytes().to_vec();
        for _ in 0..=random.below(3) {
            let place = random.below(bytes.len() + 1);
            match random.below(4) {
                0 => bytes.truncate(place),
                1 => bytes.insert(place, u8::try_from(random.below(256)).unwrap()),
                2 if place < bytes.len() => drop(bytes.remove(place)),
                _ => {
                    let spice = spice[random.below(spice.len())].iter();
                    drop(bytes.splice(place..place, spice.copied()));
                }
            }
        }
        match read(&bytes) {
            Ok(Request { path, query }) => {
                understood += 1;
                let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
                assert!(path.starts_with('/') && is_plain(&path) && is_plain(&query));
            }
            Err(Refusal { status, why }) => {
                assert!([400, 405, 413, 431, 501, 505].contains(&status));
                // So the error is valid JSON.
                assert!(!why.contains(['"', '\\', '\n']), "{why}");
            }
        }
    }
    assert!((100..4_900).contains(&understood), "{understood}");
}
