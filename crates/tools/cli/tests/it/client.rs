//! Does a demo ask the server and the requests that it is given, and refuse anything else?

use std::ffi::OsString;
use std::net::SocketAddr;
use std::os::unix::ffi::OsStringExt;

use cli::{Arguments, Error, server_and_requests};

fn parsed(line: &str) -> Result<Option<(SocketAddr, Vec<String>)>, Error> {
    server_and_requests(Arguments::new(line.split(' ').map(OsString::from)))
}

#[test]
fn without_arguments_there_is_no_server() {
    assert_eq!(server_and_requests(Arguments::new([])), Ok(None));
}

#[test]
fn a_server_is_asked_what_is_given_or_the_usual() {
    let (server, requests) = parsed("[::1]:8000 one two").unwrap().unwrap();
    assert_eq!(server.to_string(), "[::1]:8000");
    assert_eq!(requests, ["one", "two"]);
    let (_, requests) = parsed("127.0.0.1:8000").unwrap().unwrap();
    assert_eq!(requests, ["request0", "request1"]);
}

#[test]
fn a_request_may_be_empty_or_begin_with_a_dash() {
    let (_, requests) = parsed("127.0.0.1:8000 -- -v ").unwrap().unwrap();
    assert_eq!(requests, ["-v", ""]);
}

#[test]
fn what_is_not_an_address_is_named() {
    for address in [
        "",
        "localhost:8000",
        "8000",
        "127.0.0.1",
        "127.0.0.1:65536",
        "::1:8000x",
        "a=b",
    ] {
        let message = format!(
            "bad address {address:?}: \
             give an IP address and a port, such as 127.0.0.1:8000 or [::1]:8000"
        );
        assert_eq!(parsed(address), Err(Error::Usage(message)));
    }
}

/// A server may listen at these addresses, but no client can reach it there.
#[test]
fn an_address_nothing_can_answer_from_is_named() {
    for address in ["127.0.0.1:0", "0.0.0.0:8000", "[::]:8000"] {
        let message = format!("nothing can answer from {address:?}: give the address of a server");
        assert_eq!(parsed(address), Err(Error::Usage(message)));
    }
}

#[test]
fn a_request_that_is_not_text_is_named() {
    let request = OsString::from_vec(vec![b'a', 0xff]);
    let arguments = Arguments::new(["127.0.0.1:8000".into(), request]);
    let message = r#"argument "a\xFF" is not UTF-8"#.to_owned();
    assert_eq!(server_and_requests(arguments), Err(Error::Usage(message)));
}
