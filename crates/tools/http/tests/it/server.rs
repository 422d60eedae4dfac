//! Does the server answer all clients, and suffer from none that misbehaves? These tests are on the
//! real clock, since they wait for sockets.

use std::cell::Cell;
use std::io;
use std::net::{Shutdown, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use http::{Request, Responder, Server, get};
use step5_executor::net::TcpStream;
use step5_executor::{Executor, now, sleep, spawn, timeout, yield_now};
use step6_toolbox::{BufReader, join_all};
use testing::watchdog::within_a_minute;

const MS: Duration = Duration::from_millis(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Runs `main` in a new executor. Fails if it is not over within a minute.
fn run(main: impl AsyncFnOnce() + Send + 'static) {
    within_a_minute(move || Executor::new().unwrap().block_on(main()));
}

/// Starts a server.
fn serve<H>(connections: usize, patience: Duration, handler: H) -> SocketAddr
where
    H: AsyncFn(Request, Responder<'_>) -> io::Result<()> + 'static,
{
    let mut server = Server::new(0).unwrap();
    server.connections = connections;
    server.patience = patience;
    let address = server.local_addr().unwrap();
    drop(spawn(server.run(handler)));
    address
}

/// Answers with the path.
async fn echo(request: Request, responder: Responder<'_>) -> io::Result<()> {
    responder.send(200, "text/plain", &request.path).await
}

/// Connects, and sends something.
async fn say(server: SocketAddr, bytes: impl AsRef<[u8]>) -> TcpStream {
    let stream = TcpStream::connect(server).await.unwrap();
    stream.write_all(bytes.as_ref()).await.unwrap();
    stream
}

/// Reads to the end, which must come without an error.
async fn hear(stream: &TcpStream) -> String {
    let bytes = BufReader::new(stream).read_to_end(1_000_000).await;
    String::from_utf8(bytes.unwrap()).unwrap()
}

#[test]
fn an_answer_has_a_length_and_an_end() {
    run(async || {
        let server = serve(10, MINUTE, echo);
        let stream = say(
            server,
            "GET /path HTTP/1.1\r\nHost: t\r\n\r\nGET /2 HTTP/1.1",
        )
        .await;
        let expected = "HTTP/1.1 200 \r\nContent-Type: text/plain\r\nConnection: close\r\n\
                        Content-Length: 5\r\n\r\n/path";
        assert_eq!(hear(&stream).await, expected);
        let answer = get(server, "/path", 100).await.unwrap();
        assert_eq!(answer, (200, b"/path".to_vec()));
    });
}

#[test]
fn a_refusal_says_why() {
    run(async || {
        let server = serve(10, MINUTE, echo);
        // As the server has said, this end is open, and silent.
        let stream = say(server, "\x16\x03\x01").await;
        let answer = hear(&stream).await;
        assert!(answer.starts_with("HTTP/1.1 400 \r\n"), "{answer}");
        let why = "{\"error\": \"there is a control character\"}\n";
        assert!(answer.ends_with(why), "{answer}");

        let stream = say(server, "POST / HTTP/1.1\r\nHost: t\r\n\r\n").await;
        let answer = hear(&stream).await;
        assert!(answer.starts_with("HTTP/1.1 405 \r\n"));
        assert!(answer.contains("\r\nAllow: GET\r\n"), "{answer}");
    });
}

#[test]
fn a_half_closed_client_gets_its_answer() {
    run(async || {
        let server = serve(10, MINUTE, async |request, responder: Responder<'_>| {
            sleep(20 * MS).await;
            echo(request, responder).await
        });
        let stream = say(server, "GET /late HTTP/1.0\r\n\r\n").await;
        stream.shutdown(Shutdown::Write).unwrap();
        assert!(hear(&stream).await.ends_with("/late"));
    });
}

#[test]
fn an_ignored_body_does_not_lose_the_answer() {
    run(async || {
        let server = serve(10, MINUTE, echo);
        let head = "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 200000\r\n\r\n";
        let stream = say(server, head).await;
        assert!(hear(&stream).await.starts_with("HTTP/1.1 405 "));
        // The server has sent everything, and still reads; otherwise one of these would be an
        // error.
        for _ in 0..20 {
            stream.write_all(&[b'x'; 10_000]).await.unwrap();
            yield_now().await;
        }
    });
}

#[test]
fn a_dribbling_client_is_dropped_in_time() {
    run(async || {
        let server = serve(10, 100 * MS, echo);
        let start = now();
        let stream = say(server, "GET / HTTP/1.1\r\nX: ").await;
        // If each byte had a limit of its own, this would never end.
        let dribble = async {
            while stream.write_all(b"x").await.is_ok() {
                sleep(MS).await;
            }
            std::future::pending::<()>().await
        };
        let mut answer = [0; 16];
        step6_toolbox::race(dribble, stream.read(&mut answer)).await;
        assert_eq!(&answer, b"HTTP/1.1 408 \r\nC");
        assert!(now() - start >= 100 * MS);
    });
}

#[test]
fn parts_come_when_they_are_sent() {
    run(async || {
        let gate = step6_toolbox::Event::new();
        let opened = gate.clone();
        let parts = async move |_, responder: Responder<'_>| {
            let mut body = responder.stream("text/plain").await?;
            body.send("one ").await?;
            gate.wait().await;
            body.send("two").await
        };
        let server = serve(10, MINUTE, parts);
        let stream = say(server, "GET / HTTP/1.1\r\nHost: t\r\n\r\n").await;
        let mut reader = BufReader::new(&stream);
        reader.read_until(b"one ", 1_000).await.unwrap();
        opened.set();
        assert_eq!(reader.read_to_end(100).await.unwrap(), b"two");
    });
}

/// Notes that it is dropped.
struct Dropped(Rc<Cell<bool>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

/// Sends without end, and sets the flag when it is dropped.
fn serve_without_end(patience: Duration) -> (SocketAddr, Rc<Cell<bool>>) {
    let is_dropped = Rc::new(Cell::new(false));
    let flag = is_dropped.clone();
    let server = serve(10, patience, async move |_, responder: Responder<'_>| {
        let _dropped = Dropped(flag.clone());
        let mut body = responder.stream("text/plain").await?;
        loop {
            body.send(&"x".repeat(10_000)).await?;
        }
    });
    (server, is_dropped)
}

#[test]
fn a_client_that_leaves_ends_its_handler() {
    run(async || {
        let (server, is_dropped) = serve_without_end(MINUTE);
        // By a timeout, which drops the client.
        let answer = timeout(20 * MS, get(server, "/", usize::MAX / 2)).await;
        assert!(answer.is_err());
        while !is_dropped.get() {
            sleep(MS).await;
        }
    });
}

#[test]
fn a_client_that_does_not_read_is_dropped() {
    run(async || {
        let (server, is_dropped) = serve_without_end(100 * MS);
        let stuck = say(server, "GET / HTTP/1.0\r\n\r\n").await;
        while !is_dropped.get() {
            sleep(MS).await;
        }
        drop(stuck);
    });
}

#[test]
fn more_clients_than_places_wait() {
    run(async || {
        let (now, most) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let counted = most.clone();
        let server = serve(3, MINUTE, async move |request, responder: Responder<'_>| {
            now.set(now.get() + 1);
            counted.set(counted.get().max(now.get()));
            sleep(5 * MS).await;
            now.set(now.get() - 1);
            echo(request, responder).await
        });
        let clients = (0..20).map(|_| get(server, "/", 100));
        for answer in join_all(clients).await {
            assert_eq!(answer.unwrap(), (200, b"/".to_vec()));
        }
        assert_eq!(most.get(), 3);
    });
}

#[test]
fn a_port_in_use_is_named() {
    let port = Server::new(0).unwrap().local_addr().unwrap().port();
    let first = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let error = Server::new(port).err().unwrap().to_string();
    let beginning = format!("cannot listen at 127.0.0.1:{port}: ");
    assert!(error.starts_with(&beginning), "{error}");
    assert!(error.ends_with("or give another port"), "{error}");
    drop(first);
}
