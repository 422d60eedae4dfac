//! Does each chunk of a long answer arrive when it is sent, and what ends an answer that is not
//! wanted?

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use http::peer::{Peer, serve};
use http::{Answered, Limits, Live, Request, Responder};
use step5_executor::{now, sleep};

use crate::{MS, run, wait_for};

/// Sends chunks.
async fn one_two_three(_: Request, responder: Responder<'_>) -> io::Result<Answered> {
    let mut chunks = responder.stream("text/plain").await?;
    for chunk in ["one", "", "two", "three"] {
        chunks.send(chunk.as_bytes()).await?;
    }
    chunks.finish().await
}

#[test]
fn each_chunk_arrives_when_it_is_sent() {
    run(async || {
        // The handler sends a chunk for each permit.
        let permits = Rc::new(Cell::new(0));
        let given = permits.clone();
        let chunk_each = async move |_: Request, responder: Responder<'_>| {
            let mut chunks = responder.stream("text/plain").await?;
            for number in 1..=3_u8 {
                while given.get() < number {
                    sleep(MS).await;
                }
                chunks.send(&[b'0' + number]).await?;
            }
            chunks.finish().await
        };
        let (address, _) = serve(Limits::default(), chunk_each);
        let mut peer = Peer::connect(address).await;
        peer.say("GET / HTTP/1.1\r\nHost: t\r\n\r\n").await;
        let head = peer.head().await;
        assert_eq!(head.header("transfer-encoding"), Some("chunked"));
        for chunk in ["1", "2", "3"] {
            permits.set(permits.get() + 1);
            assert_eq!(peer.chunk().await.as_deref(), Some(chunk));
        }
        assert_eq!(peer.chunk().await, None);
    });
}

#[test]
fn a_connection_outlives_a_stream() {
    run(async || {
        let (address, _) = serve(Limits::default(), one_two_three);
        let mut peer = Peer::connect(address).await;
        assert_eq!(peer.ask("/").await.body, "onetwothree");
        peer.say("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
            .await;
        assert_eq!(peer.answer().await.body, "onetwothree");
        assert_eq!(peer.end().await.unwrap(), "");
    });
}

#[test]
fn an_older_client_gets_no_chunks() {
    run(async || {
        let (address, _) = serve(Limits::default(), one_two_three);
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
fn a_client_that_leaves_ends_the_handler() {
    run(async || {
        let handlers = Live::default();
        let counted = handlers.clone();
        let (address, live) = serve(
            Limits::default(),
            async move |_, responder: Responder<'_>| {
                let _guard = counted.enter();
                let mut chunks = responder.stream("text/plain").await?;
                loop {
                    chunks.send(b"more").await?;
                    sleep(MS).await;
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
        wait_for(&handlers, 1).await;
        wait_for(&live, 1).await;
        for _ in 0..3 {
            assert_eq!(one_stays.chunk().await.as_deref(), Some("more"));
        }
    });
}

#[test]
fn a_client_that_does_not_read_is_dropped() {
    run(async || {
        let write_time = 100 * MS;
        let limits = Limits {
            write_time,
            ..Limits::default()
        };
        let (address, live) = serve(limits, async |_, responder: Responder<'_>| {
            let mut chunks = responder.stream("text/plain").await?;
            loop {
                chunks.send(&[b'x'; 65_536]).await?;
            }
        });
        let start = now();
        let stuck = Peer::connect(address).await;
        stuck.say("GET / HTTP/1.1\r\nHost: t\r\n\r\n").await;
        while live.ever() < 1 {
            sleep(MS).await;
        }
        wait_for(&live, 0).await;
        assert!(now() - start >= write_time);
    });
}
