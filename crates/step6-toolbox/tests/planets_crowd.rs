//! Do a thousand clients wait together? They take four thousand sockets, so the limit of open files is raised, which is
//! that of the whole process; so this test is alone in its file.
#![cfg(target_os = "linux")]

#[path = "../examples/planets/api.rs"]
mod api;
#[path = "support/example.rs"]
mod example;
#[path = "../examples/support/http/mod.rs"]
mod http;
#[path = "../examples/planets/load.rs"]
mod load;
#[path = "../examples/planets/room.rs"]
mod room;
#[path = "../examples/planets/upstream.rs"]
mod upstream;
#[path = "../../step4-select/tests/support/watchdog.rs"]
mod watchdog;

use std::net::SocketAddr;
use std::time::Duration;

use api::Api;
use example::program;
use http::{Limits, Responder, Server};
use step5_executor::{spawn, yield_now};
use step6_toolbox::Barrier;
use watchdog::within_a_minute;

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

#[test]
fn a_thousand_clients_wait_together() {
    let (executor, room) = room::executor(false, 4).unwrap();
    if room.clients < 1_000 {
        eprintln!(
            "skipped: there is room for {} clients only, {}",
            room.clients, room.why
        );
        return;
    }
    drop(executor);
    within_a_minute(|| {
        let (executor, room) = room::executor(false, 4).unwrap();
        executor.block_on(an_upstream_that_answers_nobody_before_all_have_asked(
            room.clients,
        ));
    });
    the_program_overlaps_them();
}

async fn an_upstream_that_answers_nobody_before_all_have_asked(connections: usize) {
    let limits = Limits {
        connections,
        ..Limits::default()
    };
    let upstream = Server::bind(ANY, limits).unwrap();
    let (upstream_address, asked) = (upstream.local_addr().unwrap(), upstream.live());
    let all = Barrier::new(1_000);
    drop(spawn(upstream.run(
        async move |request, responder: Responder<'_>| {
            all.wait().await;
            responder
                .send(upstream::answer(&request, Duration::ZERO).await)
                .await
        },
    )));
    let server = Server::bind(ANY, limits).unwrap();
    let (address, served) = (server.local_addr().unwrap(), server.live());
    let api = Api {
        upstream: upstream_address,
        patience: Duration::from_secs(30),
    };
    drop(spawn(server.run(
        async move |request, responder: Responder<'_>| {
            responder.send(api.answer(&request).await).await
        },
    )));

    let outcome = load::load(1_000, address).await;
    assert_eq!(
        (outcome.answered, &outcome.failure),
        (1_000, &None),
        "{outcome:?}"
    );
    assert!(outcome.elapsed > Duration::ZERO);
    assert_eq!((asked.most(), served.most()), (1_000, 1_000));
    while asked.count() + served.count() > 0 {
        yield_now().await;
    }
}

fn the_program_overlaps_them() {
    let output = program("planets")
        .args("--port 0 --latency 1 --load 1000".split(' '))
        .output()
        .unwrap();
    let (stdout, stderr) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(output.status.success(), "{stdout}{stderr}");
    let mut lines = stdout.lines().skip(2);
    assert_eq!(
        lines.next(),
        Some("1,000 of 1,000 clients have their answers.")
    );
    let last = lines.next().unwrap();
    assert!(
        last.contains("s. The upstream takes 1 s for each, and worked on "),
        "{last}"
    );
    let seconds: f64 = last
        .strip_prefix("It took ")
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    // One after the other they would take a quarter of an hour.
    assert!((1.0..60.0).contains(&seconds), "{last}");
}
