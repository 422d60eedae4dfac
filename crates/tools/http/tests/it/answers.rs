//! Which answers does the client take?

use http::read_answer;
use testing::foreign;

use crate::source::Source;

const MAX: usize = 100;

/// Returns the status and the body of an answer, or why it is refused.
fn outcome(bytes: impl AsRef<[u8]>) -> Result<(u16, String), &'static str> {
    let answer = foreign::block_on(read_answer(Source::new(bytes.as_ref(), 4), MAX));
    answer
        .map(|(status, body)| (status, String::from_utf8(body).unwrap()))
        .map_err(|refusal| refusal.why)
}

fn ok(status: u16, body: &str) -> Result<(u16, String), &'static str> {
    Ok((status, body.to_owned()))
}

#[test]
fn a_body_ends_with_the_connection_or_its_length() {
    let answer = outcome("HTTP/1.1 200 OK\r\n\r\nhello");
    assert_eq!(answer, ok(200, "hello"));
    let answer = outcome("HTTP/1.0 404 Not Found\nContent-Length: 4\n\nhere, and more");
    assert_eq!(answer, ok(404, "here"));
    assert_eq!(outcome("HTTP/1.2 299\r\n\r\n"), ok(299, ""));
}

#[test]
fn an_interim_answer_is_not_the_answer() {
    let hints = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    let answer = format!("{hints}{hints}HTTP/1.1 200 OK\r\n\r\nhello");
    assert_eq!(outcome(answer), ok(200, "hello"));
    assert_eq!(
        outcome(hints),
        Err("the message ends before its headers do")
    );
    // Nor may there be any number of them.
    assert_eq!(outcome(hints.repeat(300)), Err("the headers are too long"));
}

#[test]
fn a_status_is_three_digits() {
    for line in [
        "SSH-2.0",
        "",
        "HTTP/1.1",
        "HTTP/1.1 OK",
        "HTTP/1.1 +200",
        "HTTP/1.1 20",
        "HTTP/1.1 2000",
        "HTTP/1.1 +20 OK",
        "HTTP/1.1 099 OK",
        "HTTP/1.1  200",
        "HTTP/2.0 200 OK",
        "HTTP/1.+ 200",
    ] {
        let answer = outcome(format!("{line}\r\n\r\n"));
        assert_eq!(answer, Err("the answer is not HTTP"), "{line}");
    }
}

#[test]
fn a_length_is_of_digits_and_there_once() {
    for length in ["+4", "x", "", "4\u{a0}", "4, 4", "18446744073709551616"] {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\nfour");
        let expected = Err("the Content-Length is not a number");
        assert_eq!(outcome(answer), expected, "{length}");
    }
    let lengths = "Content-Length: 4\r\nContent-Length: 5";
    let answer = outcome(format!("HTTP/1.1 200 OK\r\n{lengths}\r\n\r\nfour5"));
    assert_eq!(
        answer,
        Err("a header that may be there once is there twice")
    );
}

#[test]
fn chunks_are_refused() {
    for version in ["HTTP/1.0", "HTTP/1.1"] {
        let head = format!("{version} 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let answer = outcome(head + "5\r\nhello\r\n0\r\n\r\n");
        assert_eq!(answer, Err("a Transfer-Encoding is not understood here"));
    }
}

#[test]
fn an_answer_is_complete_and_not_too_long() {
    let short = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour";
    assert_eq!(outcome(short), Err("the answer is not as long as it says"));
    let cut = "HTTP/1.1 200 OK\r\nContent-Le";
    assert_eq!(outcome(cut), Err("the message ends before its headers do"));
    let body = "x".repeat(MAX);
    for length in ["", "Content-Length: 100\r\n"] {
        let answer = outcome(format!("HTTP/1.1 200 OK\r\n{length}\r\n{body}"));
        assert_eq!(answer, ok(200, &body));
    }
    let long = outcome(format!("HTTP/1.1 200 OK\r\n\r\n{body}x"));
    assert_eq!(long, Err("the answer is too long, or breaks off"));
    let long = outcome("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n");
    assert_eq!(long, Err("the answer is too long"));
}
