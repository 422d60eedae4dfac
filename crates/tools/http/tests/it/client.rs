//! Does the client take only answers that are complete and not too long?

use std::io::ErrorKind;
use std::net::{Shutdown, SocketAddr};

use http::peer::{ANY, echo, serve};
use http::{Limits, Responder, get};
use step5_executor::net::TcpListener;
use step5_executor::{sleep, spawn, timeout};

use crate::{MS, run, wait_for};

/// Accepts one connection after the other, and says to each, when it has asked, what is given.
async fn rude_server(what: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind(ANY).unwrap();
    let address = listener.local_addr().unwrap();
    drop(spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.read(&mut [0; 1024]).await.unwrap();
            stream.write_all(what).await.unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
            // Until the client has closed.
            _ = stream.read(&mut [0]).await;
        }
    }));
    address
}

#[test]
fn the_client_gets_status_and_body() {
    run(async || {
        let (address, _) = serve(Limits::default(), echo);
        assert_eq!(
            get(address, "/path", 1000).await.unwrap(),
            (200, b"/path".to_vec())
        );
        let plain = rude_server(b"HTTP/1.0 404 Not Found\n\nnothing here").await;
        assert_eq!(
            get(plain, "/", 1000).await.unwrap(),
            (404, b"nothing here".to_vec())
        );
    });
}

#[test]
fn the_client_refuses_incomplete_answers() {
    run(async || {
        for (what, why) in [
            (&b""[..], "the answer ends before its headers do"),
            (
                b"HTTP/1.1 200 OK\r\nContent-Le",
                "the answer ends before its headers do",
            ),
            (
                b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour",
                "the answer is not as long as it says",
            ),
            (
                b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\nfour",
                "the answer is not as long as it says",
            ),
            (b"SSH-2.0\r\n\r\n", "the answer is not HTTP"),
            (b"HTTP/1.1\r\n\r\n", "the answer is not HTTP"),
            (b"HTTP/1.1 OK\r\n\r\n", "the answer is not HTTP"),
            (&[b'x'; 1001], "the answer is too long"),
        ] {
            let error = get(rude_server(what).await, "/", 1000).await.unwrap_err();
            assert_eq!(
                (error.kind(), &*error.to_string()),
                (ErrorKind::InvalidData, why)
            );
        }
        // As long as allowed is not too long.
        let most = b"HTTP/1.1 200 OK\r\n\r\n";
        assert_eq!(
            get(rude_server(most).await, "/", most.len()).await.unwrap(),
            (200, vec![])
        );
    });
}

#[test]
fn a_dropped_client_closes_its_connection() {
    run(async || {
        let (address, live) = serve(Limits::default(), async |_, responder: Responder<'_>| {
            let mut chunks = responder.stream("text/plain").await?;
            loop {
                sleep(MS).await;
                chunks.send(b"not yet").await?;
            }
        });
        let answer = get(address, "/", 1_000_000_000);
        assert!(timeout(20 * MS, answer).await.is_err());
        wait_for(&live, 0).await;
        assert!(live.ever() <= 1);
    });
}
