//! How does a datagram go to a server and back, next to sockets on which nothing comes?
//!
//! Client and server are two tasks (or threads) of one program, each with a socket of its own. A datagram holds the
//! number of its round trip. The first round trip is not measured: while it is under way, whoever waits on an idle socket
//! begins to. The idle sockets have the lower descriptors, so `select` has to look past them.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use step4_select::{Cancelled, Co, Generated, Sleep, Socket};
use step5_executor::{Executor, net, spawn, timeout};

use super::Timed;

const LOCAL: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0));

/// How long a run may take at most: a datagram may be lost.
const LIMIT: Duration = Duration::from_secs(60);

fn timed_out() -> io::Error {
    io::Error::new(
        io::ErrorKind::TimedOut,
        format!("the round trips were not over within {LIMIT:?}"),
    )
}

/// Makes sockets on which nothing will come.
fn bind_idle<S>(count: usize, bind: fn(SocketAddr) -> io::Result<S>) -> io::Result<Vec<S>> {
    // The same number on Linux and on macOS; `ErrorKind` has no name for it.
    const TOO_MANY_OPEN_FILES: i32 = 24;
    let sockets: io::Result<_> = (0..count).map(|_| bind(LOCAL)).collect();
    sockets.map_err(|error| match error.raw_os_error() {
        Some(TOO_MANY_OPEN_FILES) => {
            let message = format!(
                "{count} idle sockets are more files than may be open: say `ulimit -n 1024` first"
            );
            io::Error::new(error.kind(), message)
        }
        _ => error,
    })
}

/// Two threads, each of which blocks until the other's datagram comes.
pub(super) fn on_threads(round_trips: u64) -> io::Result<Timed> {
    let (client, server) = (UdpSocket::bind(LOCAL)?, UdpSocket::bind(LOCAL)?);
    let address = server.local_addr()?;
    for socket in [&client, &server] {
        socket.set_read_timeout(Some(LIMIT))?;
    }
    thread::scope(|scope| {
        let echo = thread::Builder::new().spawn_scoped(scope, || echo_blocking(&server))?;
        let timed = ask_blocking(&client, address, round_trips);
        // An empty datagram ends the server.
        client.send_to(&[], address)?;
        echo.join().expect("the server does not panic")?;
        timed
    })
}

fn echo_blocking(socket: &UdpSocket) -> io::Result<()> {
    let mut datagram = [0; 8];
    loop {
        let (length, from) = receive_blocking(socket, &mut datagram)?;
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
        receive_blocking(socket, &mut answer)?;
        match number {
            0 => start = Instant::now(),
            _ => done += u64::from(u64::from_le_bytes(answer) == number),
        }
    }
    Ok(Timed {
        done,
        elapsed: start.elapsed(),
    })
}

/// Receives a datagram within the socket's time limit.
fn receive_blocking(socket: &UdpSocket, datagram: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
    loop {
        match socket.recv_from(datagram) {
            // Ctrl-Z and `fg` end a wait that has a limit: ask again.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(timed_out()),
            received => return received,
        }
    }
}

/// Generators on step 4's scheduler.
pub(super) fn on_step4(idle: usize, round_trips: u64) -> io::Result<Timed> {
    let idle = bind_idle(idle, Socket::bind)?;
    let (client, server) = (Socket::bind(LOCAL)?, Socket::bind(LOCAL)?);
    let address = server.local_addr()?;
    let main = Generated::new(async move |co: &Co| {
        let mut others = Vec::new();
        for socket in idle {
            let idler =
                Generated::new(async move |co: &Co| socket.recv_from(co, &mut [0; 8]).await);
            others.push(co.spawn(idler).await.id());
        }
        others.push(
            co.spawn(Generated::new(async move |co: &Co| {
                echo_on_step4(co, server).await
            }))
            .await
            .id(),
        );
        let client = co
            .spawn(Generated::new(async move |co: &Co| {
                ask_on_step4(co, client, address, round_trips).await
            }))
            .await;
        let asking = client.id();
        let watchdog = Generated::new(async move |co: &Co| {
            co.yield_(Sleep(LIMIT)).await;
            co.cancel(asking).await;
        });
        others.push(co.spawn(watchdog).await.id());

        let timed = client.join(co).await;
        for task in others {
            co.cancel(task).await;
        }
        timed.map_err(|Cancelled| timed_out())?
    });
    step4_select::Scheduler::new()?
        .run(main)
        .map_err(io::Error::other)?
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
    Ok(Timed {
        done,
        elapsed: start.elapsed(),
    })
}

/// Futures on step 5's executor, with the selector of step 4.
pub(super) fn on_step5(idle: usize, round_trips: u64) -> io::Result<Timed> {
    on_executor(&Executor::new()?, idle, round_trips)
}

/// Futures on step 5's executor, with the selector of step 7.
#[cfg(target_os = "linux")]
pub(super) fn on_step7(idle: usize, round_trips: u64) -> io::Result<Timed> {
    on_executor(
        &Executor::with_selector(step7_epoll::Epoll::new()?)?,
        idle,
        round_trips,
    )
}

fn on_executor(executor: &Executor, idle: usize, round_trips: u64) -> io::Result<Timed> {
    for socket in bind_idle(idle, net::UdpSocket::bind)? {
        drop(executor.spawn(async move { socket.recv_from(&mut [0; 8]).await }));
    }
    let (client, server) = (net::UdpSocket::bind(LOCAL)?, net::UdpSocket::bind(LOCAL)?);
    let address = server.local_addr()?;
    executor.block_on(async {
        drop(spawn(echo_on_executor(server)));
        let client = spawn(ask_on_executor(client, address, round_trips));
        let timed = timeout(LIMIT, client).await.map_err(|_| timed_out())?;
        timed.expect("nobody aborts the client")
    })
}

async fn echo_on_executor(socket: net::UdpSocket) -> io::Result<()> {
    let mut datagram = [0; 8];
    loop {
        let (length, from) = socket.recv_from(&mut datagram).await?;
        socket.send_to(&datagram[..length], from).await?;
    }
}

async fn ask_on_executor(
    socket: net::UdpSocket,
    server: SocketAddr,
    round_trips: u64,
) -> io::Result<Timed> {
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
    Ok(Timed {
        done,
        elapsed: start.elapsed(),
    })
}
