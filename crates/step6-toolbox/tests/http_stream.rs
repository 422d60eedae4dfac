//! Does each part of a long answer arrive when it is sent, and who ends an answer that nobody wants?

#[path = "../examples/support/http/mod.rs"]
mod http;
#[path = "support/http_peer.rs"]
mod http_peer;
#[path = "../../step5-executor/tests/support/net_run.rs"]
mod net_run;

use std::io;

use http::{Answered, Limits, Live, Request, Responder};
use http_peer::{Peer, serve};
use net_run::{SECOND, on_select as executor, run, run_virtually};
use step5_executor::{now, sleep};

/// Sends a chunk a second.
async fn three_seconds(_: Request, responder: Responder<'_>) -> io::Result<Answered> {
    let mut chunks = responder.stream("text/plain").await?;
    for chunk in ["one", "", "two", "three"] {
        chunks.send(chunk.as_bytes()).await?;
        if !chunk.is_empty() {
            sleep(SECOND).await;
        }
    }
    chunks.finish().await
}

#[test]
fn each_chunk_arrives_when_it_is_sent() {
    run_virtually(async || {
        let (address, _) = serve(Limits::default(), three_seconds);
        let mut peer = Peer::connect(address).await;
        let start = now();
        peer.say("GET / HTTP/1.1\r\nHost: t\r\n\r\n").await;
        assert_eq!(
            peer.head().await.header("transfer-encoding"),
            Some("chunked")
        );
        for (expected, seconds) in [
            (Some("one"), 0),
            (Some("two"), 1),
            (Some("three"), 2),
            (None, 3),
        ] {
            assert_eq!(peer.chunk().await.as_deref(), expected);
            assert_eq!(now() - start, seconds * SECOND);
        }
        // The connection is alive.
        peer.say("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
            .await;
        assert_eq!(peer.answer().await.body, "onetwothree");
        assert_eq!(peer.end().await.unwrap(), "");
    });
}

#[test]
fn an_older_client_gets_the_stream_without_chunks() {
    run_virtually(async || {
        let (address, _) = serve(Limits::default(), three_seconds);
        let mut peer = Peer::connect(address).await;
        peer.say("GET / HTTP/1.0\r\n\r\n").await;
        let head = peer.head().await;
        assert_eq!(
            (head.header("transfer-encoding"), head.header("connection")),
            (None, Some("close"))
        );
        assert_eq!(peer.end().await.unwrap(), "onetwothree");
    });
}

#[test]
fn a_stream_that_fails_has_no_end() {
    run(async || {
        let (address, _) = serve(Limits::default(), async |_, responder: Responder<'_>| {
            let mut chunks = responder.stream("text/plain").await?;
            chunks.send(b"half").await?;
            Err(io::Error::other("failed"))
        });
        let mut peer = Peer::connect(address).await;
        peer.say("GET / HTTP/1.1\r\nHost: t\r\n\r\n").await;
        peer.head().await;
        assert_eq!(peer.end().await.unwrap(), "4\r\nhalf\r\n");
    });
}

#[test]
fn a_client_that_leaves_in_mid_stream_ends_the_handler() {
    run_virtually(async || {
        let handlers = Live::default();
        let counted = handlers.clone();
        let (address, live) = serve(
            Limits::default(),
            async move |_, responder: Responder<'_>| {
                let _guard = counted.enter();
                let mut chunks = responder.stream("text/plain").await?;
                loop {
                    chunks.send(b"more").await?;
                    sleep(SECOND).await;
                }
            },
        );
        let mut peers = vec![];
        for _ in 0..5 {
            let mut peer = Peer::connect(address).await;
            peer.say("GET / HTTP/1.1\r\nHost: t\r\n\r\n").await;
            peer.head().await;
            peers.push(peer);
        }
        assert_eq!((handlers.count(), live.count()), (5, 5));
        let mut one_stays = peers.pop().unwrap();
        drop(peers);
        // The first write tells the system, the next one tells the handler.
        sleep(SECOND * 5 / 2).await;
        assert_eq!((handlers.count(), live.count()), (1, 1));
        for _ in 0..3 {
            assert_eq!(one_stays.chunk().await.as_deref(), Some("more"));
        }
    });
}

#[test]
fn a_client_that_does_not_read_its_answer_is_dropped() {
    run_virtually(async || {
        let (address, live) = serve(Limits::default(), async |_, responder: Responder<'_>| {
            let mut chunks = responder.stream("text/plain").await?;
            loop {
                chunks.send(&[b'x'; 65_536]).await?;
            }
        });
        let start = now();
        let stuck = Peer::connect(address).await;
        stuck.say("GET / HTTP/1.1\r\nHost: t\r\n\r\n").await;
        sleep(SECOND * 99 / 10).await;
        assert_eq!(live.count(), 1);
        sleep(SECOND).await;
        assert_eq!((live.count(), now() - start), (0, SECOND * 109 / 10));
    });
}
