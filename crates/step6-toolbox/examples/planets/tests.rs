//! Does the API answer as it should, whatever its upstream does?

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};

use http::peer::{ANY, Answer, Peer, serve};
use http::{Live, Request, Response};
use step5_executor::{now, sleep, spawn};
use step6_toolbox::{Barrier, Event};
use testing::watchdog::within_a_minute;

use super::*;

const MS: Duration = Duration::from_millis(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Runs `main` in a new executor; fails if it is not over within a minute.
///
/// Not on `select`: beside a thousand clients, descriptors have greater numbers than it can watch.
fn run(main: impl AsyncFnOnce() + Send + 'static) {
    within_a_minute(move || {
        let (executor, _) = room::executor(false, 4).unwrap();
        executor.block_on(main());
    });
}

/// Starts an upstream; returns where, and the count of its connections.
fn upstream(before: impl AsyncFn() + 'static) -> (SocketAddr, Live) {
    let answer = async move |request, responder: Responder<'_>| {
        before().await;
        let answer = upstream::answer(&request, Duration::ZERO).await;
        responder.send(answer).await
    };
    serve(Limits::default(), answer)
}

/// Starts the API; returns where, and the count of its connections.
fn api(upstream: SocketAddr, patience: Duration) -> (SocketAddr, Live) {
    let api = Api { upstream, patience };
    let answer = async move |request, responder: Responder<'_>| {
        let answer = api.answer(&request).await;
        responder.send(answer).await
    };
    serve(Limits::default(), answer)
}

async fn ask(server: SocketAddr, path: &str) -> Answer {
    Peer::connect(server).await.ask(path).await
}

async fn wait_for(live: &Live, count: usize) {
    while live.count() != count {
        sleep(MS).await;
    }
}

#[test]
fn a_planet_comes_from_the_upstream() {
    run(async || {
        let (upstream, asked) = upstream(async || sleep(20 * MS).await);
        let ((server, _), start) = (api(upstream, MINUTE), now());
        let answer = ask(server, "/planets/3").await;
        assert!(now() - start >= 20 * MS);
        assert_eq!(asked.ever(), 1);
        let content_type = answer.header("content-type");
        let expected = (200, Some("application/json"));
        assert_eq!((answer.status, content_type), expected);
        assert_eq!(
            answer.body,
            "{\"number\": 3, \"name\": \"Earth\", \"radius_km\": 6371, \"distance_au\": 1.0}\n"
        );
        assert!(ask(server, "/planets/08").await.body.contains("Neptune"));
    });
}

#[test]
fn requests_wait_together() {
    run(async || {
        // The upstream answers none before all have asked.
        let all = Barrier::new(21);
        let wait = all.clone();
        let (upstream, asked) = upstream(async move || _ = wait.wait().await);
        let (server, _) = api(upstream, MINUTE);
        let tasks: Vec<_> = (0..20).map(|_| spawn(ask(server, "/planets/5"))).collect();
        wait_for(&asked, 20).await;
        // A request that needs no upstream is answered meanwhile.
        assert_eq!(ask(server, "/").await.status, 200);
        all.wait().await.unwrap();
        for task in tasks {
            assert!(task.await.unwrap().body.contains("Jupiter"));
        }
        assert_eq!(asked.most(), 20);
    });
}

#[test]
fn what_is_not_there_is_said_so() {
    run(async || {
        let (upstream, asked) = upstream(async || ());
        let (server, _) = api(upstream, MINUTE);
        for (path, status) in [
            ("/", 200),
            ("/planets", 404),
            ("/planet/3", 404),
            ("/favicon.ico", 404),
            ("/planets/", 400),
            ("/planets/earth", 400),
            ("/planets/-3", 400),
            ("/planets/+3", 400),
            ("/planets/3.0", 400),
            ("/planets/%33", 400),
            ("/planets/3/", 400),
            ("/planets/4294967296", 400),
        ] {
            assert_eq!(ask(server, path).await.status, status, "{path}");
        }
        assert_eq!(asked.ever(), 0);
        for path in ["/planets/0", "/planets/9", "/planets/4294967295"] {
            assert_eq!(ask(server, path).await.status, 404, "{path}");
        }
        assert_eq!(asked.ever(), 3);
    });
}

#[test]
fn other_methods_are_refused() {
    run(async || {
        let (server, _) = api(upstream(async || ()).0, MINUTE);
        for method in ["POST", "PUT", "DELETE", "BREW"] {
            let mut peer = Peer::connect(server).await;
            let request = format!("{method} /planets/3 HTTP/1.1\r\nHost: t\r\n\r\n");
            peer.say(request).await;
            let answer = peer.answer().await;
            let allowed = answer.header("allow");
            assert_eq!((answer.status, allowed), (405, Some("GET")), "{method}");
        }
    });
}

#[test]
fn an_upstream_that_is_too_slow_is_given_up() {
    run(async || {
        let (upstream, asked) = upstream(async || pending().await);
        let ((server, _), start) = (api(upstream, 50 * MS), now());
        assert_eq!(ask(server, "/planets/3").await.status, 504);
        assert!(now() - start >= 50 * MS);
        assert!(asked.ever() <= 1);
    });
}

#[test]
fn an_upstream_that_is_ill_is_a_bad_gateway() {
    run(async || {
        // The near end of a connection has a port, at which there is no listener.
        let listener = TcpListener::bind(ANY).unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = api(near.local_addr().unwrap(), MINUTE);
        assert_eq!(ask(server, "/planets/3").await.status, 502);

        let ill = async |request: Request, responder: Responder<'_>| match &*request.path {
            "/planets/1" => responder.send(Response::error(500, "no idea")).await,
            "/planets/2" => {
                let long = Response::json(200, vec![b' '; 1_000_000]);
                responder.send(long).await
            }
            _ => Err(io::Error::other("hangs up")),
        };
        let (server, _) = api(serve(Limits::default(), ill).0, MINUTE);
        for number in 1..=3 {
            let path = format!("/planets/{number}");
            assert_eq!(ask(server, &path).await.status, 502, "{path}");
        }
    });
}

#[test]
fn clients_that_leave_leave_nothing_behind() {
    run(async || {
        let open = Event::new();
        let gate = open.clone();
        let (upstream, asked) = upstream(async move || gate.wait().await);
        let (server, live) = api(upstream, MINUTE);
        for _ in 0..10 {
            let peer = Peer::connect(server).await;
            peer.say("GET /planets/3 HTTP/1.1\r\nHost: t\r\n\r\n").await;
        }
        wait_for(&asked, 10).await;
        assert_eq!(live.count(), 10);
        open.set();
        wait_for(&live, 0).await;
        wait_for(&asked, 0).await;
        assert_eq!(ask(server, "/planets/3").await.status, 200);
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_thousand_clients_wait_together() {
    within_a_minute(|| {
        let (executor, room) = room::executor(false, 4).unwrap();
        if room.clients < 1_000 {
            let (clients, why) = (room.clients, room.why);
            return eprintln!("skipped: there is room for {clients} clients only, {why}");
        }
        executor.block_on(async {
            let limits = Limits {
                connections: 1_000,
                head_time: MINUTE,
                ..Limits::default()
            };
            let all = Barrier::new(1_000);
            let wait_for_all = async move |request, responder: Responder<'_>| {
                all.wait().await.unwrap();
                let answer = upstream::answer(&request, Duration::ZERO).await;
                responder.send(answer).await
            };
            let (upstream, asked) = serve(limits, wait_for_all);
            let patience = MINUTE;
            let api = Api { upstream, patience };
            let answer = async move |request, responder: Responder<'_>| {
                let answer = api.answer(&request).await;
                responder.send(answer).await
            };
            let (server, served) = serve(limits, answer);
            let outcome = load::load(1_000, server).await;
            let expected = (1_000, &None);
            assert_eq!((outcome.answered, &outcome.failure), expected);
            assert_eq!((asked.most(), served.most()), (1_000, 1_000));
            wait_for(&asked, 0).await;
            wait_for(&served, 0).await;
        });
    });
}
