//! A datagram goes to a server and back, beside sockets on which nothing comes.
//!
//! Client and server are two tasks (or threads) of a program, each with a socket of its own, which
//! is not connected. A datagram holds the number of its round trip. The first round trip is not
//! measured: while it is under way, the idle sockets get their waiters. The idle sockets have the
//! lower descriptors, so `select` has to look past them.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::Instant;

use step4_select::{Co, Socket};
use timeline::units::integer;

use super::sockets::{LIMIT, LOCAL, bind, timed_out};
use super::spawn_join::STACK;
use crate::asyncio;
use crate::steps::{Futures, Udp};
use crate::workload::{Contender, Count, Growth, Section, Timed, Workload};

pub(super) fn workload(idle: u64) -> Workload {
    let name = match idle {
        0 => "UDP round trip".to_owned(),
        _ => format!("UDP round trip beside {} idle sockets", integer(idle)),
    };
    Workload {
        name,
        section: Section::Sockets,
        batch: 200,
        count: (idle <= 100).then_some(Count::SystemCalls),
        growth: Some(Growth {
            of: "idle sockets",
            n: idle,
        }),
        is_charted: idle == 0 || idle == 900,
        contenders: contenders(idle),
    }
}

fn contenders(idle: u64) -> Vec<Contender> {
    let mut contenders = Vec::new();
    // What `select` has room for.
    if idle < 1_000 {
        contenders.push(Contender::new("step 4", move |round_trips| {
            on_step4(idle, round_trips)
        }));
        contenders.push(Contender::new("step 5", move |round_trips| {
            let executor = step5_executor::Executor::new()?;
            on_futures(&executor, idle, round_trips)
        }));
    }
    #[cfg(target_os = "linux")]
    contenders.push(Contender::new("step 7", move |round_trips| {
        let epoll = step7_epoll::Epoll::new()?;
        let executor = step5_executor::Executor::with_selector(epoll)?;
        on_futures(&executor, idle, round_trips)
    }));
    if idle < 1_000 || cfg!(target_os = "linux") {
        contenders.push(Contender::new("step 8", move |round_trips| {
            let executor = step8_fast_executor::Executor::new()?;
            on_futures(&executor, idle, round_trips)
        }));
    }
    contenders.push(Contender::new("threads", move |round_trips| {
        on_threads(idle, round_trips)
    }));
    // asyncio takes seconds to make so many.
    if idle < 10_000 {
        contenders.push(asyncio::contender("asyncio", "round_trip", idle));
        let by_protocol = "round_trip_by_protocol";
        contenders.push(asyncio::contender("asyncio protocol", by_protocol, idle));
    }
    contenders
}

/// A thread for each socket, which blocks until a datagram comes. An empty one ends it.
fn on_threads(idle: u64, round_trips: u64) -> io::Result<Timed> {
    let idle = bind(idle, UdpSocket::bind)?;
    let (client, server) = (UdpSocket::bind(LOCAL)?, UdpSocket::bind(LOCAL)?);
    client.set_read_timeout(Some(LIMIT))?;
    let builder = || thread::Builder::new().stack_size(STACK);
    thread::scope(|scope| {
        let mut sleepers = Vec::new();
        let mut spawned = Ok(());
        for socket in &idle {
            let sleeper = builder().spawn_scoped(scope, || socket.recv_from(&mut [0; 8]));
            spawned = sleeper.map(|_| sleepers.push(socket));
            if spawned.is_err() {
                break;
            }
        }
        let echo = builder().spawn_scoped(scope, || echo_blocking(&server));
        let timed = match spawned.is_ok() && echo.is_ok() {
            true => ask_blocking(&client, server.local_addr()?, round_trips),
            false => Err(io::Error::other("there is no room for so many threads")),
        };
        for socket in sleepers.into_iter().chain([&server]) {
            client.send_to(&[], socket.local_addr()?)?;
        }
        timed
    })
}

fn echo_blocking(socket: &UdpSocket) -> io::Result<()> {
    let mut datagram = [0; 8];
    loop {
        let (length, from) = socket.recv_from(&mut datagram)?;
        if length == 0 {
            return Ok(());
        }
        socket.send_to(&datagram[..length], from)?;
    }
}

fn ask_blocking(socket: &UdpSocket, server: SocketAddr, round_trips: u64) -> io::Result<Timed> {
    let mut answer = [0; 8];
    let (mut start, mut done) = (Instant::now(), 0);
    for number in 0..=round_trips {
        socket.send_to(&number.to_le_bytes(), server)?;
        _ = loop {
            match socket.recv_from(&mut answer) {
                // Ctrl-Z and `fg` end a wait that has a limit: ask again.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(timed_out()),
                received => break received?,
            }
        };
        match number {
            0 => start = Instant::now(),
            _ => done += u64::from(u64::from_le_bytes(answer) == number),
        }
    }
    let elapsed = start.elapsed();
    Ok(Timed { done, elapsed })
}

/// Generators on step 4's scheduler.
fn on_step4(idle: u64, round_trips: u64) -> io::Result<Timed> {
    let idle = bind(idle, Socket::bind)?;
    let (client, server) = (Socket::bind(LOCAL)?, Socket::bind(LOCAL)?);
    let address = server.local_addr()?;
    let ran = step4_select::Scheduler::new()?.run(async move |co| {
        let mut others = Vec::new();
        for socket in idle {
            let idler = co.spawn(async move |co| socket.recv_from(&co, &mut [0; 8]).await);
            others.push(idler.await.id());
        }
        let server = co.spawn(async move |co| echo_on_step4(&co, server).await);
        others.push(server.await.id());
        let client =
            co.spawn(async move |co| ask_on_step4(&co, client, address, round_trips).await);
        let client = client.await;
        let asking = client.id();
        let watchdog = co.spawn(async move |co| {
            co.sleep(LIMIT).await;
            co.cancel(asking).await;
        });
        others.push(watchdog.await.id());

        let timed = client.join(&co).await;
        for task in others {
            co.cancel(task).await;
        }
        timed.ok_or_else(timed_out)?
    });
    ran.map_err(io::Error::other)?
}

async fn echo_on_step4(co: &Co, socket: Socket) -> io::Result<()> {
    let mut datagram = [0; 8];
    loop {
        let (length, from) = socket.recv_from(co, &mut datagram).await?;
        socket.send_to(co, &datagram[..length], from).await?;
    }
}

async fn ask_on_step4(
    co: &Co,
    socket: Socket,
    server: SocketAddr,
    round_trips: u64,
) -> io::Result<Timed> {
    let mut answer = [0; 8];
    let (mut start, mut done) = (Instant::now(), 0);
    for number in 0..=round_trips {
        socket.send_to(co, &number.to_le_bytes(), server).await?;
        socket.recv_from(co, &mut answer).await?;
        match number {
            0 => start = Instant::now(),
            _ => done += u64::from(u64::from_le_bytes(answer) == number),
        }
    }
    let elapsed = start.elapsed();
    Ok(Timed { done, elapsed })
}

/// Futures on the executor of step 5 or 8.
fn on_futures<E: Futures>(executor: &E, idle: u64, round_trips: u64) -> io::Result<Timed> {
    let idle = bind(idle, E::Udp::bind)?;
    let (client, server) = (E::Udp::bind(LOCAL)?, E::Udp::bind(LOCAL)?);
    let address = server.local_addr()?;
    executor.block_on(async {
        for socket in idle {
            drop(E::spawn(
                async move { _ = socket.recv_from(&mut [0; 8]).await },
            ));
        }
        drop(E::spawn(echo(server)));
        let client = E::spawn(ask(client, address, round_trips));
        let timed = E::timeout(LIMIT, client).await.map_err(|_| timed_out())?;
        timed.expect("the client is not aborted")
    })
}

async fn echo(socket: impl Udp) -> io::Result<()> {
    let mut datagram = [0; 8];
    loop {
        let (length, from) = socket.recv_from(&mut datagram).await?;
        socket.send_to(&datagram[..length], from).await?;
    }
}

async fn ask(socket: impl Udp, server: SocketAddr, round_trips: u64) -> io::Result<Timed> {
    let mut answer = [0; 8];
    let (mut start, mut done) = (Instant::now(), 0);
    for number in 0..=round_trips {
        socket.send_to(&number.to_le_bytes(), server).await?;
        socket.recv_from(&mut answer).await?;
        match number {
            0 => start = Instant::now(),
            _ => done += u64::from(u64::from_le_bytes(answer) == number),
        }
    }
    let elapsed = start.elapsed();
    Ok(Timed { done, elapsed })
}
