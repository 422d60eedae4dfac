//! Ten thousand sockets, each with a task that waits for it: what one datagram costs then.
//!
//! Run it: `cargo run --release -p step7-epoll --example ten_thousand`, with another number of
//! sockets if you like.
#![forbid(unsafe_code)]

use std::cell::Cell;
use std::env;
use std::io;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step5_executor::net::UdpSocket;
use step5_executor::{Executor, spawn, yield_now};
use step7_epoll::{Epoll, raise_open_files_limit};
use trace::Event;

fn main() -> ExitCode {
    let wanted = match env::args().nth(1).map(|count| count.parse()) {
        None => 10_000,
        Some(Ok(count)) if count > 0 => count,
        Some(_) => {
            eprintln!("Give the number of sockets, from 1.");
            return ExitCode::from(2);
        }
    };
    match run(wanted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(wanted: usize) -> io::Result<()> {
    let limit = raise_open_files_limit()?;
    // A few are for the program itself.
    let count = wanted.min(
        usize::try_from(limit)
            .unwrap_or(usize::MAX)
            .saturating_sub(50),
    );
    if count < wanted {
        println!("only {limit} open files are allowed, so there are {count} sockets");
    }
    let polls = Rc::new(Cell::new(0));
    let counted = polls.clone();
    let _listening = trace::listen(move |event| {
        if let Event::Resumed { .. } = event {
            counted.set(counted.get() + 1);
        }
    });
    Executor::with_selector(Epoll::new()?)?.block_on(serve(count, &polls))
}

/// Sends each datagram back, until the socket fails.
async fn echo(socket: UdpSocket) -> io::Error {
    let mut buffer = [0; 8];
    loop {
        let sent = match socket.recv_from(&mut buffer).await {
            Ok((length, from)) => socket.send_to(&buffer[..length], from).await,
            failed => failed.map(|(length, _)| length),
        };
        if let Err(error) = sent {
            return error;
        }
    }
}

async fn serve(count: usize, polls: &Cell<u32>) -> io::Result<()> {
    let any = "127.0.0.1:0".parse().expect("this is an address");
    let start = Instant::now();
    let mut servers = Vec::new();
    for _ in 0..count {
        let socket = UdpSocket::bind(any)?;
        let address = socket.local_addr()?;
        servers.push((address, spawn(echo(socket))));
    }
    yield_now().await;
    println!(
        "{count} sockets, each with a task that waits for it, after {} ms",
        start.elapsed().as_millis()
    );

    let client = UdpSocket::bind(any)?;
    let (rounds, before, start) = (1_000.min(count), polls.get(), Instant::now());
    for number in 0..rounds {
        let to = servers[number * count / rounds].0;
        client.send_to(b"hello", to).await?;
        let (length, from) = client.recv_from(&mut [0; 8]).await?;
        assert!(length == 5 && from == to, "an answer from another socket");
    }
    let each: Duration = start.elapsed() / rounds as u32;
    let polled = f64::from(polls.get() - before) / rounds as f64;
    println!(
        "{rounds} round trips to some of them: {} µs and {polled:.1} polls each",
        each.as_micros()
    );

    let start = Instant::now();
    servers.iter().for_each(|(_, server)| server.abort());
    let cancelled = servers
        .iter()
        .filter(|(_, server)| server.is_finished())
        .count();
    println!(
        "{cancelled} tasks aborted, and their sockets closed, in {} ms",
        start.elapsed().as_millis()
    );
    Ok(())
}
